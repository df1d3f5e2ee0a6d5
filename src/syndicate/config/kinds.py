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

    read: Callable[[object], Any]

    def __instancecheck__(cls, value: object) -> bool:
        """Whatever the function returned is right: msgspec asks once more."""
        return True


def _kind(function: Callable[[object], object]) -> _Kind:
    return _Kind(function.__name__, (), {"read": staticmethod(function)})


def _text(function: Callable[[str], str]) -> _Kind:
    def checked(value: object) -> str:
        if isinstance(value, str):
            return function(value)
        raise ValueError("expected text in quotes")

    return _kind(checked)


if TYPE_CHECKING:
    Address = str
    BaseUrl = str
    Colour = str
    DatabaseUrl = str
    Domain = str
    Faces = str
    Language = str
    Name = str
    Network = str
    WebAddress = str
    Zone = str
    File = Path
    Duration = timedelta
    Interval = timedelta
    TimeToAnswer = timedelta
else:
    Address = _text(values.address)
    BaseUrl = _text(values.base_url)
    Colour = _text(values.colour)
    DatabaseUrl = _text(values.database_url)
    Domain = _text(values.domain)
    Faces = _text(values.faces)
    Language = _text(values.language_tag)
    Name = _text(values.name)
    Network = _text(values.network)
    WebAddress = _text(values.web_address)
    Zone = _text(values.zone)
    File = _kind(values.path)
    Duration = _kind(values.duration)
    Interval = _kind(values.interval)
    TimeToAnswer = _kind(values.time_to_answer)

Domains = Annotated[tuple[Domain, ...], Meta(min_length=1, description="at least one domain")]


def fit(value: object, kind: type[T]) -> T:
    """Return what is written as its type, or raise msgspec.ValidationError at the first that does not fit."""
    return convert(value, kind, dec_hook=_read)


def _read(kind: Any, value: object) -> Any:
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
