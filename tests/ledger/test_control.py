"""Pausing, resuming and cancelling at any moment, on both databases."""

import pytest

from syndicate.cli.control import show_cancellation
from syndicate.jobs import control, evidence
from syndicate.jobs.audit import audit
from syndicate.jobs.control import ControlRefused
from syndicate.jobs.due import due
from syndicate.jobs.recover import LEASE, next_fence
from syndicate.model import Decision, Delivery, DeliveryState, Done, Edition, Event, Retry, silent
from syndicate.store import editions, hot
from syndicate.store.hot import Sender
from tests.ledger.editions import (
    ANN,
    BEN,
    BUSY,
    CAT,
    LOST,
    again,
    mailed,
    name_of,
    state_of,
    states,
)
from tests.world import DIGEST, World

PENDING, SENT, UNKNOWN, CANCELLED = (
    DeliveryState.PENDING,
    DeliveryState.SENT,
    DeliveryState.UNKNOWN,
    DeliveryState.CANCELLED,
)


def ready(world: World) -> Edition:
    """An edition whose three letters wait."""
    world.publish("one")
    world.join(ANN, BEN, CAT)
    edition = world.cut().edition
    assert edition
    return edition


def claimed(world: World, limit: int) -> tuple[list[int], Sender]:
    """Claim rows as a sender does; their numbers and the sender."""
    with world.store.write() as tx:
        rows = hot.claim(tx, limit, world.now)
    return rows, Sender(world.seat().sender_id, next_fence(world.seat()), LEASE)


def pause(world: World, edition: Edition) -> control.Control:
    return control.pause(world.store, edition, world.now, silent)


def cancel(world: World, edition: Edition) -> control.Cancellation:
    return control.cancel(world.store, edition, world.now, silent, yes=True)


def test_a_paused_edition_sends_nothing_until_it_is_resumed(world: World) -> None:
    edition = ready(world)
    report = pause(world, edition)
    assert (report.state, report.changed, report.waiting) == ("paused", True, 3)
    assert world.send().sent == 0
    assert not pause(world, edition).changed
    assert control.resume(world.store, edition, silent).waiting == 3
    assert world.send().sent == 3
    assert not control.resume(world.store, edition, silent).changed


def test_a_pause_is_exact_to_the_letters_not_yet_sending(world: World) -> None:
    edition = ready(world)
    rows, sender = claimed(world, 2)
    with world.store.write() as tx:
        (leaving,) = hot.intend(tx, sender, rows[:1], world.now)
    report = pause(world, edition)
    assert (report.waiting, report.under_way) == (2, 1)
    with world.store.write() as tx:
        assert hot.intend(tx, sender, rows[1:], world.now) == []
        hot.finish(tx, [(leaving, Done(SENT, "250 ok"))], world.now)
    assert sorted(states(world, edition).values()) == [PENDING, PENDING, SENT]


def test_a_pause_of_everything_holds_what_starts_later_and_what_is_claimed(world: World) -> None:
    edition = ready(world)
    rows, sender = claimed(world, 2)
    report = control.pause_all(world.store, world.now, silent)
    assert (report.changed, report.since, report.paused) == (True, world.now, ())
    with world.store.write() as tx:
        assert hot.intend(tx, sender, rows, world.now) == []
    world.publish("two")
    later = again(world)
    assert world.mouth.taken == []
    with world.store.read() as tx:
        assert "deliver" not in [one.verb for one in due(tx, [DIGEST], "v1", world.now)]
    assert not control.pause_all(world.store, world.now, silent).changed
    assert control.resume_all(world.store, silent).changed
    assert not control.resume_all(world.store, silent).changed
    assert world.send().sent == 3
    assert set(states(world, edition).values()) == {CANCELLED}
    assert set(states(world, later).values()) == {SENT}


def test_resuming_everything_leaves_what_was_paused_by_itself(world: World) -> None:
    edition = ready(world)
    pause(world, edition)
    control.pause_all(world.store, world.now, silent)
    assert control.resume(world.store, edition, silent).all_paused
    pause(world, edition)
    assert control.resume_all(world.store, silent).paused == ("digest/1",)
    assert world.send().sent == 0


def test_a_done_edition_can_be_neither_paused_nor_cancelled(world: World) -> None:
    sent = mailed(world)
    for finished in (False, True):
        if finished:
            world.finish()
        with pytest.raises(ControlRefused, match="digest/1 is done already"):
            pause(world, sent.edition)
    for command in (cancel, lambda w, e: control.resume(w.store, e, silent)):
        with pytest.raises(ControlRefused, match="is done already"):
            command(world, sent.edition)


def test_cancelling_tells_first_and_its_news_comes_with_the_next_edition(world: World) -> None:
    edition = ready(world)
    told = control.cancel(world.store, edition, world.now, silent, yes=False)
    assert (told.done, told.cancelled, state_of(world, edition)) == (False, 3, "sending")
    events: list[Event] = []
    report = control.cancel(world.store, edition, world.now, events.append, yes=True)
    assert (report.done, report.cancelled, report.unknown) == (True, 3, 0)
    assert [one.name for one in events] == ["edition.cancelled"]
    assert world.send().sent == 0
    world.publish("two")
    again(world)
    assert world.held() == {address: [("one", "two")] for address in (ANN, BEN, CAT)}
    with pytest.raises(ControlRefused, match="was cancelled before"):
        cancel(world, edition)


def test_cancelling_lets_letters_under_way_finish_and_keeps_no_row_of_theirs_open(
    world: World,
) -> None:
    edition = ready(world)
    rows, sender = claimed(world, 3)
    with world.store.write() as tx:
        first, second = hot.intend(tx, sender, rows[:2], world.now)
    report = cancel(world, edition)
    assert (report.cancelled, report.under_way) == (1, 2)
    with world.store.write() as tx:
        assert hot.intend(tx, sender, rows[2:], world.now) == []
        decisions: list[tuple[Delivery, Decision]] = [
            (first, Done(SENT, "250 ok")),
            (second, Retry(world.now, "451 later")),
        ]
        hot.finish(tx, decisions, world.now)
    with world.store.read() as tx:
        assert "finish" in [one.verb for one in due(tx, [DIGEST], "v1", world.now)]
    world.finish()
    assert sorted(states(world, edition).values()) == [CANCELLED, CANCELLED, SENT]
    assert audit(world.store, edition).holds
    with world.store.read() as tx:
        assert "finish" not in [one.verb for one in due(tx, [DIGEST], "v1", world.now)]


@pytest.mark.parametrize("how", ["pause", "pause all", "cancel"])
def test_a_letter_that_may_have_arrived_is_unknown_again_when_it_is_stopped(
    world: World, how: str
) -> None:
    sent = mailed(world, ann=LOST, ben=LOST)
    evidence.resend(world.store, sent.edition, name_of, world.now, silent, yes=True)
    assert sent.state(ANN) is PENDING
    if how == "pause":
        assert pause(world, sent.edition).unknown == 2
    elif how == "cancel":
        assert cancel(world, sent.edition).unknown == 2
    else:
        control.pause_all(world.store, world.now, silent)
    assert (sent.state(ANN), sent.state(BEN), sent.state(CAT)) == (UNKNOWN, UNKNOWN, SENT)
    assert world.send().sent == 0
    assert audit(world.store, sent.edition).holds


def test_cancelling_says_that_letters_which_may_have_arrived_count_as_had(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = mailed(world, ann=LOST, ben=BUSY, cat=BUSY)
    told = control.cancel(world.store, sent.edition, world.now, silent, yes=False)
    done = cancel(world, sent.edition)
    for report in (told, done):
        assert (report.cancelled, report.unknown) == (2, 1)
        show_cancellation(report, "digest/1")
        said = capsys.readouterr().out
        assert "1 letter may have arrived, and counts as had" in said
        assert ("syndicate deliveries resend digest/1 --missing" in said) == (not report.done)
    world.publish("two")
    cut = world.cut()
    world.render()
    world.send()
    assert cut.edition
    assert world.held() == {ANN: [("two",)], BEN: [("one", "two")], CAT: [("one", "two")]}


def test_a_draft_is_cancelled_and_cannot_be_paused(world: World) -> None:
    world.publish(*(f"number {n}" for n in range(51)))
    world.join(ANN)
    draft = world.cut().edition
    assert draft
    assert draft.started is None
    with pytest.raises(ControlRefused, match="waits for approval"):
        pause(world, draft)
    assert cancel(world, draft).cancelled == 0
    assert state_of(world, draft) == "cancelled"


def test_a_paused_edition_whose_last_letter_ended_is_done_once_it_is_resumed(world: World) -> None:
    edition = ready(world)
    rows, sender = claimed(world, 3)
    with world.store.write() as tx:
        letters = hot.intend(tx, sender, rows, world.now)
    pause(world, edition)
    with world.store.write() as tx:
        hot.finish(tx, [(one, Done(SENT, "250 ok")) for one in letters], world.now)
    world.finish()
    assert state_of(world, edition) == "paused"
    control.resume(world.store, edition, silent)
    assert world.finish() == ("digest/1",)


def test_who_was_left_out_for_a_letter_that_now_waits_in_a_paused_edition_is_not_forgotten(
    world: World,
) -> None:
    first = ready(world)
    rows, sender = claimed(world, 1)
    with world.store.write() as tx:
        (leaving,) = hot.intend(tx, sender, rows, world.now)
    pause(world, first)
    world.publish("two")
    report = world.cut()
    assert report.edition
    assert (report.letters, report.blocked) == (2, 1)
    with world.store.write() as tx:
        hot.finish(tx, [(leaving, Retry(world.now, "451 later"))], world.now)
    world.send()
    world.finish()
    world.render()
    assert world.send().sent == 1
    assert world.finish() == (report.edition.name,)
    assert world.held()[ANN] == [("one", "two")]
    assert audit(world.store, first).cancelled == 3


def test_a_letter_to_be_sent_once_more_is_unknown_again_when_it_is_stopped_before_its_intent(
    world: World,
) -> None:
    sent = mailed(world, ann=LOST)
    evidence.resend(world.store, sent.edition, name_of, world.now, silent, yes=True)
    rows, sender = claimed(world, 16)
    with world.store.write() as tx:
        assert editions.stop(tx, sent.edition.id, "too many refusals")
        assert hot.intend(tx, sender, rows, world.now) == []
    assert sent.state(ANN) is UNKNOWN
    assert audit(world.store, sent.edition).holds
