"""The style sheet: readable in light, dark and print (WCAG 2.2, 1.4.3), and complete in itself."""

import re
from itertools import product

import pytest
from msgspec.structs import replace

from syndicate import site
from syndicate.model import DARK, LIGHT, Logo, Theme
from syndicate.values import contrast
from tests.site.reading import read
from tests.site.samples import ENVIRONMENT, PUBLICATION

_STYLE = site.assets(ENVIRONMENT, Theme())["assets/style.css"].decode()
_THEMES = [
    dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", block))
    for block in re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)
    if "--ink" in block
]


def _full(colour: str) -> str:
    """Write `#abc` as `#aabbcc`."""
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


@pytest.mark.parametrize("theme", _THEMES, ids=["light", "dark", "print"])
def test_every_ink_is_readable_on_every_ground(theme: dict[str, str]) -> None:
    for ink, ground in product(("ink", "muted", "accent"), ("paper", "tint")):
        assert contrast(_full(theme[ink]), _full(theme[ground])) >= 4.5, (ink, ground)


def test_colours_stand_in_one_place() -> None:
    _, _, rest = _STYLE.partition("/* Faces and spacing")
    assert re.findall(r"#[0-9a-f]{3,6}\b|rgba?\(|hsla?\(", rest) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import|@font-face", _STYLE) == []


def test_every_asset_is_given_by_its_published_path() -> None:
    assert list(site.assets(ENVIRONMENT, Theme())) == [f"assets/{name}" for name in site.ASSETS]


def test_the_theme_is_drawn_into_the_style_sheet_and_the_icon() -> None:
    logo = Logo("assets/logo.png", "0" * 64, b"picture")
    theme = Theme(
        light=replace(LIGHT, accent="#7a1f3d"),
        dark=replace(DARK, paper="#101010"),
        text_font='"Source Sans 3"',
        heading_font="Charter, Georgia",
        logo=logo,
    )
    made = site.assets(ENVIRONMENT, theme)
    style = made["assets/style.css"].decode()
    assert "--accent: #7a1f3d;" in style
    assert "--paper: #101010;" in style
    assert style.count('--sans: "Source Sans 3", ') == 2  # Japanese text has a list of its own
    assert style.count("--serif: Charter, Georgia, ") == 2
    assert b"#7a1f3d" in made["assets/icon.svg"]
    assert made["assets/logo.png"] == b"picture"


def test_a_logo_stands_for_the_title_on_every_page() -> None:
    theme = Theme(logo=Logo("assets/logo.png", "0" * 64, b"picture"))
    page = read(site.not_found_page(replace(PUBLICATION, theme=theme), ENVIRONMENT))
    assert page.one("img", "logo").attributes["alt"] == PUBLICATION.title
    assert page.one("img", "logo").attributes["src"] == "/chizu/assets/logo.png"
