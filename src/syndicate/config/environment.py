"""The environment over the file (`SYNDICATE_MAIL__PORT=2525`): loaded where there is such a variable."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

from syndicate.config.explain import expected, explain_variable
from syndicate.config.settings import PREFIX, Settings
from syndicate.errors import ConfigError


class _Variables(Settings, BaseSettings):
    """What the library takes the names of variables from, and which of them are JSON."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")


def over(written: Mapping[str, Any]) -> dict[str, Any]:
    """Put what variables say over what is written, or raise ConfigError."""
    if misspelt := "\n".join(_misspelt(os.environ)):
        raise ConfigError(misspelt)
    try:
        said = EnvSettingsSource(_Variables)()
    except SettingsError as error:
        raise ConfigError(explain_variable(str(error))) from None
    return _over(written, said)


def _misspelt(variables: Mapping[str, str]) -> Iterator[str]:
    """Say of each variable that names no table of ours, or parts it from its key by one underscore."""
    meant = _parted_by_one()
    for variable, value in variables.items():
        place = variable.upper().removeprefix(PREFIX)
        if place == variable.upper() or _INJECTED.search(f"{place}={value}"):
            continue
        table, parted, _ = place.lower().partition("__")
        if parted and table not in Settings.model_fields:
            yield f"environment variable {variable}: {table}: unknown key; expected {expected([table])}."
        elif not parted and place in meant:
            yield f"environment variable {variable}: this is no setting; did you mean {meant[place]}?"


# What Kubernetes (and Docker's links) tell every container of a service that is named as a table of ours.
_INJECTED = re.compile(r"_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP|SCTP)|=(tcp|udp|sctp)://")


def _parted_by_one() -> dict[str, str]:
    """Return the variables that there are by what they are when an underscore is missing."""
    places = [
        (table, field.alias or name)
        for table, section in Settings.model_fields.items()
        for name, field in getattr(section.annotation, "model_fields", {}).items()
    ]
    return {f"{table}_{name}".upper(): f"{PREFIX}{table}__{name}".upper() for table, name in places}


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
