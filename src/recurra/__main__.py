"""`python -m recurra` and the command `recurra`, which need the extra `tasks`."""

from __future__ import annotations

import sys

from recurra.public import lacking

__all__ = ["main"]


def main() -> None:
    """Run the command on the arguments of the process."""
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
