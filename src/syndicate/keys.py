"""The publication's secrets: `secrets.toml` (0600, never in git), or the environment.

`token_key` signs links (its first six hex digits are the key id inside each token; keys that were
replaced stay in `old_token_keys` and still verify). `hash_key` keys the hashes of addresses and is
never changed: the suppressions would be forgotten. All nodes share them.
"""

import os
import re
import secrets
import tomllib
from pathlib import Path

from syndicate.errors import ConfigError
from syndicate.tokens import Keys

FILE = "secrets.toml"
_KEY_BYTES = 32
_ID_DIGITS = 6

_TEXT = """\
# The secrets of this publication. Keep a copy in a safe place, never in git: without token_key no
# link in a letter works any more, without hash_key nobody's opt-out can be recognised.
token_key = "{token}"
old_token_keys = []
hash_key = "{hash}"
"""


def create(folder: Path) -> bool:
    """Write new secrets unless there are some; whether it did."""
    text = _TEXT.format(token=secrets.token_hex(_KEY_BYTES), hash=secrets.token_hex(_KEY_BYTES))
    try:
        handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def load(folder: Path) -> Keys:
    """Read the secrets: the environment over systemd's credentials over the file, or raise ConfigError."""
    file = find(folder)
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: this is not valid TOML: {error}. Put back your copy.") from None
    except OSError as error:
        raise ConfigError(
            f"{file}: cannot be read ({error.strerror}). Give it to the user who runs syndicate."
        ) from None
    token = _key("token_key", os.environ.get("SYNDICATE_TOKEN_KEY", found.get("token_key")), file)
    replaced = found.get("old_token_keys", [])
    if not isinstance(replaced, list):
        raise ConfigError(
            f"{file}: old_token_keys: expected a list of keys (found {type(replaced).__name__})."
        )
    older = [_key("old_token_keys", one, file) for one in replaced]
    keys = {one[:_ID_DIGITS]: bytes.fromhex(one) for one in (*older, token)}
    hashing = _key("hash_key", os.environ.get("SYNDICATE_HASH_KEY", found.get("hash_key")), file)
    return Keys(keys, token[:_ID_DIGITS], bytes.fromhex(hashing))


def are_missing(folder: Path) -> bool:
    """Whether neither a file nor the environment holds the hash key."""
    return not find(folder).exists() and "SYNDICATE_HASH_KEY" not in os.environ


def find(folder: Path) -> Path:
    """Return where the secrets lie: systemd's LoadCredential, or beside syndicate.toml."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    if given and (Path(given) / FILE).exists():
        return Path(given) / FILE
    return folder / FILE


def _key(name: str, value: object, file: Path) -> str:
    if value is None:
        lacking = f"{name} is missing" if file.exists() else "there is no such file"
        raise ConfigError(f"{file}: {lacking}. Put back your copy, or run init in a new folder.")
    text = str(value)
    if not re.fullmatch(f"(?:[0-9a-f]{{2}}){{{_KEY_BYTES},}}", text):
        raise ConfigError(f"{file}: {name}: expected {_KEY_BYTES * 2} or more hex digits.")
    return text
