"""Why somebody did or did not get an edition, from the ledger alone."""

from datetime import datetime

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.jobs.absence import Reason, why_absent
from syndicate.model import DeliveryState, Edition, EditionState, Newsletter
from syndicate.store import asked, control, editions, explain, readers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.store.explain import EventRow, LetterRow
from syndicate.tokens import Keys

_ENDED = {
    "unsubscribed": "the reader had left before it was sent",
    "resting": "the reader had paused before it was sent; its news come after the pause",
    "suppressed": "the address was suppressed before it was sent",
    "erased": "the reader was erased before it was sent",
    "cancelled": "its edition was cancelled before it was sent",
    "moved": "another reader had the new address in this edition: its news come with the next one",
    "withdrawn": "an article in it was withdrawn before it was sent; the rest comes with the next edition",
}


class Moment(Struct, frozen=True):
    """Something that happened; `attempt` is 0 when it was no attempt to send."""

    at: datetime
    what: str
    attempt: int
    detail: str


class Explanation(Struct, frozen=True):
    """Why somebody did or did not get an edition.

    `code` is the row's state, or names the reason why there is no row; `text` says it in a sentence.
    `key` and `variant_id` name the letter, once it `is_written`. `moments` are all that
    happened, oldest first.
    """

    edition: str
    code: str
    text: str
    key: str | None
    variant_id: int | None
    is_written: bool
    moments: tuple[Moment, ...]


def explain_delivery(
    store: Store, keys: Keys, newsletter: Newsletter, edition: Edition, address: str
) -> Explanation:
    """Explain one edition to one address. Raises AddressRefused."""
    box = mailbox.parse(address)
    address_key = tokens.address_key(keys, box.canonical)
    with store.read() as tx:
        present = editions.get(tx, edition.id)
        row = explain.letter(tx, present.id, address_key)
        happened = explain.events(tx, row.id) if row else []
        reason = (
            _why(tx, present, row, happened)
            if row
            else why_absent(tx, newsletter, present, address_key)
        )
        if reason.code == "never-subscribed" and asked.among(tx, newsletter.name, [box.address]):
            reason = Reason("unconfirmed", "the address was asked, and has not confirmed")
        moments = [
            *_of_reader(tx, newsletter, address_key),
            *_of_edition(present),
            *(Moment(one.at, one.kind, one.attempt, one.detail) for one in happened),
            *_of_address(tx, address_key),  # after the refusal that was its cause
        ]
    return Explanation(
        edition=present.name,
        code=reason.code,
        text=reason.text,
        key=row.key if row else None,
        variant_id=row.variant_id if row else None,
        is_written=bool(row and row.is_written),
        moments=tuple(sorted(moments, key=lambda one: one.at)),
    )


def _of_reader(tx: Transaction, newsletter: Newsletter, address_key: bytes) -> list[Moment]:
    member = explain.member(tx, address_key, newsletter.name)
    consents = readers.consents(tx, member.id) if member else ()
    return [Moment(one.at, f"subscription {one.kind}", 0, one.source) for one in consents]


def _of_address(tx: Transaction, address_key: bytes) -> list[Moment]:
    found = suppressions.find(tx, address_key)
    if found is None:
        return []
    return [Moment(found.at, "address suppressed", 0, f"{found.reason}: {found.evidence}")]


def _of_edition(edition: Edition) -> list[Moment]:
    found = [Moment(edition.created, "edition cut", 0, f"news up to {edition.cut}")]
    if edition.started:
        found.append(Moment(edition.started, "edition started", 0, "audience frozen"))
    return found


def _why(tx: Transaction, edition: Edition, row: LetterRow, happened: list[EventRow]) -> Reason:
    said = happened[-1].detail if happened else ""
    match row.state:
        case DeliveryState.SENT:
            text = f"sent: {said}"
        case DeliveryState.FAILED:
            text = f"failed, since a server refused the {row.reason or 'letter too often'}: {said}"
        case DeliveryState.UNKNOWN:
            heard = next((one.detail for one in reversed(happened) if one.attempt), said)
            text = (
                f"it may have arrived, nobody can say ({heard}); it is not sent again by itself. "
                f"See: syndicate deliveries uncertain {edition.name}"
            )
        case DeliveryState.CANCELLED:
            text = _why_cancelled(tx, row)
        case DeliveryState.SENDING:
            text = "it is being sent just now"
        case _:
            text = _why_waiting(tx, edition, row, happened)
    return Reason(row.state.value, text)


def _why_cancelled(tx: Transaction, row: LetterRow) -> str:
    if row.superseded_by is not None:
        later = editions.get(tx, row.superseded_by).name
        return f"superseded by {later} before it was sent: what it held is in that one"
    return _ENDED.get(row.reason or "", f"cancelled: {row.reason}")


def _why_waiting(
    tx: Transaction, edition: Edition, row: LetterRow, happened: list[EventRow]
) -> str:
    if edition.state is EditionState.PAUSED:
        return f"it waits: the edition is paused ({edition.held or 'by an operator'})"
    if since := control.all_paused(tx):
        return f"it waits: all sending is paused since {since:%Y-%m-%d %H:%M} UTC"
    if not row.is_written:
        return "it waits: the letter is not rendered yet"
    tried = [one for one in happened if one.attempt]
    again = f"it waits, not before {row.not_before:%Y-%m-%d %H:%M:%S} UTC"
    if not tried:
        return again
    often = "once" if len(tried) == 1 else f"{len(tried)} times"
    return f"{again}; tried {often}, last: {tried[-1].detail}"
