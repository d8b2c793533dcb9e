"""OpenTelemetry through its instrumentation of httpx: a span for each attempt, in the span of the program, no key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.front import Front
from support.watch import CANARY, shows_key
from support.wire_server import Heard, WireServer, http

from alive5 import RetryPolicy

pytestmark = pytest.mark.hosts


@pytest.fixture
def exporter() -> Iterator[Any]:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    spans.tracer = provider.get_tracer("test")
    yield spans
    HTTPXClientInstrumentor().uninstrument()


def test_one_span_an_attempt_and_no_key(front: Front, exporter: Any) -> None:
    def answer(heard: Heard) -> bytes:
        assert CANARY == heard.headers["x-a5-apikey"]
        return http(b"", "503 Busy") if len(server.heard) == 1 else http()

    async def body(client: Any) -> None:
        with exporter.tracer.start_as_current_span("nightly"):
            await client.tags.list()

    with WireServer(answer) as server:
        front.run(body, **front.real(server.url, retry=RetryPolicy(initial=0.01)))
    *attempts, nightly = exporter.get_finished_spans()
    assert [503, 200] == [status(span) for span in attempts]
    assert [nightly.context.span_id] * 2 == [span.parent.span_id for span in attempts]
    assert ["traceparent" in heard.headers for heard in server.heard] == [True, True]
    assert not shows_key("".join(span.to_json() for span in attempts))


def status(span: Any) -> Any:
    return span.attributes.get("http.status_code", span.attributes.get("http.response.status_code"))
