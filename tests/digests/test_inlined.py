"""premailer's output beside that of css-inline, which shares no line with it: every element agrees."""

import re
from collections.abc import Mapping

import css_inline
import pytest
from lxml.html import HtmlElement, document_fromstring

from syndicate.digests.context import context
from syndicate.digests.inline import inline
from syndicate.markup import draw
from tests.digests.editions import EDITIONS
from tests.digests.samples import ENVIRONMENT, PUBLICATION

_OTHER = css_inline.CSSInliner(
    keep_style_tags=True, load_remote_stylesheets=False, keep_at_rules=False
)


def source(name: str) -> str:
    """The HTML of an edition before its styles are moved."""
    names = context(EDITIONS[name], PUBLICATION) | dict.fromkeys(
        ("unsubscribe_url", "preferences_url"), "https://x.example/"
    )
    return draw(ENVIRONMENT, "digest/digest.html", names)


def styles(html: str) -> list[tuple[str, Mapping[str, str]]]:
    """Each element of the body with its style, property by property; css-inline adds `<tbody>`."""
    body = document_fromstring(html).find("body")
    assert body is not None
    return [
        (str(one.tag), declarations(one))
        for one in body.xpath("descendant::*")
        if one.tag != "tbody"
    ]


def declarations(element: HtmlElement) -> dict[str, str]:
    pairs = (one.split(":", 1) for one in element.get("style", "").split(";") if one.strip())
    return {name.strip(): re.sub(r"\s*,\s*", ",", value.strip()) for name, value in pairs}


@pytest.mark.parametrize("name", EDITIONS)
def test_two_inliners_agree_on_every_element(name: str) -> None:
    html = source(name)
    other = _OTHER.inline(html.replace('data-premailer="ignore"', 'data-css-inline="ignore"'))
    ours = styles(inline(html, ()))
    assert sum(bool(style) for _, style in ours) > 20
    assert ours == styles(other)
