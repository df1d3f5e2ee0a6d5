"""docs/delivery-proof.md: what our own runs gave, beside how others behave when they are killed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.jobs.deliver import CONNECTIONS

if TYPE_CHECKING:
    from bench.kill.run import Result

FILE = Path("docs/delivery-proof.md")

_TEXT = Path(__file__).with_suffix(".md")  # with holes for our own runs
_FULL = 100_000


def write(results: Sequence["Result"], source: str) -> None:
    """Write the page from the results of our own runs; `source` names the code that was run."""
    size = " ".join(f"{one.plan.database}: {_size(one)}" for one in results)
    text = _TEXT.read_text(encoding="utf-8")
    rows = "\n".join(_row(one) for one in results)
    runs = "; ".join(
        f"{one.plan.database}, seed {one.plan.seed}, {one.seconds:.0f} s" for one in results
    )
    holes = {"rows": rows, "runs": runs, "size": size, "full": _FULL, "source": source}
    FILE.write_text(text.format(connections=CONNECTIONS, **holes), encoding="utf-8")


def _size(one: "Result") -> str:
    if one.plan.letters >= _FULL:
        return f"the full size of `make soak`, {_FULL} letters."
    return f"less than `make soak` sends ({_FULL} letters, 100 kills), which was not run for this page."


def _row(one: "Result") -> str:
    cells = (
        one.plan.letters,
        one.kills,
        one.accepted,
        one.twice,
        one.lost,
        one.uncertain,
        one.arrived,
    )
    return f"| {one.plan.database} | " + " | ".join(map(str, cells)) + " |"
