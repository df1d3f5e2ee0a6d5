"""The table `[theme]`: colours that can be read, names of faces, and the file of a logo."""

from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import ClassVar, Self

from pydantic import model_validator

from syndicate import values
from syndicate.config.sections import Section
from syndicate.errors import ConfigError
from syndicate.model import DARK, LIGHT, Logo, Palette, Theme

_LEAST = 4.5  # WCAG 2.2, 1.4.3: what text needs against what it stands on
_LOGOS = (".svg", ".png", ".jpg", ".jpeg", ".webp")
_LARGEST = 100 * 1024  # bytes: it comes with the first page that a reader sees


class PaletteSection(Section):
    """The colours of one appearance; those that are not set are ours."""

    ours: ClassVar[Palette]

    ink: values.Colour | None = None
    muted: values.Colour | None = None
    accent: values.Colour | None = None
    paper: values.Colour | None = None
    tint: values.Colour | None = None
    rule: values.Colour | None = None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        colours = self._colours()
        for ink, ground in product(("ink", "muted", "accent"), ("paper", "tint")):
            found = values.contrast(colours[ink], colours[ground])
            if found < _LEAST:
                raise ValueError(
                    f"{ink} {colours[ink]} on {ground} {colours[ground]} has a contrast of {found:.1f}:1, "
                    f"and text needs {_LEAST}:1. Set {ink} or {ground} further apart"
                )
        return self

    def record(self) -> Palette:
        """Return the colours with ours in the place of those that are not set."""
        return Palette(**self._colours())

    def _colours(self) -> dict[str, str]:
        names = Palette.__struct_fields__
        return {name: getattr(self, name) or getattr(self.ours, name) for name in names}


class LightSection(PaletteSection):
    """By day, and on paper."""

    ours = LIGHT


class DarkSection(PaletteSection):
    """Where the reader's device asks for dark pages."""

    ours = DARK


class ThemeSection(Section):
    """How pages and letters look."""

    logo: Path | None = None
    text_font: values.Faces = ""
    heading_font: values.Faces = ""
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
