"""What is no text and says something, put in words: frames, films and sounds, formulas, names of buttons."""

from contextlib import suppress
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.blocks import FRAME
from syndicate.markup.text import html_text

_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-src")
_NOWHERE = ("data:", "about:", "blob:")
_WEB = ("http://", "https://", "//")
_EMBEDDED = ("iframe", "video", "audio", "object", "embed")
_ANY = ", ".join((*_EMBEDDED, "math", "button"))
_RUNNING = frozenset({"p", "li", "dd", "td"})  # where a button is spoken of
_PLAYED = frozenset({"video", "audio"})
_DOT = frozenset({"0", "1", "2"})  # pixels: such a picture or frame counts readers
_TEX = 'annotation[encoding="application/x-tex"]'
_SIGNS = (("mfrac", "/"), ("msup", "^"), ("msub", "_"))


def put_in_words(tree: LexborHTMLParser) -> None:
    """Write links in the place of what is embedded, formulas as text, and buttons as they are spoken of."""
    if tree.css_first(_ANY) is None:
        return
    for node in _outermost(tree, *_EMBEDDED):
        _link(node)
    for drawn in _outermost(tree, ".katex-mathml + .katex-html"):  # the same formula once more
        drawn.decompose()
    for formula in _outermost(tree, "math"):
        formula.replace_with(" ".join(_formula(formula).split()))
    for button in _outermost(tree, "button"):
        above = button.parent.tag if button.parent is not None else ""
        if above in _RUNNING and (_is_text(button.prev) or _is_text(button.next)):
            button.replace_with(button.text())


def _outermost(root: LexborHTMLParser | LexborNode, *names: str) -> list[LexborNode]:
    """Return the elements of these names that stand in none of them: those inside go with them."""
    inside = {one.mem_id for one in root.css(", ".join(f"{name} *" for name in names))}
    return [one for one in root.css(", ".join(names)) if one.mem_id not in inside]


def source_of(node: LexborNode) -> str:
    """Return where a picture or a frame is, "" if it says so nowhere: what loads late names it elsewhere."""
    attributes = node.attributes
    for key in (*_LAZY, "src", "data"):
        address = (attributes.get(key) or "").strip()
        if address and not address.startswith(_NOWHERE):
            return address
    return ""


def is_dot(node: LexborNode) -> bool:
    """Whether a picture or a frame is too small to be seen."""
    return bool({node.attributes.get("width"), node.attributes.get("height")} & _DOT)


def rebase(tree: LexborHTMLParser) -> None:
    """Write addresses as the page's `<base>` has them."""
    base = tree.css_first("base[href]")
    start = (base.attributes.get("href") or "").strip() if base is not None else ""
    if not start.startswith(("http://", "https://")):
        return
    for name, key in (("img[src]", "src"), ("a[href]", "href")):
        for node in tree.css(name):
            with suppress(ValueError):
                node.attrs[key] = urljoin(start, node.attributes.get(key) or "")


def _link(node: LexborNode) -> None:
    """Put a link in the place of a frame; a film or a sound may also be a file beside the page."""
    held = [node, *node.css("source[src], embed[src]")] if node.tag != "iframe" else [node]
    source = next(filter(None, map(source_of, held)), "")
    if source and not is_dot(node) and (node.tag in _PLAYED or source.startswith(_WEB)):
        called = next(filter(None, (one.attributes.get("title") for one in held)), source)
        title = " ".join(called.split())
        link = f'<p><a class="{FRAME}" href="{html_text(source)}">{html_text(title)}</a></p>'
        made = LexborHTMLParser(link).css_first("p")
        if made is not None:
            node.insert_before(made)
    node.decompose()


def _formula(formula: LexborNode) -> str:
    """Return a formula as TeX has it, if it says that, else with signs for what is set small or over it."""
    written = formula.css_first(_TEX)
    if text := written.text() if written is not None else formula.attributes.get("alttext"):
        return text
    for other in _outermost(formula, "annotation", "annotation-xml"):
        other.decompose()
    for name, sign in _SIGNS:
        for second in formula.css(f"{name} > :nth-child(2)"):
            second.insert_before(sign)
        for several in formula.css(f"{name} > mrow"):
            several.insert_before("(")
            several.insert_after(")")
    return formula.text()


def _is_text(node: LexborNode | None) -> bool:
    return node is not None and node.tag == "-text" and bool((node.text_content or "").strip())
