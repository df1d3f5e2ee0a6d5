"""Sources on a site of this machine, visited as the daemon does, on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import asdict, replace

from syndicate.articles import parsers
from syndicate.content.web import mirror
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.fetch import Fetching, fetch, rehearse
from syndicate.jobs.visit import Visited
from syndicate.model import Article, Event, Page, Publication, Source
from syndicate.steps import Steps
from syndicate.store import articles, sources
from syndicate.store.database import Store
from syndicate.store.sources import SourceState, WebPage
from tests.conftest import NOW
from tests.net.site import Asked, Said, Site, client, running
from tests.world import DIGEST

HOUR = timedelta(hours=1)


def page(title: str) -> str:
    return f"{title}\nWhat {title} is about.\n💡 {title} in one line.\nOnce there was {title}.\n"


@dataclass
class Reader:
    """A publication that reads sites, and whoever picks up what they gave."""

    store: Store
    folder: Path
    site: Site
    now: datetime = NOW
    told: list[Event] = field(default_factory=list)
    size: int = 1_000_000
    seconds: float = 10

    def source(self, lists: Any, *paths: str, name: str = "site", limit: int = 100) -> Source:
        return Source(name, lists, tuple(self.site.url(path) for path in paths), HOUR, limit)

    def fetching(self, folder: Path | None = None) -> Fetching:
        asking = client(seconds=self.seconds, size=self.size, now=lambda: self.now)
        return Fetching(
            self.store, asking, folder or self.folder, lambda: self.now, self.told.append, Signal()
        )

    def visit(self, *configured: Source, later: timedelta = timedelta(0)) -> tuple[Visited, ...]:
        self.now += later
        self.told.clear()
        self.site.asked.clear()
        return fetch(self.fetching(), configured)

    def pick_up(self, *configured: Source, below: Path | None = None) -> Collected:
        folders = mirror.folders(below or self.folder, [one.name for one in configured])
        about = Publication("P", "https://example.com")
        return collect(
            self.store, folders, about, [DIGEST], self.now, lambda _: None, dry_run=bool(below)
        )

    def texts(self, name: str = "site") -> dict[str, str]:
        """What is kept: the first line of each page by the readable part of its name."""
        files = (self.folder / "web" / name).glob("*/*.txt")
        return {one.name.partition("~")[0]: one.read_text().partition("\n")[0] for one in files}

    def state(self, name: str = "site") -> SourceState:
        with self.store.read() as tx:
            return sources.states(tx)[name]

    def pages(self, name: str = "site") -> dict[str, WebPage]:
        with self.store.read() as tx:
            return sources.pages(tx, name)

    def lists(self, *entries: str) -> None:
        """Put a sitemap at /map: addresses, or "address version"."""
        urls = (one.partition(" ")[::2] for one in entries)
        body = "".join(f"<url><loc>{u}</loc><lastmod>{v}</lastmod></url>" for u, v in urls)
        self.site.text("/map", f"<urlset>{body}</urlset>", "application/xml")


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with running() as site:
        yield Reader(store, tmp_path / "publication", site)


def test_pages_are_fetched_and_picked_up_like_any_others(reader: Reader) -> None:
    reader.site.text("/a.txt", page("salt"))
    reader.site.text("/b", page("sea"))
    source = reader.source("pages", "/a.txt", "/b")
    (visited,) = reader.visit(source)
    assert (visited.posts, visited.parts, visited.error) == (2, 2, None)
    assert reader.texts() == {"a.txt": "salt", "b": "sea"}
    report = reader.pick_up(source)
    assert [path.partition("~")[0] for path in report.new] == [
        "web/site/127.0.0.1/a.txt",
        "web/site/127.0.0.1/b",
    ]
    assert report.mailed == 2


def test_nothing_is_asked_before_it_is_due(reader: Reader) -> None:
    reader.site.text("/a.txt", page("salt"))
    source = reader.source("pages", "/a.txt")
    reader.visit(source)
    assert reader.visit(source, later=timedelta(minutes=59)) == ()
    assert reader.site.asked == []
    assert len(reader.visit(source, later=timedelta(minutes=2))) == 1


def test_what_did_not_change_is_asked_for_conditionally_and_ever_more_seldom(
    reader: Reader,
) -> None:
    def answer(asked: Asked) -> Said:
        if asked.headers.get("if-none-match") == '"1"':
            return Said(status=304)
        return Said(page("salt"), headers={"ETag": '"1"', "Content-Type": "text/plain"})

    reader.site.at["/a.txt"] = answer
    source = reader.source("pages", "/a.txt")
    reader.visit(source)
    reader.visit(source, later=HOUR)
    assert [one.headers.get("if-none-match") for one in reader.site.asked[1:]] == ['"1"']
    reader.now += timedelta(days=20)
    reader.visit(source)
    (one,) = reader.pages().values()
    assert one.next_try is not None
    assert timedelta(days=5) < one.next_try - reader.now < timedelta(days=6)
    assert reader.texts() == {"a.txt": "salt"}


def test_a_file_that_was_lost_is_fetched_anew(reader: Reader) -> None:
    reader.site.at["/a.txt"] = lambda asked: (
        Said(status=304)
        if "if-none-match" in asked.headers
        else Said(page("salt"), headers={"ETag": '"1"', "Content-Type": "text/plain"})
    )
    source = reader.source("pages", "/a.txt")
    reader.visit(source)
    for file in (reader.folder / "web" / "site").glob("*/*"):
        file.unlink()
    reader.visit(source)  # at once: until then its articles would count as removed
    assert reader.texts() == {"a.txt": "salt"}


def test_a_sitemap_says_which_pages_are_new_or_changed(reader: Reader) -> None:
    for name in ("a", "b", "c"):
        reader.site.text(f"/{name}", page(name))
    source = reader.source("sitemap", "/map")
    reader.lists("/a 2026-01-01", "/b 2026-01-01")
    reader.visit(source)
    reader.site.text("/b", page("b, changed"))
    reader.lists("/a 2026-01-01", "/b 2026-02-01", "/c 2026-02-01")
    with reader.store.write() as tx:  # as if all of them had long stayed the same
        for one in sources.pages(tx, "site").values():
            sources.save_page(tx, WebPage(**{**_values(one), "next_try": None}))
    (visited,) = reader.visit(source, later=HOUR)
    assert reader.site.paths() == ["/map", "/c", "/b"]
    assert (visited.posts, visited.changed) == (1, 1)
    assert reader.texts() == {"a": "a", "b": "b, changed", "c": "c"}


def _values(one: WebPage) -> dict[str, Any]:
    return asdict(one)


def test_a_list_that_did_not_change_is_not_read_again(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    reader.lists("/a")
    reader.site.text("/map", reader.site.at["/map"].body, "text/xml", ETag='"7"')  # type: ignore[union-attr]
    source = reader.source("sitemap", "/map")
    reader.visit(source)
    reader.site.at["/map"] = lambda asked: Said(
        "", 304 if asked.headers.get("if-none-match") == '"7"' else 500
    )
    (visited,) = reader.visit(source, later=HOUR)
    assert visited.error is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_leaves_and_comes_back(reader: Reader, status: int) -> None:
    reader.site.text("/a", page("a"))
    reader.site.text("/b", page("b"))
    source = reader.source("pages", "/a", "/b")
    reader.visit(source)
    reader.pick_up(source)
    reader.site.at["/a"] = Said("", status)
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.gone, visited.failing) == (1, 0)
    assert reader.texts() == {"b": "b"}
    assert [path.partition("~")[0] for path in reader.pick_up(source).gone] == [
        "web/site/127.0.0.1/a"
    ]
    reader.site.text("/a", page("a"))
    reader.visit(source, later=timedelta(days=1))
    assert reader.texts() == {"a": "a", "b": "b"}
    assert reader.pick_up(source).new == ()


def test_a_page_that_is_gone_for_an_hour_is_back_before_its_article_leaves(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    source = replace(reader.source("pages", "/a"), every=timedelta(days=1))
    reader.visit(source)
    said = reader.site.at["/a"]
    reader.site.at["/a"] = Said("", 404)
    reader.visit(source, later=timedelta(days=1))
    assert reader.texts() == {}
    reader.site.at["/a"] = said
    for _ in range(23):
        reader.visit(source, later=HOUR)
    assert reader.texts() == {"a": "a"}


@pytest.mark.parametrize("status", [301, 302])
def test_pages_that_all_lead_to_one_that_is_none_of_them_stay_as_they_were(
    reader: Reader, status: int
) -> None:
    """A site that is being mended, or that has its front page in the place of what it took away."""
    for name in "ab":
        reader.site.text(f"/{name}", page(name))
    source = reader.source("pages", "/a", "/b")
    reader.visit(source)
    reader.pick_up(source)
    reader.site.text("/sorry", "We are mending\nCome back tomorrow.\nSo long, and be well.\n")
    for name in "ab":
        reader.site.at[f"/{name}"] = Said("", status, {"Location": "/sorry"})
    (visited,) = reader.visit(source, later=HOUR)
    assert visited.failing == 2
    assert visited.error == "127.0.0.1/a: leads to 127.0.0.1/sorry, which is another page."
    assert reader.texts() == {"a": "a", "b": "b"}
    assert reader.pick_up(source) == Collected(pages=2)
    reader.site.text("/new", page("a").replace("Once", "Long ago"))
    reader.site.at["/a"] = Said("", status, {"Location": "/new"})
    reader.visit(source, later=HOUR)
    assert len(reader.pick_up(source).changed) == 1


SORRY = "We will be back soon\nThis site is being mended.\nSo long, and be well.\n"


def test_a_site_that_calls_its_mending_a_page_mails_nothing_and_takes_nothing_away(
    reader: Reader,
) -> None:
    for name in "abc":
        reader.site.text(f"/{name}", page(name))
    source = reader.source("pages", "/a", "/b", "/c")
    reader.visit(source)
    reader.pick_up(source)
    for name in "abc":
        reader.site.text(f"/{name}", SORRY)
    for _ in range(4):  # two pages do not become one, however long it takes
        (visited,) = reader.visit(source, later=timedelta(days=1))
        assert (visited.changed, visited.failing) == (0, 3)
        assert reader.pick_up(source) == Collected(pages=3)
    assert visited.error == (
        "127.0.0.1/a: another text stands there. What was there is kept for a day."
    )
    for name in "abc":
        reader.site.text(f"/{name}", page(name))
    (visited,) = reader.visit(source, later=timedelta(days=1))
    assert (visited.changed, visited.failing, visited.error) == (0, 0, None)
    assert reader.pick_up(source) == Collected(pages=3)


def test_another_text_in_the_place_of_a_page_is_believed_after_a_day(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    source = reader.source("pages", "/a")
    reader.visit(source)
    reader.pick_up(source)
    reader.site.text("/a", SORRY)
    assert reader.visit(source, later=HOUR)[0].failing == 1
    reader.site.text("/a", page("a"))
    reader.visit(source, later=timedelta(days=1))  # it was only for a while
    reader.site.text("/a", SORRY)
    assert reader.visit(source, later=timedelta(days=8))[0].failing == 1
    assert reader.visit(source, later=timedelta(hours=23))[0].failing == 1
    (visited,) = reader.visit(source, later=timedelta(hours=1))
    assert (visited.changed, visited.failing) == (1, 0)
    assert len(reader.pick_up(source).new) == 1


def test_a_page_that_is_listed_with_a_slash_from_now_on_is_the_same_page(reader: Reader) -> None:
    for path in ("/a", "/a/"):
        reader.site.text(path, page("a"))
    source = reader.source("sitemap", "/map")
    reader.lists(reader.site.url("/a 1"))
    reader.visit(source)
    reader.pick_up(source)
    reader.lists(reader.site.url("/a/ 2"))
    reader.visit(source, later=HOUR)
    report = reader.pick_up(source)
    assert (report.new, report.refused) == ((), ())
    assert [(key, one.address) for key, one in reader.pages().items()] == [
        (reader.site.url("/a"), reader.site.url("/a/"))
    ]


def test_a_page_that_never_was_there_is_told_once(reader: Reader) -> None:
    source = reader.source("pages", "/a")
    (visited,) = reader.visit(source)
    assert visited.error == "127.0.0.1/a: answers 404."
    assert [one.name for one in reader.told] == ["source.read", "source.page"]
    reader.visit(source, later=timedelta(days=1))
    assert [one.name for one in reader.told] == ["source.read"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_wants_to_be_left_alone_is(reader: Reader, status: int) -> None:
    for name in ("a", "b"):
        reader.site.text(f"/{name}", page(name))
    source = reader.source("pages", "/a", "/b")
    reader.site.at["/a"] = Said("", status, {"Retry-After": "7200"})
    (visited,) = reader.visit(source)
    assert reader.site.paths() == ["/a"]
    assert visited.error == f"127.0.0.1/a: answers {status}."
    assert visited.next_try == NOW + 2 * HOUR
    assert reader.visit(source, later=timedelta(minutes=119)) == ()
    reader.site.text("/a", page("a"))
    (visited,) = reader.visit(source, later=timedelta(minutes=1))
    assert (visited.posts, visited.error) == (2, None)


def test_a_broken_source_keeps_its_pages_waits_ever_longer_and_holds_up_no_other(
    reader: Reader,
) -> None:
    reader.site.text("/a", page("a"))
    reader.lists("/a")
    broken = reader.source("sitemap", "/map", name="broken")
    reader.visit(broken)
    reader.site.at["/map"] = Said("<oops", headers={"Content-Type": "text/xml"})
    good = reader.source("pages", "/a", name="good")
    assert {one.source: one.error is None for one in reader.visit(broken, good, later=HOUR)} == {
        "broken": False,
        "good": True,
    }
    assert reader.texts("broken") == {"a": "a"}
    waits = []
    for _ in range(4):
        state = reader.state("broken")
        waits.append((state.next_try - reader.now).total_seconds() / 60)
        reader.visit(broken, later=state.next_try - reader.now)
    assert waits == [1, 2, 5, 15]
    state = reader.state("broken")
    assert (state.succeeded, state.failed) == (NOW, reader.now)
    assert "127.0.0.1/map: is no XML" in (state.error or "")


def test_a_site_that_answers_no_more_is_left_after_three_pages(reader: Reader) -> None:
    reader.seconds = 0.1
    for number in range(9):
        reader.site.at[f"/{number}"] = Said(drip=True)
    source = reader.source("pages", *(f"/{number}" for number in range(9)))
    (visited,) = reader.visit(source)
    assert len(reader.site.paths()) == 3
    assert visited.error is not None
    assert "took longer" in visited.error


def test_pages_that_do_not_answer_starve_no_others(reader: Reader) -> None:
    for name in "abcd":
        reader.site.at[f"/{name}"] = Said("", 500)
    reader.site.text("/d", page("d"))
    source = reader.source("pages", "/a", "/b", "/c", "/d")
    reader.visit(source)
    assert reader.texts() == {}
    reader.visit(source, later=HOUR)
    assert reader.texts() == {"d": "d"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(b"\x89PNG", headers={"Content-Type": "image/png"}), "is image/png, not a page"),
        (Said("x" * 2_000, headers={"Content-Type": "text/plain"}), "larger than the 1,000 bytes"),
        (Said("", 500), "answers 500"),
        (Said("", 401), "answers 401"),
        (Said("", 302, {"Location": "http://10.0.0.1/"}), "leads to 10.0.0.1"),
        (Said("", 301, {"Location": "/bad"}), "redirect to redirect"),
    ],
)
def test_one_bad_page_holds_up_no_other(reader: Reader, said: Said, reason: str) -> None:
    reader.size = 1000
    reader.site.at["/bad"] = said
    reader.site.text("/good", page("good"))
    (visited,) = reader.visit(reader.source("pages", "/bad", "/good"))
    assert (visited.posts, visited.failing) == (1, 1)
    assert reason in (visited.error or "")
    assert reader.texts() == {"good": "good"}
    assert reader.state().failures == 0


def test_robots_keep_us_from_a_page_and_not_from_the_others(reader: Reader) -> None:
    reader.site.text("/robots.txt", "User-agent: *\nDisallow: /private")
    reader.site.text("/a", page("a"))
    reader.site.text("/private", page("private"))
    (visited,) = reader.visit(reader.source("pages", "/private", "/a"))
    assert "robots.txt keeps us" in (visited.error or "")
    assert reader.texts() == {"a": "a"}


def test_next_parts_are_followed_on_the_same_site_round_in_no_circle(reader: Reader) -> None:
    links = {"/1": "/2", "/2": "/3", "/3": "/1"}
    for here, there in links.items():
        head = f'<link rel="next" href="{there}"><link rel="next" href="https://other.example/x">'
        reader.site.text(here, f"<html><head>{head}</head><p>{here}</p>", "text/html")
    source = reader.source("pages", "/1")
    (visited,) = reader.visit(source)
    assert (visited.posts, reader.site.paths()) == (3, ["/1", "/2", "/3"])
    kept = sorted((reader.folder / "web/site/127.0.0.1").glob("*.html"))
    assert [file.name[0] for file in kept] == ["1", "2", "3"]
    assert reader.site.url("/3") in kept[2].with_name(f"{kept[2].name}.toml").read_text()
    (visited,) = reader.visit(reader.source("pages", "/4"), later=HOUR)
    assert visited.gone == 3  # what only a forgotten page led to is forgotten with it


def test_a_relative_canonical_address_is_that_of_the_article_and_of_its_pictures(
    reader: Reader,
) -> None:
    head = '<html><head><link rel="canonical" href="/posts/salt/"></head>'
    body = '<article><h1>Salt</h1><p>Of the sea.</p><img src="img/a.png" alt="x"></article></html>'
    reader.site.text("/posts/salt/", head + body, "text/html")
    source = reader.source("pages", "/posts/salt/")
    reader.visit(source)
    assert reader.pick_up(source).warnings == ()
    with reader.store.read() as tx:
        (one,) = articles.every(tx)
        (picture,) = cast("list[dict[str, str]]", articles.record(tx, one.id, 1)["images"])
    assert one.canonical == reader.site.url("/posts/salt/")
    assert picture["url"] == reader.site.url("/posts/salt/img/a.png")


def test_a_page_that_moved_for_ever_is_asked_for_there_and_keeps_its_file(reader: Reader) -> None:
    reader.site.at["/old"] = Said("", 301, {"Location": "/new"})
    reader.site.text("/new", page("a"))
    source = reader.source("pages", "/old")
    reader.visit(source)
    assert reader.texts() == {"old": "a"}
    reader.visit(source, later=HOUR)
    assert reader.site.paths() == ["/new"]
    reader.site.at["/new"] = Said("", 404)
    reader.site.text("/old", page("a, again"))
    reader.visit(source, later=HOUR)
    assert reader.site.paths() == ["/new", "/old"]
    assert reader.texts() == {"old": "a, again"}


def test_an_address_that_leads_to_another_page_of_the_source_is_a_copy(reader: Reader) -> None:
    reader.site.at["/short"] = Said("", 302, {"Location": "/long"})
    reader.site.text("/long", page("a"))
    (visited,) = reader.visit(reader.source("pages", "/short", "/long"))
    assert (visited.posts, visited.error) == (1, None)
    assert reader.texts() == {"long": "a"}


def test_no_more_pages_are_kept_than_are_allowed(reader: Reader) -> None:
    for number in range(5):
        reader.site.text(f"/{number}", page(str(number)))
    source = reader.source("pages", *(f"/{n}" for n in range(5)), limit=3)
    (visited,) = reader.visit(source)
    assert visited.posts == 3
    assert "2 pages are left out: 3 are kept at most" in (visited.error or "")


@pytest.mark.parametrize(("times", "kept"), [(1, set()), (7, {"c", "d"})])
def test_pages_that_are_gone_for_long_make_room_for_new_ones(
    reader: Reader, times: int, kept: set[str]
) -> None:
    for name in "abcd":
        reader.site.text(f"/{name}", page(name))
    source = reader.source("sitemap", "/map", limit=2)
    reader.lists("/a", "/b")
    reader.visit(source)
    for name in "ab":
        reader.site.at[f"/{name}"] = Said("", 410)
    for _ in range(times):  # after the seventh time they are asked for weekly alone
        reader.visit(source, later=timedelta(days=8))
    reader.lists("/c", "/d")
    reader.visit(source, later=HOUR)
    assert set(reader.texts()) == kept


def post(number: int, body: str, modified: str = "2026-03-03T01:00:00") -> dict[str, Any]:
    return {
        "id": number,
        "link": f"https://blog.example/{number}/",
        "date_gmt": "2026-03-02T01:00:00",
        "modified_gmt": modified,
        "title": {"rendered": f"Post {number}"},
        "content": {"rendered": body},
    }


def blog(
    reader: Reader,
    *posts: dict[str, Any],
    most: int = 100,
    gives: int = 100,
    bad: int | None = None,
    status: int = 500,
    headers: bool = True,
) -> None:
    """Answer as WordPress does: of `most` posts at once, never more than it `gives`, but for a `bad` one."""

    def answer(asked: Asked) -> Said:
        query = dict(parse_qsl(asked.path.partition("?")[2]))
        size, number = int(query["per_page"]), int(query.get("page", 1))
        some = [one for one in posts if str(one["id"]) in query.get("include", "").split(",")]
        if size > most or bad in {one["id"] for one in some}:
            return Said("no", 400 if size > most else status)
        size = min(size, gives)
        pages = -(-len(posts) // size)
        if number > max(pages, 1):
            return Said("no", 400)
        said = {"X-WP-TotalPages": str(pages)} if headers else {}
        found = (some if "include" in query else posts)[(number - 1) * size : number * size]
        fields = query["_fields"].split(",")
        body = json.dumps([{name: one[name] for name in fields if name in one} for one in found])
        return Said(body, headers={"Content-Type": "application/json", **said})

    reader.site.at["/wp-json/wp/v2/posts"] = answer


def test_wordpress_gives_a_part_a_page_and_only_what_changed(reader: Reader) -> None:
    blog(reader, post(1, "<p>A</p><!--nextpage--><p>B</p>"), post(2, "<p>C</p>"))
    source = reader.source("wordpress", "/")
    (visited,) = reader.visit(source)
    assert (visited.posts, visited.parts) == (2, 3)
    folder = reader.folder / "web/site/blog.example"
    parts = sorted(one.name for one in folder.glob("*.html"))
    assert [one.partition("~")[0] for one in parts] == ["post-1", "post-1", "post-2"]
    (second,) = folder.glob("post-1~*_2.html.toml")
    assert second.read_text() == (
        'date = 2026-03-02T01:00:00+00:00\ncanonical = "https://blog.example/1/2/"\n'
        'series = "Post 1"\npart = 2\n'
    )
    blog(reader, post(1, "<p>A, B</p>", "2026-04-01T00:00:00"))
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.posts, visited.changed, visited.gone) == (0, 1, 1)
    assert [one.name.partition("~")[0] for one in folder.glob("*.html")] == ["post-1"]
    assert sum("include=" in path for path in reader.site.paths()) == 1
    reader.visit(source, later=HOUR)
    assert not any("include=" in path for path in reader.site.paths())


def texts_of(*numbers: int) -> list[dict[str, Any]]:
    return [post(number, f"<p>Text {number}</p>") for number in numbers]


@pytest.mark.parametrize("odd", [{"gives": 10}, {"most": 50}, {"most": 10}])
@pytest.mark.parametrize("headers", [True, False])
def test_a_blog_that_gives_fewer_posts_at_once_loses_none(
    reader: Reader, odd: dict[str, Any], headers: bool
) -> None:
    source = reader.source("wordpress", "/", limit=1000)
    blog(reader, *texts_of(*range(30)))
    reader.visit(source)
    blog(reader, *texts_of(*range(31)), headers=headers, **odd)
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.posts, visited.gone, visited.error) == (1, 0, None)
    blog(reader, *texts_of(*range(1, 31)), headers=headers, **odd)
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.gone, visited.error) == (1, None)


@pytest.mark.parametrize("odd", [{"gives": 10}, {"most": 10}])
def test_posts_that_are_not_given_together_are_asked_for_one_by_one(
    reader: Reader, odd: dict[str, Any]
) -> None:
    blog(reader, *texts_of(*range(25)), **odd)
    (visited,) = reader.visit(reader.source("wordpress", "/", limit=1000))
    assert (visited.posts, visited.failing, visited.error) == (25, 0, None)
    assert [one.name for one in reader.told if one.level != "debug"] == ["source.fetched"]


def test_one_post_that_cannot_be_read_starves_no_others_and_is_named(reader: Reader) -> None:
    source = reader.source("wordpress", "/", limit=1000)
    blog(reader, *texts_of(*range(30)), bad=7)
    (visited,) = reader.visit(source)
    assert (visited.posts, visited.failing) == (29, 1)
    assert visited.error == (
        "blog.example/7/: cannot be read (127.0.0.1/wp-json/wp/v2/posts: answers 500)."
    )
    blog(reader, *texts_of(*range(30)))
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.posts, visited.failing, visited.error) == (1, 0, None)


def test_a_post_for_which_the_site_calls_itself_busy_starves_no_others(reader: Reader) -> None:
    source = reader.source("wordpress", "/", limit=1000)
    blog(reader, *texts_of(*range(5)), bad=0, status=503)
    assert [reader.visit(source, later=HOUR)[0].posts for _ in range(3)] == [0, 0, 4]


def test_a_post_that_is_too_large_starves_no_others(reader: Reader) -> None:
    reader.size = 9_000
    blog(reader, *texts_of(1, 2), post(3, "x" * 9_000))
    (visited,) = reader.visit(reader.source("wordpress", "/"))
    assert (visited.posts, visited.failing) == (2, 1)
    assert "blog.example/3/: cannot be read" in (visited.error or "")


def test_parts_are_articles_of_their_own_once_their_shape_is_read(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(page: Page, _beside: object, _language: str) -> Steps[Article]:
        yield
        return Article(page.data.decode().partition("<h1>")[2].partition("</h1>")[0], page.path)

    monkeypatch.setitem(cast("dict[str, object]", parsers._PARSERS), ".html", parse)
    blog(reader, post(1, "<p>A</p><!--nextpage--><p>B</p>"), post(2, "<p>C</p>"))
    source = reader.source("wordpress", "/")
    reader.visit(source)
    report = reader.pick_up(source)
    assert len(report.new) == 3
    with reader.store.read() as tx:
        assert [one.title for one in articles.every(tx)] == ["Post 1", "Post 1 (2)", "Post 2"]


def test_a_blog_that_lists_nothing_any_more_takes_nothing_away(reader: Reader) -> None:
    blog(reader, post(1, "<p>A</p>"))
    source = reader.source("wordpress", "/")
    reader.visit(source)
    blog(reader)
    (visited,) = reader.visit(source, later=HOUR)
    assert (visited.gone, visited.error) == (
        0,
        "The source site lists nothing any more: look at it.",
    )
    assert len(list((reader.folder / "web/site/blog.example").glob("*.html"))) == 1


def test_a_source_that_reads_another_place_begins_anew(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    reader.site.text("/b", page("b"))
    reader.lists("/a", "/b")
    reader.visit(reader.source("sitemap", "/map"))
    reader.site.at["/other"] = reader.site.at["/map"]
    reader.lists("/b")
    reader.site.at["/other"] = reader.site.at["/map"]
    reader.visit(reader.source("sitemap", "/other"))
    assert reader.texts() == {"b": "b"}
    assert set(reader.pages()) == {reader.site.url("/b")}


def feed(reader: Reader, *entries: dict[str, Any]) -> Source:
    """Put a JSON Feed at /feed: as it is written, escapes and all."""
    items = [{**one, "url": reader.site.url(one["url"])} for one in entries]
    reader.site.text("/feed", json.dumps({"items": items}), "application/feed+json")
    return reader.source("feed", "/feed", name="feed")


def test_what_no_database_holds_is_left_out_of_what_a_feed_says(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    reader.site.text("/b", page("b"))
    source = feed(
        reader,
        {"url": "/a", "date_modified": "2026\0\ud83d"},
        {"url": "/b"},
        {"url": "/" + "塩" * 999},
    )
    (visited,) = reader.visit(source)
    assert (visited.posts, visited.error) == (2, None)


def test_a_source_that_the_database_stumbles_over_holds_up_no_other_and_is_read_anew(
    reader: Reader,
) -> None:
    for name in "abc":
        reader.site.text(f"/{name}", page(name))
    source, other = feed(reader, {"url": "/a"}, {"url": "/b"}), reader.source("pages", "/c")
    known = cast("Said", reader.site.at["/feed"])
    reader.site.at["/feed"] = lambda asked: (
        Said("", 304)
        if "if-none-match" in asked.headers
        else replace(known, headers={**known.headers, "ETag": '"1"'})
    )
    with reader.store.write() as tx:
        tx.exec_driver_sql("CREATE UNIQUE INDEX one ON web_page (source) WHERE source = 'feed'")
    failed, fetched = reader.visit(source, other)
    assert (failed.posts, fetched.posts) == (0, 1)
    assert "The source feed cannot be read (IntegrityError: " in (failed.error or "")
    with reader.store.write() as tx:
        tx.exec_driver_sql("DROP INDEX one")
    assert reader.visit(source, later=HOUR)[0].posts == 2


def test_two_processes_do_not_fetch_one_source_at_once(reader: Reader) -> None:
    reader.site.text("/a", page("a"))
    source = reader.source("pages", "/a")
    with reader.store.write() as tx:
        until = NOW + timedelta(minutes=15)
        assert sources.begin(tx, source.name, source.place, NOW, until)
        assert not sources.begin(tx, source.name, source.place, NOW, until)
    assert reader.visit(source) == ()
    (visited,) = reader.visit(source, later=timedelta(minutes=15))  # whoever had it has died
    assert visited.posts == 1


def test_a_source_is_held_while_a_long_index_is_read(reader: Reader) -> None:
    source, taken = reader.source("sitemap", "/map"), []

    def answer(asked: Asked) -> Said:
        reader.now += timedelta(minutes=10)
        with reader.store.write() as tx:
            until = reader.now + HOUR
            taken.append(sources.begin(tx, source.name, source.place, reader.now, until))
        pages = f"<urlset><url><loc>/a{asked.path[-1]}</loc></url></urlset>"
        return Said(pages, headers={"Content-Type": "application/xml"})

    parts = [f"/part{number}" for number in range(4)]
    reader.site.at |= dict.fromkeys(parts, answer)
    listed = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in parts)
    reader.site.text("/map", f"<sitemapindex>{listed}</sitemapindex>", "application/xml")
    reader.visit(source)
    assert taken == [False] * 4
    assert len(reader.pages()) == 4


def test_a_visit_that_is_stopped_goes_on_where_it_was(reader: Reader) -> None:
    fetching = reader.fetching()

    def answer(_asked: Asked) -> Said:
        fetching.stop.set()
        return Said(page("a"), headers={"Content-Type": "text/plain"})

    reader.site.at["/a"] = answer
    reader.site.text("/b", page("b"))
    source = reader.source("pages", "/a", "/b")
    (visited,) = fetch(fetching, [source])
    assert (visited.posts, visited.error) == (1, None)
    (visited,) = reader.visit(source)
    assert reader.site.paths() == ["/b"]


def test_a_rehearsal_says_what_would_come_and_changes_nothing(
    reader: Reader, tmp_path: Path
) -> None:
    reader.site.text("/a", page("a"))
    source = reader.source("pages", "/a", "/b")
    reader.visit(source)
    reader.pick_up(source)
    before = sorted(reader.folder.rglob("*"))
    reader.site.text("/b", page("b"))
    trial = tmp_path / "trial"
    reader.now += timedelta(days=1)
    (visited,) = rehearse(reader.fetching(trial), reader.folder, [source])
    assert (visited.posts, visited.parts) == (1, 1)
    report = reader.pick_up(source, below=trial)
    assert (len(report.new), report.mailed, report.gone) == (1, 1, ())
    assert sorted(reader.folder.rglob("*")) == before
    assert reader.state().next_try <= NOW + HOUR
    assert {one.state for one in reader.pages().values()} == {"kept", "gone"}


def test_a_feed_that_says_only_when_pages_changed_dates_those_that_have_no_date(
    reader: Reader,
) -> None:
    html = (
        "<html><head>{}</head><body><article><h1>{}</h1><p>Text of {}.</p></article></body></html>"
    )
    dated = '<meta property="article:published_time" content="2015-03-02T10:00:00Z">'
    changed = {"old": reader.now, "undated": reader.now - timedelta(days=90), "new": reader.now}
    for name in changed:
        text = html.format(dated if name == "old" else "", name, name)
        reader.site.text(f"/{name}", text, "text/html")
    entries = "".join(
        f'<entry><title>{name}</title><id>{name}</id><link href="{reader.site.url(f"/{name}")}"/>'
        f"<updated>{at.isoformat()}</updated></entry>"
        for name, at in changed.items()
    )
    home = f'<title>t</title><id>t</id><link href="{reader.site.url("/")}"/>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{home}{entries}</feed>'
    reader.site.text("/atom", feed, "application/atom+xml")
    source = reader.source("feed", "/atom")
    reader.visit(source)
    report = reader.pick_up(source)
    assert (len(report.new), len(report.backlog), report.mailed) == (3, 2, 1)
    with reader.store.read() as tx:
        years = {one.title: one.published for one in articles.every(tx)}
    assert years["old"].year == 2015
    assert years["undated"] == changed["undated"]
