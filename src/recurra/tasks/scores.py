"""What the verbs of a task give, in a form that the command can show: a table of scores, a listing of predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recurra.errors import InputError
from recurra.notebook import page, table
from recurra.report.numbers import MISSING

if TYPE_CHECKING:
    import polars

__all__ = ["Listing", "ScoreTable", "listing_of_test_part", "three_decimals", "with_empty_rows"]


@dataclass(frozen=True, kw_only=True)
class ScoreTable:
    """Scores as they are printed.

    Attributes
    ----------
    title, caption
        What was measured, and how to read it.
    columns, rows
        The headings, and a text for each cell; the first column says what a row is of.
    further
        Tables with more of the same, for who asked for scores.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    further: tuple[ScoreTable, ...] = ()

    def _repr_html_(self) -> str:
        """Return it as a table, for notebooks."""
        return page(self.title, "", table(self.columns, self.rows), page("", self.caption) if self.caption else "")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Predictions.

    Attributes
    ----------
    frame
        As a table. Columns of lists, such as attention weights, are in JSON alone.
    text
        In the task's own file format, such as CoNLL; None where it has none.
    extra
        What JSON has beside the rows.
    """

    frame: polars.DataFrame
    text: str | None = None
    extra: Mapping[str, Any] | None = None

    @property
    def flat(self) -> polars.DataFrame:
        """The columns that hold no lists: what is written as CSV, and printed where there is no text."""
        return self.frame[[column.name for column in self.frame if not column.dtype.is_nested()]]


_WHOLE, _FRACTIONS = ("row", "line", "sentence", "token"), ("log_prob", "probability")
"""Columns of predictions that are numbers; all others are a person's texts, such as "0042"."""


def listing_of_test_part(predictions: bytes, /) -> Listing:
    """Return the predictions of the test part, which a model folder has as CSV.

    Raises
    ------
    InputError
        If there are none, as the model was saved without them.
    """
    import polars  # which a table of scores does without

    if not predictions:
        raise InputError("the model has no predictions of a test part; expected data to predict")
    found = polars.read_csv(predictions, infer_schema=False).fill_null("")
    kinds = dict.fromkeys(_WHOLE, polars.Int64) | dict.fromkeys(_FRACTIONS, polars.Float64)
    return Listing(frame=found.cast({name: kinds[name] for name in found.columns if name in kinds}, strict=False))


def with_empty_rows(
    predictions: polars.DataFrame, rows: Sequence[int], /, *, ids: Sequence[str | None] = ()
) -> polars.DataFrame:
    """Return predictions with a row for each row of the data that was left out, in the data's order.

    It has nothing but its number, and where there are `ids` (rows,) of those that were left out, its own.
    """
    if not rows:
        return predictions
    import polars

    empty = polars.DataFrame({"row": polars.Series(rows, dtype=predictions["row"].dtype)})
    if ids and "id" in predictions:
        empty = empty.with_columns(polars.Series("id", ids, dtype=polars.String))
    return polars.concat([predictions, empty], how="diagonal").sort("row")


def three_decimals(score: float | None, /) -> str:
    """Return a score without unit as text; `MISSING` where there is none."""
    return MISSING if score is None else f"{score:.3f}"
