"""What the commands print: messages, tables, numbers. rich is imported when something is printed."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence

__all__ = ["aligned", "complain", "paragraphs", "print_table", "say"]


def complain(message: str, /) -> None:
    """Print what is wrong on stderr."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True).print(Text("Error: ", style="bold red") + Text(message, style=""), soft_wrap=True)


def say(message: str = "", /) -> None:
    """Print a line on stdout, as it is."""
    sys.stdout.write(f"{message}\n")


def paragraphs(command: Callable[..., None], /) -> str:
    """Return a command's docstring with each paragraph on one line, as its help needs it."""
    return "\n\n".join(" ".join(part.split()) for part in (command.__doc__ or "").split("\n\n"))


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    /,
    *,
    numeric_from: int = 1,
    dense: bool = False,
) -> None:
    """Print a table on stdout; the columns from `numeric_from` on stand to the right, in a dense one close together."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, collapse_padding=dense, pad_edge=not dense)
    for index, column in enumerate(columns):
        table.add_column(Text(column), justify="right" if index >= numeric_from else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


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
