"""What the coming editions will be: for whom, with what, and what not, and then that is what comes."""

from datetime import timedelta

from msgspec.structs import replace

from syndicate.jobs.coming import Coming
from syndicate.jobs.compose import compose
from syndicate.jobs.plan import plan
from syndicate.model import Article, Cadence, Filters, Metadata, Publication
from syndicate.store import variants
from tests.news.paper import Paper

A, B, C = "a@example.com", "b@example.com", "c@example.com"
ABOUT = Publication("A publication", "https://example.com")


def coming(paper: Paper, days: int = 3) -> tuple[Coming, ...]:
    return plan(paper.store, [paper.newsletter], days, paper.now)


def told(paper: Paper, days: int = 3) -> list[tuple[str, int, list[str]]]:
    return [(one.slot, one.letters, [a.title for a in one.articles]) for one in coming(paper, days)]


def letter(paper: Paper) -> list[str]:
    """Cut what is due now, and return the titles in its fullest letter from top to bottom."""
    (report,) = paper.tick()
    assert report.edition
    with paper.store.read() as tx:
        found = variants.of_edition(tx, report.edition.id)
        fullest = max(found, key=lambda one: len(variants.items(tx, one.id)))
        digest = compose(tx, report.edition, fullest, paper.newsletter, ABOUT)
    paper.send()
    paper.end()
    entries = [(*one.entries, *one.catch_up) for one in digest.groups]
    return [entry.article.title for some in entries for entry in some]


def left_out(paper: Paper) -> list[tuple[str, str]]:
    return [(one.title, one.code) for one in coming(paper)[0].left_out]


def test_every_slot_is_told_with_its_articles_and_how_many_get_it(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(2, filters=Filters(languages=("ja",)))
    paper.write("one")
    paper.write("two", language="ja")
    assert told(paper) == [
        ("2026-11-23T07:00", 2, ["one", "two"]),
        ("2026-11-24T07:00", 0, []),
        ("2026-11-25T07:00", 0, []),
    ]
    first = coming(paper)[0]
    assert (first.local, first.zone, first.waits) == ("2026-11-23T07:00", "UTC", None)


def test_local_time_is_the_newsletters(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, zone="Asia/Tokyo")
    paper.write("one")
    first = coming(paper)[0]
    assert (first.local, f"{first.at:%Y-%m-%dT%H:%M}") == ("2026-11-24T07:00", "2026-11-23T22:00")


def test_cadences_are_kept_in_what_is_to_come(paper: Paper) -> None:
    paper.join(A, B, C)
    paper.write("one")
    paper.until(7)
    paper.tick()
    paper.send()
    paper.wish(1, cadence=Cadence.DAILY)
    paper.wish(2, cadence=Cadence.WEEKLY)
    paper.wish(3, cadence=Cadence.MONTHLY)
    paper.write("two")
    letters = {slot: count for slot, count, _ in told(paper, 9) if count}
    assert letters == {"2026-11-24T07:00": 1, "2026-11-30T07:00": 1, "2026-12-01T07:00": 1}


def test_who_had_a_letter_already_is_told_where_news_wait_for_them(paper: Paper) -> None:
    paper.join(A)
    paper.wish(1, cadence=Cadence.WEEKLY)
    paper.write("one")
    paper.until(7)
    paper.tick()
    paper.send()
    assert [dict(one.readers_left_out) for one in coming(paper, 2)] == [{}, {}]
    paper.write("two")
    found = [(one.letters, dict(one.readers_left_out)) for one in coming(paper, 7)]
    assert found == [(0, {"cadence": 1})] * 6 + [(1, {})]


def test_who_wants_each_article_is_told_apart(paper: Paper) -> None:
    paper.join(A, B)
    paper.wish(1, cadence=Cadence.EACH)
    paper.write("one")
    assert told(paper, 1) == [("article:1", 1, ["one"]), ("2026-11-23T07:00", 1, ["one"])]


def test_what_settles_is_left_out_until_it_has(paper: Paper) -> None:
    paper.newsletter = replace(
        paper.newsletter, settle=timedelta(hours=3), series_hold=timedelta(hours=30)
    )
    paper.join(A)
    paper.write("one")
    paper.bring(Article("part 1", language="en", next_title="part 2"))
    assert left_out(paper) == [("one", "waits"), ("part 1", "waits")]
    assert told(paper) == [
        ("2026-11-23T07:00", 0, []),
        ("2026-11-24T07:00", 1, ["one"]),
        ("2026-11-25T07:00", 1, ["part 1"]),
    ]


def test_what_is_taken_down_old_or_not_taken_up_is_told_with_its_reason(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, filters=Filters(languages=("en",)))
    paper.join(A)
    paper.write("one")
    paper.write("old", backlog=True)
    paper.write("two", language="ja")
    paper.write("gone")
    paper.withdraw("gone")
    assert sorted(left_out(paper)) == [
        ("gone", "withdrawn"),
        ("old", "backlog"),
        ("two", "not-taken-up"),
    ]
    assert told(paper)[0] == ("2026-11-23T07:00", 1, ["one"])


def test_a_draft_is_told_and_why_it_waits(paper: Paper) -> None:
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.join(A)
    paper.write("one")
    paper.until(7)
    paper.tick()
    draft, following, *_ = coming(paper)
    assert (draft.edition, draft.waits, draft.letters) == (
        "digest/draft",
        "approval is required",
        1,
    )
    assert (following.slot, following.letters) == ("2026-11-24T07:00", 1)
    assert following.waits == "approval is required"


def test_a_draft_of_corrections_is_for_the_readers_of_its_edition_alone(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    first = paper.mail().edition
    assert first
    paper.join(B)
    paper.edit("one", "Something else.")
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.issue(recipients=first.id)
    draft = coming(paper)[0]
    assert (draft.letters, [(one.title, one.kind) for one in draft.articles]) == (
        1,
        [("one", "corrected")],
    )


def test_a_correction_is_planned_for_those_who_had_the_old_text(paper: Paper) -> None:
    paper.join(A)
    paper.write("one")
    paper.mail()
    paper.join(B)
    paper.edit("one", "Something else.")
    paper.write("two")
    found = {
        one.slot: (one.letters, {each.title: each.kind for each in one.articles})
        for one in coming(paper)
    }
    assert found["2026-11-23T07:00"] == (1, {"two": "new"})
    assert found["2026-11-24T07:00"] == (1, {"one": "corrected", "two": "new"})


def test_what_was_planned_is_what_comes(paper: Paper) -> None:
    paper.join(A, B, C)
    paper.wish(1, cadence=Cadence.WEEKLY, filters=Filters(languages=("en",)))
    paper.wish(3, paused_until=paper.now + timedelta(days=2))
    paper.write("one")
    paper.write("two", language="ja")
    planned = coming(paper, 4)
    for one in planned:
        paper.now = one.at
        (report,) = paper.tick()
        assert report.letters == one.letters
        paper.send()
        paper.end()


def test_articles_are_planned_in_the_order_of_the_letter(paper: Paper) -> None:
    def on(day: int, title: str, next_title: str | None = None) -> Article:
        date = paper.now - timedelta(days=day)
        metadata = Metadata(published=date)
        return Article(title, language="en", next_title=next_title, metadata=metadata)

    paper.join(A)
    paper.write("before")
    paper.until(7)
    assert letter(paper) == ["before"]
    paper.bring(on(1, "part 2", "part 3"), on(3, "late"), on(2, "part 1", "part 2"), on(4, "early"))
    paper.edit("before", "Something else.")
    expected = ["early", "late", "part 1", "part 2", "before"]
    assert told(paper)[0] == ("2026-11-24T07:00", 1, expected)
    paper.until(7)
    assert letter(paper) == expected


def test_parts_to_catch_up_with_are_planned_behind_the_new_ones(paper: Paper) -> None:
    paper.join(A)
    paper.bring(Article("part 1", language="en", next_title="part 2"))
    paper.until(7)
    assert letter(paper) == ["part 1"]
    paper.join(B)
    paper.bring(Article("part 2", language="en", next_title="part 3"))
    assert told(paper)[0][1:] == (2, ["part 2", "part 1"])
    paper.until(7)
    assert letter(paper) == ["part 2", "part 1"]
