"""The style sheet: readable in light, dark and print (WCAG 2.2, 1.4.3), and complete in itself."""

import re
from itertools import product

import pytest

from syndicate import site
from tests.site.samples import ENVIRONMENT

_STYLE = site.assets(ENVIRONMENT)["assets/style.css"]
_THEMES = [
    dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", block))
    for block in re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)
    if "--ink" in block
]


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", _THEMES, ids=["light", "dark", "print"])
def test_every_ink_is_readable_on_every_ground(theme: dict[str, str]) -> None:
    for ink, ground in product(("ink", "muted", "accent"), ("paper", "tint")):
        assert _contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)


def test_colours_stand_in_one_place() -> None:
    _, _, rest = _STYLE.partition("/* Faces and spacing")
    assert re.findall(r"#[0-9a-f]{3,6}\b|rgba?\(|hsla?\(", rest) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import|@font-face", _STYLE) == []


def test_every_asset_is_given_by_its_published_path() -> None:
    assert list(site.assets(ENVIRONMENT)) == [f"assets/{name}" for name in site.ASSETS]
