"""The exceptions of recurra, each a `RecurraError`: what they are raised for; and the name that a message suggests."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "BackendError",
    "CellError",
    "DataError",
    "ExportError",
    "InputError",
    "ModelFolderError",
    "RecurraError",
    "StorageError",
    "TrainingError",
    "nearest",
]


_LONGEST_NAME = 200
"""Characters above which a name is none that was misspelt; to compare such takes seconds."""


class RecurraError(Exception):
    """The root of all errors of recurra.

    Examples
    --------
    >>> from recurra.nn import LSTM
    >>> import torch
    >>> try:
    ...     LSTM(3, 5)(torch.randn(7, 2, 4))
    ... except RecurraError as error:
    ...     print(error)
    ...
    input: got 4 features (shape (7, 2, 4)), expected 3
    >>> from recurra.errors import ModelFolderError, StorageError, TrainingError
    >>> [each.__bases__[1].__name__ for each in (ModelFolderError, StorageError, TrainingError)]
    ['ValueError', 'RuntimeError', 'RuntimeError']
    """

    translation = ""
    """The message in the language of now, where it is not the catalogue's of the message as it is."""


class CellError(RecurraError, TypeError):
    """A cell's equations do not fit; the message quotes the equation. Raised when the cell is defined."""


class InputError(RecurraError, ValueError, RuntimeError):
    """A tensor, a state or a size that a layer cannot take.

    It is both a `ValueError` and a `RuntimeError`, because torch.nn raises either for the same mistakes and
    code that catches those goes on working after the import is swapped.
    """


class BackendError(RecurraError, RuntimeError):
    """A backend was asked by name for something that it cannot do; the message says which one can."""


class DataError(RecurraError, ValueError):
    """A person's data cannot be read or used; the message says the file, the row and the column."""


class ExportError(RecurraError, ValueError):
    """A model, or an operation in it, cannot be said in a format, or what was written does not agree with the model."""


class ModelFolderError(RecurraError, ValueError):
    """A model folder is incomplete, damaged, or from a newer version."""


class StorageError(RecurraError, RuntimeError):
    """The database of a search does not answer, or no longer does; what is finished is kept there."""


class TrainingError(RecurraError, RuntimeError):
    """Training cannot go on, for example because the loss is not finite."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known name nearest to `name`, or "" if none is near.

    Examples
    --------
    >>> nearest('LSMT', ['LSTM', 'GRU'])
    "; did you mean 'LSTM'?"
    """
    import difflib  # only where something is wrong

    if len(name) > _LONGEST_NAME:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in known if len(candidate) <= _LONGEST_NAME}
    matches = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f"; did you mean {by_lower[matches[0]]!r}?" if matches else ""


def __dir__() -> list[str]:
    return sorted(__all__)
