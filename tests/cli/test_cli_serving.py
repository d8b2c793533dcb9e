"""``alive5 sandbox`` and ``alive5 doctor``."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import pytest
from support.cli import HARD, KEY, Fake, envelope, run, run_here, started

from alive5 import __version__


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_sandbox_is_served_on_loopback(number: int, code: int) -> None:
    with started("sandbox", "--port", "0", "--livechat", "7") as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(5)]
        env = dict(line.split()[1].split("=") for line in lines[2:4])
        assert env["ALIVE5_BASE_URL"].startswith("http://127.0.0.1:")
        account = run("account", "--json", **env)
        listing = run("conversations", "livechat", "--json", **env)
        server.send_signal(number)
        assert code == server.wait(HARD)
    assert 0 == account.returncode, account.stderr
    assert False is json.loads(account.stdout)["sandbox"]
    assert 7 == len(listing.stdout.splitlines())
    assert 0 == listing.returncode


def test_a_taken_port_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = run("sandbox", "--port", str(port))
    assert 1 == given.returncode
    assert f"error: port {port} of 127.0.0.1 cannot be used" in given.stderr
    assert "Traceback" not in given.stderr


def test_without_uvicorn_one_line_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['alive5', 'sandbox'];"
        "from alive5.__main__ import main; sys.exit(main())"
    )
    given = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HARD, check=False)
    assert (2, 'error: serving needs an extra: python -m pip install "alive5[sandbox]"\n') == (
        given.returncode,
        given.stderr,
    )


def facts(*arguments: str, **env: str) -> tuple[int, dict[str, object]]:
    given = run_here("doctor", "--json", *arguments, **env)
    assert KEY not in given.stdout + given.stderr
    found: dict[str, object] = json.loads(given.stdout)["data"]
    return given.returncode, found


def test_doctor_on_a_good_installation() -> None:
    with Fake(lambda _: (200, envelope({"org_name": "Example Ltd", "api_key": KEY}))).serving() as env:
        code, found = facts(**env)
        shown = run_here("doctor", **env)
    assert (0, __version__, "ALIVE5_BASE_URL", "ALIVE5_API_KEY", None) == (
        code, found["alive5"], found["base_url_from"], found["key"], found["proxy"],
    )  # fmt: skip
    assert str(found["account"]).startswith("answered in ")
    assert 0 == shown.returncode
    assert KEY not in shown.stdout


def test_doctor_names_what_is_wrong() -> None:
    refused = json.dumps({"code": 400, "error": "Invalid token", "data": None}).encode()
    with Fake(lambda _: (200, refused)).serving() as env:
        code, found = facts(**env)
    assert (5, True) == (code, str(found["account"]).startswith("AuthenticationError: "))
    code, found = facts()
    assert (2, "missing") == (code, found["key"])


def test_doctor_offline_asks_nobody_and_hides_a_proxy_password() -> None:
    proxy = "http://someone:s3cret@proxy.example.com:3128"
    code, found = facts("--offline", ALIVE5_API_KEY=KEY, HTTPS_PROXY=proxy)
    assert (0, "http://proxy.example.com:3128") == (code, found["proxy"])
    assert "account" not in found
    assert "s3cret" not in json.dumps(found)


def test_doctor_in_the_sandbox() -> None:
    code, found = facts("--sandbox")
    assert (0, "not needed") == (code, found["key"])
