"""What is kept of a server's words."""

from hypothesis import given
from hypothesis import strategies as st

from syndicate.delivery.replies import LIMIT, kept


def test_addresses_are_masked_in_every_form() -> None:
    reply = (
        b'5.1.1 <a.@docomo.ne.jp>, "a."@docomo.ne.jp, A.@DOCOMO.NE.JP, other@real.example: unknown'
    )
    assert kept(reply, "a.@docomo.ne.jp") == (
        "5.1.1 <address>, <address>, <address>, <address>: unknown"
    )


def test_a_quoted_local_part_with_a_blank_is_masked() -> None:
    assert kept(b'no "two words"@example.com here', "two words@example.com") == "no <address> here"


def test_several_lines_become_one() -> None:
    assert (
        kept(b"5.1.1 nobody\n5.1.1 of that\x1b[2J name\xff")
        == "5.1.1 nobody 5.1.1 of that [2J name�"
    )


@given(st.binary(max_size=2000))
def test_a_kept_reply_is_one_printable_line_of_bounded_length(reply: bytes) -> None:
    text = kept(reply, "reader@example.com")
    assert text.isprintable()
    assert len(text) <= LIMIT
    assert "reader@example.com" not in text.lower()
