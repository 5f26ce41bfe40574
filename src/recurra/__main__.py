"""`python -m recurra` and the command `recurra`, which need the extra `tasks`."""

from __future__ import annotations

import gc
import sys

from recurra.public import lacking

__all__ = ["main"]

_GARBAGE = 50_000, 20, 50
"""When Python looks for garbage. To look through all that torch has made takes 0.1 s, which by its defaults a training
does half a dozen times; see `gc.set_threshold`."""


def main() -> None:
    """Run the command on the arguments of the process."""
    gc.set_threshold(*_GARBAGE)
    try:
        from recurra.cli.main import main as command

        command()
    except ModuleNotFoundError as error:
        said = lacking(error)
        if not said:
            raise
        sys.exit(f"recurra: the command needs {said}")


if __name__ == "__main__":
    main()
