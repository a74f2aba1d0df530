"""``python -m chatapp`` is the command ``chatapp``."""

import gc
import sys


def main() -> int:
    """Run the command line; return the exit code.

    What is made on the way to a command stays: no time is spent on looking for garbage among it.
    """
    gc.disable()
    from chatapp.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
