"""Settings: `syndicate.toml`, and the environment over it (`SYNDICATE_MAIL__PORT=2525`).

Every wrong key is an error that names the file or variable, the key, and what was expected.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from msgspec import ValidationError

from syndicate.config import kinds
from syndicate.config.checks import check
from syndicate.config.sections import WebSection
from syndicate.config.settings import PREFIX, Settings, Variable
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
    written, variables = _read(file), list[Variable]()
    if environment and any(name.upper().startswith(PREFIX) for name in os.environ):
        from syndicate.config.environment import over, read  # noqa: PLC0415 - mostly there is no variable

        variables = read(os.environ)
        written = over(written, variables)
    try:
        settings = kinds.fit(written, Settings)
    except ValidationError:
        from syndicate.config.explain import explain  # noqa: PLC0415 - mostly nothing is wrong

        raise ConfigError("\n".join(explain(written, variables, file))) from None
    check(settings, folder, file)
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))  # some editors write a BOM
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: this is not UTF-8 text. Save it as UTF-8.") from None
    except ValueError as error:  # of TOML, or of a number with thousands of digits
        raise ConfigError(f"{file}: this is not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{file}: lists or tables are nested too deeply.") from None
