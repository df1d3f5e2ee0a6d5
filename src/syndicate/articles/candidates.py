"""What pages are recognised by, what they may be, and what is said of each (issue 2)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from syndicate.model import Article


class Candidate(Struct, frozen=True):
    """A page that is new or changed: `digest` is the content hash of what it says.

    `place` is where its text is found. `copied` is the article of the file that it was a double of, if it
    is as it was then.
    """

    path: str
    digest: str
    title_key: str
    canonical: str | None
    place: int
    copied: int | None = None


class Known(Struct, frozen=True):
    """The articles known before a pass, by what finds them; those of one title are oldest first.

    `by_digest` are their texts, `by_former` all that they ever had. `by_canonical` holds the addresses
    of originals that one article alone names. `settled` maps articles to the file that holds them and
    did not change in this pass; `unread` tells of those files among them that may hold something else by
    now, and could not be read yet.
    `standing` are the files of candidates that were there at the last pass, and no doubles; `parted` are the
    articles of those that went since. `said` tells what an article says, `read` what a candidate does.
    """

    by_digest: Mapping[str, int]
    by_former: Mapping[str, int]
    by_canonical: Mapping[str, int]
    by_path: Mapping[str, int]
    by_title: Mapping[str, Sequence[int]]
    settled: Mapping[int, str]
    unread: Callable[[str], bool]
    standing: Collection[str]
    parted: Sequence[int]
    said: Callable[[int], Article]
    read: Callable[[Candidate], Article]


class Identity(Struct, frozen=True):
    """The decision: `article_id` is None for a new article; `other` names the file of a double.

    "unsure" is what looks like an article whose file may hold another by now: the next pass decides.
    `not_this` is an article without a file that a new one could be taken for, by its file or title.
    """

    kind: Literal["same", "moved", "new", "double", "unsure"]
    article_id: int | None = None
    other: str | None = None
    not_this: int | None = None


NEW = Identity("new")  # what most pages of a first pass are
