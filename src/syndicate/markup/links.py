"""Addresses that came from outside: which of them may be a link, and how it is written."""

import re
from contextlib import suppress
from urllib.parse import SplitResult, quote, urlsplit

from syndicate.markup.text import html_text, xml_text
from syndicate.model import Citation

# RFC 3986: what stands for itself in a path (3.3), and in a query or fragment (3.4, 3.5) besides.
_PATH = "/:@!$&'()*+,;=~%"
_QUERY = _PATH + "?"
# Most addresses: written as a URI already, so that nothing has to be taken apart.
_WRITTEN = r"[A-Za-z0-9/:@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2}"
_PLAIN = re.compile(
    r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*"
    rf"(?:/(?:{_WRITTEN})*)?(?:\?(?:{_WRITTEN}|\?)+)?(?:#(?:{_WRITTEN}|\?)+)?"
)
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE)
_CLOSING = ".,;:!?'\"])"


def web_address(url: str) -> str | None:
    """Write an http(s) address as a URI (RFC 3986, RFC 3987 3.1), or return None for any other."""
    return url if _PLAIN.fullmatch(url) else _rewritten(url)


def _rewritten(url: str) -> str | None:
    try:
        parts = urlsplit(xml_text(url).strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    authority = _user(parts) + _host(parts.hostname) + (f":{port}" if port is not None else "")
    query = f"?{_quoted(parts.query, _QUERY)}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment, _QUERY)}" if parts.fragment else ""
    return f"{parts.scheme}://{authority}{_quoted(parts.path, _PATH)}{query}{fragment}"


def linked_text(text: str) -> str:
    """Escape plain text for HTML, with a link in the place of each http(s) address.

    A full stop or bracket that ends it belongs to the sentence.
    """
    written, end = [], 0
    for found in _ADDRESS.finditer(text):
        url = found[0].rstrip(_CLOSING)
        url += ")" * (url.count("(") > url.count(")") and found[0].startswith(f"{url})"))
        address = web_address(url)
        if address:
            written += [
                html_text(text[end : found.start()]),
                f'<a href="{html_text(address)}">{html_text(url)}</a>',
            ]
            end = found.start() + len(url)
    return "".join((*written, html_text(text[end:])))


def cited_name(citation: Citation) -> str:
    """Return the name a source is shown under: empty only if its address is empty too."""
    name = xml_text(citation.name).strip()
    if name:
        return name
    address = web_address(citation.url)
    return (urlsplit(address).hostname or "") if address else xml_text(citation.url).strip()


def _user(parts: SplitResult) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    return _quoted(user, ":!$&'()*+,;=~%") + at


def _host(host: str) -> str:
    if ":" in host:
        return f"[{quote(host, safe=':.%')}]"
    with suppress(UnicodeError):  # too long for a domain name: RFC 3986 3.2.2 allows percents
        host = host.encode("idna").decode()
    return _quoted(host, "!$&'()*+,;=~%")


def _quoted(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)
