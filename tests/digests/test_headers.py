"""Header fields hold what they were given, in 7 bits, and nothing can add another."""

import email
import email.header
import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate.digests import headers
from syndicate.digests.error import DigestError
from syndicate.digests.letter import message_id
from syndicate.digests.line import one_line
from syndicate.markup import xml_text
from tests import npm

TEXT = st.text(alphabet=st.characters(), max_size=400)
FAMILY = "👨‍👩‍👧‍👦"


def read(field: str, name: str) -> str:
    """Decode a header field as a mail program does."""
    found = email.message_from_string(f"{field}\r\n\r\n")
    assert found.keys() == [name]
    return str(email.header.make_header(email.header.decode_header(found[name])))


def well_formed(field: str) -> bool:
    lines = field.split("\r\n")
    return (
        field.isascii()
        and field.replace("\r\n", "").isprintable()
        and all(line.startswith(" ") and line.strip() for line in lines[1:])
        and all(len(line) <= 78 for line in lines)
    )


@given(TEXT)
@example("ウクライナ和平交渉の行方：停滞する交渉と米国の思惑とは？" * 5 + FAMILY)
@example("=?utf-8?q?not_encoded?=")
@example("a" * 400)
@example("two  blanks " * 20)
@example("x\r\nBcc: victim@example.com")
@example("\x00\u0085\u2028\u2029\ud800")
def test_every_subject_comes_back_as_one_line(text: str) -> None:
    field = headers.subject(text)
    assert well_formed(field)
    assert read(field, "Subject") == one_line(xml_text(text))


@given(TEXT)
@example('quoted "name" \\ and <x@example.com>, y')
@example("灯台の手帖")
@example("x\r\nBcc: victim@example.com")
def test_every_name_comes_back_beside_its_address(name: str) -> None:
    field = headers.named("From", name, "a@example.com")
    assert well_formed(field)
    value = email.message_from_string(f"{field}\r\n\r\n")["From"]
    assert len(email.utils.getaddresses([value])) == 1
    shown, address = email.utils.parseaddr(value)
    assert address == "a@example.com"
    assert str(email.header.make_header(email.header.decode_header(shown))) == one_line(
        xml_text(name)
    )


@npm.needs_node
def test_another_decoder_reads_the_same() -> None:
    """libmime, which shares nothing with Python's email package, reads what `read` does."""
    with npm.running("headers.mjs") as decode:

        @given(TEXT)
        @example("ウクライナ和平交渉の行方：停滞する交渉と米国の思惑とは？" * 8 + FAMILY)
        @example("灯台守のいない夜 " * 40)
        @example("=?utf-8?q?not_encoded?=")
        def judge(text: str) -> None:
            line = one_line(xml_text(text))
            assert decode(headers.subject(text)) == line
            if line and not line.isascii():
                named = headers.named("From", text, "a@example.com")
                assert decode(named) == f"{line} <a@example.com>"

        judge()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (f"📮 灯台の手帖 {FAMILY}🏴\U000e0067\U000e0062\U000e007f", "灯台の手帖"),
        ("Daily ☀️ Sun ❤", "Daily Sun"),
        ("5️⃣ o'clock 24", "o'clock 24"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("🎉", ""),
    ],
)
def test_a_name_loses_its_emoji_and_nothing_else(name: str, kept: str) -> None:
    assert headers.without_emoji(name) == kept


@given(st.text(max_size=60))
@example("¡@0")
@example("\u200b@0")
def test_what_an_address_holds_is_never_more_than_one_address(text: str) -> None:
    try:
        value = headers.address(text)
    except DigestError:
        return
    assert value.rpartition("@")[2].isascii()  # what stands before it need not be (RFC 6532 3.2)
    assert value.splitlines() == [value]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", value)
    assert len(email.utils.getaddresses([value])) == 1


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("reader@example.com", "reader@example.com"),
        ("o'neil+x@example.com", "o'neil+x@example.com"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@docomo.ne.jp", '"a."@docomo.ne.jp'),
        ('"a."@docomo.ne.jp', '"a."@docomo.ne.jp'),
        ("a@example.com, b@example.com", '"a@example.com, b"@example.com'),
    ],
)
def test_an_address_is_quoted_once_where_it_has_to_be(address: str, written: str) -> None:
    assert headers.address(address) == written


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b\r\nBcc: c@d", "<a@b>", "a@b\x00", "a@例.jp", "a b@c d"],
)
def test_an_address_that_would_need_more_is_refused(address: str) -> None:
    with pytest.raises(DigestError, match="mail address"):
        headers.address(address)


def test_an_international_address_stands_as_it_is() -> None:
    """It goes only by servers with SMTPUTF8 (RFC 6532), which `delivery` sees to."""
    assert headers.address("読者@example.com") == "読者@example.com"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://x.example/\r\nBcc: y",
        "https://x.example/ y",
        "https://x.example/>,<https://y.example/",
        "https://x.example/\x00",
        "https://例.jp/",
        "javascript:alert(1)",
        "https://x.example/" + "y" * 1000,
    ],
)
def test_an_address_that_would_end_its_bracket_or_line_is_refused(url: str) -> None:
    with pytest.raises(DigestError, match="cannot hold the address"):
        headers.url(url)


@pytest.mark.parametrize("value", ["", "<a@b", "a@b", "<a b@c>", "<a@b>\r\nX: y", "<a@b><c@d>"])
def test_a_message_id_of_another_shape_is_refused(value: str) -> None:
    with pytest.raises(DigestError, match="Message-ID"):
        headers.identifier(value)


@pytest.mark.parametrize("domain", ["example.com", "127.0.0.1", "::1", "灯台.example"])
def test_a_message_id_is_the_same_every_time_and_hides_its_key(domain: str) -> None:
    made = message_id("c:SECRETTOKEN", domain)
    assert made == message_id("c:SECRETTOKEN", domain) == headers.identifier(made)
    assert made != message_id("c:OTHERTOKEN", domain)
    assert "SECRET" not in made


def test_a_name_that_is_no_domain_is_refused() -> None:
    with pytest.raises(DigestError, match="domain"):
        message_id("e:1:1", "ä" * 100)


def test_a_list_is_named_by_letters_digits_dots_and_dashes() -> None:
    assert headers.list_id("digest.灯台.example") == "digest.xn--kprz67d.example"
    assert headers.list_id("digest.::1") == "digest.-1"


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2999, 12, 30)),  # noqa: DTZ001 - the zone comes below
    st.integers(-14 * 60, 14 * 60),
)
def test_a_date_is_written_in_utc(naive: datetime, minutes: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = headers.moment(at)
    assert written == email.utils.format_datetime(at.astimezone(UTC))
