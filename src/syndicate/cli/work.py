"""What several commands do: pick up and publish, cut an edition, send."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Signal
from types import FrameType

from syndicate.articles import is_page
from syndicate.cli.terminal import complain
from syndicate.content import Folder, strays
from syndicate.delivery import Transport
from syndicate.jobs import approval, notes
from syndicate.jobs.answer import answer
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.deliver import IDLE, Delivered, deliver
from syndicate.jobs.editions import Cut, approve, cut
from syndicate.jobs.finish import finish
from syndicate.jobs.ping import NOTHING, Pinged
from syndicate.jobs.publish import Published
from syndicate.jobs.recover import Seat, seated
from syndicate.jobs.release import release
from syndicate.jobs.render import LettersRefused, render_letters
from syndicate.jobs.slots import slot_by_hand
from syndicate.jobs.visit import Visited
from syndicate.jobs.withdraw import accept_removals, withdraw_overdue
from syndicate.model import Edition, Newsletter
from syndicate.services import Services
from syndicate.store import witness
from syndicate.workers.fetcher import fetch_due, rehearse_all
from syndicate.workers.pinger import ping_due
from syndicate.workers.verbs import publish_files


@dataclass(frozen=True, slots=True)
class Built:
    """What `build` did, or would do.

    `strays` are files that look like pages and are none by their names; `web` is what came of the
    sources that were due, `hubs` of telling hubs.
    """

    collected: Collected
    published: Published
    strays: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    web: tuple[Visited, ...] = ()
    hubs: Pinged = NOTHING


def build(
    services: Services, *, backlog: bool = False, dry_run: bool = False, accept: bool = False
) -> Built:
    """Fetch what is due, pick up pages, and publish what they changed; a dry run changes nothing.

    `accept` lets articles leave with their pages.
    """
    with fetched(services, dry_run=dry_run) as (web, folders):
        collected = collect(
            services.store,
            folders,
            services.about,
            services.newsletters,
            services.clock(),
            services.tell,
            backlog=backlog,
            dry_run=dry_run,
            rules=services.rules,
        )
    found = tuple(path for folder in services.folders for path in strays(folder, is_page))
    if dry_run:
        return Built(collected, Published(), found, web=web)
    if accept:
        accept_removals(services.store)
    now = services.clock()
    release(services.store, services.newsletters, services.rules, now, services.tell)
    withdrawn = withdraw_overdue(services.store, services.rules, now, services.tell).articles
    published = publish_files(services)
    return Built(collected, published, found, withdrawn, web, ping_due(services))


@contextmanager
def fetched(
    services: Services, *, dry_run: bool
) -> Iterator[tuple[tuple[Visited, ...], Sequence[Folder]]]:
    """Fetch from the web; yield what came of it and all content directories.

    In a dry run these are copies, which are gone afterwards.
    """
    if not dry_run:
        yield fetch_due(services), services.folders
        return
    count = len(services.settings.content.directories)
    with TemporaryDirectory(prefix="syndicate-dry-run-") as folder:
        visited, copies = rehearse_all(services, Path(folder))
        yield visited, [*services.folders[:count], *copies]


def cut_edition(services: Services, newsletter: Newsletter, readers_of: int | None = None) -> Cut:
    """Cut an edition now, and make its page and letters if it starts.

    `readers_of` is the edition whose readers alone get it.
    """
    now = services.clock()
    witness.attest(services.store, services.folder)
    services.rehearse(newsletter)
    slot = slot_by_hand(newsletter, now, readers_of)
    places = services.settings.content_folders(services.folder)
    return _prepare(
        services,
        cut(
            services.store,
            newsletter,
            slot,
            services.version,
            now,
            services.tell,
            None if readers_of else notes.waiting(places, newsletter.name),
        ),
    )


def approve_edition(services: Services, newsletter: Newsletter, edition: Edition) -> Cut:
    """Start a draft, and make its page and letters."""
    now = services.clock()
    witness.attest(services.store, services.folder)
    services.rehearse(newsletter)
    return _prepare(
        services, approve(services.store, newsletter, edition, services.version, now, services.tell)
    )


def _prepare(services: Services, report: Cut) -> Cut:
    """Publish an edition's page before its letters can leave."""
    if report.edition and report.edition.started:
        witness.attest(services.store, services.folder)
        prepare_letters(services)
    return report


def prepare_letters(services: Services) -> None:
    """Make what started editions still lack: also what a killed process left undone."""
    publish_files(services)
    render_letters(
        services.store,
        services.about,
        services.newsletters,
        services.senders,
        services.environment,
        services.tell,
    )


def send(services: Services) -> Delivered:
    """Send what is due; SIGTERM and Ctrl-C let the letters under way arrive first."""
    transport = services.transport()
    with (
        seated(services.store, services.folder, services.clock(), services.tell) as seat,
        stop_signal() as stop,
    ):
        names = [one.name for one in services.newsletters]
        now = services.clock()
        approval.ask(services.store, services.newsletters, services.version, now, services.tell)
        answer(services.store, services.keys, names, now, services.tell)
        try:
            prepare_letters(services)
        except LettersRefused as error:
            complain(str(error))  # the letters of all others leave
        report = _deliver(services, transport, seat, stop)
        finish(
            services.store, services.newsletters, services.version, services.clock(), services.tell
        )
    return report


def send_tests(services: Services) -> Delivered:
    """Send test letters that are due, and no other."""
    transport = services.transport()
    with (
        seated(services.store, services.folder, services.clock(), services.tell) as seat,
        stop_signal() as stop,
    ):
        return _deliver(services, transport, seat, stop, tests=True)


def _deliver(
    services: Services, transport: Transport, seat: Seat, stop: Signal, *, tests: bool = False
) -> Delivered:
    return deliver(
        services.store,
        transport,
        seat,
        services.letter,
        services.clock,
        services.tell,
        stop,
        way=services.way,
        idle=IDLE,
        tests=tests,
    )


@contextmanager
def stop_signal() -> Iterator[Signal]:
    """Yield a flag that SIGTERM and SIGINT set; a second one ends the process as usual."""
    stop = Signal()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
