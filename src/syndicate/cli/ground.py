"""What `doctor` finds of what a publication stands on: secrets, the database, and what ids are made of."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from syndicate import addresses, keys, tokens, values
from syndicate.errors import SyndicateError
from syndicate.services import Services
from syndicate.store import fingerprint, migrate, private, publication, witness


class Finding(Struct, frozen=True):
    """One thing that was looked at: `wrong` has to be mended, `warning` should be."""

    grade: Literal["ok", "warning", "wrong"]
    about: str
    message: str


def look_at_secrets(services: Services) -> Iterator[Finding]:
    """Look whether the secrets can be read, and by nobody else."""
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


def look_at_database(services: Services) -> Iterator[Finding]:
    """Look whether the database answers, has our schema, fits the secrets, and is the one that sends."""
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


def is_usable(services: Services) -> bool:
    """Whether the database answers and has our schema; what it lacks is told once, above."""
    try:
        return migrate.inspect(services.raw_store).current
    except SyndicateError:
        return False


def has_secrets(services: Services) -> bool:
    """Whether the secrets can be read; what they lack is told once, above."""
    try:
        return bool(services.keys.hash_key)
    except SyndicateError:
        return False


def _fingerprint(services: Services) -> Iterator[Finding]:
    if not has_secrets(services):
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


def look_at_ids(services: Services) -> Iterator[Finding]:
    """Say what ids are made from: they cannot be changed once a reader has them."""
    origin = None
    if is_usable(services):
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
