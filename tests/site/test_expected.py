"""The pages of the small publication, byte for byte. A difference is to be read by a person."""

from pathlib import Path

import pytest

from tests.site.samples import pages

_EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_as_expected(name: str) -> None:
    assert pages()[name] == (_EXPECTED / name).read_text(encoding="utf-8")


def test_nothing_else_is_expected() -> None:
    assert sorted(pages()) == sorted(path.name for path in _EXPECTED.iterdir())
