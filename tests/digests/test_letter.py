"""Letters: what the fast path writes is what the email package reads."""

import email
import email.header
from base64 import b64decode
from datetime import UTC, datetime
from email.message import Message

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.digests.error import DigestError
from syndicate.digests.letter import Recipient, Stencil, fill, message_id, stencil
from syndicate.digests.pattern import Field, Pattern, cut
from syndicate.digests.render import Rendered, render
from syndicate.digests.splice import encode
from syndicate.markup import html_text
from tests.digests.samples import EDITION, ENVIRONMENT, PUBLICATION, RECIPIENT, SENDER

RENDERED = render(EDITION, PUBLICATION, ENVIRONMENT)
STENCIL = stencil(RENDERED, EDITION, SENDER)
MARKS = {field: mark for mark, field in RENDERED.sentinels.items()}
VALUE = st.text(alphabet="aé水💡\n", max_size=8)
URL = st.from_regex(r"https://example\.com/u/[A-Za-z0-9_&?=%'-]{0,120}", fullmatch=True)


def parts(letter: bytes) -> tuple[str, str]:
    """Decode both bodies with the email package."""
    _, text, html = parsed(letter).walk()
    return decoded(text), decoded(html)


def decoded(part: Message) -> str:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def parsed(letter: bytes) -> Message:
    return email.message_from_bytes(letter)


def subject_of(message: Message) -> str:
    return str(email.header.make_header(email.header.decode_header(message["Subject"])))


@given(st.lists(VALUE, min_size=1, max_size=6), st.data())
@example([""], None)
def test_bodies_are_joined_at_any_length(literals: list[str], data: st.DataObject | None) -> None:
    fields = (Field.UNSUBSCRIBE_URL,) * (len(literals) - 1)
    pattern = Pattern(tuple(literals), fields)
    values = {Field.UNSUBSCRIBE_URL: data.draw(VALUE) if data else ""}
    encoded = encode(pattern).filled(values)
    assert b64decode(encoded).decode() == pattern.filled(values)
    assert b"=" not in encoded.rstrip(b"=\r\n")
    assert all(0 < len(line) <= 76 for line in encoded.split(b"\r\n")[:-1])


@given(URL, URL)
def test_the_fast_path_decoded_is_the_templates_with_the_values_put_in(
    first: str, second: str
) -> None:
    for url in (first, second):
        text, html = parts(fill(STENCIL, RECIPIENT._replace(unsubscribe_url=url)))
        mark = MARKS[Field.UNSUBSCRIBE_URL]
        other, settings = MARKS[Field.PREFERENCES_URL], RECIPIENT.preferences_url
        plain = RENDERED.text.replace(mark, url).replace(other, settings)
        page = RENDERED.html.replace(mark, html_text(url)).replace(other, html_text(settings))
        assert (text, html) == (plain.replace("\n", "\r\n"), page.replace("\n", "\r\n"))


def test_the_header_fields_are_those_of_the_design_in_order() -> None:
    message = parsed(fill(STENCIL, RECIPIENT))
    assert message.keys() == [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "Date",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Archived-At",
        "Feedback-ID",
        "Auto-Submitted",
        "Precedence",
        "MIME-Version",
        "Content-Type",
    ]
    assert message["To"] == "reader@example.com"
    assert subject_of(message) == EDITION.subject
    assert message["Message-ID"] == RECIPIENT.message_id
    assert message["Date"] == "Sun, 22 Nov 2026 22:00:00 +0000"
    assert message["List-Unsubscribe"] == f"<{RECIPIENT.unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Archived-At"] == f"<{EDITION.address}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["Feedback-ID"].startswith("digest-12:digest:digest:")
    assert 5 <= len(message["Feedback-ID"].split(":")[3]) <= 15
    assert message["List-Id"].endswith("<digest.example.com>")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_letter_is_seven_bit_with_crlf_and_short_lines() -> None:
    letter = fill(STENCIL, RECIPIENT._replace(unsubscribe_url="https://example.com/" + "x" * 880))
    assert letter.isascii()
    assert b"\x00" not in letter
    assert letter.count(b"\n") == letter.count(b"\r\n") == letter.count(b"\r")
    assert max(map(len, letter.split(b"\r\n"))) <= 998


def test_a_long_unsubscribe_address_is_neither_encoded_nor_folded() -> None:
    url = "https://example.com/u/" + "y" * 300
    letter = fill(STENCIL, RECIPIENT._replace(unsubscribe_url=url))
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in letter


def test_a_mailto_comes_second_when_its_inbox_is_read() -> None:
    made = stencil(
        RENDERED, EDITION, replace(SENDER, unsubscribe_mailto="mailto:leave@example.com?subject=x")
    )
    value = parsed(fill(made, RECIPIENT))["List-Unsubscribe"]
    assert value.split(",\r\n ") == [
        f"<{RECIPIENT.unsubscribe_url}>",
        "<mailto:leave@example.com?subject=x>",
    ]


def test_an_edition_without_a_page_or_number_has_no_archived_at() -> None:
    digest = replace(EDITION, address=None, number=None)
    made = stencil(render(digest, PUBLICATION, ENVIRONMENT), digest, replace(SENDER, reply_to=None))
    message = parsed(fill(made, RECIPIENT))
    assert message["Archived-At"] is None
    assert message["Reply-To"] is None
    assert message["Feedback-ID"].startswith("digest-0:")


def test_emoji_stay_in_the_subject_and_leave_the_name() -> None:
    digest = replace(EDITION, subject="📮 今週の便り 👩‍👩‍👧‍👦")
    message = parsed(fill(stencil(RENDERED, digest, replace(SENDER, name="📮 Letters")), RECIPIENT))
    assert subject_of(message) == digest.subject
    assert message["From"] == '"Letters" <letters@example.com>'


def test_the_bytes_are_the_same_on_every_attempt_and_from_the_store() -> None:
    stored = Stencil.from_bytes(STENCIL.to_bytes())
    assert stored == STENCIL
    assert fill(stored, RECIPIENT) == fill(STENCIL, RECIPIENT)
    again = stencil(render(EDITION, PUBLICATION, ENVIRONMENT), EDITION, SENDER)
    assert fill(again, RECIPIENT) == fill(STENCIL, RECIPIENT)


def test_a_stored_letter_is_smaller_than_the_letter() -> None:
    assert len(STENCIL.to_bytes()) < len(fill(STENCIL, RECIPIENT)) / 3


def test_a_letter_stored_by_another_release_is_refused() -> None:
    with pytest.raises(DigestError, match="another release"):
        Stencil.from_bytes(b"\xff" + STENCIL.to_bytes()[1:])


def test_recipients_differ_in_their_own_fields_only() -> None:
    other = Recipient(
        address="a..b@docomo.ne.jp",
        message_id=message_id("e:1:2", "example.com"),
        date=datetime(2026, 1, 5, 3, 4, 5, tzinfo=UTC),
        unsubscribe_url="https://example.com/u/other",
        preferences_url="https://example.com/preferences/other",
    )
    messages = [parsed(fill(STENCIL, one)) for one in (RECIPIENT, other)]
    differing = [name for name in messages[0] if messages[0][name] != messages[1][name]]
    assert differing == ["To", "Message-ID", "Date", "List-Unsubscribe"]
    assert messages[1]["To"] == '"a..b"@docomo.ne.jp'


@pytest.mark.parametrize(
    "change",
    [
        {"address": "a@example.com\r\nBcc: b@example.com"},
        {"message_id": "<a@b>\r\nBcc: b@example.com"},
        {"unsubscribe_url": "https://example.com/u/x>\r\nBcc: b@example.com"},
        {"unsubscribe_url": "https://example.com/u/\x00"},
    ],
)
def test_a_recipient_cannot_add_a_header_field(change: dict[str, str]) -> None:
    with pytest.raises(DigestError):
        fill(STENCIL, RECIPIENT._replace(**change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"address": "a@example.com\nX: y"},
        {"reply_to": "a@example.com\r\nX: y"},
        {"feedback_id": "digest\r\nX: y"},
        {"unsubscribe_mailto": "mailto:a@example.com>\r\nX: y"},
    ],
)
def test_a_sender_cannot_add_a_header_field(change: dict[str, str]) -> None:
    with pytest.raises(DigestError):
        stencil(RENDERED, EDITION, replace(SENDER, **change))


@given(st.text(alphabet=st.characters(), max_size=60))
@example("x\r\nBcc: victim@example.com\r\n\r\nbody")
def test_texts_cannot_add_a_header_field(text: str) -> None:
    digest = replace(EDITION, subject=text, newsletter_title=text)
    made = stencil(RENDERED, digest, replace(SENDER, name=text, list_id="digest.example.com"))
    message = parsed(fill(made, RECIPIENT))
    assert message.keys() == parsed(fill(STENCIL, RECIPIENT)).keys()


def test_an_address_with_a_line_break_is_no_page() -> None:
    with pytest.raises(DigestError):
        stencil(RENDERED, replace(EDITION, address="https://example.com/\r\nX: y"), SENDER)


def test_a_text_is_cut_at_each_of_its_sentinels() -> None:
    pattern = cut("a1b2c1", {"1": Field.ADDRESS, "2": Field.DATE})
    assert pattern == Pattern(("a", "b", "c", ""), (Field.ADDRESS, Field.DATE, Field.ADDRESS))


def test_a_rendered_text_without_a_line_end_is_written_all_the_same() -> None:
    made = stencil(Rendered("水", "a", RENDERED.sentinels), EDITION, SENDER)
    assert parts(fill(made, RECIPIENT)) == ("a", "水")
