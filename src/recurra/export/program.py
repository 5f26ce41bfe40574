"""The imperative program that the code formats spell: named memory, products, loops with elementwise instructions.

A format writes each statement in its language, with a table for the operations of `Apply`: those of
`recurra.graph.ops` that are elementwise, all else is gone here. Numbers are float32, weights of products may be int8.
One `StepCode` is one step of one direction of one layer; a `ModelCode` has those of all layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recurra.export.description import Framing, Unfolding

__all__ = [
    "Apply", "CodeArray", "Copy", "Fill", "Instruction", "LayerCode", "Literal", "Load", "Location", "Loop",
    "MatrixProduct", "ModelCode", "ProductTerm", "Statement", "StepCode", "Store", "TableRow",
    "arrays_of", "in_panels", "offset_text", "plain",
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
    is_whole : bool
        Whether its numbers are whole, of 32 bits: tokens that go in, and the count of steps.
    """

    name: str
    size: int
    kind: str
    values: np.ndarray[Any, Any] | None = None
    is_whole: bool = False


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
    """A row of a table, (rows, size): the one whose number is in `place`, for any number beyond them the last one.

    `place` is whole: an input of tokens, or the count of steps. A negative number is beyond the rows, too.
    """

    target: Location
    table: CodeArray
    rows: int
    place: CodeArray


@dataclass(frozen=True)
class ProductTerm:
    """A vector times a matrix (rows, width), which lies row by row; int8 if there are `scales`, one for a column.

    Its columns are those of the target from `offset` on: all of them, unless products were joined.
    """

    operand: Location
    rows: int
    weights: CodeArray
    scales: CodeArray | None = None
    offset: int = 0

    @property
    def width(self) -> int:
        """The number of its columns."""
        return self.weights.size // self.rows


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
    begin : int
        Its `x` begins so many features after the beginning of the layer's.
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
    begin: int = 0

    @property
    def operations(self) -> frozenset[str]:
        """The operations that it applies, those of `Store.joined` among them."""
        found = (i for loop in self.statements if isinstance(loop, Loop) for i in loop.instructions)
        return frozenset(
            each for i in found if isinstance(i, Apply | Store) for each in [i.op if isinstance(i, Apply) else i.joined]
        ) - {""}


@dataclass(frozen=True, eq=False)
class LayerCode:
    """One layer: the steps of its directions, whose outputs lie side by side.

    Attributes
    ----------
    steps : tuple of StepCode
    input_size, output_size : int
    frame : Framing, optional
        What a step reads where it reads several rows: these lie side by side in its `x`.
    is_pooled : bool
        Whether a sequence gives one row, what each of the steps put out last.
    unfolding : Unfolding, optional
        What its row becomes, where the model reads one row, and the layers behind this one a sequence.
    of_last : int, optional
        On how many steps, the last ones, it and the layers behind it run; on all by default.
    """

    steps: tuple[StepCode, ...]
    input_size: int
    frame: Framing | None = None
    is_pooled: bool = False
    unfolding: Unfolding | None = None
    of_last: int | None = None

    @property
    def row_size(self) -> int:
        """How many numbers its steps put out at once."""
        return sum(step.output.size for step in self.steps)

    @property
    def output_size(self) -> int:
        """The number of features that it puts out, of a sequence at each step."""
        return self.unfolding.size if self.unfolding else self.row_size


@dataclass(frozen=True, eq=False)
class ModelCode:
    """Layers, each of which reads the output of the one before.

    Attributes
    ----------
    layers : tuple of LayerCode
    inputs : tuple of CodeArray
        `x`, then the further inputs of all layers.
    per_sequence : frozenset of str
        The further inputs that are the same at every step of a sequence, those among them that the model keeps itself.
    classes : tuple of str
        The names of what the outputs are about, or of the classes whose numbers they are; empty where they have none.
    readers : mapping from a further input to the model that makes it
        One sequence of that gives the input of one step.
    """

    layers: tuple[LayerCode, ...]
    inputs: tuple[CodeArray, ...]
    per_sequence: frozenset[str]
    classes: tuple[str, ...] = ()
    readers: Mapping[str, ModelCode] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[StepCode, ...]:
        """The steps of all directions of all layers."""
        return tuple(step for layer in self.layers for step in layer.steps)

    @property
    def is_causal(self) -> bool:
        """Whether it can run step by step: nothing reads a sequence backwards, or several steps at once."""
        return self.goes_by_steps and self.unfolds_at is None

    @property
    def goes_by_steps(self) -> bool:
        """Whether all layers of a sequence can run at one step after the other."""
        return not any(layer.frame or any(step.reverse for step in layer.steps) for layer in self.layers)

    @property
    def unfolds_at(self) -> int | None:
        """The number of the layer whose row becomes a sequence; None where the model reads a sequence."""
        return next((k for k, layer in enumerate(self.layers) if layer.unfolding), None)

    @property
    def of_steps(self) -> int:
        """How many layers, from the first on, put out a row for each step; those behind a pooling run once."""
        return next((k for k, layer in enumerate(self.layers) if layer.is_pooled), len(self.layers))

    @property
    def is_pooled(self) -> bool:
        """Whether a sequence gives one row."""
        return self.of_steps < len(self.layers)

    @property
    def added_steps(self) -> int:
        """How many steps more than those that come in a layer may have."""
        return sum(layer.frame is not None for layer in self.layers)

    @property
    def work_size(self) -> int:
        """How many numbers a run needs for each step beside input and output: 0 where steps follow each other."""
        between = self.layers[: self.of_steps if self.is_pooled else -1]
        return 0 if self.goes_by_steps else 2 * max([layer.output_size for layer in between], default=0)


def in_panels(
    values: np.ndarray[Any, Any] | None, width: int, panels: Iterable[tuple[int, int]]
) -> np.ndarray[Any, Any]:
    """Return a matrix, flat, with its columns in panels, each row by row.

    `panels` are the columns of a panel and how many such panels there are; 0 and how many columns for those that fill
    none.
    """
    assert values is not None
    matrix, parts, done = values.reshape(-1, width), [], 0
    for panel, count in panels:
        columns = matrix[:, done : done + (panel * count or count)]
        parts.append(columns.reshape(len(matrix), -1, panel or count).transpose(1, 0, 2).ravel())
        done += columns.shape[1]
    return np.concatenate(parts)


def offset_text(indices: Sequence[str], strides: Sequence[int]) -> str:
    """Return the place that the indices of a nest of loops are at, as C and JavaScript write it."""
    pairs = zip(indices, strides, strict=True)
    return " + ".join(f"{stride} * {i}" if stride != 1 else i for i, stride in pairs if stride) or "0"


def arrays_of(statement: Statement) -> Iterator[CodeArray]:
    """Yield the arrays that a statement reads or writes."""
    match statement:
        case MatrixProduct():
            yield statement.target.array
            yield from (term.operand.array for term in statement.terms)
        case Loop():
            for each in statement.instructions:
                if isinstance(each, Load):
                    yield each.source.array
                elif isinstance(each, Store):
                    yield each.target.array
        case Copy():
            yield from (statement.target.array, statement.source.array)
        case Fill():
            yield statement.target.array
        case TableRow():
            yield from (statement.target.array, statement.place)


def plain(name: str) -> str:
    """Return a name in the letters that all languages have; Python's may have others."""
    letters = (letter if letter.isascii() else f"u{ord(letter):x}" for letter in name)
    return "".join(letter if letter.isalnum() else "_" for letter in "".join(letters))
