"""XML as text: elements and escaping, nothing else. Values hold no character that XML cannot."""

from collections.abc import Mapping

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
# A parser makes blanks of other white space in an attribute, unless it is written so (XML 1.0, 3.3.3).
_ATTRIBUTE = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def escaped(text: str) -> str:
    """Escape text for its place between tags; a carriage return outlives the parser (XML 1.0, 2.11)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def opening(name: str, attributes: Mapping[str, str | None]) -> str:
    """Write a start tag without its last character; attributes of None are left out."""
    said = (
        f' {key}="{escaped(value).translate(_ATTRIBUTE)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{''.join(said)}"


def empty(name: str, **attributes: str | None) -> str:
    """Write an element that has attributes alone."""
    return f"{opening(name, attributes)}/>"


def element(name: str, text: str, **attributes: str | None) -> str:
    """Write an element with text in it."""
    return f"{opening(name, attributes)}>{escaped(text)}</{name}>"


def lines(indent: int, *elements: str) -> str:
    """Write elements one a line, `indent` blanks from the margin; empty texts are left out."""
    return "".join(f"{' ' * indent}{one}\n" for one in elements if one)
