"""What the commands print: messages, tables, scores, numbers; and how they fail: a message on stderr and an exit code.

Everything can be written on any console and into any file: what its encoding lacks is spelt in plain characters.
rich is imported when something is printed.
"""

from __future__ import annotations

import errno
import functools
import io
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec

import typer

from recurra.characters import REPLACE, can_write, readable
from recurra.errors import RecurraError, TrainingError
from recurra.messages import translated

if TYPE_CHECKING:
    from rich.table import Table

    from recurra.tasks.scores import ScoreTable

__all__ = [
    "BAD_INPUT",
    "INTERRUPTED",
    "NOT_FINITE",
    "aligned",
    "complain",
    "fits_console",
    "line_width",
    "note",
    "print_scores",
    "print_table",
    "reporting_failures",
    "say",
    "say_data",
    "say_json",
    "saying_how_far",
    "use_any_console",
]

# exit codes
BAD_INPUT = 2
NOT_FINITE = 3
INTERRUPTED = 130

_OUTPUT_ENDED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What is wrong where the output goes: its disk is full or gone."""

Parameters = ParamSpec("Parameters")

_LONGEST_NAME = 30
"""Characters up to which a first column holds names, which are not cut."""

_FOLDED = 5
"""Characters that running text in a table needs at least."""

_LONG = 2.0
"""Seconds after which it is said how far a prediction is."""

_WIDEST_PROGRESS = 70

_WIDEST = 1000
"""Characters of a line in a file."""


def use_any_console() -> None:
    """Let stdout and stderr write what their encoding lacks in plain characters, where they would fail or drop it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape", "backslashreplace"):
            stream.reconfigure(errors=REPLACE)


def fits_console(text: str, /) -> bool:
    """Say whether the encoding of stdout has all characters of a text."""
    return can_write(text, encoding=sys.stdout.encoding or "utf-8")


def complain(message: str, /, *, head: str = "Error: ", translation: str = "") -> None:
    """Print what is wrong on stderr: in English, by which it can be searched for, then in the language of now."""
    from rich.console import Console
    from rich.text import Text

    said = translation or translated(message)
    for begin, text in [(head, message), *([(translated(head), said)] if said != message else [])]:
        Console(stderr=True).print(Text(begin, style="bold red") + Text(readable(text), style=""), soft_wrap=True)


def note(message: str, /) -> None:
    """Print on stderr what is no error, but good to know."""
    complain(message, head="Note: ")


def reporting_failures(command: Callable[Parameters, None], /) -> Callable[Parameters, None]:
    """Make a command say what is wrong on stderr and leave with an exit code."""

    @functools.wraps(command)
    def reporting(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except TrainingError as error:
            complain(str(error), translation=error.translation)
            raise typer.Exit(NOT_FINITE) from None
        except RecurraError as error:
            complain(str(error), translation=error.translation)
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


def say(message: str = "", /) -> None:
    """Print a message on stdout, in the language of now."""
    _say_as_it_is(translated(message))


def _say_as_it_is(text: str) -> None:
    sys.stdout.write(f"{readable(text)}\n")


def line_width() -> int | None:
    """Return the characters in a line of stdout; None for a file or a pipe, unless COLUMNS says how many."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return None
    return shutil.get_terminal_size().columns


def say_json(data: object, /) -> None:
    """Print JSON on stdout; where its encoding lacks a character, all are escaped, so that none is changed."""
    text = json.dumps(data, ensure_ascii=False)
    _say_as_it_is(text if fits_console(text) else json.dumps(data))


def say_data(text: str, /) -> None:
    """Print data, such as CSV, on stdout; into a file or a pipe as UTF-8 where its encoding lacks a character."""
    if fits_console(text) or sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stderr.write(translated(f"The data have characters that {sys.stdout.encoding} lacks: written as UTF-8.\n"))


@contextmanager
def saying_how_far(*, quiet: bool = False) -> Iterator[None]:
    """Say on stderr what is left out of the data, and how far a prediction is that takes long.

    That is a line that changes, in a log one every half minute.
    """
    from recurra.data.files import telling_what_is_left_out
    from recurra.tasks.progress import progress_to

    if quiet:
        yield
        return
    line = _ProgressLine()
    try:
        with progress_to(line), telling_what_is_left_out(note):
            yield
    finally:
        line.end()


class _ProgressLine:
    """How many of how many, and the time that is left."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()
        self._first, self._of, self._is_there = 0, 0, False
        self._every, self._end = (0.2, "\r") if sys.stderr.isatty() else (30.0, "\n")

    def __call__(self, done: int, of: int, what: str) -> None:
        now = time.monotonic()
        if of != self._of or done == 0:
            self._began, self._first, self._of = now, done, of
        is_due = now - self._said >= (self._every if self._is_there else max(self._every, _LONG))
        if not is_due or done == of:
            return
        left = (now - self._began) / max(1, done - self._first) * (of - done)
        sys.stderr.write(f"{done:,} of {of:,} {what}, {max(1, round(left)):,} s left   {self._end}")
        sys.stderr.flush()
        self._said, self._is_there = now, True

    def end(self) -> None:
        """Leave an empty line where the line was that changed."""
        if self._is_there and self._end == "\r":
            sys.stderr.write(f"{' ' * _WIDEST_PROGRESS}\r")


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    /,
    *,
    numeric_from: int = 1,
    dense: bool = False,
    of_data: bool = False,
) -> None:
    """Print a table on stdout; the columns from `numeric_from` on stand to the right, in a dense one close together.

    Its headings and cells are messages, unless it is one of data.

    Names in the first column and numbers are not cut, unless a console is too narrow for them. A file or a pipe is as
    wide as the table.
    """
    from rich.cells import cell_len
    from rich.console import Console
    from rich.measure import Measurement

    if not of_data:
        columns, rows = [translated(each) for each in columns], [[translated(each) for each in row] for row in rows]

    def table(*, whole: bool) -> Table:
        return _table(columns, rows, numeric_from=numeric_from, dense=dense, whole=whole)

    console = Console()
    if line_width() is None:
        widths = Measurement.get(console, console.options.update(max_width=_WIDEST), table(whole=True))
        console = Console(width=max(console.width, min(widths.maximum, _WIDEST)))
    whole = [max(cell_len(row[index]) for row in (columns, *rows)) for index in (0, *range(numeric_from, len(columns)))]
    needed = sum(whole) + _FOLDED * (numeric_from - 1) + 2 * len(columns)
    console.print(table(whole=needed <= console.width))


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric_from: int, dense: bool, whole: bool
) -> Table:
    """Return a table; if `whole`, what is no running text is not folded."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, collapse_padding=dense, pad_edge=not dense)
    for index, column in enumerate(columns):
        is_name = index == 0 and max((len(row[0]) for row in rows), default=0) <= _LONGEST_NAME
        table.add_column(
            Text(column),
            justify="right" if index >= numeric_from else "left",
            overflow="fold",
            no_wrap=whole and (is_name or index >= numeric_from),
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def print_scores(scores: ScoreTable, /, *, caption: Callable[[str], str] = str) -> None:
    """Print scores with their title and how to read them, as a caption is written on the command line."""
    say(scores.title)
    print_table(scores.columns, scores.rows)
    if scores.caption:
        _say_as_it_is(caption(translated(scores.caption)))


def aligned(values: Sequence[float], /) -> list[str]:
    """Write numbers with the same decimals, four digits of the largest, or of their extent where that is less."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    largest = max(map(abs, known), default=0.0)
    if largest and not 1e-4 <= largest < 1e15:
        return [f"{value:.3e}" for value in values]
    extent = max(known) - min(known) if len(known) > 1 else 0.0
    size = extent if 1e-9 * largest < extent < largest else largest
    before_point = math.floor(math.log10(size)) + 1 if size else 1
    decimals = max(0, 4 - before_point)
    return [f"{value:.{decimals}f}" for value in values]
