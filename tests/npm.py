"""Programs of npm that look at what we write: tests/node, which `.ci/run` installs."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "node"
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(
    not (NODE and (FOLDER / "node_modules").is_dir()) and not os.environ.get("CI"),
    reason="tests/node is not installed: (cd tests/node && npm install --no-package-lock --ignore-scripts)",
)


def run(script: str, lines: Sequence[str]) -> Any:
    """Run a script on some lines, and read the JSON that it prints."""
    assert NODE
    done = subprocess.run(
        [NODE, FOLDER / script],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


class Decoder:
    """A running script that answers each line of JSON with one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, value: str) -> Any:
        """Ask for one value."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def running(script: str) -> Iterator[Decoder]:
    """Start a script, and end it."""
    assert NODE
    with subprocess.Popen(
        [NODE, FOLDER / script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield Decoder(process)
