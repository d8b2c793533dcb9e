"""The commands of writes: one for each, with the parameters of its method as options."""

from __future__ import annotations

import inspect
from operator import attrgetter
from typing import Any

import pytest

from alive5._sansio.endpoints import ENDPOINTS
from alive5.cli._command import command_tree
from alive5.cli.app import app
from alive5.sandbox import Sandbox

WRITES = [endpoint.operation for endpoint in ENDPOINTS if endpoint.method != "GET"]
COMMON = {"dry_run", "sandbox", "json", "api_key_file", "base_url", "read_url", "edition", "timeout", "tz", "verbose"}

# Arguments that are objects of a program.
PROGRAMS = {"ledger", "key"}


def command_of(operation: str) -> Any:
    found: Any = command_tree(app)
    for word in operation.replace("_", "-").split("."):
        found = found.commands[word]
    return found


@pytest.mark.parametrize("operation", WRITES)
def test_the_options_of_a_write_are_its_parameters(operation: str) -> None:
    with Sandbox().client() as client:
        parameters = inspect.signature(attrgetter(operation)(client)).parameters
    options = {option.name: option for option in command_of(operation).params}
    taken = {name: parameter for name, parameter in parameters.items() if name not in PROGRAMS}
    assert taken.keys() == options.keys() - COMMON - {"yes"}
    for name, parameter in taken.items():
        option = options[name]
        assert f"--{name.replace('_', '-')}" in option.opts
        assert (parameter.default is parameter.empty, "Sequence" in str(parameter.annotation)) == (
            option.required,
            option.multiple,
        )


@pytest.mark.parametrize("operation", WRITES)
def test_every_option_of_a_write_is_explained(operation: str) -> None:
    command = command_of(operation)
    assert [] == [option.name for option in command.params if not option.help]
    assert command.help.endswith(".")
    assert "``" not in command.help
