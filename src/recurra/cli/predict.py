"""`recurra predict MODEL [DATA]`: what comes next, or what new data are."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.terminal import aligned, print_table, say, say_data, say_json, saying_how_far
from recurra.errors import DataError, InputError

if TYPE_CHECKING:
    import polars

    from recurra.tasks.scores import Listing

__all__ = ["predict", "show_or_write"]

_WIDTH = 60
"""Characters of a text in a table; CSV and JSON have all."""


@reporting_failures
def predict(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(
            help="New data, in the form of those that the model was fitted on, or a text a line; - for stdin.",
            metavar="DATA",
        ),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="A text in place of DATA; may be given again.", metavar="TEXT")
    ] = None,
    csv: Annotated[str | None, typer.Option(help="Write CSV to this file, or to stdout for -.", metavar="FILE")] = None,
    horizon: Annotated[
        int | None, typer.Option(help="Steps to forecast, by default those that the model was fitted for.")
    ] = None,
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

    if text and data is not None:
        raise InputError("--text and DATA were both given; expected one of them")
    fitted: Any = load_model(model)
    if horizon is not None and fitted.task != "forecast":
        raise InputError(f"--horizon: {model} is a model for {fitted.task}; expected one for forecast")
    further = {} if horizon is None else {"horizon": horizon}
    with saying_how_far(quiet=quiet):
        if not text and data != Path("-"):
            listing = fitted.listing(data, **further)
        else:
            listing = _of_texts(fitted, text, further)
    show_or_write(listing, csv=csv, out=out, as_json=as_json, quiet=quiet)


def _of_texts(fitted: Any, texts: list[str] | None, further: dict[str, int]) -> Listing:
    """Return predictions of what was given in place of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(Path(folder), texts)
        try:
            return fitted.listing(path, **further)
        except DataError as error:  # which names a file that the person never saw
            raise DataError(str(error).replace(str(path), "--text" if texts else "stdin")) from None


def show_or_write(listing: Listing, /, *, csv: str | None, out: str | None, as_json: bool, quiet: bool) -> None:
    """Print predictions as a table or JSON, or write them."""
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


def _kept(folder: Path, texts: list[str] | None) -> Path:
    """Write texts, a line each, or what stdin holds, into a file."""
    path = folder / ("texts.txt" if texts else "stdin.txt")
    lines = "".join(" ".join(text.splitlines()) + "\n" for text in texts or ())
    path.write_bytes(lines.encode("utf-8", "replace") if texts else sys.stdin.buffer.read())
    return path


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
        known = aligned(column.drop_nulls().to_list())
        return [known.pop(0) if is_known else "" for is_known in column.is_not_null().to_list()]
    return ["" if value is None else _shortened(str(value)) for value in column.to_list()]


def _shortened(text: str) -> str:
    """Return a text in one line, cut off where a table has no room for it."""
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _write(text: str, file: str, *, count: int, quiet: bool) -> None:
    if file == "-":
        say_data(text)
        return
    from recurra.data.files import write_whole

    write_whole(Path(file), text)
    if not quiet:
        say(f"Wrote {count} rows to {file}.")
