from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import TokenRefused
from syndicate.tokens import TOKEN_LENGTH, Keys, address_key, sign, verify
from tests.conftest import NOW

KEYS = Keys({"a1b2c3": b"k" * 32}, "a1b2c3", b"h" * 32)


@given(st.integers(0, 2**48 - 1))
def test_a_token_gives_its_subject_back(subject: int) -> None:
    token = sign(KEYS, "unsubscribe", subject)
    assert len(token) == TOKEN_LENGTH
    assert verify(KEYS, "unsubscribe", token, NOW) == subject


def test_every_flipped_bit_is_refused() -> None:
    raw = urlsafe_b64decode(sign(KEYS, "unsubscribe", 7))
    for position in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(TokenRefused):
            verify(KEYS, "unsubscribe", urlsafe_b64encode(flipped).decode(), NOW)


def test_a_token_has_one_spelling() -> None:
    tokens = (sign(KEYS, "unsubscribe", subject) for subject in range(1000))
    token = next(one for one in tokens if "-" in one and "_" in one)
    for other in (token.replace("-", "+"), token.replace("_", "/")):
        with pytest.raises(TokenRefused):
            verify(KEYS, "unsubscribe", other, NOW)


def test_a_token_of_another_purpose_is_refused() -> None:
    with pytest.raises(TokenRefused, match="not one of ours"):
        verify(KEYS, "preferences", sign(KEYS, "unsubscribe", 7), NOW)


def test_a_token_of_another_key_is_refused() -> None:
    other = Keys({"a1b2c3": b"x" * 32}, "a1b2c3", b"h" * 32)
    with pytest.raises(TokenRefused, match="not one of ours"):
        verify(KEYS, "unsubscribe", sign(other, "unsubscribe", 7), NOW)


def test_a_token_of_a_replaced_key_still_verifies() -> None:
    rotated = Keys({**KEYS.token_keys, "d4e5f6": b"n" * 32}, "d4e5f6", KEYS.hash_key)
    assert verify(rotated, "unsubscribe", sign(KEYS, "unsubscribe", 7), NOW) == 7


def test_an_expired_token_is_refused_and_says_so() -> None:
    token = sign(KEYS, "confirm", 7, NOW)
    assert verify(KEYS, "confirm", token, NOW) == 7
    with pytest.raises(TokenRefused, match="expired"):
        verify(KEYS, "confirm", token, NOW + timedelta(seconds=1))


@given(st.text(max_size=80))
def test_any_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        verify(KEYS, "unsubscribe", text, NOW)


def test_an_address_has_one_key_under_one_hash_key() -> None:
    other = Keys(KEYS.token_keys, KEYS.newest, b"x" * 32)
    assert address_key(KEYS, "a@example.com") == address_key(KEYS, "a@example.com")
    assert address_key(KEYS, "a@example.com") != address_key(other, "a@example.com")


def test_keys_are_not_shown_when_they_are_printed() -> None:
    assert "kkkk" not in repr(KEYS)
    assert "hhhh" not in repr(KEYS)
