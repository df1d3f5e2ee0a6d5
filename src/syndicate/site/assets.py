"""The files that every page uses."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment

from syndicate.markup import draw
from syndicate.model import Theme

ASSETS = ("icon.svg", "search.js", "style.css")


def assets(environment: Environment, theme: Theme) -> dict[str, bytes]:
    """Return each asset by its published path (`assets/style.css`), or raise TemplateRefused.

    They are templates like the pages, so that an operator's own file takes the place of ours, and
    are drawn with the theme.
    """
    drawn = {
        f"assets/{name}": draw(environment, f"web/assets/{name}", {"theme": theme}).encode()
        for name in ASSETS
    }
    return drawn | ({theme.logo.path: theme.logo.data} if theme.logo else {})


@lru_cache(maxsize=8)
def marks(environment: Environment, theme: Theme) -> Mapping[str, str]:
    """Name the present bytes of each asset: a link that bears its mark may be kept for ever."""
    made = assets(environment, theme)
    return {
        path.removeprefix("assets/"): sha256(data).hexdigest()[:10] for path, data in made.items()
    }
