import gzip
import ssl
import zlib
from datetime import timedelta
from urllib.parse import quote_from_bytes

import pytest
import trustme

from syndicate.net import FetchRefused, Forbidden, Unreachable
from syndicate.net.pace import Pace
from tests.conftest import NOW
from tests.net.site import Asked, Said, Site, client, running


def moved(to: str, status: int = 302) -> Said:
    return Said("moved", status, {"Location": to})


def test_an_answer_has_its_text_and_what_to_ask_with_next(site: Site) -> None:
    site.text("/a", "hello", "Text/HTML; Charset=Shift_JIS", ETag='"1"', Last_Modified="yesterday")
    answer = client().get(site.url("/a"))
    assert (answer.status, answer.body, answer.address) == (200, b"hello", site.url("/a"))
    assert (answer.media, answer.charset) == ("text/html", "shift_jis")
    assert (answer.etag, answer.modified) == ('"1"', "yesterday")


def test_it_names_itself_and_brings_no_cookies_or_proxies(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    site.text("/a", "hello", Set_Cookie="a=b")
    asking = client()
    asking.get(site.url("/a"))
    asking.get(site.url("/a"))
    asked = site.asked[-1].headers
    assert asked["user-agent"] == "syndicate/0 (+https://example.com)"
    assert asked["host"] == f"127.0.0.1:{site.port}"
    assert not {"cookie", "authorization"} & set(asked)


def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    def answer(asked: Asked) -> Said:
        known = asked.headers.get("if-none-match") == '"1"'
        return Said(status=304) if known else Said("hello", headers={"ETag": '"1"'})

    site.at["/a"] = answer
    first = client().get(site.url("/a"))
    assert client().get(site.url("/a"), etag=first.etag).status == 304


def test_what_no_header_can_hold_is_not_asked_with(site: Site) -> None:
    site.text("/a", "hello", ETag="caf\xe9", Last_Modified="x" * 2000)
    answer = client().get(site.url("/a"))
    assert (answer.etag, answer.modified) == (None, None)


@pytest.mark.parametrize(("status", "gone"), [(404, True), (410, True), (403, False), (500, False)])
def test_any_status_is_an_answer(site: Site, status: int, gone: bool) -> None:
    site.at["/a"] = Said("what", status)
    answer = client().get(site.url("/a"))
    assert (answer.status, answer.gone, answer.body) == (status, gone, b"")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 06:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 06:02:00 GMT", 0),
        ("999999999", 7 * 86400),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(site: Site, said: str, seconds: int | None) -> None:
    site.at["/a"] = Said("", 429, {"Retry-After": said})
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert client().get(site.url("/a")).retry == expected


def test_three_redirects_are_followed_and_a_fourth_is_not(site: Site) -> None:
    for number in range(4):
        site.at[f"/{number}"] = moved(f"/{number + 1}", 301)
    site.text("/4", "there")
    assert client().get(site.url("/1")).body == b"there"
    with pytest.raises(Unreachable, match="redirect to redirect, more than 3"):
        client().get(site.url("/0"))


def test_a_loop_ends(site: Site) -> None:
    site.at["/a"] = moved("/b")
    site.at["/b"] = moved("/a")
    with pytest.raises(Unreachable, match="redirect to redirect"):
        client().get(site.url("/a"))


def test_only_redirects_for_ever_are_remembered(site: Site) -> None:
    site.at["/ever"] = moved("/new", 308)
    site.at["/once"] = moved("/ever", 302)
    site.text("/new", "there")
    assert client().get(site.url("/ever")).moved == site.url("/new")
    assert client().get(site.url("/once")).moved is None
    assert client().get(site.url("/new")).moved is None


@pytest.mark.parametrize(
    "inside", ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "file:///x"]
)
def test_a_redirect_to_inner_machines_is_refused(site: Site, inside: str) -> None:
    site.at["/a"] = moved(inside)
    with pytest.raises(FetchRefused, match="is not asked"):
        client(allowed=["127.0.0.1/32"]).get(site.url("/a"))


@pytest.mark.parametrize("charset", ["utf-8", "cp932"])
def test_a_redirect_in_raw_bytes_leads_to_these_bytes(site: Site, charset: str) -> None:
    there = "/塩と海?頁=2".encode(charset)
    site.at["/old"] = moved(there.decode("latin-1"))
    site.text(quote_from_bytes(there, safe="/?="), "there")
    assert client().get(site.url("/old")).body == b"there"


@pytest.mark.parametrize("path", ["/a", "/robots.txt"])
def test_a_redirect_that_cannot_be_read_is_no_answer(site: Site, path: str) -> None:
    site.at[path] = moved("http://[")
    with pytest.raises(FetchRefused, match="redirects to an address that cannot be read"):
        client().get(site.url("/a"))


def test_this_machine_is_refused_unless_it_is_allowed(site: Site) -> None:
    site.text("/a", "inner")
    with pytest.raises(FetchRefused, match=r"127\.0\.0\.1.*net\.allow"):
        client(allowed=()).get(site.url("/a"))
    assert site.asked == []


def test_a_name_that_leads_elsewhere_the_next_time_is_checked_each_time() -> None:
    """Rebinding: the address that was checked is the one connected to."""
    with running("127.0.0.2") as site:
        site.text("/a", "outer")
        leads = ["127.0.0.2", "127.0.0.2", "127.0.0.1", "127.0.0.1"]
        asked: list[str] = []

        def resolve(host: str, _port: int) -> list[str]:
            asked.append(host)
            return [leads[len(asked) - 1]]

        asking = client(allowed=["127.0.0.2/32"], resolve=resolve)
        address = site.url("/a", "rebinding.example")
        assert asking.get(address).body == b"outer"
        assert len(asked) == 2  # robots.txt and the page: a name once for each
        assert site.asked[-1].headers["host"] == f"rebinding.example:{site.port}"
        with pytest.raises(FetchRefused, match=r"leads to 127\.0\.0\.1"):
            asking.get(address)


def test_a_certificate_has_to_be_that_of_the_name() -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.example").configure_cert(server)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    with running(tls=server) as site:
        site.text("/a", "hello")
        asking = client(resolve=lambda _host, _port: ["127.0.0.1"], tls=trusted)
        place = f":{site.port}/a"
        assert asking.get(f"https://secure.example{place}").body == b"hello"
        with pytest.raises(Unreachable, match="certificate"):
            asking.get(f"https://other.example{place}")
        with pytest.raises(Unreachable, match="certificate"):
            client(resolve=lambda _h, _p: ["127.0.0.1"]).get(f"https://secure.example{place}")


def test_an_answer_that_comes_byte_by_byte_is_cut_off(site: Site) -> None:
    site.at["/a"] = Said(drip=True)
    with pytest.raises(Unreachable, match=r"/a: took longer than 0\.3 seconds"):
        client(seconds=0.3).get(site.url("/a"))


def test_ending_cuts_off_what_is_under_way(site: Site) -> None:
    asking = client(seconds=60)

    def answer(_asked: Asked) -> Said:
        asking.end()
        return Said(drip=True)

    site.at["/a"] = answer
    with pytest.raises(Unreachable, match="the program ends"):
        asking.get(site.url("/a"))
    with pytest.raises(Unreachable, match="was not asked"):
        asking.get(site.url("/b"))


def test_what_is_too_large_is_refused(site: Site) -> None:
    site.text("/a", b"x" * 1001)
    with pytest.raises(Unreachable, match="/a: is larger than the 1,000 bytes allowed"):
        client(size=1000).get(site.url("/a"))
    site.text("/b", b"x" * 1000)
    assert len(client(size=1000).get(site.url("/b")).body) == 1000


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_compressed_answers_are_unpacked_and_bombs_are_not(
    site: Site, coding: str, pack: object
) -> None:
    assert callable(pack)
    site.text("/a", pack(b"hello " * 100), Content_Encoding=coding)
    site.text("/bomb", pack(b"\0" * 50_000_000), Content_Encoding=coding)
    assert client().get(site.url("/a")).body == b"hello " * 100
    with pytest.raises(Unreachable, match="larger than the 1,000,000 bytes allowed once unpacked"):
        client().get(site.url("/bomb"))


def test_gzip_in_several_members_is_read_whole_and_bombs_in_bombs_are_not(site: Site) -> None:
    site.text("/a", gzip.compress(b"one ") + gzip.compress(b"two"), Content_Encoding="gzip")
    assert client().get(site.url("/a")).body == b"one two"
    twice = gzip.compress(gzip.compress(b"\0" * 10_000_000))
    site.text("/b", twice, Content_Encoding="gzip, gzip")
    with pytest.raises(Unreachable, match="compressed in a way that was not asked for"):
        client().get(site.url("/b"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"no gzip", "cannot be unpacked"),
        # mtime=0: the bytes name the test, which has to be called the same in every process
        (gzip.compress(b"hello" * 99, mtime=0)[:-9], "ends too early"),
    ],
)
def test_damaged_compression_is_refused(site: Site, body: bytes, reason: str) -> None:
    site.text("/a", body, Content_Encoding="gzip")
    with pytest.raises(Unreachable, match=reason):
        client().get(site.url("/a"))


def test_an_answer_that_breaks_off_is_no_answer(site: Site) -> None:
    site.at["/a"] = Said(b"half", headers={"Content-Length": "100", "Connection": "close"})
    with pytest.raises(Unreachable, match="broke off"):
        client(seconds=1).get(site.url("/a"))


def test_nobody_listening_is_told(site: Site) -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        client(resolve=lambda _host, _port: ["127.0.0.3"]).get(site.url("/a", "closed.example"))


def test_robots_are_obeyed_by_name_and_kept(site: Site) -> None:
    rules = "User-agent: *\nDisallow:\n\nUser-agent: Syndicate\nDisallow: /private\n"
    site.text("/robots.txt", rules)
    site.text("/a", "hello")
    asking = client()
    assert asking.get(site.url("/a")).status == 200
    with pytest.raises(Forbidden, match=r"/private/a: the site's robots\.txt"):
        asking.get(site.url("/private/a?secret=1"))
    assert [one.path for one in site.asked] == ["/robots.txt", "/a"]


def test_robots_are_asked_again_after_a_redirect_to_another_host(site: Site) -> None:
    site.at["/a"] = moved(site.url("/b", "other.example"))
    site.at["/robots.txt"] = lambda asked: Said(
        "User-agent: *\nDisallow: /b" if asked.headers["host"].startswith("other") else ""
    )
    with pytest.raises(Forbidden):
        client(resolve=lambda _host, _port: ["127.0.0.1"]).get(site.url("/a"))


def test_without_robots_all_may_be_read_and_nothing_while_nobody_knows(site: Site) -> None:
    site.text("/a", "hello")
    site.at["/robots.txt"] = Said("", 403)
    assert client().get(site.url("/a")).status == 200
    site.at["/robots.txt"] = Said("", 503)
    with pytest.raises(Unreachable, match=r"robots\.txt: answers 503"):
        client().get(site.url("/a"))


def test_a_probe_asks_for_no_body(site: Site) -> None:
    site.text("/a", "x" * 5000)
    site.at["/b"] = lambda asked: Said("", 405 if asked.method == "HEAD" else 200)
    assert client(size=10).probe(site.url("/a")).status == 200
    assert client().probe(site.url("/b")).status == 200
    assert client().probe(site.url("/c")).status == 404
    methods = [(one.method, one.path) for one in site.asked if one.path != "/robots.txt"]
    assert methods == [("HEAD", "/a"), ("HEAD", "/b"), ("GET", "/b"), ("HEAD", "/c"), ("GET", "/c")]


def test_there_is_a_pause_between_two_requests_to_one_host(site: Site) -> None:
    now = [100.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(1.0, sleep, lambda: now[0])
    site.text("/robots.txt", "User-agent: *\nCrawl-delay: 5")
    site.text("/a", "hello")
    asking = client(pace=pace, resolve=lambda _host, _port: ["127.0.0.1"])
    asking.get(site.url("/a"))
    asking.get(site.url("/a"))
    assert slept == [5.0, 5.0]
    with pace.turn("elsewhere.example"):
        pass
    assert slept == [5.0, 5.0]


def test_no_more_than_host_and_path_is_told(site: Site) -> None:
    site.at["/a"] = Said(drip=True)
    with pytest.raises(Unreachable) as caught:
        client(seconds=0.1).get(site.url("/a?token=secret"))
    assert "secret" not in str(caught.value)
