"""CommonMark with tables as HTML, by pulldown-cmark, which is fenced here (docs/decisions/0032).

What it would read otherwise than pages are written has another sign in its place meanwhile.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import unquote

from pyromark import Markdown, Options

from syndicate.articles.blocks import SOFT
from syndicate.articles.decode import BLANKS
from syndicate.articles.marked import between

_MARKDOWN = Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH)
# No page holds these (`decode`). The one for the end of a line is also a blank: `*` before it opens nothing.
_END, _NOTE = "\u205f\x01", "\x02"
# A page may spell them, though: it is read without them then.
_SPELT = re.compile("&#(?:0*[12]|[xX]0*[12]);")
_GOES_ON = re.compile(r"\n(?<=[^\n]\n)[ \t]*[^ \t\n]")
# Where the name of `[name][]`, `[name]` stands.
_NAMED = {"Collapsed": (1, "{}"), "Shortcut": (0, "[{}]")}
# A footnote whose text has no blanks would be where a link leads, and be lost.
_FOOTNOTE = re.compile(r"^([ \t>*+-]*)\[(?=\^[^\]\n]+\]:)", re.MULTILINE)
# Two tildes strike out what stands between them. One stands between numbers, as a swung dash may.
_TILDE = re.compile(r"(?<![~\\])~(?!~)")
_SWUNG, _ENCODED = "\u2053", "%E2%81%93"
_SPELT_SWUNG = re.compile(f"{_SWUNG}|{_ENCODED}|&#(?:0*8275|x0*2053);", re.IGNORECASE)
# What is struck out between tildes is no `<del>` of its writer, whose own is spelt so meanwhile.
_OWN = "dEl"
_HOST = re.compile(r'((?:href|src)="https?://)([^"/?#@:]*%[^"/?#@:]*)')
# Articles are compared to the letter with what they were: these are written as they always were.
_TABLE = re.compile("<table><thead>(?:(?!<table>).)*?</table>", re.DOTALL)
_NO_ROWS = "<tbody>\n</tbody>"
_ROW = re.compile("(</?(?:table|thead|tbody|tr)>|</t[hd]>)\n?")
# Wide blanks at the ends of a text went, but for those that a page spells or has in elements of its own.
_WIDE = re.sub("[\t\r \ufeff]", "", BLANKS) + "\x85\u2028\u2029"
_OWN_BLANKS = re.compile(r"&(?:#|[A-Za-z]+(?:sp\d*|Space);)|<(?:p|li|h\d|t[dh])\b")


@cache
def _around(blanks: str) -> re.Pattern[str]:
    """Find such blanks at both ends of a text, and with them a line that holds nothing else."""
    # A run is looked at from its start alone: from each of its signs it takes the square of its length.
    blank, line_end = f"[{blanks} ]", f'(?:<br class="{SOFT}">\n?)'
    ends = r"(?:p|li|h\d|t[dh])"
    after = rf"</{ends}>|\n<(?:[uo]l|blockquote|pre)\b"
    run = f"{blank}(?<!{blank}{blank}){blank}*+(?={after})"
    return re.compile(f"(<{ends}>){blank}++{line_end}?+|{line_end}{run}|{run}")


def html_of(text: str) -> str:
    """Write Markdown as HTML; where a writer ended a line of a paragraph is a `<br>` of the class SOFT."""
    marks = "&#" not in text or not _SPELT.search(text)
    notes = marks and "[^" in text
    if notes:
        text = _FOOTNOTE.sub(rf"\1{_NOTE}", text)
    swung = "~" in text and not _SPELT_SWUNG.search(text)
    if swung:
        text = _TILDE.sub(_SWUNG, text)
    struck = "~~" in text
    own = struck and "del>" in text and _OWN not in text
    if own:
        text = text.replace("<del>", f"<{_OWN}>").replace("</del>", f"</{_OWN}>")
    if marks and _GOES_ON.search(text):
        html = _with_breaks(_MARKDOWN.html(_with_ends(text)))
    else:
        html = _MARKDOWN.html(text)
    if swung:
        html = html.replace(_SWUNG, "~").replace(_ENCODED, "~")
    if struck:
        html = html.replace("<del>", "<s>").replace("</del>", "</s>")
    if own:
        html = html.replace(_OWN, "del")
    if notes:
        html = html.replace(_NOTE, "[")
    if "%" in html:
        html = _HOST.sub(_host, html)
    return _as_ever(html, text)


def _as_ever(html: str, text: str) -> str:
    """Write tables, and wide blanks at both ends of a text, as articles have had them."""
    html = _TABLE.sub(_table, html)
    if not any(one in html for one in _WIDE):
        return html
    return _around("\u3000" if _OWN_BLANKS.search(text) else _WIDE).sub(r"\1", html)


def _table(found: re.Match[str]) -> str:
    return _ROW.sub(r"\1\n", found[0].replace(_NO_ROWS, "")).rstrip("\n")


def _with_ends(text: str) -> str:
    """Mark the ends of lines in paragraphs."""
    data, pieces, start = text.encode(), list[bytes](), 0
    for at, mark in _ends(text):
        pieces += (data[start:at], mark.encode())
        start = at
    return b"".join((*pieces, data[start:])).decode()


def _ends(text: str) -> Iterator[tuple[int, str]]:
    """Yield what to put where, in bytes: the ends of lines of paragraphs, but for what stands for pictures.

    A link that is found by its own text is given its name apart.
    """
    pictures, ends, link = 0, 0, dict[str, str]()
    event: Any
    for event, place in _MARKDOWN.events_with_range(text):
        if event == "SoftBreak" and not pictures:
            ends += 1
            yield place["start"], _END
        elif "Start" in event:
            pictures += "Image" in event["Start"]
            if "Link" in event["Start"]:
                ends, link = 0, event["Start"]["Link"]
        elif event == {"End": "Image"}:
            pictures -= 1
        elif event == {"End": "Link"} and ends and link["link_type"] in _NAMED:
            after, form = _NAMED[link["link_type"]]
            yield place["end"] + after, form.format(link["id"])


def _with_breaks(html: str) -> str:
    """Keep the ends of lines, so that the page can be read by lines; `body_html` takes them out again."""
    before, *others = (line.rstrip(" \t") for line in html.split(_END))
    pieces = [before]
    for line in others:
        after = line.removeprefix("\n")
        pieces += (f'<br class="{SOFT}">', between(before[-1:], after[:1], "\n"), after)
        before = after
    return "".join(pieces)


def _host(found: re.Match[str]) -> str:
    """Write a name in the letters of its language as the web's names are written (RFC 3490)."""
    name = found[2]
    with suppress(UnicodeError):  # it is too long, or no name
        name = unquote(name, errors="strict").encode("idna").decode()
    return found[1] + name
