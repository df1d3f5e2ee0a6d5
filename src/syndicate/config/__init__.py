"""Settings: `syndicate.toml`, and the environment over it (`SYNDICATE_MAIL__PORT=2525`).

Every wrong key is an error that names the file or variable, the key, and what was expected.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from syndicate.config.checks import check
from syndicate.config.explain import explain
from syndicate.config.sections import WebSection
from syndicate.config.settings import PREFIX, Settings
from syndicate.errors import ConfigError

__all__ = ["FILE", "Settings", "WebSection", "load"]

FILE = "syndicate.toml"


def load(folder: Path, *, environment: bool = True) -> Settings:
    """Read the settings of the publication in `folder`, or raise ConfigError.

    Without `environment` the file alone counts.
    """
    file = folder / FILE
    if not file.is_file():
        raise ConfigError(
            f"{file}: there is no publication here. Name the folder of yours before the command "
            f"(syndicate -C DIR ...), or make one with: syndicate -C {folder} init"
        )
    try:
        with file.open("rb") as opened:
            written: Mapping[str, Any] = tomllib.load(opened)
        if environment and any(name.upper().startswith(PREFIX) for name in os.environ):
            from syndicate.config.environment import over  # noqa: PLC0415 - mostly there is no variable

            written = over(written)
        settings = Settings.model_validate(written)
    except ValidationError as error:
        raise ConfigError("\n".join(explain(one, file) for one in error.errors())) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: this is not UTF-8 text. Save it as UTF-8.") from None
    check(settings, folder, file)
    return settings
