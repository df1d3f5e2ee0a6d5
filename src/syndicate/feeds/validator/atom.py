"""Atom 1.0 (RFC 4287)."""

from collections.abc import Iterator

from lxml.etree import _Element

from syndicate.feeds.validator import content, extensions, values, xml
from syndicate.feeds.validator.fault import Fault, Place, shortened
from syndicate.feeds.validator.xml import ATOM, Parent

_TEXTS = ("title", "subtitle", "summary", "rights")
_COMMON = ("author", "category", "contributor", "id", "link", "rights", "title", "updated")
_FEED = (*_COMMON, "entry", "generator", "icon", "logo", "subtitle")
_ENTRY = (*_COMMON, "content", "published", "source", "summary")
_XHTML = "{http://www.w3.org/1999/xhtml}div"


def validate(root: _Element) -> Iterator[Fault]:
    """Yield what is wrong with a feed document, from its head to its last entry."""
    place, feed = Place("feed"), Parent(root)
    yield from xml.counted(
        place,
        feed,
        ATOM,
        ("id", "title", "updated"),
        ("generator", "icon", "logo", "rights", "subtitle"),
        "RFC 4287, 4.1.1",
    )
    yield from xml.known(place, feed, ATOM, _FEED, "RFC 4287, 4.1.1")
    yield from _common(place, feed)
    yield from _addresses(place, feed)
    yield from extensions.history(place, feed)
    yield from extensions.tombstones(feed)
    if not xml.related(feed, "self"):
        yield place.warning("self-link", "does not say its own address", "RFC 4287, 4.1.1")
    entries = [Parent(one) for one in feed.findall(f"{ATOM}entry")]
    yield from _age(place, feed, entries)
    seen, whole = set[str](), feed.find(f"{ATOM}author") is not None
    for number, entry in enumerate(entries, 1):
        yield from _entry(entry, number, seen, whole=whole)


def _entry(entry: Parent, number: int, seen: set[str], *, whole: bool) -> Iterator[Fault]:
    """`whole`: the feed itself has an author, so that an entry needs none."""
    uid = xml.text_of(entry.find(f"{ATOM}id"))
    place, reference = Place(f"entry {number}", uid or None), "RFC 4287, 4.1.2"
    single = ("content", "published", "rights", "source", "summary")
    yield from xml.counted(place, entry, ATOM, ("id", "title", "updated"), single, reference)
    yield from xml.known(place, entry, ATOM, _ENTRY, reference)
    if uid in seen:
        yield place.error(
            "duplicate-id", f"has the id {shortened(uid)} of an earlier entry", reference
        )
    seen.add(uid)
    if (
        not whole
        and entry.find(f"{ATOM}author") is None
        and entry.element.find(f"{ATOM}source/{ATOM}author") is None
    ):
        yield place.error("missing", "has no <author>, nor has the feed", reference)
    yield from _common(place, entry)
    yield from _content(place, entry)
    yield from extensions.replies(place, entry)
    yield from extensions.media(place, entry.element)


def _common(place: Place, element: Parent) -> Iterator[Fault]:
    """Find what is wrong in what feeds and entries share."""
    yield from xml.spoken(place, element.element)
    yield from xml.dated(place, element, (f"{ATOM}updated", f"{ATOM}published"), "RFC 4287, 3.3")
    for one in element.findall(f"{ATOM}id"):
        if not values.is_absolute_iri(xml.text_of(one)):
            message = f"has the id {shortened(xml.text_of(one))}, no absolute IRI"
            yield place.error("absolute-iri", message, "RFC 4287, 4.2.6")
    for one in element.findall(f"{ATOM}link"):
        yield from xml.link(place, one)
    for one in element.findall(f"{ATOM}category"):
        if not one.get("term"):
            yield place.error("missing", "has a <category> without a term", "RFC 4287, 4.2.2")
    for name in ("author", "contributor"):
        for one in element.findall(f"{ATOM}{name}"):
            yield from _person(place, one)
    for name in _TEXTS:
        for one in element.findall(f"{ATOM}{name}"):
            yield from _text(place, one)
    yield from _alternates(place, element)


def _addresses(place: Place, feed: Parent) -> Iterator[Fault]:
    for name in ("icon", "logo"):
        one = feed.find(f"{ATOM}{name}")
        if one is not None and not values.is_absolute_iri(xml.text_of(one)):
            message = f"has the {name} {shortened(xml.text_of(one))}, no absolute address"
            yield place.error("absolute-iri", message, "RFC 4287, 4.2.5")


def _age(place: Place, feed: Parent, entries: list[Parent]) -> Iterator[Fault]:
    """A feed changes with its newest entry: who looks at its own date alone would miss one."""
    own = xml.text_of(feed.find(f"{ATOM}updated"))
    dates = [xml.text_of(entry.find(f"{ATOM}updated")) for entry in entries]
    times = [values.moment(one) for one in dates if values.is_rfc3339(one)]
    if times and values.is_rfc3339(own) and values.moment(own) < max(times):
        yield place.warning("feed-updated", "is older than its newest entry", "RFC 4287, 4.2.15")


def _person(place: Place, element: _Element) -> Iterator[Fault]:
    reference, kind, person = "RFC 4287, 3.2", xml.local(str(element.tag)), Parent(element)
    for one in xml.counted(
        Place(f"{place.where}, {kind}"), person, ATOM, ("name",), ("uri", "email"), reference
    ):
        yield place.error(one.rule, f"has an {kind} that {one.message}", reference)
    uri, mail = person.find(f"{ATOM}uri"), person.find(f"{ATOM}email")
    if uri is not None and not values.is_absolute_iri(xml.text_of(uri)):
        yield place.error(
            "absolute-iri", f"has an {kind} at {shortened(xml.text_of(uri))}", reference
        )
    if mail is not None and not values.is_mail_address(xml.text_of(mail)):
        yield place.error("mail-address", f"has an {kind} whose e-mail is no address", reference)


def _text(place: Place, element: _Element) -> Iterator[Fault]:
    """Find what is wrong in a text construct (RFC 4287, 3.1)."""
    reference, kind, name = (
        "RFC 4287, 3.1",
        element.get("type", "text"),
        xml.local(str(element.tag)),
    )
    inner = list(xml.children(element))
    if kind not in {"text", "html", "xhtml"}:
        yield place.error("choice", f"has a <{name}> of the type {shortened(kind)}", reference)
    elif kind == "xhtml" and [one.tag for one in inner] != [_XHTML]:
        yield place.error(
            "text-construct", f"has a <{name}> of XHTML that is not one <div>", reference
        )
    elif kind != "xhtml" and inner:
        yield place.error(
            "text-construct", f"has a <{name}> with markup that is not escaped", reference
        )
    elif kind == "html":
        yield from content.html(place, element.text or "")


def _content(place: Place, entry: Parent) -> Iterator[Fault]:
    """Find what is wrong in an entry's content (RFC 4287, 4.1.3), or for want of it."""
    found, reference = entry.find(f"{ATOM}content"), "RFC 4287, 4.1.3"
    if found is None:
        if not xml.related(entry, "alternate"):
            yield place.error("content", "has neither content nor a link to it", "RFC 4287, 4.1.2")
        return
    kind, source = found.get("type", "text"), found.get("src")
    if source is not None:
        if len(found) or xml.text_of(found):
            yield place.error("content", "has content both inside and elsewhere", reference)
        if entry.find(f"{ATOM}summary") is None:
            yield place.error("content", "has content elsewhere and no summary", "RFC 4287, 4.1.2")
        if not values.is_absolute_iri(source):
            yield place.error("absolute-iri", f"has content at {shortened(source)}", reference)
    elif kind in {"text", "html", "xhtml"}:
        yield from _text(place, found)
    elif not values.is_media_type(kind):
        yield place.error("media-type", f"has content of the type {shortened(kind)}", reference)


def _alternates(place: Place, element: Parent) -> Iterator[Fault]:
    found = [(one.get("type"), one.get("hreflang")) for one in xml.related(element, "alternate")]
    if len(found) != len(set(found)):
        message = "has two alternates of the same type and language"
        yield place.error("alternate", message, "RFC 4287, 4.1.1")
