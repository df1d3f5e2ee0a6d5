"""A digest, through its templates, as the HTML and the text of its letter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from syndicate.addresses import absolute, article_path, series_path
from syndicate.digests.error import DigestError
from syndicate.digests.inline import inline
from syndicate.digests.line import clip
from syndicate.digests.pattern import BODY_FIELDS, Field
from syndicate.errors import TemplateRefused
from syndicate.language import catalogue
from syndicate.markup import cited_name, draw, web_address, xml_text
from syndicate.model import Citation, Digest, Entry, Part, Publication, Series

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's two parts, line ends LF. `sentinels` says what stands where a recipient's field will."""

    html: str
    text: str
    sentinels: Mapping[str, Field]

    @property
    def html_size(self) -> int:
        """Bytes of HTML: Gmail clips a letter of more than 102,400."""
        return len(self.html.encode())


def render(
    digest: Digest, publication: Publication, environment: "Environment", template: str = "digest"
) -> Rendered:
    """Render `digest/TEMPLATE.html`, its styles inlined, and `digest/TEMPLATE.txt`.

    The environment escapes `.html` and has `trim_blocks` and `lstrip_blocks` on. Raises DigestError.
    """
    sentinels = {_sentinel(digest, field): field for field in Field}
    shown = {mark: field for mark, field in sentinels.items() if field in BODY_FIELDS}
    context = _context(digest, publication) | {field.value: mark for mark, field in shown.items()}
    html = _draw(environment, f"digest/{template}.html", context, shown)
    text = _draw(environment, f"digest/{template}.txt", context, shown)
    text = re.sub("\n{3,}", "\n\n", re.sub("[ \t]+\n", "\n", text))
    return Rendered(inline(html, shown).strip() + "\n", text.strip() + "\n", sentinels)


def _sentinel(digest: Digest, field: Field) -> str:
    """A mark that is the same every time, and that no text of the digest can hold: it depends on all."""
    return "x" + sha256(f"{field} {digest!r}".encode(errors="replace")).hexdigest()[:31]


def _draw(
    environment: "Environment",
    template: str,
    context: Mapping[str, object],
    shown: Mapping[str, Field],
) -> str:
    try:
        drawn = draw(environment, template, context)
    except TemplateRefused as error:
        raise DigestError(str(error)) from error
    for mark, field in shown.items():
        if mark not in drawn:
            raise DigestError(f"The template {template} does not show {{{{ {field} }}}}.")
    return xml_text(drawn).replace("\r\n", "\n").replace("\r", "\n")


def _context(digest: Digest, publication: Publication) -> dict[str, object]:
    """What templates can use besides the recipient's fields, which stand under their own names."""
    words, base = catalogue(digest.language), publication.base_url

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
        "date": words.date(digest.date, publication.zone),
        "article_url": article_url,
        "part_url": part_url,
        "series_url": series_url,
        "sources": _sources,
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
