from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from syndicate import tokens
from syndicate.store import suppressions
from tests.web.reader import Site

MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = Site(tmp_path / "a")
    yield opened
    opened.close()


def states(site: Site) -> list[str]:
    with site.services.store.read() as tx:
        return list(tx.scalars(text("SELECT state FROM subscription ORDER BY id")))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=b"),
        (b"", "text/plain"),
    ],
)
def test_one_click_takes_any_body_and_answers_200_each_time(
    site: Site, body: bytes, kind: str
) -> None:
    links = site.join("ann@example.com")
    for _ in range(2):
        answer = site.ask("POST", links["u"], body, {"content-type": kind})
        assert answer.status == 200
        assert not {"location", "set-cookie"} & answer.headers.keys()
        assert states(site) == ["left"]
    assert site.mail() == []


def test_looking_changes_nothing(site: Site) -> None:
    links = site.join("ann@example.com")
    for method in ("GET", "HEAD"):
        assert site.ask(method, links["u"]).status == 200
    assert states(site) == ["active"]


def test_a_reader_takes_it_back_within_an_hour(site: Site) -> None:
    links = site.join("ann@example.com")
    page = site.post(links["u"])
    assert f"{links['u']}/back" in page.text
    assert "You stay subscribed" in site.post(f"{links['u']}/back").text
    assert states(site) == ["active"]


def test_later_nobody_can_take_it_back_with_a_forwarded_letter(site: Site) -> None:
    links = site.join("ann@example.com")
    site.post(links["u"])
    site.pass_time(minutes=61)
    assert "/back" not in site.get(links["u"]).text
    assert site.post(f"{links['u']}/back").status == 409
    assert states(site) == ["left"]


def test_who_is_suppressed_has_no_way_back(site: Site) -> None:
    links = site.join("ann@example.com")
    site.post(links["u"])
    key = tokens.address_key(site.services.keys, "ann@example.com")
    with site.services.store.write() as tx:
        suppressions.suppress(tx, key, "complaint", "", site.now)
    assert site.post(f"{links['u']}/back").status == 409
    assert states(site) == ["left"]
