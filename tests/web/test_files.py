import os
from collections.abc import MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from syndicate import addresses, feeds
from syndicate.jobs.polls import Polls
from syndicate.output import write_maps
from syndicate.web.files import Files
from syndicate.web.policy import policy
from syndicate.web.shelf import Shelf, take

FEED = "feed.atom"
BASE = "https://example.com"


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(scope["path"])


class Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


def ask(folder: Path, path: str, method: str = "GET", **headers: str) -> Answer:
    return anyio.run(_ask, Files(folder, BASE, nobody), path, method, headers, lambda: None)


def asked_of(files: Files, path: str, **headers: str) -> Answer:
    return anyio.run(_ask, files, path, "GET", headers, lambda: None)


async def _ask(
    files: Files, path: str, method: str, headers: dict[str, str], between: Any
) -> Answer:
    answer = Answer()
    raw = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": where,
        "query_string": query.encode(),
        "headers": raw,
    }

    async def receive() -> MutableMapping[str, Any]:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
            between()
        else:
            answer.body += message.get("body", b"")

    await files(scope, receive, send)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    (folder / "series" / "潮汐").mkdir(parents=True)
    (folder / "index.html").write_text("the index")
    (folder / "404.html").write_text("not here")
    (folder / "series" / "潮汐" / "index.html").write_text("a series")
    (folder / FEED).write_text("<feed/>")
    (folder / "feed.json").write_text("{}")
    (folder / "manifest.json").write_text("{}")
    (tmp_path / "secrets.toml").write_text("secret")
    return folder


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("/", b"the index", "text/html; charset=utf-8"),
        ("/series/潮汐/", b"a series", "text/html; charset=utf-8"),
        ("/feed.atom", b"<feed/>", "application/atom+xml"),
        ("/feed.json", b"{}", "application/feed+json"),
        ("/manifest.json", b"{}", "application/json"),
    ],
)
def test_files_and_folders_are_answered(
    folder: Path, path: str, body: bytes, media_type: str
) -> None:
    answer = ask(folder, path)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-length"] == str(len(body))


def test_head_says_what_get_says_without_the_body(folder: Path) -> None:
    asked, got = ask(folder, "/feed.atom", "HEAD"), ask(folder, "/feed.atom")
    assert (asked.status, asked.headers, asked.body) == (200, got.headers, b"")


def test_other_methods_are_refused(folder: Path) -> None:
    answer = ask(folder, "/feed.atom", "POST")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("weak", ["", "W/"])
def test_a_known_tag_is_answered_with_304(folder: Path, weak: str) -> None:
    tag = ask(folder, "/feed.atom").headers["etag"]
    answer = ask(folder, "/feed.atom", if_none_match=f'"other", {weak}{tag}')
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == tag


def test_a_known_date_is_answered_with_304_unless_a_tag_says_otherwise(folder: Path) -> None:
    date = ask(folder, "/feed.atom").headers["last-modified"]
    assert ask(folder, "/feed.atom", if_modified_since=date).status == 304
    assert ask(folder, "/feed.atom", if_modified_since=date, if_none_match='"x"').status == 200
    assert ask(folder, "/feed.atom", if_modified_since="no date").status == 200


@pytest.mark.parametrize("path", ["/nothing", "/series", "/feed.atom/", "/nul\0", "/\udcff"])
def test_what_is_not_there_is_answered_with_the_page_for_it(folder: Path, path: str) -> None:
    answer = ask(folder, path)
    assert (answer.status, answer.body) == (404, b"not here")


def test_a_folder_without_its_slash_is_redirected_within_this_host(folder: Path) -> None:
    (folder / "evil.example").mkdir()
    (folder / "evil.example" / "index.html").write_text("")
    answer = ask(folder, "//evil.example")
    assert (answer.status, answer.headers["location"]) == (308, "/evil.example/")


def test_nothing_outside_the_folder_is_read(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "secrets.toml")
    for path in ("/../secrets.toml", "/series/../../secrets.toml", "/link", "//etc/passwd"):
        assert ask(folder, path).status == 404


def test_a_fifo_holds_nobody_up(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert ask(folder, "/pipe").status == 404


def test_an_answer_is_whole_when_its_file_is_replaced_meanwhile(folder: Path) -> None:
    old = b"a" * 1_000_000
    (folder / FEED).write_bytes(old)

    def replace() -> None:
        (folder / "new").write_bytes(b"b")
        (folder / "new").replace(folder / FEED)

    answer = anyio.run(_ask, Files(folder, BASE, nobody), f"/{FEED}", "GET", {}, replace)
    assert (answer.headers["content-length"], answer.body) == ("1000000", old)
    assert ask(folder, f"/{FEED}").body == b"b"


def test_a_folder_that_is_not_there_yet_answers_in_plain_words(tmp_path: Path) -> None:
    answer = ask(tmp_path / "public", "/")
    assert (answer.status, answer.body) == (404, b"Not Found")


def compressed(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / f"{name}.br").write_bytes(f"br {text}".encode())
    (folder / f"{name}.gz").write_bytes(f"gz {text}".encode())


def test_each_coding_has_its_own_tag_and_says_that_it_varies(folder: Path) -> None:
    compressed(folder, FEED, "<feed/>")
    answers = {
        name: ask(folder, f"/{FEED}", accept_encoding=name)
        for name in ("br, gzip", "gzip", "identity", "")
    }
    assert [one.body for one in answers.values()] == [
        b"br <feed/>",
        b"gz <feed/>",
        b"<feed/>",
        b"<feed/>",
    ]
    codings = [one.headers.get("content-encoding") for one in answers.values()]
    assert codings == ["br", "gzip", None, None]
    assert len({one.headers["etag"] for one in answers.values()}) == 3
    assert not any(one.headers["etag"].startswith("W/") for one in answers.values())
    assert {one.headers["vary"] for one in answers.values()} == {"Accept-Encoding"}
    tag = answers["gzip"].headers["etag"]
    assert ask(folder, f"/{FEED}", accept_encoding="gzip", if_none_match=tag).status == 304
    assert ask(folder, f"/{FEED}", accept_encoding="br", if_none_match=tag).status == 200


def test_a_304_says_what_a_cache_has_to_renew(folder: Path) -> None:
    full = ask(folder, f"/{FEED}")
    known = ask(folder, f"/{FEED}", if_none_match="*")
    renewed = ("etag", "last-modified", "cache-control", "vary", "link")
    assert known.headers == {name: full.headers[name] for name in renewed}


@pytest.mark.parametrize(
    ("name", "caching"),
    [
        (FEED, "public, max-age=1800"),
        ("index.html", "public, max-age=300"),
        ("assets/style.css", "public, max-age=300"),
        ("assets/style.css?v=0123456789", "public, max-age=31536000, immutable"),
        ("assets/style.css?v=1", "public, max-age=300"),
        ("index.html?v=0123456789", "public, max-age=300"),
        ("assets/style.0123abcd.css", "public, max-age=31536000, immutable"),
        ("media/0123456789abcdef.png", "public, max-age=31536000, immutable"),
    ],
)
def test_what_may_be_kept_for_how_long(folder: Path, name: str, caching: str) -> None:
    file = folder / name.partition("?")[0]
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    assert ask(folder, f"/{name}").headers["cache-control"] == caching


def test_feeds_agree_with_their_ttl() -> None:
    assert timedelta(seconds=1800) == feeds.TTL


def test_a_feed_says_where_it_is_at_home_and_which_hubs_tell_of_it(folder: Path) -> None:
    (folder / "series" / "潮汐" / FEED).write_text("<feed/>")
    (folder / "archive").mkdir()
    (folder / "archive" / "1.atom").write_text("<feed/>")
    hubs = ("https://hub.example/", "https://other.example/push")
    files = Files(folder, "https://example.com/news", nobody, hubs)
    link = asked_of(files, "/news/series/潮汐/feed.atom").headers["link"]
    assert link == (
        '<https://example.com/news/series/%E6%BD%AE%E6%B1%90/feed.atom>; rel="self", '
        '<https://hub.example/>; rel="hub", <https://other.example/push>; rel="hub"'
    )
    closed = asked_of(files, "/archive/1.atom").headers["link"]
    assert closed == '<https://example.com/news/archive/1.atom>; rel="self"'
    assert "link" not in asked_of(files, "/").headers


def test_pages_run_nothing_but_our_own_and_no_type_is_guessed(folder: Path) -> None:
    page, feed = ask(folder, "/"), ask(folder, f"/{FEED}")
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'"
    )
    assert "content-security-policy" not in feed.headers
    assert {one.headers["x-content-type-options"] for one in (page, feed)} == {"nosniff"}


def test_what_is_held_is_given_up_when_its_file_is_replaced_comes_or_goes(folder: Path) -> None:
    files = Files(folder, BASE, nobody)

    def body(**headers: str) -> bytes:
        return asked_of(files, f"/{FEED}", **headers).body

    assert (body(), body()) == (b"<feed/>", b"<feed/>")
    assert body(accept_encoding="br") == b"<feed/>"
    (folder / "new").write_text("<new/>")
    (folder / "new").replace(folder / FEED)
    assert body() == b"<new/>"
    (folder / "new").write_text("br <new/>")
    (folder / "new").replace(folder / f"{FEED}.br")
    assert body(accept_encoding="br") == b"br <new/>"
    (folder / FEED).unlink()  # what lies beside it is nothing without it
    assert body(accept_encoding="br") == b"not here"


def test_no_more_is_held_than_there_is_room_for(folder: Path) -> None:
    shelf = Shelf(capacity=25)
    for name in "abc":
        (folder / name).write_text("0123456789")
        held = take(folder, name, policy(name, BASE), ())
        assert held
        shelf.keep((name, ()), held)
    assert [bool(shelf.find((name, ()))) for name in "abc"] == [False, True, True]


def test_a_large_picture_is_sent_in_pieces_and_known_by_its_date(folder: Path) -> None:
    (folder / "a.png").write_bytes(b"x" * 3_000_000)
    answer = ask(folder, "/a.png")
    assert (answer.headers["content-length"], len(answer.body)) == ("3000000", 3_000_000)
    assert ask(folder, "/a.png", if_none_match=answer.headers["etag"]).status == 304
    assert ask(folder, "/a.png", "HEAD").headers == answer.headers


def test_what_was_taken_down_is_gone_and_its_page_says_so(folder: Path) -> None:
    (folder / "articles" / "花").mkdir(parents=True)
    compressed(folder / "articles" / "花", "gone.html", "gone")
    for path in ("/articles/花/", "/articles/花"):
        answer = ask(folder, path, accept_encoding="gzip")
        assert (answer.status, answer.body) == (410, b"gz gone")
        assert ask(folder, path, if_none_match="*").status == 410


def test_old_addresses_lead_to_new_ones_as_the_last_publish_knew_them(folder: Path) -> None:
    files = Files(folder, "https://example.com/news", nobody)
    assert asked_of(files, "/2019/花/").status == 404
    moved = {
        "/2019/花/": "articles/花/",
        "/?p=12": "articles/花/",
        "/?s=花 見": "articles/花/",
        "/news/feed/": "feed.rss",
        '/a "b"\\c': "feed.json",
        f"/news/{FEED}": "feed.rss",
    }
    write_maps(folder, "https://example.com/news", (), moved, {FEED})
    place = "/news/articles/%E8%8A%B1/"
    for old, new in (
        ("/2019/花/", place),
        ("/2019/花", place),
        ("/?p=12", place),
        ("/?s=%E8%8A%B1%20%E8%A6%8B", place),
        ("/news/FEED", "/news/feed.rss"),
        ("/feed/", "/news/feed.rss"),
        ('/a "b"\\c', "/news/feed.json"),
    ):
        answer = asked_of(files, old)
        assert (answer.status, answer.headers.get("location")) == (308, new), old
    assert asked_of(files, "/?p=13").status == 200
    assert asked_of(files, f"/news/{FEED}").status == 200


@pytest.mark.parametrize("path", ["/.hidden", "/.feed.atom.new", "/series/.git/config"])
def test_hidden_files_are_not_there(folder: Path, path: str) -> None:
    (folder / path[1:]).parent.mkdir(parents=True, exist_ok=True)
    (folder / path[1:]).write_text("secret")
    assert ask(folder, path).status == 404


def test_what_the_program_answers_itself_is_never_looked_for_among_the_files(folder: Path) -> None:
    passed: list[str] = []

    async def program(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    files = Files(folder, "https://example.com/news", program)
    paths = [f"{base}/{name}" for base in ("", "/news") for name in sorted(addresses.ANSWERED)]
    for path in (*paths, "/u/token", "/news/f/token.atom"):
        assert asked_of(files, path).status == 200
    assert passed == [*paths, "/u/token", "/news/f/token.atom"]


def test_whole_and_unchanged_answers_of_feeds_are_counted_and_nothing_else(folder: Path) -> None:
    polls = Polls()
    files = Files(folder, BASE, nobody, polls=polls)
    tag = asked_of(files, f"/{FEED}", user_agent="newsboat/2").headers["etag"]
    asked_of(files, f"/{FEED}", user_agent="newsboat/2", if_none_match=tag)
    for path in ("/", "/nothing/feed.atom", "/manifest.json"):
        asked_of(files, path)
    assert polls.counted() == {(FEED, "newsboat"): (2, 1, 0)}
