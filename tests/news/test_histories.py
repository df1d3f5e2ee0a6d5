"""Every article that a reader was due is in exactly one letter, and none twice, whatever happens.

NEWS_HISTORIES sets how many histories of 60 steps are tried; `make soak` tries 500.
"""

import os
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.store.database import Store
from tests.ledger.test_machine import fresh
from tests.news.history import DEEDS, WEIGHTS, History, Step

HISTORIES = int(os.environ.get("NEWS_HISTORIES", "8"))
STEPS = 60
NOBODY = "nobody was mailed, though each history ends with news: nothing was tried"
numbers = st.integers(0, 1000)
steps = st.lists(st.builds(Step, st.sampled_from(list(DEEDS)), numbers, numbers), max_size=25)


def drawn(seed: int) -> list[Step]:
    """Draw a history, the same for the same seed."""
    random = Random(seed)
    deeds = random.choices(list(DEEDS), WEIGHTS, k=STEPS)
    return [Step(deed, random.randrange(1000), random.randrange(1000)) for deed in deeds]


def played(history: list[Step]) -> int:
    """Play a history on a database of its own: at its end it is judged, by the letters that arrived."""
    with tempfile.TemporaryDirectory(prefix="syndicate-news-") as folder:
        store = fresh(Path(folder))
        try:
            return History(store).play(history)
        finally:
            store.close()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_any_long_history_keeps_the_promise(seed: int) -> None:
    assert played(drawn(seed)), NOBODY


@given(steps)
@settings(max_examples=HISTORIES)
def test_any_history_keeps_the_promise(history: list[Step]) -> None:
    assert played(history), NOBODY


@pytest.mark.parametrize("seed", range(2))
def test_both_databases_keep_the_promise(store: Store, seed: int) -> None:
    assert History(store).play(drawn(1000 + seed)), NOBODY
