"""One trace a rule: it holds (test_letters.py), and fails once the rule is broken.

A letter that is wrongly made is found by one of these, whichever histories were drawn.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError

from syndicate.digests import owed, settling
from syndicate.jobs import announce, choosing, editions, keep, slots, withdraw
from syndicate.model import Log, Newsletter
from syndicate.store import freeze, holdings, hot, membership, news
from syndicate.store.database import Transaction
from syndicate.store.statement import Statement
from tests.ledger.test_machine import fresh
from tests.news import test_letters as letters
from tests.news.paper import Paper

Break = Callable[[pytest.MonkeyPatch], None]


def without(statement: str, rule: str, instead: str = "") -> Break:
    """Break a rule of a freeze's statement."""

    def broken(patch: pytest.MonkeyPatch) -> None:
        text = getattr(freeze, statement)
        assert rule in text
        patch.setattr(freeze, statement, text.replace(rule, instead))

    return broken


def audience(name: membership.Audience, instead: dict[str, str]) -> Break:
    """Break the member test of an audience."""
    return lambda patch: patch.setattr(membership, "_DUE", {**membership._DUE, name: instead})


def pauses_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    tests = {**membership._TESTS, "paused": "(s.paused_until IS NULL OR s.paused_until > 0)"}
    patch.setattr(membership, "_TESTS", tests)


def readers_filters_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(owed, "_passes", lambda *_: True)


def what_is_held_is_unknown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holdings, "read", lambda _: {})


def every_holder_is_corrected(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holdings, "read", lambda text: dict.fromkeys(_numbers(text), 0))


def _numbers(text: str) -> list[int]:
    return [int(one.split(":")[0]) for one in text.split(",") if one]


def corrections_are_letters(patch: pytest.MonkeyPatch) -> None:
    choose = owed.owed

    def broken(log: Log, reader: owed.Reader) -> owed.Owed:
        found = choose(log, reader)
        return owed.Owed(tuple(owed._later(log, reader))) if found.waits else found

    patch.setattr(choosing, "owed", broken)


def a_waiting_correction_is_passed(patch: pytest.MonkeyPatch) -> None:
    choose = owed.owed
    patch.setattr(choosing, "owed", lambda *given: replace(choose(*given), waits=False))


def a_cosmetic_change_is_significant(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keep, "classify", lambda *_: "significant")


def nothing_is_corrected(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keep, "announce_changed", lambda *_: None)


def nobody_catches_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(owed, "_missed", lambda *_: iter(()))


def catching_up_never_ends(patch: pytest.MonkeyPatch) -> None:
    missed = owed._missed
    patch.setattr(
        owed,
        "_missed",
        lambda log, reader, new: missed(log, replace(reader, start=reader.cursor), new),
    )


def what_waits_is_a_part(patch: pytest.MonkeyPatch) -> None:
    facts = news._facts
    patch.setattr(news, "_facts", lambda _name, **_: facts("no such newsletter", waiting=True))


def nothing_closes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(owed, "_closing", lambda *_: iter(()))


def nothing_settles(patch: pytest.MonkeyPatch) -> None:
    later = settling.mailable
    patch.setattr(
        announce,
        "mailable",
        lambda waiting, _settle, hold, now: later(waiting, hold * 0, hold, now),
    )


def no_series_is_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settling, "_is_held", lambda _: False)


def a_cut_by_hand_does_not_take_what_waits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(announce, "flush", lambda *_: None)


def an_hour_is_reckoned_from_the_cut(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(slots, "_instant", lambda _newsletter, _slot, now: now)


def hours_are_utc(patch: pytest.MonkeyPatch) -> None:
    reckoned = slots.at_hour

    def broken(newsletter: Any, slot: Any, hour: int, _zone: str | None, now: Any) -> Any:
        return reckoned(newsletter, slot, hour, "UTC", now)

    patch.setattr(editions, "at_hour", broken)


def a_pause_stops_no_letter_that_waits(patch: pytest.MonkeyPatch) -> None:
    sql = hot._LOOK._sqlite.replace("s.paused_until > :now", "s.paused_until < 0")
    patch.setattr(
        hot, "_LOOK", Statement(sql.replace("(SELECT value FROM json_each(:rows))", ":rows"))
    )


def nothing_that_is_put_back_is_news(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(withdraw, "_announce_again", lambda *_: None)


def an_article_is_cut_for_once(patch: pytest.MonkeyPatch) -> None:
    serve = news.serve
    patch.setattr(news, "serve", lambda tx, name, upto: serve(tx, name, upto * 10))


def articles_are_cut_for_again_and_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(news, "serve", lambda *_: None)


def corrections_move_cursors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(membership.Membership, "goes_on", property(lambda _: True))
    patch.setattr(choosing.Selection, "owed", _corrections_for_all)


def _corrections_for_all(self: choosing.Selection, group: freeze.Group) -> owed.Owed:
    reader = owed.Reader(group.cursor, group.start, group.filters, group.held)
    if self.membership.recipients is None:
        return owed.owed(self._log, reader)
    return owed.corrections(self._log, reader)


def a_letter_needs_no_news(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(withdraw, "_has_news", lambda _: True)


def the_newsletter_takes_up_everything(patch: pytest.MonkeyPatch) -> None:
    def log(tx: Transaction, newsletter: Newsletter, after: int, until: int) -> Log:
        return news.log(tx, newsletter.name, after, until)

    patch.setattr(choosing, "_log", log)


def what_a_draft_held_is_forgotten_with_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(editions, "_make_room", lambda _tx, _newsletter, _slot: None)


RULES: list[tuple[Callable[[Paper], None], Break]] = [
    (
        letters.test_who_wants_each_article_is_due_it_again_where_the_calendar_replaced_its_draft,
        what_a_draft_held_is_forgotten_with_it,
    ),
    (
        letters.test_a_reader_gets_what_passes_the_filters_and_what_did_not_does_not_come_back,
        readers_filters_are_passed_over,
    ),
    (
        letters.test_who_is_due_nothing_moves_on_without_a_letter,
        without("_ADVANCE", "cursor < :cut", "cursor < 0"),
    ),
    (
        letters.test_a_newsletter_takes_up_what_passes_its_own_filters,
        the_newsletter_takes_up_everything,
    ),
    (
        letters.test_a_correction_goes_with_the_next_news_to_who_had_the_old_text,
        what_is_held_is_unknown,
    ),
    (
        letters.test_a_correction_goes_with_the_next_news_to_who_had_the_old_text,
        corrections_are_letters,
    ),
    (
        letters.test_a_correction_waits_for_news_while_others_get_theirs,
        a_waiting_correction_is_passed,
    ),
    (
        letters.test_a_correction_goes_with_the_next_news_to_who_had_the_old_text,
        nothing_is_corrected,
    ),
    (letters.test_a_cosmetic_change_is_no_correction, a_cosmetic_change_is_significant),
    (
        letters.test_who_joins_in_the_middle_of_a_series_catches_up_in_the_first_letter,
        nobody_catches_up,
    ),
    (
        letters.test_who_joins_in_the_middle_of_a_series_catches_up_in_the_first_letter,
        catching_up_never_ends,
    ),
    (letters.test_what_waits_is_no_part_to_catch_up_with, what_waits_is_a_part),
    (letters.test_a_series_closes_with_all_of_its_parts_once, nothing_closes),
    (
        letters.test_an_article_settles_before_it_is_news_unless_an_operator_wants_it_now,
        nothing_settles,
    ),
    (
        letters.test_an_article_settles_before_it_is_news_unless_an_operator_wants_it_now,
        a_cut_by_hand_does_not_take_what_waits,
    ),
    (letters.test_a_series_is_not_split_when_the_rest_lands_in_time, no_series_is_held),
    (
        letters.test_a_reader_gets_letters_at_the_hour_chosen_on_days_that_skip_it_too,
        hours_are_utc,
    ),
    (
        letters.test_an_hour_that_is_the_slots_own_is_now_also_when_the_cut_is_late_by_minutes,
        an_hour_is_reckoned_from_the_cut,
    ),
    (
        letters.test_nothing_is_sent_while_a_reader_pauses_and_all_of_it_after,
        pauses_are_passed_over,
    ),
    (
        letters.test_nothing_is_sent_while_a_reader_pauses_and_all_of_it_after,
        a_pause_stops_no_letter_that_waits,
    ),
    (
        letters.test_who_wants_each_article_gets_one_letter_for_what_came_in_one_tick,
        audience("article", {}),
    ),
    (
        letters.test_who_wants_each_article_gets_one_letter_for_what_came_in_one_tick,
        articles_are_cut_for_again_and_again,
    ),
    (
        letters.test_who_wants_each_article_gets_one_letter_for_what_came_in_one_tick,
        an_article_is_cut_for_once,
    ),
    (
        letters.test_an_article_that_is_put_back_goes_to_who_never_had_it_and_to_no_other,
        what_is_held_is_unknown,
    ),
    (
        letters.test_an_article_that_is_put_back_goes_to_who_never_had_it_and_to_no_other,
        nothing_that_is_put_back_is_news,
    ),
    (
        letters.test_a_correction_of_its_own_is_not_for_who_got_the_article_in_another_edition,
        audience("recipients", {}),
    ),
    (
        letters.test_a_correction_of_its_own_reaches_exactly_who_got_the_edition,
        audience(
            "recipients",
            {**membership._DUE["recipients"], "cadence": "s.cadence <> 'monthly'"},
        ),
    ),
    (
        letters.test_a_correction_of_its_own_reaches_exactly_who_got_the_edition,
        every_holder_is_corrected,
    ),
    (
        letters.test_a_correction_of_its_own_takes_nobody_past_the_news,
        corrections_move_cursors,
    ),
    (letters.test_a_letter_without_news_left_is_not_sent, a_letter_needs_no_news),
]


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    """A paper on SQLite: what a broken rule does is the same everywhere."""
    store = fresh(tmp_path)
    yield Paper(store)
    store.close()


@pytest.mark.parametrize(("trace", "broken"), RULES)
def test_a_broken_rule_is_found(
    paper: Paper,
    trace: Callable[[Paper], None],
    broken: Break,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(monkeypatch)
    with pytest.raises((AssertionError, DBAPIError)):
        trace(paper)
