"""Base64 text with holes: what stands between them is encoded once, for all recipients.

Three bytes are four characters, so encoded text can be joined only where a group of three ends.
What a literal is encoded to depends on how many of its first bytes (0, 1 or 2) complete the group of
the value before it: each literal is kept encoded in all three ways. Lines may be shorter than the
76 characters allowed (RFC 2045 6.8), so each run of encoded bytes has its own lines.
"""

from binascii import b2a_base64
from collections.abc import Mapping

from msgspec import Struct

from syndicate.digests.pattern import Field, Pattern

_LINE = 57  # bytes, 76 characters


class _Run(Struct, frozen=True):
    """A literal from one of its first bytes on: whole groups as `lines`, and 0 to 2 bytes more."""

    lines: bytes
    rest: bytes


class _Literal(Struct, frozen=True):
    data: bytes
    runs: tuple[_Run, _Run, _Run]


class Encoded(Struct, frozen=True):
    """A body with holes, ready to be filled; `pattern` is what it was made of."""

    pattern: Pattern
    literals: tuple[_Literal, ...]

    def filled(self, values: Mapping[Field, str]) -> bytes:
        """Return the body in base64, lines of at most 76 characters that end in CRLF."""
        return b"".join(self.pieces(values))

    def pieces(self, values: Mapping[Field, str]) -> list[bytes]:
        """Return what `filled` joins: whoever joins it with more copies it once."""
        first = self.literals[0].runs[0]
        pieces, carry = [first.lines], first.rest
        for field, literal in zip(self.pattern.fields, self.literals[1:], strict=True):
            carry += values[field].encode()
            missing = -len(carry) % 3
            if missing > len(literal.data):  # too short to complete the group
                carry += literal.data
                continue
            run = literal.runs[missing]
            pieces += (encoded_lines(carry + literal.data[:missing]), run.lines)
            carry = run.rest
        if carry:
            pieces.append(encoded_lines(carry))
        return pieces


def encode(pattern: Pattern) -> Encoded:
    """Encode the literals of a body; its line ends are already CRLF."""
    return Encoded(pattern, tuple(_literal(text.encode()) for text in pattern.literals))


def encoded_lines(data: bytes) -> bytes:
    """Write bytes as base64 in lines; nothing for no bytes."""
    lines = [
        b2a_base64(data[start : start + _LINE], newline=False)
        for start in range(0, len(data), _LINE)
    ]
    return b"\r\n".join((*lines, b""))


def _literal(data: bytes) -> _Literal:
    return _Literal(data, (_run(data), _run(data[1:]), _run(data[2:])))


def _run(data: bytes) -> _Run:
    whole = len(data) - len(data) % 3
    return _Run(encoded_lines(data[:whole]), data[whole:])
