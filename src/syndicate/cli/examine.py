"""The examinations of `doctor` (a first version: issue 2)."""

from collections.abc import Iterator
from typing import Literal

from syndicate import resources
from syndicate.cli.ground import (
    Finding,
    has_secrets,
    is_usable,
    look_at_database,
    look_at_ids,
    look_at_secrets,
)
from syndicate.cli.terminal import tls_hint
from syndicate.errors import SyndicateError
from syndicate.jobs.control import standing
from syndicate.jobs.slots import broken_promise
from syndicate.model import Cadence
from syndicate.services import Services
from syndicate.store import (
    pages,
    readers,
    series,
    sources,
)
from syndicate.store.ledger import MOST_FAILURES


def examine(services: Services) -> Iterator[Finding]:
    """Yield what was found, good and bad."""
    yield Finding("ok", "settings", f"{services.file} can be read")
    yield from look_at_secrets(services)
    yield from look_at_database(services)
    yield from look_at_ids(services)
    yield from _content(services)
    yield from _sources(services)
    yield from _templates(services)
    yield from _letters(services)
    yield from _mail(services)
    yield from _paused(services)
    yield from _newsletters(services)
    yield from _series(services)
    yield from _cadences(services)
    yield from _held(services)
    yield from _legal(services)


def _templates(services: Services) -> Iterator[Finding]:
    """Say where our templates are, and look for files among the publication's that count for nothing."""
    ours, own = resources.folder("templates"), services.folder / "templates"
    message = f"ours are in {ours}: copy one to the same place in {own}, and change the copy"
    yield Finding("ok", "templates", message)
    for file, said in services.idle_templates():
        yield Finding("warning", "templates", f"{file} {said}")


def _letters(services: Services) -> Iterator[Finding]:
    """Write a letter of each newsletter, for nobody; its links are signed."""
    for one in services.newsletters if has_secrets(services) else ():
        try:
            services.rehearse(one)
        except SyndicateError as error:
            yield Finding("wrong", "letters", f"{one.name}: {error}")
        else:
            yield Finding("ok", "letters", f"{one.name} can be written")


def _content(services: Services) -> Iterator[Finding]:
    for folder in services.folders:
        if folder.path.is_dir():
            yield Finding("ok", "content", f"{folder.path}")
        else:
            yield Finding("wrong", "content", f"{folder.path} does not exist: make it")
    if is_usable(services):
        with services.raw_store.read() as tx:
            for reason in pages.refused(tx).values():
                yield Finding("warning", "content", reason)


def _sources(services: Services) -> Iterator[Finding]:
    """Look at the sources of pages on the web, as they stood when they were last read."""
    if not services.settings.sources or not is_usable(services):
        return
    with services.raw_store.read() as tx:
        states = sources.states(tx)
    for one in services.settings.sources:
        state = states.get(one.name)
        if state is None:
            yield Finding(
                "warning", "sources", f"{one.name} was never read: the next build does it"
            )
        elif state.error:
            message = f"{one.name}: {state.error} See: syndicate sources list"
            yield Finding("warning", "sources", message)
        else:
            yield Finding("ok", "sources", f"{one.name} was last read without an error")


def _mail(services: Services) -> Iterator[Finding]:
    mail = services.settings.mail
    if mail.transport == "maildir":
        yield Finding(
            "warning", "mail", f"letters go to {services.folder / mail.maildir}; none leaves"
        )
        return
    try:
        services.transport().check()
    except SyndicateError as error:
        yield Finding("wrong", "mail", f"{error}{tls_hint(str(error), services.file)}")
    else:
        yield Finding("ok", "mail", f"{mail.host}:{mail.port} answers")
    if mail.sender == "newsletter@example.com":
        yield Finding("wrong", "mail", "mail.from is the example address: set your own")


def _paused(services: Services) -> Iterator[Finding]:
    """Look for what waits until somebody lets it go on."""
    if not is_usable(services):
        return
    found = standing(services.raw_store)
    if found.since:
        since = f"{found.since:%Y-%m-%d %H:%M} UTC"
        message = f"all of it is paused since {since}: syndicate editions resume --all"
        yield Finding("warning", "sending", message)
    for name in found.paused:
        message = f"{name} is paused: syndicate editions resume {name}"
        yield Finding("warning", "sending", message)


def _newsletters(services: Services) -> Iterator[Finding]:
    """Look for readers whom nobody mails, since their newsletter was renamed or taken out."""
    if not is_usable(services):
        return
    names = {one.name for one in services.newsletters}
    with services.raw_store.read() as tx:
        readers_of = readers.active_by_newsletter(tx)
    for name, count in readers_of.items():
        if name not in names:
            message = (
                f"{name} has {count} active subscribers and is not in {services.file}: nobody mails "
                "them. Give the newsletter its old name again (its title may change)"
            )
            yield Finding("warning", "newsletters", message)


def _series(services: Services) -> Iterator[Finding]:
    """Look for series by which a newsletter chooses, and which no article is in."""
    if not is_usable(services):
        return
    with services.raw_store.read() as tx:
        known = series.slugs(tx)
    for one in services.newsletters:
        for key, names in (
            ("series", one.filters.series),
            ("audience.series", one.audience.series),
        ):
            for name in sorted(set(names) - known):
                message = (
                    f"{one.name}: {key} names {name}, which is no series yet: syndicate series list"
                )
                yield Finding("warning", "newsletters", message)


def _cadences(services: Services) -> Iterator[Finding]:
    """Look whether the schedules keep what cadences promise."""
    chosen: dict[str, dict[Cadence, int]] = {}
    if is_usable(services):
        with services.raw_store.read() as tx:
            chosen = readers.cadences(tx)
    for one in services.newsletters:
        counts = chosen.get(one.name, {})
        for cadence in (*one.cadences, *(each for each in counts if each not in one.cadences)):
            if reason := broken_promise(one, cadence, services.clock()):
                grade: Literal["warning", "wrong"] = "wrong" if counts.get(cadence) else "warning"
                message = f"{one.name}: {reason} ({counts.get(cadence, 0)} active subscriptions)"
                yield Finding(grade, "cadences", message)


def _held(services: Services) -> Iterator[Finding]:
    """Look for readers who get nothing more since their letters failed again and again."""
    if not is_usable(services):
        return
    with services.raw_store.read() as tx:
        held = readers.held(tx)
    if held:
        message = (
            f"{held} are held, since {MOST_FAILURES} letters in a row failed (subscribers list: held): "
            "syndicate subscribers free EMAIL --skip or --send"
        )
        yield Finding("warning", "subscribers", message)


def _legal(services: Services) -> Iterator[Finding]:
    if services.about.legal.profile is None:
        message = (
            'legal.profile is not set ("jp" or "eu"): nobody checks that letters say who sends them, as '
            "most countries ask for"
        )
        yield Finding("warning", "legal", message)
