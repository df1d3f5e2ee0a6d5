"""nginx with deploy/nginx.conf answers as the program itself does, real processes both."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from syndicate.services import open_services
from syndicate.store import redirects
from tests.acceptance.pages import FIRST, page, series, write
from tests.acceptance.program import Program
from tests.web import nginx

pytestmark = nginx.needed
GONE = "去った話"


@dataclass(frozen=True)
class Said:
    """What has to be the same."""

    status: int
    media: str | None
    caching: str | None
    vary: str | None
    link: str | None
    coding: str | None
    location: str | None
    nosniff: str | None
    security: str | None
    body: bytes

    @classmethod
    def of(cls, answer: http.client.HTTPResponse) -> "Said":
        """Read an answer."""
        header = answer.getheader
        return cls(
            status=answer.status,
            media=header("content-type"),
            caching=header("cache-control"),
            vary=header("vary"),
            link=header("link"),
            coding=header("content-encoding"),
            location=header("location"),
            nosniff=header("x-content-type-options"),
            security=header("content-security-policy"),
            body=answer.read(),
        )


@dataclass(frozen=True)
class Both:
    """The two servers of one publication, and the path of its base address."""

    base: str
    ports: tuple[int, int]
    folder: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[Said, Said]:
        """Ask both the same."""
        ours, theirs = (self.asked(port, path, method, headers)[0] for port in self.ports)
        return ours, theirs

    def asked(
        self, port: int, path: str, method: str, headers: dict[str, str]
    ) -> tuple[Said, http.client.HTTPMessage]:
        """Ask one; `path` is below the base address and written as in a request."""
        named = {"Host": "example.com"} | {k.replace("_", "-"): v for k, v in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request(method, quote(self.base) + path, headers=named)
            answer = connection.getresponse()
            return Said.of(answer), answer.headers


@pytest.fixture(scope="module", params=["", "/お知らせ/news"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    base: str = request.param
    folder = tmp_path_factory.mktemp("site") / "publication"
    program = Program(
        folder,
        {
            "SYNDICATE_PUBLICATION__ZONE": "UTC",
            "SYNDICATE_PUBLICATION__BASE_URL": f"https://example.com{base}",
            "SYNDICATE_FEEDS__HUBS": '["https://hub.invalid/a?b=$c"]',
        },
    )
    program("init", "--language", "ja")
    write(folder / "content", {**series(), "d.txt": page(GONE)})
    program("build")
    program("articles", "withdraw", GONE, "--now", "--reason", "a test")
    moved = {"/2019/花 見/": "feed.rss", "/?p=12": "articles/花/", f"{base}/old": "feed.json"}
    services = open_services(folder)
    with services.store.write() as tx:
        redirects.add(tx, moved)
    services.store.close()
    program("build")
    (folder / "public" / "media").mkdir(exist_ok=True)
    (folder / "public" / "media" / "0123456789abcdef.png").write_bytes(b"x" * 2_000_000)
    with program.daemon() as daemon:
        port = urlsplit(daemon.address).port
        assert port
        with nginx.running(lambda own: nginx.site(folder, port, own)) as theirs:
            yield Both(base, (port, theirs), folder)


PATHS = (
    "/",
    "/index.html",
    "/feed.atom",
    "/feed.rss",
    "/feed.json",
    f"/articles/{quote('蜂の巣を数える-第一話')}/",
    f"/articles/{quote('蜂の巣を数える-第一話')}",
    f"/articles/{quote('蜂の巣を数える-第一話')}?utm_source=x",
    f"/articles/{quote('去った話')}/",
    f"/articles/{quote('去った話')}",
    f"/series/{quote('蜂の巣を数える-第一話')}/",
    f"/series/{quote('蜂の巣を数える-第一話')}/feed.atom",
    f"/series/{quote('蜂の巣を数える-第一話')}/feed.json?x=1",
    "/assets/style.css",
    "/assets/style.css?v=0123456789",
    "/assets/icon.svg",
    "/media/0123456789abcdef.png",
    "/nothing",
    "/nothing/feed.json",
    "/feed.atom/",
    "/old",
    "/old/?x=1",
    "/.hidden",
    "/a%0d%0aX-Evil:1",
)
CODINGS = ("", "gzip", "br, gzip", "gzip;q=0", "identity")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", CODINGS)
def test_files_are_answered_alike(both: Both, path: str, coding: str) -> None:
    if "br" in coding and not nginx.BROTLI.exists():
        pytest.skip("nginx has no module for brotli")
    ours, theirs = both.ask(path, Accept_Encoding=coding)
    if ours.status == 308:  # nginx sends a page that nobody sees
        theirs = replace(theirs, body=b"", media=None, security=None, nosniff=None)
    assert theirs == ours
    head = both.ask(path, "HEAD", Accept_Encoding=coding)
    assert [one.status for one in head] == [ours.status] * 2
    assert [one.body for one in head] == [b"", b""]


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/feed.json", "/media/0123456789abcdef.png"])
@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_what_is_known_is_answered_with_304_alike(both: Both, path: str, coding: str) -> None:
    if coding == "br" and not nginx.BROTLI.exists():
        pytest.skip("nginx has no module for brotli")
    accepted = {"Accept-Encoding": coding}
    for known in ("tag", "weak", "any", "date", "later", "old", "other", "both"):
        said = []
        for port in both.ports:
            headers = both.asked(port, path, "GET", accepted)[1]
            tag, date = headers["etag"], headers["last-modified"]
            condition = {
                "tag": {"If-None-Match": tag},
                "weak": {"If-None-Match": f'"x", W/{tag.removeprefix("W/")}'},
                "any": {"If-None-Match": "*"},
                "date": {"If-Modified-Since": date},
                "later": {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
                "old": {"If-Modified-Since": "Fri, 01 Jan 2010 00:00:00 GMT"},
                "other": {"If-None-Match": '"x"'},
                "both": {"If-None-Match": '"x"', "If-Modified-Since": date},
            }[known]
            said.append(both.asked(port, path, "GET", accepted | condition)[0])
        ours, theirs = said
        assert ours.status == (200 if known in ("old", "other", "both") else 304), known
        if ours.status == 304:
            theirs = replace(theirs, nosniff=None)
        assert theirs == ours, known


@pytest.mark.parametrize(
    "path", ["/../secrets.toml", "/%2e%2e/secrets.toml", "/%2e/..//secrets.toml"]
)
def test_nothing_outside_is_answered_by_either(both: Both, path: str) -> None:
    for said in both.ask(path):
        assert said.status in (400, 404)


def test_old_addresses_lead_to_new_ones_alike(both: Both) -> None:
    unbased = replace(both, base="")
    for path, new in (
        (f"/2019/{quote('花 見')}", "/feed.rss"),
        ("/?p=12", f"/articles/{quote('花')}/"),
    ):
        for said in unbased.ask(path):
            assert (said.status, said.location) == (308, quote(both.base) + new)
    if both.base:  # an old address is one of the host: below the new path it is none
        assert [said.status for said in both.ask(f"/2019/{quote('花 見')}")] == [404, 404]


def _untimed(said: Said) -> Said:
    """Leave out of a form when it was shown, to the second."""
    return replace(said, body=re.sub(rb'name="shown" value="[^"]*"', b"", said.body))


def test_what_the_program_answers_itself_is_passed_on_and_nothing_else(both: Both) -> None:
    for path in ("/healthz", "/u/nothing", "/metrics", "/subscribe", "/f/feed.json"):
        ours, theirs = both.ask(path)
        if path == "/metrics":  # whoever comes through a proxy may not
            assert (ours.status, theirs.status) == (200, 404)
        else:
            assert _untimed(theirs) == _untimed(ours)
    said = both.ask("/u/nothing", "POST")
    assert said[0] == said[1]
    assert [one.status for one in both.ask("/feed.atom", "POST")] == [405, 405]


def test_links_of_feeds_name_their_own_address_once(both: Both) -> None:
    path = f"/series/{quote('蜂の巣を数える-第一話')}/feed.atom"
    for said in both.ask(path):
        assert said.link == (
            f'<https://example.com{quote(both.base)}{path}>; rel="self", '
            '<https://hub.invalid/a?b=%24c>; rel="hub"'
        )
        assert FIRST in said.body.decode()
