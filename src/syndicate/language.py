"""What we say in a reader's language: gettext catalogues and dates, through Babel.

A language is one file, `locale/CODE.po`; English is the language of the source texts. Catalogues
are compiled in memory at first use, so that no binary file has to be kept beside its source.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate.errors import LanguageRefused

SOURCE_LANGUAGE = "en"
_LONGEST_HEADER = 1000  # characters of Accept-Language: nobody reads a hundred languages


_TAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*"
)  # BCP 47, without its private and singleton parts
_LONGEST = 35  # characters of a tag (RFC 5646 4.4.1): it is part of a path, and of an index
_SCRIPT = 4  # letters, title case; a region has two, upper case (RFC 5646 2.1.1)
_REGION = 2


def tag(text: str) -> str:
    """Return a language tag in its one spelling (`zh-Hant-TW`), or raise LanguageRefused."""
    wanted = text.strip().replace("_", "-").lower()
    if len(wanted) > _LONGEST or not _TAG.fullmatch(wanted):
        raise LanguageRefused(
            f"{text[:_LONGEST]!r} is not a language: expected a code such as ja or en-GB."
        )
    first, *others = wanted.split("-")
    return "-".join((first, *map(_spelled, others)))


def _spelled(part: str) -> str:
    if len(part) == _REGION:
        return part.upper()
    return part.title() if len(part) == _SCRIPT and part.isalpha() else part


class Catalogue(Struct, frozen=True):
    """The texts of one language. `gettext` and `ngettext` are as in the gettext module."""

    language: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def date(self, value: date | datetime, zone: str = "UTC") -> str:
        """Write a date in full; a point in time is seen from `zone`."""
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(zone)).date()
        return _written(value, self.language)

    def month(self, value: datetime, zone: str = "UTC") -> str:
        """Write the month that a point in time lies in, seen from `zone`, with its year."""
        return _written(value.astimezone(ZoneInfo(zone)).date(), self.language, "yMMMM")

    def day(self, value: datetime, zone: str = "UTC") -> str:
        """Write the day of the month of a point in time, seen from `zone`."""
        return _written(value.astimezone(ZoneInfo(zone)).date(), self.language, "d")


@lru_cache(maxsize=4096)  # days: pages and lists name the same ones over and over
def _written(day: date, language: str, skeleton: str | None = None) -> str:
    """Write what a skeleton (CLDR) names of a day; all of it, where there is none."""
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - 40 ms that a short command need not pay

    if skeleton is None:
        return format_date(day, format="long", locale=language)
    return format_skeleton(skeleton, datetime.combine(day, time.min), locale=language)


def own_name(code: str) -> str:
    """What a language (BCP 47) calls itself; its code, where that is not known."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of the BCP 47 tag `language`, or of English where we have none."""
    code = language.replace("_", "-").split("-")[0].lower()
    source = files("syndicate") / "locale" / f"{code}.po"
    if code == SOURCE_LANGUAGE or not source.is_file():
        texts = NullTranslations()
        code = SOURCE_LANGUAGE
    else:
        texts = _compiled(source, code)
    return Catalogue(code, texts.gettext, texts.ngettext)


def _compiled(source: Traversable, code: str) -> NullTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return the way that the BCP 47 tag `language` is written."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    try:
        order = Locale.parse(language, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


@cache
def ours() -> dict[str, str]:
    """Return the languages that we have words in, each under its code by its own name."""
    files_ = (one.name for one in (files("syndicate") / "locale").iterdir())
    codes = (SOURCE_LANGUAGE, *sorted(one[:-3] for one in files_ if one.endswith(".po")))
    return {code: own_name(code) for code in codes}


def speaks(code: str) -> bool:
    """Whether letters can be written in a language (BCP 47): its catalogue is not another's."""
    return code.partition("-")[0].lower() in ours()


def preferred(header: str, otherwise: str) -> str:
    """Return the language of ours that a browser likes best (RFC 9110 12.5.4), or `otherwise`."""
    liked: list[tuple[float, str]] = []
    for item in header[:_LONGEST_HEADER].split(","):
        code, _, weight = item.strip().partition(";")
        base = code.strip().split("-")[0].lower()
        if base in ours() and (value := _weight(weight)) > 0:
            liked.append((value, base))
    return max(liked, key=lambda one: one[0])[1] if liked else otherwise


def _weight(text: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", text)
    return float(found[1]) if found else float(not text.strip())
