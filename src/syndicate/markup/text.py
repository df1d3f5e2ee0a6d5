"""Plain text made safe for the documents it stands in."""

import re
from html import escape

# XML 1.0 section 2.2: what no document may hold, whatever the escaping; lone surrogates included.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Drop the characters that XML cannot hold; the rest is kept code point for code point."""
    return _NO_XML.sub("", text)


def html_text(text: str) -> str:
    """Escape plain text for HTML, as content or inside a quoted attribute."""
    return escape(xml_text(text), quote=True)
