from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.jobs.due import due, due_slot
from syndicate.jobs.editions import CutRefused, approve, cut
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.recover import LEASE, this_process
from syndicate.jobs.slots import Slot
from syndicate.model import DeliveryState, Done, EditionState, Newsletter, Refused, silent
from syndicate.store import editions, freeze, hot, news, senders, variants
from syndicate.store.database import Store
from syndicate.store.hot import Sender
from syndicate.store.membership import Membership
from tests.world import DIGEST, World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def slot(day: date) -> Slot:
    return Slot(f"{day}T07:00", day)


def cursors(world: World) -> list[int]:
    with world.store.read() as tx:
        return [row[0] for row in tx.execute(text("SELECT cursor FROM subscription ORDER BY id"))]


def test_a_reader_gets_what_was_published_since_the_last_edition_and_each_article_once(
    world: World,
) -> None:
    world.join("a@example.com")
    world.publish("one", "two")
    world.cut()
    world.send()
    world.publish("three")
    world.cut()
    world.send()
    assert world.held() == {"a@example.com": [("one", "two"), ("three",)]}


def test_who_joins_later_gets_no_old_news(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.cut()
    world.send()
    world.join("b@example.com")
    assert world.cut().edition is None
    world.publish("two")
    world.cut()
    world.send()
    assert world.held() == {"a@example.com": [("one",), ("two",)], "b@example.com": [("two",)]}


def test_readers_with_the_same_news_and_language_share_one_variant(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.join("c@example.com", language="ja")
    world.publish("one")
    report = world.cut()
    assert report.edition
    with world.store.read() as tx:
        found = variants.of_edition(tx, report.edition.id)
    assert sorted(one.language for one in found) == ["en", "ja"]


def test_an_edition_without_anybody_due_is_not_made(world: World) -> None:
    world.publish("one")
    assert world.cut().reason == "no active subscriber is due a letter now"
    world.join("a@example.com")
    world.cut()
    world.send()
    world.pass_time(days=1)
    assert world.cut().reason == "nothing is new to the active subscribers, 1 in all"
    with world.store.read() as tx:
        assert [one.name for one in editions.listed(tx)] == ["digest/1"]


def test_a_slot_is_cut_once_whoever_asks_and_however_often(world: World) -> None:
    world.join(*(f"r{n}@example.com" for n in range(20)))
    world.publish("one")
    monday = slot(date(2026, 11, 23))

    def once(_: int) -> int:
        return cut(world.store, DIGEST, monday, "v1", world.now, silent).letters

    with ThreadPoolExecutor(8) as threads:
        letters = list(threads.map(once, range(8)))
    assert sorted(letters) == [0] * 7 + [20]
    with world.store.read() as tx:
        assert len(editions.listed(tx)) == 1


def test_an_empty_cut_of_a_slot_is_not_repeated_when_news_come_after_it(world: World) -> None:
    world.join("a@example.com")
    monday = slot(date(2026, 11, 23))
    assert world.cut(monday).edition is None
    world.publish("one")
    assert world.cut(monday).reason == "the slot 2026-11-23T07:00 was cut before"
    assert world.cut(slot(date(2026, 11, 24))).letters == 1


def test_a_daily_reader_gets_one_scheduled_letter_a_day(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.cut(Slot("2026-11-23T07:00", date(2026, 11, 23)))
    world.send()
    world.publish("two")
    assert world.cut(Slot("2026-11-23T19:00", date(2026, 11, 23))).edition is None
    assert world.cut(slot(date(2026, 11, 24))).letters == 1


@pytest.mark.parametrize(
    ("cadence", "next_day", "next_month"),
    [("daily", 1, 1), ("weekly", 0, 1), ("monthly", 0, 1), ("each", 0, 0)],
)
def test_cadence_decides_who_is_due_at_a_slot(
    world: World, cadence: str, next_day: int, next_month: int
) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.cut(slot(date(2026, 11, 23)))
    world.send()
    with world.store.write() as tx:
        tx.execute(text("UPDATE subscription SET cadence = :cadence"), {"cadence": cadence})
    world.publish("two")
    assert world.cut(slot(date(2026, 11, 24))).letters == next_day
    world.publish("three")
    assert world.cut(slot(date(2026, 12, 1))).letters == next_month


def test_a_waiting_letter_is_replaced_and_its_news_join_the_next(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.cut()
    world.publish("two")
    world.pass_time(days=1)
    assert world.cut().letters == 1
    world.send()
    assert world.held() == {"a@example.com": [("one", "two")]}


def test_a_reader_with_a_letter_under_way_is_left_out_and_gets_the_news_later(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.publish("one")
    world.cut()
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET state = 'sending', fence = 1 WHERE id = 1"))
    world.publish("two")
    world.pass_time(hours=1)
    report = world.cut()
    assert (report.letters, report.blocked) == (1, 1)
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET state = 'pending' WHERE id = 1"))
    world.send()
    world.pass_time(hours=1)
    world.cut()
    world.send()
    assert world.held() == {
        "a@example.com": [("one",), ("two",)],
        "b@example.com": [("one", "two")],
    }


def test_who_left_before_the_intent_is_not_mailed(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.publish("one")
    world.cut()
    unsubscribe(world.store, 1, "test", world.now, silent)
    report = world.send()
    assert report.sent == 1
    assert list(world.held()) == ["b@example.com"]


def test_who_is_suppressed_is_neither_frozen_nor_mailed(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.publish("one")
    world.cut()
    with world.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO suppression (address_key, reason, at, evidence) "
                "SELECT address_key, 'complaint', 0, '' FROM subscriber WHERE id = 1"
            )
        )
    assert world.send().sent == 1
    world.publish("two")
    assert world.cut().letters == 1


def test_an_edition_of_leftovers_alone_takes_no_number(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.publish("one")
    world.cut()
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET state = 'failed' WHERE subscription = 1"))
    world.send()
    world.pass_time(days=1)
    report = world.cut()
    assert report.edition
    assert (report.edition.number, report.letters) == (None, 1)
    assert report.edition.name == f"digest/@{report.edition.id}"
    world.publish("two")
    world.send()
    world.pass_time(days=1)
    second = world.cut().edition
    assert second
    assert second.number == 2


def test_more_news_than_anybody_meant_wait_for_approval(world: World) -> None:
    world.join("a@example.com")
    world.publish(*(f"article {n}" for n in range(51)))
    report = world.cut()
    assert report.edition
    assert report.edition.state is EditionState.DRAFT
    assert report.reason.startswith("51 articles are more than 50")
    started = approve(world.store, DIGEST, report.edition, "v1", world.now, silent, "us")
    assert started.letters == 1


def test_a_slot_missed_by_hours_waits_for_approval(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.pass_time(days=3, hours=8)
    with world.store.read() as tx:
        late = due_slot(tx, DIGEST, world.now)
    assert late
    assert late == Slot("2026-11-26T07:00", date(2026, 11, 26), late=True)
    assert "missed by hours" in world.cut(late).reason


def test_of_several_missed_slots_only_the_latest_counts(world: World) -> None:
    world.publish("one")
    world.pass_time(days=5, hours=2)
    with world.store.read() as tx:
        found = due_slot(tx, DIGEST, world.now)
    assert found
    assert (found.name, found.late) == ("2026-11-28T07:00", False)
    world.cut(found)
    with world.store.read() as tx:
        assert due_slot(tx, DIGEST, world.now) is None


def test_a_newsletter_has_no_slots_before_its_creation(world: World) -> None:
    with world.store.write() as tx:
        news.enrol(tx, "digest", world.now)
        assert due_slot(tx, DIGEST, world.now) is None
        assert due_slot(tx, DIGEST, world.now + timedelta(minutes=59)) is None
        assert due_slot(tx, DIGEST, world.now + timedelta(minutes=60)) is not None


def test_a_new_draft_takes_the_place_of_an_older_one(world: World) -> None:
    careful = replace(DIGEST, approval="required")
    world.join("a@example.com")
    world.publish("one")
    first = world.cut(newsletter=careful).edition
    world.pass_time(hours=1)
    second = world.cut(newsletter=careful).edition
    assert first
    assert second
    with world.store.read() as tx:
        assert editions.get(tx, first.id).state is EditionState.CANCELLED
        assert editions.get(tx, second.id).state is EditionState.DRAFT


def test_a_freeze_may_be_repeated(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    report = world.cut()
    assert report.edition
    membership = Membership("digest", world.now.date(), "all")
    with world.store.write() as tx:
        chosen = [freeze.Choice(one, 1) for one in freeze.groups(tx, membership, world.now)]
        again = freeze.freeze(
            tx, report.edition.id, membership, chosen, 1, lambda _hour, _zone: world.now, world.now
        )
    assert again.letters == 0


def test_members_with_nothing_due_move_to_the_cut(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    world.cut()
    world.send()
    world.publish("two")
    with world.store.write() as tx:
        tx.execute(text("UPDATE article SET state = 'withdrawn' WHERE title = 'two'"))
    world.join("b@example.com")
    with world.store.write() as tx:
        tx.execute(text("UPDATE subscription SET cursor = 0, start = 0 WHERE id = 2"))
    world.pass_time(hours=1)
    world.cut()
    assert cursors(world) == [2, 0]


def test_the_work_that_is_due_has_a_key_and_is_done_once_it_is_done(world: World) -> None:
    def keys() -> set[str]:
        with world.store.read() as tx:
            return {work.key for work in due(tx, [DIGEST], "v1", world.now)}

    world.publish("one")
    world.join("a@example.com")
    assert keys() == {"publish:1"}
    world.pass_time(hours=2)
    assert "cut:digest:2026-11-23T07:00" in keys()
    found = due_slot_of(world, DIGEST)
    cut(world.store, DIGEST, found, "v1", world.now, silent)
    assert keys() == {"publish:2", "render"}
    world.render()
    assert keys() == {"publish:2", "deliver"}
    world.send()
    assert keys() == {"publish:2", "finish"}
    world.finish()
    assert keys() == {"publish:2"}


def due_slot_of(world: World, newsletter: Newsletter) -> Slot:
    with world.store.read() as tx:
        found = due_slot(tx, newsletter, world.now)
    assert found
    return found


def test_what_one_reader_missed_for_long_holds_up_nobody(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    for day in range(DIGEST.most_news + 2):
        world.mouth.answers["b@example.com"] = [Refused("552 5.2.2 full", 552, "message")]
        world.publish(f"day {day}")
        assert not world.cut().reason
        world.send()
        world.pass_time(days=1)
    assert len(world.held()["a@example.com"]) == DIGEST.most_news + 2


def test_a_draft_is_approved_once(world: World) -> None:
    world.join("a@example.com")
    world.publish("one")
    draft = world.cut(newsletter=replace(DIGEST, approval="required")).edition
    assert draft
    first, second = (
        approve(world.store, DIGEST, draft, "v1", world.now, silent, "us") for _ in range(2)
    )
    assert first.letters == 1
    assert second.reason == "it was started before"


def test_a_draft_whose_place_another_took_is_not_said_to_have_been_started(world: World) -> None:
    """Who approves has looked at it, and has not seen the one that was cut meanwhile."""
    asking = replace(DIGEST, approval="required")
    world.join("a@example.com")
    world.publish("one")
    draft = world.cut(newsletter=asking).edition
    assert draft
    world.publish("two")
    world.cut(newsletter=asking)
    with pytest.raises(CutRefused, match=r"digest/@1 is no draft .* cancelled \(superseded\)"):
        approve(world.store, DIGEST, draft, "v1", world.now, silent, "us")


def test_who_was_left_out_is_frozen_when_his_earlier_letter_has_ended(world: World) -> None:
    world.join("a@example.com", "b@example.com")
    world.publish("one")
    world.cut()
    with world.store.write() as tx:
        other = senders.register(tx, this_process(), world.now)
        claimed = hot.claim(tx, 1, world.now)
        (under_way,) = hot.intend(tx, Sender(other, 5, LEASE), claimed, world.now)
    world.publish("two")
    world.pass_time(days=1)
    report = world.cut()
    assert (report.letters, report.blocked) == (1, 1)
    world.send()
    assert world.finish() == ()
    with world.store.write() as tx:
        hot.finish(tx, [(under_way, Done(DeliveryState.SENT, "250"))], world.now)
    assert world.finish() == ("digest/1",)
    world.render()
    assert world.send().sent == 1
    assert world.finish() == ("digest/2",)
    assert world.held() == {
        "a@example.com": [("two",)],
        "b@example.com": [("one", "two")],
    }
