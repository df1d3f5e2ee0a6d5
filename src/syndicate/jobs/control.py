"""Pause, resume and cancel editions, exact to the letters that have not begun to leave."""

from datetime import datetime

from msgspec import Struct

from syndicate.errors import SyndicateError
from syndicate.model import DeliveryState, Edition, EditionState, Event, Tell
from syndicate.store import control, editions, news, precedence
from syndicate.store.database import Store, Transaction

_OPEN = (EditionState.SENDING, EditionState.PAUSED)
_PAUSED = "paused"  # the reason that rows bear


class ControlRefused(SyndicateError):
    """An edition's state does not allow what is asked; the message says what it is."""


class Control(Struct, frozen=True):
    """Where an edition stands after a command, in letters.

    `changed` is False when it was so before. `waiting` have not begun to leave, `under_way` will
    finish as they will, `unknown` were to be sent once more and are not. `all_paused` says that all
    sending is held besides.
    """

    edition: str
    state: str
    changed: bool
    waiting: int
    under_way: int
    unknown: int
    all_paused: bool


class ControlAll(Struct, frozen=True):
    """How all sending stands: since when it is held (None: it is not), and what is paused by itself."""

    changed: bool
    since: datetime | None
    paused: tuple[str, ...]


class Cancellation(Struct, frozen=True):
    """What cancelling an edition does, or would do if not `done`, in letters.

    `cancelled` will not be sent, `unknown` may have arrived before: they count as had and are not
    sent again. `under_way` finish as they will, `sent` left before.
    """

    edition: str
    done: bool
    cancelled: int
    unknown: int
    under_way: int
    sent: int


def pause(store: Store, edition: Edition, now: datetime, tell: Tell) -> Control:
    """Pause an edition: no further letter is claimed, those under way finish. Raises ControlRefused.

    Letters that were to be sent once more are unknown again: to send one twice is decided anew.
    """
    with store.write() as tx:
        precedence.between_rounds(tx)
        present = editions.get(tx, edition.id)
        if present.state not in _OPEN or _has_ended(tx, present):
            raise ControlRefused(f"{edition.name} {_reason(present)}: there is nothing to pause.")
        changed = control.pause(tx, present.id)
        unknown = control.doubt_again(tx, present.id, _PAUSED, now)
        report = _control(tx, present, changed=changed, unknown=unknown)
    if report.changed:
        tell(Event("edition.paused", {"edition": edition.name, "waiting": report.waiting}))
    return report


def resume(store: Store, edition: Edition, tell: Tell) -> Control:
    """Let a paused edition send again, whoever paused it. Raises ControlRefused."""
    with store.write() as tx:
        present = editions.get(tx, edition.id)
        if present.state not in _OPEN:
            raise ControlRefused(f"{edition.name} {_reason(present)}: there is nothing to resume.")
        report = _control(tx, present, changed=control.resume(tx, present.id), unknown=0)
    if report.changed:
        tell(Event("edition.resumed", {"edition": edition.name, "waiting": report.waiting}))
    return report


def pause_all(store: Store, now: datetime, tell: Tell) -> ControlAll:
    """Hold all sending, also of editions that start later, until `resume_all`.

    Letters that were to be sent once more are unknown again.
    """
    with store.write() as tx:
        precedence.between_rounds(tx)
        for state in _OPEN:
            for one in editions.in_state(tx, state):
                control.doubt_again(tx, one.id, _PAUSED, now)
        report = _control_all(tx, changed=control.pause_all(tx, now))
    if report.changed:
        tell(Event("sending.paused", {}, "warning"))
    return report


def resume_all(store: Store, tell: Tell) -> ControlAll:
    """Lift the hold of all sending; editions that were paused by themselves stay so."""
    with store.write() as tx:
        report = _control_all(tx, changed=control.resume_all(tx))
    if report.changed:
        tell(Event("sending.resumed"))
    return report


def standing(store: Store) -> ControlAll:
    """Say whether all sending is held, and which editions are paused."""
    with store.read() as tx:
        return _control_all(tx, changed=False)


def cancel(store: Store, edition: Edition, now: datetime, tell: Tell, *, yes: bool) -> Cancellation:
    """Cancel an edition, or without `yes` say what that would do. Raises ControlRefused.

    Letters under way finish, those that may have arrived stay unknown; the news of all others comes
    again with the next edition.
    """
    if not yes:
        with store.read() as tx:
            return _would_cancel(tx, editions.get(tx, edition.id))
    with store.write() as tx:
        precedence.between_rounds(tx)
        news.lock(tx, edition.newsletter)
        _would_cancel(tx, editions.get(tx, edition.id))
        control.cancel(tx, edition.id, now)
        dropped = control.drop(tx, edition.id, now)
        tally = editions.tally(tx, edition.id)
    values = {"edition": edition.name, "cancelled": dropped.cancelled, "unknown": dropped.unknown}
    tell(Event("edition.cancelled", values, "warning"))
    return Cancellation(
        edition.name,
        done=True,
        cancelled=dropped.cancelled,
        unknown=tally[DeliveryState.UNKNOWN],
        under_way=tally[DeliveryState.SENDING],
        sent=tally[DeliveryState.SENT],
    )


def _would_cancel(tx: Transaction, edition: Edition) -> Cancellation:
    if edition.state in {EditionState.DONE, EditionState.CANCELLED}:
        raise ControlRefused(f"{edition.name} {_reason(edition)}: there is nothing to cancel.")
    tally, again = editions.tally(tx, edition.id), control.once_unknown(tx, edition.id)
    return Cancellation(
        edition.name,
        done=False,
        cancelled=tally[DeliveryState.PENDING] - again,
        unknown=tally[DeliveryState.UNKNOWN] + again,
        under_way=tally[DeliveryState.SENDING],
        sent=tally[DeliveryState.SENT],
    )


def _control(tx: Transaction, edition: Edition, *, changed: bool, unknown: int) -> Control:
    tally, state = editions.tally(tx, edition.id), editions.get(tx, edition.id).state
    held = control.all_paused(tx) is not None
    waiting, under_way = tally[DeliveryState.PENDING], tally[DeliveryState.SENDING]
    return Control(edition.name, state.value, changed, waiting, under_way, unknown, held)


def _control_all(tx: Transaction, *, changed: bool) -> ControlAll:
    paused = tuple(one.name for one in editions.in_state(tx, EditionState.PAUSED))
    return ControlAll(changed, control.all_paused(tx), paused)


def _has_ended(tx: Transaction, edition: Edition) -> bool:
    """Whether an edition only has to be called done: nothing of it is open, and nobody is left out."""
    is_sending = edition.state is EditionState.SENDING
    return is_sending and editions.can_end(tx, edition.id) and not editions.blocked(tx, edition.id)


def _reason(edition: Edition) -> str:
    match edition.state:
        case EditionState.DRAFT:
            return "waits for approval and sends nothing"
        case EditionState.CANCELLED:
            return "was cancelled before"
        case _:
            return "is done already"
