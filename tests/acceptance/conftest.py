from pathlib import Path

import pytest

from tests.acceptance.program import Program


@pytest.fixture
def syndicate(tmp_path: Path) -> Program:
    """An initialised publication and the program that works on it."""
    program = Program(tmp_path / "publication", {"SYNDICATE_PUBLICATION__ZONE": "UTC"})
    program("init", "--language", "ja")
    return program
