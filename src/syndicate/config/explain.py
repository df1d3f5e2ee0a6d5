"""Say of a wrong key what it is, where it stands and what was expected."""

import os
import re
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
    if error["type"] == "extra_forbidden":
        return f"{where}: {'.'.join(place)}: unknown key; expected {_expected(place)}."
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "tuple_type":
        message = _LISTS.get(place[-1], 'expected a list, such as ["content"]')
    found = _PASSWORD.sub("://***@", repr(error["input"]))
    return f"{where}: {'.'.join(place)}: {message} (found {found})."


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


def _expected(place: list[str]) -> str:
    """Name the keys that could stand where an unknown one does, the nearest alone if there is one."""
    model: Any = Settings
    for part in place[:-1]:
        if not part.isdecimal():  # an index into [[newsletters]]
            annotation = model.model_fields[part].annotation
            model = getattr(annotation, "__args__", (annotation,))[0]
    keys = [field.alias or name for name, field in model.model_fields.items()]
    near = get_close_matches(place[-1], keys, n=1)
    return near[0] if near else "one of " + ", ".join(keys)
