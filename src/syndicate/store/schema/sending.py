"""What sending goes by: freezes, who sends, lanes, and who gets nothing (DELIVERY.md)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    PrimaryKeyConstraint,
)

from syndicate.store.schema.base import col, key, ref, table
from syndicate.store.types import Blob, Instant, Int, Real, Str

# Scratch of one freeze: which variant (null: nothing due) a group of subscriptions gets; `waits` 1
# where its cursor stays all the same, since a correction waits for news. `held` are the revisions
# that its readers hold of the few articles that were logged more than once.
freeze_group = table(
    "freeze_group",
    ref("edition", "edition"),
    col("cursor", Int),
    col("start", Int),
    col("profile", Int),
    col("held", Str),
    col("variant", Int, null=True),
    col("waits", Int),
    PrimaryKeyConstraint("edition", "cursor", "start", "profile", "held"),
)

# Scratch of one freeze: when a reader's hour comes; the zone is empty for the newsletter's own.
freeze_hour = table(
    "freeze_hour",
    ref("edition", "edition"),
    col("hour", Int),
    col("zone", Str),
    col("at", Instant),
    PrimaryKeyConstraint("edition", "hour", "zone"),
)

# The processes that ever sent: who holds a row, and whether he still lives.
sender = table(
    "sender",
    key(),
    col("host", Str),
    col("boot", Str),
    col("pid", Int),
    col("began", Str),
    col("at", Instant),
)

# One row. `fence` is the last one reserved; `identity` is what the witness file knows us by;
# `namespace` makes our Message-IDs differ from those of everybody else, and never changes.
sending = table(
    "sending",
    Column("id", Int, primary_key=True, autoincrement=False),
    col("identity", Str),
    col("namespace", Str),
    col("fence", Int),
    col("departures", Int),
    CheckConstraint("id = 1", name="ck_sending_one_row"),
)

# A row while an operator holds all sending, also of editions that start later: since when.
halt = table(
    "halt",
    Column("id", Int, primary_key=True, autoincrement=False),
    col("at", Instant),
    CheckConstraint("id = 1", name="ck_halt_one_row"),
)

# One row a lane that is limited now, by its relay and domain group (outbox/lanes.py); most have none.
lane = table(
    "lane",
    col("relay", Str),
    col("name", Str),
    col("tokens", Real),
    col("updated", Instant),
    col("rate", Real),
    col("ceiling", Real),
    col("burst", Real),
    col("learned", Int),
    col("turn", Instant),
    col("slowed", Instant, null=True),
    PrimaryKeyConstraint("relay", "name"),
)

suppression = table(
    "suppression",
    Column("address_key", Blob, primary_key=True),
    col("reason", Str),
    col("at", Instant),
    col("evidence", Str),
)

# Append-only: when an address was suppressed, was so again for another reason (`repeated`), or was let
# go (`lifted`), and why.
suppression_event = table(
    "suppression_event",
    key(),
    col("address_key", Blob),
    col("at", Instant),
    col("kind", Str),
    col("reason", Str),
    col("evidence", Str),
    Index(None, "address_key"),
)
