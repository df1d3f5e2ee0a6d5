"""The types that settings are declared with, beside the plain ones: what each may be is said in `values`.

The house gets plain text, paths and lengths of time of them, and no class of ours.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from msgspec import Meta, Struct, convert

from syndicate import values

T = TypeVar("T")


class _Kind(type):
    """A type whose values are what a function makes of what is written."""

    read: Callable[[Any], Any]
    of_text: bool

    def __instancecheck__(cls, value: object) -> bool:
        """Whatever the function returned is right: msgspec asks once more."""
        return True


if TYPE_CHECKING:
    from typing import Annotated as Made  # type checkers take no notice of the function
else:

    class Made:
        """`Made[TYPE, FUNCTION]`: what the function makes of what is written; text is made of text alone."""

        def __class_getitem__(cls, said: tuple[type, Callable[[Any], Any]]) -> _Kind:
            made, function = said
            named = {"read": staticmethod(function), "of_text": made is str}
            return _Kind(function.__name__, (), named)


Address = Made[str, values.address]
BaseUrl = Made[str, values.base_url]
Colour = Made[str, values.colour]
DatabaseUrl = Made[str, values.database_url]
Domain = Made[str, values.domain]
Faces = Made[str, values.faces]
Language = Made[str, values.language_tag]
Name = Made[str, values.name]
Network = Made[str, values.network]
WebAddress = Made[str, values.web_address]
Zone = Made[str, values.zone]
File = Made[Path, values.path]
Duration = Made[timedelta, values.duration]
Interval = Made[timedelta, values.interval]
TimeToAnswer = Made[timedelta, values.time_to_answer]

Domains = Annotated[tuple[Domain, ...], Meta(min_length=1, description="at least one domain")]


def fit(value: object, kind: type[T]) -> T:
    """Return what is written as its type, or raise msgspec.ValidationError at the first that does not fit."""
    return convert(value, kind, dec_hook=_read)


def _read(kind: Any, value: object) -> Any:
    if kind.of_text and not isinstance(value, str):
        raise ValueError("expected text in quotes")
    return kind.read(value)


def apart(kind: Any) -> tuple[Any, Meta]:
    """Take a type apart from a None beside it, and from its limits."""
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is Annotated:
        return get_args(kind)[0], get_args(kind)[1]
    return kind, Meta()


def is_table(kind: Any) -> bool:
    """Whether a type is a table of keys."""
    return isinstance(kind, type) and issubclass(kind, Struct)


def is_list(kind: Any) -> bool:
    """Whether a type is a list."""
    return get_origin(kind) is tuple
