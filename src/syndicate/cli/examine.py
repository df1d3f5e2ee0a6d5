"""The examinations of `doctor` (a first version: issue 2)."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from syndicate import keys, tokens
from syndicate.errors import SyndicateError
from syndicate.services import Services
from syndicate.store import migrate, pages, witness


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `wrong` has to be mended, `warning` should be."""

    grade: Literal["ok", "warning", "wrong"]
    about: str
    message: str


def examine(services: Services) -> Iterator[Finding]:
    """Yield what was found, good and bad."""
    yield Finding("ok", "settings", f"{services.file} can be read")
    yield from _secrets(services)
    yield from _database(services)
    yield from _content(services)
    yield from _mail(services)
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
    try:
        witness.examine(services.raw_store, services.folder)
    except SyndicateError as error:
        yield Finding("wrong", "witness", str(error))
    else:
        yield Finding("ok", "witness", "this database is the one that sends")


def _content(services: Services) -> Iterator[Finding]:
    for folder in services.folders:
        if folder.path.is_dir():
            yield Finding("ok", "content", f"{folder.path}")
        else:
            yield Finding("wrong", "content", f"{folder.path} does not exist: make it")
    schema = migrate.inspect(services.raw_store)
    if schema.current:
        with services.raw_store.read() as tx:
            for reason in pages.refused(tx).values():
                yield Finding("warning", "content", reason)


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
        yield Finding("wrong", "mail", str(error))
    else:
        yield Finding("ok", "mail", f"{mail.host}:{mail.port} answers")
    if mail.sender == "newsletter@example.com":
        yield Finding("wrong", "mail", "mail.from is the example address: set your own")


def _legal(services: Services) -> Iterator[Finding]:
    legal = services.about.legal
    if not (legal.sender and legal.address and legal.contact):
        message = "legal.sender, address and contact are not all set: most countries ask for them"
        yield Finding("warning", "legal", message)
