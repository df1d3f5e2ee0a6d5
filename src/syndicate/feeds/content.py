"""An entry's content: the same HTML in every format."""

from collections.abc import Callable, Iterator
from functools import partial

from syndicate.addresses import absolute
from syndicate.feeds.links import entry_address, part_address
from syndicate.feeds.plain import clean
from syndicate.language import catalogue
from syndicate.markup import article_body, html_text, overview
from syndicate.model import Entry, Part, Publication


def entry_content(about: Publication, entry: Entry) -> str:
    """Write the full article as HTML, summary and highlights first, its place in its series last.

    The wording around it is in the article's language. Every address is absolute.
    """
    wording = catalogue(entry.article.language)
    to = partial(absolute, about.base_url)
    here = entry_address(about, entry)
    body = article_body(entry.article, wording.gettext, wording.date, to, here)
    return "\n".join(text for text in (body, _series_line(about, entry, wording.gettext)) if text)


def short_content(about: Publication, entry: Entry) -> str:
    """Write summary and highlights as HTML, and a link to the rest where there is a page of it."""
    wording = catalogue(entry.article.language)
    address = entry_address(about, entry)
    title = html_text(clean(entry.article.title) or entry.slug)
    more = html_text(wording.gettext("Read “{title}”")).format(title=title)
    link = f'<p class="more"><a href="{html_text(address)}">{more}</a></p>' if address else ""
    return "\n".join(text for text in (overview(entry.article), link) if text)


def _series_line(about: Publication, entry: Entry, gettext: Callable[[str], str]) -> str:
    """Say "Part 2 of 3" and name the parts around; a series of one part needs no such line."""
    if entry.series is None or entry.part is None or entry.series.total < 2:
        return ""
    place = gettext("Part {number} of {total}").format(number=entry.part, total=entry.series.total)
    texts = [html_text(place), *_neighbours(about, entry, gettext)]
    return f'<p class="series">{" · ".join(texts)}</p>'


def _neighbours(about: Publication, entry: Entry, gettext: Callable[[str], str]) -> Iterator[str]:
    if entry.previous is not None and entry.previous.named:
        yield f"{html_text(gettext('Previous part:'))} {_part(about, entry.previous)}"
    if entry.next is not None and entry.next.named:
        yield f"{html_text(gettext('Next part:'))} {_part(about, entry.next)}"


def _part(about: Publication, part: Part) -> str:
    title, address = html_text(clean(part.title)) or str(part.number), part_address(about, part)
    return f'<a href="{html_text(address)}">{title}</a>' if address is not None else title
