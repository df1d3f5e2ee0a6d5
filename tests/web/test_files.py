import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from syndicate.web.files import Files

FEED = "feed.atom"


class Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


def ask(folder: Path, path: str, method: str = "GET", **headers: str) -> Answer:
    return anyio.run(_ask, folder, path, method, headers, lambda: None)


async def _ask(
    folder: Path, path: str, method: str, headers: dict[str, str], between: Any
) -> Answer:
    answer = Answer()
    raw = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}

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

    await Files(folder)(scope, receive, send)
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

    answer = anyio.run(_ask, folder, f"/{FEED}", "GET", {}, replace)
    assert (answer.headers["content-length"], answer.body) == ("1000000", old)
    assert ask(folder, f"/{FEED}").body == b"b"


def test_a_folder_that_is_not_there_yet_answers_in_plain_words(tmp_path: Path) -> None:
    answer = ask(tmp_path / "public", "/")
    assert (answer.status, answer.body) == (404, b"Not Found")
