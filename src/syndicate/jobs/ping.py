"""Tell hubs which feeds changed (WebSub, as hubs know it: `hub.mode=publish`), until they have heard it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event as Signal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate import addresses
from syndicate.model import Event, Tell
from syndicate.store import pings
from syndicate.store.database import Store
from syndicate.store.pings import Ping

if TYPE_CHECKING:
    from syndicate.net import Client

# Between tries; a hub that was away for a day has missed it, and readers ask for feeds all the same.
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720))


class Pinged(Struct, frozen=True):
    """What came of it: pings that were heard, that wait to be tried again, and that were given up."""

    heard: int = 0
    waiting: int = 0
    given_up: int = 0

    def __add__(self, other: "Pinged") -> "Pinged":
        """Count two reports together."""
        return Pinged(
            self.heard + other.heard,
            self.waiting + other.waiting,
            self.given_up + other.given_up,
        )


NOTHING = Pinged()


class Failure(Struct, frozen=True):
    """Why a hub did not hear a ping: `reason` names the hub; `whole` says that others would fail too.

    `retry` is the time before which it does not want to be asked again.
    """

    reason: str
    whole: bool
    retry: datetime | None = None


class Pinging(Struct, frozen=True):
    """What telling hubs needs. `clock` is asked before each try; `stop` ends it after the present one."""

    store: Store
    client: "Client"
    base_url: str
    hubs: Collection[str]
    clock: Callable[[], datetime]
    tell: Tell
    stop: Signal


def ping(means: Pinging) -> Pinged:
    """Tell each hub of each feed that it is yet to hear of; one that does not answer holds up no other.

    No transaction is open meanwhile; what a killed process had told is told again.
    """
    with means.store.read() as tx:
        due = pings.due(tx, means.clock())
    if any(one.hub not in means.hubs for one in due):  # they were taken out of the settings
        with means.store.write() as tx:
            pings.forget_others(tx, means.hubs)
        due = [one for one in due if one.hub in means.hubs]
    report = Pinged()
    for _, its in groupby(due, lambda one: one.hub):
        report += _tell_hub(means, list(its))
    return report


def _tell_hub(means: Pinging, due: Sequence[Ping]) -> Pinged:
    """Tell one hub of its feeds, until it fails."""
    report = Pinged()
    for place, one in enumerate(due):
        if means.stop.is_set():
            break
        failure = _told(means, one)
        if failure is None:
            with means.store.write() as tx:
                pings.done(tx, one)
            means.tell(Event("hub.told", {"hub": _host(one), "feed": one.topic}, "debug"))
            report += Pinged(heard=1)
            continue
        report += _put_off(means, due[place:] if failure.whole else [one], failure)
        if failure.whole:
            break
    return report


def _told(means: Pinging, one: Ping) -> Failure | None:
    """Tell a hub of a feed; None if it heard."""
    from syndicate.net import Unreachable  # noqa: PLC0415 - a build that tells nobody starts faster

    topic = addresses.absolute(means.base_url, one.topic)
    try:
        answer = means.client.post(one.hub, {"hub.mode": "publish", "hub.url": topic})
    except Unreachable as error:
        return Failure(str(error), whole=True)
    if 200 <= answer.status < 300:
        return None
    its_own = 400 <= answer.status < 500 and answer.status not in (408, 429)
    reason = f"{_host(one)}: answered {answer.status}."
    return Failure(reason, whole=not its_own, retry=answer.retry)


def _put_off(means: Pinging, late: Sequence[Ping], failure: Failure) -> Pinged:
    """Have pings tried again later, or give up those that were tried long enough."""
    now = means.clock()
    last = [one for one in late if one.tries >= len(WAITS)]
    with means.store.write() as tx:
        for one in last:
            pings.done(tx, one)
        for one in late:
            if one not in last:
                pings.again(tx, one, max(now + WAITS[one.tries], failure.retry or now))
    said = {"hub": _host(late[0]), "reason": failure.reason, "pings": len(late)}
    means.tell(Event("hub.failed", {**said, "given_up": len(last)}, "warning"))
    return Pinged(waiting=len(late) - len(last), given_up=len(last))


def _host(one: Ping) -> str:
    return urlsplit(one.hub).hostname or one.hub
