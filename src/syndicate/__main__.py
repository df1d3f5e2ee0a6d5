"""The program: `syndicate`, or `python -m syndicate`."""

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress

YOUNG = 200_000  # objects between two collections: what a command loads stays, and is fewer
_INTERRUPTED = 130  # what shells say of a program that ended by SIGINT: 128 + 2


def main() -> None:
    """Run the program; Ctrl-C ends it without a word, also while it is still loading."""
    gc.set_threshold(YOUNG)
    try:
        from syndicate.cli import main as program  # noqa: PLC0415 - loading takes a tenth of a second

        program()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except SystemExit as end:
        if end.code in (None, 0):
            _leave()
        else:
            _give_up_streams()
        raise
    finally:
        gc.freeze()  # all goes with the process: to look once more at what is in use took 15 ms


def _give_up_streams() -> None:
    """Close what takes no more of what is written: Python would put 120 in the place of the exit status."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            with suppress(OSError, ValueError, AttributeError):
                stream.close()


def _leave() -> None:
    """End the process at once: to take apart what it loaded took 10 ms of a small build.

    What is to be done at an end is done before: databases are closed. Returns where more is to be done: a
    thread is waited for, a stream does not take what is written, or somebody watches this process.
    """
    if threading.active_count() > 1 or _is_watched():
        return
    atexit._run_exitfuncs()  # noqa: SLF001 - what Python itself does at an end; none is run twice
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _is_watched() -> bool:
    """Whether a profiler or debugger goes on after the program, or `python -i` asks what to do next."""
    if sys.version_info >= (3, 12) and any(map(sys.monitoring.get_tool, range(6))):
        return True
    return bool(sys.getprofile() or sys.gettrace() or sys.flags.inspect)


if __name__ == "__main__":
    main()
