"""One trace a rule: it holds on both databases, and fails once the rule is broken."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import ColumnElement, update

from syndicate.model import Decision, Deferred, Delivery, Outcome, Unknown
from syndicate.outbox import retry
from syndicate.outbox.retry import RetryPolicy
from syndicate.store import hot, ledger
from syndicate.store.database import Store, Transaction
from syndicate.store.schema.letters import delivery
from tests.ledger.model import Ledger

Break = Callable[[pytest.MonkeyPatch], None]
Trace = Callable[[Ledger], None]


def fence_of(tx: Transaction, row: int) -> int:
    found = tx.execute(delivery.select().where(delivery.c.id == row)).one()
    return int(found.fence or 0)


def no_fence_in_finish(patch: pytest.MonkeyPatch) -> None:
    finish = hot.finish

    def broken(tx: Transaction, landed: Sequence[tuple[Delivery, Decision]], now: datetime) -> Any:
        return finish(tx, [(one._replace(fence=fence_of(tx, one.id)), d) for one, d in landed], now)

    patch.setattr(hot, "finish", broken)


def ambiguous_is_retried(patch: pytest.MonkeyPatch) -> None:
    decide = retry.decide

    def broken(
        letter: Delivery, outcome: Outcome, now: datetime, policy: RetryPolicy, jitter: float
    ) -> Decision:
        seen = Deferred(outcome.reply) if isinstance(outcome, Unknown) else outcome
        return decide(letter, seen, now, policy, jitter)

    patch.setattr(retry, "decide", broken)


def sending_is_queued_again(patch: pytest.MonkeyPatch) -> None:
    def broken(tx: Transaction, dead: ColumnElement[bool], _now: datetime) -> int:
        held = delivery.c.state == "sending"
        tx.execute(update(delivery).where(held, dead).values(state="pending", sender=None))
        return 0

    patch.setattr(ledger, "settle_dead", broken)


def unknown_keeps_its_cursor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger, "advance_cursors", lambda *_: None)


def opt_out_is_not_looked_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("syndicate.jobs.leave.subscribers.leave", lambda *_: False)


def a_record_repeated(case: Ledger) -> None:
    """The answer to a commit was lost; in the meantime another sends the letter again."""
    case.claim(0, 1)
    case.intend(0)
    case.hand_over(0, "defer")
    case.finish(0)
    case.world.pass_time(hours=1)
    case.claim(1, 1)  # by age: the letters not yet tried come first
    case.claim(2, 16)
    for who in (1, 2):
        case.intend(who)
    case.finish_again(0)
    case.world.pass_time(hours=1)
    case.claim(0, 16)
    for who in (0, 1, 2):
        case.work_off(who)


def a_claim_taken_over(case: Ledger) -> None:
    """A sender sleeps after its claim; when it wakes, another has claimed the same rows."""
    case.claim(0, 16)
    case.expire(0)
    case.claim(1, 16)
    case.work_off(0)
    case.work_off(1)


def a_reply_lost(case: Ledger) -> None:
    """The server took a letter over and nobody heard."""
    case.claim(0, 1)
    case.work_off(0, "taken")


def a_crash_after_the_last_dot(case: Ledger) -> None:
    """The process ends before it has heard."""
    case.claim(0, 2)
    case.intend(0)
    case.crash(0, arrive=True)


def an_edition_after_a_crash(case: Ledger) -> None:
    """Whoever may have had an article is not told of it again."""
    a_crash_after_the_last_dot(case)
    case.world.pass_time(days=1)
    case.cut()


def an_opt_out_before_the_intent(case: Ledger) -> None:
    """A reader leaves when the letter is claimed already."""
    case.claim(0, 16)
    case.unsubscribe(1)
    case.suppress(2)
    case.intend(0)


RULES: list[tuple[Trace, Break, str]] = [
    (a_record_repeated, no_fence_in_finish, "accepted 2 times"),
    (a_reply_lost, ambiguous_is_retried, "accepted 2 times"),
    (a_crash_after_the_last_dot, sending_is_queued_again, "accepted 2 times"),
    (an_edition_after_a_crash, unknown_keeps_its_cursor, "news twice"),
    (an_opt_out_before_the_intent, opt_out_is_not_looked_for, "mail after an opt-out"),
]


@pytest.mark.parametrize("trace", [*(trace for trace, _, _ in RULES), a_claim_taken_over])
def test_the_trace_holds(store: Store, trace: Trace) -> None:
    case = Ledger(store)
    trace(case)
    case.check()
    case.drain()


@pytest.mark.parametrize(("trace", "broken", "found"), RULES)
def test_the_trace_finds_its_rule_broken(
    store: Store, monkeypatch: pytest.MonkeyPatch, trace: Trace, broken: Break, found: str
) -> None:
    def played() -> None:
        trace(case)
        case.drain()

    case = Ledger(store)
    broken(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        played()
