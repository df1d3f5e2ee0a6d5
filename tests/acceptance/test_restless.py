"""The daemon under a folder that never rests: it ends with what a fresh build of that folder gives.

RESTLESS_SECONDS and RESTLESS_FILES make it longer: a minute and 2,000 files are what issue 4 asks.
"""

import os
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from random import Random

from syndicate.store import articles, series
from syndicate.store.database import open_store
from tests.acceptance.pages import page
from tests.acceptance.program import Program, wait_for

SECONDS = float(os.environ.get("RESTLESS_SECONDS", "6"))
FILES = int(os.environ.get("RESTLESS_FILES", "150"))
STILL_S = 0.1  # a busy machine may stop us so long in mid-write that the daemon takes half a page
CALM = {"SYNDICATE_CONTENT__GRACE": "0", "SYNDICATE_CONTENT__GUARD": "100"}


def text(number: int) -> str:
    """A page like no other; two of three announce the next."""
    chance = Random(number)
    own = "".join(
        chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(300)
    )  # else two are one, edited
    following = title(number + 1) if number % 3 else None
    return page(title(number), following).replace("庭の話をします。", f"{own}。")


def title(number: int) -> str:
    return f"庭の記録 第{number}話"


class Unrest:
    """Somebody, or several programs at once, at work in a content directory."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, Random(seed)
        self.away: list[str] = []  # what was deleted, to be restored
        self.numbers = count(FILES * 3)
        self.stalled: set[str] = set()  # titles of pages that stood half-written for too long

    def go_on(self, seconds: float) -> None:
        deeds: list[Callable[[], None]] = [
            self.rewrite,
            self.write_by_halves,
            self.rename,
            self.swap,
            self.delete,
            self.restore,
            self.replace,
            self.create,
        ]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(self.chance.randint(1, 40)):
                self.chance.choice(deeds)()
            time.sleep(self.chance.random() / 10)
        while self.away:
            self.restore()

    def any(self) -> Path:
        return self.chance.choice(sorted(self.folder.iterdir()))

    def free(self) -> Path:
        return self.folder / f"f{self.chance.getrandbits(40):x}.txt"

    def rewrite(self) -> None:
        """Save a file once more: the same, or with one more line."""
        file = self.any()
        said = file.read_text(encoding="utf-8")
        file.write_text(said + self.chance.choice(["", "一行が加わりました。\n"]), encoding="utf-8")

    def write_by_halves(self) -> None:
        file = self.any()
        said = file.read_bytes()
        half = self.chance.randint(0, len(said))
        begun = time.monotonic()
        file.write_bytes(said[:half])
        time.sleep(self.chance.random() / 50)
        with file.open("ab") as rest:
            rest.write(said[half:])
        if time.monotonic() - begun > STILL_S:
            self.stalled.add(said.decode().partition("\n")[0])

    def rename(self) -> None:
        self.any().rename(self.free())

    def swap(self) -> None:
        one, other, between = self.any(), self.any(), self.free()
        if one != other:
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def delete(self) -> None:
        if len(self.away) < 20:
            file = self.any()
            self.away.append(file.read_text(encoding="utf-8"))
            file.unlink()

    def restore(self) -> None:
        if self.away:
            said = self.away.pop(self.chance.randrange(len(self.away)))
            self.free().write_text(said, encoding="utf-8")

    def replace(self) -> None:
        """Write beside, and rename into place, as careful editors do."""
        file = self.any()
        new = self.folder / f".{file.name}.tmp"
        new.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        new.replace(file)

    def create(self) -> None:
        self.free().write_text(text(next(self.numbers)), encoding="utf-8")


def contents(program: Program) -> object:
    """What readers see: titles, texts by their hash, places and series."""
    store = open_store(f"sqlite:///{program.folder / 'syndicate.db'}")
    with store.read() as tx:
        known = series.load(tx)
        rows = sorted((row.title, row.digest, row.part or 0) for row in articles.published(tx))
    store.close()
    return rows, sorted((one.title, [part.title for part in one.parts]) for one in known.values())


def given(program: Program) -> Mapping[str, tuple[str, str, str]]:
    """Ids, addresses and dates, by title."""
    rows = program.json("articles", "list")
    return {one["title"]: (one["id"], one["slug"], one["published"]) for one in rows}


def test_a_daemon_in_a_restless_folder_ends_as_a_fresh_build(
    syndicate: Program, tmp_path: Path
) -> None:
    content = syndicate.folder / "content"
    program = Program(syndicate.folder, {**syndicate.environment, **CALM})
    for number in range(FILES):
        (content / f"{number}.txt").write_text(text(number), encoding="utf-8")
    program("build", "--backlog")
    before = given(program)
    assert len(before) == FILES
    feed = syndicate.folder / "public" / "feed.json"
    with program.daemon() as daemon:
        unrest = Unrest(content, 4)
        unrest.go_on(SECONDS)
        last = content / "last.txt"
        last.write_text(page("最後の一枚"), encoding="utf-8")
        wait_for(lambda: "最後の一枚" in feed.read_text(encoding="utf-8"), daemon.said)
        assert daemon.terminate() == 0
    after = given(program)
    same = before.keys() - unrest.stalled
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    fresh = Program(tmp_path / "fresh", {**syndicate.environment, **CALM})
    fresh("init")
    for file in content.iterdir():
        (fresh.folder / "content" / file.name).write_bytes(file.read_bytes())
    fresh("build", "--backlog")
    assert contents(program) == contents(fresh)
