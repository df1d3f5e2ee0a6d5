"""Styles moved to where every mail client looks for them; premailer's traps are held here (MAIL.md)."""

import re
from collections.abc import Iterable

from syndicate.digests.error import DigestError

_KEPT_STYLE = re.compile(r'<style\b[^>]*\bdata-premailer="ignore"[^>]*>(.*?)</style>', re.DOTALL)
_MOVED_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
_HEAD = 16_384  # bytes of CSS in the head: of a letter with more, Gmail shows no rule at all
_SIZES = "//@style[contains(., 'calc(')] | //@width[contains(., 'calc(')] | //@height[contains(., 'calc(')]"


def inline(html: str, sentinels: Iterable[str]) -> str:
    """Move the rules of `<style>` into `style` attributes, or raise DigestError if harm came of it.

    `<style data-premailer="ignore">` stays as it is: at-rules and `[data-ogsc]` rules belong there.
    Each of `sentinels` must be as often in the result as it was in `html`.
    """
    _check_source(html)
    moved = _transform(html)
    _check_kept(html, moved)
    for sentinel in sentinels:
        if moved.count(sentinel) != html.count(sentinel):
            raise DigestError(
                "A recipient's field was changed while styles were inlined: let it stand in the "
                "template as a whole attribute or text."
            )
    _check_sizes(moved)
    return moved


def _transform(html: str) -> str:
    """The defaults would strip `!important` from media rules, and load what a template links to."""
    from premailer import Premailer  # noqa: PLC0415 - its import takes 130 ms

    return str(
        Premailer(
            html,
            strip_important=False,
            disable_validation=True,
            allow_network=False,
            allow_loading_external_files=False,
            disable_basic_attributes=[
                "width",
                "height",
            ],  # also written where they are no attributes
        ).transform(pretty_print=False)
    )


def _check_source(html: str) -> None:
    for style in _MOVED_STYLE.findall(_KEPT_STYLE.sub("", html)):
        if "@" in style or "[data-ogsc]" in style:
            raise DigestError(
                "At-rules and [data-ogsc] rules cannot be inlined: the template must hold them in "
                '<style data-premailer="ignore">.'
            )


def _check_kept(html: str, moved: str) -> None:
    """Each kept rule has to be there with every `!important`: without it none would win on a telephone."""
    for style in _KEPT_STYLE.findall(html):
        if moved.count(style) != html.count(style):
            lost = html.count("!important") - moved.count("!important")
            raise DigestError(
                "The template's kept <style> was changed while styles were inlined"
                f"{f': {lost} !important are lost' if lost > 0 else ''}."
            )
    size = len("".join(_MOVED_STYLE.findall(moved)).encode())
    if size > _HEAD:
        raise DigestError(
            f"{size} bytes of CSS are left in the letter's head, and Gmail drops all where it is more "
            f"than {_HEAD}: move rules out of the template's kept <style>."
        )


def _check_sizes(html: str) -> None:
    from lxml.html import document_fromstring  # noqa: PLC0415 - premailer has loaded lxml by now

    for value in document_fromstring(html).xpath(_SIZES):
        raise DigestError(f"Mail clients do not know calc(): the template asks for {value!r}.")
