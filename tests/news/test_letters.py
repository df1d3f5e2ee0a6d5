"""Who gets what, in which letter and when: whole lives of editions on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.jobs import evidence
from syndicate.jobs.editions import Cut, CutRefused, approve
from syndicate.jobs.slots import Slot
from syndicate.model import Article, Cadence, Depth, Edition, Filters, Refused, Unknown, silent
from syndicate.store import editions, variants
from tests.news.paper import Paper

A, B, C = "a@example.com", "b@example.com", "c@example.com"
NEW, CORRECTED, CATCH_UP, OMNIBUS = "new", "corrected", "catch-up", "omnibus"


def slot(day: int, hour: int = 7) -> Slot:
    return Slot(f"2026-11-{day}T{hour:02}:00", date(2026, 11, day))


def approved(paper: Paper, draft: Edition) -> Cut:
    """Approve a draft, and render its letters."""
    report = approve(paper.store, paper.newsletter, draft, "v1", paper.now, silent, "us")
    paper.render()
    return report


def part(number: int, total: int, said: str = "Text.") -> Article:
    following = f"part {number + 1}" if number < total else None
    return Article(f"part {number}", said, next_title=following, language="en")


def test_a_reader_gets_what_passes_the_filters_and_what_did_not_does_not_come_back(
    paper: Paper,
) -> None:
    paper.join(A, B)
    paper.wish(2, filters=Filters(languages=("ja",), tags=("Sea",)))
    paper.write("one", language="en", tags=["sea"])
    paper.write("two", language="ja", tags=["moon"])
    paper.write("three", language="ja", tags=["SEA"])
    paper.mail()
    paper.wish(2, filters=Filters())
    paper.write("four")
    paper.mail()
    assert paper.titles(1) == [{"one": NEW, "two": NEW, "three": NEW}, {"four": NEW}]
    assert paper.titles(2) == [{"three": NEW}, {"four": NEW}]


def test_who_is_due_nothing_moves_on_without_a_letter(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(2, filters=Filters(languages=("ja",)))
    paper.write("one")
    paper.mail()
    paper.wish(2, filters=Filters())
    assert paper.mail().edition is None
    assert paper.titles(2) == []


def test_a_newsletter_takes_up_what_passes_its_own_filters(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, filters=Filters(languages=("ja",)))
    paper.join(A)
    paper.write("one")
    assert paper.mail().edition is None
    paper.write("two", language="ja")
    paper.mail()
    assert paper.titles(1) == [{"two": NEW}]


def test_depth_and_language_make_variants(paper: Paper) -> None:
    paper.join(A, B, C)
    paper.wish(2, depth=Depth.FULL)
    paper.wish(3, depth=Depth.FULL)
    paper.write("one")
    edition = paper.mail().edition
    assert edition
    with paper.store.read() as tx:
        made = {(one.language, one.depth) for one in variants.of_edition(tx, edition.id)}
    assert made == {("en", "summaries"), ("en", "full")}


def test_a_correction_goes_with_the_next_news_to_who_had_the_old_text(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    paper.mail()
    paper.join(B)
    paper.edit("one", "Something else.")
    assert paper.mail().edition is None
    paper.write("two")
    paper.mail()
    assert paper.titles(1) == [{"one": NEW}, {"one": CORRECTED, "two": NEW}]
    assert paper.titles(2) == [{"two": NEW}]
    assert [one.revision for one in paper.got(1)[1]] == [2, 1]
    paper.write("three")
    paper.mail()
    assert paper.titles(1)[2:] == [{"three": NEW}]


def test_a_correction_waits_for_news_while_others_get_theirs(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(1, filters=Filters(languages=("en",)))
    paper.write("one")
    paper.mail()
    paper.edit("one", "Something else.")
    paper.wish(2, filters=Filters(languages=("ja",)))
    paper.write("two", language="ja")
    paper.mail()
    paper.write("three")
    paper.mail()
    assert paper.titles(1)[1:] == [{"one": CORRECTED, "three": NEW}]
    assert paper.titles(2)[1:] == [{"two": NEW}]


def test_a_cosmetic_change_is_no_correction(paper: Paper) -> None:
    paper.join(A)
    paper.write("one", "What it says.")
    paper.mail()
    paper.edit("one", "What it  says.")
    paper.write("two")
    paper.mail()
    assert paper.titles(1)[1:] == [{"two": NEW}]


def test_what_changed_before_it_was_mailed_is_news_in_its_newest_form(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    paper.edit("one", "Something else.")
    paper.mail()
    assert [tuple(one) for one in paper.got(1)[0]] == [("one", NEW, 2)]
    paper.write("two")
    paper.mail()
    assert paper.titles(1)[1:] == [{"two": NEW}]


def test_who_joins_in_the_middle_of_a_series_catches_up_in_the_first_letter(paper: Paper) -> None:
    paper.join(A)
    paper.bring(part(1, 4))
    paper.mail()
    paper.join(B)
    paper.bring(part(2, 4))
    paper.mail()
    paper.bring(part(3, 4))
    paper.mail()
    assert paper.titles(2) == [{"part 1": CATCH_UP, "part 2": NEW}, {"part 3": NEW}]
    assert paper.titles(1) == [{"part 1": NEW}, {"part 2": NEW}, {"part 3": NEW}]


def test_an_old_part_is_caught_up_with_and_never_mailed_as_new(paper: Paper) -> None:
    paper.join(A)
    paper.bring(part(1, 2), backlog=True)
    assert paper.mail().edition is None
    paper.bring(part(2, 2))
    paper.mail()
    assert paper.titles(1) == [{"part 1": CATCH_UP, "part 2": NEW}]


def test_a_series_closes_with_all_of_its_parts_once(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, omnibus=True)
    paper.join(A)
    paper.bring(part(1, 3))
    paper.mail()
    paper.join(B)
    paper.bring(part(2, 3), part(3, 3))
    paper.mail()
    closing = {"part 1": OMNIBUS, "part 2": NEW, "part 3": NEW}
    assert paper.titles(1) == [{"part 1": NEW}, closing]
    assert paper.titles(2) == [closing]
    paper.withdraw("part 3")
    paper.restore("part 3")
    paper.write("other")
    paper.mail()
    assert paper.titles(1)[2:] == [{"other": NEW}]


def test_an_article_settles_before_it_is_news_unless_an_operator_wants_it_now(
    paper: Paper,
) -> None:
    paper.newsletter = replace(paper.newsletter, settle=timedelta(hours=2))
    paper.join(A)
    paper.write("one")
    paper.edit("one", "Without the typo.")
    paper.until(7)
    assert [report.edition for report in paper.tick()] == [None]
    paper.until(8)
    paper.tick()
    paper.until(7)
    assert [report.letters for report in paper.tick()] == [1]
    paper.send()
    assert [tuple(one) for one in paper.got(1)[0]] == [("one", NEW, 2)]
    paper.write("two")
    assert paper.mail().letters == 1


def test_what_waits_is_no_part_to_catch_up_with(paper: Paper) -> None:
    paper.join(A)
    paper.bring(part(1, 3))
    paper.newsletter = replace(paper.newsletter, settle=timedelta(hours=12))
    paper.bring(part(2, 3))
    paper.mail(slot(23))
    paper.until(23)
    paper.tick()
    paper.mail(slot(24))
    assert paper.titles(1) == [{"part 1": NEW}, {"part 2": NEW}]


def test_a_series_is_not_split_when_the_rest_lands_in_time(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, series_hold=timedelta(hours=6))
    paper.join(A)
    paper.bring(part(1, 2))
    paper.write("other")
    paper.mail(slot(23))
    paper.bring(part(2, 2))
    paper.mail(slot(24))
    assert paper.titles(1) == [{"other": NEW}, {"part 1": NEW, "part 2": NEW}]


def test_a_reader_gets_letters_at_the_hour_chosen_on_days_that_skip_it_too(paper: Paper) -> None:
    paper.join(A, B, C)
    paper.now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    paper.wish(1, hour=2, zone="Europe/Berlin")  # 02:00 is skipped on 29 March: 03:00, 01:00 UTC
    paper.wish(2, hour=20, zone="Asia/Tokyo")  # 11:00 UTC has passed
    paper.write("one")
    paper.issue()
    with paper.store.read() as tx:
        rows = tx.execute(text("SELECT not_before FROM delivery ORDER BY subscription")).fetchall()
    times = [datetime.fromtimestamp(row[0] / 1e6, UTC) for row in rows]
    assert times[0] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert times[1] == datetime(2026, 3, 29, 11, 0, tzinfo=UTC)
    assert times[2] == paper.now


def test_an_hour_that_is_the_slots_own_is_now_also_when_the_cut_is_late_by_minutes(
    paper: Paper,
) -> None:
    paper.join(A, B)
    paper.wish(1, hour=7)
    paper.wish(2, hour=6)
    paper.write("one")
    paper.now = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
    paper.issue(slot(24))
    assert paper.send().sent == 1
    paper.until(6)
    assert paper.send().sent == 1


def test_nothing_is_sent_while_a_reader_pauses_and_all_of_it_after(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    paper.issue(slot(23))
    paper.wish(1, paused_until=paper.now + timedelta(days=2))
    assert paper.send().sent == 0
    paper.write("two")
    assert paper.mail(slot(24)).edition is None
    paper.pass_time(days=2)
    paper.mail(slot(26))
    assert paper.titles(1) == [{"one": NEW, "two": NEW}]


def test_who_wants_each_article_gets_one_letter_for_what_came_in_one_tick(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(1, cadence=Cadence.EACH)
    paper.bring(Article("one", "x", language="en"), Article("two", "x", language="en"))
    (first,) = paper.tick()
    assert first.edition
    assert first.edition.slot == "article:1"
    paper.send()
    assert paper.tick() == []
    paper.write("three")
    assert [report.letters for report in paper.tick()] == [1]
    paper.until(7)
    (daily,) = paper.tick()
    assert daily.edition
    assert daily.edition.number == 3
    paper.send()
    assert paper.titles(1) == [{"one": NEW, "two": NEW}, {"three": NEW}]
    assert paper.titles(2) == [{"one": NEW, "two": NEW, "three": NEW}]


def test_a_letter_with_an_article_takes_no_place_of_a_draft_for_everybody_else(
    paper: Paper,
) -> None:
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.join(A, B)
    paper.write("one")
    paper.until(7)
    (draft,) = paper.tick()
    paper.wish(1, cadence=Cadence.EACH)
    paper.write("two")
    assert paper.tick() == []
    assert draft.edition
    assert approved(paper, draft.edition).letters
    (article,) = paper.tick()
    assert article.edition
    assert article.edition.slot == "article:1"


def test_who_wants_each_article_is_due_it_again_where_the_calendar_replaced_its_draft(
    paper: Paper,
) -> None:
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.join(A, B)
    paper.wish(1, cadence=Cadence.EACH)
    slots = []
    for title in ("one", "two"):
        paper.write(title)
        slots += [one.edition.slot for one in paper.tick() if one.edition]
        paper.until(7)
        daily = next(one.edition for one in paper.tick() if one.edition)
        assert not daily.slot.startswith("article:")
        assert paper.tick() == []
        assert approved(paper, daily).letters == 1
        paper.send()
    assert slots == ["article:1", "article:1@1"]
    (each,) = paper.tick()
    assert each.edition
    assert each.edition.slot == f"article:1@1.{each.edition.id - 1}"
    assert approved(paper, each.edition).letters == 1
    paper.send()
    assert paper.tick() == []
    assert paper.titles(1) == [{"one": NEW, "two": NEW}]
    assert paper.titles(2) == [{"one": NEW}, {"two": NEW}]


def test_a_correction_by_hand_takes_no_place_of_a_draft_with_news(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    mailed = paper.mail().edition
    assert mailed
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.edit("one", "Otherwise.")
    paper.write("two")
    draft = paper.issue().edition
    assert draft
    with pytest.raises(CutRefused, match=r"digest/draft waits \(approval is required\)"):
        paper.issue(recipients=mailed.id)
    assert approved(paper, draft).letters == 1


def test_a_correction_by_hand_takes_the_place_of_one_like_it(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    mailed = paper.mail().edition
    assert mailed
    paper.newsletter = replace(paper.newsletter, approval="required")
    drafts = []
    for said in ("Otherwise.", "Quite otherwise."):
        paper.edit("one", said)
        drafts += [one for one in [paper.issue(recipients=mailed.id).edition] if one]
    assert approved(paper, drafts[1]).letters == 1


def test_an_article_that_is_put_back_has_a_slot_of_its_own_again(paper: Paper) -> None:
    paper.join(A)
    paper.wish(1, cadence=Cadence.EACH)
    paper.write("one")
    paper.tick()
    paper.withdraw("one")
    paper.write("two")
    paper.tick()
    paper.send()
    paper.restore("one")
    (again,) = paper.tick()
    assert again.edition
    assert again.edition.slot == "article:1@3"
    paper.send()
    assert paper.titles(1) == [{"two": NEW}, {"one": NEW}]


def test_an_article_that_is_put_back_goes_to_who_never_had_it_and_to_no_other(
    paper: Paper,
) -> None:
    paper.join(A, B)
    paper.mouth.answers[B] = [Refused("550 5.2.2 full", 550, "message")]
    paper.write("one")
    paper.issue(slot(23))
    paper.send()
    paper.withdraw("one")
    paper.write("two")
    paper.mail(slot(24))
    paper.restore("one")
    paper.mail(slot(25))
    assert paper.titles(1) == [{"one": NEW}, {"two": NEW}]
    assert paper.titles(2) == [{"two": NEW}, {"one": NEW}]


def test_what_failed_or_was_cancelled_comes_again_and_what_is_unknown_does_not(
    paper: Paper,
) -> None:
    paper.join(A, B)
    paper.mouth.answers[A] = [Refused("550 5.2.2 full", 550, "message")]
    paper.mouth.answers[B] = [Unknown("lost")]
    paper.write("one")
    paper.mail(slot(23))
    paper.write("two")
    paper.mail(slot(24))
    assert paper.titles(1) == [{"one": NEW, "two": NEW}]
    assert paper.titles(2) == [{"one": NEW}, {"two": NEW}]


def test_a_correction_of_its_own_reaches_exactly_who_got_the_edition(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(2, cadence=Cadence.MONTHLY)
    paper.write("one")
    paper.write("kept")
    first = paper.mail().edition
    assert first
    paper.join(C)
    paper.edit("one", "Something else.")
    paper.write("two")
    report = paper.issue(recipients=first.id)
    assert (report.letters, report.edition and report.edition.number) == (2, None)
    paper.send()
    paper.end()
    for reader in (1, 2):
        assert paper.titles(reader)[1:] == [{"one": CORRECTED}]
    assert paper.titles(3) == []
    assert (
        paper.issue(recipients=first.id).reason == "nothing that its readers hold has changed since"
    )
    paper.mail()
    for reader in (1, 2, 3):
        assert paper.titles(reader)[-1] == {"two": NEW}


def test_a_correction_of_its_own_is_not_for_who_got_the_article_in_another_edition(
    paper: Paper,
) -> None:
    paper.join(A, B)
    paper.mouth.answers[B] = [Refused("552 5.2.2 full", 552, "message")]
    paper.write("one")
    first = paper.mail().edition
    assert first
    paper.mail()
    paper.edit("one", "Something else.")
    assert paper.issue(recipients=first.id).letters == 1
    paper.send()
    assert paper.titles(1) == [{"one": NEW}, {"one": CORRECTED}]
    assert paper.titles(2) == [{"one": NEW}]


def test_a_correction_of_its_own_takes_nobody_past_the_news(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    first = paper.mail().edition
    assert first
    paper.edit("one", "Something else.")
    paper.write("two")
    paper.issue(recipients=first.id)
    paper.send()
    paper.join(B)
    paper.mail()
    assert paper.titles(2) == [{"two": NEW}]
    assert paper.titles(1)[1:] == [{"one": CORRECTED}, {"two": NEW}]
    with paper.store.read() as tx:
        assert [one.number for one in editions.listed(tx)] == [1, None, 2]


def test_a_correction_of_its_own_waits_for_a_letter_with_news_and_does_not_replace_it(
    paper: Paper,
) -> None:
    paper.join(A)
    paper.wish(1, cadence=Cadence.WEEKLY)
    paper.write("one")
    first = paper.mail(slot(16)).edition
    assert first
    paper.write("two")
    paper.issue(slot(23))
    paper.edit("one", "Something else.")
    report = paper.issue(recipients=first.id)
    assert (report.letters, report.blocked) == (0, 1)
    paper.send()
    paper.end()
    assert paper.titles(1) == [{"one": NEW}, {"two": NEW}, {"one": CORRECTED}]


def test_who_waits_for_news_gets_them_though_a_correction_is_written_meanwhile(
    paper: Paper,
) -> None:
    """The letter of the first edition is open while the second is frozen, and then comes a correction."""
    paper.join(A, B)
    paper.mouth.answers[A] = [Unknown("lost")]
    paper.write("one")
    first = paper.mail().edition
    assert first
    evidence.resend(paper.store, first, lambda key, _variant: key, paper.now, silent, yes=True)
    paper.write("two")
    assert paper.issue().blocked == 1
    paper.edit("one", "Something else.")
    paper.issue(recipients=first.id)
    paper.send()
    paper.end()
    assert [sorted(one) for one in paper.titles(1)] == [["one"], ["two"], ["one"]]


@pytest.mark.parametrize("cadence", [Cadence.WEEKLY, Cadence.MONTHLY])
def test_a_cadence_counts_by_the_slots_local_date(paper: Paper, cadence: Cadence) -> None:
    paper.join(A)
    paper.wish(1, cadence=cadence)
    for day in (23, 24, 29, 30):
        paper.write(f"of {day}")
        paper.mail(slot(day))
    again = [{"of 24": NEW, "of 29": NEW, "of 30": NEW}] if cadence is Cadence.WEEKLY else []
    assert paper.titles(1) == [{"of 23": NEW}, *again]


@pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY])
def test_a_letter_of_a_clock_that_was_ahead_keeps_nobody_waiting(
    paper: Paper, cadence: Cadence
) -> None:
    paper.join(A)
    paper.wish(1, cadence=cadence)
    paper.write("one")
    paper.mail(Slot("2027-11-23T07:00", date(2027, 11, 23)))
    paper.write("two")
    paper.mail(slot(24))
    assert paper.titles(1) == [{"one": NEW}, {"two": NEW}]


def test_a_letter_that_was_to_wait_by_a_clock_far_ahead_is_replaced_by_one_that_does_not(
    paper: Paper,
) -> None:
    paper.join(A)
    paper.write("one")
    paper.pass_time(days=300)
    paper.issue()
    paper.pass_time(days=-300)
    paper.write("two")
    paper.mail(slot(23))
    assert paper.titles(1) == [{"one": NEW, "two": NEW}]


def test_a_letter_without_news_left_is_not_sent(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    paper.mail()
    paper.edit("one", "Something else.")
    paper.write("two")
    assert paper.issue().letters == 1
    paper.withdraw("two")
    paper.render()
    assert paper.send().sent == 0
    assert len(paper.titles(1)) == 1
    paper.write("three")
    paper.mail()
    assert paper.titles(1)[1:] == [{"one": CORRECTED, "three": NEW}]
