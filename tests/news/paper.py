"""A newsletter whose articles are written, edited and withdrawn, and what its readers got."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import text

from syndicate.articles import transcribe
from syndicate.jobs import preferences, withdraw
from syndicate.jobs.announce import settle
from syndicate.jobs.due import due_slots
from syndicate.jobs.editions import Cut, cut
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.slots import Slot, slot_by_hand
from syndicate.model import Article, ItemKind, Metadata, Newsletter, Preferences, silent
from syndicate.store import articles, news, publication, variants
from syndicate.store.database import Store
from tests.world import DIGEST, World


class Got(NamedTuple):
    """An article in a letter that arrived: its title, kind, and how it said it."""

    title: str
    kind: ItemKind
    revision: int


class Paper(World):
    """A world with texts: articles are known by their titles, readers by numbers from 1."""

    def __init__(self, store: Store, newsletter: Newsletter = DIGEST) -> None:
        super().__init__(store)
        self.newsletter = newsletter
        self.texts: dict[str, Article] = {}
        self._numbers: dict[str, int] = {}

    def write(
        self,
        title: str,
        said: str = "What it says.",
        *,
        language: str = "en",
        tags: Iterable[str] = (),
        next_title: str | None = None,
        backlog: bool = False,
    ) -> None:
        """Publish an article, or change it."""
        article = Article(
            title,
            said,
            language=language,
            next_title=next_title,
            metadata=Metadata(tags=tuple(tags)),
        )
        self.bring(article, backlog=backlog)

    def bring(self, *texts: Article, backlog: bool = False) -> None:
        """Publish articles of one pass, or change them."""
        self.texts |= {one.title: one for one in texts}
        arrivals = [
            Arrival(f"{one.title}.txt", transcribe(one), self._numbers.get(one.title))
            for one in texts
        ]
        with self.store.write() as tx:
            news.enrol(tx, self.newsletter.name, self.now)
            origin = publication.fix_origin(tx, "example.com", self.now.date())
            kept = keep(tx, arrivals, origin, [self.newsletter], self.now, backlog=backlog)
        self._numbers |= dict(zip((one.title for one in texts), kept.numbers, strict=True))

    def edit(self, title: str, said: str) -> None:
        """Change what an article says, significantly."""
        self.bring(replace(self.texts[title], summary=said))

    def withdraw(self, title: str) -> None:
        """Take an article down."""
        withdraw.withdraw(self.store, str(self._numbers[title]), "test", self.now, silent)

    def restore(self, title: str) -> None:
        """Put an article back."""
        withdraw.restore(self.store, str(self._numbers[title]), self.now, silent)

    def wish(self, reader: int, **wishes: object) -> None:
        """Change what a reader wants."""
        before = preferences.read(self.store, reader) or Preferences("en")
        wanted = replace(before, **wishes)
        preferences.change(self.store, self.newsletter, reader, wanted, self.now, silent)

    def issue(self, slot: Slot | None = None, *, recipients: int | None = None) -> Cut:
        """Cut an edition, by hand if no slot is named, and render its letters."""
        self.pass_time(seconds=1)
        chosen = slot or slot_by_hand(self.newsletter, self.now, recipients)
        report = cut(self.store, self.newsletter, chosen, "v1", self.now, silent)
        self.render()
        return report

    def tick(self) -> list[Cut]:
        """Do what is due: settle, and cut slots."""
        settle(self.store, [self.newsletter], self.now, silent)
        return [self.issue(slot) for slot in self.due()]

    def due(self) -> tuple[Slot, ...]:
        """What is to be cut now."""
        with self.store.read() as tx:
            return due_slots(tx, self.newsletter, self.now)

    def mail(self, slot: Slot | None = None) -> Cut:
        """Cut, send and end."""
        report = self.issue(slot)
        self.send()
        self.end()
        return report

    def end(self) -> None:
        """End editions, and send what that freezes, until nothing is left to do."""
        while self.finish():
            self.render()
            self.send()

    def until(self, hour: int) -> None:
        """Let time pass until an hour (UTC), at least a minute."""
        wanted = self.now.replace(hour=hour, minute=0, second=0, microsecond=0)
        self.now = wanted if wanted > self.now else wanted + timedelta(days=1)

    def got(self, reader: int) -> list[list[Got]]:
        """What each letter of a reader that arrived held, oldest first."""
        with self.store.read() as tx:
            titles = {row.id: row.title for row in articles.every(tx)}
            rows = tx.execute(
                text(
                    "SELECT variant FROM delivery WHERE subscription = :reader "
                    "AND state IN ('sent', 'unknown') ORDER BY id"
                ),
                {"reader": reader},
            ).fetchall()
            return [
                [
                    Got(titles[item.article_id], item.kind, item.revision)
                    for item in variants.items(tx, row[0])
                ]
                for row in rows
            ]

    def titles(self, reader: int) -> list[dict[str, str]]:
        """What each letter of a reader held: kinds by title."""
        return [{one.title: one.kind.value for one in letter} for letter in self.got(reader)]
