"""How a cell's parameters stand in a layer's tensors."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Parameters", "Part", "as_they_are"]


@dataclass(frozen=True, eq=False)
class Part:
    """Where one parameter stands: part `number` of `count` equal ones along a tensor's first axis.

    Attributes
    ----------
    tensors : tuple of int
        Which tensor it is a part of; of several, the parameter is the sum.
    number, count : int
    is_transposed : bool
        Whether the tensor holds the transposed matrix.
    storage : str or None
        ``"bfloat16"`` or ``"int8"`` for a transposed matrix that is kept in fewer bits than is computed with.
    scale : int or None
        Which tensor has the number by which each row of an int8 matrix is multiplied.
    """

    tensors: tuple[int, ...]
    number: int = 0
    count: int = 1
    is_transposed: bool = False
    storage: str | None = None
    scale: int | None = None

    def of(self, tensor: Any) -> Any:
        """Return this part of a tensor."""
        return self.rows_of(tensor).T if self.is_transposed else self.rows_of(tensor)

    def rows_of(self, tensor: Any) -> Any:
        """Return the rows of a tensor that this part is."""
        if self.count == 1:
            return tensor
        length = len(tensor) // self.count
        return tensor[self.number * length : (self.number + 1) * length]

    def widened(self, tensors: Sequence[Any]) -> Any:
        """Return a matrix that is kept in fewer bits as float32; torch's tensors alone are kept so."""
        matrix = self.of(tensors[self.tensors[0]]).float()
        return matrix if self.scale is None else matrix * self.rows_of(tensors[self.scale])


@dataclass(frozen=True)
class Parameters:
    """A cell's parameters, read from tensors; iterated over, it gives them in the cell's order.

    Attributes
    ----------
    tensors : sequence of arrays
    parts : for each parameter, where it stands
    """

    tensors: Sequence[Any]
    parts: Sequence[Part]

    @classmethod
    def of(cls, arrays: Parameters | Sequence[Any]) -> Parameters:
        """Return arrays, each a parameter, as parameters."""
        return arrays if isinstance(arrays, Parameters) else cls(arrays, as_they_are(len(arrays)))

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def computed_with(self) -> Sequence[Any]:
        """The tensors that hold numbers as they are computed with: all but those of another storage."""
        stored = {tensor for part in self.parts if part.storage for tensor in part.tensors}
        if not stored:
            return self.tensors
        return [tensor for number, tensor in enumerate(self.tensors) if number not in stored]

    def __getitem__(self, number: int) -> Any:
        part = self.parts[number]
        if part.storage:
            return part.widened(self.tensors)
        return functools.reduce(operator.add, (part.of(self.tensors[tensor]) for tensor in part.tensors))

    def __iter__(self) -> Iterator[Any]:
        return (self[number] for number in range(len(self)))

    def gathered(self, gradients: Sequence[Any], join: Callable[[list[Any]], Any]) -> list[Any]:
        """Return the gradients of the tensors from those of the parameters; `join` is along the first axis."""
        found: list[dict[int, Any]] = [{} for _ in self.tensors]
        for part, gradient in zip(self.parts, gradients, strict=True):
            for tensor in part.tensors:
                found[tensor][part.number] = gradient.T if part.is_transposed else gradient
        return [join([pieces[k] for k in range(len(pieces))]) for pieces in found]


@functools.cache
def as_they_are(count: int) -> tuple[Part, ...]:
    """Return the parts of tensors that are a parameter each."""
    return tuple(Part((number,)) for number in range(count))
