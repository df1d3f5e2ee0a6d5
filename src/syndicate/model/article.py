"""What a page is and what it says (PAGES.md)."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct, field


class Page(Struct, frozen=True):
    """One file as it was read: `path` is relative to its content directory, with `/` between names.

    `sidecar` is what stands in `PAGE.toml` beside it: metadata over the page's own.
    """

    path: str
    data: bytes
    sidecar: bytes | None = None


class Notice(Struct, frozen=True):
    """Something an editor should look at; `code` is one of the fixed codes of PAGES.md."""

    code: str
    message: str


class Citation(Struct, frozen=True):
    """A source that a section cites: its name as printed and its address."""

    name: str
    url: str


class Section(Struct, frozen=True):
    """One section of an article. `source_date` is the date of the cited source, not of the article."""

    heading: str | None = None
    teaser_question: str | None = None
    teaser_answer: str | None = None
    intro: tuple[str, ...] = ()
    source_date: date | None = None
    key_points: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    body: tuple[str, ...] = ()


class Image(Struct, frozen=True):
    """A picture of the article. `width` and `height` in pixels, `size` in bytes where it is known.

    `url` is as the page has it; of an article that was picked up it is the published path
    `media/HASH.ending` of a file that lay beside the page (then its sizes are known), or an absolute
    address. `markup.picture_address` writes the link, `PICTURES` has the media types.
    The `lead` one stands for the article in lists. `section` is the number of the section that the
    picture stands in, 0 above all of them or where the page's own markup places it.
    """

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    caption: str = ""
    lead: bool = False
    size: int | None = None
    section: int = 0


class Metadata(Struct, frozen=True, rename={"authors": "author"}):  # as it is written down
    """What a page's front matter, sidecar or markup says about it; all of it may be missing."""

    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    slug: str | None = None
    canonical: str | None = None
    series: str | None = None
    part: int | None = None
    draft: bool = False

    @property
    def author(self) -> str:
        """Who wrote it, in one line; "" where nobody is named."""
        return ", ".join(self.authors)

    def known(self) -> dict[str, Any]:
        """Return what is not missing, by its name."""
        return {
            name: value
            for name, default in zip(self.__struct_fields__, self.__struct_defaults__, strict=True)
            if (value := getattr(self, name)) != default
        }


class Article(Struct, frozen=True):
    """What a page says, free of where it came from and when. Texts are plain text, one item a line.

    `html` is the page's own markup of lead and sections, made safe (`markup/`), where it has any:
    it is shown in their place wherever markup can be.
    """

    title: str
    summary: str | None = None
    highlights: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    images: tuple[Image, ...] = ()
    next_title: str | None = None
    language: str = "ja"
    warnings: tuple[Notice, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    html: str | None = None

    @property
    def lead_image(self) -> Image | None:
        """The picture that stands for the article: the one declared as such, else its first."""
        return next((one for one in self.images if one.lead), next(iter(self.images), None))
