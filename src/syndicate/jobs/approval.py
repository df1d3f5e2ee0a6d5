"""Approval by the editors: a letter asks them, a page decides, and silence means hold (issue 6).

A link is bound to what the edition held when it was asked for: once that changed, nobody can approve
what nobody has seen.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from syndicate.errors import SyndicateError
from syndicate.jobs.editions import APPROVAL, Cut, proof, start_draft
from syndicate.jobs.reach import reach_of_draft
from syndicate.model import Edition, EditionState, Event, Newsletter, Signup, SignupKind, Tell
from syndicate.store import articles, editions, news, signups
from syndicate.store.database import Store, Transaction

Choice = Literal["approve", "hold"]
_TITLES = 20  # a letter that asks names no more articles


class ApprovalRefused(SyndicateError):
    """A link decides nothing any more; the message says why."""


class ApprovalOutdated(ApprovalRefused):
    """What a link asks about has changed since; its editor may want to be asked anew."""


@dataclass(frozen=True, slots=True)
class Question:
    """A draft that an editor is asked about: `editor` is whose link it is; so many would get it now."""

    newsletter: Newsletter
    draft: Edition
    editor: str
    letters: int = 0


def is_due(tx: Transaction, newsletters: Sequence[Newsletter], now: datetime) -> bool:
    """Whether editors are to be asked, or have been silent for too long."""
    return any(_open(tx, one, now) for one in newsletters)


def ask(
    store: Store, newsletters: Sequence[Newsletter], version: str, now: datetime, tell: Tell
) -> tuple[str, ...]:
    """Write to the editors of drafts that wait for them; return the names of what was asked or given up."""
    done: list[str] = []
    with store.write() as tx:
        for newsletter in newsletters:
            draft = _open(tx, newsletter, now)
            if draft and draft.answer_by is None:
                _ask(tx, newsletter, draft, version, now)
            elif draft:
                editions.answer(tx, draft.id, "no answer", _silence(draft))
            done += [draft.name] if draft else []
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
    """Return what a link asks, if it can decide still; changes nothing.

    Raises ApprovalRefused, or ApprovalOutdated when only asking anew can lead on.
    """
    with store.read() as tx:
        return _question(tx, newsletters, request, version, now)


def decide(
    store: Store,
    newsletters: Sequence[Newsletter],
    request: int,
    choice: Choice,
    version: str,
    now: datetime,
    tell: Tell,
) -> Cut:
    """Start a draft, or hold it, and remember who decided. Raises ApprovalRefused.

    Where its content has changed since, the editors are asked anew.
    """
    with store.write() as tx:
        news.lock(tx, _request(tx, newsletters, request, now).newsletter.name)
        found = _request(tx, newsletters, request, now)  # another editor may have been before us
        if _hash(tx, found.newsletter, found.draft, version, now) != _bound(tx, request)["hash"]:
            editions.ask(tx, found.draft.id, None)
            report = None
        else:
            report = _decide(tx, found, choice, version, now)
    if report is None:
        raise ApprovalRefused(_changed(found.draft))
    name = report.edition.name if report.edition else found.draft.name
    tell(Event(f"edition.{'started' if choice == 'approve' else 'held'}", {"edition": name}))
    return report


def ask_anew(
    store: Store, newsletters: Sequence[Newsletter], request: int, version: str, now: datetime
) -> None:
    """Have the editors asked anew about a draft that changed. Raises ApprovalRefused."""
    with store.write() as tx:
        signups.lock(tx, request)
        found = _request(tx, newsletters, request, now)
        if _hash(tx, found.newsletter, found.draft, version, now) != _bound(tx, request)["hash"]:
            editions.ask(tx, found.draft.id, None)


def _decide(tx: Transaction, found: Question, choice: Choice, version: str, now: datetime) -> Cut:
    if choice == "hold":
        editions.answer(tx, found.draft.id, f"held by {found.editor}", f"{found.editor} holds it")
        return Cut(editions.get(tx, found.draft.id), reason="it is held")
    editions.answer(tx, found.draft.id, f"approved by {found.editor}")
    return start_draft(tx, found.newsletter, found.draft, version, now)


def _open(tx: Transaction, newsletter: Newsletter, now: datetime) -> Edition | None:
    """Return a newsletter's draft if its editors are to be asked, or their time is over."""
    if newsletter.approval != "required" or not newsletter.editors:
        return None
    draft = editions.find(tx, newsletter.name, "draft")
    if draft is None or draft.answered or draft.held != APPROVAL:
        return None
    return draft if draft.answer_by is None or draft.answer_by <= now else None


def _ask(
    tx: Transaction, newsletter: Newsletter, draft: Edition, version: str, now: datetime
) -> None:
    until = now + newsletter.answer_within
    languages = proof(tx, newsletter, draft, now)
    shown = next(iter(languages.values()), ())
    said = {
        "edition": draft.id,
        "hash": _hash(tx, newsletter, draft, version, now),
        "until": until.isoformat(),
        "letters": reach_of_draft(tx, newsletter, draft, now).letters,
        "titles": [articles.get(tx, one.article_id).title for one in shown[:_TITLES]],
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
    editions.ask(tx, draft.id, until)


def _question(
    tx: Transaction,
    newsletters: Sequence[Newsletter],
    request: int,
    version: str,
    now: datetime,
) -> Question:
    found = _request(tx, newsletters, request, now)
    if _hash(tx, found.newsletter, found.draft, version, now) != _bound(tx, request)["hash"]:
        raise ApprovalOutdated(f"{found.draft.name} has changed since this letter was written.")
    return replace(found, letters=reach_of_draft(tx, found.newsletter, found.draft, now).letters)


def _request(
    tx: Transaction, newsletters: Sequence[Newsletter], request: int, now: datetime
) -> Question:
    """Return the question of a link whose time is not over and that nobody has answered."""
    one = signups.get(tx, request)
    newsletter = next((each for each in newsletters if one and each.name == one.newsletter), None)
    if one is None or one.kind is not SignupKind.PROOF or newsletter is None:
        raise ApprovalRefused("This edition waits for nobody any more.")
    draft = editions.get(tx, said_of(one)["edition"])
    if draft.answered and draft.answered != "no answer":
        raise ApprovalRefused(f"This edition was decided on before: {draft.answered}.")
    if draft.state is not EditionState.DRAFT:
        raise ApprovalRefused(f"This edition waits for nobody any more: it is {draft.state}.")
    if draft.answered or draft.answer_by is None or draft.answer_by <= now:
        raise ApprovalRefused("The time for an answer is over: the edition is held.")
    return Question(newsletter, draft, one.address)


def said_of(one: Signup) -> dict[str, Any]:
    """Return what a letter that asks for approval is bound to, and what it says."""
    return dict(json.loads(one.evidence))


def _bound(tx: Transaction, request: int) -> dict[str, Any]:
    one = signups.get(tx, request)
    assert one is not None
    return said_of(one)


def _hash(
    tx: Transaction, newsletter: Newsletter, draft: Edition, version: str, now: datetime
) -> str:
    """Name all that the letters of a draft would say."""
    content = (proof(tx, newsletter, draft, now), draft.note, newsletter.title, version)
    return sha256(repr(content).encode()).hexdigest()


def _changed(draft: Edition) -> str:
    return (
        f"{draft.name} has changed since this letter was written. A new letter asks you about it."
    )


def _silence(draft: Edition) -> str:
    return f"nobody answered by {draft.answer_by:%Y-%m-%d %H:%M} UTC"
