"""A publication without files: articles, readers and editions put straight through the jobs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Event as Signal
from weakref import finalize

from syndicate import tokens
from syndicate.articles import transcribe
from syndicate.jobs import subscribe
from syndicate.jobs.deliver import Delivered, deliver
from syndicate.jobs.editions import Cut, cut
from syndicate.jobs.finish import finish
from syndicate.jobs.handover import Compose
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.recover import Seat, reserve, settle, this_process
from syndicate.jobs.slots import Slot, slot_by_hand
from syndicate.model import (
    Accepted,
    Article,
    Delivery,
    Letter,
    Newsletter,
    Outcome,
    Tell,
    silent,
)
from syndicate.outbox.lanes import FREE, Way
from syndicate.store import articles, news, publication, senders, variants
from syndicate.store.database import Store
from syndicate.store.witness import attest
from tests.conftest import NOW

KEYS = tokens.Keys({"a1b2c3": b"k" * 32}, "a1b2c3", b"h" * 32)
DIGEST = Newsletter("digest", "Digest", "0 7 * * *", "UTC", "en")


@dataclass
class Mouth:
    """A transport that keeps what it took over, and answers as told (Accepted if nothing is said)."""

    taken: list[Letter] = field(default_factory=list)
    answers: dict[str, list[Outcome | Exception]] = field(default_factory=dict)
    landing: list[tuple[int, Outcome]] = field(default_factory=list)

    def carrier(self, _connections: int) -> "Mouth":
        return self

    def check(self) -> None:
        """There is always a way."""

    def take(self, ticket: int, letter: Letter) -> None:
        answers = self.answers.get(letter.recipient)
        answer = answers.pop(0) if answers else Accepted("250 ok")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Accepted):
            self.taken.append(letter)
        self.landing.append((ticket, answer))

    def landed(self, _timeout: float, _enough: int) -> list[tuple[int, Outcome]]:
        landed, self.landing = self.landing, []
        return landed

    def ring(self) -> None:
        """Nobody waits."""

    def give_back(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held open."""


@dataclass
class World:
    """One publication at a time of its own."""

    store: Store
    now: datetime = NOW
    mouth: Mouth = field(default_factory=Mouth)
    way: Way = FREE
    tell: Tell = silent
    folder: Path = Path()
    _seat: Seat | None = None

    def __post_init__(self) -> None:
        if self.folder == Path():
            self.folder = Path(mkdtemp(prefix="syndicate-world-"))
            finalize(self, rmtree, self.folder, ignore_errors=True)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def clock(self) -> datetime:
        return self.now

    def publish(self, *titles: str, newsletter: Newsletter = DIGEST, backlog: bool = False) -> None:
        """Bring new articles."""
        arrivals = [
            Arrival(f"{title}.txt", transcribe(Article(title, "What it says.")), None)
            for title in titles
        ]
        with self.store.write() as tx:
            news.enrol(tx, newsletter.name, self.now)
            origin = publication.fix_origin(tx, "example.com", self.now.date())
            keep(tx, arrivals, origin, [newsletter], self.now, backlog=backlog)

    def join(self, *addresses: str, language: str = "en") -> subscribe.Added:
        """Subscribe readers."""
        people = [(n, subscribe.Person(one, "", language)) for n, one in enumerate(addresses, 1)]
        consent = subscribe.Consent("test")
        return subscribe.add(self.store, KEYS, "digest", "en", people, consent, self.now, silent)

    def cut(self, slot: Slot | None = None, newsletter: Newsletter = DIGEST) -> Cut:
        """Cut an edition, by hand if no slot is named, and let its letters be rendered."""
        self.pass_time(seconds=1)  # no two cuts by hand are made at one instant
        chosen = slot or slot_by_hand(newsletter, self.now)
        report = cut(self.store, newsletter, chosen, "v1", self.now, silent)
        self.render()
        return report

    def render(self) -> None:
        """Store a letter for every variant: what it says does not matter here."""
        with self.store.write() as tx:
            for one in variants.unrendered(tx, ["digest"]):
                variants.save_stencil(tx, one.id, b"letter", 6)

    def seat(self) -> Seat:
        """The seat of this process among the senders."""
        if self._seat is None:
            attest(self.store, self.folder)
            with self.store.write() as tx:
                number = senders.register(tx, this_process(), self.now)
            self._seat = Seat(number, 0, 0, self.folder)
            reserve(self.store, self._seat)
        return self._seat

    def send(
        self,
        stop: Signal | None = None,
        compose: Compose | None = None,
        idle: timedelta = timedelta(0),
    ) -> Delivered:
        """Send what is due now."""
        return deliver(
            self.store,
            self.mouth,
            self.seat(),
            compose or letter_of,
            self.clock,
            self.tell,
            stop or Signal(),
            way=self.way,
            idle=idle,
        )

    def finish(self) -> tuple[str, ...]:
        """End the editions that can end."""
        return finish(self.store, [DIGEST], "v1", self.now, silent)

    def settle(self) -> None:
        """Take over from the dead."""
        settle(self.store, self.now, silent)

    def held(self) -> dict[str, list[tuple[str, ...]]]:
        """What each reader was sent: the titles of each letter taken over, by address."""
        with self.store.read() as tx:
            titles = {row.id: row.title for row in articles.every(tx)}
            return {
                letter.recipient: [
                    *(
                        tuple(titles[item.article_id] for item in variants.items(tx, int(one.data)))
                        for one in self.mouth.taken
                        if one.recipient == letter.recipient
                    )
                ]
                for letter in self.mouth.taken
            }


def letter_of(row: Delivery) -> Letter:
    """A letter that names its variant."""
    return Letter(row.key, "from@example.com", row.address, (str(row.variant_id).encode(),))
