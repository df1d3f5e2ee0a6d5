"""Take articles down and put them back: feeds, site and what is still to be mailed, all at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from syndicate.errors import SyndicateError
from syndicate.jobs.relink import relink
from syndicate.jobs.rules import USUAL, Rules
from syndicate.model import DeliveryState, Event, Item, ItemKind, NewsKind, Tell
from syndicate.store import (
    articles,
    editions,
    leftout,
    marks,
    news,
    precedence,
    publication,
    recall,
    removal,
    variants,
)
from syndicate.store.articles import ASIDE, DRAFT, PUBLISHED, REMOVED, SCHEDULED, WITHDRAWN, Row
from syndicate.store.database import Store, Transaction
from syndicate.store.ledger import Note, note_all

LEAST = 5  # articles: fewer that go at once are no accident of a whole tree
_GONE = "its page is gone"


class WithdrawalRefused(SyndicateError):
    """An article cannot be taken down, or put back; the message says why."""


class Letters(Struct, frozen=True):
    """What became of letters that waited: those with a new text, those that will not leave."""

    changed: int = 0
    cancelled: int = 0
    unknown: int = 0


class Accepted(Struct, frozen=True):
    """Articles that an operator lets go: how many, and when the last of them leaves."""

    articles: int = 0
    leave: datetime | None = None


class Withdrawal(Struct, frozen=True):
    """What was taken down, or put back: slugs, and the letters that it concerned."""

    articles: tuple[str, ...] = ()
    letters: Letters = Letters()


class Losses(Struct, frozen=True):
    """What lost pages led to: how many articles stay since now because so many went, and slugs put back."""

    newly_guarded: int
    back: tuple[str, ...]


def mind_losses(
    tx: Transaction, before: set[int], held: set[int], rules: Rules, now: datetime
) -> Losses:
    """Note which articles lost or found their pages, `held` now, since `before`; put back what returned."""
    removal.lose(tx, before - held, now)
    removal.find_again(tx, held - before)
    if back := removal.returned(tx):
        put_back(tx, back, rules, now)
    missing = [one for one in removal.missing(tx) if not one.accepted]
    few = len(missing) < LEAST or len(missing) <= rules.guard / 100 * articles.count(tx)
    slugs = tuple(articles.get(tx, one).slug for one in back)
    return Losses(0 if few else removal.guard(tx), slugs)


def withdraw_overdue(store: Store, rules: Rules, now: datetime, tell: Tell) -> Withdrawal:
    """Take down the articles whose pages have been gone for the time of grace."""
    with store.write() as tx:
        due = removal.overdue(tx, now - rules.grace)
        report = _take_down(tx, due, REMOVED, _GONE, rules, now) if due else Withdrawal()
    _tell(report, _GONE, tell)
    return report


def is_overdue(tx: Transaction, grace: timedelta, now: datetime) -> bool:
    """Whether an article is to be taken down now."""
    return bool(removal.overdue(tx, now - grace))


def accept_removals(store: Store, grace: timedelta) -> Accepted:
    """Let articles leave that were kept because so many went at once."""
    with store.write() as tx:
        return _accept(tx, grace)


def foresee(
    tx: Transaction, rules: Rules, now: datetime, *, accept: bool
) -> tuple[Accepted | None, tuple[str, ...]]:
    """What a build would let go if it is to `accept`, and the slugs that it would take down.

    For a transaction that is rolled back.
    """
    accepted = _accept(tx, rules.grace) if accept else None
    due = set(removal.overdue(tx, now - rules.grace))
    return accepted, tuple(one.slug for one in removal.missing(tx) if one.id in due)


def _accept(tx: Transaction, grace: timedelta) -> Accepted:
    kept = [one.lost for one in removal.missing(tx) if one.stays]
    return Accepted(removal.accept(tx), max(kept) + grace if kept else None)


def withdraw(
    store: Store, name: str, reason: str, now: datetime, tell: Tell, rules: Rules = USUAL
) -> Withdrawal:
    """Take an article down until it is put back, whatever becomes of its page.

    Raises WithdrawalRefused.
    """
    with store.write() as tx:
        row = find(tx, name)
        if row.state == WITHDRAWN:
            raise WithdrawalRefused(
                f"{row.slug} is withdrawn already. Put it back: syndicate articles restore {row.slug}"
            )
        if row.state in (DRAFT, SCHEDULED):
            raise WithdrawalRefused(
                f"{row.slug} is not published yet ({row.state}). Take its page away, and it never is."
            )
        report = _take_down(tx, [row.id], WITHDRAWN, reason, rules, now)
    _tell(report, reason, tell)
    return report


def restore(store: Store, name: str, now: datetime, tell: Tell, rules: Rules = USUAL) -> Withdrawal:
    """Put an article back, with or without a page. Raises WithdrawalRefused."""
    with store.write() as tx:
        row = find(tx, name)
        missed = row.state == PUBLISHED and row.lost is not None
        if row.state not in (REMOVED, WITHDRAWN) and not missed:
            raise WithdrawalRefused(f"{row.slug} is {row.state}: there is nothing to put back.")
        put_back(tx, [row.id], rules, now)
    tell(Event("article.restored", {"article": row.slug}))
    return Withdrawal((row.slug,))


def set_aside(
    store: Store, unfit: Mapping[str, str], rules: Rules, now: datetime, tell: Tell
) -> Withdrawal:
    """Take articles out that would break a feed, by their ids, until they say something else.

    Those that are not published are out already, and not reported.
    """
    with store.write() as tx:
        numbers = articles.of_uids(tx, list(unfit))
        standing = articles.published_among(tx, list(numbers.values()))
        numbers = {uid: number for uid, number in numbers.items() if number in standing}
        for uid, number in sorted(numbers.items()):
            _take_down(tx, [number], ASIDE, unfit[uid], rules, now)
        slugs = {articles.get(tx, number).slug: unfit[uid] for uid, number in numbers.items()}
    for slug, reason in sorted(slugs.items()):
        tell(Event("article.aside", {"article": slug, "reason": reason}, "error"))
    return Withdrawal(tuple(sorted(slugs)))


def try_again(store: Store, release: str, rules: Rules, now: datetime) -> int:
    """Put back what was set aside by another release: its gate may have been at fault. How many."""
    number = int(sha256(release.encode()).hexdigest()[:12], 16)
    with store.read() as tx:
        if marks.get(tx, marks.GATE) == number:
            return 0
    with store.write() as tx:
        aside = sorted(articles.in_state(tx, ASIDE))
        if aside:
            put_back(tx, aside, rules, now)
        marks.put(tx, marks.GATE, number)
    return len(aside)


def find(tx: Transaction, name: str) -> Row:
    """Return the article of a slug, or raise WithdrawalRefused."""
    row = articles.find(tx, name)
    if row is None:
        raise WithdrawalRefused(f"There is no article {name!r}. See: syndicate articles list --all")
    return row


def _take_down(
    tx: Transaction, ids: Sequence[int], state: str, reason: str, rules: Rules, now: datetime
) -> Withdrawal:
    removal.take_down(tx, ids, state, reason, now)
    news.lock(tx, *news.names(tx))  # what was cut before holds it, and what is cut later knows
    letters = recall_letters(tx, ids, now)
    relink(tx, rules.series)
    publication.touch(tx)
    return Withdrawal(tuple(articles.get(tx, one).slug for one in ids), letters)


def put_back(tx: Transaction, ids: Sequence[int], rules: Rules, now: datetime) -> None:
    """Publish articles that were down; they are news again to those who cannot have had them."""
    were_down = [one for one in ids if articles.get(tx, one).state != PUBLISHED]
    removal.put_back(tx, ids)
    recall.count(tx, ids)
    for one in were_down:
        _announce_again(tx, one, now)
    relink(tx, rules.series)
    publication.touch(tx)


def _announce_again(tx: Transaction, article_id: int, now: datetime) -> None:
    """Make an article news again where its turn passed while it was down.

    It is due to those who were not mailed it; to the others only if it has changed since.
    """
    for newsletter, seq in recall.logged(tx, article_id):
        mailed = seq <= marks.get(tx, marks.news_of(newsletter))
        if not mailed and recall.passed(tx, newsletter, seq):
            revision = articles.get(tx, article_id).revision
            news.append(tx, newsletter, article_id, revision, NewsKind.NEW, now)


def recall_letters(tx: Transaction, ids: Sequence[int], now: datetime) -> Letters:
    """Change every letter that waits and holds any of these articles, taken down or left out."""
    precedence.between_rounds(tx)
    recall.count(tx, ids)
    changed = cancelled = unknown = 0
    for one in recall.holding(tx, ids):
        recall.lock(tx, one)
        again = recall.doubt(tx, one)
        _note(tx, again, DeliveryState.UNKNOWN, now)
        items = variants.items(tx, one.id)
        standing = articles.published_among(tx, [item.article_id for item in items])
        standing -= leftout.of(tx, editions.get(tx, one.edition_id).newsletter)
        left = [item for item in items if item.article_id in standing]
        worth = left if _has_news(left) or not _has_news(items) else []
        gone = recall.cancel(tx, one, empty=not worth)
        _note(tx, gone, DeliveryState.CANCELLED, now)
        if worth:
            instead = _variant(tx, one, left)
            changed += recall.move(tx, one, instead)
        cancelled, unknown = cancelled + len(gone), unknown + len(again)
    return Letters(changed, cancelled, unknown)


def _has_news(items: Sequence[Item]) -> bool:
    return any(item.kind is ItemKind.NEW for item in items)


def _variant(tx: Transaction, one: recall.Holding, left: Sequence[Item]) -> int:
    """Return the variant of what is left of another, made when there is none yet."""
    said = repr((one.hash, [(item.article_id, item.revision, item.part) for item in left]))
    name = sha256(said.encode()).hexdigest()
    known = {row.hash: row.id for row in variants.of_edition(tx, one.edition_id)}
    return known.get(name) or variants.add(tx, one.edition_id, name, one.language, one.depth, left)


def _note(tx: Transaction, rows: Sequence[int], state: DeliveryState, now: datetime) -> None:
    note_all(tx, [Note(row, 0, state, recall.WITHDRAWN) for row in rows], now)


def _tell(report: Withdrawal, reason: str, tell: Tell) -> None:
    for slug in report.articles:
        tell(Event("article.withdrawn", {"article": slug, "reason": reason}, "warning"))
