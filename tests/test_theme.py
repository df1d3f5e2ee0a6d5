"""The table [theme]: what it says reaches pages and letters, and what cannot be read is refused."""

from pathlib import Path

import pytest

from syndicate import config, values
from syndicate.errors import ConfigError
from syndicate.model import DARK, LIGHT, Theme
from syndicate.services import open_services


def settings(folder: Path, theme: str) -> Path:
    file = folder / config.FILE
    file.write_text(f"{theme}\n", encoding="utf-8")
    return file


def themed(folder: Path, theme: str) -> Theme:
    settings(folder, theme)
    return open_services(folder).about.theme


def test_without_settings_the_theme_is_ours(tmp_path: Path) -> None:
    assert themed(tmp_path, "") == Theme()
    assert (Theme().light, Theme().dark) == (LIGHT, DARK)


def test_a_theme_says_colours_faces_and_a_logo(tmp_path: Path) -> None:
    (tmp_path / "mark.SVG").write_bytes(b"<svg/>")
    theme = themed(
        tmp_path,
        '[theme]\nlogo = "mark.SVG"\ntext_font = "Source Sans 3"\nheading_font = "Charter, Georgia"\n'
        '[theme.light]\naccent = "#A13"\n[theme.dark]\naccent = "#ffb3c8"',
    )
    assert (theme.light.accent, theme.light.ink) == ("#aa1133", LIGHT.ink)
    assert (theme.dark.accent, theme.dark.paper) == ("#ffb3c8", DARK.paper)
    assert (theme.text_font, theme.heading_font) == ("Source Sans 3", "Charter, Georgia")
    assert theme.logo
    assert (theme.logo.path, theme.logo.data) == ("assets/logo.svg", b"<svg/>")


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ('[theme.light]\naccent = "teal"', "theme.light.accent: expected a colour such as #0b6e5f"),
        (
            '[theme.light]\naccent = "#ffcc00"',
            "theme.light: accent #ffcc00 on paper #fbfaf7 has a contrast of 1.4:1, and text needs 4.5:1",
        ),
        ('[theme.dark]\ntint = "#667777"', "theme.dark: ink #e6ebe9 on tint #667777"),
        ('[theme.light]\nacent = "#000"', "theme.light.acent: unknown key; expected accent"),
        ('[theme]\ntext_font = "x; color: red"', "theme.text_font: expected names of faces"),
        ("[theme]\nheading_font = '\"open'", "theme.heading_font: expected names of faces"),
        ('[theme]\nlogo = "logo.gif"', "theme.logo: logo.gif is no picture that pages show"),
        ('[theme]\nlogo = "logo.png"', "cannot be read (No such file or directory)"),
        ('[theme]\nlogo = "large.png"', "and each new reader waits for it"),
    ],
)
def test_a_theme_that_cannot_be_shown_names_its_key(
    tmp_path: Path, theme: str, expected: str
) -> None:
    (tmp_path / "large.png").write_bytes(bytes(200 * 1024))
    file = settings(tmp_path, theme)
    with pytest.raises(ConfigError) as error:
        config.load(tmp_path)
    assert expected in str(error.value)
    assert str(file) in str(error.value)


@pytest.mark.parametrize("text", ["", "Georgia", '"A B", C-D', "游ゴシック, Meiryo"])
def test_names_of_faces(text: str) -> None:
    assert values.faces(text) == text


@pytest.mark.parametrize("text", ["a}b", "a<b", "url(x)", '"a', "a,", "a\\62"])
def test_what_is_no_name_of_a_face(text: str) -> None:
    with pytest.raises(ValueError, match="expected names of faces"):
        values.faces(text)


def test_contrast_is_that_of_wcag() -> None:
    assert values.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert values.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
