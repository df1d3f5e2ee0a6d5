"""The coming edition as a letter before anything is cut, and sent as a test (issue 6)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from jinja2 import Environment
from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.content import Folder
from syndicate.digests.letter import Sender, stencil
from syndicate.digests.render import Rendered, render
from syndicate.errors import SyndicateError
from syndicate.jobs.choosing import Selection
from syndicate.jobs.collect import collect
from syndicate.jobs.compose import compose_items
from syndicate.jobs.notes import Waiting
from syndicate.jobs.preview import bare
from syndicate.jobs.reach import next_edition
from syndicate.jobs.rules import Rules
from syndicate.jobs.slots import membership, slot_of
from syndicate.model import (
    Depth,
    Digest,
    Item,
    Newsletter,
    Publication,
    silent,
)
from syndicate.outbox.domains import domain_group
from syndicate.store import editions, readers, suppressions, trials, variants
from syndicate.store.database import Store, Transaction
from syndicate.store.freeze import Group
from syndicate.tokens import Keys


class NothingComing(SyndicateError):
    """A newsletter has nothing to send now, to anybody or to the reader that is meant."""


class Press(Struct, frozen=True):
    """All that the letter of a coming edition is made with."""

    store: Store
    folders: Sequence[Folder]
    about: Publication
    newsletters: Sequence[Newsletter]
    rules: Rules
    environment: Environment


class Trial(Struct, frozen=True):
    """A coming letter: what it says, how it is written, and its two parts without anybody's links."""

    digest: Digest
    rendered: Rendered
    html: str
    text: str


def coming(
    press: Press,
    newsletter: Newsletter,
    note: Waiting | None,
    now: datetime,
    reader: bytes | None = None,
    language: str = "",
) -> Trial:
    """Write the letter that a cut by hand would make now, pages that are not picked up yet included.

    It is what the edition's page would show, or what one `reader` would get, by address key. A draft
    that waits comes first. Nothing is stored. Raises NothingComing, PageRefused or DigestError.
    """
    found: list[Digest] = []

    def look(tx: Transaction) -> None:
        found.append(_look(tx, press.about, newsletter, note, now, reader, language))

    collect(
        press.store,
        press.folders,
        press.about,
        press.newsletters,
        now,
        silent,
        dry_run=True,
        rules=press.rules,
        look=look,
    )
    (digest,) = found
    rendered = render(digest, press.about, press.environment, newsletter.template)
    return Trial(digest, rendered, *bare(rendered, press.about))


def _look(
    tx: Transaction,
    about: Publication,
    newsletter: Newsletter,
    note: Waiting | None,
    now: datetime,
    reader: bytes | None,
    language: str,
) -> Digest:
    edition = editions.find(tx, newsletter.name, "draft") or next_edition(tx, newsletter, note, now)
    slot = slot_of(newsletter, edition)
    selection = Selection(tx, newsletter, membership(newsletter, slot), edition.cut, now)
    if reader is None:
        words, depth = language or newsletter.language, Depth.SUMMARIES
        items = selection.fresh(editions.last_cut_sent(tx, newsletter.name)) or _first(selection)
        if not items:
            raise NothingComing(f"There is nothing new in {newsletter.name} to send.")
    else:
        group = _group(tx, newsletter, selection, reader)
        items, words, depth = selection.owed(group).items, group.language, Depth(group.depth)
        if not items:
            raise NothingComing(f"This reader has had all the news of {newsletter.name}.")
    return compose_items(tx, edition, items, words, newsletter, about, depth)


def _first(selection: Selection) -> tuple[Item, ...]:
    """What the first group gets that is due anything."""
    owed = (selection.owed(group).items for group in selection.groups)
    return next((tuple(items) for items in owed if items), ())


def _group(tx: Transaction, newsletter: Newsletter, selection: Selection, reader: bytes) -> Group:
    place = readers.group_of(tx, newsletter.name, reader)
    for group in selection.groups:
        if place == (group.cursor, group.start, group.profile_id):
            return group
    raise NothingComing(
        f"This reader gets nothing of {newsletter.name} now: see syndicate subscribers show EMAIL."
    )


def put_test(
    store: Store,
    keys: Keys,
    trial: Trial,
    sender: Sender,
    newsletter: str,
    address: str,
    now: datetime,
) -> str:
    """Put a coming letter into the ledger as a test to one address; its key. Raises SyndicateError."""
    box = mailbox.parse(address)
    address_key, key = tokens.address_key(keys, box.canonical), f"t:{uuid4()}"
    letter, digest = stencil(trial.rendered, trial.digest, sender), trial.digest
    with store.write() as tx:
        if suppressions.find(tx, address_key):
            raise SyndicateError(
                f"{address} is suppressed: see syndicate suppressions list. Choose another address."
            )
        # Without its items: they may be of pages that are not picked up yet.
        number = variants.add(tx, None, key, digest.language, digest.depth, ())
        variants.save_stencil(tx, number, letter.to_bytes(), trial.rendered.html_size)
        trials.put_test(
            tx,
            newsletter,
            number,
            key,
            box.address,
            address_key,
            domain_group(keys, box.address),
            digest.language,
            now,
        )
    return key
