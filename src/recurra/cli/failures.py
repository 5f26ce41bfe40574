"""From errors to messages on stderr and exit codes, without a traceback."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

import typer

from recurra.cli.terminal import complain
from recurra.errors import RecurraError, TrainingError

__all__ = ["BAD_INPUT", "INTERRUPTED", "NOT_FINITE", "reporting_failures"]

BAD_INPUT = 2
NOT_FINITE = 3
INTERRUPTED = 130

_OUTPUT_ENDED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What is wrong where the output goes: its disk is full or gone."""

Parameters = ParamSpec("Parameters")


def reporting_failures(command: Callable[Parameters, None], /) -> Callable[Parameters, None]:
    """Make a command say what is wrong on stderr and leave with an exit code."""

    @functools.wraps(command)
    def reporting(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except TrainingError as error:
            complain(str(error))
            raise typer.Exit(NOT_FINITE) from None
        except RecurraError as error:
            complain(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except OSError as error:
            if error.errno not in _OUTPUT_ENDED:
                raise
            _forget_output()
            complain(f"the output cannot be written: {error.strerror}")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            complain("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None

    return reporting


def _forget_output() -> None:
    """Let what is still to be written to stdout go nowhere: Python would fail on it again at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # stdout is none of the system's, as in a test
        return
