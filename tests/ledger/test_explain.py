"""Why somebody did or did not get an edition: a story for each answer, on both databases."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from syndicate import tokens
from syndicate.jobs import control, evidence, subscribe
from syndicate.jobs.explain import Explanation, explain_delivery
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.slots import Slot
from syndicate.model import Edition, Newsletter, Refused, Unknown, silent
from syndicate.store import suppressions
from tests.ledger.editions import (
    ANN,
    BEN,
    BUSY,
    CAT,
    LOST,
    REFUSED,
    again,
    execute,
    mailed,
    name_of,
)
from tests.world import DIGEST, KEYS, World

OTHER = Newsletter("letters", "Letters", "0 7 * * *", "UTC", "en")
Story = Callable[[World], Edition]


def explain(world: World, edition: Edition, address: str = ANN) -> Explanation:
    newsletter = {one.name: one for one in (DIGEST, OTHER)}[edition.newsletter]
    return explain_delivery(world.store, KEYS, newsletter, edition, address)


def ready(world: World, *readers: str) -> Edition:
    world.publish("one")
    world.join(*readers)
    edition = world.cut().edition
    assert edition
    return edition


def leave(world: World) -> None:
    unsubscribe(world.store, 1, "test", world.now, silent)


def suppress(world: World) -> None:
    with world.store.write() as tx:
        key = tokens.address_key(KEYS, ANN)
        suppressions.suppress(tx, key, "complaint", "said spam", world.now)


def sent(world: World) -> Edition:
    return mailed(world).edition


def failed(world: World) -> Edition:
    return mailed(world, ann=REFUSED).edition


def unknown(world: World) -> Edition:
    return mailed(world, ann=LOST).edition


def deferred(world: World) -> Edition:
    return mailed(world, ann=BUSY).edition


def waiting(world: World) -> Edition:
    return ready(world, ANN)


def paused(world: World) -> Edition:
    edition = ready(world, ANN)
    control.pause(world.store, edition, world.now, silent)
    return edition


def all_paused(world: World) -> Edition:
    edition = ready(world, ANN)
    control.pause_all(world.store, world.now, silent)
    return edition


def sending(world: World) -> Edition:
    edition = ready(world, ANN)
    execute(world, "UPDATE delivery SET state = 'sending'")
    return edition


def superseded_row(world: World) -> Edition:
    edition = ready(world, ANN)
    world.publish("two")
    world.cut()
    return edition


def left_while_waiting(world: World) -> Edition:
    edition = ready(world, ANN)
    leave(world)
    world.send()
    return edition


def suppressed_while_waiting(world: World) -> Edition:
    edition = ready(world, ANN)
    suppress(world)
    world.send()
    return edition


def cancelled_after_freeze(world: World) -> Edition:
    edition = ready(world, ANN)
    control.cancel(world.store, edition, world.now, silent, yes=True)
    return edition


def draft(world: World) -> Edition:
    world.publish(*(f"number {n}" for n in range(51)))
    world.join(ANN)
    edition = world.cut().edition
    assert edition
    return edition


def cancelled_draft(world: World) -> Edition:
    edition = draft(world)
    control.cancel(world.store, edition, world.now, silent, yes=True)
    return edition


def superseded_draft(world: World) -> Edition:
    edition = draft(world)
    world.publish("more")
    world.cut()
    return edition


def never(world: World) -> Edition:
    return ready(world, BEN)


def other_newsletter(world: World) -> Edition:
    edition = ready(world, BEN)
    people = [(1, subscribe.Person(ANN))]
    consent = subscribe.Consent("test")
    subscribe.add(world.store, KEYS, "letters", "en", people, consent, world.now, silent)
    return edition


def unconfirmed(world: World) -> Edition:
    world.join(ANN)
    execute(world, "UPDATE subscription SET state = 'pending'")
    return ready(world, BEN)


def left_before(world: World) -> Edition:
    world.join(ANN)
    leave(world)
    return ready(world, BEN)


def suppressed_before(world: World) -> Edition:
    world.join(ANN)
    suppress(world)
    return ready(world, BEN)


def held(world: World) -> Edition:
    world.join(ANN)
    execute(world, "UPDATE subscription SET state = 'held'")
    return ready(world, BEN)


def joined_after(world: World) -> Edition:
    edition = ready(world, BEN)
    world.pass_time(minutes=1)
    world.join(ANN)
    return edition


def nothing_due(world: World) -> Edition:
    ready(world, ANN)
    world.send()
    world.join(BEN)
    execute(world, "UPDATE subscription SET start = 0, cursor = 0 WHERE id = 2")
    return again(world)


def nothing_wanted(world: World) -> Edition:
    """Ann's cursor passed the news without a letter: as when no filter of hers lets it through."""
    world.publish("one")
    world.join(ANN, BEN)
    execute(world, "UPDATE subscription SET cursor = 1 WHERE id = 1")
    return again(world)


def same_day(world: World) -> Edition:
    day = world.now.date()
    world.publish("one")
    world.join(ANN)
    world.cut(Slot(f"{day}T07:00", day))
    world.send()
    world.publish("two")
    world.pass_time(minutes=1)
    world.join(BEN)
    execute(world, "UPDATE subscription SET start = 0, cursor = 0 WHERE id = 2")
    edition = world.cut(Slot(f"{day}T08:00", day)).edition
    assert edition
    return edition


def wants_each(world: World) -> Edition:
    world.publish("one")
    world.join(ANN, BEN)
    execute(world, "UPDATE subscription SET cadence = 'each' WHERE id = 1")
    day = world.now.date() + timedelta(days=1)
    edition = world.cut(Slot(f"{day}T07:00", day)).edition
    assert edition
    return edition


def blocked(world: World) -> Edition:
    first = mailed(world, ann=Unknown("lost"))
    evidence.resend(world.store, first.edition, name_of, world.now, silent, yes=True)
    world.publish("two")
    edition = world.cut().edition
    assert edition
    return edition


def was_blocked(world: World) -> Edition:
    """Ann's letter was under way at the freeze, and it ended when a later edition was the latest."""
    edition = blocked(world)
    execute(world, "UPDATE edition SET state = 'done' WHERE id = 2")
    world.pass_time(minutes=1)
    world.send()
    return edition


def unexplained(world: World) -> Edition:
    edition = ready(world, ANN, BEN)
    execute(world, "DELETE FROM delivery WHERE id = 1")
    return edition


STORIES: list[tuple[Story, str, str]] = [
    (sent, "sent", "sent: 250 ok"),
    (failed, "failed", "refused the address: 550 5.1.1 no such user"),
    (unknown, "unknown", r"may have arrived.*connection lost after the body.*uncertain digest/1"),
    (deferred, "pending", "not before 2026-11-23 06:0.*tried once, last: 451 4.7.1 come back"),
    (waiting, "pending", "it waits, not before"),
    (paused, "pending", r"the edition is paused \(by an operator\)"),
    (all_paused, "pending", "all sending is paused since 2026-11-23 06:00"),
    (sending, "sending", "being sent just now"),
    (superseded_row, "cancelled", "superseded by digest/2 before it was sent"),
    (left_while_waiting, "cancelled", "the reader had left before it was sent"),
    (suppressed_while_waiting, "cancelled", "the address was suppressed before it was sent"),
    (cancelled_after_freeze, "cancelled", "its edition was cancelled before it was sent"),
    (draft, "draft", "waits for approval"),
    (cancelled_draft, "cancelled", "cancelled before it started: nobody got it"),
    (superseded_draft, "superseded", "the draft was superseded by digest/draft"),
    (never, "never-subscribed", "never subscribed"),
    (other_newsletter, "other-newsletter", "an edition of digest, and the address reads letters"),
    (unconfirmed, "unconfirmed", "was not confirmed"),
    (left_before, "left-before", "left on 2026-11-23 06:00 UTC, before the edition started"),
    (suppressed_before, "suppressed", r"since 2026-11-23 06:00 UTC \(complaint: said spam\)"),
    (held, "held", "letters failed several times"),
    (joined_after, "joined-after", "joined on 2026-11-23 06:01 .* begins after news 1"),
    (nothing_wanted, "nothing-due", "none of the news up to 1 was published and wanted"),
    (nothing_due, "nothing-due", "letters before had held all news up to 1"),
    (same_day, "cadence", "is daily, and the letter of digest/1 was that of the same period"),
    (wants_each, "cadence", "wants each article"),
    (blocked, "blocked", "blocked by the open letter e:1:1 of digest/1"),
    (was_blocked, "blocked", "e:1:1 of digest/1 was under way when the edition started"),
    (unexplained, "unexplained", "editions audit digest/1"),
]


@pytest.mark.parametrize(
    ("story", "code", "text_"), STORIES, ids=[story.__name__ for story, _, _ in STORIES]
)
def test_the_ledger_explains(world: World, story: Story, code: str, text_: str) -> None:
    found = explain(world, story(world))
    assert found.code == code
    assert re.search(text_, found.text), found.text
    assert ANN not in repr(found)


def test_every_attempt_reply_and_event_is_told_in_order(world: World) -> None:
    edition = mailed(world, ann=BUSY).edition
    world.pass_time(hours=1)
    world.mouth.answers[ANN] = [LOST]
    world.send()
    world.pass_time(hours=1)
    evidence.resend(world.store, edition, name_of, world.now, silent, yes=True)
    world.mouth.answers[ANN] = [Refused("550 5.1.1 gone", 550, "address")]
    world.send()
    found = explain(world, edition)
    assert [(one.what, one.attempt, one.detail) for one in found.moments] == [
        ("subscription confirmed", 0, "test"),
        ("edition cut", 0, "news up to 1"),
        ("edition started", 0, "audience frozen"),
        ("pending", 1, BUSY.reply),
        ("unknown", 2, LOST.reply),
        ("pending", 0, "returned to pending by the operator"),
        ("unknown", 3, "550 5.1.1 gone"),
        ("address suppressed", 0, "refused: 550 5.1.1 gone"),
    ]
    assert (found.key, found.code) == ("e:1:1", "unknown")


def test_an_address_is_found_however_it_is_spelled_and_after_its_erasure(world: World) -> None:
    edition = mailed(world).edition
    assert explain(world, edition, "Ann@EXAMPLE.com").code == "sent"
    execute(world, "UPDATE subscriber SET address = NULL, address_key = NULL WHERE id = 1")
    assert explain(world, edition).code == "sent"
    with world.store.read() as tx:
        assert tx.scalar(text("SELECT address FROM subscriber WHERE id = 1")) is None


def test_readers_of_one_edition_have_their_own_answers(world: World) -> None:
    edition = mailed(world, ann=LOST, ben=BUSY).edition
    assert [explain(world, edition, one).code for one in (ANN, BEN, CAT)] == [
        "unknown",
        "pending",
        "sent",
    ]
