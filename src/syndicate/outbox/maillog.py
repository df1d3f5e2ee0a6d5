"""What the log of a mail server, or a list of Message-IDs, proves about letters: one line at a time.

Postfix writes a line for each Message-ID (cleanup), one for each attempt to deliver it, and one when it
has left the queue; all name the same queue id (postfix.org, "postlog", "qmgr"). Only `status=sent`
proves anything.
"""

import re

from msgspec import Struct

_MARKS = ("message-id=", "status=sent", ": removed")
_POSTFIX = re.compile(
    r"(?P<head>.{0,300}?[\w.-]+/(?P<program>[\w-]+)\[\d+\]: (?P<queue>[0-9A-Za-z]{5,32})): (?P<rest>.*)"
)
_MESSAGE_ID = re.compile(r"message-id=<?(?P<id>[^<>\s]+@[^<>\s]+?)>?\s*")
# What the recipient or the other server says cannot pass for the status: it stands in brackets.
_SENT = re.compile(
    r"to=<[^<>]*>, (?:orig_to=<[^<>]*>, )?(?P<facts>(?:[a-z_]+=[^,()<>]*, )*status=sent\b.*)"
)
_LISTED = re.compile(r"\s*<?(?P<id>[^\s<>@,;]+@[^\s<>@,;]+)>?\s*")
_TO_NOBODY = "discard"  # the Postfix program that throws letters away, and says sent


class Named(Struct, frozen=True):
    """A queue id has a Message-ID from now on."""

    queue: str
    message_id: str


class Removed(Struct, frozen=True):
    """A queue id is free; another letter may get it."""

    queue: str


class Arrived(Struct, frozen=True):
    """The letter of a queue id was taken over by its next server; `line` says so and holds no recipient."""

    queue: str
    line: str


class Listed(Struct, frozen=True):
    """A Message-ID that somebody put on a list of letters that arrived."""

    message_id: str


Entry = Named | Removed | Arrived | Listed


def read(line: str) -> Entry | None:
    """Read a line, without brackets around Message-IDs; None for one that proves nothing."""
    if listed := _LISTED.fullmatch(line):
        return Listed(listed["id"])
    found = _POSTFIX.match(line) if any(mark in line for mark in _MARKS) else None
    return _of_postfix(found) if found else None


def _of_postfix(found: re.Match[str]) -> Entry | None:
    queue, rest = found["queue"], found["rest"].rstrip()
    if rest == "removed":
        return Removed(queue)
    if found["program"] == "cleanup":
        named = _MESSAGE_ID.fullmatch(rest)
        return Named(queue, named["id"]) if named else None
    sent = _SENT.match(rest)
    if sent is None or found["program"] == _TO_NOBODY:
        return None
    return Arrived(queue, f"{found['head']}: {sent['facts']}")
