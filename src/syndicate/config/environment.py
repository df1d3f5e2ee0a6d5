"""The environment over the file (`SYNDICATE_MAIL__PORT=2525`): loaded where there is such a variable."""

import os
from collections.abc import Mapping
from typing import Any

from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

from syndicate.config.explain import explain_misspelt, explain_variable
from syndicate.config.settings import PREFIX, Settings
from syndicate.errors import ConfigError


class _Variables(Settings, BaseSettings):
    """What the library takes the names of variables from, and which of them are JSON."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")


def over(written: Mapping[str, Any]) -> dict[str, Any]:
    """Put what variables say over what is written, or raise ConfigError."""
    if misspelt := "\n".join(explain_misspelt(os.environ)):
        raise ConfigError(misspelt)
    try:
        said = EnvSettingsSource(_Variables)()
    except SettingsError as error:
        raise ConfigError(explain_variable(str(error))) from None
    return _over(written, said)


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
