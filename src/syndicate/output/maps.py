"""Maps beside the output directory: what no file can say, for our own server and for nginx.

`public.maps/` holds three files of lines that nginx's `map` reads: `moved.map`, where old addresses
lead; `base.map`, what is cut off a path; `links.map`, the `Link` header of feeds. Our server reads
the first, so that both redirect alike.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from syndicate import addresses
from syndicate.output.directory import write

MOVED = "moved.map"
_LINE = re.compile(r'^"((?:[^"\\]|\\.)*)" "([^"]*)";$', re.MULTILINE)
_KEPT_IN_QUERIES = "/?:@!$&'()*+,;="  # RFC 3986 3.4
_PLAIN = "[A-Za-z0-9%._~/-]"  # what our own addresses consist of


def folder(root: Path) -> Path:
    """Where the maps of an output directory lie."""
    return root.with_name(f"{root.name}.maps")


def write_maps(
    root: Path,
    base_url: str,
    hubs: Sequence[str],
    moved: Mapping[str, str],
    files: Collection[str],
) -> None:
    """Write the maps.

    What is a file is never led elsewhere; old addresses lead with and without their slash.
    """
    place = folder(root)
    write(place, MOVED, _moved(base_url, moved, files).encode())
    write(place, "base.map", _base(base_url).encode())
    write(place, "links.map", _links(base_url, hubs).encode())


def read_moved(root: Path) -> dict[str, str]:
    """Return where old addresses lead: folded path and query, to a path on this host; nothing if unread."""
    try:
        text = (folder(root) / MOVED).read_text("utf-8")
    except OSError:
        return {}
    return {re.sub(r"\\(.)", r"\1", old): new for old, new in _LINE.findall(text)}


def folded(old: str) -> str:
    """The form in which old addresses are looked up: nginx' maps know no case of ASCII letters."""
    return old.encode(errors="replace").lower().decode()


def _moved(base_url: str, moved: Mapping[str, str], files: Collection[str]) -> str:
    base = addresses.base_path(base_url)
    lines: dict[str, str] = {}
    for old, new in moved.items():
        place = quote(f"{base}/{new}", safe="/")
        for one in _forms(old):
            if one.isprintable() and not _is_file(one.removeprefix(base), files):
                lines.setdefault(folded(one), place)
    return "".join(f'"{_quoted(old)}" "{place}";\n' for old, place in sorted(lines.items()))


def _forms(old: str) -> tuple[str, ...]:
    """Return how an old address may be asked for: a query stays as it is written on the wire."""
    path, mark, query = old.partition("?")
    if mark:
        return (f"{path}?{quote(query, safe=_KEPT_IN_QUERIES)}",)
    bare = path.rstrip("/")
    return (bare, f"{bare}/") if bare else (path,)


def _is_file(path: str, files: Collection[str]) -> bool:
    name = path.lstrip("/")
    return name in files or f"{name.rstrip('/')}/index.html".lstrip("/") in files


def _quoted(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)


def _base(base_url: str) -> str:
    """Cut the base address' path off, with or without its slash at the end."""
    base = addresses.base_path(base_url)
    return f'"~^{_quoted(re.escape(base))}(?<below>/.*)$" $below;\n' if base else ""


def _links(base_url: str, hubs: Sequence[str]) -> str:
    base = re.escape(quote(addresses.base_path(base_url), safe="/%:@!$&'()*+,;=~"))
    told = "".join(f', <{addresses.in_header(hub)}>; rel=\\"hub\\"' for hub in hubs)
    lines = ((addresses.FEED_NAME, told), (addresses.ARCHIVE_NAME, ""))
    return "".join(
        f'"~^{_quoted(f"(?:{base})?/(?<topic>(?:{_PLAIN}*/)?(?={_PLAIN}+(?:[?]|$)){name})(?:[?]|$)")}" '
        f'"<{addresses.in_header(base_url)}/$topic>; rel=\\"self\\"{more}";\n'
        for name, more in lines
    )
