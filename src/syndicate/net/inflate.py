"""Compressed bodies, read piece by piece up to a limit: a bomb costs no more than that."""

import zlib
from collections.abc import Iterable

from syndicate.net.errors import Unreachable

_GZIP = 31  # zlib's number for gzip with its header
_FLATE = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class TooLarge(Unreachable):
    """More bytes than are allowed."""


def joined(pieces: Iterable[bytes], limit: int) -> bytes:
    """Join pieces of `limit` bytes in all at most, or raise TooLarge."""
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > limit:
            raise TooLarge(f"is larger than the {limit:,} bytes allowed")
    return bytes(whole)


def inflated(pieces: Iterable[bytes], coding: str, limit: int) -> bytes:
    """Undo a content coding (RFC 9110 8.4.1) while its pieces come; "" and identity are none.

    Raises TooLarge as soon as `limit` bytes are passed, Unreachable for what is damaged or unasked.
    """
    if coding in {"", "identity"}:
        return joined(pieces, limit)
    if coding not in _FLATE:
        raise Unreachable("is compressed in a way that was not asked for")
    whole, machine = bytearray(), zlib.decompressobj(_FLATE[coding])
    try:
        for piece in pieces:
            rest = piece
            while rest and not machine.eof:
                whole += machine.decompress(rest, limit + 1 - len(whole))
                if len(whole) > limit:
                    raise TooLarge(f"is larger than the {limit:,} bytes allowed once unpacked")
                rest = machine.unconsumed_tail
                if machine.eof and machine.unused_data.startswith(b"\x1f\x8b"):
                    rest = machine.unused_data  # gzip may come in several members (RFC 1952 2.2)
                    machine = zlib.decompressobj(_GZIP)
    except zlib.error:
        raise Unreachable("is damaged: it cannot be unpacked") from None
    if not machine.eof:
        raise Unreachable("is damaged: it ends too early")
    return bytes(whole)


def unpacked(data: bytes, limit: int) -> bytes:
    """Undo gzip where the file itself is compressed, such as sitemap.xml.gz."""
    return inflated([data], "gzip", limit) if data.startswith(b"\x1f\x8b") else data
