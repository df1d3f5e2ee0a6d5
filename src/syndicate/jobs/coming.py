"""What is told of a coming edition."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate.model import Cadence, ItemKind, Opening
from syndicate.store import articles
from syndicate.store.membership import Audience
from syndicate.store.outlook import Absent

AUDIENCES: Mapping[Audience, Collection[Cadence]] = {
    "article": {Cadence.EACH},
    "calendar": set(Cadence) - {Cadence.EACH},
    "all": set(Cadence),
}


class Planned(Struct, frozen=True):
    """An article of a coming edition, and why it is in it for those to whom it matters most."""

    article: str
    title: str
    language: str
    kind: ItemKind


class LeftOut(Struct, frozen=True):
    """An article that a coming edition will not hold: `code` is fixed, `reason` a sentence."""

    article: str
    title: str
    code: str
    reason: str


class Coming(Struct, frozen=True):
    """A coming edition. `at` is UTC, `local` the same in the newsletter's `zone`.

    `edition` names the draft that waits; `waits` says why an edition will not start by itself.
    `letters` is how many are due one, `readers_left_out` who is not of the audience, by a code of why
    (`jobs.reach`). Articles stand in the order of the letter. Subject, preheader and opening words are
    an editor's.
    """

    newsletter: str
    slot: str
    at: datetime
    local: str
    zone: str
    articles: tuple[Planned, ...] = ()
    letters: int = 0
    left_out: tuple[LeftOut, ...] = ()
    waits: str | None = None
    edition: str | None = None
    subject: str = ""
    preheader: str = ""
    opening: tuple[str, ...] = ()
    readers_left_out: Mapping[str, int] = field(default_factory=dict)


def worded(found: Coming, note: Opening) -> Coming:
    """Let an edition bear an editor's words."""
    return replace(found, subject=note.subject, preheader=note.preheader, opening=note.opening)


def left_out(gone: Absent) -> LeftOut:
    """Say why an article cannot be mailed."""
    code, reason = gone.state, f"it is {gone.state}"
    if gone.state == articles.PUBLISHED:
        code, reason = "backlog", "it was published as old: it is nobody's news"
        if gone.excluded:
            code, reason = "excluded", "an editor left it out of this newsletter"
    return LeftOut(gone.slug, gone.title, code, reason)
