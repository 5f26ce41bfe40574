"""Blocks of a report: tables with bars, shaded tables, paragraphs, code, and excerpts of what a model wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from recurra.errors import InputError
from recurra.report.numbers import aligned

__all__ = [
    "Bar",
    "Code",
    "Excerpt",
    "Excerpts",
    "Heat",
    "HeatCell",
    "Table",
    "TableCell",
    "Text",
    "Width",
    "bars",
    "check_share",
    "shares",
]

Width = Literal["half", "full"]
"""The room that a block takes on a wide screen: half of the page, beside another one, or all of it."""

_SEVERAL, _NARROW, _BROAD = 6, 6, 14
"""More columns than so many are narrow; the letters of a label that a narrow and a broad one take."""

_HALF_ROOM, _GAP = 66, 3
"""Letters that fit into half of a wide screen, and those that the gap between two columns takes."""

_NUMBER = re.compile(r"[-−<]?\d[\d,.]*(e[-+]?\d+)?( ?(%|s|ms|min|h|bits))?|–")
"""A number with its unit, or what stands where there is none."""


def check_share(share: float, what: str) -> None:
    """Refuse a share that is none, and say of what it is."""
    if not 0 <= share <= 1:
        raise InputError(f"{what}: got a share of {share}; expected a number from 0 to 1")


@dataclass(frozen=True)
class Bar:
    """A cell of a table that shows its number as a bar too.

    Attributes
    ----------
    text
        The number as it is written.
    share
        The bar's length, from 0 to 1.
    """

    text: str
    share: float

    def __post_init__(self) -> None:
        check_share(self.share, f"the bar {self.text!r}")


TableCell = str | Bar
"""What a table holds: a text, or a number as a bar."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells under a header. A column of numbers stands to the right.

    Attributes
    ----------
    title
        Above the table; may be empty.
    header
        The columns' names.
    rows
        As many cells each as the header has.
    caption
        What to see in it.
    marked
        The numbers of rows, from 0, that are set off from the others.
    mark
        What it means that a row is marked: the legend, and what screen readers say.
    width
        The room that it takes on a wide screen.
    folded
        What stands in place of the table until a reader unfolds it; by default it stands open.
    is_of_words
        Whether its cells are words of the page, which are translated, rather than data.

    Raises
    ------
    InputError
        If a row has more or fewer cells than the header.
    """

    kind: ClassVar[str] = "table"
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    caption: str = ""
    marked: frozenset[int] = frozenset()
    mark: str = ""
    width: Width = "full"
    folded: str = ""
    is_of_words: bool = False

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.header):
                raise InputError(
                    f"the table {self.title!r}, row {number}: {len(row)} cells; expected {len(self.header)}, "
                    f"one for each of {', '.join(self.header)}"
                )

    @property
    def room(self) -> Width:
        """The room that it takes: half of the page too where it is narrow enough for that."""
        columns = zip(self.header, *self.rows, strict=True)
        letters = sum(max(map(_letters, column)) + _GAP for column in columns)
        return "half" if letters <= _HALF_ROOM else self.width

    @property
    def are_bars(self) -> tuple[bool, ...]:
        """Which columns have bars: each takes two cells, the bar's and the number's."""
        return tuple(any(isinstance(row[column], Bar) for row in self.rows) for column in range(len(self.header)))

    @property
    def are_numbers(self) -> tuple[bool, ...]:
        """Which columns hold numbers alone, and bars count as numbers."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.header)
        return tuple(bool(column) and all(map(_is_number, column)) for column in columns)


@dataclass(frozen=True)
class HeatCell:
    """A cell of a heat map.

    Attributes
    ----------
    text, detail
        What stands in it, and in small letters below.
    share
        How dark it is, from 0 to 1.
    """

    text: str
    detail: str
    share: float

    def __post_init__(self) -> None:
        check_share(self.share, f"the cell {self.text!r}")


@dataclass(frozen=True, kw_only=True)
class Heat:
    """A table whose cells are shaded: a confusion matrix.

    Attributes
    ----------
    title, caption
        Above it, and below: what to see.
    down, across
        What the rows and the columns are: "truth", "prediction".
    rows, columns
        Their labels.
    cells
        (rows, columns).
    width
        The room that it takes on a wide screen.

    Raises
    ------
    InputError
        If there are not as many cells as labels.
    """

    kind: ClassVar[str] = "heat"
    title: str
    caption: str
    down: str
    across: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    width: Width = "full"

    def __post_init__(self) -> None:
        shape = (len(self.cells), *{len(row) for row in self.cells})
        if shape != (len(self.rows), len(self.columns)):
            raise InputError(
                f"the heat map {self.title!r}: cells {shape}; expected {(len(self.rows), len(self.columns))}, "
                f"one for each pair of labels"
            )

    @property
    def has_long_columns(self) -> bool:
        """Whether the columns' labels need more room than the cells, so that they stand upright."""
        return max(map(len, self.columns), default=0) > (_NARROW if len(self.columns) > _SEVERAL else _BROAD)


def _letters(cell: TableCell) -> int:
    """Return how many letters a cell takes; a bar is as long as a dozen and the space beside it."""
    return 14 + len(cell.text) if isinstance(cell, Bar) else len(cell)


def _is_number(cell: TableCell) -> bool:
    return isinstance(cell, Bar) or _NUMBER.fullmatch(cell) is not None


@dataclass(frozen=True)
class Text:
    """Paragraphs, an empty line between them. A note stands out: something that the reader must not miss."""

    kind: ClassVar[str] = "text"
    text: str
    is_note: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs, each in one line."""
        return tuple(" ".join(part.split()) for part in self.text.split("\n\n") if part.strip())


@dataclass(frozen=True, kw_only=True)
class Code:
    """A text in letters of the same width, as it is: a configuration, a command, equations."""

    kind: ClassVar[str] = "code"
    title: str
    text: str


@dataclass(frozen=True)
class Excerpt:
    """A text as it was written, with a label such as the step at which it was written."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Excerpts:
    """Several texts, one after another."""

    kind: ClassVar[str] = "excerpts"
    title: str
    caption: str
    excerpts: tuple[Excerpt, ...]


def shares(values: np.ndarray, /, *, largest: float | None = None) -> list[float]:
    """Return values (count,) divided by the largest, from 0 to 1; 0 for what is negative or not finite.

    Parameters
    ----------
    values
        Any numbers.
    largest
        What stands for 1; by default the largest of the values.

    Examples
    --------
    >>> import numpy
    >>> from recurra.report.blocks import shares
    >>> shares(numpy.array([1.0, 4.0, float("nan")]))
    [0.25, 1.0, 0.0]
    """
    known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    top = largest if largest is not None else known.max(initial=0.0)
    return np.clip(known / top, 0, 1).tolist() if top > 0 else [0.0] * len(known)


def bars(values: np.ndarray, /, *, largest: float | None = None) -> list[Bar]:
    """Return values (count,) as bars with their numbers, which have the same decimals."""
    texts = aligned(np.asarray(values).tolist())
    return [Bar(text, share) for text, share in zip(texts, shares(values, largest=largest), strict=True)]
