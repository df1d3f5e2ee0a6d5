"""A digest, through its templates, as the HTML and the text of its letter."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from syndicate.digests.context import context
from syndicate.digests.error import DigestError
from syndicate.digests.fit import LARGE, shorter
from syndicate.digests.inline import inline
from syndicate.digests.pattern import BODY_FIELDS, Field
from syndicate.errors import TemplateRefused
from syndicate.markup import draw, xml_text
from syndicate.model import Digest, Publication

if TYPE_CHECKING:
    from jinja2 import Environment


class Rendered(Struct, frozen=True):
    """A letter's two parts, line ends LF. `sentinels` says what stands where a recipient's field will.

    `shortened` HTML shows less of its articles than it was asked to, so that no program clips it.
    """

    html: str
    text: str
    sentinels: Mapping[str, Field]
    shortened: bool = False

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
    marks = {field.value: mark for mark, field in shown.items()}

    def draw_part(ending: str, what: Digest) -> str:
        values = context(what, publication) | marks
        return _draw(environment, f"digest/{template}.{ending}", values, shown)

    html, shortened = "", False
    for what in shorter(digest):
        html, shortened = inline(draw_part("html", what), shown).strip() + "\n", what is not digest
        if len(html.encode()) <= LARGE:
            break
    text = re.sub("\n{3,}", "\n\n", re.sub("[ \t]+\n", "\n", draw_part("txt", digest)))
    return Rendered(html, text.strip() + "\n", sentinels, shortened)


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
        if field is Field.UNSUBSCRIBE_URL and mark not in drawn:
            raise DigestError(f"The template {template} does not show {{{{ {field} }}}}.")
    return xml_text(drawn).replace("\r\n", "\n").replace("\r", "\n")
