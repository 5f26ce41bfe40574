"""`python -m recurra` and the command `recurra`, which need the extra `tasks`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command on the arguments of the process."""
    try:
        from recurra.cli.main import main as command

        command()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "recurra"):
            raise
        from recurra.public import install_line

        sys.exit(f"recurra: the command needs {missing}, which is not installed: {install_line(missing)}")


if __name__ == "__main__":
    main()
