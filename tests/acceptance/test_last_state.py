"""A full disk, a kill: what is published is whole at every moment, and the next build goes on."""

import gzip
import os
import subprocess
from pathlib import Path

from syndicate.feeds.validator import validate
from tests.acceptance.pages import FIRST, page, write
from tests.acceptance.program import Program


def files(root: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()
    }


def test_what_is_published_stands_while_the_disk_is_full_and_the_rest_follows(
    syndicate: Program, small_disk: Path
) -> None:
    program = Program(
        syndicate.folder,
        {**syndicate.environment, "SYNDICATE_OUTPUT__DIRECTORY": str(small_disk / "public")},
    )
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST)})
    program("build")
    before = files(small_disk / "public")
    room = os.statvfs(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(room.f_bavail * room.f_frsize - 16 * 1024))
    write(content, {f"{n}.txt": page(f"一話で終わる話 {n}") for n in range(30)})
    said = program("build", status=1).stderr
    assert "cannot be written (No space left on device)" in said
    assert "Traceback" not in said
    after = files(small_disk / "public")
    assert before.keys() <= after.keys()
    assert {path: data for path, data in after.items() if path.startswith("feed.")} == {
        path: data for path, data in before.items() if path.startswith("feed.")
    }
    assert not [path for path in after if path.endswith(".new")]
    filler.unlink()
    program("build")
    assert program.json("feeds", "list")[0]["entries"] == 31
    assert ": 0 errors" in program("feeds", "validate").stdout


def test_a_build_that_is_killed_leaves_whole_documents(syndicate: Program) -> None:
    content, public = syndicate.folder / "content", syndicate.folder / "public"
    write(content, {"a.txt": page(FIRST)})
    syndicate("build")
    for turn, delay in enumerate((0.8, 1.1, 1.4, 1.7, 2.0)):
        write(content, {f"{turn}-{n}.txt": page(f"一話で終わる話 {turn} {n}") for n in range(19)})
        process = subprocess.Popen(syndicate.command("build"), env=syndicate.variables())
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for name, data in files(public).items():
            if name.startswith("feed.") and name.endswith((".atom", ".rss", ".json")):
                assert validate(data) == ()
            elif name.endswith(".gz"):
                assert gzip.decompress(data)
    syndicate("build")
    assert syndicate.json("feeds", "list")[0]["entries"] == 96
    assert ": 0 errors" in syndicate("feeds", "validate").stdout
