"""Readers whose address changes while a letter of theirs is on its way, on both databases."""

from syndicate.jobs import evidence
from syndicate.jobs.explain import explain_delivery
from syndicate.model import DeliveryState, silent
from tests.ledger.editions import ANN, BEN, BUSY, LOST, again, mailed, move, name_of, states
from tests.world import DIGEST, KEYS, World

NEW = "new@example.com"


def test_a_letter_that_waits_follows_its_reader(world: World) -> None:
    mailed(world, ann=BUSY)
    move(world, 1, NEW)
    world.pass_time(hours=1)
    assert world.send().sent == 1
    assert world.mouth.taken[-1].recipient == NEW


def test_a_mailbox_gets_one_letter_of_an_edition_though_its_reader_changed(world: World) -> None:
    """Ben left the address that Ann moves to: both have a row, and the second letter is not sent."""
    sent = mailed(world, ann=BUSY)
    move(world, 2, NEW)
    move(world, 1, BEN)
    world.pass_time(hours=1)
    assert world.send().sent == 0
    assert states(world, sent.edition)[BEN] is DeliveryState.CANCELLED
    world.publish("two")
    again(world)
    found = explain_delivery(world.store, KEYS, DIGEST, sent.edition, BEN)
    assert (found.code, "had the new address" in found.text) == ("cancelled", True)
    assert world.held()[BEN] == [("one",), ("one", "two")]


def test_what_may_have_arrived_is_not_sent_once_more_to_another_address(world: World) -> None:
    sent = mailed(world, ann=LOST)
    assert evidence.resend(world.store, sent.edition, name_of, world.now, silent, yes=True).letters
    move(world, 1, NEW)
    assert world.send().sent == 0
    assert states(world, sent.edition)[NEW] is DeliveryState.UNKNOWN


def test_a_letter_is_explained_by_the_address_it_went_to_and_by_its_readers_present_one(
    world: World,
) -> None:
    sent = mailed(world)
    move(world, 1, NEW)
    for address in (ANN, NEW):
        assert explain_delivery(world.store, KEYS, DIGEST, sent.edition, address).code == "sent"
