"""Readers and letters as an operator sees and changes them, on both databases."""

import pytest

from syndicate.errors import AddressRefused
from syndicate.jobs import subscribe
from syndicate.jobs.editions import Cut, cut, proof
from syndicate.jobs.readers import ReaderUnknownError, Removed, describe, remove
from syndicate.jobs.slots import slot_by_hand
from syndicate.jobs.subscribe import Consent
from syndicate.model import Approval, DeliveryState, Newsletter, Refused, silent
from syndicate.store import letters, subscribers
from syndicate.store.database import Store
from tests.world import DIGEST, KEYS, World

ANN, BEN = "ann@example.com", "ben@example.com"
REQUIRED: Approval = "required"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def add(world: World, *people: subscribe.Person) -> subscribe.Added:
    rows = list(enumerate(people, 1))
    consent = Consent("test")
    return subscribe.add(world.store, KEYS, "digest", "en", rows, consent, world.now, silent)


def taken_out(world: World, address: str, newsletter: str | None = None) -> Removed:
    consent = Consent("operator", "by phone")
    return remove(world.store, KEYS, address, newsletter, consent, world.now, silent)


def test_who_is_added_again_gets_the_new_name_and_language_and_keeps_the_cursor(
    world: World,
) -> None:
    world.publish("one")
    world.join(ANN, BEN)
    world.cut()
    world.send()
    report = add(
        world,
        subscribe.Person(BEN, "Ben", "ja"),
        subscribe.Person(ANN),
        subscribe.Person(BEN, "Ben"),
    )
    assert (report.added, report.changed, report.unchanged) == (0, 1, 2)
    ben = describe(world.store, KEYS, BEN)
    assert (ben.name, ben.language) == ("Ben", "ja")
    (membership,) = ben.memberships
    assert membership.subscription.language == "ja"
    assert describe(world.store, KEYS, ANN).language == "en"
    assert add(world, subscribe.Person(BEN, "Ben", "ja")).unchanged == 1
    assert world.cut().edition is None


def test_who_is_taken_out_gets_no_letter_not_even_one_that_waits(world: World) -> None:
    world.publish("one")
    world.join(ANN, BEN)
    world.cut()
    assert taken_out(world, BEN) == Removed(("digest",), ())
    assert taken_out(world, BEN, "digest") == Removed((), ("digest",))
    assert world.send().sent == 1
    assert list(world.held()) == [ANN]
    (membership,) = describe(world.store, KEYS, BEN).memberships
    assert [(one.kind, one.source, one.evidence) for one in membership.consent] == [
        ("confirmed", "test", ""),
        ("left", "operator", "by phone"),
    ]
    assert add(world, subscribe.Person(BEN, "Benjamin", "ja")).left == 1
    assert describe(world.store, KEYS, BEN).name == ""


def test_nobody_is_taken_out_by_mistake(world: World) -> None:
    world.join(ANN)
    for address, newsletter in ((BEN, None), (ANN, "weekly")):
        with pytest.raises(ReaderUnknownError):
            taken_out(world, address, newsletter)
    with pytest.raises(AddressRefused):
        taken_out(world, "nobody")
    (membership,) = describe(world.store, KEYS, ANN).memberships
    assert membership.subscription.state == "active"


def test_a_refused_address_is_listed_as_suppressed_and_gets_no_further_letter(
    world: World,
) -> None:
    world.publish("one")
    world.join(ANN, BEN)
    edition = world.cut().edition
    assert edition
    reply = "550 5.1.1 No such user"
    world.mouth.answers[BEN] = [Refused(reply, 550, "address")]
    world.send()
    with world.store.read() as tx:
        suppressed = {one.address: one.suppressed for one in subscribers.listed(tx, "digest")}
        (failed,) = letters.of_edition(tx, edition.id, DeliveryState.FAILED)
        everyone = list(letters.of_edition(tx, edition.id))
    assert suppressed == {ANN: None, BEN: f"refused: {reply}"}
    assert (failed.address, failed.reason) == (BEN, reply)
    assert [one.address for one in everyone] == [ANN, BEN]
    world.publish("two")
    assert world.cut().letters == 1
    world.publish("three")
    assert world.cut().letters == 1


def test_an_edition_knows_whose_waiting_letters_it_replaced(world: World) -> None:
    world.publish("one")
    world.join(ANN, BEN)
    first = world.cut().edition
    world.publish("two")
    second = world.cut().edition
    assert first
    assert second
    with world.store.read() as tx:
        assert letters.replaced(tx, second) == {first.id: 2}
        assert letters.replaced(tx, first) == {}


def test_a_draft_is_proofed_in_the_languages_of_those_who_are_due(world: World) -> None:
    newsletter = Newsletter("digest", "Digest", "0 7 * * *", "UTC", "en", approval=REQUIRED)
    world.publish("one")
    world.join(ANN)
    world.join(BEN, language="ja")
    drafts: list[Cut] = []
    for title in ("two", "three"):
        world.publish(title)
        world.pass_time(seconds=1)
        slot = slot_by_hand(newsletter, world.now)
        drafts.append(cut(world.store, newsletter, slot, "v1", world.now, silent))
    draft = drafts[-1].edition
    older = drafts[0].edition
    assert draft
    assert older
    with world.store.read() as tx:
        shown = proof(tx, DIGEST, draft, world.now)
        assert letters.replaced(tx, draft) == {older.id: 0}
    assert list(shown) == ["en", "ja"]
    assert all(len(items) == 3 for items in shown.values())
