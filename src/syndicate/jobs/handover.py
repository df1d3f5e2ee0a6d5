"""Handing one letter to a carrier, and what is told of it once it has landed."""

from collections.abc import Callable
from typing import Literal

from syndicate.delivery import Carrier
from syndicate.delivery.replies import kept
from syndicate.digests.error import DigestError
from syndicate.model import (
    Decision,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    Event,
    Letter,
    Outcome,
    Refused,
    Unknown,
)

_UNFIT = 554  # RFC 5321 section 4.2.2: what a server would say of such a letter

Compose = Callable[[Delivery], Letter]


def hand_over(carrier: Carrier, compose: Compose, letter: Delivery) -> Outcome | None:
    """Send a letter on its way; what has come of it at once, None while it is under way.

    One that cannot be written has not been sent.
    """
    try:
        ready = compose(letter)
    except DigestError as error:
        return Refused(kept(f"not sent: {error}", letter.address), _UNFIT, "message")
    except Exception as error:  # noqa: BLE001 - one bad letter must not hold up the others
        return Deferred(kept(f"not sent: {error!r}", letter.address), unheard=True)
    try:
        carrier.take(letter.id, ready)
    except Exception as error:  # noqa: BLE001 - as above; and it may have arrived
        return Unknown(kept(f"{error!r}", ready.recipient))
    return None


def told(letter: Delivery, decision: Decision) -> Event:
    """Say what became of an attempt, for the log: no address."""
    kind = decision.state.value if isinstance(decision, Done) else "deferred"
    level: Literal["debug", "warning"] = "debug" if kind == DeliveryState.SENT else "warning"
    values = {
        "delivery": letter.key,
        "edition": letter.edition_id,
        "lane": letter.lane,
        "reader": letter.address_key,
        "attempt": letter.attempts + 1,
        "reply": decision.reply,
    }
    return Event(f"delivery.{kind}", values, level)
