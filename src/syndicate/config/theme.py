"""The table `[theme]`: colours that can be read, names of faces, and the file of a logo."""

from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import ClassVar

from syndicate import values
from syndicate.config import kinds
from syndicate.config.sections import Section
from syndicate.errors import ConfigError
from syndicate.model import DARK, LIGHT, Logo, Palette, Theme

_LEAST = 4.5  # WCAG 2.2, 1.4.3: what text needs against what it stands on
_LOGOS = (".svg", ".png", ".jpg", ".jpeg", ".webp")
_LARGEST = 100 * 1024  # bytes: it comes with the first page that a reader sees


class PaletteSection(Section, frozen=True):
    """The colours of one appearance; those that are not set are ours."""

    ours: ClassVar[Palette]

    ink: kinds.Colour | None = None
    muted: kinds.Colour | None = None
    accent: kinds.Colour | None = None
    paper: kinds.Colour | None = None
    tint: kinds.Colour | None = None
    rule: kinds.Colour | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for text that cannot be read on its ground."""
        colours = self._colours()
        for ink, ground in product(("ink", "muted", "accent"), ("paper", "tint")):
            found = values.contrast(colours[ink], colours[ground])
            if found < _LEAST:
                raise ValueError(
                    f"{ink} {colours[ink]} on {ground} {colours[ground]} has a contrast of {found:.1f}:1, "
                    f"and text needs {_LEAST}:1. Set {ink} or {ground} further apart"
                )

    def record(self) -> Palette:
        """Return the colours with ours in the place of those that are not set."""
        return Palette(**self._colours())

    def _colours(self) -> dict[str, str]:
        names = Palette.__struct_fields__
        return {name: getattr(self, name) or getattr(self.ours, name) for name in names}


class LightSection(PaletteSection, frozen=True):
    """By day, and on paper."""

    ours = LIGHT


class DarkSection(PaletteSection, frozen=True):
    """Where the reader's device asks for dark pages."""

    ours = DARK


class ThemeSection(Section, frozen=True):
    """How pages and letters look."""

    logo: kinds.File | None = None
    text_font: kinds.Faces = ""
    heading_font: kinds.Faces = ""
    light: LightSection = LightSection()
    dark: DarkSection = DarkSection()

    def record(self, folder: Path, file: Path) -> Theme:
        """Return the theme with its logo read from `folder`, or raise ConfigError."""
        return Theme(
            light=self.light.record(),
            dark=self.dark.record(),
            text_font=self.text_font,
            heading_font=self.heading_font,
            logo=None if self.logo is None else _logo(folder / self.logo, file),
        )


def _logo(picture: Path, file: Path) -> Logo:
    ending = picture.suffix.lower()
    if ending not in _LOGOS:
        raise ConfigError(
            f"{file}: theme.logo: {picture.name} is no picture that pages show; expected {' '.join(_LOGOS)}."
        )
    try:
        data = picture.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{file}: theme.logo: {picture} cannot be read ({error.strerror}). Put the picture there."
        ) from None
    if len(data) > _LARGEST:
        raise ConfigError(
            f"{file}: theme.logo: {picture} has {len(data)} bytes, and each new reader waits for it; "
            f"at most {_LARGEST} are taken. Make it smaller."
        )
    return Logo(f"assets/logo{ending}", sha256(data).hexdigest(), data)
