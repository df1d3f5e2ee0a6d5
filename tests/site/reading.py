"""Reading a page strictly: every element closed in order, every id once."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass(slots=True)
class Element:
    """One element as it was read; `text` is all the text inside it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass(slots=True)
class Reading:
    """Every element of a page, in document order."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, name: str | None = None) -> list[Element]:
        """The elements of one tag, with the class `name` if one is given."""
        return [
            one
            for one in self.elements
            if one.tag == tag
            and (name is None or name in (one.attributes.get("class") or "").split())
        ]

    def one(self, tag: str, name: str | None = None) -> Element:
        """The only element of its kind."""
        (found,) = self.all(tag, name)
        return found

    def links(self, rel: str) -> list[str | None]:
        """The addresses of the document's `<link>` elements of one relation."""
        return [e.attributes["href"] for e in self.all("link") if e.attributes["rel"] == rel]

    def addresses(self) -> list[str]:
        """Everything the page points to."""
        values = (e.attributes.get(key) for e in self.elements for key in ("href", "src", "action"))
        return [value for value in values if value is not None]


def read(page: str) -> Reading:
    """Read a page, or fail where it is not well-formed."""
    assert page.startswith("<!DOCTYPE html>\n")
    reader = _Reader(convert_charrefs=True)
    reader.feed(page)
    reader.close()
    assert reader.open == [], reader.open
    ids = [e.attributes["id"] for e in reader.reading.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    return reader.reading


class _Reader(HTMLParser):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.reading = Reading()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice on {tag}"
        element = Element(tag, dict(attrs))
        self.reading.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
