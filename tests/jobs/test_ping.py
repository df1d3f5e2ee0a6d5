from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace

from syndicate.cli import building
from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.ping import WAITS, Pinged, Pinging, ping
from syndicate.model import Event
from syndicate.output import OutputRefused
from syndicate.services import Services, open_services
from syndicate.store import pings
from syndicate.store.database import Store
from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.conftest import NOW
from tests.net.site import LOOPBACK, Asked, Said, Site, client, running

BASE = "https://example.com/news"


@pytest.fixture
def hub() -> Iterator[Site]:
    """A hub on this machine that hears everything, unless a test says otherwise."""
    with running() as site:
        site.at["/"] = Said(status=204)
        yield site


def fails(times: int, status: int = 503, **headers: str) -> Callable[[Asked], Said]:
    """Fail so many times, then hear everything."""
    left = [Said(status=status, headers=headers)] * times
    return lambda _asked: left.pop() if left else Said(status=202)


def heard(hub: Site) -> list[str]:
    """What a hub was told, in order."""
    assert {(one.method, one.path) for one in hub.asked} <= {("POST", "/")}
    forms = [parse_qs(one.body.decode(), strict_parsing=True) for one in hub.asked]
    assert all(one["hub.mode"] == ["publish"] and len(one) == 2 for one in forms)
    return [one["hub.url"][0] for one in forms]


class World:
    """Hubs that are to be told, at a time that a test sets."""

    def __init__(self, store: Store, *hubs: str) -> None:
        self.store, self.hubs, self.now = store, hubs, NOW
        self.told: list[Event] = []

    def arm(self, *topics: str, digest: str = "1") -> None:
        with self.store.write() as tx:
            pings.arm(tx, dict.fromkeys(topics, digest), self.hubs)

    def ping(self, after: timedelta = timedelta(), allowed: tuple[str, ...] = LOOPBACK) -> Pinged:
        self.now += after
        means = Pinging(
            self.store,
            client(allowed=allowed, now=lambda: self.now),
            BASE,
            self.hubs,
            lambda: self.now,
            self.told.append,
            Signal(),
        )
        return ping(means)

    def due(self, at: datetime | None = None) -> bool:
        with self.store.read() as tx:
            return pings.any_due(tx, at or self.now)


def test_a_hub_is_told_of_each_feed_once_however_often_it_changed(store: Store, hub: Site) -> None:
    world = World(store, hub.url())
    world.arm("feed.atom", "series/花/feed.rss")
    world.arm("feed.atom", digest="2")
    assert world.ping() == Pinged(heard=2)
    assert heard(hub) == [f"{BASE}/feed.atom", f"{BASE}/series/%E8%8A%B1/feed.rss"]
    assert not world.due()
    assert world.ping() == Pinged()


def test_a_hub_that_fails_twice_is_told_the_third_time(store: Store, hub: Site) -> None:
    hub.at["/"] = fails(2)
    world = World(store, hub.url())
    world.arm("feed.atom", "feed.rss")
    assert world.ping() == Pinged(waiting=2)
    assert len(hub.asked) == 1  # the other feed would have failed too
    assert not world.due()
    assert world.ping(WAITS[0]) == Pinged(waiting=2)
    assert not world.due(world.now + WAITS[0])
    assert world.ping(WAITS[1]) == Pinged(heard=2)
    assert heard(hub)[2:] == [f"{BASE}/feed.atom", f"{BASE}/feed.rss"]
    assert [(one.name, one.level) for one in world.told if one.level == "warning"] == [
        ("hub.failed", "warning")
    ] * 2


def test_a_hub_that_is_gone_is_given_up_and_holds_up_no_other(store: Store, hub: Site) -> None:
    world = World(store, "http://127.0.0.1:1/", hub.url())
    world.arm("feed.atom")
    assert world.ping() == Pinged(heard=1, waiting=1)
    for wait in WAITS[:-1]:
        assert world.ping(wait) == Pinged(waiting=1)
    assert world.ping(WAITS[-1]) == Pinged(given_up=1)
    assert not world.due(NOW + timedelta(days=400))
    assert heard(hub) == [f"{BASE}/feed.atom"]


def test_a_feed_that_changes_while_its_ping_waits_is_told_at_once(store: Store, hub: Site) -> None:
    hub.at["/"] = fails(1)
    world = World(store, hub.url())
    world.arm("feed.atom")
    assert world.ping() == Pinged(waiting=1)
    world.arm("feed.atom", digest="2")
    assert world.ping() == Pinged(heard=1)


def test_a_feed_that_changes_while_its_hub_is_told_is_told_again(store: Store, hub: Site) -> None:
    world = World(store, hub.url())

    def change(_asked: Asked) -> Said:
        if len(hub.asked) == 1:
            world.arm("feed.atom", digest="2")
        return Said(status=204)

    hub.at["/"] = change
    world.arm("feed.atom")
    assert world.ping() == Pinged(heard=1)
    assert world.ping() == Pinged(heard=1)
    assert world.ping() == Pinged()


def test_a_feed_that_a_hub_does_not_want_holds_up_no_other(store: Store, hub: Site) -> None:
    hub.at["/"] = fails(1, 404)
    world = World(store, hub.url())
    world.arm("feed.atom", "feed.rss")
    assert world.ping() == Pinged(heard=1, waiting=1)
    assert "answered 404" in str(world.told[0].values["reason"])


def test_a_hub_is_not_asked_before_it_wants_to_be(store: Store, hub: Site) -> None:
    hub.at["/"] = fails(1, 429, **{"Retry-After": "7200"})
    world = World(store, hub.url())
    world.arm("feed.atom")
    world.ping()
    assert not world.due(NOW + timedelta(seconds=7199))
    assert world.due(NOW + timedelta(seconds=7200))


def test_a_hub_inside_is_asked_only_where_the_operator_allows_it(store: Store, hub: Site) -> None:
    world = World(store, hub.url())
    world.arm("feed.atom")
    assert world.ping(allowed=()) == Pinged(waiting=1)
    assert "net.allow" in str(world.told[0].values["reason"])
    assert hub.asked == []


def test_a_redirect_of_a_hub_is_not_followed(store: Store, hub: Site) -> None:
    hub.at["/"] = Said(status=307, headers={"Location": hub.url("/elsewhere")})
    world = World(store, hub.url())
    world.arm("feed.atom")
    assert world.ping() == Pinged(waiting=1)
    assert len(hub.asked) == 1


def test_a_hub_that_is_configured_no_more_is_forgotten(store: Store, hub: Site) -> None:
    world = World(store, hub.url())
    world.arm("feed.atom")
    world.hubs = ()
    assert world.ping() == Pinged()
    assert not world.due()
    assert hub.asked == []


@pytest.fixture
def services(tmp_path: Path, hub: Site) -> Iterator[Services]:
    make_publication(tmp_path / "a", new_settings("content", base_url=BASE))
    settings = tmp_path / "a" / "syndicate.toml"
    more = f'\n[feeds]\nhubs = ["{hub.url()}"]\n[net]\nallow = ["127.0.0.0/8"]\n'
    text = "\n".join(
        line
        for line in settings.read_text("utf-8").splitlines()
        if line not in ("[feeds]", "[net]")
    )
    settings.write_text(text + more, "utf-8")
    opened = replace(open_services(tmp_path / "a"), clock=lambda: NOW)
    yield opened
    opened.store.close()


def test_each_feed_that_a_build_changed_is_told_of_and_no_other(
    services: Services, hub: Site
) -> None:
    content = services.folder / "content"
    write(content, {"a.txt": page(FIRST)})
    assert building.build(services).hubs.heard == len(heard(hub)) > 0
    assert {f"{BASE}/feed.atom", f"{BASE}/feed.rss", f"{BASE}/feed.json"} <= set(heard(hub))
    hub.asked.clear()
    assert building.build(services).hubs == Pinged()
    write(content, {"b.txt": page(SECOND)})
    building.build(services)
    told = heard(hub)
    assert len(told) == len(set(told))
    assert f"{BASE}/feed.atom" in told
    assert not any("/archive/" in one for one in told)
    assert not any("%E7%AC%AC%E4%B8%80%E8%A9%B1" in one for one in told)  # the first one's own


def test_a_publish_that_cannot_write_its_maps_tells_hubs_of_its_feeds_all_the_same(
    services: Services, hub: Site
) -> None:
    maps = services.folder / "public.maps"
    maps.write_text("in the way", "utf-8")
    write(services.folder / "content", {"a.txt": page(FIRST)})
    with pytest.raises(OutputRefused, match=r"public\.maps"):
        building.build(services)
    with services.store.read() as tx:
        waiting = {one.topic for one in pings.due(tx, NOW + timedelta(days=1))}
    assert "feed.atom" in waiting
    maps.unlink()
    building.build(services)
    assert f"{BASE}/feed.atom" in heard(hub)


def test_a_publish_that_is_killed_before_its_pings_has_them_in_the_database(
    services: Services, hub: Site
) -> None:
    write(services.folder / "content", {"a.txt": page(FIRST)})
    hub.at["/"] = fails(1000)
    assert building.build(services).hubs.heard == 0
    with services.store.read() as tx:
        assert any(one.topic == "feed.atom" for one in pings.due(tx, NOW + timedelta(days=1)))
