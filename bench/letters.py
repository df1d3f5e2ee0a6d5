"""The letter that is measured: 40 KB of HTML and 8 KB of text in Japanese, one for each recipient."""

from datetime import UTC, datetime
from email.message import EmailMessage

from syndicate.digests.letter import Recipient, Stencil, pieces
from syndicate.digests.pattern import Field, cut
from syndicate.digests.splice import Encoded, encode
from syndicate.model import Letter

SENDER = "news@example.com"
WHEN = datetime(2026, 5, 16, 7, 0, tzinfo=UTC)
_HTML_SIZE, _TEXT_SIZE = 40_960, 8_192  # bytes
_SENTENCE = "潮汐発電は、海の満ち引きの力で電気を作る方法です。"
_LINK, _TO, _ID, _DATE = "xxLINKxx", "xxTOxx", "xxIDxx", "xxDATExx"
_MARKS = {
    _LINK: Field.UNSUBSCRIBE_URL,
    _TO: Field.ADDRESS,
    _ID: Field.MESSAGE_ID,
    _DATE: Field.DATE,
}
_SUBJECT = "=?utf-8?b?5r2u5rGQ55m66Zu744Gu44GX44GP44G/?="


def html(link: str) -> str:
    """Write the HTML part, with its unsubscribe link at the end."""
    line = f'<p style="margin:0 0 16px;line-height:1.8">{_SENTENCE}</p>\n'
    return line * (_HTML_SIZE // len(line.encode())) + f'<a href="{link}">配信停止</a>\n'


def text(link: str) -> str:
    """Write the text part."""
    line = f"{_SENTENCE}\n"
    return line * (_TEXT_SIZE // len(line.encode())) + f"配信停止: {link}\n"


def stencil() -> Stencil:
    """Make the stencil of the measured letter."""
    boundary = "=_0123456789abcdef0123456789abcdef"
    head = (
        f"From: Digest <{SENDER}>\r\nTo: {_TO}\r\nSubject: {_SUBJECT}\r\nMessage-ID: {_ID}\r\n"
        f"Date: {_DATE}\r\nList-Unsubscribe: <{_LINK}>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'
    )
    return Stencil(
        cut(head, _MARKS),
        _encoded(text(_LINK)),
        _encoded(html(_LINK)),
        boundary,
        "example.com",
        "https://example.com/u/",
        "https://example.com/preferences/",
        "a1b2c3",
    )


def _encoded(body: str) -> Encoded:
    return encode(cut(body.replace("\n", "\r\n"), _MARKS))


def recipient(number: int) -> Recipient:
    """Return one of many recipients."""
    return Recipient(
        address=f"reader{number}@example.com",
        message_id=f"<{number:032x}@example.com>",
        date=WHEN,
        unsubscribe_url=f"https://example.com/u/{number:044x}",
        preferences_url=f"https://example.com/preferences/{number:044x}",
    )


def letter(made: Stencil, number: int) -> Letter:
    """Fill the stencil for one recipient."""
    to = recipient(number)
    return Letter(f"e:1:{number}", SENDER, to.address, pieces(made, to), clean=True)


def email_message(number: int) -> EmailMessage:
    """Build the same letter as Python's own class does it."""
    to = recipient(number)
    message = EmailMessage()
    message["From"] = f"Digest <{SENDER}>"
    message["To"] = to.address
    message["Subject"] = "潮汐発電のしくみ"
    message["Message-ID"] = to.message_id
    message["Date"] = to.date
    message["List-Unsubscribe"] = f"<{to.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text(to.unsubscribe_url), cte="base64")
    message.add_alternative(html(to.unsubscribe_url), subtype="html", cte="base64")
    return message
