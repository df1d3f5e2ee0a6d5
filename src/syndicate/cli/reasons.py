"""Why letters of a `deliver` did not simply arrive: the servers' replies, counted."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from syndicate.cli.terminal import many, say
from syndicate.model import Event, Tell

if TYPE_CHECKING:
    from syndicate.store.database import Store

_ADVICE = {
    "deferred": "the daemon (syndicate run), or the next deliver, tries them again",
    "failed": "they belong to no edition: who asked for one may ask again",
    "unknown": "they may have arrived, and are not sent again by themselves: deliveries uncertain",
}
_KEPT = 1000  # different replies: some servers put a number of their own into each
_SHOWN = 10  # reasons printed on a terminal
_KEYS = 3  # letters, and editions, named for each


class Reason(Struct, frozen=True):
    """Letters that got one reply: how many, the keys of some, and what to do."""

    state: str
    reply: str
    count: int
    deliveries: tuple[str, ...]
    advice: str


class Reasons:
    """Counts replies as they are told; a reply of success is none."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._keys: dict[tuple[str, str], list[str]] = {}
        self._editions: dict[tuple[str, str], set[int]] = {}
        self.left_unknown = 0  # by a sender that ended in mid-send

    def tell(self, event: Event) -> None:
        """Count what an event tells of a letter."""
        if event.name == "sender.recovered":
            self.left_unknown += int(str(event.values["unknown"]))
        room, _, kind = event.name.partition(".")
        if room != "delivery" or kind not in _ADVICE:
            return
        name = (kind, str(event.values.get("reply", "")))
        if name not in self._counts and len(self._counts) >= _KEPT:
            name = (kind, "other replies")
        self._counts[name] = self._counts.get(name, 0) + 1
        keys = self._keys.setdefault(name, [])
        if len(keys) < _KEYS:
            keys.append(str(event.values.get("delivery", "")))
        if isinstance(edition := event.values.get("edition"), int):
            self._editions.setdefault(name, set()).add(edition)

    def listed(self, store: "Store") -> Iterator[Reason]:
        """Yield the reasons, the most frequent first; editions are named as `store` has them."""
        names = _names(store, set[int]().union(*self._editions.values()))
        for (kind, reply), count in sorted(self._counts.items(), key=lambda one: (-one[1], one[0])):
            keys = tuple(self._keys[kind, reply])
            of = [names[one] for one in sorted(self._editions.get((kind, reply), ()))]
            yield Reason(kind, reply, count, keys, _advice(kind, of[:_KEYS]))


def _advice(kind: str, editions: Sequence[str]) -> str:
    if kind != "failed" or not editions:
        return _ADVICE[kind]
    shows = (f"syndicate editions show {name} --letters --state failed" for name in editions)
    return f"see who: {'; '.join(shows)}"


def _names(store: "Store", numbers: Collection[int]) -> dict[int, str]:
    from syndicate.store import editions

    with store.read() as tx:
        return {number: editions.get(tx, number).name for number in numbers}


def show_reasons(reasons: Reasons, found: Sequence[Reason]) -> None:
    """Print a line for each of the most frequent reasons that were found."""
    for one in found[:_SHOWN]:
        more = " ..." if one.count > len(one.deliveries) else ""
        keys = ", ".join(one.deliveries)
        click.echo(f"  {one.state} {one.count}: {one.reply} ({keys}{more})")
    if len(found) > _SHOWN:
        click.echo(f"  and {len(found) - _SHOWN} more reasons (all of them: --json)")
    if reasons.left_unknown:
        letters = many(reasons.left_unknown, "letter was", "letters were")
        click.echo(f"{letters} on the way when the sender before this one ended.")
    for state, advice in dict.fromkeys((one.state, one.advice) for one in found[:_SHOWN]):
        say(f"  {state}: {advice}")


def show_uncertain(store: "Store") -> None:
    """Say how many letters there are that may have arrived, if there are any, whoever sent them."""
    from syndicate.store import evidence

    with store.read() as tx:
        count = evidence.count_unsettled(tx)
    if count:
        letters = many(count, "letter is", "letters are")
        say(
            f"{letters} uncertain: they may have arrived, and are not sent again by themselves. "
            "See: syndicate deliveries uncertain"
        )


def told_to(*tells: Tell) -> Tell:
    """Return a `tell` that tells several."""

    def tell(event: Event) -> None:
        for one in tells:
            one(event)

    return tell
