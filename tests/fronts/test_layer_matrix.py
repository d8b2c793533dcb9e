"""The retry matrix over the HTTP status and every pair of an envelope's layers, of reads and of writes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, reply

from alive5 import (
    Alive5Error,
    ApiError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    Reply,
    RetryPolicy,
    ServerError,
)

ALL = 4
# Attempts, the error and its outcome.
End = tuple[int, type[Alive5Error], str]
REFUSED = {
    400: BadRequestError,
    401: AuthenticationError,
    404: NotFoundError,
    422: BadRequestError,
    429: RateLimitError,
}
STATUSES = (200, 202, *range(300, 309), 400, 401, 404, 408, 422, 425, 429, 500, 502, 503, 504)
CODES = (None, 200, "200", 302, 400, 401, 404, 408, 422, 425, 429, "429", 500, 504, "E5", -1)
MANY = RetryPolicy(budget=10**9)


def read_of(status: int, codes: list[int]) -> End | None:
    """
    Return how a read ends, None when it is good: its innermost code of a failure decides, else the status.
    """
    failing = [code for code in codes if code >= 400]
    if not failing and status < 300:
        return None
    code = failing[-1] if failing else status
    if code >= 500:
        return (ALL, ServerError, "unknown")
    kind = {**REFUSED}.get(code, ApiError)
    return (ALL if code in (408, 425, 429) else 1, kind, "rejected")


def write_of(status: int, codes: list[int]) -> End | None:
    """
    Return how a write ends, None when it is good: its worst layer decides, the status among them.
    """
    said = [code for code in (status, *codes) if not 200 <= code < 300]
    if any(code >= 500 or code == 408 or code < 400 for code in said):
        return (1, OutcomeUnknownError, "unknown")
    end = read_of(status, codes)
    if end is not None and not set(said) <= {425, 429}:
        return 1, *end[1:]
    return end


@pytest.mark.promise("S2")
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("method", ["read", "write"])
def test_every_status_over_every_pair_of_layers(front: Front, method: str, status: int) -> None:
    wanted: list[tuple[Any, ...]] = []
    ended: list[tuple[Any, ...]] = []
    given: list[Reply] = []
    port = front.port(lambda call: given[0])

    async def body(client: Any) -> None:
        for outer, inner in itertools.product(CODES, CODES):
            data: Any = [{"tag_id": "t"}] if method == "read" else {"thread_id": "t"}
            given[:] = [reply({"code": inner, "data": data}, code=outer, status=status)]
            codes = [0 if code == "E5" else int(code) for code in (outer, inner) if code is not None]
            end = read_of(status, codes) if method == "read" else write_of(status, codes)
            wanted.append((outer, inner, *(end or (1, None, None))))
            before, told = len(port.calls), (None, None)
            try:
                await (client.tags.list() if method == "read" else client.sms.send(**TEXT))
            except Alive5Error as error:
                told = (type(error), error.outcome)  # type: ignore[assignment]
            ended.append((outer, inner, len(port.calls) - before, *told))

    front.run(body, port=port, retry=MANY)
    assert wanted == ended
