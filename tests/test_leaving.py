"""How the process ends: at once where a command ended well, with all done that is to be done at an end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_AT_END = "import atexit; atexit.register(print, 'at the end')\n"
_WORK = "import threading, time\ndef work(): time.sleep(0.5); print('done')\n"
_THREAD = f"{_WORK}threading.Thread(target=work).start()\n"
_HEAVY = "class Heavy:\n    def __del__(self): print('taken apart')\nheavy = Heavy()\n"


def ran(
    before: str, *options: str, arguments: str = "--version", given: str = ""
) -> tuple[int, list[str]]:
    """Run the program after some code: its exit status, and its lines."""
    code = f"import sys\nsys.argv[1:] = [{arguments!r}]\n{before}from syndicate.__main__ import main\nmain()"
    command = [sys.executable, *options, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, input=given, check=False)
    return done.returncode, done.stdout.splitlines()


def test_what_is_to_be_done_at_an_end_is_done_and_nothing_is_taken_apart() -> None:
    status, (_, *lines) = ran(_AT_END + _HEAVY)
    assert (status, lines) == (0, ["at the end"])


def test_what_is_still_printed_arrives() -> None:
    status, lines = ran("print('before', end=' ')\n")
    assert status == 0
    assert lines[0].startswith("before syndicate ")


def test_a_thread_that_works_on_is_waited_for() -> None:
    status, (_, *lines) = ran(_THREAD + _AT_END)
    assert (status, lines) == (0, ["done", "at the end"])


def test_a_command_that_did_not_end_well_keeps_its_status() -> None:
    status, lines = ran(_AT_END, arguments="nonsense")
    assert (status, lines) == (2, ["at the end"])


def test_who_measures_the_program_gets_what_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "profile"
    command = [sys.executable, "-m", "cProfile", "-o", str(file), "-m", "syndicate", "--version"]
    subprocess.run(command, capture_output=True, check=True)
    assert file.stat().st_size > 0


def test_who_asks_python_to_go_on_is_asked_what_to_do_next() -> None:
    _, lines = ran("", "-i", given="print('asked')\n")
    assert lines[-1] == "asked"


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="only Linux has a disk that is always full"
)
@pytest.mark.parametrize(
    "printed", ["print('never flushed')", "sys.stdout.buffer.write(b'never flushed')"]
)
def test_what_a_full_disk_does_not_take_is_no_success(printed: str) -> None:
    code = f"{printed}\nfrom syndicate.__main__ import _leave\n_leave()"
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", f"import sys\n{code}"]
        buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=buffered, check=False
        )
    assert done.returncode == 120  # as Python has it
    assert os.strerror(28).encode() in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_error_that_nobody_reads_any_more_keeps_its_status(
    tmp_path: Path, unbuffered: str
) -> None:
    command = [sys.executable, "-m", "syndicate", "-C", str(tmp_path / "nowhere"), "status"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as pipe:
        assert subprocess.run(command, stderr=pipe, env=environment, check=False).returncode == 1
