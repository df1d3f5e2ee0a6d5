"""Why somebody has no row in an edition: the questions of the freeze, asked again in its order."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from syndicate.jobs.slots import membership, slot_of
from syndicate.model import Edition, EditionState, Newsletter, SubscriptionState
from syndicate.store import editions, explain, readers, suppressions
from syndicate.store.database import Transaction
from syndicate.store.explain import MemberRow


class Reason(Struct, frozen=True):
    """A reason: `code` is fixed, `text` a sentence without a personal word."""

    code: str
    text: str


def why_absent(
    tx: Transaction, newsletter: Newsletter, edition: Edition, address_key: bytes
) -> Reason:
    """Say why an address has no row in an edition."""
    if edition.started is None:
        return _not_frozen(tx, edition)
    member = explain.member(tx, address_key, edition.newsletter)
    if member is None:
        return _no_member(tx, edition, address_key)
    case = _Case(tx, newsletter, edition, edition.started, member, address_key)
    for question in _QUESTIONS:
        if reason := question(case):
            return reason
    return Reason(
        "unexplained",
        "no reason is left in the ledger; see: syndicate editions audit " + edition.name,
    )


def _not_frozen(tx: Transaction, edition: Edition) -> Reason:
    if edition.state is not EditionState.CANCELLED:
        return Reason(
            "draft", "the edition waits for approval: who gets it is decided when it starts"
        )
    later = explain.replaced_by(tx, edition)
    if later is not None:
        name = editions.get(tx, later).name
        return Reason("superseded", f"the draft was superseded by {name} before it started")
    return Reason("cancelled", "the edition was cancelled before it started: nobody got it")


def _no_member(tx: Transaction, edition: Edition, address_key: bytes) -> Reason:
    others = explain.newsletters_of(tx, address_key)
    if others:
        text = (
            f"this is an edition of {edition.newsletter}, and the address reads {', '.join(others)}"
        )
        return Reason("other-newsletter", text)
    found = suppressions.find(tx, address_key)
    if found:
        text = f"no subscriber, and suppressed since {_day(found.at)} ({found.reason}: {found.evidence})"
        return Reason("suppressed", text)
    return Reason("never-subscribed", "the address was never subscribed, or its reader was erased")


class _Case(Struct, frozen=True):
    """A subscription without a row in an edition that was started."""

    tx: Transaction
    newsletter: Newsletter
    edition: Edition
    started: datetime
    member: MemberRow
    address_key: bytes

    def last(self, kind: str) -> datetime | None:
        """When the reader last confirmed or left."""
        found = [one.at for one in readers.consents(self.tx, self.member.id) if one.kind == kind]
        return found[-1] if found else None


def _unconfirmed(case: _Case) -> Reason | None:
    if case.member.state is not SubscriptionState.PENDING:
        return None
    text = f"the subscription of {_day(case.member.created)} was not confirmed"
    return Reason("unconfirmed", text)


def _joined_after(case: _Case) -> Reason | None:
    joined = case.last("confirmed") or case.member.created
    if joined <= case.started:
        return None
    text = (
        f"joined on {_day(joined)}, after the edition started on {_day(case.started)}; "
        f"the subscription begins after news {case.member.start}"
    )
    return Reason("joined-after", text)


def _out_of_audience(case: _Case) -> Reason | None:
    """What the newsletter's settings say now: they may have said something else."""
    member = membership(case.newsletter, slot_of(case.newsletter, case.edition))
    why = member.objection(case.tx, case.member.id, case.started)
    return Reason(*_OUT[why]) if why else None


_OUT = {
    "languages": ("other-language", "the newsletter is for other languages (audience.languages)"),
    "tags": ("other-tags", "the reader chose none of the newsletter's tags (audience.tags)"),
    "series": ("other-series", "the reader chose none of its series (audience.series)"),
    "joined": ("joined-too-early", "joined before the newsletter's audience.joined_since"),
}


def _left_before(case: _Case) -> Reason | None:
    left = case.last("left")
    if case.member.state is not SubscriptionState.LEFT or (left and left > case.started):
        return None
    since = f" on {_day(left)}" if left else ""
    return Reason("left-before", f"the reader left{since}, before the edition started")


def _suppressed(case: _Case) -> Reason | None:
    found = suppressions.find(case.tx, case.address_key)
    if found is None or found.at > case.started:
        return None
    text = f"the address is suppressed since {_day(found.at)} ({found.reason}: {found.evidence})"
    return Reason("suppressed", text)


def _held(case: _Case) -> Reason | None:
    if case.member.state is not SubscriptionState.HELD:
        return None
    return Reason("held", "the subscription is held, since letters failed several times in a row")


def _paused(case: _Case) -> Reason | None:
    until = case.member.paused_until
    if until is None or until <= case.started:
        return None
    return Reason("paused", f"the reader paused until {_day(until)}")


def _no_recipient(case: _Case) -> Reason | None:
    if case.edition.recipients is None:
        return None
    name = editions.get(case.tx, case.edition.recipients).name
    if explain.had(case.tx, case.member, case.edition.recipients):
        return Reason("nothing-due", f"nothing that the reader holds of {name} has changed since")
    return Reason("no-recipient", f"it is for the readers of {name}, and this one did not get that")


def _other_cadence(case: _Case) -> Reason | None:
    slot = slot_of(case.newsletter, case.edition)
    cadence = case.member.cadence
    if slot.audience == "article" and cadence != "each":
        return Reason("cadence", f"the subscription is {cadence}, and this is for each article")
    if slot.audience != "calendar":
        return None
    if cadence == "each":
        text = "the subscription wants each article when it appears, not editions of the calendar"
        return Reason("cadence", text)
    periods = membership(case.newsletter, slot).parameters(case.started)
    begins, ends = {"daily": ("day", "day"), "weekly": ("week", "sunday")}.get(
        cadence, ("month", "last")
    )
    before = explain.same_period(
        case.tx, case.member, case.edition.id, periods[begins], periods[ends]
    )
    if before is None:
        return None
    name = editions.get(case.tx, before).name
    text = f"the subscription is {cadence}, and the letter of {name} was that of the same period"
    return Reason("cadence", text)


def _nothing_due(case: _Case) -> Reason | None:
    cut = case.edition.cut
    if explain.cursor_at(case.tx, case.member, case.edition.id) < cut:
        return None
    if explain.had_upto(case.tx, case.member, case.edition.id) >= cut:
        text = f"nothing was due: letters before had held all news up to {cut}"
    else:
        text = (
            f"nothing was due: none of the news up to {cut} was published and wanted by the filters"
        )
    return Reason("nothing-due", text)


def _blocked(case: _Case) -> Reason | None:
    before = explain.earlier(case.tx, case.member, case.edition.id)
    if before is None:
        return None
    name = editions.get(case.tx, before.edition_id).name
    if before.is_open:
        text = (
            f"blocked by the open letter {before.key} of {name}: the news comes when that has ended"
        )
        return Reason("blocked", text)
    if before.last is None or before.last < case.started:
        return None
    text = f"the letter {before.key} of {name} was under way when the edition started; the news came later"
    return Reason("blocked", text)


_QUESTIONS: tuple[Callable[[_Case], Reason | None], ...] = (
    _unconfirmed,
    _joined_after,
    _out_of_audience,
    _left_before,
    _suppressed,
    _held,
    _paused,
    _no_recipient,
    _other_cadence,
    _nothing_due,
    _blocked,
)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
