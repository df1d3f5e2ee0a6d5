import signal
import subprocess
from pathlib import Path

from tests.acceptance.program import Program


def files(folder: Path) -> dict[str, bytes]:
    kept = (path for name in ("public", "mail") for path in (folder / name).rglob("*"))
    found = [*kept, *folder.glob("digest-*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}


def test_the_demo_does_the_main_job_and_the_second_time_nothing_is_new(tmp_path: Path) -> None:
    program = Program(tmp_path / "demo")
    said = program("demo").stdout
    assert "picked up  4 pages    3 ja, 1 en · refused 0 · warnings 0" in said
    assert "(arrived 3, 1, 2; put in order)" in said
    assert "feed.atom 4 · feed.rss 4 · feed.json 4" in said
    assert "digest/1  3 readers, 2 renderings (ja, en)" in said
    assert "letters    3 written to a local mailbox" in said
    assert "frozen 3 = sent 3 + failed 0 + unknown 0 + cancelled 0 + pending 0" in said
    before = files(tmp_path / "demo")
    again = program("demo").stdout
    assert "nothing new" in again
    assert "nobody is mailed twice" in again
    assert files(tmp_path / "demo") == before


def test_a_demo_that_is_killed_anywhere_goes_on_with_the_next_run(tmp_path: Path) -> None:
    program = Program(tmp_path / "demo")
    for delay in (0.4, 0.8, 1.2, 1.6, 2.0, 2.4):
        process = subprocess.Popen(
            program.command("demo"),
            env=program.variables(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    program("demo")
    letters = [path.read_bytes() for path in (tmp_path / "demo" / "mail" / "new").iterdir()]
    recipients = [line for one in letters for line in one.splitlines() if line.startswith(b"To: ")]
    assert len(recipients) == len(set(recipients)) == len(letters)
    tally = program.json("editions", "show", "digest/1")["deliveries"]
    assert tally["sent"] <= len(letters) <= tally["sent"] + tally["unknown"]
    assert tally["sent"] + tally["unknown"] == 3
