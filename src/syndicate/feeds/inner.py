"""Elements cut out of the document that they will stand in."""

from collections.abc import Mapping

from lxml.etree import Element, _Element, tostring

HOLE = (
    "-"  # stands for the longest text by far, which has no way through two trees for each article
)


def housed(element: _Element, namespaces: Mapping[str, str]) -> _Element:
    """Put an element where `namespaces` (by prefix) are declared: its document does that once."""
    Element("host", nsmap=dict(namespaces)).append(element)
    return element


def inner(element: _Element, tag: bytes, text: bytes) -> bytes:
    """Write a `housed` element, with `text`, escaped already, for the HOLE right after the start `tag`."""
    host = element.getparent()
    assert host is not None
    data = tostring(host, encoding="UTF-8", xml_declaration=False)
    # No text holds this: `<` is escaped in all of them.
    before, found, after = data.partition(b"%b%b</" % (tag, HOLE.encode()))
    assert found
    start = before.index(b">") + 1
    return b"".join((before[start:], tag, text, b"</", after.removesuffix(b"</host>"), b"\n"))
