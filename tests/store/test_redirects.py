from syndicate.store import publication, redirects
from syndicate.store.database import Store
from tests.conftest import NOW


def test_an_old_address_leads_where_it_was_led_last_and_is_published(store: Store) -> None:
    with store.write() as tx:
        publication.fix_origin(tx, "example.com", NOW.date())
        redirects.add(tx, {"/?p=12": "articles/花/", "/feed/": "feed.atom"})
        redirects.add(tx, {"/feed/": "feed.rss"})
    with store.read() as tx:
        assert redirects.load(tx) == {"/?p=12": "articles/花/", "/feed/": "feed.rss"}
        assert publication.behind(tx) == 2


def test_no_old_addresses_are_no_change(store: Store) -> None:
    with store.write() as tx:
        redirects.add(tx, {})
    with store.read() as tx:
        assert redirects.load(tx) == {}
