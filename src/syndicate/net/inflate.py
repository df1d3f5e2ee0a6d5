"""Compressed bodies, read piece by piece up to a limit: a bomb costs no more than twice that."""

import zlib
from collections.abc import Iterable, Iterator

from syndicate.net.errors import Unreachable

_MEMBER = b"\x1f\x8b"  # how one begins
_MEMBERS = (
    10_000  # empty ones cost time and bring nothing; tools that cut a file up make one of 64 KB
)
_PIECE = 64 * 1024  # bytes: what follows a member is copied, up to the end of its piece
_GZIP = 31  # zlib's number for gzip with its header
_FLATE = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class TooLarge(Unreachable):
    """More bytes than are allowed."""


def joined(pieces: Iterable[bytes], limit: int, when: str = "") -> bytes:
    """Join pieces of `limit` bytes in all at most, or raise TooLarge."""
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > limit:
            raise TooLarge(f"is larger than the {limit:,} bytes allowed{when}")
    return bytes(whole)


def inflated(pieces: Iterable[bytes], coding: str, limit: int) -> bytes:
    """Undo a content coding (RFC 9110 8.4.1) while its pieces come; "" and identity are none.

    Raises TooLarge as soon as `limit` bytes are passed, Unreachable for what is damaged or unasked.
    """
    if coding in {"", "identity"}:
        return joined(pieces, limit)
    if coding not in _FLATE:
        raise Unreachable("is compressed in a way that was not asked for")
    try:
        return joined(_members(pieces, _FLATE[coding], limit), limit, " once unpacked")
    except zlib.error:
        raise Unreachable("is damaged: it cannot be unpacked") from None


def _members(pieces: Iterable[bytes], flate: int, limit: int) -> Iterator[bytes]:
    """Unpack piece by piece, at most one byte more than `limit` at once; gzip may come in several members.

    They may begin anywhere in a piece, and padding may follow them (RFC 1952 2.2).
    """
    machine, members, rest = zlib.decompressobj(flate), 1, b""
    for piece in pieces:
        rest += piece
        while rest and not (machine.eof and len(rest) < len(_MEMBER)):
            if machine.eof:
                if not rest.startswith(_MEMBER):
                    return
                machine, members = zlib.decompressobj(flate), members + 1
            if members > _MEMBERS:
                raise TooLarge(f"is packed in more than the {_MEMBERS:,} members allowed")
            yield machine.decompress(rest, limit + 1)
            rest = machine.unused_data
    if not machine.eof:
        raise Unreachable("is damaged: it ends too early")


def unpacked(data: bytes, limit: int) -> bytes:
    """Undo gzip where the file itself is compressed, such as sitemap.xml.gz."""
    if not data.startswith(_MEMBER):
        return data
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
    return inflated(pieces, "gzip", limit)
