"""The pages of the small publication, byte for byte: after a change on purpose, `pytest --regold`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.samples import pages

_EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_as_expected(name: str, golden: Callable[[Path, bytes], None]) -> None:
    """The marks of style and script are left out, so that a new colour changes no page here."""
    golden(_EXPECTED / name, re.sub(r"\?v=[0-9a-f]+", "?v=MARK", pages()[name]).encode())


def test_nothing_else_is_expected() -> None:
    assert sorted(pages()) == sorted(path.name for path in _EXPECTED.iterdir())
