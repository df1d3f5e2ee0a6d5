"""Short letters that answer one reader: confirm, welcome, account. They hold no word of a stranger's.

Each is made whole, since no two are alike; the letters of editions are filled stencils.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from syndicate.digests import headers
from syndicate.digests.error import DigestError
from syndicate.digests.splice import encoded_lines
from syndicate.errors import TemplateRefused
from syndicate.language import catalogue
from syndicate.markup import draw, xml_text
from syndicate.model import Publication

if TYPE_CHECKING:
    from jinja2 import Environment


class Slip(Struct, frozen=True):
    """What a short letter says: `lines`, the link `url` under the words `action`, and `after` it.

    `leave` is the address that unsubscribes, in a letter to a subscriber.
    """

    subject: str
    lines: tuple[str, ...]
    action: str
    url: str
    after: tuple[str, ...] = ()
    leave: str | None = None


class Envelope(Struct, frozen=True):
    """Who a short letter is from and to; the same on every attempt."""

    sender: str
    name: str
    reply_to: str | None
    recipient: str
    message_id: str
    date: datetime


def confirming(newsletter: str, url: str, language: str) -> Slip:
    """Ask whether the address's reader wants a newsletter."""
    _ = catalogue(language).gettext
    return Slip(
        _("Please confirm: {newsletter}").format(newsletter=newsletter),
        (
            _("Somebody, most likely you, asked us to send {newsletter} to this address.").format(
                newsletter=newsletter
            ),
        ),
        _("Confirm the subscription"),
        url,
        (
            _(
                "The link works for 7 days. Unless you confirm, nothing is sent, and this address is deleted."
            ),
            _("If it was not you, there is nothing that you need to do."),
        ),
    )


def welcoming(newsletter: str, settings: str, leave: str, language: str) -> Slip:
    """Greet a new reader."""
    _ = catalogue(language).gettext
    return Slip(
        _("Welcome to {newsletter}").format(newsletter=newsletter),
        (
            _("Thank you. You get {newsletter} from its next issue on.").format(
                newsletter=newsletter
            ),
            _("How often, in which language and how much of it: that is yours to choose."),
        ),
        _("Your settings"),
        settings,
        (),
        leave,
    )


def knowing(newsletter: str, settings: str, leave: str, language: str) -> Slip:
    """Tell a reader that somebody asked for what is sent to this address already."""
    _ = catalogue(language).gettext
    return Slip(
        _("You already get {newsletter}").format(newsletter=newsletter),
        (
            _("Somebody, most likely you, asked us to send {newsletter} to this address.").format(
                newsletter=newsletter
            ),
            _("It is sent to you already, so nothing changes."),
        ),
        _("Your settings"),
        settings,
        (_("If it was not you, there is nothing that you need to do."),),
        leave,
    )


def admitting(publication: str, url: str, language: str) -> Slip:
    """Send the link to what is kept of a reader."""
    _ = catalogue(language).gettext
    return Slip(
        _("Your data at {publication}").format(publication=publication),
        (
            _(
                "Here you can see all that is kept about you, change your address, or have everything erased."
            ),
        ),
        _("Your data"),
        url,
        (
            _("It works for 24 hours. Do not pass it on."),
            _("If it was not you, there is nothing that you need to do."),
        ),
    )


def moving(publication: str, url: str, language: str) -> Slip:
    """Ask whether a new address is its reader's."""
    _ = catalogue(language).gettext
    return Slip(
        _("Please confirm your new address"),
        (
            _(
                "A reader of {publication} wants letters to come to this address from now on."
            ).format(publication=publication),
        ),
        _("Confirm the new address"),
        url,
        (
            _(
                "The link works for 7 days. Unless you confirm, nothing is sent, and this address is deleted."
            ),
            _("If it was not you, there is nothing that you need to do."),
        ),
    )


def proving(
    newsletter: str, titles: Sequence[str], letters: int, until: str, url: str, language: str
) -> Slip:
    """Ask an editor whether an edition may start, which so many readers would get."""
    _ = catalogue(language).gettext
    return Slip(
        _("Please approve the next issue of {newsletter}").format(newsletter=newsletter),
        (_("It holds:"), *(f"■ {title}" for title in titles)),
        _("Read it, and approve or hold it"),
        url,
        (
            _("Readers who would get it now: {count}").format(count=letters),
            _("Unless somebody approves it by {time}, it is held.").format(time=until),
        ),
    )


def write(
    slip: Slip,
    envelope: Envelope,
    publication: Publication,
    language: str,
    environment: "Environment",
) -> bytes:
    """Write a short letter: CRLF line ends, 7-bit. Raises DigestError."""
    words = catalogue(language)
    context = {
        "slip": slip,
        "publication": publication,
        "language": words.language,
        "_": words.gettext,
    }
    text, html = (_draw(environment, f"slip/slip.{kind}", context) for kind in ("txt", "html"))
    boundary = "=_" + sha256((text + html).encode()).hexdigest()[:32]
    fields = [
        headers.named(
            "From", headers.without_emoji(envelope.name), headers.address(envelope.sender)
        ),
        f"To: {headers.address(envelope.recipient)}",
        *([f"Reply-To: {headers.address(envelope.reply_to)}"] if envelope.reply_to else []),
        headers.subject(slip.subject),
        f"Message-ID: {headers.identifier(envelope.message_id)}",
        f"Date: {headers.moment(envelope.date)}",
        *_leaving(slip),
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    parts = (_part(boundary, "plain", text), _part(boundary, "html", html))
    head = "".join(f"{field}\r\n" for field in fields).encode()
    return b"".join((head, b"\r\n", *parts, f"--{boundary}--\r\n".encode()))


def _leaving(slip: Slip) -> list[str]:
    if not slip.leave:
        return []
    return [
        f"List-Unsubscribe: <{headers.url(slip.leave)}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def _part(boundary: str, kind: str, text: str) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + encoded_lines(text.replace("\n", "\r\n").encode())


def _draw(environment: "Environment", template: str, context: dict[str, object]) -> str:
    try:
        drawn = draw(environment, template, context)
    except TemplateRefused as error:
        raise DigestError(str(error)) from error
    return xml_text(drawn).replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
