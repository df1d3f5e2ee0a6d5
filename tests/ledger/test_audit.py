"""The account of an edition: it holds in every state, and each broken rule is found."""

import pytest

from syndicate.jobs.audit import audit
from tests.ledger.editions import BUSY, LOST, REFUSED, execute, mailed
from tests.world import World


def test_the_account_holds_while_letters_are_in_every_state(world: World) -> None:
    sent = mailed(world, ann=LOST, ben=REFUSED)
    report = audit(world.store, sent.edition)
    assert report.holds
    assert report.equation == "frozen 3 = sent 1 + failed 1 + unknown 1 + cancelled 0 + pending 0"


def test_what_waits_to_be_tried_again_is_pending(world: World) -> None:
    report = audit(world.store, mailed(world, ann=BUSY).edition)
    assert (report.holds, report.sent, report.pending) == (True, 2, 1)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE delivery SET state = 'lost' WHERE id = 2", "is in no known state"),
        ("DELETE FROM delivery_event WHERE delivery = 2", "has no event by which it was accepted"),
        ("UPDATE delivery SET state = 'cancelled', reason = NULL WHERE id = 2", "has no reason"),
        (
            "UPDATE subscription SET cursor = 0 WHERE id = 2",
            "the cursor of its subscription is before what it held",
        ),
        (
            "UPDATE delivery SET state = 'unknown' WHERE id = 2",
            "was not noted as ever unknown",
        ),
        (
            "UPDATE delivery SET state = 'failed', was_unknown = 1 WHERE id = 2",
            "was unknown once, and may end only sent or unknown",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_named(world: World, statement: str, fault: str) -> None:
    sent = mailed(world)
    execute(world, statement)
    report = audit(world.store, sent.edition)
    assert not report.holds
    assert [(one.key, one.fault) for one in report.faults] == [("e:1:2", fault)]
    assert (report.frozen, report.faulty) == (3, 1)


def test_a_row_that_is_gone_is_missed(world: World) -> None:
    sent = mailed(world)
    execute(world, "DELETE FROM delivery_event WHERE delivery = 2")
    execute(world, "DELETE FROM delivery WHERE id = 2")
    report = audit(world.store, sent.edition)
    assert (report.holds, report.frozen, report.rows, report.faulty) == (False, 3, 2, 0)


def test_a_letter_that_was_accepted_twice_is_named(world: World) -> None:
    sent = mailed(world)
    execute(
        world,
        "INSERT INTO delivery_event (delivery, at, attempt, kind, detail) VALUES (2, 0, 2, 'sent', '250')",
    )
    (fault,) = audit(world.store, sent.edition).faults
    assert (fault.key, fault.fault) == ("e:1:2", "was accepted more than once")


def test_a_row_that_waits_in_an_edition_at_its_end_is_named(world: World) -> None:
    sent = mailed(world, ann=BUSY)
    execute(world, "UPDATE edition SET state = 'done'")
    (fault,) = audit(world.store, sent.edition).faults
    assert fault.fault == "waits in an edition that is at its end"
