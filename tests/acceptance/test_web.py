"""Pages from the web, as an operator sets them up."""

import json
from collections.abc import Iterator

import pytest

from tests.acceptance.pages import FIRST, SECOND, page
from tests.acceptance.program import Program, wait_for
from tests.net.site import Said, Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


def read(
    syndicate: Program, site: Site, *tables: str, allow: str = '["127.0.0.0/8"]', seconds: int = 5
) -> None:
    """Add sources to the settings."""
    file = syndicate.folder / "syndicate.toml"
    net = f"\n[net]\nallow = {allow}\npause = 0\nseconds = {seconds}\n"
    added = "".join(f'\n[[sources]]\nkind = "web"\n{one}\n' for one in tables)
    file.write_text(file.read_text(encoding="utf-8") + net + added, encoding="utf-8")


def two_parts(site: Site) -> None:
    """A sitemap and two pages, one of them in another encoding."""
    first, second = page(FIRST, SECOND), page(SECOND)
    site.text("/one", first, "text/plain; charset=utf-8")
    site.text("/two", second.encode("gb18030"), "text/plain; charset=gb18030")
    urls = "".join(f"<url><loc>{one}</loc></url>" for one in ("/one", "/two"))
    site.text("/map", f"<urlset>{urls}</urlset>", "text/xml")


def titles(syndicate: Program) -> list[str]:
    feed = json.loads((syndicate.folder / "public" / "feed.json").read_text(encoding="utf-8"))
    return sorted(one["title"] for one in feed["items"])


def test_a_sitemap_becomes_a_series_beside_the_pages_of_the_folder(
    syndicate: Program, site: Site
) -> None:
    two_parts(site)
    read(syndicate, site, f'name = "bees"\nsitemap = "{site.url("/map")}"')
    dry = syndicate("build", "--dry-run").stdout
    assert "would fetch bees: 2 new posts" in dry
    assert "would mail 2 of 2 new articles" in dry
    assert not list((syndicate.folder / "web").rglob("*.txt"))
    built = syndicate.json("build")
    assert [(one["source"], one["posts"]) for one in built["web"]] == [("bees", 2)]
    assert titles(syndicate) == [FIRST, SECOND]
    (one,) = syndicate.json("series", "list")
    assert one["total"] == 2
    assert syndicate.json("build")["web"] == []  # not due


def test_a_broken_source_is_named_and_holds_up_no_other(syndicate: Program, site: Site) -> None:
    two_parts(site)
    site.at["/feed"] = Said("", 500)
    read(
        syndicate,
        site,
        f'name = "broken"\nfeed = "{site.url("/feed?key=secret")}"',
        'name = "inside"\npages = ["http://10.0.0.1/"]',
        f'name = "bees"\nsitemap = "{site.url("/map")}"\nevery = "2 hours"',
    )
    done = syndicate("build")
    assert "127.0.0.1/feed: answers 500." in done.stdout
    assert "10.0.0.1: is not asked" in done.stdout
    assert "secret" not in done.stdout + done.stderr
    assert titles(syndicate) == [FIRST, SECOND]
    health = {one["name"]: one for one in syndicate.json("sources", "list")}
    assert health["broken"]["error"] == "127.0.0.1/feed: answers 500."
    assert health["broken"]["last_success"] is None
    assert health["bees"]["pages"] == 2
    assert health["bees"]["error"] is None
    assert health["bees"]["next_try"] > health["broken"]["next_try"]
    assert health["inside"]["failing"] == 1
    shown = syndicate("sources", "list").stdout
    assert "bees    sitemap  2 pages" in shown
    assert "broken: since" in shown


def test_this_machine_is_not_asked_unless_it_is_allowed(syndicate: Program, site: Site) -> None:
    two_parts(site)
    read(syndicate, site, f'name = "bees"\nsitemap = "{site.url("/map")}"', allow="[]")
    done = syndicate("build")
    assert "leads to 127.0.0.1" in done.stdout
    assert site.asked == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('name = "a"', "exactly one of pages, sitemap, feed and wordpress"),
        ('name = "a"\nfeed = "https://e.example/"\npages = ["https://e.example/"]', "exactly one"),
        ('name = "a"\nfeed = "ftp://example.com/"', "an address such as https://"),
        ('name = "a"\nfeed = "https://me:pw@example.com/"', "without a name or password"),
        ('name = "a"\nfeed = "https://example.com/"\nevery = "sometimes"', "length of time"),
        ('name = "a"\nfed = "https://example.com/"', "unknown key; expected feed"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(
    syndicate: Program, table: str, reason: str
) -> None:
    read(syndicate, Site(), table)
    done = syndicate("build", status=1)
    assert "syndicate.toml: sources" in done.stderr
    assert reason in done.stderr


def test_two_sources_of_one_name_are_refused(syndicate: Program) -> None:
    table = 'name = "a"\nfeed = "https://example.com/"'
    read(syndicate, Site(), table, table)
    assert "two are named 'a'" in syndicate("build", status=1).stderr


def test_the_daemon_fetches_what_is_due_and_ends_in_the_middle_of_it(
    syndicate: Program, site: Site
) -> None:
    two_parts(site)
    feed = syndicate.folder / "public" / "feed.json"
    with running("127.0.0.2") as slow:
        slow.at["/"] = Said(drip=True)
        bees = f'name = "bees"\nsitemap = "{site.url("/map")}"'
        read(syndicate, site, f'name = "slow"\nfeed = "{slow.url()}"', bees, seconds=60)
        with syndicate.daemon() as daemon:
            wait_for(lambda: feed.exists() and len(titles(syndicate)) == 2, daemon.said)
            wait_for(lambda: slow.paths() == ["/"], daemon.said)
            assert daemon.terminate() == 0
    assert "took longer" not in daemon.said()
    assert "source.failed" not in daemon.said()


def test_check_asks_for_cited_sources_only_when_told(syndicate: Program, site: Site) -> None:
    site.at["/gone"] = Said("", 410)
    site.at["/ill"] = Said("", 500)
    site.text("/alive", "x")
    read(syndicate, site)
    for name in ("gone", "ill", "alive"):
        text = page(name).replace("https://example.org/bees", f"{site.url(f'/{name}')} ")
        (syndicate.folder / "content" / f"{name}.txt").write_text(text, encoding="utf-8")
    syndicate("build")
    assert syndicate("check").stdout == "No problem was found.\n"
    said = syndicate("check", "--links").stdout
    assert f"source-dead: 見本の養蜂帳 ({site.url('/gone')}): answers 410. Mend" in said
    assert f"source-silent: 見本の養蜂帳 ({site.url('/ill')}): answers 500. Look" in said
    assert "0 pages are refused, 2 warnings" in said
    rows = syndicate.json("check", "--links")
    assert [(one["file"], one["code"]) for one in rows] == [
        ("content/gone.txt", "source-dead"),
        ("content/ill.txt", "source-silent"),
    ]
