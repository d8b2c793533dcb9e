"""One rule for all options that take several values: ``a,b`` is as good as repetition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.cli import manifest, run_here

from alive5.cli._command import command_tree
from alive5.cli.app import app

LISTS = {
    "export": ["--kinds", "--format", "--pseudonymise"],
    "metrics": ["--agent", "--bot"],
    "report": ["--agent", "--bot"],
    "sandbox": ["--quirk", "--fault"],
    "agents create": ["--channels"],
    "contacts update": ["--tags"],
    "widgets create": ["--access-channels"],
}


def several(group: Any, words: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    found = {" ".join(words): [one for one in group.params if one.multiple]}
    for name, child in getattr(group, "commands", {}).items():
        found |= several(child, (*words, name))
    return {name: options for name, options in found.items() if options}


def test_every_option_of_several_values_has_the_rule() -> None:
    found = several(command_tree(app))
    assert {words: {*flags} for words, flags in LISTS.items()}.items() <= {
        words: {one.opts[0] for one in options} for words, options in found.items()
    }.items()
    for options in found.values():
        for option in options:
            assert "several as a,b or repeated" in option.help
            assert ["a=1", "b=2,3", "d=4"] == option.process_value(None, [r"a=1,b=2\,3", " d=4 "])


@pytest.mark.parametrize("given", [["--tags", "vip,new"], ["--tags", "vip", "--tags", "new"]])
def test_a_write_takes_both(given: list[str]) -> None:
    shown = run_here("contacts", "update", "--crm-id", "crm-1", *given, "--dry-run", "--json")
    assert ["vip", "new"] == json.loads(shown.stdout)["data"]["body"]["tags"]


@pytest.mark.parametrize(
    "given",
    [["--kinds", "sms,fbm", "--format", "jsonl,csv"], ["--kinds=sms", "--kinds=fbm", "--format=jsonl", "--format=csv"]],
)
def test_an_export_takes_both(given: list[str], tmp_path: Path) -> None:
    done = run_here("--sandbox", "export", str(tmp_path / "out"), "--start", "2026-03-25", *given, "--quiet")
    assert 0 == done.returncode, done.stderr
    found = manifest(tmp_path / "out")
    assert {"jsonl", "csv"} == {Path(one["path"]).suffixes[0].lstrip(".") for one in found["files"]}
    assert ["sms", "fbm"] == [*found["job"]["kinds"]]


@pytest.mark.parametrize("text", ["", ",", "sms,", ",sms", "sms,,fbm", " , "])
def test_an_empty_value_is_refused(text: str) -> None:
    done = run_here("--sandbox", "export", "out", "--start", "-7d", "--kinds", text)
    assert (2, True) == (done.returncode, "a value is empty" in done.stderr), done.stderr


def test_a_pair_keeps_the_commas_of_its_value() -> None:
    (quirk,) = [one for one in several(command_tree(app))["sandbox"] if one.name == "quirk"]
    values = quirk.process_value(None, ["page_base=livechat:0,sms:1,divided=true", "end_date=day"])
    assert ["page_base=livechat:0,sms:1", "divided=true", "end_date=day"] == values
