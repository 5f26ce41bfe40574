"""`recurra predict MODEL [DATA]`: what comes next, or what new data are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.terminal import aligned, print_table, say, say_data, say_json
from recurra.errors import DataError, InputError

if TYPE_CHECKING:
    import polars

    from recurra.tasks.outcome import Listing

__all__ = ["predict"]

_WIDTH = 60
"""Characters of a text in a table; CSV and JSON have all."""


@reporting_failures
def predict(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(help="New data, in the form of those that the model was fitted on.", metavar="DATA"),
    ] = None,
    csv: Annotated[str | None, typer.Option(help="Write CSV to this file, or to stdout for -.", metavar="FILE")] = None,
    out: Annotated[
        str | None,
        typer.Option(help="Write the task's own format (CoNLL for tags) to this file.", metavar="FILE"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not say what was written.")] = False,
) -> None:
    """Predict what comes next, or what new data are.

    A forecast goes on after the data that the model was fitted on, or after newer data.

    Example: recurra predict forecast-sunspots --csv next.csv
    """
    given = [name for name, is_given in (("--csv", csv is not None), ("--json", as_json), ("--out", out)) if is_given]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} were both given; expected one of them")
    from recurra.tasks.registry import load_model

    listing = load_model(model).listing(data)
    if as_json:
        say_json({**(listing.extra or {}), "predictions": listing.frame.to_dicts()})
    elif csv is not None:
        _write(listing.flat.write_csv(), csv, count=listing.frame.height, quiet=quiet)
    elif out is not None:
        if listing.text is None:
            raise InputError("--out: this task has no format of its own; expected --csv or --json")
        _write(listing.text, out, count=listing.frame.height, quiet=quiet)
    else:
        _show(listing)


def _show(listing: Listing) -> None:
    if listing.text is not None:
        say_data(listing.text)
        return
    frame = listing.flat
    rows = zip(*(_texts(column) for column in frame.get_columns()), strict=True)
    numeric = [column.dtype.is_numeric() for column in frame.get_columns()]
    print_table(frame.columns, list(rows), numeric_from=_first_number(numeric))


def _first_number(numeric: list[bool]) -> int:
    """Return from which column on all are numbers; the first column names the rows."""
    last_text = max((place for place, is_number in enumerate(numeric) if not is_number), default=0)
    return max(1, last_text + 1)


def _texts(column: polars.Series) -> list[str]:
    if column.dtype.is_float():
        return aligned(column.to_list())
    return ["" if value is None else _shortened(str(value)) for value in column.to_list()]


def _shortened(text: str) -> str:
    """Return a text in one line, cut off where a table has no room for it."""
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _write(text: str, file: str, *, count: int, quiet: bool) -> None:
    if file == "-":
        say_data(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror}") from None
    if not quiet:
        say(f"Wrote {count} rows to {file}.")
