"""Let a copy of the database send again, by what somebody decided about the time it does not know.

`skip` takes everything in doubt as mailed, so that nobody can be mailed twice: open letters are
`unknown`, all news count as mailed, passed slots as run. `send` believes the copy: what it says is
waiting goes out. Either way there is a new sending identity, so that the old database is held should
it come back, and no id, number or fence of the lost time is given again (DELIVERY.md, rule 8).
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from syndicate.content import Folder
from syndicate.errors import SyndicateError
from syndicate.jobs import announce
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.doubt import seen_by
from syndicate.jobs.due import due_slot
from syndicate.jobs.release import release
from syndicate.jobs.rules import USUAL, Rules
from syndicate.model import EditionState, Event, Newsletter, Publication, Tell
from syndicate.store import (
    doubt,
    editions,
    ledger,
    marks,
    news,
    publication,
    runs,
    senders,
    witness,
)
from syndicate.store.database import Store, Transaction
from syndicate.store.lock import LockedError, only_sender
from syndicate.store.witness import SendingHeldError, Witness

UNSEEN = 100  # editions: more than anybody starts between two copies, where no witness can tell
UNSEEN_READERS = 1_000_000  # subscriptions: likewise

Choice = Literal["skip", "send"]


class Resumed(Struct, frozen=True):
    """What was done: letters that are `unknown` now, that will be sent, readers whose cursor moved.

    `drafts` were cancelled, `slots` count as run; `next` names each newsletter's next edition.
    """

    unknown: int
    waiting: int
    readers: int
    drafts: int
    slots: tuple[str, ...]
    next: tuple[str, ...]


def resume(
    store: Store,
    folder: Path,
    folders: Sequence[Folder],
    about: Publication,
    newsletters: Sequence[Newsletter],
    choice: Choice,
    now: datetime,
    tell: Tell,
    rules: Rules = USUAL,
) -> Resumed | None:
    """Let this database send from now on; None when it was not held.

    LockedError: somebody is sending from it. Only the last step, the witness, lets letters leave: a
    process that is killed before has done nothing that cannot be done again.
    """
    with _alone(store, now):
        try:
            witness.examine(store, folder)
        except SendingHeldError:
            pass
        else:
            return None
        if choice == "skip":
            _collect_all(store, folders, about, newsletters, now, tell, rules)
            release(store, newsletters, rules, now, tell)  # what came out in the lost time, too
        with store.write() as tx:
            report = _settle(tx, seen_by(folder), newsletters, choice, now)
        witness.renew(store, folder)
    tell(Event("sending.resumed", {"choice": choice, "unknown": report.unknown}, "warning"))
    return report


@contextmanager
def _alone(store: Store, now: datetime) -> Iterator[None]:
    if store.embedded:
        assert store.url.database
        with only_sender(Path(store.url.database)):
            yield
        return
    with store.read() as tx:
        living = doubt.living_sender(tx, ledger.lease_clock(tx, now))
    if living:
        raise LockedError(
            f"Letters of this database are held by {living}, or were within the last minute. End every "
            "syndicate that sends from it, and try again in a minute."
        )
    yield


def _collect_all(
    store: Store,
    folders: Sequence[Folder],
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    tell: Tell,
    rules: Rules,
) -> Collected:
    """Pick up every page, so that what the lost time may have mailed is known and counts as mailed."""
    for one in folders:
        if not one.path.is_dir():
            raise SyndicateError(
                f"The content directory {one.path} is not there: its pages may have been mailed, and "
                "would be news when they come. Put it back (an empty one, if that is right) and try again."
            )
    return collect(store, folders, about, newsletters, now, tell, rules=rules)


def _settle(
    tx: Transaction,
    seen: Witness | None,
    newsletters: Sequence[Newsletter],
    choice: Choice,
    now: datetime,
) -> Resumed:
    unknown = ledger.settle_dead(tx, senders.everyones(), now)
    last = max(doubt.last_edition(tx), marks.get(tx, marks.EDITION))
    readers, slots = 0, tuple[str, ...]()
    if choice == "skip":
        unknown += doubt.skip_letters(tx, now)
        doubt.skip_requests(tx)
        for one in newsletters:
            announce.flush(tx, one, now)
        readers = _skip_news(tx)
        doubt.end_editions(tx, now)
        slots = _skip_slots(tx, newsletters, now)
    upto = _reached(seen, last, choice)
    _raise_numbers(tx, upto - last, seen)
    drafts = doubt.cancel_drafts(tx, upto if choice == "skip" else _started(seen), now)
    doubt.leave_gaps(tx, upto, UNSEEN_READERS)
    _found_again(tx, seen)
    marks.forget(tx, marks.COPIED)
    publication.touch(tx)
    following = (f"{one.name}/{editions.next_number(tx, one.name)}" for one in newsletters)
    return Resumed(unknown, ledger.waiting(tx), readers, drafts, slots, tuple(following))


def _skip_news(tx: Transaction) -> int:
    """Count all news as mailed, to those too who subscribe again."""
    for name in news.names(tx):
        marks.raise_to(tx, marks.news_of(name), news.last_seq(tx, name))
        news.serve(tx, name, news.last_seq(tx, name))
    return doubt.skip_news(tx)


def _skip_slots(
    tx: Transaction, newsletters: Sequence[Newsletter], now: datetime
) -> tuple[str, ...]:
    """Take the latest passed slot of each newsletter as run: of several only that counts."""
    done = []
    for one in newsletters:
        slot = due_slot(tx, one, now)
        if slot and runs.begin(tx, f"cut:{one.name}", slot.name, now):
            runs.end(tx, f"cut:{one.name}", slot.name, "skipped: it passed after the copy was made")
            done.append(f"{one.name} {slot.name}")
    return tuple(done)


def _started(seen: Witness | None) -> int:
    return seen.edition if seen else 0


def _reached(seen: Witness | None, last: int, choice: Choice) -> int:
    """Return the highest id that an edition may have had, here (`last`) or in the lost time."""
    if seen is None:
        return last + UNSEEN if choice == "skip" else last
    return max(last, seen.edition)


def _raise_numbers(tx: Transaction, unknown: int, seen: Witness | None) -> None:
    """Let each newsletter's numbers begin above those that `unknown` editions may have had.

    A number belongs to one id, so that there were no more of them; and a draft that is known here may
    have got one.
    """
    drafts = {
        editions.get(tx, one.id).newsletter: one.id
        for one in doubt.open_editions(tx)
        if one.state is EditionState.DRAFT
    }
    for name in news.names(tx):
        draft = drafts.get(name)
        started = draft is not None and (seen is None or draft <= seen.edition)
        last = editions.next_number(tx, name) - 1
        marks.raise_to(tx, marks.number_of(name), last + unknown + started)


def _found_again(tx: Transaction, seen: Witness | None) -> None:
    known = senders.identity(tx)
    fences = [known.fence if known else 0, seen.fence if seen else 0]
    departures = [known.departures if known else 0, seen.departures if seen else 0]
    name = secrets.token_hex(16)
    senders.found_again(tx, name, max(fences) + senders.FENCES, max(departures))
