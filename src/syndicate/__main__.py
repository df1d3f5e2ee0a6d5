"""The program: `syndicate`, or `python -m syndicate`."""

import gc
import os
import sys

YOUNG = 200_000  # objects between two collections: what a command loads stays, and is fewer
_INTERRUPTED = 130  # what shells say of a program that ended by SIGINT: 128 + 2


def main() -> None:
    """Run the program; Ctrl-C ends it without a word, also while it is still loading."""
    gc.set_threshold(YOUNG)
    # To look for pydantic's plugins, which check nothing of ours, reads a file of each installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from syndicate.cli import main as program  # noqa: PLC0415 - loading takes a tenth of a second

        program()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    finally:
        gc.freeze()  # all goes with the process: to look once more at what is in use took 15 ms


if __name__ == "__main__":
    main()
