"""Look whether the sources that articles name still answer, through the egress guard (issue 4)."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate.articles import from_record
from syndicate.model import Event, Tell
from syndicate.net import Client, FetchRefused, Forbidden, Unreachable
from syndicate.store import articles, pages
from syndicate.store.database import Store

_AT_ONCE = 8  # hosts; each is asked one thing at a time
# A site that answers so lives, and does not talk to programs: the link may be well.
_SHY = {401, 403, 406, 429, 451, 999}


class DeadSource(Struct, frozen=True):
    """A source that does not answer: in which article and files it stands, and why it counts as dead.

    `sure` if the site itself says that nothing is there, or there is no such site.
    """

    article_id: int
    title: str
    files: tuple[str, ...]
    name: str
    address: str
    reason: str
    sure: bool


class _Named(Struct, frozen=True):
    """A source, where it is named."""

    article_id: int
    title: str
    name: str
    address: str


def dead_sources(store: Store, client: Client, tell: Tell) -> tuple[DeadSource, ...]:
    """Ask for every source of every published article once; return those that do not answer.

    Hosts are asked side by side, each politely. Nothing is written. Addresses that robots.txt keeps
    us from count as alive.
    """
    with store.read() as tx:
        named = [
            _Named(row.id, row.title, source.name, source.url)
            for row in articles.published(tx)
            for section in from_record(articles.record(tx, row.id, row.revision)).sections
            for source in section.sources
            if source.url
        ]
    dead = _dead(sorted({one.address for one in named}), client, tell)
    with store.read() as tx:
        return tuple(
            DeadSource(
                one.article_id,
                one.title,
                tuple(pages.paths_of(tx, one.article_id)),
                one.name,
                one.address,
                *dead[one.address],
            )
            for one in named
            if one.address in dead
        )


def _dead(addresses: Sequence[str], client: Client, tell: Tell) -> dict[str, tuple[str, bool]]:
    hosts: defaultdict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[_host(address)].append(address)
    found: dict[str, tuple[str, bool]] = {}

    def ask(group: Sequence[str]) -> None:
        for address in group:
            reason = _why_dead(address, client)
            if reason:
                found[address] = reason
            tell(Event("link.checked", {"host": _host(address), "dead": bool(reason)}, "debug"))

    if hosts:
        with ThreadPoolExecutor(min(len(hosts), _AT_ONCE), "links") as threads:
            try:
                list(threads.map(ask, hosts.values()))
            except BaseException:
                client.end()
                raise
    return found


def _why_dead(address: str, client: Client) -> tuple[str, bool] | None:
    """Say why an address counts as dead, and whether that is sure; None for one that lives."""
    try:
        answer = client.probe(address)
    except Forbidden:
        return None
    except FetchRefused as error:
        return str(error), True
    except Unreachable as error:
        return str(error), "no such host" in str(error)
    if answer.gone:
        return f"answers {answer.status}", True
    if answer.status < 400 or answer.status in _SHY:
        return None
    return f"answers {answer.status}", False


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
