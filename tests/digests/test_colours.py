"""Every text can be read on what it stands on, by day and by night (WCAG 2.2, 1.4.3)."""

import re

import pytest

from syndicate.values import contrast
from tests.digests.samples import ENVIRONMENT, PUBLICATION

NAMES = {"publication": PUBLICATION, "language": "ja"}
DAY = ENVIRONMENT.get_template("digest/parts/look.css").render(NAMES)
NIGHT = (
    ENVIRONMENT.get_template("digest/parts/kept.html")
    .render(NAMES)
    .partition("prefers-color-scheme: dark")[2]
    .partition("</style>")[0]
)
GROUNDS = {"tint": "tint", "press": "button", "lead": "tint"}


def declared(style: str, wanted: str) -> dict[str, str]:
    """The colour that each class is given by the last rule that names it."""
    found: dict[str, str] = {}
    for line in style.splitlines():
        names, _, body = line.rpartition(" { ")
        colour = re.search(rf"(?<![-\w]){wanted}: (#[0-9a-f]{{6}})", body)
        for name in re.findall(r"\.([\w.]+(?: h\d| a| pre)?)", names) if colour else ():
            found[name] = colour[1] if colour else ""
    return found


@pytest.mark.parametrize("style", [DAY, NIGHT], ids=["day", "night"])
def test_every_text_has_a_contrast_of_four_and_a_half(style: str) -> None:
    inks, papers = declared(style, "color"), declared(style, "background-color")
    poor = {
        name: (ink, papers[GROUNDS.get(name, "page")])
        for name, ink in inks.items()
        if name != "preheader" and contrast(ink, papers[GROUNDS.get(name, "page")]) < 4.5
    }
    assert len(inks) > 25
    assert poor == {}


def test_every_colour_of_the_day_has_one_of_the_night() -> None:
    by_day, by_night = declared(DAY, "color"), declared(NIGHT, "color")
    assert set(by_day) - {"preheader"} <= set(by_night)
    papers = declared(DAY, "background-color")
    assert set(papers) <= set(declared(NIGHT, "background-color"))


def test_the_colours_are_those_of_the_theme() -> None:
    theme = PUBLICATION.theme
    assert declared(DAY, "color")["title"] == theme.light.ink
    assert declared(NIGHT, "color")["title"] == theme.dark.ink
    assert declared(NIGHT, "background-color")["button"] == theme.dark.accent
