"""Benchmarks are run at release only: here each that needs no other program shows that it still can."""

import subprocess
import sys

import pytest

from tests.conftest import CHECKOUT


@pytest.mark.parametrize(
    ("command", "said"),
    [(("bench.letter", "20"), "times as fast"), (("bench.freeze", "300"), "ratio")],
    ids=["letter", "freeze"],
)
def test_a_benchmark_runs_and_tells_its_ratio(command: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
