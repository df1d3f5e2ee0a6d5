"""The examinations of `doctor` (a first version: issue 2)."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from syndicate import addresses, keys, resources, tokens, values
from syndicate.cli.terminal import tls_hint
from syndicate.errors import SyndicateError
from syndicate.jobs.control import standing
from syndicate.jobs.slots import broken_promise
from syndicate.model import Cadence
from syndicate.services import Services
from syndicate.store import (
    fingerprint,
    migrate,
    pages,
    private,
    publication,
    readers,
    series,
    sources,
    witness,
)
from syndicate.store.ledger import MOST_FAILURES


class Finding(Struct, frozen=True):
    """One thing that was looked at: `wrong` has to be mended, `warning` should be."""

    grade: Literal["ok", "warning", "wrong"]
    about: str
    message: str


def examine(services: Services) -> Iterator[Finding]:
    """Yield what was found, good and bad."""
    yield Finding("ok", "settings", f"{services.file} can be read")
    yield from _secrets(services)
    yield from _database(services)
    yield from _ids(services)
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


def _secrets(services: Services) -> Iterator[Finding]:
    try:
        secrets: tokens.Keys = services.keys
    except SyndicateError as error:
        yield Finding("wrong", "secrets", str(error))
        return
    file = keys.find(services.folder)
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding("wrong", "secrets", f"{file} can be read by others: chmod 600 {file}")
    else:
        yield Finding("ok", "secrets", f"{len(secrets.token_keys)} token key(s) and the hash key")


def _database(services: Services) -> Iterator[Finding]:
    try:
        schema = migrate.inspect(services.raw_store)
    except SyndicateError as error:
        yield Finding("wrong", "database", str(error))
        return
    if schema.found is None:
        yield Finding("warning", "database", "empty: the first build makes it")
        return
    if not schema.current:
        message = (
            f"has schema {schema.found}, this release wants {schema.wanted}: syndicate migrate"
        )
        yield Finding("warning", "database", message)
        return
    yield Finding("ok", "database", f"schema {schema.found}")
    yield from _fingerprint(services)
    yield from _access(services)
    try:
        witness.examine(services.raw_store, services.folder)
    except SyndicateError as error:
        yield Finding("wrong", "witness", str(error))
    else:
        yield Finding("ok", "witness", "this database is the one that sends")


def _is_usable(services: Services) -> bool:
    """Whether the database answers and has our schema; what it lacks is told once, above."""
    try:
        return migrate.inspect(services.raw_store).current
    except SyndicateError:
        return False


def _has_secrets(services: Services) -> bool:
    """Whether the secrets can be read; what they lack is told once, above."""
    try:
        return bool(services.keys.hash_key)
    except SyndicateError:
        return False


def _fingerprint(services: Services) -> Iterator[Finding]:
    if not _has_secrets(services):
        return
    try:
        fingerprint.examine(services.raw_store, tokens.fingerprint(services.keys))
    except SyndicateError as error:
        yield Finding("wrong", "secrets", str(error))


def _access(services: Services) -> Iterator[Finding]:
    """Look at who may read the database: it holds the readers' addresses."""
    url = services.raw_store.url
    if services.raw_store.embedded and url.database:
        files = [Path(f"{url.database}{ending}") for ending in ("", "-wal", "-shm")]
        found = [str(file) for file in files if private.is_open_to_others(file)]
        if found:
            names = " ".join(found)
            yield Finding("warning", "database", f"can be read by others: chmod 600 {names}")


def _ids(services: Services) -> Iterator[Finding]:
    """Say what ids are made from: they cannot be changed once a reader has them."""
    origin = None
    if _is_usable(services):
        with services.raw_store.read() as tx:
            origin = publication.origin(tx)
    host = addresses.authority(services.about.base_url)
    if origin is None:
        message = (
            f"the first build makes them from {host}, the host of publication.base_url, for ever"
        )
        yield Finding("warning", "feed ids", message)
        return
    made = f"made from {origin.authority}, since {origin.day}"
    if values.is_loopback(origin.authority):
        yield Finding(
            "warning",
            "feed ids",
            f"{made}, as those of any other publication begun like this. As long as nobody reads the feeds: "
            "set publication.base_url, remove the database and the published files, and build anew",
        )
    else:
        yield Finding("ok", "feed ids", made)


def _templates(services: Services) -> Iterator[Finding]:
    """Say where our templates are, and look for files among the publication's that count for nothing."""
    ours, own = resources.folder("templates"), services.folder / "templates"
    message = f"ours are in {ours}: copy one to the same place in {own}, and change the copy"
    yield Finding("ok", "templates", message)
    for file, said in services.idle_templates():
        yield Finding("warning", "templates", f"{file} {said}")


def _letters(services: Services) -> Iterator[Finding]:
    """Write a letter of each newsletter, for nobody; its links are signed."""
    for one in services.newsletters if _has_secrets(services) else ():
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
    if _is_usable(services):
        with services.raw_store.read() as tx:
            for reason in pages.refused(tx).values():
                yield Finding("warning", "content", reason)


def _sources(services: Services) -> Iterator[Finding]:
    """Look at the sources of pages on the web, as they stood when they were last read."""
    if not services.settings.sources or not _is_usable(services):
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
    if not _is_usable(services):
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
    if not _is_usable(services):
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
    if not _is_usable(services):
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
    if _is_usable(services):
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
    if not _is_usable(services):
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
