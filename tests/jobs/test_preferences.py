"""What a reader wants is kept, checked, and obeyed from then on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from syndicate.jobs.preferences import MOST_CHOICES, PreferencesRefused, change, read
from syndicate.model import Cadence, Depth, Event, Filters, Preferences, silent
from syndicate.store import series
from syndicate.store.database import Store
from syndicate.store.schema.people import profile, subscriber
from tests.world import DIGEST, World

ALL = Preferences(
    "ja",
    Cadence.WEEKLY,
    Depth.FULL,
    Filters(("en", "ja"), ("moon", "sea"), ("lens",)),
    hour=20,
    zone="Asia/Tokyo",
    paused_until=datetime(2026, 12, 24, tzinfo=UTC),
)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.join("a@example.com", "b@example.com")
    with store.write() as tx:
        series.add(tx, "lens", "Lens")
    return world


def changed(world: World, wanted: Preferences, number: int = 1) -> Preferences:
    return change(world.store, DIGEST, number, wanted, world.now, silent)


def test_a_new_reader_gets_summaries_daily(world: World) -> None:
    assert read(world.store, 1) == Preferences("en")
    assert read(world.store, 3) is None


def test_what_a_reader_wants_is_kept_and_told_without_an_address(world: World) -> None:
    told: list[Event] = []
    for _ in range(2):
        assert change(world.store, DIGEST, 1, ALL, world.now, told.append) == ALL
    assert read(world.store, 1) == ALL
    assert read(world.store, 2) == Preferences("en")
    assert told == [Event("preferences.changed", {"subscription": 1})]
    with world.store.read() as tx:
        assert list(tx.scalars(select(subscriber.c.language).order_by(subscriber.c.id))) == [
            "ja",
            "en",
        ]


def test_readers_with_the_same_wishes_share_a_profile_whatever_the_order_of_choice(
    world: World,
) -> None:
    changed(world, replace(ALL, filters=Filters(languages=("ja", "en"))))
    changed(world, replace(ALL, filters=Filters(languages=("en", "ja", "en"))), 2)
    with world.store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(profile)) == 2


def test_languages_come_back_in_one_spelling(world: World) -> None:
    wanted = Preferences("JA", filters=Filters(languages=("EN_gb",)))
    assert changed(world, wanted) == Preferences("ja", filters=Filters(languages=("en-GB",)))


def test_tags_are_chosen_by_what_they_are_compared_by(world: World) -> None:
    wanted = Preferences("en", filters=Filters(tags=("Sea", "ＳＥＡ", "moon")))
    assert changed(world, wanted).filters.tags == ("moon", "sea")


def test_a_pause_that_is_over_is_none(world: World) -> None:
    assert changed(world, replace(ALL, paused_until=world.now)).paused_until is None


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("language", {"language": "?"}),
        ("language", {"language": "fr"}),
        ("languages", {"filters": Filters(languages=("not a language",))}),
        ("series", {"filters": Filters(series=("none",))}),
        ("tags", {"filters": Filters(tags=tuple(map(str, range(MOST_CHOICES + 1))))}),
        ("hour", {"hour": 24}),
        ("hour", {"hour": -1}),
        ("zone", {"zone": "Asia/Nowhere"}),
        ("zone", {"zone": "../../etc/passwd"}),
        ("paused_until", {"paused_until": ALL.paused_until + timedelta(days=400)}),  # type: ignore[operator]
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_changes_nothing(
    world: World, field: str, wish: dict[str, Any]
) -> None:
    with pytest.raises(PreferencesRefused) as refused:
        changed(world, replace(ALL, **wish))
    assert refused.value.field == field
    assert read(world.store, 1) == Preferences("en")


def test_only_offered_cadences_can_be_chosen_and_an_earlier_choice_stays(world: World) -> None:
    changed(world, Preferences("en", Cadence.MONTHLY))
    rare = replace(DIGEST, cadences=(Cadence.WEEKLY,))
    for wanted in (Cadence.MONTHLY, Cadence.WEEKLY):
        change(world.store, rare, 1, Preferences("en", wanted), world.now, silent)
    with pytest.raises(PreferencesRefused, match="it offers: weekly"):
        change(world.store, rare, 1, Preferences("en", Cadence.MONTHLY), world.now, silent)


def test_preferences_of_nobody_cannot_be_changed(world: World) -> None:
    with pytest.raises(PreferencesRefused, match="no such subscription"):
        changed(world, ALL, 99)
