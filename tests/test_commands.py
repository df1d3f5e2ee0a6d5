"""Commands are loaded by their names: each that a file has can be called, and no other is offered."""

from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, signature, unwrap
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from syndicate import cli
from syndicate.cli.app import program

_CONTEXT = click.Context(program)
_NAMES = program.list_commands(_CONTEXT)


def found(name: str) -> click.Command:
    command = program.get_command(_CONTEXT, name)
    assert command is not None
    return command


def within(command: click.Command) -> list[click.Command]:
    return list(command.commands.values()) if isinstance(command, click.Group) else [command]


def written() -> Iterator[click.Command]:
    """Every command and noun that a file has."""
    for file in sorted(Path(cli.__file__).parent.glob("*.py")):
        module = import_module(f"syndicate.cli.{file.stem}")
        yield from (one for one in vars(module).values() if isinstance(one, click.Command))


def test_every_command_and_noun_that_a_file_has_is_offered() -> None:
    offered = [found(name) for name in _NAMES]
    assert {program, *offered, *(one for noun in offered for one in within(noun))} == set(written())


@pytest.mark.parametrize("name", _NAMES)
def test_a_command_is_found_by_its_name(name: str) -> None:
    command = found(name)
    assert command.name == name
    assert command.help
    assert all(one.help for one in within(command))


@pytest.mark.parametrize("name", _NAMES)
def test_the_options_and_arguments_of_a_command_are_those_of_its_function(name: str) -> None:
    for command in within(found(name)):
        assert command.callback is not None
        taken = signature(unwrap(command.callback)).parameters.values()
        assert [one.name for one in taken if one.kind is Parameter.KEYWORD_ONLY] == [
            one.name for one in command.params
        ]


@pytest.mark.parametrize("name", _NAMES)
def test_every_option_and_argument_says_what_it_is_for(name: str) -> None:
    for command in within(found(name)):
        assert all(one.help for one in command.params)


def test_there_are_no_others() -> None:
    assert "app" not in _NAMES
    assert program.get_command(_CONTEXT, "commands") is None


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (["build", "-C", "news"], "-C goes before the command: syndicate -C DIR build ..."),
        (["articles", "-Cnews", "list"], "-C goes before the command: syndicate -C DIR articles"),
        (["articles", "list", "-C", "x"], "-C goes before the command: syndicate -C DIR articles"),
        (["build", "-D"], "No such option '-D'."),
        (["bild"], "No such command 'bild'. Did you mean 'build'?"),
        (["plan", "--days", "x"], "Invalid value for '--days': 'x' is not a valid whole number."),
    ],
)
def test_wrong_usage_is_told_with_what_is_right(called: list[str], said: str) -> None:
    done = CliRunner().invoke(program, called, prog_name="syndicate")
    assert done.exit_code == 2
    assert f"Error: {said}" in done.stderr
