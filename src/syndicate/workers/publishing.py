"""Publishing, as the daemon and single commands do it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from syndicate import __version__
from syndicate.jobs.crew import Crew
from syndicate.jobs.paths import Paths
from syndicate.jobs.planning import Library, open_library
from syndicate.jobs.publish import Published, publish
from syndicate.jobs.withdraw import set_aside, try_again
from syndicate.services import Services, open_services
from syndicate.store import publication


def publish_files(one: Services, crew: Crew | None = None) -> Published:
    """Bring the published files up to date; an article that would break a feed is set aside first.

    What another release set aside is tried once more. A `crew` that is there helps.
    """
    try_again(one.store, __version__, one.rules, one.clock())
    reports, aside = [_published(one, crew)], list[str]()
    while unfit := reports[-1].unfit:
        taken = set_aside(one.store, unfit, one.rules, one.clock(), one.tell).articles
        if not taken:
            break  # nothing more can be taken out: the feeds stay as they were
        aside += taken
        reports.append(_published(one, crew))
    if len(reports) == 1:
        return reports[0]
    return replace(
        reports[-1],
        written=Paths(dict.fromkeys(path for report in reports for path in report.written)),
        aside=tuple(aside),
        dead=tuple(link for report in reports for link in report.dead),
    )


def _published(one: Services, crew: Crew | None) -> Published:
    return publish(
        one.store,
        one.about,
        one.newsletters,
        one.folders,
        one.environment,
        one.version,
        one.public,
        one.tell,
        partial(_opened, one.folder, one.public),
        crew,
    )


@contextmanager
def _opened(folder: Path, root: Path) -> Iterator[Library]:
    """Open what files below `root` are planned from, in a process of its own.

    It reads the settings anew: where they say something else by now, it plans other files, and makes none.
    """
    one = open_services(folder)
    with closing(one.raw_store) as store, store.read() as tx:
        origin = publication.origin(tx)
        assert origin is not None
        yield open_library(
            tx,
            root,
            origin,
            one.about,
            one.newsletters,
            one.folders,
            one.environment,
            one.version,
        )
