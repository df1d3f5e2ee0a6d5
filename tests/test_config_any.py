"""Whatever stands in the file, it is read as settings or refused with where it stands."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import fields

from syndicate import config
from syndicate.config import kinds
from syndicate.errors import ConfigError


def refusal(folder: Path, written: bytes) -> str:
    """Return what is said against a file, nothing if it is read."""
    (folder / config.FILE).write_bytes(written)
    try:
        config.load(folder)
    except ConfigError as error:
        return str(error)
    return ""


def toml(value: Any) -> str:
    """Write a value as TOML in one line: JSON but for tables and numbers that are none."""
    match value:
        case dict():
            return f"{{{', '.join(f'{toml(key)} = {toml(one)}' for key, one in value.items())}}}"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case float():
            return repr(value)
        case _:
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = st.sampled_from(
    ["", "0", "1 hour", "ja", "a@b.example", "https://a.example/", "#fff", "each", "digest", "smtp"]
)
PLAIN = TEXT | WORDS | st.booleans() | st.integers() | st.floats()


def tables(kind: Any) -> st.SearchStrategy[Any]:
    """Make tables of the keys that there are, with values that mostly do not fit."""
    keys = {one.encode_name: kinds.apart(one.type)[0] for one in fields(kind)}
    return st.fixed_dictionaries(
        {}, optional={key: values(one) for key, one in keys.items()}
    ) | st.dictionaries(TEXT, PLAIN, max_size=2)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Make what may stand at a key."""
    if kinds.is_table(kind):
        return tables(kind) | PLAIN
    if kinds.is_list(kind):
        return st.lists(values(kinds.apart(kind.__args__[0])[0]), max_size=3) | PLAIN
    return PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(TEXT, PLAIN, max_size=2)


@given(tables(config.Settings))
@example({"theme": {"logo": "a" * 5000 + ".png"}, "content": {"directories": ["a" * 5000]}})
def test_settings_are_read_or_every_line_says_where_what_is_wrong_stands(
    tmp_path_factory: pytest.TempPathFactory, written: dict[str, Any]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = "".join(f"{toml(key)} = {toml(value)}\n" for key, value in written.items())
    said = refusal(folder, text.encode())
    assert not said or all(
        line.startswith(f"{folder / config.FILE}: ") for line in said.split("\n")
    )


@given(st.binary(max_size=40) | TEXT.map(str.encode))
def test_any_bytes_are_settings_or_refused(
    tmp_path_factory: pytest.TempPathFactory, written: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    said = refusal(folder, written)
    assert not said or said.startswith(f"{folder / config.FILE}: ")
