"""Commands as processes that need not load the program again: each is forked from one that has.

To load the program takes longer than most commands; a test of the daemon, of a kill or of an
installation starts a process in the ordinary way all the same.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from atexit import register
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

_MESSAGE = 1 << 16  # bytes: a command line and its environment
_FILES = 3  # what comes with them: where to write output and errors, and where to tell of the end
_LATER = ("babel.support", "email_validator", "premailer")  # loaded when needed


def run(
    arguments: Sequence[str], environment: Mapping[str, str], limit: float
) -> subprocess.CompletedProcess[str]:
    """Run `python -m syndicate ARGUMENTS` to its end; at most `limit` seconds."""
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        ours.settimeout(limit)
        asked = json.dumps([list(arguments), dict(environment), str(Path.cwd())]).encode()
        files = [out.fileno(), err.fileno(), theirs.fileno()]
        socket.send_fds(_parent(), [asked], files)
        theirs.close()
        with ours.makefile(encoding="ascii") as said:
            number = int(said.readline())
            try:
                status = int(said.readline())
            except TimeoutError:
                os.kill(number, signal.SIGKILL)
                raise
        out.seek(0)
        err.seek(0)
        texts = [file.read().decode() for file in (out, err)]
    return subprocess.CompletedProcess(arguments, status, *texts)


def start() -> dict[str, str]:
    """The environment: what Python needs to start, and nothing that a test has not set."""
    needed = ("PATH", "HOME", "PYTHONPATH")
    return {name: os.environ[name] for name in needed if name in os.environ}


@cache
def _parent() -> socket.socket:
    """Start the process that has loaded the program; it ends when its socket is closed, with us."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.forks", str(theirs.fileno())],
            env=start(),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def end() -> None:
        ours.close()
        started.wait()

    register(end)
    return ours


def _load() -> None:
    """Load every module; none of them may do more than define things."""
    import syndicate

    ours = [one.name for one in pkgutil.walk_packages(syndicate.__path__, "syndicate.")]
    for name in (*ours, *_LATER):
        if ".migrations." not in name:
            importlib.import_module(name)
    gc.freeze()


def _serve(asking: socket.socket) -> None:
    """Fork a keeper for each command that is asked for, until nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are waited for by nobody
    while True:
        asked, files, _, _ = socket.recv_fds(asking, _MESSAGE, _FILES)
        if not asked:
            return
        if os.fork() == 0:
            asking.close()
            _keep(*json.loads(asked), *files)
        for file in files:
            os.close(file)


def _keep(
    arguments: list[str], environment: dict[str, str], folder: str, out: int, err: int, telling: int
) -> NoReturn:
    """Run a command in a process of its own; tell its number, and its status when it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    number = os.fork()
    if number == 0:
        os.close(telling)
        _become(arguments, environment, folder, out, err)
    os.write(telling, b"%d\n" % number)
    _, how = os.waitpid(number, 0)
    os.write(telling, b"%d\n" % os.waitstatus_to_exitcode(how))
    os._exit(0)


def _become(
    arguments: list[str], environment: dict[str, str], folder: str, out: int, err: int
) -> NoReturn:
    """Be the program from here on, to the end of this interpreter."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for file, place in ((out, 1), (err, 2)):
        os.dup2(file, place)
        os.close(file)
    sys.argv = ["syndicate", *arguments]
    main = importlib.import_module("syndicate.__main__").main
    main()
    sys.exit()


if __name__ == "__main__":
    _load()
    with socket.socket(fileno=int(sys.argv[1])) as opened:
        _serve(opened)
