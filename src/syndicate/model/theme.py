"""The look that pages and letters share, in a few settings."""

from dataclasses import dataclass, field

from msgspec import Struct


class Palette(Struct, frozen=True):
    """The colours of one appearance, each `#rrggbb` in lower case.

    `ink`, `muted` and `accent` are read on `paper` and on `tint`, and `paper` on `accent`: each pair has
    a contrast of 4.5:1 at least (WCAG 2.2, 1.4.3). `rule` only parts things.
    """

    ink: str
    muted: str
    accent: str
    paper: str
    tint: str
    rule: str


LIGHT = Palette("#1c2321", "#56635e", "#0b6e5f", "#fbfaf7", "#eef5f1", "#d9dfdb")
DARK = Palette("#e6ebe9", "#9dada7", "#5ed0bd", "#131817", "#1c2826", "#33403c")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that stands for the publication's title, published at `path`.

    `digest` is the SHA-256 of `data`, and stands for it where records are compared.
    """

    path: str
    digest: str
    data: bytes = field(repr=False, compare=False)


class Theme(Struct, frozen=True):
    """Colours, faces and logo. The fonts are CSS lists of faces, tried before ours; "" for none."""

    light: Palette = LIGHT
    dark: Palette = DARK
    text_font: str = ""
    heading_font: str = ""
    logo: Logo | None = None


OURS = Theme()
