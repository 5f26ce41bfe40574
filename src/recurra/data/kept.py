"""Sequences that may be more than memory holds: one after the other in a file that is mapped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final, overload

import numpy as np

from recurra.errors import DataError

__all__ = ["Kept", "KeptTexts", "chosen", "kept_arrays", "kept_texts", "one_after_another", "sampled_rows"]

_IN_MEMORY = 1 << 28
_SAMPLE = 1 << 26


def one_after_another(arrays: Iterable[np.ndarray], /) -> np.ndarray:
    """Return arrays of one type and width as one array; over 256 MiB it is mapped from a temporary file.

    The file goes away with the array.

    Raises
    ------
    DataError
        If the disk has no room for it.
    """
    kind, width = np.dtype(np.int64), ()
    with tempfile.TemporaryFile(prefix="recurra-") as file:
        try:
            for array in arrays:
                kind, width = array.dtype, array.shape[1:]
                file.write(array.tobytes())
            file.flush()
        except OSError as error:
            raise DataError(f"the data cannot be kept in a temporary file: {error.strerror}") from None
        size = file.tell()
        file.seek(0)
        flat = np.frombuffer(file.read(), kind) if size <= _IN_MEMORY else np.memmap(file, kind, "r")
    return flat.reshape(-1, *width)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Pieces of an array: those from `starts` (count,) to `stops` (count,)."""

    rows: np.ndarray
    starts: np.ndarray
    stops: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, places: np.ndarray, /) -> Any:
        """Return the pieces at places (count,), without a copy."""
        return replace(self, starts=self.starts[places], stops=self.stops[places])

    def _piece(self, place: int) -> np.ndarray:
        return self.rows[self.starts[place] : self.stops[place]]


@final
class Kept(_Pieces, Sequence[np.ndarray]):
    """Arrays (steps,) or (steps, channels) of any lengths; each is a view.

    Examples
    --------
    >>> kept = kept_arrays([np.array([1, 2]), np.array([3])])
    >>> [each.tolist() for each in kept.at(np.array([1, 0]))]
    [[3], [1, 2]]
    """

    @overload
    def __getitem__(self, place: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, place: slice) -> Kept: ...
    def __getitem__(self, place: int | slice) -> np.ndarray | Kept:
        return self.at(np.arange(len(self))[place]) if isinstance(place, slice) else self._piece(place)


@final
class KeptTexts(_Pieces, Sequence[str]):
    """Texts; each is decoded when it is asked for."""

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> KeptTexts: ...
    def __getitem__(self, place: int | slice) -> str | KeptTexts:
        if isinstance(place, slice):
            return self.at(np.arange(len(self))[place])
        return self._piece(place).tobytes().decode("utf-8")


def kept_arrays(arrays: Iterable[np.ndarray], /) -> Kept:
    """Return arrays, which may be a stream, of one type and width."""
    return Kept(*_kept(arrays))


def kept_texts(texts: Iterable[str], /) -> KeptTexts:
    """Return texts, which may be a stream."""
    return KeptTexts(*_kept(np.frombuffer(text.encode("utf-8"), np.uint8) for text in texts))


def _kept(arrays: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lengths: list[int] = []

    def counted() -> Iterable[np.ndarray]:
        for array in arrays:
            lengths.append(len(array))
            yield array

    rows = one_after_another(counted())
    stops = np.cumsum(np.array(lengths, np.int64))
    return rows, stops - np.array(lengths, np.int64), stops


def chosen(sequences: Sequence[Any], places: np.ndarray, /) -> Sequence[Any]:
    """Return the sequences at places (count,); those that are kept stay where they are."""
    return sequences.at(places) if isinstance(sequences, _Pieces) else [sequences[place] for place in places.tolist()]


def sampled_rows(sequences: Sequence[np.ndarray], /) -> np.ndarray:
    """Return the rows of all sequences, or of every second, third ... one where all are over 64 million numbers."""
    total = sum(each.size for each in sequences)
    step = max(1, -(-total // _SAMPLE))
    return np.concatenate([sequences[place] for place in range(0, len(sequences), step)])
