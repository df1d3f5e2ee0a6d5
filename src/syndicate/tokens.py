"""Keyed tokens for links, and keyed hashes of addresses.

A token is base64url of: key id (3 bytes), subject (6 bytes, big-endian), expiry (6 bytes of UTC
seconds, 0 for never), and the first 18 bytes of an HMAC-SHA256 over purpose and all before. Its
length is a multiple of 3 bytes, so that no bit of its text is slack. It carries no address.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from syndicate.errors import TokenRefused

TOKEN_LENGTH = 44  # characters
# What tokens are for. The subject of the first two is a subscription, and they stand in every letter;
# that of the others is a request or a private feed, or the second in which a form was shown.
UNSUBSCRIBE, PREFERENCES = "unsubscribe", "preferences"
CONFIRM, ACCOUNT, FEED, FORM = "confirm", "account", "feed", "form"
APPROVE = "approve"
_KEY_ID, _SUBJECT, _EXPIRY, _MAC = 3, 6, 6, 18


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The publication's secrets: token keys by id (the newest signs, all verify) and the hash key."""

    token_keys: Mapping[str, bytes]
    newest: str
    hash_key: bytes


def sign(
    keys: Keys,
    purpose: str,
    subject: int,
    expires: datetime | None = None,
    *,
    key_id: str | None = None,
) -> str:
    """Make the token of `subject` (an id below 2**48) for one purpose.

    `key_id` names an older key, for a letter that bears its token already; the newest signs where
    there is none of that name any more.
    """
    signer = key_id if key_id and key_id in keys.token_keys else keys.newest
    head = (
        bytes.fromhex(signer)
        + subject.to_bytes(_SUBJECT, "big")
        + (int(expires.timestamp()) if expires else 0).to_bytes(_EXPIRY, "big")
    )
    return urlsafe_b64encode(head + _mac(keys.token_keys[signer], purpose, head)).decode()


def verify(keys: Keys, purpose: str, token: str, now: datetime) -> int:
    """Return the subject of `token`, or raise TokenRefused."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        raise TokenRefused("This link is not complete. Please copy the whole link from the letter.")
    try:
        raw = urlsafe_b64decode(token)
    except ValueError:
        raise TokenRefused("This link is not one of ours.") from None
    if urlsafe_b64encode(raw).decode() != token:  # the decoder passes over what it does not know
        raise TokenRefused("This link is not one of ours.")
    head, mac = raw[:-_MAC], raw[-_MAC:]
    key = keys.token_keys.get(head[:_KEY_ID].hex())
    if key is None or not hmac.compare_digest(mac, _mac(key, purpose, head)):
        raise TokenRefused("This link is not one of ours.")
    expiry = int.from_bytes(head[-_EXPIRY:], "big")
    if expiry and now.timestamp() > expiry:
        raise TokenRefused("This link has expired. Please ask for a new one.")
    return int.from_bytes(head[_KEY_ID : _KEY_ID + _SUBJECT], "big")


def address_key(keys: Keys, canonical: str) -> bytes:
    """The keyed hash under which the ledger and the suppressions know an address (32 bytes)."""
    return hmac.digest(keys.hash_key, b"address\0" + canonical.encode(), sha256)


def fingerprint(keys: Keys) -> str:
    """What a database keeps of the hash key, to know it again; it tells nothing of the key."""
    return hmac.digest(keys.hash_key, b"fingerprint", sha256).hex()


def domain_key(keys: Keys, domain: str) -> str:
    """The keyed hash under which the ledger knows a small domain, which may be a person's name."""
    return "d-" + hmac.digest(keys.hash_key, b"domain\0" + domain.encode(), sha256)[:6].hex()


def network_key(keys: Keys, network: str) -> bytes:
    """The keyed hash of a network address or network; it cannot be led back without the hash key."""
    return hmac.digest(keys.hash_key, b"network\0" + network.encode(), sha256)


def handle(address_key: bytes) -> str:
    """The short name of an address in logs: nobody without the hash key can tell whose it is."""
    return sha256(b"handle\0" + address_key).hexdigest()[:10]


def _mac(key: bytes, purpose: str, head: bytes) -> bytes:
    seal = _begun(key, purpose).copy()
    seal.update(head)
    return seal.digest()[:_MAC]


@lru_cache(maxsize=64)
def _begun(key: bytes, purpose: str) -> hmac.HMAC:
    """Begin an HMAC once for a purpose: two stand in every letter."""
    return hmac.new(key, purpose.encode() + b"\0", sha256)
