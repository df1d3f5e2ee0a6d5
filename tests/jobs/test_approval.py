"""What is kept of editors' answers, and when they are asked anew, on both databases."""

from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.jobs.approval import Choice, ask, decide
from syndicate.jobs.privacy import erase, export
from syndicate.jobs.readers import ReaderUnknownError
from syndicate.model import Edition, Newsletter, silent
from syndicate.store import editions
from syndicate.store.database import Store
from tests.news.paper import Paper
from tests.world import DIGEST, KEYS

EDA = "Eda@example.net"
ASKING = replace(DIGEST, approval="required", editors=(EDA,), answer_within=timedelta(hours=72))


@pytest.fixture
def paper(store: Store) -> Paper:
    """A draft about which an editor is asked."""
    made = Paper(store, ASKING)
    made.join("a@example.com")
    made.write("one")
    made.issue()
    assert asks(made) == ("digest/draft",)
    return made


def asks(paper: Paper, newsletter: Newsletter = ASKING) -> tuple[str, ...]:
    return ask(paper.store, [newsletter], "v1", paper.now, silent)


def answers(paper: Paper, choice: Choice) -> None:
    with paper.store.read() as tx:
        request = tx.scalar(text("SELECT id FROM signup WHERE kind = 'proof'")) or 0
    decide(paper.store, [ASKING], request, choice, "v1", paper.now, silent)


def decided(paper: Paper) -> Edition:
    with paper.store.read() as tx:
        return editions.get(tx, 1)


def test_editors_are_asked_anew_though_they_have_less_time_to_answer_since(paper: Paper) -> None:
    """When they were asked is known, whatever the settings say of the time that they have."""
    paper.edit("one", "Otherwise.")
    assert asks(paper) == ()
    paper.pass_time(minutes=6)
    assert asks(paper, replace(ASKING, answer_within=timedelta(hours=1))) == ("digest/draft",)


@pytest.mark.parametrize("choice", get_args(Choice))
def test_what_an_editor_decided_is_held_of_the_address_and_stays_without_it(
    paper: Paper, choice: Choice
) -> None:
    answers(paper, choice)
    (one,) = export(paper.store, KEYS, "eda@example.net")["decisions"]
    assert EDA in one["answered"]
    erase(paper.store, KEYS, "eda@example.net", "asked", paper.now, silent)
    edition = decided(paper)
    assert (edition.answered or "").endswith(" by an editor")
    assert edition.held == ("an editor holds it" if choice == "hold" else None)


def test_nothing_is_held_of_an_address_of_which_an_editors_is_a_part(paper: Paper) -> None:
    answers(paper, "hold")
    with pytest.raises(ReaderUnknownError):
        export(paper.store, KEYS, "da@example.net")
