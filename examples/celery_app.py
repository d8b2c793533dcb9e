"""
Celery: a text for each order, tried again only where that can help and cannot send it twice.

``celery --app celery_app worker``; the workers of a prefork pool share this client and this ledger.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task

import alive5

app = Celery("celery_app", broker="memory://", backend="cache+memory://")

# A worker that waits is a worker that does nothing else: a longer Retry-After goes back to the queue.
client = alive5.Alive5(timeout=20, retry=alive5.RetryPolicy(max_retry_after=5))
ledger = alive5.Ledger("texts.ledger")


# acks_late: a task whose worker died is delivered again. The ledger knows what had left by then.
@app.task(bind=True, acks_late=True, max_retries=8)
def remind(self: Task[Any, Any], order: str, number: str, text: str) -> dict[str, str | None]:
    """Send the text of an order once, and return its thread; "look" when nobody knows whether it was sent."""
    try:
        sent = client.sms.send(
            phone_number_from="+12025550100",
            phone_number_to=number,
            message=text,
            channel_id="channel-line-1",
            user_id="agent-maria",
            ledger=ledger,
            key=order,
        )
    except alive5.OutcomeUnknownError:
        return {"state": "look", "thread": None}  # a person looks: "alive5 sms unknown texts.ledger"
    except alive5.Alive5Error as error:
        if not error.worth_repeating:
            raise  # a typo, a refused key: trying again cannot help
        raise self.retry(exc=error, countdown=error.retry_after or 30) from None
    return {"state": "sent", "thread": sent.thread_id}
