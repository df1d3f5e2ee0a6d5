"""Compressed bodies as they come: in pieces, and in members."""

import gzip

import pytest

from syndicate.net import Unreachable
from syndicate.net.inflate import inflated, unpacked

ONE, TWO = gzip.compress(b"one ", mtime=0), gzip.compress(b"two", mtime=0)


@pytest.mark.parametrize("cut", [len(ONE) - 1, len(ONE), len(ONE) + 1, len(ONE) + 2])
@pytest.mark.parametrize("padding", [b"", b"\0", b"\0" * 512, b"\x1f"])
def test_members_are_read_whole_wherever_the_pieces_are_cut(cut: int, padding: bytes) -> None:
    packed = ONE + TWO + padding
    assert inflated([packed[:cut], packed[cut:]], "gzip", 100) == b"one two"
    assert inflated([bytes([one]) for one in packed], "gzip", 100) == b"one two"


def test_a_file_of_very_many_members_is_refused() -> None:
    assert unpacked(ONE * 10_000, 100_000) == b"one " * 10_000
    with pytest.raises(Unreachable, match="packed in more than the 10,000 members"):
        unpacked(gzip.compress(b"") * 500_000, 100_000)
