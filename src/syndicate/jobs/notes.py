"""An editor's note for the next edition: read, put to use once, and told what is wrong with it."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from syndicate.articles import title_key
from syndicate.articles.note import read_note
from syndicate.content import note as files
from syndicate.errors import PageRefused
from syndicate.jobs.check import Finding
from syndicate.jobs.withdraw import WithdrawalRefused, find, recall_letters
from syndicate.model import Edition, NewsKind, Note, Opening
from syndicate.store import articles, leftout, news, recall
from syndicate.store.database import Store, Transaction


class Waiting(Struct, frozen=True):
    """A note that waits to be used: `mark` tells this very file from all others."""

    file: Path
    mark: str
    note: Note


def waiting(folders: Iterable[Path], newsletter: str) -> Waiting | None:
    """Return the note for a newsletter's next edition, from the first folder that has one.

    Raises PageRefused, which names file and key.
    """
    for folder in folders:
        file = files.place(folder, newsletter)
        if found := files.read(file, folder):
            text, mark = found
            return Waiting(file, mark, read_note(text, str(file)))
    return None


class Used(Struct, frozen=True):
    """A note that an edition uses: as the edition keeps it, and what it left out that was not before."""

    opening: Opening
    written: str
    left_out: tuple[int, ...]


def resolve(tx: Transaction, one: Waiting) -> tuple[Opening, tuple[int, ...]]:
    """Return a note as an edition bears it, and the articles that it leaves out.

    Raises PageRefused for an article that there is not.
    """
    note = one.note
    order = tuple(_article(tx, one.file, "lead or order", name) for name in note.order)
    out = tuple(_article(tx, one.file, "exclude", name) for name in note.exclude)
    return Opening(note.subject, note.preheader, note.opening, order), out


def put_to_use(tx: Transaction, newsletter: str, one: Waiting, now: datetime) -> Used:
    """Leave out what a note leaves out, and remember that it is used. Raises PageRefused."""
    opening, out = resolve(tx, one)
    new = sorted(set(out) - leftout.of(tx, newsletter))
    leftout.add(tx, newsletter, new, now)
    news.note_used(tx, newsletter, one.mark)
    written = json.dumps(asdict(opening), ensure_ascii=False, sort_keys=True)
    return Used(opening, written, tuple(new))


def take_back(tx: Transaction, newsletter: str, used: Used) -> None:
    """Undo that: no edition was made, and the note waits for the next."""
    for number in used.left_out:
        leftout.remove(tx, newsletter, number)
    news.note_used(tx, newsletter, "")


def recall_older(tx: Transaction, used: Used, now: datetime) -> None:
    """Take what a note leaves out from letters of earlier editions that wait still."""
    if used.left_out:
        recall_letters(tx, used.left_out, now)


def put_away(one: Waiting, edition: Edition) -> None:
    """Put a used note beside the next one, under the number of its edition, or its id."""
    name = f"@{edition.id}" if edition.number is None else str(edition.number)
    files.put_away(one.file, name)


def put_back(store: Store, newsletter: str, name: str, now: datetime) -> str:
    """Let an article that a note left out be mailed again, to those who never had it; its slug.

    Raises WithdrawalRefused.
    """
    with store.write() as tx:
        row = find(tx, name)
        if not leftout.remove(tx, newsletter, row.id):
            raise WithdrawalRefused(f"{row.slug} is not left out of {newsletter}.")
        recall.count(tx, [row.id])
        seq = dict(recall.logged(tx, row.id)).get(newsletter)
        if seq is not None and recall.passed(tx, newsletter, seq):
            news.append(tx, newsletter, row.id, row.revision, NewsKind.NEW, now)
    return row.slug


def broken(
    store: Store, folders: Collection[Path], newsletters: Iterable[str]
) -> Iterator[Finding]:
    """Name the notes that the next edition could not use: it would not be cut."""
    for newsletter in newsletters:
        try:
            one = waiting(folders, newsletter)
            if one:
                with store.read() as tx:
                    resolve(tx, one)
        except PageRefused as error:
            file, _, reason = str(error).partition(": ")
            yield Finding(file, "note", reason, "error")


def _article(tx: Transaction, file: Path, key: str, name: str) -> int:
    row = articles.find(tx, name) or articles.of_title(tx, title_key(name))
    if row is None:
        raise PageRefused(
            f"{file}: {key}: there is no article {name!r}. See: syndicate articles list"
        )
    return row.id
