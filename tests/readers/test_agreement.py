"""Six readers read the same in every feed of a publication of 300 articles, over loopback (issue 5)."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import urllib.request
from calendar import timegm
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree
from reader import make_reader
from selectolax.lexbor import LexborHTMLParser

from tests import npm
from tests.acceptance.program import Daemon, Program

NEWSBOAT = shutil.which("newsboat")
pytestmark = [
    npm.needs_node,
    pytest.mark.skipif(
        NEWSBOAT is None and not os.environ.get("CI"), reason="newsboat is not installed (apt)"
    ),
]
SERIES, PARTS, ALONE = 5, 20, 200
NONE = (None,)
SHOWN = {("rss-parser", "atom"): {None}}  # of Atom, rss-parser shows no language


@dataclass(frozen=True)
class Entry:
    """What readers have to agree about; text is the content without its tags and blanks."""

    id: str
    title: str
    published: int
    author: str
    text: str


@dataclass
class Publication:
    """A publication of 300 articles, and the port that it is served at."""

    program: Program
    port: int

    def daemon(self) -> Any:
        return self.program.daemon(SYNDICATE_WEB__PORT=str(self.port))


def text_of(html: str) -> str:
    body = LexborHTMLParser(f"<body>{html}").body
    assert body
    return "".join((body.text() or "").split())


def pages() -> Iterator[tuple[str, str]]:
    for number in range(SERIES):
        for part in range(1, PARTS + 1):
            name = f"連載{number} 第{part}回"
            said = f"{part}回目の話 & <要約>。\n💡 要点は{part}つ。\n本文です。\n"
            follows = f"次のページを読む ⇒\n連載{number} 第{part + 1}回\n" if part < PARTS else ""
            yield f"series-{number}-{part}.txt", f"{name}\n{said}{follows}"
    for number in range(ALONE):
        about = f"language: en\nauthor: Writer {number % 3}\ntags: [Sea, 'tag {number % 2}']\n"
        said = f"A *story* of {number} & its [source](https://source.example/{number}).\n"
        yield f"alone-{number}.md", f"---\n{about}---\n# Story {number}\n\n{said}"


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("agreement") / "publication"
    program = Program(folder, {"SYNDICATE_PUBLICATION__ZONE": "UTC"})
    program("init", "--language", "ja")
    for name, text in pages():
        (folder / "content" / name).write_text(text, encoding="utf-8")
    program("build")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return Publication(program, free.getsockname()[1])


def stems(folder: Path) -> list[str]:
    """Every feed that is listed, and every closed document."""
    listed = etree.parse(folder / "public" / "feeds.opml").findall(".//outline")
    files = [f"{one.get('xmlUrl')}".split("/", 3)[3].removesuffix(".atom") for one in listed]
    closed = (folder / "public" / "archive").glob("*.atom")
    return [*files, *(f"archive/{one.stem}" for one in sorted(closed))]


def told(address: str) -> tuple[list[tuple[Entry, str]], str]:
    """What the JSON Feed says of each entry and of its language, and its own language.

    The others are held to it.
    """
    with urllib.request.urlopen(f"{address}.json", timeout=60) as answer:
        document = json.loads(answer.read())
    items = document["items"]
    entries = [
        (
            Entry(
                one["id"],
                one["title"],
                timegm(feedparser.datetimes._parse_date(one["date_published"])),
                one["authors"][0]["name"],
                text_of(one["content_html"]),
            ),
            one["language"],
        )
        for one in items
    ]
    return entries, document["language"]


def by_feedparser(address: str) -> tuple[list[tuple[Entry, str]], str]:
    """What feedparser makes of a feed, in its order, with the languages of entries and feed."""
    first = feedparser.parse(address)
    again = feedparser.parse(address, etag=first.etag, modified=first.get("modified"))
    assert (first.bozo, first.status, again.status) == (False, 200, 304)
    entries = [
        (
            Entry(
                one.id,
                one.title,
                timegm(one.published_parsed),
                one.author,
                text_of(one.content[0].value),
            ),
            one.get("language") or one.content[0].language,
        )
        for one in first.entries
    ]
    return entries, first.feed.language


def by_reader(addresses: list[str], database: Path) -> dict[str, list[tuple[Entry, str | None]]]:
    """Let `reader` poll everything; what it has afterwards, as it lists it, and the language of texts."""
    with make_reader(str(database)) as reader:
        for address in addresses:
            reader.add_feed(address, exist_ok=True)
        for result in reader.update_feeds_iter():
            assert not isinstance(result.value, Exception), result
        return {
            address: [
                (
                    Entry(
                        one.id,
                        one.title or "",
                        int(one.published.timestamp()) if one.published else 0,
                        one.authors_str or "",
                        text_of(one.content[0].value),
                    ),
                    one.content[0].language,
                )
                for one in reader.get_entries(feed=address)
            ]
            for address in addresses
        }


def by_newsboat(addresses: list[str], folder: Path) -> dict[str, list[Entry]]:
    """Let newsboat poll everything; what it has afterwards, as it lists it.

    Each feed has a cache of its own: newsboat keeps an entry once, for the feed that had it last.
    """
    found = {}
    for number, address in enumerate(addresses):
        own = folder / f"newsboat-{number}"
        own.mkdir(exist_ok=True)
        (own / "urls").write_text(f"{address}\n", encoding="utf-8")
        (own / "config").touch()
        files = {"-u": "urls", "-C": "config", "-c": "cache.db"}
        paths = [part for key, name in files.items() for part in (key, str(own / name))]
        subprocess.run([str(NEWSBOAT), *paths, "-x", "reload"], check=True, timeout=60)
        with closing(sqlite3.connect(own / "cache.db")) as cache:
            rows = cache.execute(
                "SELECT guid, title, pubDate, author, content FROM rss_item ORDER BY pubDate DESC, id DESC"
            )
            found[address] = [
                Entry(guid, title, published, author, text_of(content))
                for guid, title, published, author, content in rows
            ]
    return found


def test_six_readers_read_the_same_in_every_feed(publication: Publication, tmp_path: Path) -> None:
    with publication.daemon() as daemon:
        feeds = [f"{daemon.address}/{stem}" for stem in stems(publication.program.folder)]
        assert len(feeds) == 1 + 2 + SERIES + 3 + 3  # all, languages, series, tags, documents
        truth = {address: told(address) for address in feeds}
        addresses = [f"{one}.{ending}" for one in feeds for ending in ("atom", "rss")]
        in_node = npm.run("feeds.mjs", addresses)
        polled = by_reader(addresses, tmp_path / "reader.db")
        boat = by_newsboat(addresses, tmp_path)
        for address in addresses:
            expected, own = truth[address.rpartition(".")[0]]
            entries, languages = zip(*expected, strict=True)
            assert by_feedparser(address) == (expected, own)
            for name in ("rss-parser", "feed-parser", "feedsmith"):
                items, its = in_node[address][name]
                assert tuple(map(entry_of, items)) == entries
                assert its in SHOWN.get((name, address[-4:]), {own})
                assert tuple(one.get("language") for one in items) in {languages, NONE * len(items)}
            assert in_node[address]["again"] == 304
            assert in_the_order_of(entries, boat[address])
            assert in_the_order_of(entries, [entry for entry, _ in polled[address]])
            if address.endswith(".atom"):  # of RSS, reader shows no language
                assert dict(polled[address]) == dict(expected)
        daemon.terminate()


def in_the_order_of(entries: Sequence[Entry], listed: Sequence[Entry]) -> bool:
    """Whether a reader lists the same entries in the same order: by their dates, newest first.

    Entries of one second stand in any order.
    """
    same = sorted(listed, key=id_of) == sorted(entries, key=id_of)
    return same and [one.published for one in listed] == [one.published for one in entries]


def id_of(entry: Entry) -> str:
    return entry.id


def entry_of(one: dict[str, Any]) -> Entry:
    text = text_of(one["content"])
    return Entry(one["id"], one["title"], one["published"], one["author"], text)


def test_walking_the_documents_gives_exactly_what_is_published(publication: Publication) -> None:
    with publication.daemon() as daemon:
        met: dict[str, str] = {}
        address: str | None = f"{daemon.address}/feed.atom"
        while address:
            document = feedparser.parse(address)
            for one in document.entries:
                met.setdefault(one.id, one.title)
            older = [one.href for one in document.feed.links if one.rel == "prev-archive"]
            address = f"{daemon.address}/{older[0].split('/', 3)[3]}" if older else None
        daemon.terminate()
    published = publication.program.json("articles", "list")
    assert met == {one["id"]: one["title"] for one in published}
    assert len(met) == SERIES * PARTS + ALONE


def test_a_third_poll_of_newsboat_is_a_304(publication: Publication, tmp_path: Path) -> None:
    """newsboat 2.21 can note what it was told of a feed that it knows: from its second poll on."""
    before = asked(publication, "newsboat")
    with publication.daemon() as daemon:
        for _ in range(3):
            by_newsboat(published_at(publication), tmp_path)
        daemon.terminate()
    assert asked(publication, "newsboat") - before == {
        (f"feed.{ending}", kind): times
        for ending in ("atom", "rss")
        for kind, times in (("polls", 3), ("unchanged", 1))
    }


def test_a_second_poll_of_reader_is_a_304(publication: Publication, tmp_path: Path) -> None:
    before = asked(publication)
    with publication.daemon() as daemon, make_reader(str(tmp_path / "reader.db")) as reader:
        for address in published_at(publication):
            reader.add_feed(address)
            first, again = reader.update_feed(address), reader.update_feed(address)
            assert first
            assert first.new == 100
            assert again is None  # it was not changed
        daemon.terminate()
    assert asked(publication) - before == {
        (f"feed.{ending}", kind): times
        for ending in ("atom", "rss")
        for kind, times in (("polls", 2), ("unchanged", 1))
    }


def asked(publication: Publication, family: str = "reader") -> Counter[tuple[str, str]]:
    """How often a reader asked until now by the daemon's own count, and how often it got a 304."""
    counts: Counter[tuple[str, str]] = Counter()
    for day in publication.program.json("feeds", "stats"):
        for one in day["readers"]:
            if one["family"] == family:
                for kind in ("polls", "unchanged"):
                    counts[day["feed"], kind] += one[kind]
    return counts


def test_renamed_files_another_scheme_and_a_new_address_bring_nothing_new(
    publication: Publication, tmp_path: Path
) -> None:
    folder = publication.program.folder
    before = ids_everywhere(publication, tmp_path)
    assert len(before) == len(published_at(publication)) * 6
    assert all(len(set(one)) == 100 for one in before.values())
    for file in sorted((folder / "content").iterdir()):
        file.rename(file.with_name(f"moved-{file.name}"))
    for address in ("https://127.0.0.1:8000", "https://moved.example/news"):
        move(publication, address)
        assert ids_everywhere(publication, tmp_path) == before


def move(publication: Publication, address: str) -> None:
    """Give the publication another address, and publish it."""
    folder = publication.program.folder
    settings = folder / "syndicate.toml"
    text = settings.read_text(encoding="utf-8")
    moved, count = re.subn(r'(?m)^base_url = ".*"$', f'base_url = "{address}"', text)
    assert count == 1
    assert moved != text
    settings.write_text(moved, encoding="utf-8")
    publication.program("build")
    assert f"{address}/".encode() in (folder / "public" / "feed.atom").read_bytes()


def published_at(publication: Publication) -> list[str]:
    return [f"http://127.0.0.1:{publication.port}/feed.{ending}" for ending in ("atom", "rss")]


def ids_everywhere(publication: Publication, folder: Path) -> dict[tuple[str, str], list[str]]:
    """Let all six poll; the ids that each has afterwards, by reader and address."""
    addresses = published_at(publication)
    with publication.daemon() as daemon:
        assert isinstance(daemon, Daemon)
        found = {
            "reader": {
                one: [entry for entry, _ in some]
                for one, some in by_reader(addresses, folder / "reader.db").items()
            },
            "newsboat": by_newsboat(addresses, folder),
            "feedparser": {one: [entry for entry, _ in by_feedparser(one)[0]] for one in addresses},
        }
        in_node = npm.run("feeds.mjs", addresses)
        daemon.terminate()
    for name in ("rss-parser", "feed-parser", "feedsmith"):
        found[name] = {
            address: [entry_of(one) for one in in_node[address][name][0]] for address in addresses
        }
    return {
        (name, address): sorted(map(id_of, entries))
        for name, polled in found.items()
        for address, entries in polled.items()
    }
