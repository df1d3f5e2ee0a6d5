"""An article's text for a letter: sanitised again, and more strictly than for a page (issue 6)."""

import re
from collections.abc import Callable
from datetime import date

import nh3
from msgspec.structs import replace

from syndicate.markup.body import article_body
from syndicate.markup.shown import To
from syndicate.model import Article

# No pictures: a letter has its lead image at most. No ids, no titles, no styles: mail programs rename,
# hide or drop them. A figure without its picture says nothing.
_CLEANER = nh3.Cleaner(
    tags={
        *(
            "p",
            "br",
            "hr",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "li",
            "blockquote",
            "pre",
            "dl",
        ),
        *(
            "dt",
            "dd",
            "code",
            "kbd",
            "em",
            "strong",
            "b",
            "i",
            "u",
            "s",
            "del",
            "ins",
            "small",
            "sub",
            "sup",
            "a",
        ),
        *(
            "q",
            "cite",
            "span",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "ruby",
            "rt",
        ),
        "rp",
    },
    clean_content_tags={"script", "style", "figure", "template", "svg", "math", "object", "iframe"},
    attributes={
        "*": {"lang", "dir"},
        "a": {"href"},
        "ol": {"start"},
        "th": {"colspan", "rowspan"},
        "td": {"colspan", "rowspan"},
        "span": {"aria-hidden"},
    },
    allowed_classes={
        "p": {"teaser-question", "teaser-answer", "sources"},
        "ul": {"key-points"},
    },
    tag_attribute_values={"th": {"scope": {"col", "row", "colgroup", "rowgroup"}}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
_VAIN = re.compile(r'(?<=<a)( [^>]*?)? href="(?!https?:|mailto:)[^"]*"| class=""')
_READING, _BRACKET = re.compile("(<rt[ >].*?</rt>)", re.DOTALL), re.compile("<rp[ >].*?</rp>")
_HEAD = re.compile("<thead[ >].*?</thead>", re.DOTALL)


def mail_body(
    article: Article,
    gettext: Callable[[str], str],
    format_date: Callable[[date], str],
    to: To,
    here: str,
) -> str:
    """Write an article for a letter, without title, summary and highlights; headings from `<h3>` on.

    `gettext` and `format_date` are those of the article's language, `to` writes the link to a
    published path, `here` is where the article can be read: links within it lead there. Readings (ruby) stand
    in brackets where a mail program does not know them, and heads of tables say what they are.
    """
    bare = replace(article, summary=None, highlights=())
    clean = _CLEANER.clean(article_body(bare, gettext, format_date, to, here))
    said = _READING.sub(r"<rp>（</rp>\1<rp>）</rp>", _BRACKET.sub("", _VAIN.sub(r"\1", clean)))
    return _lowered(_HEAD.sub(_scoped, said)).strip()


def _scoped(head: re.Match[str]) -> str:
    return re.sub(r"<th(?![^>]* scope=)(?=[\s>])", '<th scope="col"', head[0])


def _lowered(html: str) -> str:
    """Write each heading one level down: in a letter an article's title is the second."""
    return re.sub(r"<(/?)h([2-5])(?=[\s>])", lambda m: f"<{m[1]}h{int(m[2]) + 1}", html)
