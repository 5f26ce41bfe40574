"""Covariates as numbers that a network can read: numbers on a common scale, categories as one place each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from recurra.data.scaling import fit_channels
from recurra.errors import DataError, nearest

__all__ = ["Encoding", "encode", "fit_encoding"]

_MOST_CATEGORIES = 500


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How one covariate becomes numbers.

    Attributes
    ----------
    name
        The column.
    level, spread
        Of a number: mean and standard deviation of the rows that it was fitted on.
    categories
        Of a category: all that there are, in order; empty for a number.
    allow_unseen
        Whether another category counts as none; else it is an error.
    """

    name: str
    level: float = 0.0
    spread: float = 1.0
    categories: tuple[str, ...] = ()
    allow_unseen: bool = False

    @property
    def width(self) -> int:
        """How many numbers a value becomes."""
        return len(self.categories) or 1

    def apply(self, values: np.ndarray, /, *, source: str) -> np.ndarray:
        """Return values (rows,) as numbers (rows, width), 0 where they are missing.

        Raises
        ------
        DataError
            If a category is not one of those known.
        """
        if not self.categories:
            scaled = (values.astype(np.float64) - self.level) / self.spread
            return np.nan_to_num(scaled, nan=0.0)[:, np.newaxis]
        places = {category: place for place, category in enumerate(self.categories)}
        unknown = next(
            (value for value in np.unique(values.astype(str)).tolist() if value and value not in places), None
        )
        if unknown is not None and not self.allow_unseen:
            raise DataError(
                f"{source}, column {self.name!r}: the model does not know the category {unknown!r}; it knows "
                f"{', '.join(map(repr, self.categories[:10]))}{' ...' * (len(self.categories) > 10)}"
                f"{nearest(unknown, self.categories)}"
            )
        table = np.concatenate([np.eye(self.width), np.zeros((1, self.width))])
        return table[[places.get(value, -1) for value in values.tolist()]]

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the encoding that `to_dictionary` described."""
        return cls(**{**content, "categories": tuple(content["categories"])})


def fit_encoding(
    name: str, values: np.ndarray, /, *, training: np.ndarray, source: str, allow_unseen: bool = False
) -> Encoding:
    """Fit an encoding to a covariate.

    Parameters
    ----------
    name
        The column.
    values
        (rows,) numbers, or texts for categories.
    training
        (rows,) bool: the rows whose mean and spread count. The categories are those of all rows.
    source
        What messages call the table.
    allow_unseen
        Whether a category that is not among them counts as none.

    Raises
    ------
    DataError
        If there are too many categories, or none.
    """
    if values.dtype == object:
        categories = sorted({value for value in values.tolist() if value})
        if not 0 < len(categories) <= _MOST_CATEGORIES:
            raise DataError(
                f"{source}, column {name!r}: it has {len(categories)} categories; expected 1 to {_MOST_CATEGORIES}"
            )
        return Encoding(name=name, categories=tuple(categories), allow_unseen=allow_unseen)
    scale = fit_channels(values[training][:, np.newaxis]).channel(0)
    return Encoding(name=name, level=scale.mean, spread=scale.spread)


def encode(encodings: Sequence[Encoding], values: Mapping[str, np.ndarray], /, *, rows: int, source: str) -> np.ndarray:
    """Return several covariates (rows,) side by side: (rows, sum of their widths)."""
    parts = [each.apply(values[each.name], source=source) for each in encodings]
    return np.concatenate(parts, axis=1) if parts else np.zeros((rows, 0))
