"""Whether links inside the publication lead somewhere: looked at where something changed (issue 5).

A dead link of an author does not stop its page: it is told once, and `check` names it until it leads
somewhere. Links that a page is made with name what is among its inputs, so that they are looked at
when it is made; those that authors wrote are kept, since what they name may leave later.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from msgspec import Struct, field

from syndicate import output
from syndicate.jobs.inherit import old_path
from syndicate.model import Event, Link, Tell
from syndicate.store import links, redirects
from syndicate.store.database import Store
from syndicate.store.links import BROKEN, SOUND, Kept
from syndicate.store.outputs import Output


class Met(Struct):
    """The links that pages of one publish were made with: each target once, by the first page.

    Those to files that were planned before are not kept: nearly all are.
    """

    first: dict[str, tuple[str, Link]] = field(default_factory=dict)

    def add(self, one: Output, files: Collection[str]) -> None:
        """Meet the links of a file; `files` are those planned so far."""
        for link in one.links:
            if not (link.written or _published(link.target, files)):
                self.first.setdefault(link.target, (one.path, link))


def settle(
    store: Store, met: Met, root: Path, files: Collection[str], tell: Tell
) -> tuple[tuple[str, str], ...]:
    """Find what leads nowhere now; tell and return what is new of it: pages and addresses.

    `files` are all published paths; what an operator put below `root` by hand counts too.
    """

    def is_there(target: str) -> bool:
        return _published(target, files) or output.stands(root, target)

    with store.read() as tx:
        doubtful = links.doubtful(tx)
        known = {(one.page, one.address) for one in doubtful}
        told = {one.target for one in doubtful if one.state == BROKEN}
        lost = [
            one
            for one in _lost(met, is_there)
            if one.target not in told and (one.page, one.address) not in known
        ]
        if not doubtful and not lost:
            return ()
        moved = {output.folded(one).rstrip("/") for one in redirects.load(tx)}
    found = [one._replace(state=_state(one, is_there, moved)) for one in doubtful] + lost
    changed = [one for one in found if one not in doubtful]
    if changed:
        with store.write() as tx:
            links.save(tx, changed)
    news = tuple((one.page, one.address) for one in changed if one.state == BROKEN)
    for page, address in news:
        tell(Event("link.broken", {"page": page, "address": address}, "warning"))
    return news


def _published(target: str, files: Collection[str]) -> bool:
    return f"{target}/index.html".lstrip("/") in files or target in files


def _lost(met: Met, is_there: Callable[[str], bool]) -> Iterator[Kept]:
    for target, (page, link) in met.first.items():
        if not is_there(target):
            yield Kept(page, link.address, target, BROKEN)


def _state(one: Kept, is_there: Callable[[str], bool], moved: Collection[str]) -> int:
    leads = is_there(one.target) or output.folded(old_path(one.address)).rstrip("/") in moved
    return SOUND if leads else BROKEN
