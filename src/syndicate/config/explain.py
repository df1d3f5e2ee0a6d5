"""Say of a wrong key what it is, where it stands and what was expected."""

import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from syndicate.config.settings import PREFIX, Settings


def explain_variable(error: str) -> str:
    """Say which variable is not the JSON that a list or table has to be."""
    field = error.partition('field "')[2].partition('"')[0]
    names = [one for one in os.environ if one.upper().startswith(f"{PREFIX}{field}".upper())]
    return (
        f"environment variable {' or '.join(names) or PREFIX}: this is not valid JSON; a list or table "
        f"is written as JSON, one of its keys as {PREFIX}PUBLICATION__TITLE=text."
    )


def explain(error: ErrorDetails, file: Path) -> str:
    """Say of a value that does not fit where it stands, what was expected and what was found."""
    place = [str(part) for part in error["loc"]]
    variable = PREFIX + "__".join(place).upper()
    where = f"environment variable {variable}" if variable in os.environ else str(file)
    name = _name(error["loc"], file)
    if error["type"] == "extra_forbidden":
        return f"{where}: {name}: unknown key; expected {expected(place)}."
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "tuple_type":
        message = _LISTS.get(place[-1], 'expected a list, such as ["content"]')
    elif error["type"] in _SAID:
        message = _SAID[error["type"]].format(**error.get("ctx", {}))
    found = _PASSWORD.sub("://***@", repr(error["input"]))
    return f"{where}: {name}: {message} (found {found})."


def _name(loc: tuple[int | str, ...], file: Path) -> str:
    """Name a key as its writer knows it: a table of a list by its own name, where it has one.

    What stands in the environment has the place in its list, and so has a name that is wrong.
    """
    table: Any = {} if f"{PREFIX}{loc[0]}".upper() in os.environ else _written(file)
    parts: list[str] = []
    for part, after in zip(loc, (*loc[1:], None), strict=True):
        if isinstance(part, int) and after is None:  # one word of a list: the message quotes it
            break
        table = _within(table, part)
        own = table.get("name") if isinstance(part, int) and isinstance(table, dict) else None
        parts.append(own if isinstance(own, str) and after != "name" else str(part))
    return ".".join(parts)


def _within(table: Any, part: int | str) -> Any:
    try:
        return table[part]
    except (KeyError, IndexError, TypeError):
        return None


def _written(file: Path) -> dict[str, Any]:
    """Read the file as it stands: its errors are told by whoever loads it."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


# In the place of the library's words, by its kind of error.
_SAID = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "bool_parsing": "expected true or false",
    "bool_type": "expected true or false",
    "string_type": "expected text in quotes",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
    "string_pattern_mismatch": "expected small letters a-z, digits and hyphens, such as weekly-digest",
    "model_type": "expected a table of keys",
    "date_type": "expected a day, such as 2027-01-31",
    "date_from_datetime_parsing": "expected a day, such as 2027-01-31",
    "date_parsing": "expected a day, such as 2027-01-31",
    "path_type": "expected a path in quotes",
}

_LISTS = {
    "cadences": 'expected a list of each, daily, weekly and monthly, such as ["daily", "weekly"]',
    "languages": 'expected a list of languages, such as ["ja", "en"]',
    "editors": 'expected a list of mail addresses, such as ["editor@example.com"]',
    "tags": 'expected a list of tags, such as ["music"]',
    "sources": "expected a list of tables: write [[sources]], in two brackets",
    "newsletters": "expected a list of tables: write [[newsletters]], in two brackets",
    "series": "expected a list of tables: write [[series]], in two brackets",
    "lanes": "expected a list of tables: write [[mail.lanes]], in two brackets",
}
_PASSWORD = re.compile(r"://[^/@\s]*@")


def expected(place: list[str]) -> str:
    """Name the keys that could stand where an unknown one does, the nearest alone if there is one."""
    model: Any = Settings
    for part in place[:-1]:
        if not part.isdecimal():  # an index into [[newsletters]]
            annotation = model.model_fields[part].annotation
            model = getattr(annotation, "__args__", (annotation,))[0]
    keys = [field.alias or name for name, field in model.model_fields.items()]
    near = get_close_matches(place[-1], keys, n=1)
    return near[0] if near else "one of " + ", ".join(keys)
