"""
A function in the manner of AWS Lambda, fed by a queue in batches.

The client outlives an invocation, so its connections are used again. What it returns names the messages that the queue
shall deliver again: those that provably were not sent, and that may be sent later.
"""

from __future__ import annotations

import json
from typing import Any, Protocol

import alive5

client = alive5.Alive5()
# Seconds kept back of what is left: to answer, and for the outcome to be written down.
RESERVE = 2.0


class Context(Protocol):
    """What is used of a Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        ...


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Send the text of each record, and return those to be delivered again."""
    again: list[dict[str, str]] = []
    for record in event["Records"]:
        left = context.get_remaining_time_in_millis() / 1000 - RESERVE
        if left <= 0:
            again.append({"itemIdentifier": record["messageId"]})
            continue
        order = json.loads(record["body"])
        try:
            client.with_options(timeout=left).sms.send(
                phone_number_from="+12025550100",
                phone_number_to=order["number"],
                message=order["text"],
                channel_id="channel-line-1",
                user_id="agent-maria",
            )
        except alive5.OutcomeUnknownError as error:
            # Not delivered again: it may have been sent. An alarm on this line, and a person looks.
            print(json.dumps({"look": order["order"], "error": error.to_dict()}))
        except alive5.Alive5Error as error:
            if error.worth_repeating:
                again.append({"itemIdentifier": record["messageId"]})
            else:
                print(json.dumps({"failed": order["order"], "error": error.to_dict()}))
    return {"batchItemFailures": again}
