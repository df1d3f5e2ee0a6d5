"""What was done for which slot, so that nobody does it again."""

from datetime import datetime

from sqlalchemy import select, update

from syndicate.store.database import Transaction
from syndicate.store.schema.letters import run
from syndicate.store.upsert import insert_new


def begin(tx: Transaction, task: str, slot: str, now: datetime) -> bool:
    """Take a slot; False when it was taken before."""
    values = {"task": task, "slot": slot, "at": now, "result": ""}
    return insert_new(tx, run, values)


def end(tx: Transaction, task: str, slot: str, result: str) -> None:
    """Note what came of a slot."""
    tx.execute(update(run).where(run.c.task == task, run.c.slot == slot).values(result=result))


def was_run(tx: Transaction, task: str, slot: str) -> bool:
    """Whether a slot was taken."""
    return (
        tx.execute(select(run.c.at).where(run.c.task == task, run.c.slot == slot)).first()
        is not None
    )
