"""XML read without DTDs and entities, and the checks that every XML format shares."""

from collections.abc import Collection, Iterator, Sequence

from lxml import etree
from lxml.etree import _Element

from syndicate.feeds.validator import values
from syndicate.feeds.validator.fault import Fault, Place, shortened

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read(data: bytes) -> _Element | Fault:
    """Return the root of a document, or why it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return Place("document").error("well-formed", f"is no XML: {error}", "XML 1.0, 2.1")
    if root.getroottree().docinfo.doctype:
        message = "declares a document type, which readers refuse or obey at their peril"
        return Place("document").error("doctype", message, "XML 1.0, 2.8")
    return root


class Parent:
    """An element whose child elements are asked for by their tags many times: they are sorted once."""

    def __init__(self, element: _Element) -> None:
        self.element = element
        self.by_tag: dict[str, list[_Element]] = {}
        for one in children(element):
            self.by_tag.setdefault(str(one.tag), []).append(one)

    def findall(self, tag: str) -> Sequence[_Element]:
        """Return the children of a tag, in their order."""
        return self.by_tag.get(tag, ())

    def find(self, tag: str) -> _Element | None:
        """Return the first child of a tag."""
        found = self.by_tag.get(tag)
        return found[0] if found else None


def children(element: _Element) -> Iterator[_Element]:
    """Yield the child elements: no comments and no processing instructions."""
    return element.iterchildren(etree.Element)


def text_of(element: _Element | None) -> str:
    """Return an element's own text without blanks at its ends; "" where there is none."""
    return (element.text or "").strip() if element is not None else ""


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def counted(
    place: Place,
    element: Parent,
    space: str,
    required: Collection[str],
    single: Collection[str],
    reference: str,
) -> Iterator[Fault]:
    """Find what is missing or empty among `required`, and what stands twice of both."""
    for name in (*required, *single):
        found = element.findall(f"{space}{name}")
        if len(found) > 1:
            yield place.error("repeated", f"has {len(found)} <{name}>, and may have one", reference)
        if name in required and not any(text_of(one) or len(one) for one in found):
            yield place.error("missing", f"has no <{name}>, or an empty one", reference)


def known(
    place: Place, element: Parent, space: str, names: Collection[str], reference: str
) -> Iterator[Fault]:
    """Find elements of a format's own namespace that the format does not have."""
    for tag in element.by_tag:
        if local(tag) not in names and tag == f"{space}{local(tag)}":
            message = f"has an element <{local(tag)}>, of which the format knows nothing"
            yield place.error("unknown", message, reference)


def dated(place: Place, element: Parent, tags: Collection[str], reference: str) -> Iterator[Fault]:
    """Find dates that are no points in time of RFC 3339."""
    for tag in tags:
        for one in element.findall(tag):
            if not values.is_rfc3339((one.text or "").strip()):
                message = f"<{local(tag)}> is {shortened(one.text or '')}, no date of RFC 3339"
                yield place.error("date", message, reference)


def spoken(place: Place, element: _Element) -> Iterator[Fault]:
    """Find an `xml:lang` that is no language tag."""
    tag = element.get(LANGUAGE)
    if tag and not values.is_language(tag):
        yield place.error("language", f"xml:lang is {shortened(tag)}, no language tag", "BCP 47")


def link(place: Place, element: _Element) -> Iterator[Fault]:
    """Find what is wrong with one `atom:link`, in any format."""
    reference = "RFC 4287, 4.2.7"
    href = element.get("href")
    if not href:
        yield place.error("missing", "has a link without an address", reference)
    elif not values.is_absolute_iri(href) and not _has_base(element):
        yield place.error(
            "absolute-iri", f"links to {shortened(href)}, no absolute address", reference
        )
    rel = element.get("rel")
    if rel is not None and not (rel.replace("-", "").isalnum() or values.is_absolute_iri(rel)):
        yield place.error("choice", f"has a link of the relation {shortened(rel)}", "RFC 8288, 3.3")
    kind = element.get("type")
    if kind is not None and not values.is_media_type(kind):
        yield place.error("media-type", f"has a link of the type {shortened(kind)}", reference)
    language = element.get("hreflang")
    if language is not None and not values.is_language(language):
        yield place.error(
            "language", f"has a link of the language {shortened(language)}", reference
        )
    length = element.get("length")
    if length is not None and not values.is_number(length):
        yield place.error("number", f"has a link of the length {shortened(length)}", reference)


def related(element: Parent, relation: str) -> list[_Element]:
    """Return an element's `atom:link` of one relation; without any it is `alternate`."""
    return [
        one for one in element.findall(f"{ATOM}link") if one.get("rel", "alternate") == relation
    ]


def _has_base(element: _Element) -> bool:
    return any(one.get(BASE) for one in (element, *element.iterancestors()))
