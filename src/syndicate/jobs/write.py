"""Write the letter of a ledger row: a filled stencil, or a slip that answers a request."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate import addresses, tokens
from syndicate.digests import slip
from syndicate.digests.error import DigestError
from syndicate.digests.letter import Recipient, Sender, Stencil, message_id, pieces
from syndicate.digests.slip import Envelope, Slip
from syndicate.jobs.approval import said_of
from syndicate.language import catalogue
from syndicate.model import Delivery, Letter, Newsletter, Publication, Signup, SignupKind
from syndicate.store import senders, signups, variants
from syndicate.store.database import Store
from syndicate.store.signups import TTL
from syndicate.tokens import Keys

if TYPE_CHECKING:
    from jinja2 import Environment

ACCOUNT_TTL = timedelta(hours=24)  # what it opens is a reader's own
NOBODY = 0  # no subscription's number: the links of a test letter change nothing
_STENCILS = 32  # rendered letters kept in memory: one edition seldom has more variants


class Desk(Struct, frozen=True):
    """All that letters are written with. A run that answers nobody reads no template."""

    store: Store
    keys: Keys
    about: Publication
    newsletters: Sequence[Newsletter]
    sender: Sender  # of what belongs to no newsletter
    environment: "Callable[[], Environment]"


def writer(desk: Desk) -> Callable[[Delivery], Letter]:
    """Return the function that makes the letter of a row: the same bytes every time."""
    with desk.store.read() as tx:
        namespace = senders.namespace(tx)

    @lru_cache(maxsize=_STENCILS)
    def stencil(variant_id: int) -> Stencil:
        with desk.store.read() as tx:
            return Stencil.from_bytes(variants.stencil(tx, variant_id))

    def letter(row: Delivery) -> Letter:
        key = f"{namespace}/{row.key}"
        if row.variant_id is None:
            data = _answer(desk, row, message_id(key, desk.sender.domain))
            return Letter(key, desk.sender.address, row.address, (data,))
        made = stencil(row.variant_id)
        reader = row.subscription_id or NOBODY
        leave, settings = (
            tokens.sign(desk.keys, purpose, reader, key_id=made.token_key)
            for purpose in (tokens.UNSUBSCRIBE, tokens.PREFERENCES)
        )
        recipient = Recipient(
            address=row.address,
            message_id=message_id(key, made.domain),
            date=row.dated,
            unsubscribe_url=f"{made.links}{leave}",
            preferences_url=f"{made.preferences}{settings}",
        )
        return Letter(key, desk.sender.address, row.address, pieces(made, recipient), clean=True)

    return letter


def _answer(desk: Desk, row: Delivery, name: str) -> bytes:
    """Write the slip that answers a request. Raises DigestError for one that is gone."""
    with desk.store.read() as tx:
        request = signups.get(tx, row.signup_id) if row.signup_id else None
    if request is None:
        raise DigestError("The request that this letter answers was deleted.")
    title = {one.name: one.title for one in desk.newsletters}.get(
        request.newsletter or "", desk.about.title
    )
    envelope = Envelope(
        desk.sender.address, title, desk.sender.reply_to, row.address, name, row.dated
    )
    said = _slip(desk, request, title)
    return slip.write(said, envelope, desk.about, request.language, desk.environment())


def _slip(desk: Desk, one: Signup, title: str) -> Slip:
    words = one.language
    match one.kind:
        case SignupKind.JOIN:
            return slip.confirming(title, _link(desk, tokens.CONFIRM, one), words)
        case SignupKind.MOVE:
            return slip.moving(desk.about.title, _link(desk, tokens.CONFIRM, one), words)
        case SignupKind.ACCOUNT:
            return slip.admitting(desk.about.title, _link(desk, tokens.ACCOUNT, one), words)
        case SignupKind.WELCOME | SignupKind.KNOWN:
            settings, leave = (
                _standing(desk, purpose, one)
                for purpose in (tokens.PREFERENCES, tokens.UNSUBSCRIBE)
            )
            say = slip.welcoming if one.kind is SignupKind.WELCOME else slip.knowing
            return say(title, settings, leave, words)
        case SignupKind.PROOF:
            return _proof(desk, one, title)
        case SignupKind.TEST:
            raise DigestError("A test letter without its variant cannot be written.")


def _proof(desk: Desk, one: Signup, title: str) -> Slip:
    """Ask an editor, who is told until when by the newsletter's own clock."""
    said = said_of(one)
    until = datetime.fromisoformat(said["until"])
    token = tokens.sign(desk.keys, tokens.APPROVE, one.id, until)
    url = addresses.absolute(desk.about.base_url, addresses.token_path(tokens.APPROVE, token))
    zones = {each.name: each.zone for each in desk.newsletters}
    zone = zones.get(one.newsletter or "", desk.about.zone)
    day = catalogue(one.language).date(until, zone)
    ends = f"{day} {until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"
    return slip.proving(title, said["titles"], said["letters"], ends, url, one.language)


def _link(desk: Desk, purpose: str, one: Signup) -> str:
    """The address that a request is gone on with, for as long as the request is kept."""
    ends = one.at + (ACCOUNT_TTL if purpose == tokens.ACCOUNT else TTL)
    token = tokens.sign(desk.keys, purpose, one.id, ends)
    return addresses.absolute(desk.about.base_url, addresses.token_path(purpose, token))


def _standing(desk: Desk, purpose: str, one: Signup) -> str:
    """The address of a subscription's page, which never expires."""
    assert one.subscription_id is not None
    token = tokens.sign(desk.keys, purpose, one.subscription_id)
    return addresses.absolute(desk.about.base_url, addresses.token_path(purpose, token))
