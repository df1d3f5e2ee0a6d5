"""What an editor wrote for one edition."""

from msgspec import Struct


class Note(Struct, frozen=True):
    """An editor's words and wishes for the next edition; empty ones leave it as it would be.

    `opening` are paragraphs. `order` are articles that stand first, in this order, and the first of
    them gives the subject unless there is a `subject`; `exclude` are left out of this newsletter until
    they are put back. Articles are named by slug, number or title.
    """

    subject: str = ""
    preheader: str = ""
    opening: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Opening(Struct, frozen=True):
    """A note as an edition bears it: articles are numbers."""

    subject: str = ""
    preheader: str = ""
    opening: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
