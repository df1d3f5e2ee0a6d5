"""Say of each wrong key where it stands, what was expected and what was found: loaded when one is wrong."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from msgspec import Meta, ValidationError, json
from msgspec.structs import fields

from syndicate.config import kinds
from syndicate.config.settings import Settings, Variable

Place = tuple[str | int, ...]  # the way to a value: keys, and places in lists
Faults = list[tuple[Place, str]]  # what is wrong there
_LONGEST = 500  # characters: what was found is shown to be found again, not to be read whole


def explain(written: Mapping[str, Any], variables: Sequence[Variable], file: Path) -> list[str]:
    """Say of each value that does not fit what it is; `written` is the file with variables over it."""
    return [
        f"{_source(place, written, variables) or file}: {_name(place, written)}: {wrong}."
        for place, wrong in _faults(written, Settings, ())
    ]


def nearest(key: str, keys: Collection[str]) -> str:
    """Name the key that an unknown one is nearest to, or all that there are."""
    near = get_close_matches(key.lower(), keys, n=1)
    return near[0] if near else "one of " + ", ".join(keys)


def _faults(value: Any, kind: Any, place: Place) -> Faults:
    """Find all that does not fit: msgspec stops at the first, so each value is tried by itself."""
    try:
        kinds.fit(value, kind)
    except ValidationError as error:
        plain, limits = kinds.apart(kind)
        if within := _within(value, plain, place):
            return within
        # What a function of ours refused has words of its own; else the type says what it takes.
        said = error.__cause__ or f"expected {_expected(value, plain, limits, place)}"
        return [(place, f"{said} (found {_found(value)})")]
    return []


def _within(value: Any, kind: Any, place: Place) -> Faults:
    """Find what does not fit in a table or list."""
    if kinds.is_table(kind) and isinstance(value, dict):
        return _within_table(value, kind, place)
    if kinds.is_list(kind) and isinstance(value, list):
        each = get_args(kind)[0]
        if kinds.is_table(each) and not all(isinstance(one, dict) for one in value):
            return []  # what is wrong is the list
        return [
            fault
            for index, one in enumerate(value)
            for fault in _faults(one, each, (*place, index))
        ]
    return []


def _within_table(table: Mapping[str, Any], kind: Any, place: Place) -> Faults:
    found: Faults = []
    keys = {one.encode_name: one for one in fields(kind)}
    for key, field in keys.items():
        if key in table:
            found += _faults(table[key], field.type, (*place, key))
        elif field.required:
            found.append(((*place, key), "this key has to be set"))
    for key in table:
        if key not in keys:
            found.append(((*place, key), f"unknown key; expected {nearest(key, keys)}"))
    return found


def _expected(value: Any, kind: Any, limits: Meta, place: Place) -> str:
    """Say what a type takes, or which limit of it a number or list does not keep."""
    if kinds.is_table(kind):
        return "a table of keys"
    if kinds.is_list(kind):
        short = limits.description if isinstance(value, list) else None
        return short or _list(value, kind, place)
    try:
        number = kinds.fit(value, kind)
    except ValidationError:
        return _PLAIN.get(kind) or _choice(kind)
    if limits.gt is not None and not number > limits.gt:
        return f"more than {limits.gt}"
    if limits.ge is not None and not number >= limits.ge:
        return f"{limits.ge} or more"
    return f"{limits.le} or less"


def _list(value: Any, kind: Any, place: Place) -> str:
    if kinds.is_table(get_args(kind)[0]):
        return f"a list of tables: write [[{'.'.join(map(str, place))}]], in two brackets"
    if not isinstance(value, str):
        return "a list"
    words = [one.strip() for one in _masked(value).split(",") if one.strip()]
    return f"a list, such as [{', '.join(map(_in_quotes, words))}]"


def _choice(kind: Any) -> str:
    *rest, last = map(repr, get_args(kind) or [one.value for one in kind])
    return f"{', '.join(rest)} or {last}" if rest else last


_PLAIN = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "text in quotes",
    date: "a day, such as 2027-01-31",
}


def _source(place: Place, written: Any, variables: Sequence[Variable]) -> str | None:
    """Name the variable that a value is from, or one that stands in a table whose keys do not fit."""
    if not _stands(written, place):  # a key that is missing: its table
        place = place[:-1]
    for one in reversed(variables):
        above = one.place[: len(place)]
        if place[: len(above)] == above and _stands(one.value, place[len(above) :]):
            return f"environment variable {one.name}"
    return None


def _stands(value: Any, place: Place) -> bool:
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _name(place: Place, written: Any) -> str:
    """Name a key as its writer knows it: a table of a list by its own name, where it has one.

    One word of a list goes by the list's name: it is what was found.
    """
    names: list[str] = []
    for part, after in zip(place, (*place[1:], None), strict=True):
        written = written.get(part) if isinstance(written, dict) else written[part]
        if isinstance(part, str):
            names.append(_quoted(part))
        elif isinstance(written, dict):
            own = written.get("name")
            names.append(_quoted(own) if isinstance(own, str) and after != "name" else str(part))
    return ".".join(names)


def _quoted(key: str) -> str:
    """Write a key as TOML has it."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _in_quotes(key)


def _in_quotes(text: str) -> str:
    return json.encode(text).decode()


def _found(value: Any) -> str:
    try:
        text = _masked(repr(value))
    except (ValueError, RecursionError):  # a number of more than 4300 digits; thousands of levels
        text = ""
    return text if 0 < len(text) <= _LONGEST else "what is too long to be shown"


def _masked(text: str) -> str:
    """Take passwords out of addresses: rather too much than a part of one, which may hold any character."""
    return re.sub(r"(?<=://).*(?=@)|(?<=password=)[^&'\"]*", "***", text)
