import pytest

from syndicate.articles import transcribe
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.links import dead_sources
from syndicate.model import Article, Citation, Section, silent
from syndicate.store import publication
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.net.conftest import site
from tests.net.site import Said, Site, client

__all__ = ["site"]


def name_sources(store: Store, *addresses: str) -> None:
    cited = tuple(Citation(f"Source {n}", one) for n, one in enumerate(addresses))
    article = Article("Salt", sections=(Section("Salt", sources=cited),))
    with store.write() as tx:
        origin = publication.fix_origin(tx, "example.com", NOW.date())
        keep(
            tx,
            [Arrival("content/a.txt", transcribe(article), None)],
            origin,
            [],
            NOW,
            backlog=False,
        )


def test_dead_sources_are_named_with_their_reason(store: Store, site: Site) -> None:
    site.text("/alive", "x")
    site.at["/moved"] = Said("", 301, {"Location": "/alive"})
    site.at["/shy"] = Said("", 403)
    site.at["/gone"] = Said("", 410)
    site.at["/ill"] = Said("", 500)
    paths = ("/alive", "/moved", "/shy", "/gone", "/ill", "/missing")
    name_sources(store, *map(site.url, paths), "http://10.0.0.1/", "not an address", "")
    dead = dead_sources(store, client(), silent)
    assert {(one.address, one.reason, one.sure) for one in dead} == {
        (site.url("/gone"), "answers 410", True),
        (site.url("/missing"), "answers 404", True),
        (site.url("/ill"), "answers 500", False),
        ("http://10.0.0.1/", dead[-2].reason, True),
        ("not an address", dead[-1].reason, True),
    }
    assert {(one.title, one.files) for one in dead} == {("Salt", ())}
    assert "is not asked: it leads to 10.0.0.1" in dead[-2].reason


@pytest.mark.parametrize("rules", ["User-agent: *\nDisallow: /"])
def test_what_robots_keep_us_from_counts_as_alive(store: Store, site: Site, rules: str) -> None:
    site.text("/robots.txt", rules)
    name_sources(store, site.url("/gone"))
    assert dead_sources(store, client(), silent) == ()
