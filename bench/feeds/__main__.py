"""RSS and Atom of N entries, beside feedgen, Django's feedgenerator and npm's `feed` (issue 5).

All are given the same values in memory, and return both documents; processor time counts. They are
installed for the run, in environments of their own. A peer that cannot be had is named and passed over.

    python -m bench.feeds [N ...]
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.feeds.articles import ABOUT, HEAD, entries, values
from bench.feeds.clock import best
from syndicate import feeds
from syndicate.jobs.planning.gate import pass_gate

SIZES = (20, 1_000, 10_000)
FORMATS = tuple(form for form in feeds.FORMATS if form.ending in {"atom", "rss"})
CHANGED = 1_000  # of so many entries one is changed
_ROUNDS = 3
_HERE = Path(__file__).parent
_PYTHON_PEERS = {"feedgen": "feedgen==1.0.0", "django": "django==5.2.19"}
_NODE_PEER = "feed@6.0.0"
_LIMIT_S = 300.0


def main(sizes: Sequence[int]) -> None:
    """Measure all of them in turn for each size, and print the ratios to feedgen."""
    with tempfile.TemporaryDirectory() as name:
        peers = _peers(Path(name))
        for size in sizes:
            items = [feeds.item(ABOUT, one) for one in entries(size)]
            place = Path(name) / "values.json"
            place.write_text(json.dumps(values(items)), "utf-8")
            writers: dict[str, Callable[[], float]] = {
                "syndicate: writer": partial(best, partial(_write, items)),
                "syndicate: articles to items": partial(best, partial(_items, size)),
                **_ours(items),
                **{who: partial(measured, place) for who, measured in peers.items()},
            }
            _report(size, _rounds(writers))


def _rounds(writers: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Measure each once a round, and take the median, since the machine is not always as fast."""
    found: dict[str, list[float]] = {who: [] for who in writers}
    for _ in range(_ROUNDS):
        for who, seconds in writers.items():
            found[who].append(seconds())
    return {who: median(seconds) for who, seconds in found.items()}


def _report(size: int, found: Mapping[str, float]) -> None:
    print(f"\n{size} entries, RSS and Atom")
    for who, seconds in found.items():
        ratio = f"{seconds / found['feedgen']:8.3f} times feedgen" if "feedgen" in found else ""
        print(f"{who:32} {seconds * 1e3:10.2f} ms {ratio}", flush=True)


def _write(items: Sequence[feeds.Item]) -> list[bytes]:
    return [form.write(HEAD, map(form.entry, items)) for form in FORMATS]


def _items(count: int) -> list[feeds.Item]:
    return [feeds.item(ABOUT, one) for one in entries(count)]


def _ours(items: Sequence[feeds.Item]) -> dict[str, Callable[[], float]]:
    """What only we have: one entry changed, and the gate, for what is new and for all."""
    every = [[form.entry(item) for item in items] for form in FORMATS]

    def gate(count: int) -> None:
        for form, written in zip(FORMATS, every, strict=True):
            pass_gate(form, HEAD, written[:count])

    found: dict[str, Callable[[], float]] = {
        "syndicate: gate, one entry": partial(best, partial(gate, 1))
    }
    if len(items) <= CHANGED:  # it lets no document pass that is too large for readers
        found["syndicate: gate, all entries"] = partial(best, partial(gate, len(items)))
    if len(items) == CHANGED:
        found = {"syndicate: one changed": partial(best, _changed(items)), **found}
    return found


def _changed(items: Sequence[feeds.Item]) -> Callable[[], object]:
    """Return what makes both documents again after one entry in their midst has changed."""
    keys = [f"{number:064}" for number in range(len(items))]
    new = [*keys]
    new[len(keys) // 2] = "changed"

    def asked(places: Sequence[int]) -> list[feeds.Item]:
        return [items[place] for place in places]

    standing = [feeds.splice(form, HEAD, keys, {}, asked) for form in FORMATS]

    def work() -> list[tuple[bytes, int]]:
        made = []
        for form, before in zip(FORMATS, standing, strict=True):
            known = feeds.pieces_by_key(before.data, before.pieces)
            document = feeds.splice(form, HEAD, new, known, asked)
            made.append((document.data, len(document.fresh)))
        return made

    assert work() == [(before.data, 1) for before in standing]
    return work


def _peers(folder: Path) -> dict[str, Callable[[Path], float]]:
    """Install the others; what measures each, given the file of values."""
    found: dict[str, Callable[[Path], float]] = {}
    for who, package in _PYTHON_PEERS.items():
        own = folder / who
        venv.create(own, with_pip=True)
        if _had(who, [str(own / "bin" / "pip"), "install", "-qqq", package], own):
            command = [str(own / "bin" / "python"), "-m", f"bench.feeds.by_{who}"]
            found[who] = partial(_measured, command, _HERE.parents[1])
    own = folder / "node"
    own.mkdir()
    npm = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--silent", _NODE_PEER]
    (own / "package.json").write_text('{"private": true}', "utf-8")
    if _had("npm's feed", npm, own):
        found["npm's feed"] = partial(_measured, ["node", str(_HERE / "by_feed.mjs")], own)
    return found


def _had(who: str, command: Sequence[str], folder: Path) -> bool:
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=_LIMIT_S, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"{who} cannot be installed ({error}): passed over")
        return False
    return True


def _measured(command: Sequence[str], folder: Path, place: Path) -> float:
    """Let another program write, which prints its processor seconds."""
    done = subprocess.run(
        [*command, str(place)], cwd=folder, stdout=subprocess.PIPE, check=True, timeout=_LIMIT_S
    )
    return float(done.stdout)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or SIZES)
