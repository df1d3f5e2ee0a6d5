"""A page's own markup: what is shown of it, and its pictures (PAGES.md, "Pictures and embeds")."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.blocks import Line, Skips, is_inside, is_soft
from syndicate.articles.embeds import is_dot, put_in_words, rebase, source_of
from syndicate.articles.places import LEADS, heading_name, with_places
from syndicate.markup.links import linked_text
from syndicate.markup.sanitise import sanitise
from syndicate.model import Image

_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_CLOSING_THEMSELVES = "p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|rt|rp|colgroup"
_TAG = re.compile(
    rf"<(/?)(?!(?:{_VOID}|{_CLOSING_THEMSELVES})\b)([A-Za-z][A-Za-z0-9]*)", re.IGNORECASE
)
_SHOWN = frozenset({"figcaption", "rt", "rp"})  # no lines of the page, but shown with it
_DEEP = 500
_NAME = re.compile("<([A-Za-z][A-Za-z0-9]*)")
_PLAIN = frozenset(
    {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"}
    | {"code", "em", "strong", "s", "del", "a", "table", "thead", "tbody", "tr", "th", "td"}
)
# Most addresses stand in these attributes. It begins with what a search finds at once, and then looks back.
_BARE = re.compile(
    '://(?:(?<=http://)(?<!href="http://)(?<!src="http://)'
    '|(?<=https://)(?<!href="https://)(?<!src="https://))',
    re.IGNORECASE,
)
# Addresses in these are links already, or none.
_APART = frozenset({"a", "code", "pre", "kbd", "samp", "xmp"})
# An element of old that is no HTML any more: it means what <s> means.
_STRIKE = re.compile(r"<(/?)strike(?=[\s>])")
_CANDIDATES = re.compile(r",\s+")  # an address may hold a comma


def is_deep(html: str) -> bool:
    """Whether elements stand in each other deeper than any page needs: reading that takes too long."""
    if html.count("<") <= _DEEP:  # that of most pages, without looking at each
        return False
    depth = 0
    for closes, _ in _TAG.findall(html):
        depth = max(depth - 1, 0) if closes else depth + 1
        if depth > _DEEP:
            return True
    return False


def is_plain(html: str) -> bool:
    """Whether there is nothing in markup but text that is shown: there is nothing to mend, and no picture."""
    return _PLAIN.issuperset(_NAME.findall(html))


def mend(tree: LexborHTMLParser) -> None:
    """Show late pictures where they belong, and frames as links; take addresses from their base."""
    _late(tree)
    put_in_words(tree)
    rebase(tree)


def _late(tree: LexborHTMLParser) -> None:
    """Write where each picture is into its `src`; what is nowhere, or counts readers, is none."""
    for hidden in tree.css("noscript"):
        shown = LexborHTMLParser(hidden.inner_html or "").css("img, iframe")
        before = hidden.prev
        lazy = before is not None and before.tag in {"img", "iframe"} and address_of(before)
        if len(shown) == 1 and not lazy and address_of(shown[0]):
            hidden.insert_before(shown[0])
    for image in tree.css("img"):
        address = address_of(image)
        if not address or is_dot(image):
            image.decompose()
        else:
            image.attrs["src"] = address


def address_of(image: LexborNode) -> str:
    """Return where a picture is, "" if it says so nowhere: pages that load late name it elsewhere."""
    if address := source_of(image):
        return address
    attributes = image.attributes
    listed = attributes.get("data-srcset") or attributes.get("srcset") or ""
    return max(_CANDIDATES.split(listed.strip()), key=_breadth).split(" ")[0].strip()


def _breadth(candidate: str) -> float:
    """Return how large a picture of a `srcset` is, in the unit that all of them share."""
    said = candidate.strip().rpartition(" ")[2][:-1]
    try:
        return float(said)
    except ValueError:
        return 0.0


def images_in(root: LexborNode, skips: Skips, places: Mapping[str, int]) -> Iterator[Image]:
    """Yield the pictures of an article in their order, each once; `places` are their sections' numbers."""
    seen: set[str] = set()
    known: dict[int, bool] = {}
    captions = _captions(root)
    for image in root.css("img"):
        address = address_of(image)
        if not address or address in seen or is_inside(image, root.mem_id, skips, known):
            continue
        seen.add(address)
        yield Image(
            address,
            " ".join((image.attributes.get("alt") or "").split()),
            _pixels(image.attributes.get("width")),
            _pixels(image.attributes.get("height")),
            captions.get(image.mem_id, ""),
            section=places.get(address, 0),
        )


def _captions(root: LexborNode) -> dict[int, str]:
    """Return the captions of pictures, by their ids: of figures in each other the innermost counts."""
    captions: dict[int, str] = {}
    for figure in root.css("figure"):
        caption = figure.css_first("figcaption")
        said = " ".join(caption.text().split()) if caption is not None else ""
        captions |= dict.fromkeys((image.mem_id for image in figure.css("img")), said)
    return captions


def body_html(
    root: LexborNode, told: Sequence[Line], skips: Skips | None, *, bare: bool = False
) -> str | None:
    """Return the markup below `root` made safe, without the lines `told`. `root` is changed.

    With `bare` addresses in running text become links.
    """
    above = _without(told, root)
    if skips is not None:
        _bracket_readings(root)
    for node in root.css("br" if skips is None else "*"):
        if is_soft(node) or (skips and _is_left_out(node, root, skips)):
            node.decompose()
    html = root.inner_html or ""
    if bare and _BARE.search(html):
        _link_addresses(root)
        html = root.inner_html or ""
    if leads := LEADS in html:
        above |= {heading_name(line.text) for line in told if line.level}
        html = with_places(root, above)
    if "<strike" in html:
        html = _STRIKE.sub(r"<\1s", html)
    return sanitise(html, places=leads) or None


def _link_addresses(root: LexborNode) -> None:
    """Put a link in the place of each address in running text, as `linked_text` finds them."""
    known: dict[int, bool] = {}
    texts = [one for one in root.traverse(include_text=True) if one.tag == "-text"]
    for text in texts:
        written = linked_text(text.text_content or "")
        if "<a " not in written or is_inside(text, root.mem_id, _is_apart, known):
            continue
        made = LexborHTMLParser(f"<p>{written}</p>").css_first("p")
        for piece in list(made.iter(include_text=True)) if made is not None else ():
            text.insert_before(piece)
        text.decompose()


def _is_apart(node: LexborNode) -> bool:
    return node.tag in _APART


def _is_left_out(node: LexborNode, root: LexborNode, skips: Skips) -> bool:
    """Whether an element goes, and did not go with another."""
    skipped = node.tag not in _SHOWN and skips(node)
    return skipped and node.mem_id != root.mem_id and node.parent is not None


def _bracket_readings(root: LexborNode) -> None:
    """Put readings in brackets, for who shows no ruby (FEEDS.md, "content")."""
    for reading in root.css("ruby > rt"):
        if reading.prev is None or reading.prev.tag != "rp":
            before, after = LexborHTMLParser("<ruby><rp>（</rp><rp>）</rp></ruby>").css("rp")
            reading.insert_before(before)
            reading.insert_after(after)


def _without(told: Iterable[Line], root: LexborNode) -> set[str]:
    """Remove the text of lines, and the elements that are empty without it, in linear time.

    Returns the ids that went with them.
    """
    parents: dict[int, LexborNode] = {}
    ids = set[str]()
    for line in told:
        for node in line.nodes:
            if node.parent is not None:
                parents[node.parent.mem_id] = node.parent
                node.decompose()
    gone = {root.mem_id}
    for key, above in parents.items():
        parent: LexborNode | None = above if key not in gone else None
        while parent is not None and parent.mem_id not in gone and _is_empty(parent):
            gone.add(parent.mem_id)
            empty, parent = parent, parent.parent
            ids.add(empty.id or "")
            empty.decompose()
    return ids


def _is_empty(element: LexborNode) -> bool:
    """Whether nothing is in an element but blanks and line breaks: those that lead are removed."""
    while (child := element.child) is not None:
        blank = child.tag == "-text" and not (child.text_content or "").strip()
        if not blank and child.tag not in {"br", "rt", "rp"}:  # a reading of what was told
            return False
        child.decompose()
    return True


def _pixels(text: str | None) -> int | None:
    digits = (text or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else None
