"""Approval by the editors: a letter asks them, a page decides, and silence means hold (issue 6).

A link is bound to what the edition held when it was asked for: once that changed, nobody can approve
what nobody has seen, and its editors are asked anew.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from syndicate.errors import SyndicateError
from syndicate.jobs.editions import APPROVAL, Cut, contents, leftovers, proof, start_draft
from syndicate.jobs.reach import reach_of_draft
from syndicate.model import Edition, EditionState, Event, Newsletter, Signup, SignupKind, Tell
from syndicate.store import articles, decided, editions, news, signups
from syndicate.store.database import Store, Transaction

Choice = Literal["approve", "hold"]
_TITLES = 20  # a letter that asks names no more articles
_AGAIN = timedelta(minutes=5)  # who writes saves often, and editors get one letter for all of it
_NO_ANSWER = "no answer"


class ApprovalRefused(SyndicateError):
    """A link decides nothing any more; the message says why."""


class Question(Struct, frozen=True):
    """A draft that an editor is asked about: `editor` is whose link it is; so many would get it now."""

    newsletter: Newsletter
    draft: Edition
    editor: str
    letters: int = 0


def is_due(tx: Transaction, newsletters: Sequence[Newsletter], version: str, now: datetime) -> bool:
    """Whether editors are to be asked, or have been silent for too long."""
    return any(_open(tx, one, version, now) for one in newsletters)


def ask(
    store: Store, newsletters: Sequence[Newsletter], version: str, now: datetime, tell: Tell
) -> tuple[str, ...]:
    """Write to the editors of drafts that wait for them; return the names of what was asked or given up.

    A draft whose content has changed since is asked about anew, whatever was said of it before.
    """
    done: list[str] = []
    with store.write() as tx:
        news.lock(tx, *(one.name for one in newsletters))
        for newsletter in newsletters:
            draft = _open(tx, newsletter, version, now)
            if draft is None:
                continue
            content = _content(tx, newsletter, draft, version, now)
            if draft.asked != content:
                _ask(tx, newsletter, draft, content, now)
            else:
                decided.answer(tx, draft.id, _NO_ANSWER, _silence(draft, newsletter))
            done.append(draft.name)
    for name in done:
        tell(Event("edition.asked", {"edition": name}))
    return tuple(done)


def look(
    store: Store,
    newsletters: Sequence[Newsletter],
    request: int,
    version: str,
    now: datetime,
) -> Question:
    """Return what a link asks, if it can decide still; changes nothing. Raises ApprovalRefused."""
    with store.read() as tx:
        found = _question(tx, newsletters, request, version, now)
        reach = reach_of_draft(tx, found.newsletter, found.draft, now)
        return replace(found, letters=reach.letters)


def decide(
    store: Store,
    newsletters: Sequence[Newsletter],
    request: int,
    choice: Choice,
    version: str,
    now: datetime,
    tell: Tell,
) -> Cut:
    """Start a draft, or hold it, and remember who decided. Raises ApprovalRefused."""
    with store.write() as tx:
        news.lock(tx, _question(tx, newsletters, request, version, now).newsletter.name)
        # Another editor may have been before us.
        found = _question(tx, newsletters, request, version, now)
        report = _decide(tx, found, choice, version, now)
    name = report.edition.name if report.edition else found.draft.name
    tell(Event(f"edition.{'started' if choice == 'approve' else 'held'}", {"edition": name}))
    return report


def _decide(tx: Transaction, found: Question, choice: Choice, version: str, now: datetime) -> Cut:
    if choice == "hold":
        decided.answer(tx, found.draft.id, *decided.held_by(found.editor))
        return Cut(editions.get(tx, found.draft.id), reason="it is held")
    decided.answer(tx, found.draft.id, decided.approved_by(found.editor))
    return start_draft(tx, found.newsletter, found.draft, version, now)


def _open(tx: Transaction, newsletter: Newsletter, version: str, now: datetime) -> Edition | None:
    """Return a newsletter's draft if its editors are to be asked, or their time is over."""
    if newsletter.approval != "required" or not newsletter.editors:
        return None
    draft = editions.find(tx, newsletter.name, "draft")
    if draft is None or (draft.held != APPROVAL and not draft.answered):
        return None
    if draft.answer_by is None or draft.asked_at is None:
        return draft
    if draft.asked != _content(tx, newsletter, draft, version, now):
        return draft if abs(now - draft.asked_at) >= _AGAIN else None  # a clock may be set back
    return None if draft.answered or draft.answer_by > now else draft


def _ask(
    tx: Transaction, newsletter: Newsletter, draft: Edition, content: str, now: datetime
) -> None:
    until = now + newsletter.answer_within
    said = {
        "edition": draft.id,
        "content": content,
        "until": until.isoformat(),
        "letters": reach_of_draft(tx, newsletter, draft, now).letters,
        "titles": _titles(tx, newsletter, draft, now),
    }
    for editor in newsletter.editors:
        signups.add(
            tx,
            SignupKind.PROOF,
            editor,
            newsletter.language,
            now,
            newsletter=newsletter.name,
            source="approval",
            evidence=json.dumps(said, ensure_ascii=False),
        )
    decided.ask(tx, draft.id, content, until, APPROVAL, now)


def _titles(tx: Transaction, newsletter: Newsletter, draft: Edition, now: datetime) -> list[str]:
    """Return the titles of what a draft holds, those of the editor's note first."""
    shown = next(iter(proof(tx, newsletter, draft, now).values()), ())
    first = draft.note.order if draft.note else ()
    numbers = dict.fromkeys((*first, *(one.article_id for one in shown)))
    names = {one.article_id for one in shown}
    held = [number for number in numbers if number in names]
    return [articles.get(tx, number).title for number in held[:_TITLES]]


def _question(
    tx: Transaction,
    newsletters: Sequence[Newsletter],
    request: int,
    version: str,
    now: datetime,
) -> Question:
    """Return the question of a link that asks about its draft as it is. Raises ApprovalRefused."""
    found = _request(tx, newsletters, request, now)
    one = signups.get(tx, request)
    assert one is not None
    if said_of(one)["content"] != _content(tx, found.newsletter, found.draft, version, now):
        raise ApprovalRefused(
            f"{found.draft.name} has changed since this letter was written. A new letter asks you "
            "about it soon."
        )
    return found


def _request(
    tx: Transaction, newsletters: Sequence[Newsletter], request: int, now: datetime
) -> Question:
    """Return the question of a link whose time is not over and that nobody has answered."""
    one = signups.get(tx, request)
    newsletter = next((each for each in newsletters if one and each.name == one.newsletter), None)
    if one is None or one.kind is not SignupKind.PROOF or newsletter is None:
        raise ApprovalRefused("This edition waits for nobody any more.")
    if newsletter.approval != "required" or one.address not in newsletter.editors:
        raise ApprovalRefused("This edition does not wait for you any more.")
    draft = editions.get(tx, said_of(one)["edition"])
    if draft.answered and draft.answered != _NO_ANSWER:
        raise ApprovalRefused(f"This edition was decided on before: {draft.answered}.")
    if draft.state is not EditionState.DRAFT:
        raise ApprovalRefused(f"This edition waits for nobody any more: it is {draft.state}.")
    if draft.answered or draft.answer_by is None or draft.answer_by <= now:
        raise ApprovalRefused("The time for an answer is over: the edition is held.")
    return Question(newsletter, draft, one.address)


def said_of(one: Signup) -> dict[str, Any]:
    """Return what a letter that asks for approval is bound to, and what it says."""
    return dict(json.loads(one.evidence))


def _content(
    tx: Transaction, newsletter: Newsletter, draft: Edition, version: str, now: datetime
) -> str:
    """Name what the letters of a draft say: who joins or leaves meanwhile makes no difference to news."""
    shown = contents(tx, newsletter, draft) or leftovers(tx, newsletter, draft, now)
    content = (shown, draft.note, newsletter.title, version)
    return sha256(repr(content).encode()).hexdigest()


def _silence(draft: Edition, newsletter: Newsletter) -> str:
    assert draft.answer_by is not None, "only who was asked can be silent"
    until = draft.answer_by.astimezone(ZoneInfo(newsletter.zone))
    return f"nobody answered by {until:%Y-%m-%d %H:%M} {newsletter.zone}"
