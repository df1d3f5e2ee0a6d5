from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.mailing import Mailing

Make = Callable[[int], Mailing]


@pytest.fixture
def mailing(tmp_path: Path, database_url: str) -> Iterator[Make]:
    """Make an edition that is ready to be sent to so many readers, on each database in turn."""
    made: list[Mailing] = []

    def make(readers: int) -> Mailing:
        made.append(Mailing(tmp_path / "publication", database_url, readers))
        return made[-1]

    yield make
    for one in made:
        one.close()
