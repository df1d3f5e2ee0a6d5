import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

from tests.acceptance.program import Program
from tests.conftest import CHECKOUT


def test_the_built_wheel_runs_the_demo_far_from_the_checkout(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = built.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    program = replace(
        Program(tmp_path / "demo"),
        environment={"PYTHONPATH": str(installed), "HOME": str(tmp_path)},
    )
    where = subprocess.run(
        [sys.executable, "-c", "import syndicate.resources as r; print(r.folder('templates'))"],
        env=program.variables(),
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert where.strip() == str(installed / "syndicate" / "_shipped" / "templates")
    assert "frozen 3 = sent 3" in program("demo").stdout
