"""What `build` does: pick up and publish. It loads nothing of letters, so that it starts fast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from syndicate.content import Folder
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.crew import Crew
from syndicate.jobs.ping import NOTHING, Pinged
from syndicate.jobs.publish import Published
from syndicate.jobs.release import Released, let_out, release
from syndicate.jobs.withdraw import Accepted, accept_removals, foresee, withdraw_overdue
from syndicate.services import Services
from syndicate.store.database import Transaction
from syndicate.workers.pinger import ping_due
from syndicate.workers.publishing import publish_files

if TYPE_CHECKING:
    from syndicate.jobs.visit import Visited


class Built(Struct, frozen=True):
    """What `build` did, or would do.

    `web` is what came of the sources that were due, `hubs` of telling hubs. `idle` are templates that count
    for nothing, and what to do; `accepted` is None unless removals were to be accepted. `due` are the
    articles whose date has come.
    """

    collected: Collected
    published: Published
    withdrawn: tuple[str, ...] = ()
    web: "tuple[Visited, ...]" = ()
    hubs: Pinged = NOTHING
    idle: tuple[tuple[str, str], ...] = ()
    accepted: Accepted | None = None
    due: Released = Released()


def build(
    services: Services, *, backlog: bool = False, dry_run: bool = False, accept: bool = False
) -> Built:
    """Fetch what is due, pick up pages, and publish what they changed; a dry run changes nothing.

    `accept` lets articles leave with their pages.
    """
    with Crew(publish_files.__module__, services.store.let_go) as crew:
        built = _built(services, crew, backlog=backlog, dry_run=dry_run, accept=accept)
    return built if dry_run else replace(built, hubs=ping_due(services))


def _built(services: Services, crew: Crew, *, backlog: bool, dry_run: bool, accept: bool) -> Built:
    """Do all but tell hubs."""
    accepted, withdrawn, due = None, tuple[str, ...](), Released()

    def look(tx: Transaction) -> None:
        nonlocal accepted, withdrawn, due
        now = services.clock()
        due = let_out(tx, services.newsletters, services.rules, now)
        accepted, withdrawn = foresee(tx, services.rules, now, accept=accept)

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
            look=look,
            crew=None if dry_run else crew,
        )
    idle = tuple(services.idle_templates())
    if dry_run:
        return Built(collected, Published(), withdrawn, web, idle=idle, accepted=accepted, due=due)
    if accept:
        accepted = accept_removals(services.store, services.rules.grace)
    now = services.clock()
    due = release(services.store, services.newsletters, services.rules, now, services.tell)
    withdrawn = withdraw_overdue(services.store, services.rules, now, services.tell).articles
    published = publish_files(services, crew)
    return Built(collected, published, withdrawn, web, idle=idle, accepted=accepted, due=due)


@contextmanager
def fetched(
    services: Services, *, dry_run: bool
) -> "Iterator[tuple[tuple[Visited, ...], Sequence[Folder]]]":
    """Fetch from the web; yield what came of it and all content directories.

    In a dry run these are copies, which are gone afterwards.
    """
    if not services.settings.sources:
        yield (), services.folders
        return
    from syndicate.workers.fetcher import fetch_due, rehearse_all

    if not dry_run:
        yield fetch_due(services), services.folders
        return
    count = len(services.settings.content.directories)
    with TemporaryDirectory(prefix="syndicate-dry-run-") as folder:
        visited, copies = rehearse_all(services, Path(folder))
        yield visited, [*services.folders[:count], *copies]
