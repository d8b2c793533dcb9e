"""The examples whose frameworks are among the tests' own: FastAPI, Django, a nightly job, and a function of a queue."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
import httpx
import pytest

from alive5.sandbox import Sandbox

Load = Callable[[str], ModuleType]
TEXT = {"number": "+12025550123", "text": "See you on Friday"}


async def post(module: ModuleType, key: str = "order-1", text: str = "See you on Friday") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(module.app), base_url="http://app.test") as web:
        return await web.post("/reminders", params={**TEXT, "text": text}, headers={"Idempotency-Key": key})


def test_a_visitor_who_leaves_and_comes_back_gets_one_text(example: Load, sandbox: Sandbox) -> None:
    async def leave_and_come_back() -> httpx.Response:
        async with module.lifespan(module.app):
            started = anyio.Event()
            sandbox.on_request = lambda _: started.set()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(post, module)
                await started.wait()
                tasks.cancel_scope.cancel()
            assert ["accepted"] == [entry.state for entry in [module.ledger.entry("order-1")] if entry]
            return await post(module)

    module = example("fastapi_app")
    sandbox.settings = type(sandbox.settings)(latency=0.2)
    answer = anyio.run(leave_and_come_back)

    assert 200 == answer.status_code
    assert answer.json()["thread"]
    assert 1 == len(sandbox.deliveries)


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [("reset_after", 502, None), ("unauthorized", 500, None), ("client_error", 400, None), ("rate_limited", 503, "90")],
)
def test_fastapi_says_what_became_of_it(
    example: Load, sandbox: Sandbox, fault: str, status: int, header: str | None
) -> None:
    async def ask() -> httpx.Response:
        async with module.lifespan(module.app):
            return await post(module)

    module = example("fastapi_app")
    sandbox.fail(fault, times=None, on="sms.send", **({"retry_after": 90} if header else {}))
    answer = anyio.run(ask)

    assert (status, header) == (answer.status_code, answer.headers.get("retry-after"))
    assert (1 if status == 502 else 0) == len(sandbox.deliveries)


def test_django_answers(example: Load, sandbox: Sandbox) -> None:
    from django.test import RequestFactory

    module = example("django_app")
    ask = RequestFactory()
    with module.client:
        assert json.loads(module.tags(ask.get("/tags")).content)["tags"]
        person = {"phone": "+12025550113", "start": "2025-10-01"}
        assert json.loads(module.history(ask.get("/history", person)).content)["conversations"]
        assert 400 == module.history(ask.get("/history", {"phone": "nobody"})).status_code
        sandbox.fail("unauthorized", times=None)
        assert 500 == module.history(ask.get("/history", person)).status_code


def test_the_nightly_job_exports_and_counts(example: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb")
    module, now = example("cron_export"), datetime.now(timezone.utc)
    start = (now - timedelta(days=20)).date().isoformat()
    with Sandbox(livechat=200, sms=80, fbm=40, now=now).patch() as sandbox:
        assert 0 == module.main(str(tmp_path / "out"), start)
        assert 0 == module.main(str(tmp_path / "out"), start)
        out, err = capsys.readouterr()
        assert {"livechat", "sms", "fbm"} == {line.split("\t")[1] for line in out.splitlines()}
        assert 2 == err.count("grade ")
        sandbox.fail("unauthorized", times=None)
        assert 5 == module.main(str(tmp_path / "other"), start)


class Context:
    def __init__(self, *millis: int) -> None:
        self._millis = list(millis)

    def get_remaining_time_in_millis(self) -> int:
        return self._millis.pop(0)


def records(count: int) -> dict[str, Any]:
    bodies = [json.dumps({**TEXT, "order": f"order-{number}"}) for number in range(count)]
    return {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}


def test_the_function_gives_back_what_was_not_sent(
    example: Load, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    module = example("lambda_handler")
    sandbox.fail("reset_after", on="sms.send")
    sandbox.fail("rate_limited", on="sms.send", after=1, retry_after=90)
    sandbox.fail("client_error", on="sms.send", after=2)
    given = module.handler(records(5), Context(30_000, 30_000, 30_000, 30_000, 1_000))
    module.client.close()

    assert {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m4"}]} == given
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [("look", "order-0"), ("failed", "order-2")] == [next(iter(line.items())) for line in said]
    assert 2 == len(sandbox.deliveries)
