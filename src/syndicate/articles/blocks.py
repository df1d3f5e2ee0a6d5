"""From markup to lines: one line a block element or `<br>` (PAGES.md, "HTML and Markdown pages").

The walk is a loop and no recursion: a page may nest its elements as deep as it likes.
"""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field
from selectolax.lexbor import LexborNode

from syndicate.articles.decode import BLANKS
from syndicate.articles.grammar import is_date_line

_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "q", "rb", "rtc", "ruby", "s", "samp", "small", "span", "strike"}
    | {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "big"}
)
UNREAD = frozenset(
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
_NO_ELEMENT = ("-", "!")  # what the names of texts, comments and declarations begin with
_FOLDED = re.compile("[ \\t\\n\\f\\r]+")  # what HTML folds; a blank of another script is text


class Line(Struct):
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


def _folded(text: str) -> str:
    """Fold blanks; most lines have nothing to be folded."""
    plain = text.isprintable() and "  " not in text
    return text if plain else _FOLDED.sub(" ", text)


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


def lines_in(root: LexborNode, skips: Skips | None) -> list[Line]:
    """Return the lines below `root` without blank ones; what `skips` says is no text of the page.

    None: all of it is text.
    """
    gathered = _Gathered()
    for node, name, enters in _walk(root, skips):
        if name == "-text":
            gathered.say(node, node.text_content or "")
        elif name in _INLINE:
            if enters and name == "a":
                gathered.links(node)
            elif enters and name == "img":
                gathered.picture(node.attributes.get("src") or "")
        elif name == "br":
            gathered.end(soft=is_soft(node))
        else:
            gathered.end()
            if enters:
                gathered.opens(name, node)
            elif name in _HEADINGS or name in _KEPT:
                gathered.closes(name)
    gathered.end()
    return gathered.lines


def is_soft(node: LexborNode) -> bool:
    """Whether a `<br>` stands for the end of a line in Markdown, which is none when it is shown."""
    return node.tag == "br" and node.attributes.get("class") == SOFT


def is_unread(node: LexborNode) -> bool:
    """Whether an element is by its name no text of an article."""
    return node.tag in UNREAD


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


def _walk(root: LexborNode, skips: Skips | None) -> Iterator[tuple[LexborNode, str, bool]]:
    """Yield every node and its name when it begins (True) and, if it is an element, when it ends (False)."""
    around: list[tuple[LexborNode, str]] = []  # the elements that are open
    node = root.child
    while True:
        while node is None:
            if not around:
                return
            ended, name = around.pop()
            yield ended, name, False
            node = ended.next
        name = node.tag or "-"
        if name == "-text":
            yield node, name, True
        elif not name.startswith(_NO_ELEMENT) and not (skips and skips(node)):
            yield node, name, True
            around.append((node, name))
            node = node.child
            continue
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

    def opens(self, name: str, node: LexborNode) -> None:
        """Begin a block."""
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
        attributes = node.attributes
        address = (attributes.get("href") or "").strip()
        if address:
            self._links.append((_folded(node.text()).strip(BLANKS), address))
        if attributes.get("class") == FRAME:
            self._frame = address

    def picture(self, address: str) -> None:
        """Note a picture: of the line that it stands in, else of the one before it."""
        here = self.lines[-1].pictures if self.lines and not self._pieces else self._pictures
        here.append(address)

    def say(self, node: LexborNode, text: str) -> None:
        """Go on with the line: blanks are folded at its end, but for a text whose line ends count."""
        if not self._kept:
            if text:
                self._pieces.append(text)
                self._nodes.append(node)
            return
        first, *others = text.split("\n")
        self._add(node, first if others else _folded(first))
        for other in others:
            self.end()
            self._add(node, other)

    def _add(self, node: LexborNode, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._nodes.append(node)

    def end(self, *, soft: bool = False) -> None:
        """End the line."""
        said = "".join(self._pieces)
        if said == "\n":  # it stands between most blocks
            said = ""
        text = (said if self._kept else _folded(said)).strip(BLANKS)
        if text:
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
