"""From markup to lines: one line a block element or `<br>` (PAGES.md, "HTML and Markdown pages").

The walk is a loop and no recursion: a page may nest its elements as deep as it likes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from syndicate.articles.decode import BLANKS
from syndicate.articles.grammar import is_date_line

_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "q", "rb", "rtc", "ruby", "s", "samp", "small", "span", "strike"}
    | {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "big"}
)
_UNREAD = frozenset(
    {"nav", "aside", "footer", "form", "script", "style", "noscript", "figcaption", "template"}
    | {"head", "svg", "math", "button", "select", "textarea", "iframe", "object", "embed", "video"}
    | {"audio", "canvas", "rt", "rp", "title"}
)
_TOLD = frozenset({"date", "time", "author", "posted", "published", "updated", "reading", "byline"})
_SHORT = 100  # characters: a longer line says more than a date and names
SOFT = "soft-line-end"
FRAME = "frame"  # the class of a link that stands for an embedded frame
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KEPT = frozenset({"pre"})  # its line ends are its own
_PIECES = frozenset({"li", "dt", "dd", "th", "td", "caption", "pre", "time"})
_BOUNDS = _PIECES | {"article", "main"}
_FOLDED = re.compile("[ \\t\\n\\f\\r]+")  # what HTML folds; a blank of another script is text


@dataclass(slots=True)
class Line:
    """One line of a page: its text, its heading's level (0: none), and the text nodes that hold it.

    A `soft` one goes on in the next: only its writer ended it. `pictures` are the addresses of those in
    it and after it, `frame` is that of an embedded frame whose title it is. `code` tells that it is of a
    program, which has no marks.
    """

    text: str
    level: int = 0
    nodes: list[LexborNode] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # (text, address), in their order
    soft: bool = False
    pictures: list[str] = field(default_factory=list)
    frame: str = ""
    code: bool = False

    @property
    def mark(self) -> str:
        """What may begin with a mark: its text, or nothing."""
        return "" if self.code else self.text

    @property
    def flows(self) -> bool:
        """Whether it is running text, and no piece of a list, a table or a program, no date, no frame."""
        above = self.nodes[0].parent if self.nodes else None
        while above is not None and above.tag not in _BOUNDS:
            above = above.parent
        return not self.frame and (above is None or above.tag not in _PIECES)


def is_byline(line: Line) -> bool:
    """Whether a line tells when or by whom a page was written, all of it."""
    if line.level or len(line.text) > _SHORT:
        return False
    return is_date_line(line.mark) or (bool(line.nodes) and all(map(_dates, line.nodes)))


def _dates(text: LexborNode) -> bool:
    """Whether a text is blank, or one of the elements up to its block is called a date or an author."""
    above = text.parent
    while above is not None:
        called = re.split("[^a-z]+", (above.attributes.get("class") or "").lower())
        if above.tag == "time" or not _TOLD.isdisjoint(called):
            return True
        if above.tag not in _INLINE:
            break
        above = above.parent
    return not (text.text_content or "").strip(BLANKS)


Skips = Callable[[LexborNode], bool]


def lines_in(root: LexborNode, skips: Skips) -> list[Line]:
    """Return the lines below `root` without blank ones; what `skips` says is no text of the page."""
    gathered = _Gathered()
    for node, enters in _walk(root, skips):
        name = node.tag or ""
        if name == "-text":
            gathered.say(node, node.text_content or "")
        elif name == "a" and enters:
            gathered.links(node)
        elif name == "img" and enters:
            gathered.picture(node.attributes.get("src") or "")
        elif name == "br":
            gathered.end(soft=is_soft(node))
        elif name not in _INLINE:
            gathered.end()
            if enters:
                gathered.opens(node)
            elif name in _HEADINGS or name in _KEPT:
                gathered.closes(name)
    gathered.end()
    return gathered.lines


def is_soft(node: LexborNode) -> bool:
    """Whether a `<br>` stands for the end of a line in Markdown, which is none when it is shown."""
    return node.tag == "br" and node.attributes.get("class") == SOFT


def is_unread(node: LexborNode) -> bool:
    """Whether an element is by its name no text of an article."""
    return (node.tag or "") in _UNREAD


def is_inside(node: LexborNode, stop: int | None, skips: Skips, known: dict[int, bool]) -> bool:
    """Whether an element above a node, and below the one of the id `stop`, is left out.

    `known` remembers that of each element, as long as the page does not change: many nodes may stand deep.
    """
    passed: list[int] = []
    above, said = node.parent, False
    while above is not None and above.mem_id != stop and not said:
        if above.mem_id in known:
            said = known[above.mem_id]
            break
        passed.append(above.mem_id)
        said = skips(above)
        above = above.parent
    known |= dict.fromkeys(passed, said)
    return said


def _walk(root: LexborNode, skips: Skips) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node when it begins (True) and, if it is an element, when it ends (False)."""
    node: LexborNode | None = root.child
    while node is not None:
        element = not (node.tag or "-").startswith(("-", "!"))
        left_out = element and skips(node)
        if node.tag == "-text":
            yield node, True
        elif element and not left_out:
            yield node, True
            if node.child is not None:
                node = node.child
                continue
            yield node, False
        while node.next is None:
            above = node.parent
            if above is None or above.mem_id == root.mem_id:
                return
            node = above
            yield node, False
        node = node.next


class _Gathered:
    """Lines as they grow."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._nodes: list[LexborNode] = []
        self._links: list[tuple[str, str]] = []
        self._pictures: list[str] = []
        self._frame = ""
        self._level = 0
        self._kept = 0
        self._code = False

    def opens(self, node: LexborNode) -> None:
        """Begin a block."""
        name = node.tag or ""
        self._level = _HEADINGS.get(name, self._level)
        if name in _KEPT:
            self._kept += 1
            self._code = node.child is not None and node.child.tag == "code"

    def closes(self, name: str) -> None:
        """End a heading, or text whose line ends count."""
        if name in _HEADINGS:
            self._level = 0
        else:
            self._kept -= 1
            self._code = False

    def links(self, node: LexborNode) -> None:
        """Note where a link that begins here leads."""
        address = (node.attributes.get("href") or "").strip()
        if address:
            self._links.append((_FOLDED.sub(" ", node.text()).strip(BLANKS), address))
        if node.attributes.get("class") == FRAME:
            self._frame = address

    def picture(self, address: str) -> None:
        """Note a picture: of the line that it stands in, else of the one before it."""
        here = self.lines[-1].pictures if self.lines and not self._pieces else self._pictures
        here.append(address)

    def say(self, node: LexborNode, text: str) -> None:
        """Go on with the line."""
        if self._kept and "\n" in text:
            first, *others = text.split("\n")
            self._add(node, first)
            for other in others:
                self.end()
                self._add(node, other)
            return
        self._add(node, _FOLDED.sub(" ", text))

    def _add(self, node: LexborNode, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._nodes.append(node)

    def end(self, *, soft: bool = False) -> None:
        """End the line."""
        text = "".join(self._pieces).strip(BLANKS)
        if text:
            text = text if self._kept else _FOLDED.sub(" ", text)
            self.lines.append(
                Line(
                    text,
                    self._level,
                    self._nodes,
                    self._links,
                    soft,
                    self._pictures,
                    self._frame,
                    self._code,
                )
            )
            self._links, self._pictures, self._frame = [], [], ""
        elif self.lines and not soft:  # only a picture stood in what goes on
            self.lines[-1].soft = False
        self._pieces, self._nodes = [], []
