"""What other services write into their exports: their columns, and their words for a reader's status.

Column names are compared in lower case. Where several are named, the first that holds something
counts; of several statuses the gravest does.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

Status = Literal["active", "unconfirmed", "left", "bounced", "complained"]
GRAVEST: tuple[Status, ...] = ("complained", "bounced", "left", "unconfirmed", "active")


class Preset(Struct, frozen=True):
    """`columns` are by our field: email, name, first, last, language, status, agreed, network, origin.

    `statuses` are the words of the status columns; a column of `filled` says a status by not being empty.
    `caution` is what an operator has to know of such a file.
    """

    columns: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, Status] = field(default_factory=dict)
    filled: Mapping[str, Status] = field(default_factory=dict)
    caution: str = ""


# Of ours (`subscribers export --csv`), or written by hand: who left is no reader for standing in the list.
PLAIN = Preset(
    {
        **{name: (name,) for name in ("email", "name", "language", "status")},
        "agreed": ("joined",),
    },
    {"active": "active", "pending": "unconfirmed", "left": "left", "held": "bounced"},
    {"suppressed": "left"},
)

PRESETS: Mapping[str, Preset] = {
    "mailpoet": Preset(
        {
            "email": ("email",),
            "first": ("first name", "first_name"),
            "last": ("last name", "last_name"),
            "status": ("global status", "global_status", "list status", "list_status", "status"),
            "agreed": (
                *("confirmed_at", "confirmation time", "confirmed on"),
                *("last_subscribed_at", "subscription time", "subscribed on", "created_at"),
            ),
            "network": (
                *("confirmed_ip", "confirmation ip", "confirmed ip"),
                *("subscribed_ip", "subscription ip", "subscribed ip", "ip address"),
            ),
            "origin": ("source", "list", "segment_name"),
        },
        {
            "subscribed": "active",
            "unconfirmed": "unconfirmed",
            "unsubscribed": "left",
            "inactive": "active",
            "bounced": "bounced",
        },
    ),
    "mailchimp": Preset(
        {
            "email": ("email address", "email"),
            "first": ("first name", "fname"),
            "last": ("last name", "lname"),
            "language": ("language",),
            "status": ("status",),
            "agreed": ("confirm_time", "optin_time"),
            "network": ("confirm_ip", "optin_ip"),
            "origin": ("source", "signup source"),
        },
        {
            "subscribed": "active",
            "pending": "unconfirmed",
            "non-subscribed": "unconfirmed",
            "transactional": "unconfirmed",
            "unsubscribed": "left",
            "archived": "left",
            "cleaned": "bounced",
        },
        {"unsub_time": "left", "clean_time": "bounced"},
    ),
    "listmonk": Preset(
        {
            "email": ("email",),
            "name": ("name",),
            "status": ("status", "subscription_status"),
            "agreed": ("created_at",),
        },
        {
            "enabled": "active",
            "confirmed": "active",
            "unconfirmed": "unconfirmed",
            "disabled": "left",
            "unsubscribed": "left",
            "blocklisted": "left",
        },
        caution="listmonk's file does not say who left a list: export those of the status unsubscribed by "
        "themselves, and give them to: syndicate suppressions import.",
    ),
    "ghost": Preset(
        {
            "email": ("email",),
            "name": ("name",),
            "status": ("subscribed_to_emails",),
            "agreed": ("created_at",),
            "origin": ("labels",),
        },
        {"true": "active", "false": "left", "": "left"},
        {"deleted_at": "left"},
    ),
    "buttondown": Preset(
        {
            "email": ("email_address", "email"),
            "status": ("type", "subscriber_type", "subscriber type"),
            "agreed": ("creation_date", "created"),
            "network": ("ip_address",),
            "origin": ("source", "referrer_url"),
        },
        {
            **dict.fromkeys(
                ("regular", "premium", "gifted", "trialed", "past_due", "paused", "churning"),
                "active",
            ),
            **dict.fromkeys(("unactivated", "unconfirmed", "blocked", "upcoming"), "unconfirmed"),
            **dict.fromkeys(("unsubscribed", "removed", "disabled"), "left"),
            **dict.fromkeys(("undeliverable", "bounced"), "bounced"),
            **dict.fromkeys(("spammy", "complained"), "complained"),
        },
        {"unsubscription_date": "left"},
    ),
}
