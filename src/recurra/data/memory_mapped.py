"""Memory-mapped sequences: more than memory may hold, one after the other in a file that is mapped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, final, overload

import numpy as np

from recurra.errors import DataError

__all__ = ["MappedSequences", "chosen", "concatenated", "mapped_arrays", "mapped_texts", "sampled_rows"]

_IN_MEMORY = 1 << 28
_WITHOUT_DISK = 1 << 24
_SAMPLE = 1 << 26

_Sequence = TypeVar("_Sequence")


def concatenated(arrays: Iterable[np.ndarray], /) -> np.ndarray:
    """Return arrays of one type and width as one array; over 256 MiB it is mapped from a temporary file.

    The file goes away with the array.

    Raises
    ------
    DataError
        If the disk has no room for it.
    """
    kind, width = np.dtype(np.int64), ()
    with tempfile.SpooledTemporaryFile(_WITHOUT_DISK, prefix="recurra-") as file:
        try:
            for array in arrays:
                kind, width = array.dtype, array.shape[1:]
                file.write(array.tobytes())
            file.flush()
        except OSError as error:
            raise DataError(f"the data cannot be kept in a temporary file: {error.strerror}") from None
        size = file.tell()
        file.seek(0)
        # a map keeps the file open, which has no name: both go away with the array
        flat = np.frombuffer(file.read(), kind) if size <= _IN_MEMORY else np.memmap(file, kind, "r")
    return flat.reshape(-1, *width)


@final
@dataclass(frozen=True, eq=False)
class MappedSequences(Sequence[_Sequence]):
    """Sequences of any lengths: the rows from `starts` (count,) to `stops` (count,), as `read` returns them.

    Examples
    --------
    >>> mapped = mapped_arrays([np.array([1, 2]), np.array([3])])
    >>> [each.tolist() for each in mapped.at(np.array([1, 0]))]
    [[3], [1, 2]]
    """

    rows: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    read: Callable[[np.ndarray], _Sequence]

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> _Sequence: ...
    @overload
    def __getitem__(self, place: slice) -> MappedSequences[_Sequence]: ...
    def __getitem__(self, place: int | slice) -> _Sequence | MappedSequences[_Sequence]:
        if isinstance(place, slice):
            return self.at(np.arange(len(self))[place])
        return self.read(self.rows[self.starts[place] : self.stops[place]])

    def at(self, places: np.ndarray, /) -> MappedSequences[_Sequence]:
        """Return the sequences at places (count,), without a copy."""
        return replace(self, starts=self.starts[places], stops=self.stops[places])


def mapped_arrays(arrays: Iterable[np.ndarray], /) -> MappedSequences[np.ndarray]:
    """Return arrays, which may be a stream, of one type and width; each is a view."""
    return _mapped(arrays, _view)


def mapped_texts(texts: Iterable[str], /) -> MappedSequences[str]:
    """Return texts, which may be a stream; each is decoded when it is asked for."""
    return _mapped((np.frombuffer(text.encode("utf-8"), np.uint8) for text in texts), _text)


def _mapped(arrays: Iterable[np.ndarray], read: Callable[[np.ndarray], _Sequence]) -> MappedSequences[_Sequence]:
    lengths: list[int] = []

    def counted() -> Iterator[np.ndarray]:
        for array in arrays:
            lengths.append(len(array))
            yield array

    rows = concatenated(counted())
    bounds = np.cumsum([0, *lengths])
    return MappedSequences(rows, bounds[:-1], bounds[1:], read)


def _view(rows: np.ndarray) -> np.ndarray:
    return rows


def _text(rows: np.ndarray) -> str:
    return rows.tobytes().decode("utf-8")


def chosen(sequences: Sequence[Any], places: np.ndarray, /) -> Sequence[Any]:
    """Return the sequences at places (count,); those that are mapped stay where they are."""
    if isinstance(sequences, MappedSequences):
        return sequences.at(places)
    return [sequences[place] for place in places.tolist()]


def sampled_rows(sequences: Sequence[np.ndarray], /) -> np.ndarray:
    """Return the rows of all sequences, or of every second, third ... one where all are over 64 million numbers."""
    total = sum(each.size for each in sequences)
    step = max(1, -(-total // _SAMPLE))
    return np.concatenate([sequences[place] for place in range(0, len(sequences), step)])
