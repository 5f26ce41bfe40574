"""The commands that use a model: `predict`, `evaluate`, `backtest` and `generate`."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from recurra.cli.options import as_written, naming_options, options_of_fit, with_options
from recurra.cli.terminal import (
    aligned,
    print_scores,
    print_table,
    reporting_failures,
    say,
    say_data,
    say_json,
    saying_how_far,
)
from recurra.data.files import ENCODING, check_writable, encoding_of, paths_from, write_whole
from recurra.errors import DataError, InputError
from recurra.messages import translated
from recurra.tasks.language.options import GenerateOptions
from recurra.tasks.registry import TASKS, load_model
from recurra.tasks.translate.options import DecodeOptions

if TYPE_CHECKING:
    import polars

    from recurra.tasks.scores import Listing

__all__ = ["backtest", "evaluate", "generate", "predict"]

_Model = Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")]
_Csv = Annotated[str | None, typer.Option(help="Write CSV to this file, or to stdout for -.", metavar="FILE")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Quiet = Annotated[bool, typer.Option("--quiet", help="Do not say what was written.")]

_WIDTH = 60
"""Characters of a text in a table; CSV and JSON have all."""

_LOOKED_AT = 4096
"""Bytes of stdin that say whether it is a text."""


@reporting_failures
@with_options(DecodeOptions, task=None, into="decoding")
def predict(
    *,
    model: _Model,
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
    csv: _Csv = None,
    horizon: Annotated[
        int | None, typer.Option(help="Steps to forecast, by default those that the model was fitted for.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(help="Write the task's own format (CoNLL for tags) to this file.", metavar="FILE"),
    ] = None,
    as_json: _Json = False,
    quiet: _Quiet = False,
    decoding: DecodeOptions,
) -> None:
    """Predict what comes next, or what new data are.

    A forecast goes on after the data that the model was fitted on, or after newer data.

    Example: recurra predict forecast-sunspots --csv next.csv
    """
    given = [name for name, is_given in (("--csv", csv is not None), ("--json", as_json), ("--out", out)) if is_given]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} were both given; expected one of them")
    if text and data is not None:
        raise InputError("--text and DATA were both given; expected one of them")
    for file in (csv, out):
        _check_file(file, data)
    fitted: Any = load_model(model)
    if horizon is not None and fitted.task != "forecast":
        raise InputError(f"--horizon: {model} is a model for {fitted.task}; expected one for forecast")
    if text and not TASKS[fitted.task].reads_texts:
        raise InputError(f"--text: {model} is a model for {fitted.task}, which reads no texts; expected DATA")
    further: dict[str, Any] = {} if horizon is None else {"horizon": horizon}
    for field in dataclasses.fields(decoding):
        if getattr(decoding, field.name) != field.default:
            if fitted.task != "translate":
                option = field.name.replace("_", "-")
                raise InputError(f"--{option}: {model} is a model for {fitted.task}; expected one for translate")
            further = {"decoding": decoding}
    own = [field.name for field in dataclasses.fields(decoding)]
    with naming_options(options_of_fit(fitted, without=["horizon", *own]), of_fit=True), saying_how_far(quiet=quiet):
        if not text and data != Path("-"):
            listing = fitted.listing(data, **further)
        else:
            listing = _of_texts(fitted, text, further)
    _show_or_write(listing, csv=csv, out=out, as_json=as_json, quiet=quiet)


def _of_texts(fitted: Any, texts: list[str] | None, further: dict[str, Any]) -> Listing:
    """Return predictions of what was given in place of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(Path(folder), texts, encoding=getattr(fitted.options_, "encoding", ENCODING))
        try:
            with paths_from(Path()):  # of a table in stdin
                return fitted.listing(path, **further)
        except DataError as error:  # which names a file that the person never saw
            raise DataError(str(error).replace(str(path), "--text" if texts else "stdin")) from None


def _kept(folder: Path, texts: list[str] | None, *, encoding: str) -> Path:
    """Write texts, a line each, or what stdin holds, into a file.

    Raises
    ------
    InputError
        If stdin holds no text of the encoding, but a sound, a picture or something else with zero bytes.
    """
    path = folder / ("texts.txt" if texts else "stdin.txt")
    # with a tab in each it would be a table
    lines = "".join(" ".join(text.replace("\t", " ").splitlines()) + "\n" for text in texts or ())
    data = lines.encode("utf-8", "replace") if texts else sys.stdin.buffer.read()
    if b"\0" in data[:_LOOKED_AT] and not encoding_of(data, encoding).lower().startswith(("utf-16", "utf-32")):
        raise InputError("stdin: got bytes that are no text; expected texts or a table; other files are given by name")
    path.write_bytes(data)
    return path


@reporting_failures
def evaluate(
    model: _Model,
    data: Annotated[
        Path | None,
        typer.Argument(help="Other data, in the form of those that the model was fitted on.", metavar="DATA"),
    ] = None,
    weights: Annotated[
        Literal["float32", "bfloat16", "int8"],
        typer.Option(help="In what the weights of the recurrent layers are kept; in fewer bits, DATA is needed."),
    ] = "float32",
    as_json: _Json = False,
) -> None:
    """Print the test scores of a model, or its scores on other data.

    Those of a forecast stand beside the seasonal naive forecast's; with DATA, each forecast counts whose steps
    training has not seen.

    Example: recurra evaluate forecast-sunspots newer.csv
    """
    fitted: Any = load_model(model)
    if weights != "float32":
        if data is None:
            raise InputError(f"--weights {weights}: the scores of the training are of float32; expected DATA")
        fitted = fitted.quantised(weights)
    if data is None and "test" not in fitted.metrics_:
        raise InputError(f"{model} was not measured when it was trained; give data")
    options = options_of_fit(fitted)
    with naming_options(options, of_fit=True), saying_how_far():
        scores = fitted.metrics_["test"] if data is None else dataclasses.asdict(fitted.evaluate(data))
    if as_json:
        say_json(scores)
    else:
        table = fitted.score_table(scores)
        for each in (table, *table.further):
            print_scores(each, caption=lambda said: as_written(said, options, of_fit=True, into=translated))


@reporting_failures
def backtest(
    model: Annotated[Path, typer.Argument(help="Model folder of a forecast.", metavar="MODEL")],
    data: Annotated[Path, typer.Argument(help="Data in the form of those that it was fitted on.", metavar="DATA")],
    stride: Annotated[int, typer.Option(help="Rows from one forecast to the next, back from the last.")] = 1,
    csv: _Csv = None,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Print the forecasts that evaluate measures beside what came, a row for each step of each.

    A forecast begins at each row that training has not seen or, where it has seen all, at each row.

    Example: recurra backtest forecast-sunspots newer.csv --stride 11 --csv tested.csv
    """
    if csv is not None and as_json:
        raise InputError("--csv and --json were both given; expected one of them")
    _check_file(csv, data)
    fitted: Any = load_model(model)
    if fitted.task != "forecast":
        raise InputError(f"{model} is a model for {fitted.task}; expected one for forecast")
    with naming_options(options_of_fit(fitted), of_fit=True), saying_how_far(quiet=quiet):
        listing = fitted.backtest_listing(data, stride=stride)
    _show_or_write(listing, csv=csv, out=None, as_json=as_json, quiet=quiet)


@reporting_failures
@with_options(GenerateOptions, task=None)
def generate(
    *,
    model: Annotated[Path, typer.Argument(help="Model folder of a language model.", metavar="MODEL")],
    prompt: Annotated[str, typer.Option(help="What the text goes on from.", metavar="TEXT")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, when all is written.")] = False,
    options: GenerateOptions,
) -> None:
    """Let a language model write a text that goes on from a prompt, and print it as it is made.

    It is drawn token by token; the same seed gives the same text. With --beam it is searched for instead.

    Example: recurra generate language-book --prompt "Once" --length 400 --temperature 0.8
    """
    from recurra.tasks.language.estimator import LanguageModel

    fitted = load_model(model)
    if not isinstance(fitted, LanguageModel):
        raise InputError(f"{model} is a model for {fitted.task}, which writes nothing; expected one for language")
    pieces = fitted.generate(prompt, options)
    if as_json:
        say_json({"prompt": prompt, "text": "".join(pieces)})
        return
    sys.stdout.write(prompt)
    for piece in pieces:
        sys.stdout.write(piece)
        sys.stdout.flush()
    say()


def _show_or_write(listing: Listing, /, *, csv: str | None, out: str | None, as_json: bool, quiet: bool) -> None:
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


def _show(listing: Listing) -> None:
    if listing.text is not None:
        say_data(listing.text)
        return
    frame = listing.flat
    rows = zip(*(_texts(column) for column in frame.get_columns()), strict=True)
    numeric = [column.dtype.is_numeric() for column in frame.get_columns()]
    print_table(frame.columns, list(rows), numeric_from=_first_number(numeric), of_data=True)


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


def _check_file(file: str | None, data: Path | None, /) -> None:
    """Refuse a file of predictions that cannot be written, or is what is predicted from, before they are made."""
    if file is not None and file != "-":
        check_writable(Path(file), read=data)


def _write(text: str, file: str, *, count: int, quiet: bool) -> None:
    if file == "-":
        say_data(text)
        return
    write_whole(Path(file), text)
    if not quiet:
        say(f"Wrote {count} row{'s' * (count != 1)} to {file}.")
