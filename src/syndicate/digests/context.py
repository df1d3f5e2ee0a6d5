"""What the templates of letters can use, besides the recipient's fields."""

from collections.abc import Callable
from functools import partial

from markupsafe import Markup

from syndicate.addresses import absolute, article_path, series_path
from syndicate.digests.line import clip, one_line
from syndicate.language import catalogue, direction
from syndicate.markup import cited_name, mail_body, picture_address, web_address
from syndicate.model import (
    Article,
    Citation,
    Digest,
    DigestGroup,
    Entry,
    Image,
    Part,
    Publication,
    Series,
)

_FEW = 3  # articles of one series in a letter; of more, the list below shows the others alone
_GIST = 90  # code points: two lines on a telephone
_WIDTH = 600  # pixels: the column of a letter


def context(digest: Digest, publication: Publication) -> dict[str, object]:
    """Return the names that templates know and what they stand for."""
    words, base = catalogue(digest.language), publication.base_url
    logo = publication.theme.logo

    def article_url(entry: Entry) -> str:
        """Our page, or the original where the publication wants it and the article has one."""
        original = entry.article.metadata.canonical if publication.links == "source" else None
        return web_address(original or "") or absolute(base, article_path(entry.slug))

    def part_url(part: Part) -> str:
        return absolute(base, article_path(part.slug)) if part.slug else ""

    def series_url(series: Series) -> str:
        return absolute(base, series_path(series.slug))

    return {
        "digest": digest,
        "publication": publication,
        "language": words.language,
        "direction": direction,
        "date": words.date(digest.date, publication.zone),
        # Few mail programs show a picture of vectors.
        "logo_url": absolute(base, logo.path) if logo and not logo.path.endswith(".svg") else "",
        "article_url": article_url,
        "part_url": part_url,
        "series_url": series_url,
        "sources": _sources,
        "body": _body(publication, article_url),
        "picture": _picture(base) if digest.lead_image else lambda _entry: None,
        "gist": _gist,
        "is_row": _is_row,
        "parts_listed": _parts_listed,
        "clip": clip,
        "_": words.gettext,
        "ngettext": words.ngettext,
    }


def _sources(entry: Entry) -> tuple[Citation, ...]:
    """The sources of an article, each once under its first name; `url` is "" where it is no link."""
    found: dict[str, Citation] = {}
    for section in entry.article.sections:
        for citation in section.sources:
            name, url = cited_name(citation), web_address(citation.url) or ""
            if name:
                found.setdefault(url or name, Citation(name, url))
    return tuple(found.values())


def _body(publication: Publication, url: Callable[[Entry], str]) -> Callable[[Entry], Markup]:
    """The whole article below its title, summary and highlights, in its own language's words."""

    def body(entry: Entry) -> Markup:
        words = catalogue(entry.article.language)
        html = mail_body(
            entry.article,
            words.gettext,
            lambda day: words.date(day, publication.zone),
            partial(absolute, publication.base_url),
            url(entry),
        )
        return Markup(html)  # noqa: S704 - sanitised

    return body


def _picture(base_url: str) -> Callable[[Entry], Image | None]:
    """The lead image as wide as the column at most; None unless all that a letter needs is known."""

    def picture(entry: Entry) -> Image | None:
        image = entry.article.lead_image
        address = image and picture_address(image, partial(absolute, base_url))
        if not image or not address or not image.alt.strip() or not image.width or not image.height:
            return None
        width = min(image.width, _WIDTH)
        height = max(1, round(image.height * width / image.width))
        return Image(address, image.alt.strip(), width, height)

    return picture


def _gist(entry: Entry) -> str:
    """One short line of what an article says; "" where it says nothing in short."""
    article: Article = entry.article
    return clip(one_line(next(iter(article.highlights), article.summary or "")), _GIST)


def _is_row(group: DigestGroup) -> bool:
    """Whether an article that stands alone is no more than a link."""
    return group.series is None and all(item.linked for item in group.items)


def _parts_listed(group: DigestGroup) -> tuple[Part, ...]:
    """The parts that the list of a series shows: all, unless many of them stand above already."""
    if group.series is None:
        return ()
    above = {item.entry.part for item in group.items if not item.linked}
    told = {entry.part for entry in group.catch_up}
    others = [one for one in group.series.parts if one.number not in above | told]
    return tuple(others) if told or len(above) > _FEW or not others else group.series.parts
