"""Eight threads that send, an export and a sub-interpreter, where the GIL may be off: ``free_threads.py [TEXTS]``."""

from __future__ import annotations

import sys
import tempfile
import threading

from alive5.sandbox import Sandbox

THREADS, TEXTS = 8, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
TEXT = {
    "phone_number_from": "+12025550100",
    "phone_number_to": "+12025550123",
    "message": "Hello",
    "channel_id": "channel-line-1",
    "user_id": "agent-maria",
}


def check_the_gil() -> str:
    """An extension that is not made for it switches the GIL back on as it is imported, with no more than a warning."""
    switch = getattr(sys, "_is_gil_enabled", None)
    if switch is None or "free-threading" not in sys.version:
        return "NOT TRIED: this Python always has its GIL"
    assert not switch(), "an import switched the GIL back on"
    return "the GIL stays off"


def check_sends() -> str:
    wrong: list[BaseException] = []
    sandbox = Sandbox()
    with sandbox.client() as client:

        def send() -> None:
            try:
                for _ in range(TEXTS):
                    client.sms.send(**TEXT)
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=send) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if wrong:
        raise wrong[0]
    assert THREADS * TEXTS == len(sandbox.sent()), len(sandbox.sent())
    return f"{THREADS} threads x {TEXTS:,} texts, each delivered once"


def check_an_export() -> str:
    with tempfile.TemporaryDirectory() as home, Sandbox(livechat=300).client() as client:
        report = client.export(f"{home}/out", kinds=("livechat",), start="2020-01-01")
    found = report.counts["livechat"]["conversations"]
    assert found == 300, report.counts
    return f"an export of {found} chats"


def check_a_sub_interpreter() -> str:
    try:
        import _interpreters  # what concurrent.interpreters of 3.14 is made of
    except ImportError:
        return "NOT TRIED: this Python has no interpreters of its own"
    code = "import alive5; alive5.Alive5, alive5.Tag"
    failed = _interpreters.exec(_interpreters.create("legacy"), code)
    assert failed is None, failed.formatted
    own = _interpreters.exec(_interpreters.create(), code)
    # Of the package and its dependencies msgspec alone refuses a GIL of its own.
    assert own is None or "msgspec" in own.formatted, own.formatted
    return f"a sub-interpreter imports it; one with a GIL of its own: {'yes' if own is None else own.formatted}"


if __name__ == "__main__":
    for check in (check_the_gil, check_sends, check_an_export, check_the_gil, check_a_sub_interpreter):
        print(check(), flush=True)
