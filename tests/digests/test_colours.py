"""Every text can be read on what it stands on, by day and by night (WCAG 2.2, 1.4.3)."""

import re

import pytest

from tests.digests.samples import TEMPLATES

SOURCE = (TEMPLATES / "digest" / "digest.html").read_text(encoding="utf-8")
DAY, _, NIGHT = SOURCE.partition("macro dark")
NIGHT = NIGHT.partition("endmacro")[0]


def declared(style: str, wanted: str) -> dict[str, str]:
    """The colour that each class is given by the last rule that names it."""
    found: dict[str, str] = {}
    for line in style.splitlines():
        names, _, body = line.rpartition(" { ")
        colour = re.search(rf"(?<![-\w]){wanted}: (#[0-9a-f]{{6}})", body)
        for name in re.findall(r"\.([\w.]+)", re.sub("{{.*?}}", "", names)) if colour else ():
            found[name] = colour[1] if colour else ""
    return found


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", [DAY, NIGHT], ids=["day", "night"])
def test_every_text_has_a_contrast_of_four_and_a_half(style: str) -> None:
    inks, papers = declared(style, "color"), declared(style, "background-color")
    grounds = {"tint": "tint", "press": "button"}
    poor = {
        name: (ink, papers[grounds.get(name, "page")])
        for name, ink in inks.items()
        if name != "preheader" and contrast(ink, papers[grounds.get(name, "page")]) < 4.5
    }
    assert len(inks) > 12
    assert poor == {}


def test_every_colour_of_the_day_has_one_of_the_night() -> None:
    by_day, by_night = declared(DAY, "color"), declared(NIGHT, "color")
    assert set(by_day) - {"preheader"} <= set(by_night)
    papers = declared(DAY, "background-color")
    assert set(papers) <= set(declared(NIGHT, "background-color"))
