"""Test letters in the ledger: of no edition, to an address that an operator names."""

from datetime import datetime

from sqlalchemy import insert, update

from syndicate.model import DeliveryState, SignupKind, SignupState
from syndicate.store import signups
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.signups import signup


def put_test(
    tx: Transaction,
    newsletter: str,
    variant_id: int,
    key: str,
    address: str,
    address_key: bytes,
    lane: str,
    language: str,
    now: datetime,
) -> None:
    """Put a test letter into the ledger; its address is kept as that of a request, and purged with it."""
    made = tx.execute(
        insert(delivery).values(
            key=key,
            kind="test",
            variant=variant_id,
            address_key=address_key,
            state=DeliveryState.PENDING.value,
            not_before=now,
            attempts=0,
            was_unknown=0,
            lane=lane,
        )
    ).inserted_primary_key
    assert made is not None
    number = signups.add(
        tx, SignupKind.TEST, address, language, now, newsletter=newsletter, source="test"
    )
    tx.execute(
        update(signup)
        .where(signup.c.id == number)
        .values(state=SignupState.SENT.value, delivery=made[0])
    )
