"""``alive5 schema``: what it says of every command is all there is, and true."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.cli import HARD, run_here
from support.json_shape import complaints, described, words_of

from alive5 import Ledger
from alive5.cli._command import GLOBALS, command_tree
from alive5.cli._exits import ALWAYS, MEANINGS, ExitCode
from alive5.cli.app import app
from alive5.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run_here("schema").stdout)
    assert (1, "schema", False) == (found["schema"], found["operation"], found["sandbox"])
    data: dict[str, Any] = found["data"]
    return data


def leaves(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in group.commands.items():
        if hasattr(child, "commands"):
            yield from leaves(child, (*words, name))
        else:
            yield (*words, name), child


def test_every_command_is_described(document: dict[str, Any]) -> None:
    found = [tuple(each["words"]) for each in document["commands"]]
    assert {("schema",), *(words for words, _ in leaves(command_tree(app)))} == {*found}
    assert len(found) == len({*found})
    assert {words[:-1] for words in found if len(words) > 1} <= {tuple(each["words"]) for each in document["groups"]}
    for each in document["commands"]:
        assert each["summary"].endswith("."), each["words"]


def test_every_option_and_argument_is_described(document: dict[str, Any]) -> None:
    for words, command in leaves(command_tree(app)):
        (said,) = [each for each in document["commands"] if tuple(each["words"]) == words]
        own = [one for one in command.params if one.name not in GLOBALS]
        assert {one.name for one in command.params} >= GLOBALS
        options = [(name, one["required"]) for one in said["options"] for name in one["names"]]
        flags = [(name, one) for one in own for name in (*one.opts, *one.secondary_opts) if name.startswith("-")]
        assert [(name, one.required) for name, one in flags] == options
        assert [one.name for one in own if one.param_type_name == "argument"] == [
            one["name"] for one in said["arguments"]
        ]
        for one in (*said["options"], *said["arguments"]):
            assert one["about"], (words, one)
            assert one["flag"] or one["takes"], (words, one)
    shown = {name for one in document["options"] for name in one["names"]}
    assert {"-h", "--help", *(name for one in command_tree(app).params for name in one.opts)} == shown - {
        "--no-sandbox"
    }


def test_what_an_option_takes_is_described(document: dict[str, Any]) -> None:
    def taken(words: str, name: str) -> Any:
        (command,) = [each for each in document["commands"] if " ".join(each["words"]) == words]
        (option,) = [each for each in command["options"] if name in each["names"]]
        return {key: option[key] for key in ("takes", "several", "flag")} | {"default": option.get("default")}

    text = {"takes": {"type": "string"}, "several": False, "flag": False, "default": None}
    assert {**text, "several": True} == taken("export", "--kinds")
    assert {**text, "takes": {"enum": ["csv", "parquet"]}, "default": "csv"} == taken("metrics", "--format")
    assert {**text, "takes": {"type": "integer"}, "default": 8} == taken("export", "--concurrency")
    assert {**text, "takes": {"type": "number"}} == taken("export", "--max-age")
    assert {**text, "takes": {"type": "boolean"}, "flag": True, "default": False} == taken("export", "--dry-run")
    assert {**text, "several": True} == taken("agents create", "--channels")


def test_exit_codes_and_variables_are_those_there_are_and_those_of_the_page(document: dict[str, Any]) -> None:
    assert [*ExitCode] == [*MEANINGS] == [one["code"] for one in document["exit_codes"]]
    table = re.findall(r"^\| (\d+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [(str(one["code"]), one["means"].partition(":")[0]) for one in document["exit_codes"]] == [
        (code, re.sub(r"\[|\]\(.*?\)|`", "", text).strip().partition(":")[0]) for code, text in table
    ]
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "alive5").rglob("*.py"))
    variables = {*re.findall(r'"(ALIVE5_[A-Z_]+)"', sources)}
    assert variables == {one["name"] for one in document["environment"]}
    assert variables <= {*re.findall(r"^\| `(ALIVE5_[A-Z_]+)`", PAGE, re.MULTILINE)}
    for each in document["commands"]:
        assert {*ALWAYS} <= {*each["exit_codes"]}


TEXT = ["--from", "+12025550100", "--to", "+12025550123", "--message", "Hi", "--channel-id", "channel-line-1"]
RUNS = """
account; doctor; doctor --offline; doctor --online; schema; schema export; schema export --format sql
tags list; tags create --name vip --email maria@example.com; tags create --name a --email a@example.com --dry-run
channels list; channels create --channel-name Returns; users list; contacts list --max-items 30
agents create --email new@example.com --screenname New --role agent --channels channel-support,channel-sales
contacts create --email a@example.com --first-name A --last-name B --phone +12025550123
contacts update --crm-id CRM --tags vip
conversations sms --max-items 50; conversations livechat --max-items 100; conversations fbm --max-items 50
conversations messages --start 2026-03-01 --end 2026-03-31; conversations summary
conversations history --phone +12025550134 --start 2026-03-01
conversations show SESSION --export EXPORT; conversations show SESSION --export EXPORT -o FILE
sms lines; sms send TEXT --user-id agent-maria --yes; sms send TEXT --user-id agent-maria --dry-run
sms send-from --line Texting +12025550123 Hi --yes; sms push --from +12025550123 --to +12025550100 --message Hi --yes
sms send-many --from-csv CSV --template Hi --line Texting --quiet-hours none --yes --pace 6000
sms send-many --from-csv CSV --template Hi --line Texting --quiet-hours none --dry-run; sms unknown LEDGER
faq create-category --title Shipping --channel channel-support
faq create-article --title Where --content There --category Shipping
widgets create --widget-name W --widget-type chat --botname B --access-channels channel-support --channel-id \
channel-support --short-code 12345
botchains create --botchain-name W --bot-type chat --widget-id w-1 --channel-id channel-support
reports performance --start 2026-03-01 --end 2026-03-31; reports bots --start 2026-03-01 --end 2026-03-31
reports free-text --start 2026-03-01 --end 2026-03-31; reports multiple-choice --start 2026-03-01 --end 2026-03-31
reports faq --start 2026-03-01 --end 2026-03-31
webhooks sms register --line +12025550100 --url https://example.com/texts --yes
webhooks sms list --line +12025550100; webhooks sms delete --line +12025550100 --id HOOK --yes
export NEW --start 2026-03-30; export NEW2 --start 2026-03-30 --dry-run
verify EXPORT; metrics EXPORT; metrics EXPORT -o FILE; report EXPORT; report EXPORT -o FILE
find EXPORT --phone PHONE; search EXPORT a; forget EXPORT --phone PHONE --dry-run; forget EXPORT --phone PHONE --yes
"""
LINES = [line.split() for line in re.sub(r"\\\n", "", RUNS).replace("\n", ";").split(";") if line.strip()]
# It serves until it is stopped: tests/cli/test_cli_serving.py reads its document.
APART = {("sandbox",)}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """
    What stands for the words in capitals, in one sandbox that --sandbox uses.
    """
    folder, sandbox = tmp_path_factory.mktemp("schema"), Sandbox()
    (folder / "people.csv").write_text("phone_number\n+12025550144\n")
    ledger = Ledger(folder / "unknown.ledger")
    sandbox.fail("reset_after", on="sms.send")
    with pytest.MonkeyPatch.context() as patched, sandbox.client() as client:
        patched.setattr("alive5.sandbox.Sandbox", lambda **_: sandbox)
        assert 0 == run_here("--sandbox", "export", str(folder / "out"), "--start", "2026-03-25", "--quiet").returncode
        found = run_here("search", str(folder / "out"), "e", "--limit", "1", "--json").stdout
        session = json.loads(found)["session_id"]
        text = client.conversations.sms(start="2026-03-25").first()
        hook = client.webhooks.sms.register(phone_number="+12025550100", url="https://example.com/x")
        contact = client.contacts.list().first()
        with pytest.raises(Exception, match=r"sms\.send"):
            client.sms.send(
                phone_number_from="+12025550100", phone_number_to="+12025550123", message="Hi",
                channel_id="channel-line-1", user_id="agent-maria", ledger=ledger, key="order-1",
            )  # fmt: skip
        assert text is not None
        assert contact is not None
        yield {
            "TEXT": TEXT, "CRM": [contact.crm_id or ""], "HOOK": [hook.interceptor_uuid or ""], "SESSION": [session],
            "PHONE": [text.contact.phone or ""],
            **{name: [str(folder / path)] for name, path in {
                "EXPORT": "out", "FILE": "written", "NEW": "new", "NEW2": "new2", "CSV": "people.csv",
                "LEDGER": "unknown.ledger",
            }.items()},
        }  # fmt: skip


def test_all_commands_are_tried() -> None:
    assert described().keys() == {words_of(line) for line in LINES} | APART


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_results_are_as_described(line: list[str], filled: dict[str, list[str]]) -> None:
    arguments = [word for given in line for word in filled.get(given, [given])]
    found = described()[words_of(arguments)]
    done = run_here("--sandbox", *arguments, "--json")
    assert done.returncode in (0, ExitCode.UNKNOWN if line[:2] == ["sms", "unknown"] else 0), done.stderr
    lines = done.stdout.startswith("{\n")
    values = [json.loads(done.stdout)] if lines else [json.loads(row) for row in done.stdout.splitlines()]
    assert values
    result = found["result"]
    schema = result["schema"] if lines == (result["form"] == "document") else result["document"]
    assert [] == [each for value in values for each in complaints(value, schema)]


def test_errors_are_as_described(document: dict[str, Any]) -> None:
    for arguments in (["tags", "create", "--json"], ["tags", "list", "--json"], ["verify", "nowhere", "--json"]):
        error = json.loads(run_here(*arguments).stderr.splitlines()[-1])
        assert [] == [*complaints(error, document["error"])]


def test_the_validator_finds_what_is_wrong() -> None:
    row = described()["tags", "list"]["result"]["schema"]
    good = json.loads(run_here("--sandbox", "tags", "list", "--json").stdout.splitlines()[0])
    assert [] == [*complaints(good, row)]
    for bad in (
        {**good, "more": 1},
        {**good, "tag_id": 7},
        {name: good[name] for name in good if name != "tag_id"},
        [],
    ):
        assert 1 == len([*complaints(bad, row)])


def test_the_man_page_names_everything(document: dict[str, Any]) -> None:
    page = run_here("schema", "--man").stdout.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    for command in document["commands"]:
        assert f'.SS "alive5 {" ".join(command["words"])}"' in page
        assert [] == [name for one in command["options"] for name in one["names"] if name not in page]
    for one in (*document["environment"], *document["options"]):
        assert (one.get("name") or one["names"][0]) in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_man_page_is_one(tmp_path: Path) -> None:
    page = tmp_path / "alive5.1"
    page.write_text(run_here("schema", "--man").stdout)
    asked = ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", str(page)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=HARD, check=True)
    assert "" == done.stderr
    for part in ("EXIT STATUS", "alive5 sms send-many", "--channel-id ID", "ALIVE5_API_KEY", "'Hi {first_name}"):
        assert part in re.sub(r"\s+", " ", done.stdout)
