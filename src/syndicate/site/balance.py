"""Whether the elements of a page are closed in their turn: asked where lxml, which is fast, complains."""

from html.parser import HTMLParser

# HTML, 13.1.2: elements that have no end.
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)


class _Balance(HTMLParser):
    """Follows elements as they open and close."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.fault = list[str](), ""

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """What ends itself, as in SVG, encloses nothing."""

    def handle_endtag(self, tag: str) -> None:
        last = self.open.pop() if self.open else "nothing"
        if last != tag and not self.fault:
            self.fault = f"<{last}> is open where </{tag}> stands (line {self.getpos()[0]})"


def unbalanced(page: str) -> str:
    """Name the first element of a page that is not closed in its turn, "" for none."""
    balance = _Balance()
    balance.feed(page)
    balance.close()
    return balance.fault
