from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate import tokens
from syndicate.articles import transcribe
from syndicate.jobs.explain import explain_delivery
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.plan import plan
from syndicate.jobs.reach import reach, reach_of_cut
from syndicate.jobs.slots import slot_by_hand
from syndicate.model import (
    Article,
    Filters,
    Metadata,
    Narrowing,
    Newsletter,
    Preferences,
    silent,
)
from syndicate.store import (
    editions,
    preferences,
    publication,
    readers,
    subscribers,
    suppressions,
)
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import DIGEST, KEYS, World

LATER = replace(DIGEST, audience=Narrowing(joined_since=NOW.date().replace(day=24)))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def sent(world: World, newsletter: Newsletter) -> list[str]:
    world.cut(newsletter=newsletter)
    before = len(world.mouth.taken)
    world.send()
    world.finish()
    return sorted(letter.recipient for letter in world.mouth.taken[before:])


def test_a_newsletter_goes_to_those_alone_who_joined_on_a_day_or_later(world: World) -> None:
    world.join("early@example.com")
    world.pass_time(days=1)
    world.join("late@example.com")
    world.publish("one")
    assert sent(world, LATER) == ["late@example.com"]
    with world.store.read() as tx:
        edition = editions.get(tx, 1)
    reason = explain_delivery(world.store, KEYS, LATER, edition, "early@example.com")
    assert reason.code == "joined-too-early"
    assert "joined_since" in reason.text


def test_who_was_left_out_gets_what_was_missed_once_the_newsletter_is_for_all(world: World) -> None:
    world.join("early@example.com")
    world.pass_time(days=1)
    world.publish("one")
    assert sent(world, LATER) == []
    world.pass_time(days=1)
    assert sent(world, DIGEST) == ["early@example.com"]


def wants(world: World, address: str, wished: Preferences) -> None:
    """Let a reader join who wishes something."""
    world.join(address, language=wished.language)
    with world.store.write() as tx:
        reader = subscribers.find(tx, key_of(address))
        assert reader
        (one,) = readers.subscriptions(tx, reader.id)
        preferences.put(tx, one.id, wished)


def key_of(address: str) -> bytes:
    return tokens.address_key(KEYS, address)


def narrowed(**audience: object) -> Newsletter:
    return replace(DIGEST, audience=Narrowing(**audience))  # type: ignore[arg-type]


@pytest.fixture
def town(world: World) -> World:
    """Readers who chose this and that, and an article for them all."""
    wants(world, "all@example.com", Preferences("en"))
    wants(world, "british@example.com", Preferences("en-GB"))
    wants(world, "ja@example.com", Preferences("ja"))
    chose = Filters(tags=("music", "sea"))
    wants(world, "music@example.com", Preferences("en", filters=chose))
    wants(world, "houses@example.com", Preferences("ja", filters=Filters(series=("古民家",))))
    world.publish("one")
    return world


def letters(world: World, newsletter: Newsletter) -> dict[str, int]:
    found = reach_of_cut(
        world.store, newsletter, slot_by_hand(newsletter, world.now), None, world.now
    )
    return {"letters": found.letters, **found.left_out}


@pytest.mark.parametrize(
    ("audience", "counts"),
    [
        ({}, {"letters": 3, "nothing-new": 2}),
        ({"languages": ("en",)}, {"letters": 2, "languages": 2, "nothing-new": 1}),
        ({"languages": ("EN-gb", "ja")}, {"letters": 2, "languages": 2, "nothing-new": 1}),
        ({"languages": ("e",)}, {"letters": 0, "languages": 5}),
        ({"tags": ("music",)}, {"letters": 0, "tags": 4, "nothing-new": 1}),
        ({"series": ("古民家", "other")}, {"letters": 0, "series": 4, "nothing-new": 1}),
        (
            {"languages": ("ja",), "series": ("古民家",)},
            {"letters": 0, "languages": 3, "series": 1, "nothing-new": 1},
        ),
    ],
)
def test_an_audience_is_named_by_language_and_by_what_readers_chose(
    town: World, audience: dict[str, tuple[str, ...]], counts: dict[str, int]
) -> None:
    newsletter = narrowed(**audience)
    got = letters(town, newsletter)
    assert {name: count for name, count in got.items() if count} == {
        name: count for name, count in counts.items() if count
    }
    assert len(sent(town, newsletter)) == counts["letters"]  # the freeze asks the same


def test_those_who_chose_a_tag_by_name_get_its_articles_and_no_others_do(town: World) -> None:
    article = replace(Article("tuba", "Low."), metadata=Metadata(tags=("Music",)))
    with town.store.write() as tx:
        origin = publication.fix_origin(tx, "example.com", town.now.date())
        keep(
            tx,
            [Arrival("tuba.txt", transcribe(article), None)],
            origin,
            [DIGEST],
            town.now,
            backlog=False,
        )
    assert sent(town, narrowed(tags=("music",))) == ["music@example.com"]


def test_an_explanation_names_the_part_of_the_audience_that_left_a_reader_out(town: World) -> None:
    sent(town, narrowed(languages=("ja",)))
    with town.store.read() as tx:
        edition = editions.get(tx, 1)
    newsletter = narrowed(languages=("ja",))
    reason = explain_delivery(town.store, KEYS, newsletter, edition, "all@example.com")
    assert reason.code == "other-language"


def test_who_subscribes_anew_joined_with_the_last_confirmation(world: World) -> None:
    world.join("again@example.com")
    with world.store.write() as tx:
        subscribers.leave(tx, 1)
    world.pass_time(days=1)
    with world.store.write() as tx:
        subscribers.come_back(tx, 1, "digest")
        subscribers.record_consent(tx, 1, "confirmed", "web", "", world.now)
    world.publish("one")
    assert sent(world, LATER) == ["again@example.com"]


def test_each_reader_without_a_letter_is_counted_once_with_the_reason(town: World) -> None:
    rests = Preferences("en", paused_until=town.now + timedelta(days=3))
    wants(town, "rests@example.com", rests)
    town.join("barred@example.com", "gone@example.com", "fails@example.com")
    with town.store.write() as tx:
        suppressions.suppress(tx, key_of("barred@example.com"), "bounced", "", town.now)
        tx.execute(text("UPDATE subscription SET state = 'held' WHERE id = 9"))
    unsubscribe(town.store, 8, "web", town.now, silent)
    counts = letters(town, narrowed(languages=("en",)))
    assert counts == {
        "letters": 2,
        "held": 1,
        "languages": 2,
        "paused": 1,
        "suppressed": 1,
        "nothing-new": 1,
    }


def test_asking_for_the_count_begins_nothing(town: World) -> None:
    letters(town, DIGEST)
    with town.store.read() as tx:
        assert not editions.listed(tx)


def test_a_draft_says_who_would_get_it_and_the_plan_who_is_not_meant(town: World) -> None:
    newsletter = replace(narrowed(languages=("ja",)), approval="required")
    report = town.cut(newsletter=newsletter)
    assert report.edition
    found = reach(town.store, newsletter, report.edition, town.now)
    assert (found.letters, found.left_out) == (1, {"languages": 3, "nothing-new": 1})
    coming = plan(town.store, [newsletter], 2, town.now)
    assert [one.readers_left_out for one in coming] == [{"languages": 3}] * len(coming)


def test_a_correction_is_for_all_who_got_the_edition_whoever_is_meant_since(town: World) -> None:
    sent(town, DIGEST)
    slot = slot_by_hand(DIGEST, town.now, recipients=1)
    found = reach_of_cut(town.store, narrowed(languages=("ja",)), slot, None, town.now)
    assert (found.letters, found.left_out) == (0, {"recipients": 2, "nothing-new": 3})
