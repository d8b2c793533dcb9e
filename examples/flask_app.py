"""Flask: a client of the module, which needs its key at the first call and serves all threads."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

import alive5

app = Flask(__name__)
client = alive5.Alive5(timeout=10)


@app.get("/tags")
def tags() -> Response:
    """List the labels of the account."""
    return jsonify([tag.tag_label for tag in client.tags.list()])


@app.post("/reminders")
def remind() -> Response:
    """Send one text."""
    sent = client.sms.send(
        phone_number_from="+12025550100",
        phone_number_to=request.form["number"],
        message=request.form["text"],
        channel_id="channel-line-1",
        user_id="agent-maria",
    )
    return jsonify(thread=sent.thread_id)


@app.errorhandler(alive5.Alive5Error)
def explain(error: alive5.Alive5Error) -> tuple[Response, int]:
    """Answer what can be done about it; no sentence of an error holds the key or a person's data."""
    if isinstance(error, alive5.OutcomeUnknownError):
        status = 502  # it may have been sent
    elif isinstance(error, (alive5.InvalidArgumentError, alive5.BadRequestError)):
        status = 400
    else:
        status = 503 if error.worth_repeating else 500
    return jsonify(error=str(error)), status
