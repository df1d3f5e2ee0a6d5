"""A publication that is published into a folder: articles go in, files come out."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate.articles import transcribe
from syndicate.jobs import withdraw
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.publish import Published, publish
from syndicate.model import Article, Event, Publication, silent
from syndicate.store import articles, publication
from syndicate.store.articles import Row
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.site.samples import ENVIRONMENT


class Press(Struct):
    """Articles are known by their titles; every pass happens an hour after the one before."""

    store: Store
    root: Path
    about: Publication = field(
        default_factory=lambda: Publication("港と潮", "https://example.com", author="編集部")
    )
    now: datetime = NOW
    told: list[Event] = field(default_factory=list)

    def bring(self, *brought: Article) -> None:
        """Pick up articles: new ones, and other texts of those that are known by their titles."""
        self.now += timedelta(hours=1)
        with self.store.write() as tx:
            known = {row.title: row.id for row in articles.every(tx)}
            arrivals = [
                Arrival(f"{one.title}.txt", transcribe(one), known.get(one.title))
                for one in brought
            ]
            origin = publication.fix_origin(tx, "example.com", NOW.date())
            keep(tx, arrivals, origin, [], self.now, backlog=False)

    def publish(self) -> Published:
        return publish(
            self.store, self.about, [], [], ENVIRONMENT, "v1", self.root, self.told.append
        )

    def rows(self) -> list[Row]:
        with self.store.read() as tx:
            return articles.every(tx)

    def row(self, title: str) -> Row:
        return next(row for row in self.rows() if row.title == title)

    def withdraw(self, title: str) -> None:
        self.now += timedelta(hours=1)
        withdraw.withdraw(self.store, self.row(title).slug, "wrong", self.now, silent)

    def restore(self, title: str) -> None:
        self.now += timedelta(hours=1)
        withdraw.restore(self.store, self.row(title).slug, self.now, silent)

    def move(self, base_url: str) -> None:
        self.about = replace(self.about, base_url=base_url)

    def data(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def feed(self, path: str = "feed.json") -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.data(path))
        return document

    def titles(self, path: str = "feed.json") -> list[str]:
        return [item["title"] for item in self.feed(path)["items"]]

    def walk(self) -> Iterator[dict[str, Any]]:
        """Follow the main feed back to its first document."""
        document = self.feed()
        yield document
        while "next_url" in document:
            document = self.feed(document["next_url"].removeprefix(f"{self.about.base_url}/"))
            yield document

    def files(self) -> dict[str, bytes]:
        """Return everything that is published, by its path."""
        found = (file for file in self.root.rglob("*") if file.is_file())
        return {str(file.relative_to(self.root)): file.read_bytes() for file in found}


def numbered(first: int, last: int, **values: Any) -> list[Article]:
    """Make articles that are named by number."""
    return [Article(f"n{n}", f"About {n}.", **values) for n in range(first, last + 1)]
