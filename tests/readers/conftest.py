from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import Daemon, Program


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was run."""
    folder = tmp_path_factory.mktemp("readers") / "demo"
    Program(folder)("demo")
    return folder


@pytest.fixture
def daemon(demo: Path) -> Iterator[Daemon]:
    """The demo's daemon."""
    with Program(demo).daemon() as running:
        yield running
