"""Let articles become news: at once, or when they have settled and their series is there (DELIVERY.md)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from syndicate.digests.settling import Waiting, mailable
from syndicate.model import Event, NewsKind, Newsletter, Tell
from syndicate.store import articles, news, series, waiting
from syndicate.store.database import Store, Transaction

_NONE = timedelta(0)


def announce(
    tx: Transaction, new: Iterable[int], newsletters: Sequence[Newsletter], now: datetime
) -> None:
    """Make new articles news of every newsletter, or let them wait for that."""
    numbers = list(new)
    for newsletter in newsletters:
        waiting.add(tx, newsletter.name, numbers, NewsKind.NEW, now)
        _append_due(tx, newsletter, now)


def announce_changed(
    tx: Transaction, changed: Iterable[int], newsletters: Sequence[Newsletter], now: datetime
) -> None:
    """Note for those who were mailed an article that it changed significantly."""
    numbers = list(changed)
    for newsletter in newsletters:
        logged = [one for one in numbers if news.is_logged(tx, newsletter.name, one)]
        waiting.add(tx, newsletter.name, logged, NewsKind.CORRECTED, now)
        _append_due(tx, newsletter, now)


def settle(store: Store, newsletters: Sequence[Newsletter], now: datetime, tell: Tell) -> int:
    """Make news of what has waited long enough; how many articles."""
    count = 0
    with store.write() as tx:
        for newsletter in newsletters:
            count += _append_due(tx, newsletter, now)
    if count:
        tell(Event("news.announced", {"articles": count}))
    return count


def is_due(tx: Transaction, newsletter: Newsletter, now: datetime) -> bool:
    """Whether anything that waits is news now."""
    found = waiting.of(tx, newsletter.name)
    return any(mailable(found, newsletter.settle, newsletter.series_hold, now))


def flush(tx: Transaction, newsletter: Newsletter, now: datetime) -> None:
    """Make news of all that waits: an operator wants an edition now."""
    _append(tx, newsletter, list(mailable(waiting.of(tx, newsletter.name), _NONE, _NONE, now)), now)


def _append_due(tx: Transaction, newsletter: Newsletter, now: datetime) -> int:
    found = waiting.of(tx, newsletter.name)
    due = list(mailable(found, newsletter.settle, newsletter.series_hold, now))
    _append(tx, newsletter, due, now)
    return len(due)


def _append(tx: Transaction, newsletter: Newsletter, due: Sequence[Waiting], now: datetime) -> None:
    for one in due:
        revision = articles.get(tx, one.article_id).revision
        news.append(tx, newsletter.name, one.article_id, revision, one.kind, now)
    waiting.forget(tx, newsletter.name, [one.article_id for one in due])
    if newsletter.omnibus:
        _close_series(tx, newsletter, due, now)


def _close_series(
    tx: Transaction, newsletter: Newsletter, due: Sequence[Waiting], now: datetime
) -> None:
    """Append a closing letter's row for each series of which the last part is news now; once for ever."""
    arrived = {one.series for one in due if one.series is not None and one.kind is NewsKind.NEW}
    for number in sorted(arrived):
        last = series.last_of_complete(tx, number)
        if last is None or news.has_closed(tx, newsletter.name, number):
            continue
        if waiting.any_of_series(tx, newsletter.name, number):
            continue
        revision = articles.get(tx, last).revision
        news.append(tx, newsletter.name, last, revision, NewsKind.OMNIBUS, now)
