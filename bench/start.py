"""How fast short commands start, beside an empty Python and the imports that a command needs (issue 4).

python -m bench.start
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 9
_COMMANDS = {
    "--help": ["--help"],
    "parse a text page": ["parse", "page.txt"],
    "parse a Markdown page": ["parse", "page.md"],
    "articles list": ["articles", "list"],
    "build, nothing new": ["build"],
}


def main() -> None:
    """Print the processor seconds of each command, the median of some runs, and their ratio to Python's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.txt").write_text("Title\nSummary.\nText.\n", encoding="utf-8")
        (folder / "page.md").write_text("# Title\n\nSummary.\n\nText.\n", encoding="utf-8")
        ours = [sys.executable, "-m", "syndicate", "-C", name]
        for command in ([*ours, "init"], [*ours, "build"]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        bare = _median([sys.executable, "-c", ""], folder)
        print(f"{'python':24} {bare:6.3f} s")
        for title, arguments in _COMMANDS.items():
            spent = _median([*ours, *arguments], folder)
            print(f"{title:24} {spent:6.3f} s {spent / bare:8.1f} x", flush=True)


def _median(command: list[str], folder: Path) -> float:
    spent = sorted(_spent(command, folder) for _ in range(RUNS))
    return spent[RUNS // 2]


def _spent(command: list[str], folder: Path) -> float:
    """Return processor seconds: what else runs on the machine changes them little."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


if __name__ == "__main__":
    main()
