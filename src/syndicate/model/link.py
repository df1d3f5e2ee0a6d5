"""Links between pages, as they are looked at before publication."""

from typing import NamedTuple


class Link(NamedTuple):
    """A link of a page into the publication.

    `target` is the published path that `address` names, decoded, without `index.html` and the slash at
    its end: "articles/bees", "feed.atom", "" for the front page. `written` says that somebody wrote the
    whole address, as authors do; templates write relative ones.
    """

    address: str
    target: str
    written: bool = False
