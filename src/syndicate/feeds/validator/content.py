"""HTML inside an entry: nothing that acts, and no address that a reader cannot resolve."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.feeds.validator import values
from syndicate.feeds.validator.fault import Fault, Place, shortened

_ACTIVE = (
    "script, object, embed, applet, iframe, frame, form, input, button, meta, base, link, style"
)
_ADDRESSES = ("href", "src", "poster", "cite")
_SCRIPTS = ("javascript:", "vbscript:", "data:text/html")


def html(place: Place, text: str) -> Iterator[Fault]:
    """Find active content (RFC 4287, 8.1) and relative addresses in a piece of HTML."""
    body = LexborHTMLParser(f"<body>{text}</body>").body
    if body is None:
        return
    for node in body.css(_ACTIVE):
        yield place.error(
            "active-content", f"holds <{node.tag}>, which readers drop or run", "RFC 4287, 8.1"
        )
    for node in body.css("*"):
        yield from _attributes(place, node)


def _attributes(place: Place, node: LexborNode) -> Iterator[Fault]:
    for name, value in node.attributes.items():
        if name.startswith("on"):
            message = f"holds <{node.tag} {name}=…>, which acts"
            yield place.error("active-content", message, "RFC 4287, 8.1")
        elif name in _ADDRESSES:
            yield from _address(place, (value or "").strip())


def _address(place: Place, address: str) -> Iterator[Fault]:
    if "".join(address.split()).lower().startswith(_SCRIPTS):
        yield place.error(
            "active-content", f"holds the address {shortened(address)}", "RFC 4287, 8.1"
        )
    elif not address.startswith("#") and not values.is_absolute_iri(address):
        message = f"holds the address {shortened(address)}, which leads nowhere in a reader"
        yield place.error(
            "relative-address", message, "RSS Best Practices Profile, “Relative URLs”"
        )
