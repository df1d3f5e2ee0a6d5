"""The environment over the file (`SYNDICATE_MAIL__PORT=2525`): loaded where there is such a variable."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, get_args

from msgspec import DecodeError, json
from msgspec.structs import fields

from syndicate.config import kinds
from syndicate.config.settings import PREFIX, Settings, Variable
from syndicate.errors import ConfigError


def read(environment: Mapping[str, str]) -> list[Variable]:
    """Return what variables say, those of a table before those of its keys, or raise ConfigError."""
    wrong = list(_misspelt(environment))
    said: list[Variable] = []
    for name, text in environment.items():
        place = tuple(name.lower().removeprefix(PREFIX.lower()).split("__"))
        if name.upper().startswith(PREFIX) and place[0] in _TABLES:
            try:
                said.append(Variable(name, place, _value(text, place)))
            except ValueError as error:
                wrong.append(f"environment variable {name}: {error}")
    if wrong:
        raise ConfigError("\n".join(wrong))
    return sorted(said, key=lambda one: len(one.place))


def over(written: dict[str, Any], variables: Sequence[Variable]) -> dict[str, Any]:
    """Put what variables say over what is written."""
    for one in variables:
        value = one.value
        for key in reversed(one.place):
            value = {key: value}
        written = _over(written, value)
    return written


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Put values over others; of a table that is in both, each key by itself."""
    both = dict(below)
    for name, value in above.items():
        match both.get(name), value:
            case dict() as before, dict():
                both[name] = _over(before, value)
            case _:
                both[name] = value
    return both


def _keys(table: Any) -> dict[str, Any]:
    return {one.encode_name: kinds.apart(one.type)[0] for one in fields(table)}


_TABLES = _keys(Settings)


def _value(text: str, place: tuple[str, ...]) -> Any:
    """Read what a variable says as its key asks for it, or raise ValueError."""
    kind: Any = Settings
    for key in place:
        kind = _keys(kind).get(key) if kinds.is_table(kind) else None
    try:
        text.encode()
        if not (kinds.is_table(kind) or kinds.is_list(kind)):
            return _FROM_TEXT.get(kind, str)(text)
        value = json.decode(text)
    except UnicodeEncodeError:
        raise ValueError("this is not UTF-8 text.") from None
    except (DecodeError, RecursionError):
        other = f"one of its keys as {PREFIX}PUBLICATION__TITLE=text"
        is_words = kinds.is_list(kind) and not kinds.is_table(get_args(kind)[0])
        said = 'such as ["one", "two"]' if is_words else other
        raise ValueError(
            f"this is not valid JSON; a list or table is written as JSON, {said}."
        ) from None
    if kinds.is_table(kind) and not isinstance(value, dict):
        raise ValueError("expected a table of keys.")
    return value


def _number(text: str) -> float | str:
    """Read a number; what is none is told with all else that does not fit."""
    with suppress(ValueError):
        return int(text)
    with suppress(ValueError):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def _boolean(text: str) -> bool | str:
    return _BOOLEANS.get(text.lower(), text)


_BOOLEANS = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("0", "false", "f", "no", "n", "off"), False),
}
_FROM_TEXT = {int: _number, float: _number, bool: _boolean}


def _misspelt(variables: Mapping[str, str]) -> Iterator[str]:
    """Say of each variable that names no table of ours, or parts it from its key by one underscore."""
    meant = _parted_by_one()
    for variable, value in variables.items():
        place = variable.upper().removeprefix(PREFIX)
        if place == variable.upper() or _INJECTED.search(f"{place}={value}"):
            continue
        table, parted, _ = place.lower().partition("__")
        if parted and table not in _TABLES:
            from syndicate.config.explain import nearest  # noqa: PLC0415 - mostly nothing is wrong

            near = nearest(table, _TABLES)
            yield f"environment variable {variable}: {table}: unknown key; expected {near}."
        elif not parted and place in meant:
            yield f"environment variable {variable}: this is no setting; did you mean {meant[place]}?"


# What Kubernetes (and Docker's links) tell every container of a service that is named as a table of ours.
_INJECTED = re.compile(r"_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP|SCTP)|=(tcp|udp|sctp)://")


def _parted_by_one() -> dict[str, str]:
    """Return the variables that there are by what they are when an underscore is missing."""
    places = [
        (table, key)
        for table, kind in _TABLES.items()
        if kinds.is_table(kind)
        for key in _keys(kind)
    ]
    return {f"{table}_{key}".upper(): f"{PREFIX}{table}__{key}".upper() for table, key in places}
