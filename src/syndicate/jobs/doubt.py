"""What may have happened that a copy of the database does not know (DELIVERY.md, rule 8)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from msgspec import Struct

from syndicate.content import Folder
from syndicate.jobs.collect import collect
from syndicate.jobs.due import due_slot
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.slots import schedule
from syndicate.model import DeliveryState, EditionState, Newsletter, Publication, Tell
from syndicate.store import doubt, editions, marks, news, senders, witness
from syndicate.store.database import Store, Transaction
from syndicate.store.types import from_micros
from syndicate.store.witness import SendingHeldError, Witness

_MOST_SLOTS = 1000  # counted; more is said as so many


class OpenLetters(Struct, frozen=True):
    """An edition that had not ended in the copy, in letters.

    `waiting` had not left when the copy was made, `under_way` were leaving. `lost`: a draft that may
    have been started since, so that it cannot be started from here.
    """

    edition: str
    state: EditionState
    waiting: int
    under_way: int
    lost: bool


class Waiting(Struct, frozen=True):
    """A newsletter's news that `readers` people have not had according to the copy.

    `slots` counts those that passed since one was run, `latest` names the one that would be cut;
    `late`: it would wait for approval.
    """

    newsletter: str
    articles: int
    readers: int
    slots: int
    latest: str | None
    late: bool


class Doubt(Struct, frozen=True):
    """Why sending is held, and what may have happened that this database does not know.

    `copied` is when the copy was made, if that is known. `editions_since` counts ids of editions,
    `departures` people who left or were suppressed since. `pages` are new to this database, `refused`
    are no articles as they are.
    """

    reason: str
    copied: datetime | None
    sender_ran: bool
    editions_since: int
    departures: int
    editions: tuple[OpenLetters, ...]
    newsletters: tuple[Waiting, ...]
    pages: int
    refused: int


def look(
    store: Store,
    folder: Path,
    folders: Sequence[Folder],
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    tell: Tell,
    rules: Rules = USUAL,
) -> Doubt | None:
    """Return what is in doubt, None when sending is not held. Nothing is changed."""
    try:
        witness.examine(store, folder)
    except SendingHeldError as error:
        reason = str(error)
    else:
        return None
    found = collect(store, folders, about, newsletters, now, tell, dry_run=True, rules=rules)
    seen = seen_by(folder)
    with store.read() as tx:
        copied, known = marks.get(tx, marks.COPIED), senders.identity(tx)
        fence, started, left = (
            (known.fence, known.editions, known.departures) if known else (0, 0, 0)
        )
        return Doubt(
            reason=reason,
            copied=from_micros(copied) if copied else None,
            sender_ran=seen is not None and seen.fence > fence,
            editions_since=max(0, seen.edition - started) if seen else 0,
            departures=max(0, seen.departures - left) if seen else 0,
            editions=_open_letters(tx, seen),
            newsletters=tuple(_waiting(tx, one, now) for one in newsletters),
            pages=len(found.new),
            refused=len(found.refused),
        )


def _open_letters(tx: Transaction, seen: Witness | None) -> tuple[OpenLetters, ...]:
    found = []
    for one in doubt.open_editions(tx):
        under_way = one.letters[DeliveryState.SENDING]
        waiting = one.letters[DeliveryState.PENDING]
        lost = one.state is EditionState.DRAFT and seen is not None and one.id <= seen.edition
        name = editions.get(tx, one.id).name
        found.append(OpenLetters(name, one.state, waiting, under_way, lost))
    return tuple(found)


def _waiting(tx: Transaction, newsletter: Newsletter, now: datetime) -> Waiting:
    last = news.last_seq(tx, newsletter.name)
    readers, served = doubt.awaiting(tx, newsletter.name, last)
    articles = len({one.article_id for one in news.between(tx, newsletter.name, served, last)})
    slot = due_slot(tx, newsletter, now)
    return Waiting(
        newsletter=newsletter.name,
        articles=articles,
        readers=readers,
        slots=_passed(tx, newsletter, now) if slot else 0,
        latest=slot.name if slot else None,
        late=slot is not None and slot.late,
    )


def _passed(tx: Transaction, newsletter: Newsletter, now: datetime) -> int:
    since = doubt.last_planned_run(tx, f"cut:{newsletter.name}") or news.created(
        tx, newsletter.name
    )
    assert since is not None
    planned = schedule(newsletter)
    assert planned is not None, "only a schedule has slots"
    return max(1, len(list(islice(planned.slots(since, now), _MOST_SLOTS))))


def seen_by(folder: Path) -> Witness | None:
    """Return the witness, None where it is missing or damaged."""
    try:
        return witness.read(folder)
    except SendingHeldError:
        return None
