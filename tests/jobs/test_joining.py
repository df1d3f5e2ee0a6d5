"""Many readers at once get what each of them would get alone, on both databases."""

from collections.abc import Iterable

import pytest
from sqlalchemy import event

from syndicate.jobs import subscribe
from syndicate.jobs.readers import describe, remove
from syndicate.jobs.sheet import BATCH
from syndicate.jobs.subscribe import Added, Consent, Person
from syndicate.model import Refused, silent
from syndicate.store import news
from syndicate.store.database import Store
from tests.world import KEYS, World

CONSENT = Consent("import people.csv", "form 7")


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def take(world: World, people: Iterable[Person], newsletter: str = "digest") -> Added:
    lines = list(enumerate(people, 2))
    with world.store.write() as tx:
        news.enrol(tx, newsletter, world.now)
    return subscribe.add(world.store, KEYS, newsletter, "en", lines, CONSENT, world.now, silent)


def test_every_rule_holds_within_one_batch(world: World) -> None:
    world.publish("one")
    world.join("left@example.com", "bad@example.com", "old@example.com", "same@example.com")
    world.cut()
    world.mouth.answers["bad@example.com"] = [Refused("550 5.1.1 no such user", 550, "address")]
    world.send()
    remove(world.store, KEYS, "left@example.com", None, CONSENT, world.now, silent)
    report = take(
        world,
        [
            Person("left@example.com", "Lee", "ja"),
            Person("BAD@example.com"),
            Person("nonsense"),
            Person("old@example.com", "Olga", "ja"),
            Person("same@example.com", "", "en"),
            Person("new@example.com", "Nell"),
            Person("lost@example.com", "", "Japanese"),
            Person("New@Example.com", "Nelly", "ja"),
            Person("old@example.com", "Olga"),
            Person("new@example.com", "Nelly"),
        ],
    )
    assert (report.added, report.changed, report.unchanged) == (1, 2, 3)
    assert (report.left, report.suppressed) == (1, 1)
    assert [line for line, _ in report.refused] == [4, 8]
    for address, name, language in (
        ("new@example.com", "Nelly", "ja"),
        ("old@example.com", "Olga", "ja"),
        ("left@example.com", "", "en"),
    ):
        reader = describe(world.store, KEYS, address)
        assert (reader.name, reader.language) == (name, language)
        assert reader.memberships[0].subscription.language == language
    (membership,) = describe(world.store, KEYS, "new@example.com").memberships
    (consent,) = membership.consent
    assert (consent.kind, consent.source, consent.evidence) == (
        "confirmed",
        CONSENT.source,
        CONSENT.evidence,
    )


def test_who_is_new_gets_only_what_comes_after(world: World) -> None:
    world.publish("one")
    world.join("first@example.com")
    world.cut()
    world.send()
    take(world, [Person(f"r{n}@example.com") for n in range(5)])
    world.publish("two")
    world.cut()
    world.send()
    assert world.held() == {
        "first@example.com": [("one",), ("two",)],
        **{f"r{n}@example.com": [("two",)] for n in range(5)},
    }


def test_a_reader_of_another_newsletter_keeps_name_and_language(world: World) -> None:
    world.join("ann@example.com", language="ja")
    assert take(world, [Person("ann@example.com")], "weekly").added == 1
    ann = describe(world.store, KEYS, "ann@example.com")
    assert {one.subscription.newsletter: one.subscription.language for one in ann.memberships} == {
        "digest": "ja",
        "weekly": "ja",
    }


def test_a_batch_costs_a_few_statements(world: World) -> None:
    asked: list[str] = []
    event.listen(
        world.store.writer,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    people = [Person(f"r{n}@example.com") for n in range(BATCH)]
    assert take(world, people).added == BATCH
    first = len(asked)
    assert take(world, people).unchanged == BATCH
    assert first < 40
    assert len(asked) - first < 40
