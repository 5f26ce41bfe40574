"""The imperative program that the code formats spell: named memory, products, loops with elementwise instructions.

A format writes each statement in its language, with a table for the operations of `Apply`: those of
`recurra.graph.ops` that are elementwise, all else is gone here. Numbers are float32, weights of products may be int8.
One `StepCode` is one step of one direction of one layer; a `ModelCode` has those of all layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = [
    "Apply", "CodeArray", "Copy", "Fill", "Instruction", "LayerCode", "Literal", "Load", "Location", "Loop",
    "MatrixProduct", "ModelCode", "ProductTerm", "Statement", "StepCode", "Store", "TableRow",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class CodeArray:
    """Memory of so many numbers.

    Attributes
    ----------
    name : str
        An identifier, unique in its model; that of an input is unique in its step.
    size : int
    kind : ``"input"``, ``"output"``, ``"state"``, ``"scratch"`` or ``"constant"``
        Scratch is of one step, and begins with nothing; a state stays from step to step.
    values : array, optional
        Of a constant: float32 or int8, flat. Of a state: what a sequence begins with.
    """

    name: str
    size: int
    kind: str
    values: np.ndarray[Any, Any] | None = None


@dataclass(frozen=True)
class Location:
    """A place in an array, from which on a value lies flat."""

    array: CodeArray
    offset: int = 0


@dataclass(frozen=True)
class Load:
    """The number at a place of a loop: `source` moved by the sum of each loop's index times its stride."""

    source: Location
    strides: tuple[int, ...]


@dataclass(frozen=True)
class Literal:
    """A number."""

    value: float


@dataclass(frozen=True)
class Apply:
    """An elementwise operation on the results of earlier instructions, given by their places in the loop's list."""

    op: str
    arguments: tuple[int, ...]


@dataclass(frozen=True)
class Store:
    """The result of an earlier instruction goes to memory; `joined` is what it is made one with there.

    Attributes
    ----------
    target : Location
    strides : tuple of int
    value : int
        The place of the instruction in the loop's list.
    joined : ``""``, ``"add"``, ``"maximum"`` or ``"minimum"``
        Operation with what is there already.
    """

    target: Location
    strides: tuple[int, ...]
    value: int
    joined: str = ""


Instruction = Load | Literal | Apply | Store


@dataclass(frozen=True)
class Loop:
    """A nest of loops over all axes of a shape, the last one inside; in its body instructions follow each other.

    No turn reads what another turn of it stores, except for a total that is added to (`Store.joined`), and where
    `is_scan`: then turns run in their order, or against it. So a format may compute several turns at once otherwise.
    """

    shape: tuple[int, ...]
    instructions: tuple[Instruction, ...]
    is_scan: bool = False
    is_reversed: bool = False


@dataclass(frozen=True)
class Fill:
    """All numbers of a piece of memory become one number."""

    target: Location
    size: int
    value: float


@dataclass(frozen=True)
class Copy:
    """Numbers go from one piece of memory to another, which does not overlap it."""

    target: Location
    source: Location
    size: int


@dataclass(frozen=True)
class TableRow:
    """The row of a table, (rows, size), that belongs to the step: number `age`, from there on the last one."""

    target: Location
    table: CodeArray
    rows: int
    age: CodeArray


@dataclass(frozen=True)
class ProductTerm:
    """A vector times a matrix (rows, width), which lies row by row; int8 if there are `scales`, one for a column."""

    operand: Location
    rows: int
    weights: CodeArray
    scales: CodeArray | None = None


@dataclass(frozen=True)
class MatrixProduct:
    """target = start + the sum of all terms; without a start, the sum of all terms. The target is in no operand."""

    target: Location
    width: int
    start: CodeArray | None
    terms: tuple[ProductTerm, ...]


Statement = MatrixProduct | Loop | Fill | Copy | TableRow


@dataclass(frozen=True, eq=False)
class StepCode:
    """One step of one direction of one layer.

    Attributes
    ----------
    name : str
    inputs : tuple of CodeArray
        `x`, then those of the further inputs that it reads.
    output : CodeArray
    states : tuple of CodeArray
    scratch, constants : tuple of CodeArray
    age : CodeArray or None
        A state that counts the steps, where there are tables: a whole number, which goes up after the step.
    statements : tuple of Statement
    reverse : bool
    """

    name: str
    inputs: tuple[CodeArray, ...]
    output: CodeArray
    states: tuple[CodeArray, ...]
    scratch: tuple[CodeArray, ...]
    constants: tuple[CodeArray, ...]
    age: CodeArray | None
    statements: tuple[Statement, ...]
    reverse: bool

    @property
    def operations(self) -> frozenset[str]:
        """The operations that it applies, those of `Store.joined` among them."""
        found = (i for loop in self.statements if isinstance(loop, Loop) for i in loop.instructions)
        return frozenset(
            each for i in found if isinstance(i, Apply | Store) for each in [i.op if isinstance(i, Apply) else i.joined]
        ) - {""}


@dataclass(frozen=True, eq=False)
class LayerCode:
    """One layer: the steps of its directions, whose outputs lie side by side."""

    steps: tuple[StepCode, ...]
    input_size: int
    output_size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "output_size", sum(step.output.size for step in self.steps))


@dataclass(frozen=True, eq=False)
class ModelCode:
    """Layers, each of which reads the output of the one before.

    Attributes
    ----------
    layers : tuple of LayerCode
    inputs : tuple of CodeArray
        `x`, then the further inputs of all layers.
    per_sequence : frozenset of str
        The further inputs that are the same at every step of a sequence.
    """

    layers: tuple[LayerCode, ...]
    inputs: tuple[CodeArray, ...]
    per_sequence: frozenset[str]

    @property
    def steps(self) -> tuple[StepCode, ...]:
        """The steps of all directions of all layers."""
        return tuple(step for layer in self.layers for step in layer.steps)

    @property
    def is_causal(self) -> bool:
        """Whether it can run step by step: no direction reads a sequence backwards."""
        return not any(step.reverse for step in self.steps)

    @property
    def work_size(self) -> int:
        """How many numbers a run needs for each step beside input and output: 0 where steps follow each other."""
        return 0 if self.is_causal else 2 * max([layer.output_size for layer in self.layers[:-1]], default=0)
