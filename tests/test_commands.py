"""Commands are loaded by their names: each that a file has can be called, and no other is offered."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_group

from syndicate import cli
from syndicate.cli.commands import Commands

_OF_EDITIONS = ("control", "recipients", "trial")  # which their noun, or its table's line, takes in
_OF_OTHERS = ("revisions", "polls", "intake", "held", "privacy", *_OF_EDITIONS)


def files() -> list[ModuleType]:
    folder = Path(cli.__file__).parent
    return [import_module(f"syndicate.cli.{file.stem}") for file in sorted(folder.glob("*.py"))]


def registered(by: ModuleType) -> set[str]:
    app = typer.Typer()
    by.register(app)
    return set(get_group(app).commands)


def test_every_command_and_noun_that_a_file_has_is_offered() -> None:
    found = set[str]()
    for module in files():
        name = module.__name__.rpartition(".")[2]
        if hasattr(module, "register") and name not in _OF_OTHERS:
            found |= registered(module)
        elif name != "app" and hasattr(module, "app"):
            found.add(name)
    assert found == set(Commands())


@pytest.mark.parametrize("name", Commands())
def test_a_command_is_found_by_its_name(name: str) -> None:
    command = Commands()[name]
    assert command.name == name
    if isinstance(command, TyperGroup):
        assert all(one.help for one in command.commands.values())


@pytest.mark.parametrize("name", _OF_OTHERS)
def test_what_other_files_add_to_a_noun_is_there(name: str) -> None:
    module = import_module(f"syndicate.cli.{name}")
    offered = [set(one.commands) for one in Commands().values() if isinstance(one, TyperGroup)]
    assert any(registered(module) <= some for some in offered)


def test_there_are_no_others() -> None:
    assert "app" not in Commands()
    assert Commands().get("commands") is None
