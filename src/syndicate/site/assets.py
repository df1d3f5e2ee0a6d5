"""The files that every page uses."""

from jinja2 import BaseLoader, Environment

ASSETS = ("icon.svg", "style.css")


def assets(environment: Environment) -> dict[str, str]:
    """Return the text of each asset by its published path (`assets/style.css`).

    Read through the environment's loader, so that an operator's own file takes the place of ours.
    """
    loader = environment.loader or BaseLoader()
    return {
        f"assets/{name}": loader.get_source(environment, f"web/assets/{name}")[0] for name in ASSETS
    }
