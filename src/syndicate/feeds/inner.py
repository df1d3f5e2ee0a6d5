"""Elements cut out of the document that they will stand in."""

from collections.abc import Mapping

from lxml.etree import Element, _Element, tostring


def inner(element: _Element, namespaces: Mapping[str, str], gap: str, text: str) -> bytes:
    """Write an element without declaring `namespaces` (by prefix): its document does that once.

    `text`, escaped already, goes into its element with the start tag `gap`, which is empty until then:
    the longest text by far has no way through a tree, twice for each article.
    """
    host = Element("host", nsmap=dict(namespaces))
    host.append(element)
    data = tostring(host, encoding="UTF-8", xml_declaration=False)
    name = gap[1:-1].split(" ", maxsplit=1)[0]
    # No text holds this: `<` is escaped in all of them.
    before, found, after = data.partition(f"{gap}</{name}>".encode())
    assert found
    start = before.index(b">") + 1
    filled = f"{gap}{text}</{name}>".encode()
    return b"".join((before[start:], filled, after.removesuffix(b"</host>"), b"\n"))
