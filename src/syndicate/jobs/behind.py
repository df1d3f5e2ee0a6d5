"""Pages that moved without their sidecars: one that was kept back is not published by that."""

from collections.abc import Mapping

from syndicate.articles.candidates import NEW, Identity
from syndicate.content import sidecar, stamp_of
from syndicate.jobs.see import ALONE, Seen
from syndicate.model import Notice
from syndicate.store import articles
from syndicate.store.database import Transaction
from syndicate.store.found import KnownPage


def moved_alone(
    tx: Transaction,
    seen: Seen,
    identities: Mapping[str, Identity],
    known: Mapping[str, KnownPage],
) -> dict[str, str]:
    """Map pages that would be published by a move to where they were, and where their sidecars still are.

    Those may say what keeps them back: they were forgotten, or follow in a moment. A page is known by its
    text, or, as that may have been the sidecar's in part, by size and time of its file, which moved.
    """
    before = [path for one, _ in seen.alone if (path := one.removesuffix(sidecar.ENDING)) in known]
    kept_back = articles.in_state(tx, *articles.KEPT_BACK) if before else set[int]()
    left = {path: number for path in before if (number := known[path].article_id) in kept_back}
    by_number: dict[int | None, str] = {number: path for path, number in left.items()}
    by_stamp = {_without_sidecar(seen, known[path]): path for path in left}
    found = dict[str, str]()
    for one in seen.readings if left else ():
        its = identities.get(one.page.path, NEW)
        if one.text is None or one.text.metadata.draft or its.kind not in {"new", "moved"}:
            continue
        stamp = one.page.size, one.page.modified_ns
        old = by_stamp.get(stamp) if its.kind == "new" else by_number.get(its.article_id)
        if old is not None:
            found[one.page.path] = old
    return found


def _without_sidecar(seen: Seen, page: KnownPage) -> tuple[int, int]:
    """Return size and time of a page's own file, as they were when both were found."""
    size, modified_ns = stamp_of(seen.folders, f"{page.path}{sidecar.ENDING}") or (0, 0)
    return page.size - size, page.modified_ns - modified_ns


def notice(path: str, old: str) -> Notice:
    """Say why a page is left as it was, and what to do."""
    it, its = f"{old}{sidecar.ENDING}", f"{path}{sidecar.ENDING}"
    message = (
        f"this was {old}, and was kept back. It is not picked up under its new name while its sidecar lies "
        f"where it was: rename {it} to {its}, or remove it."
    )
    return Notice(ALONE, message)
