"""Plain text made safe for the documents it stands in."""

import re
from html import escape

# XML 1.0 section 2.2: what no document may hold, whatever the escaping; lone surrogates included.
_XML = "\u0020-\ud7ff\t\n\r\ue000-\ufffd\U00010000-\U0010ffff"
_ALL_XML = re.compile(f"[{_XML}]*+")
_NO_ASCII = bytes(one for one in range(ord(" ")) if one not in b"\t\n\r")


def xml_text(text: str) -> str:
    """Drop the characters that XML cannot hold; the rest is kept code point for code point."""
    if text.isascii():  # that is gone through in half of the time once more
        return text.encode().translate(None, _NO_ASCII).decode()
    if _ALL_XML.fullmatch(text):  # as nearly always: that is found in half of the time
        return text
    return re.sub(f"[^{_XML}]", "", text)


def html_text(text: str) -> str:
    """Escape plain text for HTML, as content or inside a quoted attribute."""
    return escape(xml_text(text), quote=True)
