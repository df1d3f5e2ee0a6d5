import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import mailbox
from syndicate.errors import AddressRefused

PIECES = st.sampled_from(
    ["a", "Z", "7", "-", "--", "_", "+", ".", "xn--", "info", "WWW", "x" * 30, "'", "é", "K", " "]
)
ENDINGS = st.sampled_from(
    [
        "com",
        "JP",
        "c",
        "c0m",
        "c-m",
        "co.jp",
        "example",
        "test",
        "local",
        "arpa",
        "onion",
        "123",
        "",
    ]
)
WORDS = st.lists(PIECES, max_size=9).map("".join)


@given(WORDS, st.lists(WORDS, max_size=9).map(".".join), ENDINGS)
@example("x" * 64, ".".join(["x" * 60] * 3), "xxxxxx")
@example("x" * 65, "a", "com")
@example("a", "x" * 63, "com")
@example("a", "x" * 64, "com")
@example("a", "a", "com\n")
def test_the_short_way_takes_what_the_full_reading_takes(
    local: str, domain: str, ending: str
) -> None:
    text = f"{local}@{domain}.{ending}"
    plain = mailbox._plain(text)
    if plain is None:
        return
    full = validate_email(text, check_deliverability=False, test_environment=True)
    assert plain.address == f"{full.local_part}@{full.ascii_domain.lower()}"
    assert plain.canonical == f"{full.local_part.casefold()}@{full.ascii_domain.lower()}"


@given(st.from_regex(mailbox._PLAIN, fullmatch=True))
def test_what_the_full_reading_refuses_does_not_take_the_short_way(text: str) -> None:
    try:
        full = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        assert mailbox._plain(text) is None
    else:
        assert mailbox.parse(text).address == f"{full.local_part}@{full.ascii_domain.lower()}"


@pytest.mark.parametrize("text", ["reader.one+list@Example.CO.JP", "a@b-c.example"])
def test_a_plain_address_takes_the_short_way(text: str) -> None:
    assert mailbox._plain(text)


def test_a_long_run_of_marks_is_refused_before_it_is_normalised() -> None:
    with pytest.raises(AddressRefused, match="too long for a mail address"):
        mailbox.parse("a" + "\u0316\u0301" * 500_000 + "@example.com")


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
