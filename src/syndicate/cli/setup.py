"""Making a publication's folder."""

import shutil
from pathlib import Path

from syndicate import keys, resources
from syndicate.config import FILE
from syndicate.errors import ConfigError

_IGNORED = "secrets.toml\nwitness.json\npublic/\nmail/\n*.db*\n.*.publishing\n"


def make_publication(folder: Path, settings: str | None = None) -> list[str]:
    """Make what is missing of a publication; return the names of what was made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = []
        template = resources.folder("templates") / "init" / FILE
        if not (folder / FILE).exists():
            (folder / FILE).write_text(
                settings or template.read_text(encoding="utf-8"), encoding="utf-8"
            )
            made.append(FILE)
        if keys.create(folder):
            made.append(keys.FILE)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        if not (folder / "content").exists():
            (folder / "content").mkdir()
            made.append("content/")
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder}: {error.strerror}. Choose another folder."
        ) from None
    return made


def copy_sample_pages(folder: Path) -> None:
    """Put the shipped sample pages into content/, unless there are pages."""
    for page in sorted(resources.folder("content").glob("*.txt")):
        target = folder / "content" / page.name
        if not target.exists():
            shutil.copyfile(page, target)
