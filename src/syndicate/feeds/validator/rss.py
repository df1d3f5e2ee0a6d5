"""RSS 2.0 (rssboard.org/rss-specification) and its Best Practices Profile (rssboard.org/rss-profile)."""

from collections.abc import Iterator

from lxml.etree import _Element

from syndicate.feeds.validator import content, extensions, values, xml
from syndicate.feeds.validator.fault import Fault, Place, shortened
from syndicate.feeds.validator.xml import ATOM, Parent

_SPECIFICATION, _PROFILE = "RSS 2.0", "RSS Best Practices Profile"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CHANNEL_ONE = ("title", "link", "description")
_CHANNEL_MOST = (
    *(
        "language",
        "copyright",
        "managingEditor",
        "webMaster",
        "pubDate",
        "lastBuildDate",
        "generator",
    ),
    *("docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays"),
)
_ITEM_MOST = (
    *(
        "title",
        "link",
        "description",
        "author",
        "comments",
        "enclosure",
        "guid",
        "pubDate",
        "source",
    ),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_IMAGE_MOST = {"width": 144, "height": 400}  # pixels, by the specification


def validate(root: _Element) -> Iterator[Fault]:
    """Yield what is wrong with a document, from its head to its last item."""
    place = Place("feed")
    if root.get("version") != "2.0":
        message = f"is RSS of the version {shortened(root.get('version', ''))}, not 2.0"
        yield place.error("choice", message, _SPECIFICATION)
    channels = root.findall("channel")
    if len(channels) != 1:
        yield place.error(
            "missing", f"has {len(channels)} <channel>, and needs one", _SPECIFICATION
        )
    for channel in map(Parent, channels[:1]):
        yield from _channel(place, channel)
        seen = set[str]()
        for number, item in enumerate(channel.findall("item"), 1):
            yield from _item(Parent(item), number, seen)


def _channel(place: Place, channel: Parent) -> Iterator[Fault]:
    yield from xml.counted(place, channel, "", _CHANNEL_ONE, _CHANNEL_MOST, _SPECIFICATION)
    names = (*_CHANNEL_ONE, *_CHANNEL_MOST, "category", "item")
    yield from xml.known(place, channel, "", names, _SPECIFICATION)
    yield from xml.spoken(place, channel.element)
    yield from _address(place, channel, "link")
    yield from _address(place, channel, "docs")
    yield from _dates(place, channel, ("pubDate", "lastBuildDate"))
    yield from _mail(place, channel, ("managingEditor", "webMaster"))
    language, ttl = channel.element.findtext("language"), channel.element.findtext("ttl")
    if language is not None and not values.is_language(language.strip()):
        yield place.error("language", f"is in the language {shortened(language)}", _SPECIFICATION)
    if ttl is not None and not values.is_number(ttl.strip()):
        yield place.error("number", f"lives for {shortened(ttl)} minutes (ttl)", _SPECIFICATION)
    yield from _rest(place, channel)
    yield from _picture(place, channel)
    yield from extensions.periods(place, channel)
    yield from extensions.history(place, channel)
    yield from _links(place, channel)
    itself = xml.related(channel, "self")
    if len(itself) > 1:
        yield place.error("repeated", f"has {len(itself)} links to itself", _PROFILE)
    if not itself:
        yield place.warning("self-link", "does not say its own address (atom:link)", _PROFILE)


def _item(item: Parent, number: int, seen: set[str]) -> Iterator[Fault]:
    guid = xml.text_of(item.find("guid"))
    place = Place(f"item {number}", guid or None)
    yield from xml.counted(place, item, "", (), _ITEM_MOST, _SPECIFICATION)
    yield from xml.known(place, item, "", (*_ITEM_MOST, "category"), _SPECIFICATION)
    if not any(xml.text_of(item.find(name)) for name in ("title", "description")):
        yield place.error("missing", "has neither a title nor a description", _SPECIFICATION)
    yield from _identity(place, item, seen)
    yield from _address(place, item, "link")
    yield from _address(place, item, "comments")
    yield from _dates(place, item, ("pubDate",))
    yield from _mail(place, item, ("author",))
    yield from _enclosure(place, item)
    yield from _texts(place, item)
    yield from extensions.media(place, item.element)
    yield from _links(place, item)
    for one in item.findall("source"):
        if not values.is_absolute_iri(one.get("url", "")):
            yield place.error("absolute-iri", "has a <source> without an address", _SPECIFICATION)
    for one in (*item.findall("category"), *item.findall(_CREATOR)):
        if not xml.text_of(one):
            yield place.error(
                "missing", f"has an empty <{xml.local(str(one.tag))}>", _SPECIFICATION
            )


def _identity(place: Place, item: Parent, seen: set[str]) -> Iterator[Fault]:
    guid = item.find("guid")
    if guid is None:
        yield place.warning("guid", "has no <guid>: readers guess whether it is new", _PROFILE)
        return
    text, permanent = xml.text_of(guid), guid.get("isPermaLink", "true")
    if not text:
        yield place.error("missing", "has an empty <guid>", _SPECIFICATION)
    if permanent not in {"true", "false"}:
        yield place.error("choice", f"has isPermaLink={shortened(permanent)}", _SPECIFICATION)
    if permanent == "true" and not values.is_web_address(text):
        message = f"has the guid {shortened(text)}, which is no address and says that it is one"
        yield place.error("guid", message, _SPECIFICATION)
    if text in seen:
        yield place.error(
            "duplicate-id", f"has the guid {shortened(text)} of an earlier item", _PROFILE
        )
    seen.add(text)


def _texts(place: Place, item: Parent) -> Iterator[Fault]:
    texts, whole = item.findall("description"), item.findall(_CONTENT)
    if len(whole) > 1:
        yield place.error("repeated", "has its content twice (content:encoded)", _PROFILE)
    place_of = item.element.index
    if texts and whole and place_of(texts[-1]) > place_of(whole[0]):
        message = "has its description after its content: some readers take the last they find"
        yield place.warning("order", message, f"{_PROFILE}, content:encoded")
    for one in (*texts, *whole):
        yield from content.html(place, one.text or "")


def _enclosure(place: Place, item: Parent) -> Iterator[Fault]:
    for one in item.findall("enclosure"):
        if not values.is_web_address(one.get("url", "")):
            message = f"encloses {shortened(one.get('url', ''))}, no absolute http address"
            yield place.error("absolute-iri", message, _SPECIFICATION)
        if not values.is_number(one.get("length", "")):
            yield place.error("number", "encloses something of no length in bytes", _SPECIFICATION)
        if not values.is_media_type(one.get("type", "")):
            yield place.error("media-type", "encloses something of no media type", _SPECIFICATION)


def _address(place: Place, element: Parent, name: str) -> Iterator[Fault]:
    for one in element.findall(name):
        if xml.text_of(one) and not values.is_absolute_iri(xml.text_of(one)):
            message = f"has a <{name}> {shortened(xml.text_of(one))}, no absolute address"
            yield place.error("absolute-iri", message, _SPECIFICATION)


def _links(place: Place, element: Parent) -> Iterator[Fault]:
    for one in element.findall(f"{ATOM}link"):
        yield from xml.link(place, one)


def _dates(place: Place, element: Parent, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        for one in element.findall(name):
            if not values.is_rfc822(xml.text_of(one)):
                message = f"has a <{name}> {shortened(xml.text_of(one))}, no date of RFC 822 with four digits"
                yield place.error("date", message, _SPECIFICATION)


def _mail(place: Place, element: Parent, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        for one in element.findall(name):
            if not values.is_mail_address(xml.text_of(one)):
                message = f"has a <{name}> without a mail address: dc:creator holds names"
                yield place.error("mail-address", message, _SPECIFICATION)


def _rest(place: Place, channel: Parent) -> Iterator[Fault]:
    hours = [xml.text_of(one) for one in channel.element.findall("skipHours/hour")]
    days = [xml.text_of(one) for one in channel.element.findall("skipDays/day")]
    if any(not values.is_number(one) or int(one) > 23 for one in hours) or len(hours) > len(
        set(hours)
    ):
        yield place.error("choice", "skips an hour that is none, or one twice", _SPECIFICATION)
    if any(one not in _DAYS for one in days) or len(days) > len(set(days)):
        yield place.error("choice", "skips a day that is none, or one twice", _SPECIFICATION)


def _picture(place: Place, channel: Parent) -> Iterator[Fault]:
    for image in map(Parent, channel.findall("image")):
        inner = Place(f"{place.where}, image")
        yield from xml.counted(
            inner, image, "", ("url", "title", "link"), ("width", "height"), _SPECIFICATION
        )
        yield from _address(inner, image, "url")
        yield from _address(inner, image, "link")
        for name, most in _IMAGE_MOST.items():
            size = image.element.findtext(name)
            if size is not None and not (values.is_number(size.strip()) and int(size) <= most):
                message = f"has a {name} of {shortened(size)}, and may have {most}"
                yield inner.error("number", message, _SPECIFICATION)
