"""Templates drawn: what is wrong with one is told with its name, since operators write their own."""

from collections.abc import Mapping
from traceback import extract_tb
from typing import TYPE_CHECKING

from syndicate.errors import TemplateRefused

if TYPE_CHECKING:
    from jinja2 import Environment

_ENDINGS = (".html", ".txt", ".css", ".svg", ".js")
_MISTAKES = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)


def draw(environment: "Environment", template: str, context: Mapping[str, object]) -> str:
    """Draw a template, or raise TemplateRefused for whatever its author has to mend."""
    from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415 - a command that renders nothing starts faster

    try:
        return environment.get_template(template).render(context)
    except (TemplateError, *_MISTAKES) as error:
        line = f" line {error.lineno}" if isinstance(error, TemplateSyntaxError) else _where(error)
        raise TemplateRefused(f"The template {template}{line} does not work: {error}") from error


def _where(error: Exception) -> str:
    """Say where the mistake is, if it is in another template that this one uses."""
    frames = [one for one in extract_tb(error.__traceback__) if one.filename.endswith(_ENDINGS)]
    if len(frames) < 2:
        return ""
    folder, name = frames[-1].filename.rsplit("/", 2)[-2:]
    return f" (in {folder}/{name} line {frames[-1].lineno})"
