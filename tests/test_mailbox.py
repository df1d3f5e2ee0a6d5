import pytest

from syndicate import mailbox
from syndicate.errors import AddressRefused


@pytest.mark.parametrize(
    ("text", "address", "canonical"),
    [
        ("Alice@Example.COM", "Alice@example.com", "alice@example.com"),
        ("  a@example.com ", "a@example.com", "a@example.com"),
        ("a+b@example.com", "a+b@example.com", "a+b@example.com"),
        ("a@例え.jp", "a@xn--r8jz45g.jp", "a@xn--r8jz45g.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("A.@docomo.ne.jp", "A.@docomo.ne.jp", "a.@docomo.ne.jp"),
        (".a@ezweb.ne.jp", ".a@ezweb.ne.jp", ".a@ezweb.ne.jp"),
    ],
)
def test_an_address_has_one_canonical_form(text: str, address: str, canonical: str) -> None:
    assert mailbox.parse(text) == mailbox.Mailbox(address, canonical)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@", "@example.com", "a b@example.com", "a@b@c", "a@example.com\nBcc: b@c.example"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        mailbox.parse(text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a@example.com", "a@example.com"),
        ("a.b+c@example.com", "a.b+c@example.com"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@docomo.ne.jp", '"a."@docomo.ne.jp'),
    ],
)
def test_a_local_part_that_is_no_dot_atom_is_quoted_on_the_wire(
    address: str, expected: str
) -> None:
    assert mailbox.wire(address) == expected
