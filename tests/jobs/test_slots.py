"""What an edition is cut for, and whether a schedule keeps what cadences promise."""

import pytest
from msgspec.structs import replace

from syndicate.jobs.slots import (
    Slot,
    at_hour,
    broken_promise,
    schedule,
    slot_by_hand,
    slot_of_article,
)
from syndicate.model import Cadence
from tests.conftest import NOW
from tests.world import DIGEST


def test_a_slot_names_its_audience() -> None:
    day = NOW.date()
    assert Slot("2026-11-23T07:00", day).audience == "calendar"
    assert slot_by_hand(DIGEST, NOW).audience == "all"
    assert slot_by_hand(DIGEST, NOW, 7).audience == "recipients"
    assert slot_of_article(DIGEST, "3", NOW) == Slot("article:3", day)
    assert slot_of_article(DIGEST, "3", NOW).audience == "article"


def test_an_hour_in_a_zone_that_is_unknown_here_is_one_of_the_newsletters() -> None:
    slot = slot_by_hand(DIGEST, NOW)
    assert at_hour(DIGEST, slot, 7, "Mars/Phobos", NOW) == at_hour(DIGEST, slot, 7, None, NOW)


def test_a_newsletter_without_a_crontab_line_has_no_schedule() -> None:
    assert schedule(replace(DIGEST, cron="")) is None


@pytest.mark.parametrize(
    ("cron", "kept"),
    [
        ("0 7 * * *", {"daily", "weekly", "monthly"}),
        ("30 6,18 * * *", {"daily", "weekly", "monthly"}),
        ("0 7 * * mon-fri", {"weekly", "monthly"}),
        ("0 7 * * mon", {"weekly", "monthly"}),
        ("0 7 1 * *", {"monthly"}),
        ("0 7 1 1,7 *", set()),
        ("0 7 29 2 *", set()),
        ("", set()),
    ],
)
def test_a_schedule_keeps_the_cadences_that_come_no_oftener(cron: str, kept: set[str]) -> None:
    newsletter = replace(DIGEST, cron=cron)
    found = {one.value for one in Cadence if broken_promise(newsletter, one, NOW) is None}
    assert found == {"each", *kept}
