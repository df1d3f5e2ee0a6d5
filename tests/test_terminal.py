"""Long lists are printed as they are read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from weakref import WeakSet

import pytest

from syndicate.cli import terminal


@dataclass(eq=False)
class Cell:
    """A text of a row; those that are alive are counted."""

    text: str
    alive: "WeakSet[Cell]" = field(repr=False)

    def __post_init__(self) -> None:
        self.alive.add(self)

    def __str__(self) -> str:
        return self.text


def test_a_long_table_keeps_no_row_and_aligns_its_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    alive, most = WeakSet[Cell](), 0

    def rows() -> Iterator[tuple[Cell, str]]:
        nonlocal most
        for text in ("a", "読者", *"bcdefghij"):
            yield Cell(text, alive), "x"
            most = max(most, len(alive))

    terminal.show_long_table(rows, otherwise="nothing")
    assert most <= 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["a     x", "読者  x", "b     x"]
    assert len(lines) == 11


def test_a_long_table_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_long_table(lambda: iter(()), otherwise="nothing")
    assert capsys.readouterr().out == "nothing\n"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_array_is_the_same_in_pieces(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    values = [{"name": f"読者{n}"} for n in range(count)]
    terminal.show_json_array(iter(values))
    written = capsys.readouterr().out
    assert json.loads(written) == values
    terminal.show_json(values)
    assert capsys.readouterr().out == written


def test_days_and_times_are_written_as_iso_8601(capsys: pytest.CaptureFixture[str]) -> None:
    day, time = date(2026, 11, 26), datetime(2026, 11, 26, 7, tzinfo=UTC)
    terminal.show_json({"day": day, "time": time})
    assert json.loads(capsys.readouterr().out) == {
        "day": "2026-11-26",
        "time": "2026-11-26T07:00:00+00:00",
    }


def test_commands_that_messages_name_are_called_for_the_folder_that_c_names() -> None:
    said = "See: syndicate check. End every syndicate first, and syndicate -C b build."
    assert terminal.placed(said) == said
    terminal.stand_in(Path("my papers"), ["build", "check"])
    there = said.replace("syndicate check", "syndicate -C 'my papers' check")
    assert terminal.placed(said) == there
    terminal.stand_in(None, ["build", "check"])
    assert terminal.placed(said) == said
