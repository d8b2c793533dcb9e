"""Seventy mistakes of a first hour: each ends in one clear sentence that names what to do, and nothing is sent."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from support.cli import run_here

from alive5 import Alive5, Alive5Error, Ledger, RetryPolicy, Timeout, open_export
from alive5.sandbox import Sandbox

# What is typed, and the words the sentence has to name.
TYPED = [
    ("export out", "start"),
    ("export out --start 31.01.2026", "2026-01-31"),
    ("export out --start 2026-02-30", "date that exists"),
    ("export out --start yesteday", "yesterday"),
    ("export out --start 2026-03-31 --end 2026-03-01", "end"),
    ("export out --start -7d --format excel", "xlsx"),
    ("export out --start -7d --kinds chat", "livechat"),
    ("export out --start -7d --require D", "require"),
    ("export out --start -7d --concurrency 0", "concurrency"),
    ("export out --start -7d --max-rps 0", "max_rps"),
    ("export out --start -7d --sweep some", "sweep"),
    ("export out --start -7d --by ended", "by"),
    ("export out --start -7d --max-age -1", "max_age"),
    ("export out --since-last", "start"),
    ("export out --start -7d --tz Mars/Base", "America/New_York"),
    ("export out --start -7d --pseudonymise shoes", "names"),
    ("export", "DIR"),
    ("verify nowhere", "nowhere"),
    ("metrics nowhere", "nowhere"),
    ("report nowhere", "nowhere"),
    ("search nowhere refund", "nowhere"),
    ("find nowhere --phone +12025550123", "nowhere"),
    ("forget nowhere --phone +12025550123", "nowhere"),
    ("conversations livechat --start tomorow", "2026-01-31"),
    ("conversations livechat --limit none", "limit"),
    ("conversations show", "ID"),
    ("conversations history --start -30d", "phone"),
    ("conversations history --phone abc --start -30d", "phone"),
    ("conversation livechat", "conversations"),
    ("sms send", "--from"),
    ("sms send --line Nobody +12025550123 Hello", "candidates"),
    ("sms send --line Texting 5551234 Hello", "phone_number_to"),
    ("sms send --line Texting +12025550123 ''", "message"),
    ("sms send --from-csv people.csv --template Hi --line Texting", "people.csv"),
    ("sms unknown nothing.ledger", "nothing.ledger"),
    ("tags create", "name"),
    ("schema export --format yaml", "arrow"),
    ("sandbox --port 99999999", "port"),
    ("sandbox --quirk page_base", "="),
    ("sandbox --fault sms.send", "reset_after"),
    ("tags list --edition newest", "documented"),
    ("tags list --base-url https://example.com", "--no-sandbox"),
    ("--no-sandbox tags list --base-url ftp://example.com", "https://"),
    ("tags list --timeout never", "timeout"),
    ("tags list --timeout 0", "timeout"),
    ("--no-sandbox tags list --api-key-file nowhere.key", "the key file"),
    ("--no-sandbox tags list", "ALIVE5_API_KEY"),
    ("tags list --colour", "--colour"),
]
TEXT = {
    "phone_number_from": "+12025550100",
    "phone_number_to": "+12025550123",
    "message": "Hello",
    "channel_id": "channel-line-1",
    "user_id": "agent-maria",
}
# What is written in code, by an expression over a client, and the words.
WRITTEN = [
    ("Alive5('')", "api_key"),
    ("Alive5(None)", "api_key"),
    ("Alive5('two words')", "api_key"),
    ("Alive5(base_url='api.alive5.com')", "https://"),
    ("Alive5(timeout=0)", "timeout"),
    ("Alive5(timeout='10')", "timeout"),
    ("Alive5(tz='Eastern')", "America/New_York"),
    ("Alive5(edition='2.0')", "documented"),
    ("Alive5(engine='aiohttp')", "httpx2"),
    ("Alive5(retry=3)", "RetryPolicy"),
    ("Alive5(max_connections=0)", "max_connections"),
    ("Alive5(proxy='ftp://proxy')", "proxy"),
    ("Timeout(read=-1)", "read"),
    ("RetryPolicy(attempts=0)", "attempts"),
    ("client.sms.send(**{**TEXT, 'phone_number_to': '5551234'})", "phone_number_to"),
    ("client.sms.send(**{**TEXT, 'message': ''})", "message"),
    ("client.sms.send(**{**TEXT, 'message': 'x' * 1601})", "1,600"),
    ("client.sms.send(**TEXT, key='order-1')", "ledger"),
    ("client.sms.send(**TEXT, ledger=Ledger(folder / 'a.ledger'))", "key"),
    ("client.sms.sender(line='Nobody')", "candidates"),
    ("client.tags.create(name='', email='a@example.com')", "name"),
    ("client.conversations.livechat(start='31.01.2026')", "start"),
    ("client.conversations.livechat(limit=0)", "limit"),
    ("client.conversations.livechat(agent_id='agent-maria')", "current"),
    ("client.conversations.history(start='2026-01-01')", "phone"),
    ("client.call('FETCH', '/account')", "method"),
    ("client.call('GET', 'https://example.com/')", "path"),
    ("client.export(folder, start='2026-01-01', formats=('excel',))", "formats"),
    ("open_export(folder / 'nowhere')", "nowhere"),
    ("client.tags.list()", "closed"),
]


def is_clear(sentence: str, word: str) -> None:
    assert word.lower() in sentence.lower(), sentence
    assert len(sentence) < 400, sentence
    assert not re.search(r"Traceback|<[\w.]+ object at|NoneType|0x[0-9a-f]{6}", sentence), sentence


def test_there_are_seventy() -> None:
    assert len(TYPED) + len(WRITTEN) >= 70


@pytest.mark.parametrize(("typed", "word"), TYPED, ids=[typed for typed, _ in TYPED])
def test_what_is_typed_wrong(typed: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = {"ALIVE5_API_KEY": "test_key_newcomer"} if "--base-url" in typed else {}
    ran = run_here("--sandbox", *shlex.split(typed), **key)

    assert ran.returncode in (1, 2)
    assert "" == ran.stdout
    is_clear(" ".join(line for line in ran.stderr.splitlines() if not line.startswith("SANDBOX")), word)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("written", "word"), WRITTEN, ids=[written for written, _ in WRITTEN])
def test_what_is_written_wrong(written: str, word: str, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=5, sms=5, fbm=5)
    known: dict[str, Any] = {
        "Alive5": Alive5, "Timeout": Timeout, "RetryPolicy": RetryPolicy, "Ledger": Ledger, "open_export": open_export,
        "TEXT": TEXT, "folder": tmp_path, "client": sandbox.client(),
    }  # fmt: skip
    if word == "closed":
        known["client"].close()
    with sandbox.patch(), pytest.raises((Alive5Error, ValueError)) as caught:
        eval(written, known)

    known["client"].close()
    is_clear(str(caught.value), word)
    assert [] == sandbox.deliveries
