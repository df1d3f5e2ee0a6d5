"""Text with holes for a recipient's fields."""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Field(StrEnum):
    """What is a recipient's own in a letter."""

    ADDRESS = "address"
    MESSAGE_ID = "message_id"
    DATE = "date"
    UNSUBSCRIBE_URL = "unsubscribe_url"
    PREFERENCES_URL = "preferences_url"


BODY_FIELDS = (Field.UNSUBSCRIBE_URL, Field.PREFERENCES_URL)  # templates know them by their values


class Pattern(Struct, frozen=True):
    """`literals` stand before, between and after `fields`: there is one more of them."""

    literals: tuple[str, ...]
    fields: tuple[Field, ...]

    def filled(self, values: Mapping[Field, str]) -> str:
        """Return the text with a value in each hole."""
        pieces = [self.literals[0]]
        for field, literal in zip(self.fields, self.literals[1:], strict=True):
            pieces += (values[field], literal)
        return "".join(pieces)


def cut(text: str, sentinels: Mapping[str, Field]) -> Pattern:
    """Cut `text` at its sentinels, which hold letters and digits only."""
    pieces = re.split(f"({'|'.join(sentinels)})", text)
    return Pattern(tuple(pieces[::2]), tuple(sentinels[mark] for mark in pieces[1::2]))
