"""Pages that are edited, moved, half-written and taken away while they are looked at keep their articles.

PAGE_HISTORIES makes it longer: each history is a seed of its own.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from syndicate.content import directory
from syndicate.jobs import withdraw
from syndicate.jobs.rules import Rules
from syndicate.model import silent
from tests.acceptance.test_restless import text
from tests.jobs.test_restless import LONG_AGO, opened, said

HISTORIES = int(os.environ.get("PAGE_HISTORIES", "6"))
RULES = Rules(grace=timedelta(0), guard=100, leave_unfinished=True)


@dataclass
class Hands:
    """Somebody at work in two folders; `halves` are the whole texts of files that are being written."""

    folder: Path
    chance: Random
    halves: dict[Path, str] = field(default_factory=dict)
    away: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    ticks: Iterator[int] = field(default_factory=lambda: count(LONG_AGO, 1000))

    def put(self, file: Path, text_: str, *, unfinished: bool = False) -> None:
        file.write_text(text_, encoding="utf-8")
        if not unfinished:  # else it was written just now
            os.utime(file, ns=(0, next(self.ticks)))

    def files(self) -> list[Path]:
        return [file for place in "ab" for file in sorted((self.folder / place).iterdir())]

    def any(self) -> Path:
        return self.chance.choice([file for file in self.files() if file not in self.halves])

    def free(self) -> Path:
        names = (self.folder / place / f"{n}.txt" for place in "ab" for n in range(20))
        return self.chance.choice([file for file in names if not file.exists()])

    def create(self) -> None:
        if len(self.files()) < 15:
            self.put(self.free(), text(next(self.numbers)))

    def edit(self) -> None:
        file = self.any()
        line = f"蜂は早起きです。{next(self.numbers)}。"
        self.put(file, file.read_text("utf-8").replace("蜂は早起きです。", line))

    def touch(self) -> None:
        os.utime(self.any(), ns=(0, next(self.ticks)))

    def rename(self) -> None:
        self.any().rename(self.free())

    def swap(self) -> None:
        one, other, between = self.any(), self.any(), self.folder / ".between"
        if one != other:
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def delete(self) -> None:
        if len(self.away) < 5:
            file = self.any()
            self.away.append(file.read_text("utf-8"))
            file.unlink()

    def restore(self) -> None:
        if self.away:
            self.put(self.free(), self.away.pop(self.chance.randrange(len(self.away))))

    def begin(self) -> None:
        file = self.any()
        whole = file.read_text("utf-8")
        self.put(file, whole[: self.chance.randint(0, len(whole))], unfinished=True)
        self.halves[file] = whole

    def finish(self) -> None:
        if self.halves:
            file = self.chance.choice(sorted(self.halves))
            self.put(file, self.halves.pop(file))

    def work(self) -> None:
        deeds: tuple[Callable[[], None], ...] = (
            *(self.create, self.edit, self.touch, self.rename, self.swap),
            *(self.delete, self.restore, self.begin, self.finish),
        )
        for _ in range(self.chance.randint(1, 5)):
            if len(self.files()) - len(self.halves) < 3:
                self.put(self.free(), text(next(self.numbers)))
            self.chance.choice(deeds)()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_pages_keep_their_articles_whatever_is_done_to_them_meanwhile(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PATIENCE_S", 0)
    monkeypatch.setattr(directory, "SETTLED_S", 10_000)
    hands = Hands(tmp_path / "content", Random(seed))
    for name in "ab":
        (hands.folder / name).mkdir(parents=True)
    editor, fresh = (opened(hands.folder, tmp_path / name) for name in ("one.db", "other.db"))
    editor.rules = RULES
    given: dict[str, tuple[str, str, object]] = {}
    listing = os.scandir

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "b" and hands.chance.random() < 0.5:  # "a" was looked at already
            hands.work()
        return listing(path)

    for _ in range(12):
        hands.work()
        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", scandir)
            report = editor.pick_up(seconds=5)
        assert report.refused == ()
        withdraw.withdraw_overdue(editor.store, editor.rules, editor.now, silent)
        for row in editor.published():
            known = (row.uid, row.slug, row.published)
            assert given.setdefault(row.title, known) == known
    while hands.halves:
        hands.finish()
    for one in (editor, editor, fresh):
        one.pick_up()
        withdraw.withdraw_overdue(one.store, one.rules, one.now, silent)
    assert said(editor) == said(fresh)
    editor.store.close()
    fresh.store.close()
