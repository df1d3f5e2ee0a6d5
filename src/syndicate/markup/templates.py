"""Templates drawn: what is wrong with one is told with its name, since operators write their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from traceback import extract_tb
from typing import TYPE_CHECKING

from syndicate.errors import TemplateRefused

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.environment import TemplateModule

_ENDINGS = (".html", ".txt", ".css", ".svg", ".js")
_MISTAKES = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)


def draw(environment: "Environment", template: str, context: Mapping[str, object]) -> str:
    """Draw a template, or raise TemplateRefused for whatever its author has to mend."""
    with _told(template):
        return environment.get_template(template).render(context)


def parts(
    environment: "Environment", template: str, context: Mapping[str, object]
) -> "TemplateModule":
    """Make what a template defines, for others to use, or raise TemplateRefused as `draw` does."""
    with _told(template):
        found = environment.get_template(template)
        try:
            return found.make_module(dict(context))
        except Exception:  # noqa: BLE001 - it comes back with the template's own lines, as from `render`
            environment.handle_exception()


@contextmanager
def _told(template: str) -> Iterator[None]:
    from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415 - a command that renders nothing starts faster

    try:
        yield
    except (TemplateError, *_MISTAKES) as error:
        line = f" line {error.lineno}" if isinstance(error, TemplateSyntaxError) else _where(error)
        raise TemplateRefused(f"The template {template}{line} does not work: {error}") from error


def _where(error: Exception) -> str:
    """Say in which line the mistake is, and of which template if it is another that this one uses."""
    frames = [one for one in extract_tb(error.__traceback__) if one.filename.endswith(_ENDINGS)]
    if not frames:
        return ""
    folder, name = frames[-1].filename.rsplit("/", 2)[-2:]
    line = f"line {frames[-1].lineno}"
    return f" {line}" if len(frames) == 1 else f" (in {folder}/{name} {line})"
