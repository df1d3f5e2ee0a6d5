"""A publication moves here: its readers see nothing as new (FEEDS.md, "identity")."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from syndicate.articles import transcribe
from syndicate.content.web.listing import ListingRefused
from syndicate.jobs.import_ids import Imported, import_ids
from syndicate.jobs.keep import Arrival, keep
from syndicate.model import Article, Metadata, silent
from syndicate.store import articles, inheritance, news, publication, redirects
from syndicate.store.articles import Row
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.net.site import Asked, Said, Site, client, running
from tests.world import DIGEST

OLD = datetime(2025, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


def rss(site: Site, *entries: tuple[str, str, str], head: str = "") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{site.url(path)}</link>"
        f'<guid isPermaLink="false">{uid}</guid><pubDate>Sat, 01 Mar 2025 09:00:00 +0000</pubDate></item>'
        for uid, path, title in entries
    )
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Old</title>'
        f"<link>{site.url('/')}</link><description>d</description>{head}{items}</channel></rss>"
    )


def post(site: Site, number: int, title: str) -> dict[str, object]:
    return {
        "id": number,
        "link": site.url(f"/2025/post-{number}/"),
        "date_gmt": "2025-03-01T09:00:00",
        "guid": {"rendered": f"https://old.example/?p={number}&amp;x"},
        "title": {"rendered": title},
    }


def bring(store: Store, *pages: Article) -> list[Row]:
    arrivals = [
        Arrival(f"{n}-{one.title}.txt", transcribe(one), None) for n, one in enumerate(pages)
    ]
    with store.write() as tx:
        news.enrol(tx, DIGEST.name, NOW)
        origin = publication.fix_origin(tx, "example.com", NOW.date())
        keep(tx, arrivals, origin, [DIGEST], NOW, backlog=False)
        return articles.every(tx)


def imported(store: Store, site: Site, path: str, *, dry_run: bool = False) -> Imported:
    return import_ids(store, client().get, site.url(path), silent, dry_run=dry_run)


def led(store: Store) -> dict[str, str]:
    with store.read() as tx:
        return redirects.load(tx)


def test_pages_that_come_later_take_their_old_id_and_date_and_are_nobodys_news(
    store: Store, site: Site
) -> None:
    site.text("/feed/", rss(site, ("urn:old:1", "/a/", "Bees"), ("urn:old:2", "/b/", "Wasps")))
    report = imported(store, site, "/feed/")
    assert (report.read, report.new, report.taken, report.waiting) == (2, 2, (), 2)
    bees, wasps = bring(
        store,
        Article("B e e s", "Of bees."),
        Article("Hornets", metadata=Metadata(canonical=site.url("/b"))),
    )
    assert (bees.uid, wasps.uid) == ("urn:old:1", "urn:old:2")
    assert (bees.published, wasps.published) == (OLD, OLD)
    assert led(store) == {
        "/a/": f"articles/{bees.slug}/",
        "/b/": f"articles/{wasps.slug}/",
        "/b": f"articles/{wasps.slug}/",
        "/feed/": "feed.rss",
    }
    with store.read() as tx:
        assert news.last_seq(tx, DIGEST.name) == 0
        assert inheritance.left(tx) == 0


def test_articles_that_are_here_take_theirs_now_and_a_second_import_changes_nothing(
    store: Store, site: Site
) -> None:
    bring(store, Article("Bees", "Of bees."), Article("Ants", "Of ants."))
    site.text("/old.xml", rss(site, ("urn:old:1", "/a/", "Bees")))
    rehearsed = imported(store, site, "/old.xml", dry_run=True)
    assert led(store) == {}
    assert imported(store, site, "/old.xml") == rehearsed
    assert [uid for _, uid in rehearsed.taken] == ["urn:old:1"]
    again = imported(store, site, "/old.xml")
    assert (again.new, again.taken, again.waiting) == (0, (), 0)
    with store.read() as tx:
        bees, ants = articles.every(tx)
    assert (bees.uid, bees.published, bees.updated) == ("urn:old:1", OLD, OLD)
    assert ants.uid.startswith("tag:example.com,")


def test_a_page_with_a_date_of_its_own_keeps_it(store: Store, site: Site) -> None:
    own = datetime(2024, 1, 1, tzinfo=UTC)
    site.text("/feed/", rss(site, ("urn:old:1", "/a/", "Bees"), ("urn:old:2", "/b/", "Ants")))
    bring(store, Article("Bees", metadata=Metadata(published=own)))
    imported(store, site, "/feed/")
    rows = bring(store, Article("Ants", metadata=Metadata(published=own)))
    assert {(row.uid, row.published) for row in rows} == {("urn:old:1", own), ("urn:old:2", own)}


def test_a_post_that_becomes_several_parts_gives_its_id_to_the_first(
    store: Store, site: Site
) -> None:
    site.text("/wp-json/wp/v2/posts", json.dumps([post(site, 7, "Bees")]))
    report = imported(store, site, "/wp-json/wp/v2/posts")
    assert report.redirected == tuple(
        sorted(f"/feed{one}{end}" for one in ("", "/rss", "/rss2", "/atom") for end in ("", "/"))
    )
    first, second = bring(
        store,
        Article("Bees", metadata=Metadata(canonical=site.url("/2025/post-7/"))),
        Article("Bees (2)", metadata=Metadata(canonical=site.url("/2025/post-7/2/"))),
    )
    assert first.uid == "https://old.example/?p=7&x"
    assert second.uid.startswith("tag:example.com,")
    assert led(store)["/2025/post-7/2/"] == f"articles/{second.slug}/"
    assert led(store)["/feed/atom/"] == "feed.atom"


def test_lists_are_read_page_by_page_to_their_end(store: Store, site: Site) -> None:
    def posts(asked: Asked) -> Said:
        number = int(asked.path.partition("&page=")[2] or 1)
        if number > 3:
            return Said('{"code": "rest_post_invalid_page_number"}', 400)
        return Said(json.dumps([post(site, number, f"Post {number}")]))

    site.at["/wp-json/wp/v2/posts"] = posts
    assert imported(store, site, "/wp-json/wp/v2/posts").read == 3
    following = f'<atom:link rel="next" href="{site.url("/feed?p=2")}"/>'
    site.text("/feed", rss(site, ("urn:a", "/a", "A"), head=following))
    site.text("/feed?p=2", rss(site, ("urn:b", "/b", "B")))
    assert imported(store, site, "/feed").read == 2
    items = [{"id": "urn:c", "url": site.url("/c"), "title": "C"}]
    site.text("/1.json", json.dumps({"items": items, "next_url": site.url("/1.json")}))
    assert imported(store, site, "/1.json").read == 1


def test_feeds_of_wordpress_are_paged_though_they_do_not_say_so(store: Store, site: Site) -> None:
    made = "<generator>https://wordpress.org/?v=6.8</generator>"
    pages = {
        "/feed/": rss(site, ("urn:a", "/a", "A"), head=made),
        "/feed/?paged=2": rss(site, ("urn:b", "/b", "B"), head=made),
    }
    site.at["/feed/"] = lambda asked: Said(
        pages.get(asked.path, ""), 200 if asked.path in pages else 404
    )
    assert imported(store, site, "/feed/").read == 2


def test_two_entries_of_one_title_are_known_by_their_addresses_alone(
    store: Store, site: Site
) -> None:
    site.text("/feed", rss(site, ("urn:1", "/a", "Weekly"), ("urn:2", "/b", "Weekly")))
    imported(store, site, "/feed")
    one, two = bring(
        store,
        Article("Weekly", "One."),
        Article("News", metadata=Metadata(canonical=site.url("/b/"))),
    )
    assert one.uid.startswith("tag:")
    assert two.uid == "urn:2"


def test_ids_that_atom_cannot_hold_are_named(store: Store, site: Site) -> None:
    long = "urn:" + "".join(chr(0x4E00 + 7919 * n % 20_000) for n in range(3000))
    site.text("/feed", rss(site, ("12345", "/a", "Bees"), (long, "/b", "Wasps")))
    assert imported(store, site, "/feed").unusable == ("12345", long)


def test_an_id_that_comes_twice_is_kept_by_its_first_entry_and_named(
    store: Store, site: Site
) -> None:
    site.text("/feed", rss(site, ("urn:1", "/a", "Bees"), ("urn:1", "/b", "Wasps")))
    report = imported(store, site, "/feed")
    assert (report.read, report.doubled, report.waiting) == (1, ("urn:1",), 1)
    bees, wasps = bring(store, Article("Bees"), Article("Wasps"))
    assert bees.uid == "urn:1"
    assert wasps.uid.startswith("tag:")


def test_ids_that_share_an_address_are_named_and_none_is_lost(store: Store, site: Site) -> None:
    site.text("/feed", rss(site, ("urn:1", "/a", "Bees"), ("urn:2", "/a", "Bees, once more")))
    bring(store, Article("Bees", metadata=Metadata(canonical=site.url("/a"))))
    report = imported(store, site, "/feed")
    assert report.shared == (site.url("/a"),)
    assert (len(report.taken), report.waiting) == (1, 1)
    assert imported(store, site, "/feed").waiting == 1


def test_an_id_that_an_article_bears_already_is_given_to_no_other(store: Store, site: Site) -> None:
    """As after a move back: titles were swapped meanwhile, and ids say which is which."""
    before = bring(store, Article("Bees"), Article("Wasps"))
    (bees, wasps) = (row.uid for row in before)
    site.text("/feed", rss(site, (bees, "/a", "Wasps"), (wasps, "/b", "Hornets")))
    report = imported(store, site, "/feed")
    assert (report.taken, report.waiting) == ((), 0)
    with store.read() as tx:
        assert [row.uid for row in articles.every(tx)] == [bees, wasps]
    assert led(store)["/a"] == f"articles/{before[0].slug}/"
    rows = bring(store, Article("Hornets", "Of hornets."))
    assert len({row.uid for row in rows}) == 3


def test_what_is_no_feed_is_refused_and_changes_nothing(store: Store, site: Site) -> None:
    site.text("/page", "<html><body>hello</body></html>", "text/html")
    with pytest.raises(ListingRefused, match="no feed that can be read"):
        imported(store, site, "/page")
    with pytest.raises(ListingRefused, match="answers 404"):
        imported(store, site, "/none")
    assert led(store) == {}
