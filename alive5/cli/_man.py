"""The description of the command line as a man page, in the man macros every troff knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

# What troff would read as its own, and the hyphen that has to stay one when a command is copied.
_ESCAPES: Final = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"})
_FILES: Final = "Ids of the last listings, for completion; $XDG_CACHE_HOME in place of ~/.cache."


def man_page(document: Mapping[str, Any]) -> str:
    """
    Return the page, section 1.
    """
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    name, summary = document["program"], document["about"][0]
    yield f'.TH {name.upper()} 1 "" "{name} {document["version"]}" "User Commands"'
    yield from (".SH NAME", f"{name} \\- {_plain(summary.rstrip('.'))}")
    yield from (".SH SYNOPSIS", f".B {name}", "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]")
    yield from (".SH DESCRIPTION", _text(summary))
    yield from _section("OPTIONS", "They may stand before a command or behind it.")
    yield from _options(document["options"])
    yield ".SH COMMANDS"
    for command in document["commands"]:
        yield from _command(name, command)
    yield from _section("EXIT STATUS", "Each command names those it may end with.")
    yield from _pairs((str(each["code"]), each["means"]) for each in document["exit_codes"])
    yield ".SH ENVIRONMENT"
    yield from _pairs((each["name"], each["about"]) for each in document["environment"])
    yield ".SH FILES"
    yield from _pairs([("~/.cache/alive5/ids.json", _FILES)])


def _command(program: str, command: Mapping[str, Any]) -> Iterator[str]:
    title = " ".join([program, *command["words"]])
    shown = [_named(each) for each in command["arguments"]]
    options = [" [\\fIoptions\\fR]"] if command["options"] else []
    yield f'.SS "{_plain(title)}"'
    yield "".join([f"\\fB{_plain(title)}\\fR", *options, *(f" \\fI{_plain(each)}\\fR" for each in shown)])
    for paragraph in (command["summary"], *command["details"]):
        yield from (".PP", _text(paragraph))
    yield from _pairs((_named(each), each["about"]) for each in command["arguments"] if each["about"])
    yield from _options(command["options"])
    yield from (".PP", f"With \\-\\-json: {_form(command['result'])}.")
    yield f"Exit codes: {', '.join(map(str, command['exit_codes']))}."
    if command["examples"]:
        yield from (".PP", "Examples:", ".PP", ".RS", ".nf")
        yield from map(_text, command["examples"])
        yield from (".fi", ".RE")


def _form(result: Mapping[str, Any]) -> str:
    if result["form"] == "document":
        return "one document"
    return "a line for each row" + ("; one document about a file that is written" if "document" in result else "")


def _section(title: str, text: str) -> Iterator[str]:
    yield from (f".SH {title}", _text(text))


def _options(options: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in options:
        value = "" if one["flag"] else f" \\fI{_plain(_named(one))}\\fR"
        yield from (".TP", ", ".join(f"\\fB{_plain(name)}\\fR" for name in one["names"]) + value)
        yield _text(one["about"] or "See above.") + (" Required." if one["required"] else "")


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, about in pairs:
        yield from (".TP", f"\\fB{_plain(name)}\\fR", _text(about[:1].upper() + about[1:].rstrip(".") + "."))


def _named(one: Mapping[str, Any]) -> str:
    """Return what stands for a value: its word, or the values there are."""
    choices = "|".join(map(str, one["takes"].get("enum", ())))
    return str(one["metavar"] or choices or one.get("name", "VALUE").upper())


def _plain(text: str) -> str:
    return text.translate(_ESCAPES)


def _text(text: str) -> str:
    """Return a line of text; one that begins with a dot would be a request."""
    return ("\\&" if text.startswith(".") else "") + _plain(text)
