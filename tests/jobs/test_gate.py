"""What would break a feed is not put in place: the article is set aside, all others go out (issue 5)."""

from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from syndicate.articles import transcribe
from syndicate.cli.setup import make_publication, new_settings
from syndicate.errors import TemplateRefused
from syndicate.feeds import FORMATS, item
from syndicate.feeds.validator import validate
from syndicate.jobs.check import SOURCES, Reading
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.planning.gate import Unfit, pass_article, written
from syndicate.jobs.rules import USUAL
from syndicate.jobs.withdraw import set_aside, try_again
from syndicate.model import Article, Section, silent
from syndicate.services import open_services
from syndicate.store import articles, publication
from syndicate.store.database import Store
from syndicate.workers.publishing import publish_files
from tests.conftest import NOW
from tests.feeds.samples import ABOUT, SMALL
from tests.jobs.press import Press, numbered

FEEDS = tuple(f"feed.{one.ending}" for one in FORMATS)
GOOD = Article("Bees", "Of bees.", html="<p>Bees fly.</p>")
BAD = Article("Wasps", "Of wasps.", html='<p onclick="sting()">Wasps sting.</p>')


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    return Press(store, tmp_path / "public")


def put_aside(press: Press) -> dict[str, str]:
    """Publish as the daemon does; the titles that were set aside, and why."""
    found: dict[str, str] = {}
    while unfit := press.publish().unfit:
        titles = {row.uid: row.title for row in press.rows()}
        found |= {titles[uid]: reason for uid, reason in unfit.items()}
        set_aside(press.store, unfit, USUAL, press.now, silent)
    return found


def problems(press: Press) -> list[tuple[str, str]]:
    with press.store.read() as tx:
        reading = Reading(tx, USUAL, {}, "UTC", NOW)
        found = [one for source in SOURCES for one in source(reading)]
    return [(one.code, one.level) for one in found]


def test_an_article_that_would_break_feeds_is_set_aside_and_all_others_go_out(press: Press) -> None:
    press.bring(GOOD, BAD)
    (reason,) = put_aside(press).values()
    assert reason == "active-content: holds <p onclick=…>, which acts [RFC 4287, 8.1]"
    for path in FEEDS:
        data = press.data(path)
        assert validate(data) == ()
        assert b"Bees" in data
        assert b"Wasps" not in data
    assert press.row("Wasps").state == articles.ASIDE
    assert ("set-aside", "error") in problems(press)
    assert not (press.root / "articles" / press.row("Wasps").slug).exists()


def test_who_is_set_aside_is_named_by_the_command_that_published(tmp_path: Path) -> None:
    make_publication(tmp_path, new_settings("content"))
    services = open_services(tmp_path)
    with services.store.write() as tx:
        origin = publication.fix_origin(tx, "example.com", NOW.date())
        arrivals = [Arrival(f"{one.title}.md", transcribe(one), None) for one in (GOOD, BAD)]
        keep(tx, arrivals, origin, [], NOW, backlog=True)
    report = publish_files(services)
    assert report.aside == ("wasps",)
    assert len(set(report.written)) == len(report.written)
    assert (publish_files(services).aside, publish_files(services).written) == ((), ())
    services.store.close()


def test_what_stands_is_not_touched_by_a_document_with_an_error(press: Press) -> None:
    press.bring(GOOD)
    press.publish()
    before = [press.data(path) for path in FEEDS]
    press.bring(BAD)
    assert list(press.publish().unfit) == [press.row("Wasps").uid]
    assert [press.data(path) for path in FEEDS] == before


def test_what_is_out_already_or_unknown_is_not_set_aside_again(press: Press) -> None:
    press.bring(GOOD)
    unfit = {press.row("Bees").uid: "wrong", "tag:example.com,2026:nobody": "wrong"}
    first, again = (set_aside(press.store, unfit, USUAL, press.now, silent) for _ in range(2))
    assert (first.articles, again.articles) == ((press.row("Bees").slug,), ())


def test_no_closed_document_names_what_is_set_aside(press: Press) -> None:
    press.bring(Article("Part 1", next_title="Part 2"), Article("Part 2"), *numbered(1, 99))
    press.publish()
    uids = {item["id"] for item in press.feed("archive/1.json")["items"]}
    inside, outside = sorted(
        (press.row("Part 1"), press.row("Part 2")), key=lambda one: one.uid not in uids
    )
    assert (inside.uid in uids, outside.uid in uids) == (True, False)
    assert f"/{outside.slug}/" in press.data("archive/1.json").decode()
    set_aside(press.store, {outside.uid: "wrong"}, USUAL, press.now, silent)
    press.publish()
    assert f"/{outside.slug}/" not in press.data("archive/1.json").decode()


def test_another_release_tries_once_more_what_was_set_aside(press: Press) -> None:
    press.bring(GOOD, BAD)
    try_again(press.store, "1.0", USUAL, press.now)
    put_aside(press)
    assert try_again(press.store, "1.0", USUAL, press.now) == 0
    assert press.row("Wasps").state == articles.ASIDE
    assert try_again(press.store, "1.1", USUAL, press.now) == 1
    assert list(put_aside(press)) == ["Wasps"]
    assert try_again(press.store, "1.1", USUAL, press.now) == 0


def test_with_another_text_it_comes_back_as_the_same_article(press: Press) -> None:
    press.bring(GOOD, BAD)
    first = press.row("Wasps")
    put_aside(press)
    press.bring(replace(BAD, html="<p>Wasps sting.</p>"))
    assert put_aside(press) == {}
    again = press.row("Wasps")
    assert (again.uid, again.slug, again.published) == (first.uid, first.slug, first.published)
    assert again.state == articles.PUBLISHED
    assert b"Wasps sting" in press.data("feed.atom")
    assert ("set-aside", "error") not in problems(press)


def test_a_page_of_its_own_is_looked_at_though_no_feed_has_the_article_any_more(
    press: Press,
) -> None:
    press.bring(GOOD, *numbered(1, 150))
    press.publish()
    press.bring(replace(GOOD, html="<p>Bees fly high.<script>buzz()</script></p>"))
    bees = press.row("Bees")
    assert bees.title not in press.titles()
    (reason,) = put_aside(press).values()
    assert reason == "active-content: holds <script>, which readers drop or run [RFC 4287, 8.1]"
    assert press.row("Bees").state == articles.ASIDE


def test_an_article_that_cannot_be_shown_is_told_from_a_template_that_does_not_work() -> None:
    def fail() -> str:
        raise TemplateRefused("web/article.html does not work")

    entry, nothing = SMALL.entries[0], cast("tuple[Section, ...]", None)
    with pytest.raises(TemplateRefused):
        pass_article(entry, fail)
    with pytest.raises(Unfit, match="does not work") as caught:
        pass_article(replace(entry, article=replace(entry.article, sections=nothing)), fail)
    assert list(caught.value.culprits) == [entry.uid]


def test_a_language_that_is_none_is_found_in_every_format(press: Press) -> None:
    press.bring(GOOD, replace(BAD, html=None, language="no language"))
    assert put_aside(press)["Wasps"].startswith("language: ")


@pytest.mark.parametrize("form", FORMATS[:2], ids=lambda form: form.name)
def test_an_article_that_cannot_be_written_is_named(form: object) -> None:
    assert form in FORMATS
    made = item(ABOUT, SMALL.entries[0])
    broken = replace(made, published=made.published.replace(tzinfo=None))
    with pytest.raises(Unfit, match="cannot be written") as caught:
        written(form, broken)
    assert list(caught.value.culprits) == [made.uid]
