"""A restless folder ends as a fresh build of it would, and its survivors keep what they were given."""

import os
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from syndicate.jobs import withdraw
from syndicate.jobs.rules import Rules
from syndicate.model import silent
from syndicate.store import migrate, series
from syndicate.store.database import open_store
from tests.acceptance.pages import page
from tests.jobs.test_collect import Editor

LONG_AGO, TICKS = 10**18 // 2, count(step=1000)
RULES = Rules(grace=timedelta(0), guard=100)
TEXTS = [
    page(f"第{n}話", f"第{n + 1}話" if n % 3 else None).replace(
        "庭の話をします。", f"話{n}。" + f"{n}番目の庭では{n}羽の鳥が鳴きました。" * 9
    )
    for n in range(8)
]


def opened(folder: Path, database: Path) -> Editor:
    store = open_store(f"sqlite:///{database}")
    migrate.upgrade(store)
    return Editor(store, folder, rules=RULES)


def said(editor: Editor) -> object:
    """What readers see: titles with their places, and series."""
    with editor.store.read() as tx:
        known = series.load(tx)
    rows = [
        (row.title, row.digest, row.part, known[row.series_id].title if row.series_id else "")
        for row in editor.published()
    ]
    return sorted(rows, key=str), sorted(
        [(one.title, [part.title for part in one.parts]) for one in known.values()]
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_restless_folder_ends_as_a_fresh_build(tmp_path: Path, seed: int) -> None:
    chance, folder = Random(seed), tmp_path / "content"
    folder.mkdir()
    editor = opened(folder, tmp_path / "a.db")
    given: dict[str, tuple[str, str, object]] = {}
    for _ in range(25):
        for _ in range(chance.randint(1, 4)):
            disturb(folder, chance)
        editor.pick_up(seconds=5)
        withdraw.withdraw_overdue(editor.store, editor.rules, editor.now, silent)
        for row in editor.published():
            assert given.setdefault(row.digest, (row.uid, row.slug, row.published)) == (
                row.uid,
                row.slug,
                row.published,
            )
    fresh = opened(folder, tmp_path / "b.db")
    fresh.pick_up()
    assert said(editor) == said(fresh)
    editor.store.close()
    fresh.store.close()


def disturb(folder: Path, chance: Random) -> None:
    """Write, rename, swap, copy or delete."""
    files = sorted(folder.iterdir())
    name = folder / f"f{chance.randint(0, 9)}.txt"
    match (
        chance.choice(["write", "write", "rename", "swap", "copy", "delete"]) if files else "write"
    ):
        case "write":
            name.write_text(chance.choice(TEXTS), encoding="utf-8")
        case "rename":
            chance.choice(files).replace(name)
        case "swap":
            one, other = chance.choice(files), chance.choice(files)
            text = one.read_text("utf-8")
            one.write_text(other.read_text("utf-8"), encoding="utf-8")
            other.write_text(text, encoding="utf-8")
        case "copy":
            name.write_text(chance.choice(files).read_text("utf-8"), encoding="utf-8")
        case _:
            chance.choice(files).unlink()
    for file in folder.iterdir():  # files that were just written would be waited for
        if file.stat().st_mtime_ns > LONG_AGO * 2:
            at = LONG_AGO + next(TICKS)
            os.utime(file, ns=(at, at))
