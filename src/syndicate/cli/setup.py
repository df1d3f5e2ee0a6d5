"""Making a publication's folder."""

import json
import os
import shutil
from pathlib import Path

from syndicate import config, keys, language, resources, values
from syndicate.config import FILE
from syndicate.errors import ConfigError

_IGNORED = "secrets.toml\nwitness.json\npublic/\nmail/\n*.db*\n.*.publishing\n.compiled/\n"


def make_publication(folder: Path, settings: str, *, environment: bool = True) -> list[str]:
    """Make what is missing of a publication; return the names of what was made.

    Where there is a database and no secrets, nothing is made: with others, who left would be mailed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = _new_settings_file(folder, settings, environment=environment)
        if keys.are_missing(folder):
            _require_no_database(folder, environment=environment)
        if keys.create(folder):
            made.append(keys.FILE)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        for one in config.load(folder, environment=environment).content.directories:
            if not (folder / one).exists():
                (folder / one).mkdir(parents=True)
                made.append(f"{one}/")
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder}: {error.strerror}. Choose another folder."
        ) from None
    return made


def _new_settings_file(folder: Path, settings: str, *, environment: bool) -> list[str]:
    """Write the settings unless there are some; such as are refused are not left behind."""
    file = folder / FILE
    if file.exists():
        return []
    file.write_text(settings, encoding="utf-8")
    try:
        config.load(folder, environment=environment)
    except ConfigError:
        file.unlink()
        raise
    return [FILE]


def _require_no_database(folder: Path, *, environment: bool) -> None:
    from syndicate.services import open_services

    if open_services(folder, environment=environment).has_database():
        raise ConfigError(
            f"{folder / keys.FILE} is missing, and there is a database that was made with it. Put back "
            "your copy: with new secrets, everybody who left would be mailed again."
        )


def new_settings(content: str, code: str = "en", base_url: str = "") -> str:
    """Return commented settings: pages are in the directory `content`, in a language, read at `base_url`."""
    text = (resources.folder("templates") / "init" / FILE).read_text(encoding="utf-8")
    text = text.replace(
        'directories = ["content"]', f"directories = {json.dumps([content], ensure_ascii=False)}"
    )
    if base_url:
        text = text.replace('"http://127.0.0.1:8000"', json.dumps(_checked(base_url)))
    return text.replace('\nlanguage = "en"', f"\nlanguage = {json.dumps(language.tag(code))}")


def _checked(base_url: str) -> str:
    try:
        return values.base_url(base_url)
    except ValueError as error:
        raise ConfigError(f"--base-url: {error} (found {base_url!r}).") from None


def language_here() -> str:
    """Return the language of a new publication: Japanese where the user's locale is, else English."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ja" if next(filter(None, names), "").startswith("ja") else "en"


def copy_sample_pages(folder: Path) -> None:
    """Put the shipped sample pages and their sidecars into content/, unless they are there."""
    for page in sorted(resources.folder("content").glob("*.txt*")):
        target = folder / "content" / page.name
        if not target.exists():
            shutil.copyfile(page, target)
