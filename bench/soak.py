"""Kill the sender again and again, and let the receiving server's log judge (issue 3).

    python -m bench.soak [--letters N] [--kills N] [--postgresql] [--seed N]
    python -m bench.soak --write     both databases, and the table of docs/delivery-proof.md
    python -m bench.soak --demo      a newcomer's run of 300 letters

Everything stays on 127.0.0.1 and in a scratch folder.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.crash.database import running

from bench.kill import page
from bench.kill.run import Plan, Result, Told, tried

DEMO = Plan("SQLite", letters=300, kills=4, seed=0, delay=0.05)


def main() -> None:
    """Run what the command line says; exit status 1 when an invariant does not hold."""
    asked = _asked()
    source = _source()  # now: it may be worked on meanwhile
    seed = random.randrange(2**32) if asked.seed is None else asked.seed
    if asked.demo:
        plans = [replace(DEMO, seed=seed)]
    else:
        databases = ["SQLite", "PostgreSQL"] if asked.write else [asked.database]
        plans = [Plan(one, asked.letters, asked.kills, seed) for one in databases]
    results = [_run(plan, demo=asked.demo) for plan in plans]
    if asked.write and not any(one.wrong for one in results):
        page.write(results, source)
        print(f"written: {page.FILE}")
    sys.exit(any(one.wrong for one in results))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, help="the same dice again")
    parser.add_argument(
        "--postgresql", dest="database", action="store_const", const="PostgreSQL", default="SQLite"
    )
    parser.add_argument("--write", action="store_true", help="write docs/delivery-proof.md")
    parser.add_argument("--demo", action="store_true", help="300 letters, and what to do next")
    return parser.parse_args()


def _source() -> str:
    """Name the commit that is run, and say whether the program differs from it."""
    git = ("git", "-C", str(Path(__file__).parent))
    try:
        commit = subprocess.check_output([*git, "rev-parse", "--short", "HEAD"], text=True).strip()
        changed = subprocess.check_output([*git, "status", "--porcelain", "../src"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"
    return f"commit {commit}{', with changes' if changed else ''}"


def _run(plan: Plan, *, demo: bool) -> Result:
    print(f"{plan.letters} letters, {plan.kills} kills, {plan.database}, seed {plan.seed}")
    folder = Path(tempfile.mkdtemp(prefix="syndicate-kill-"))
    try:
        result = _tried(plan, folder, demo=demo)
    except BaseException:
        print(f"\nended early; remove what it left with: rm -r {folder}")
        raise
    print(
        f"\naccepted {result.accepted} · twice {result.twice} · lost {result.lost} · "
        f"uncertain {result.uncertain} (listed)"
    )
    for one in result.wrong:
        print(f"WRONG: {one}")
    _leave(folder, result, keep=bool(result.wrong) or (demo and result.uncertain > 0))
    return result


def _tried(plan: Plan, folder: Path, *, demo: bool) -> Result:
    if plan.database == "SQLite":
        return tried(plan, folder, f"sqlite:///{folder / 'syndicate.db'}", _told(plan, demo))
    with running() as server:
        return tried(plan, folder, server.url, _told(plan, demo))


def _told(plan: Plan, demo: bool) -> Told:
    def tell(kills: int, accepted: int, *, killed: bool = False) -> None:
        if demo and killed:
            print(f"\r  kill -9 number {kills}: the server has {accepted} letters; sending goes on")
        elif sys.stdout.isatty():
            done = f"{accepted} of {plan.letters} letters, {kills} of {plan.kills} kills"
            print(f"\r  {done} ", end="", flush=True)

    return tell


def _leave(folder: Path, result: Result, *, keep: bool) -> None:
    """Remove the scratch folder, or say what to do in it."""
    if not keep:
        shutil.rmtree(folder)
        return
    if not result.wrong:
        program = os.path.relpath(Path(sys.executable).with_name("syndicate"))
        print(
            f"The {result.uncertain} uncertain were on their way when the sender died: nobody can know\n"
            f"whether they arrived ({result.arrived} did, says this server), so they are never sent\n"
            "again by themselves. See who they are, and decide:\n"
            f"  {program} -C {folder / 'publication'} deliveries uncertain"
        )
    print(f"The folder is kept; remove it with: rm -r {folder}")


if __name__ == "__main__":
    main()
