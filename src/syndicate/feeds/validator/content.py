"""HTML inside an entry: nothing that acts, and no address that a reader cannot resolve."""

from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.feeds.validator import values
from syndicate.feeds.validator.fault import Fault, Place, shortened
from syndicate.markup import simple_links

_ACTIVE = (
    "script, object, embed, applet, iframe, frame, form, input, button, meta, base, link, style"
)
_ADDRESSES = ("href", "src", "poster", "cite")
_SHORT = (
    20_000  # characters; what is found in shorter texts is remembered: each format has it again
)
_Found = tuple[str, str, str]  # rule, message, reference
_SCRIPTS = ("javascript:", "vbscript:", "data:text/html")


def html(place: Place, text: str) -> Iterator[Fault]:
    """Find active content (RFC 4287, 8.1) and relative addresses in a piece of HTML."""
    for rule, message, reference in (_remembered if len(text) <= _SHORT else _faults)(text):
        yield place.error(rule, message, reference)


def _faults(text: str) -> tuple[_Found, ...]:
    links = simple_links(text)
    if links is not None:
        return tuple(found for one in links for found in _address(one.strip()))
    body = LexborHTMLParser(f"<body>{text}</body>").body
    if body is None:
        return ()
    active = [
        ("active-content", f"holds <{node.tag}>, which readers drop or run", "RFC 4287, 8.1")
        for node in body.css(_ACTIVE)
    ]
    return (*active, *(found for node in body.css("*") for found in _attributes(node)))


_remembered = lru_cache(maxsize=500)(_faults)


def _attributes(node: LexborNode) -> Iterator[_Found]:
    for name, value in node.attributes.items():
        if name.startswith("on"):
            message = f"holds <{node.tag} {name}=…>, which acts"
            yield "active-content", message, "RFC 4287, 8.1"
        elif name in _ADDRESSES:
            yield from _address((value or "").strip())


def _address(address: str) -> Iterator[_Found]:
    if "".join(address.split()).lower().startswith(_SCRIPTS):
        yield "active-content", f"holds the address {shortened(address)}", "RFC 4287, 8.1"
    elif not address.startswith("#") and not values.is_absolute_iri(address):
        message = f"holds the address {shortened(address)}, which leads nowhere in a reader"
        yield "relative-address", message, "RSS Best Practices Profile, “Relative URLs”"
