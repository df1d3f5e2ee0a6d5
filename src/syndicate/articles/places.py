"""Places of an article that its own links lead to: of all ids in its markup these alone are kept."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.markup.sanitise import PLACE, TAGS
from syndicate.markup.text import html_text

LEADS = 'href="#'  # what a link within the page has, as the parser writes it
# Of such an element that is not closed in its turn parsers make several (HTML, 13.2.4.3): it bears no id.
_SEVERAL = frozenset({"a", "b", "code", "em", "i", "s", "small", "strong", "u"})
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_NO_NAME = re.compile(r"[^\w\- ]")


def heading_name(text: str) -> str:
    """Return the name that a heading has by its text, as GitHub and most writers of Markdown have it."""
    return _NO_NAME.sub("", " ".join(text.split()).lower()).replace(" ", "-")


def with_places(root: LexborNode, above: Collection[str]) -> str:
    """Return the markup below `root` with the ids that its links lead to, marked, and no other.

    `above` are the names of what is shown above the text, as the title is: that is led to as `#top`, and so
    is what holds all of the text. `root` is changed.
    """
    whole = {root.id or "", ""}  # an empty name leads to the top of any page (HTML, 7.4.6.4)
    links = [(one, unquote(one.attributes["href"] or "")[1:]) for one in root.css('a[href^="#"]')]
    wanted, found = {name for _, name in links} - whole, dict[str, LexborNode]()
    for name, node in _named(root, above):
        if name in wanted:
            found.setdefault(name, node)
    for node in root.css("[id]"):
        del node.attrs["id"]
    ids = {node.mem_id: f"{PLACE}{name}" for name, node in reversed(found.items())}
    for link, name in links:
        if name in found:
            link.attrs["href"] = f"#{quote(ids[found[name].mem_id])}"
        elif name in whole or name in above:
            link.attrs["href"] = "#top"
    for node in {one.mem_id: one for one in found.values()}.values():
        _mark(node, ids[node.mem_id])
    return root.inner_html or ""


def _named(root: LexborNode, above: Collection[str]) -> Iterator[tuple[str, LexborNode]]:
    """Yield every name in a text and what bears it: ids, the anchors of old, headings by what they say.

    Headings that say the same are numbered, with those `above`.
    """
    for key, names in (("id", "[id]"), ("name", "a[name]")):
        for node in root.css(names):
            yield node.attributes[key] or "", node
    seen = dict.fromkeys(above, 0)
    for node in root.css(_HEADINGS):
        name = heading_name(node.text())
        seen[name] = seen.get(name, -1) + 1
        yield f"{name}-{seen[name]}" if seen[name] else name, node


def _mark(node: LexborNode, name: str) -> None:
    """Give an element its id, or what stands before it if the element itself is not kept, or not once."""
    if node.tag in TAGS - _SEVERAL:
        node.attrs["id"] = name
        return
    made = LexborHTMLParser(f'<span id="{html_text(name)}"></span>').css_first("span")
    if made is not None:
        node.insert_before(made)
