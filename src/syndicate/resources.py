"""Finding what is shipped beside the code: templates and sample pages.

In a wheel they lie inside the package (`_shipped/`), in a checkout at its top.
"""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parent


def folder(name: Literal["templates", "content"]) -> Path:
    """Return the shipped folder of that name."""
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name
