import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from syndicate import tokens
from syndicate.jobs import preferences
from syndicate.model import Cadence, Depth, Filters, Preferences
from tests.web.reader import Answer, Site, path_of, words


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = Site(tmp_path / "a")
    with opened.services.store.write() as tx:
        tx.execute(text("INSERT INTO series (slug, title) VALUES ('tides', 'Tides')"))
        tx.execute(text("UPDATE article SET series = 1, part = 1"))
    yield opened
    opened.close()


def chosen(site: Site) -> Preferences:
    found = preferences.read(site.services.store, 1)
    assert found is not None
    return found


def count(site: Site, table: str) -> int:
    with site.services.store.read() as tx:
        return tx.scalar(text(f"SELECT COUNT(*) FROM {table}")) or 0


def feed_path(answer: Answer, ending: str) -> str:
    found = re.search(rf'/f/[^"]+\.{ending}', answer.text)
    assert found, answer.text
    return found[0]


FORM = {
    "do": "save",
    "cadence": "weekly",
    "depth": "highlights",
    "language": "ja",
    "series": "tides",
    "hour": "8",
    "zone": "Asia/Tokyo",
    "paused_until": "2026-12-24",
}


def test_every_setting_that_is_shown_is_kept_and_shown_again(site: Site) -> None:
    path = site.join("ann@example.com")["preferences"]
    assert "Your settings are saved." in site.post(path, **FORM).text
    wanted = chosen(site)
    assert wanted == Preferences(
        "ja",
        Cadence.WEEKLY,
        Depth.HIGHLIGHTS,
        Filters(series=("tides",)),
        8,
        "Asia/Tokyo",
        datetime.fromisoformat("2026-12-24T00:00:00+09:00"),
    )
    page = site.get(path).text
    for value in ("weekly", "highlights", "tides"):
        assert re.search(rf'value="{value}" checked', page), value
    for value in ("ja", "8", "Asia/Tokyo"):
        assert re.search(rf'value="{value}" selected', page), value
    assert 'value="2026-12-24"' in page
    emptied = FORM | {"series": "", "hour": "", "paused_until": ""}
    site.post(path, **emptied)
    assert (chosen(site).filters, chosen(site).hour, chosen(site).paused_until) == (
        Filters(),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cadence", "hourly"),
        ("depth", "all"),
        ("language", "Japanese!"),
        ("language", "fr"),
        ("series", "no-such"),
        ("hour", "24"),
        ("hour", "x"),
        ("zone", "Mars/Base"),
        ("paused_until", "tomorrow"),
        ("paused_until", "2099-01-01"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    site: Site, field: str, value: str
) -> None:
    path = site.join("ann@example.com")["preferences"]
    before = chosen(site)
    answer = site.post(path, **(FORM | {field: value}))
    assert answer.status == 422
    assert f'id="{field}-error"' in answer.text
    assert chosen(site) == before


def test_the_page_names_no_address_since_letters_are_passed_on(site: Site) -> None:
    path = site.join("ann@example.com")["preferences"]
    assert "ann@" not in site.get(path).text


def test_looking_changes_no_row(site: Site) -> None:
    links = site.join("ann@example.com")
    path = feed_path(site.post(links["preferences"], do="feed"), "atom")
    site.post(links["preferences"], do="account")
    (letter,) = site.mail()
    account = path_of(letter, "account")
    with site.services.store.read() as tx:
        before = dump(tx)
    pages = (*links.values(), path, account, f"{account}/copy", "/subscribe", "/embed")
    for place in pages:
        for method in ("GET", "HEAD"):
            assert site.ask(method, place).status == 200, place
    with site.services.store.read() as tx:
        assert dump(tx) == before


def dump(tx: object) -> dict[str, list[tuple[object, ...]]]:
    from syndicate.store.schema.every import metadata

    return {
        name: [tuple(row) for row in tx.execute(table.select())]  # type: ignore[attr-defined]
        for name, table in metadata.tables.items()
    }


def test_a_private_feed_holds_what_passes_and_can_be_revoked(site: Site) -> None:
    path = site.join("ann@example.com")["preferences"]
    answer = site.post(path, do="feed")
    feeds = {ending: feed_path(answer, ending) for ending in ("atom", "rss", "json")}
    for ending, place in feeds.items():
        found = site.get(place)
        assert found.status == 200, ending
        assert found.headers["cache-control"] == "private, max-age=300"
        assert "noindex" in found.headers["x-robots-tag"]
        again = site.get(place, **{"if-none-match": found.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
    assert len(json.loads(site.get(feeds["json"]).body)["items"]) == 1
    site.post(path, **(FORM | {"series": "tides", "languages": "fr"}))
    assert json.loads(site.get(feeds["json"]).body)["items"] == []
    assert site.get(feeds["json"].replace(".json", ".exe")).status == 404
    site.post(path, do="revoke")
    assert site.get(feeds["atom"]).status == 410
    assert feed_path(site.post(path, do="feed"), "atom") != feeds["atom"]


def test_a_private_feed_holds_nothing_that_its_newsletter_does_not_take(site: Site) -> None:
    answer = site.post(site.join("ann@example.com")["preferences"], do="feed")
    site.close()
    settings = site.folder / "syndicate.toml"
    settings.write_text(settings.read_text().replace("# languages = []", 'languages = ["fr"] #', 1))
    site = Site(site.folder)
    assert json.loads(site.get(feed_path(answer, "json")).body)["items"] == []


def test_a_feed_instead_of_letters_ends_the_letters_and_stays(site: Site) -> None:
    path = site.join("ann@example.com")["preferences"]
    answer = site.post(path, do="feed", instead="yes")
    with site.services.store.read() as tx:
        assert tx.scalar(text("SELECT state FROM subscription")) == "left"
    assert "No letters are sent to you" in answer.text
    assert site.get(feed_path(answer, "rss")).status == 200


def account_link(site: Site, address: str = "ann@example.com") -> str:
    return link_for(site, site.join(address)["preferences"], address)


def link_for(site: Site, settings: str, address: str) -> str:
    assert site.post(settings, do="account").status == 200
    (letter,) = site.mail()
    assert letter["To"] == address
    return path_of(letter, "account")


def test_a_copy_holds_all_that_is_kept(site: Site) -> None:
    link = account_link(site)
    assert "ann@example.com" in site.get(link).text
    copy = json.loads(site.get(f"{link}/copy").body)
    assert copy["subscriber"]["address"] == "ann@example.com"
    assert [one["kind"] for one in copy["consent"]] == ["asked", "confirmed"]
    assert copy["letters"]
    assert copy["suppression"] is None


def test_erasing_leaves_a_keyed_hash_and_nothing_else(site: Site) -> None:
    links = site.join("ann@example.com")
    link = link_for(site, links["preferences"], "ann@example.com")
    assert "tick the box" in site.post(link, do="erase").text
    assert "Everything is erased" in site.post(link, do="erase", sure="yes").text
    with site.services.store.read() as tx:
        held = dump(tx)
    assert "ann@" not in str(held)
    assert held["subscriber"][0][1:4] == (None, None, "")
    key = tokens.address_key(site.services.keys, "ann@example.com")
    assert [row[:2] for row in held["suppression"]] == [(key, "erased")]
    assert site.mail() == []
    assert [site.get(one).status for one in (link, links["preferences"])] == [404, 404]
    assert site.post(links["u"]).status == 200
    site.pass_time(days=2)
    site.sign_up("ann@example.com")
    assert site.mail() == []


def test_an_address_is_changed_by_a_letter_to_the_new_one(site: Site) -> None:
    link = account_link(site)
    assert "not a mail address" in site.post(link, do="move", email="new").text
    site.post(link, do="move", email="new@example.com")
    (letter,) = site.mail()
    assert letter["To"] == "new@example.com"
    assert "ann@" not in words(letter)
    path = path_of(letter, "confirm")
    site.get(path)
    with site.services.store.read() as tx:
        assert tx.scalar(text("SELECT address FROM subscriber")) == "ann@example.com"
    for _ in range(2):
        assert "Your address is changed" in site.post(path).text
    with site.services.store.read() as tx:
        assert tx.scalar(text("SELECT address FROM subscriber")) == "new@example.com"
    assert site.get(link).status == 404  # it was the old address's


def test_an_address_of_another_reader_is_not_taken(site: Site) -> None:
    site.join("ben@example.com")
    link = account_link(site)
    site.pass_time(days=1)
    link = link if site.get(link).status == 200 else account_again(site)
    site.post(link, do="move", email="ben@example.com")
    (letter,) = site.mail()
    assert "Another reader" in site.post(path_of(letter, "confirm")).text
    with site.services.store.read() as tx:
        addresses = set(tx.scalars(text("SELECT address FROM subscriber")))
    assert addresses == {"ann@example.com", "ben@example.com"}


def account_again(site: Site) -> str:
    token = tokens.sign(site.services.keys, tokens.PREFERENCES, 2)
    site.post(f"/preferences/{token}", do="account")
    (letter,) = site.mail()
    return path_of(letter, "account")


def test_an_account_link_works_for_a_day(site: Site) -> None:
    link = account_link(site)
    site.pass_time(hours=25)
    assert site.get(link).status == 404


def test_a_forwarded_letter_gets_one_link_a_day_sent_to_the_reader_alone(site: Site) -> None:
    path = site.join("ann@example.com")["preferences"]
    answers = {urlencode([("a", site.post(path, do="account").text)]) for _ in range(5)}
    assert len(answers) == 1
    assert [letter["To"] for letter in site.mail()] == ["ann@example.com"]


def test_a_zone_that_this_machine_does_not_know_keeps_no_reader_from_the_settings(
    site: Site,
) -> None:
    path = site.join("ann@example.com")["preferences"]
    with site.services.store.write() as tx:
        tx.execute(text("UPDATE subscription SET hour = 8, zone = 'Mars/Base'"))
    assert site.get(path).status == 200
    assert "Your settings are saved." in site.post(path, **FORM).text
    assert chosen(site).zone == "Asia/Tokyo"
