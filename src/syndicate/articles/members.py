"""What linking works on: articles by their titles, and the chains that come of them."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from syndicate.addresses import bounded
from syndicate.model import Notice

# Sorting combining marks takes the square of their number, and no title is so long.
_NORMALISED = 2000


class Member(Struct, frozen=True):
    """An article as far as linking goes: `next_title` is that of the part it announces.

    `slug` names it to an editor, since titles can be equal. `series` and `part` are what its page
    says of itself, `paths` the files that hold it and `left` those that did before, `former` the keys of
    titles that it once had.
    """

    article_id: int
    title: str
    next_title: str | None
    slug: str = ""
    series: str | None = None
    part: int | None = None
    paths: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


class Chain(Struct, frozen=True):
    """Articles in part order; `next_title` is that of the announced part that has not come.

    `missing` are the numbers and titles of parts before the end that have not come. `title` and
    `name` are those that somebody gave the series by hand.
    """

    article_ids: tuple[int, ...]
    next_title: str | None
    missing: tuple[tuple[int, str], ...] = ()
    title: str | None = None
    name: str | None = None

    @property
    def numbers(self) -> dict[int, int]:
        """The number of each article in its series."""
        taken = {number for number, _ in self.missing}
        last = len(self.article_ids) + len(taken)
        free = [number for number in range(1, last + 1) if number not in taken]
        return dict(zip(self.article_ids, free, strict=True))

    @property
    def announced(self) -> tuple[tuple[int, str], ...]:
        """The numbers and titles of all parts that have not come."""
        last = len(self.article_ids) + len(self.missing) + 1
        coming = ((last, self.next_title),) if self.next_title is not None else ()
        return (*self.missing, *coming)


@dataclass(frozen=True, slots=True)
class Linked:
    """Every series there is, and what an editor should mend; `whose` article each notice is about."""

    chains: tuple[Chain, ...]
    notices: tuple[Notice, ...]
    whose: tuple[int | None, ...] = field(default=(), compare=False)


class Concern(Struct, frozen=True):
    """A notice, and the article whose page is to be mended (None: the settings are)."""

    notice: Notice
    article_id: int | None


def concern(code: str, message: str, about: Member | None = None) -> Concern:
    """Return a notice about an article."""
    return Concern(Notice(code, message), about.article_id if about else None)


def title_key(title: str) -> str:
    """Return what titles are compared by: NFKC without blanks (PAGES.md)."""
    normal = unicodedata.normalize("NFKC", title[:_NORMALISED]) + title[_NORMALISED:]
    return bounded("".join(normal.split()))


def by_key(
    members: Iterable[Member], text: Callable[[Member], str | None]
) -> Mapping[str, Sequence[Member]]:
    """Gather members by a title of theirs."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        title = text(member)
        if title is not None:
            found[title_key(title)].append(member)
    return found


def formerly(members: Iterable[Member]) -> Mapping[str, Sequence[Member]]:
    """Gather members by titles that they had before."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        for key in member.former:
            found[key].append(member)
    return found


def named(members: Iterable[Member]) -> str:
    """Name articles to an editor."""
    return ", ".join(
        f"“{one.title}” ({one.slug})" if one.slug else f"“{one.title}”" for one in members
    )
