"""From errors to messages on stderr and exit codes, without a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer

from recurra.cli.terminal import complain
from recurra.errors import RecurraError, TrainingError

__all__ = ["BAD_INPUT", "INTERRUPTED", "NOT_FINITE", "reporting_failures"]

BAD_INPUT = 2
NOT_FINITE = 3
INTERRUPTED = 130

Parameters = ParamSpec("Parameters")


def reporting_failures(command: Callable[Parameters, None], /) -> Callable[Parameters, None]:
    """Make a command say what is wrong on stderr and leave with an exit code."""

    @functools.wraps(command)
    def reporting(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TrainingError as error:
            complain(str(error))
            raise typer.Exit(NOT_FINITE) from None
        except RecurraError as error:
            complain(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            complain("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None

    return reporting
