"""Making a publication's folder."""

import json
import shutil
from pathlib import Path

from syndicate import config, keys, resources
from syndicate.config import FILE
from syndicate.errors import ConfigError

_IGNORED = "secrets.toml\nwitness.json\npublic/\nmail/\n*.db*\n.*.publishing\n"


def make_publication(folder: Path, settings: str) -> list[str]:
    """Make what is missing of a publication; return the names of what was made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = []
        if not (folder / FILE).exists():
            (folder / FILE).write_text(settings, encoding="utf-8")
            made.append(FILE)
        if keys.create(folder):
            made.append(keys.FILE)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        for one in config.load(folder).content.directories:
            if not (folder / one).exists():
                (folder / one).mkdir(parents=True)
                made.append(f"{one}/")
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder}: {error.strerror}. Choose another folder."
        ) from None
    return made


def new_settings(content: str) -> str:
    """Return commented settings whose pages are in the directory `content`."""
    text = (resources.folder("templates") / "init" / FILE).read_text(encoding="utf-8")
    return text.replace('directories = ["content"]', f"directories = {json.dumps([content])}")


def copy_sample_pages(folder: Path) -> None:
    """Put the shipped sample pages into content/, unless there are pages."""
    for page in sorted(resources.folder("content").glob("*.txt")):
        target = folder / "content" / page.name
        if not target.exists():
            shutil.copyfile(page, target)
