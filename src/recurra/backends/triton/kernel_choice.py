"""How a pass is launched: one launch for all steps where the programs of a grid can run at once, else step by step."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recurra.backends.cost import Limits
from recurra.backends.triton.phases import Phase, width_of
from recurra.backends.triton.program import Shape
from recurra.errors import BackendError
from recurra.graph.node import Size

__all__ = ["FORMS", "Form", "choose_form"]

FORMS = ("persistent", "step-wise")

_LEAST = 16  # rows, columns and inner columns of a tile: what tensor cores multiply
_ACCUMULATED = 16384  # numbers of all sums of products of a tile: a quarter of the registers
_MOST = 2 * _ACCUMULATED
_STAGES = 3  # reads of an operand and its weights that are under way at once, where there is room
_IN_PASSING = 4096  # bytes of shared memory that sums need


@dataclass(frozen=True)
class Form:
    """A way to launch a loop.

    Attributes
    ----------
    shape : Shape
        What decides the text of the program.
    block_rows, block_columns, block_inner : int
        A program's tile, and how many columns of an operand it reads at a time.
    stages : int
        How many of these reads are under way at once.
    tiles, slices : int
        The programs along the rows and along the columns.
    reason : str
    has_weights : bool
        Whether there are products in the loop.
    """

    shape: Shape
    block_rows: int
    block_columns: int
    block_inner: int
    tiles: int
    slices: int
    reason: str
    has_weights: bool = True
    stages: int = 1

    @property
    def name(self) -> str:
        """One of `FORMS`."""
        return FORMS[not self.shape.is_persistent]

    @property
    def description(self) -> str:
        """The form in words."""
        if not self.shape.is_persistent:
            return "step-wise, a launch for each stage of each step"
        weights = "weights stay in shared memory" if self.shape.is_resident else "weights are read at each step"
        weights = weights if self.has_weights else "no products in the loop"
        return f"persistent, one launch for all steps, {self.tiles} x {self.slices} programs, {weights}"

    @property
    def warps(self) -> int:
        """The warps of a program."""
        return 8 if self.block_rows * max(4 * self.block_columns, self.block_inner) >= 8192 else 4


@dataclass(frozen=True)
class Demand:
    """What a loop asks for: widest value, widest operand, products of a phase, bytes of weights for a column.

    `weights` are the weights that an operand is multiplied with at once.

    Where it has a mean over the batch, a program has all rows.
    """

    width: int
    depth: int
    results: int
    weights: int
    column_bytes: int
    bytes: int
    waits: bool
    has_means: bool

    def may_have(self, rows: int, batch: int) -> bool:
        """Return whether tiles may have so many rows: all, or no more than there are."""
        return rows >= batch if self.has_means else rows == _LEAST or rows < 2 * batch


def choose_form(
    phases: Sequence[Phase], sizes: Mapping[str, int], *, batch: int, bytes: int, limits: Limits, only: str = ""
) -> Form:
    """Return the form for a loop.

    Parameters
    ----------
    phases : its phases where no program has all columns
    sizes : size -> number
    batch : the most sequences of a step
    bytes : of a number
    limits : Limits
    only : one of `FORMS`, or "" to choose

    Raises
    ------
    BackendError
        If a program cannot have all rows of a mean over the batch.
    """
    demand = _demand(phases, sizes, bytes)
    if only != "step-wise":
        form = _all_columns(demand, batch, limits) or _sliced(demand, batch, limits)
        if form:
            return form
    reason = "asked for by name" if only else "its tiles are more than can run at once"
    return _step_wise(demand, batch, limits, reason)


def _demand(phases: Sequence[Phase], sizes: Mapping[str, int], bytes: int) -> Demand:
    def wide(size: Size) -> int:
        return size if isinstance(size, int) else sizes[size]

    products = [product for phase in phases for product in phase.products]
    terms = [(wide(width_of(operand)), len(p.results)) for p in products for operand in p.operands]
    depth = max((_block(k) for k, _ in terms), default=_LEAST)
    return Demand(
        width=max(wide(phase.width) for phase in phases),
        depth=depth,
        results=max((sum(len(p.results) for p in phase.products) for phase in phases), default=1),
        weights=max((count for _, count in terms), default=0),
        column_bytes=sum(depth * count for _, count in terms) * bytes,
        bytes=bytes,
        waits=any(phase.begins_with_barrier for phase in phases),
        has_means=any(node.op == "batch_mean" for phase in phases for node in phase.pointwise),
    )


def _read_bytes(demand: Demand, rows: int, columns: int, inner: int, stages: int) -> int:
    """Return the shared memory of a loop over the columns of an operand: tiles of it and of its weights.

    Of a pipeline of n stages n - 1 lie there. Operands may be carried states, which have 4 bytes at least. Beside that
    some lie there in passing: a sum over rows or columns, a tile whose layout changes.
    """
    if not demand.weights:
        return 0
    operand, weights = rows * inner * max(demand.bytes, 4), demand.weights * inner * columns * demand.bytes
    return max(1, stages - 1) * (operand + weights) + max(_IN_PASSING, rows * columns * max(demand.bytes, 4))


def _block(number: int) -> int:
    """Return the least power of two that is enough."""
    return max(_LEAST, 1 << (number - 1).bit_length())


def _fits(demand: Demand, rows: int, columns: int, limits: Limits) -> bool:
    """Return whether a program's shared memory holds its weights, and beside them an operand and its results."""
    weights, operand = columns * demand.column_bytes, rows * demand.depth * demand.bytes
    results = rows * columns * max(demand.bytes, 4)
    return weights + operand + results <= limits.shared


def _all_columns(demand: Demand, batch: int, limits: Limits) -> Form | None:
    """Return the form in which no program waits for another: each has all columns of its rows, and the weights."""
    columns, rows = _block(demand.width), _block(batch) if demand.has_means else _LEAST
    is_small = columns <= 128 and rows * columns * demand.results <= _MOST
    if not demand.waits or not is_small or not _fits(demand, rows, columns, limits):
        return None
    tiles = -(-batch // rows)
    reason = f"{demand.width} columns and their weights fit into one program: none waits for another"
    return Form(Shape(True, True, True), rows, columns, demand.depth, tiles, 1, reason)


def _sliced(demand: Demand, batch: int, limits: Limits) -> Form | None:
    """Return the form in which programs share rows and wait for each other, if all can run at once.

    Best keep their weights, and then are as small as can be; where weights are read at each step, few read them.
    """
    forms = [
        form
        for rows, columns in itertools.product((16, 32, 64, 128), (16, 32, 64))
        if rows * columns * demand.results <= _ACCUMULATED and demand.may_have(rows, batch)
        for form in [_tiled(demand, rows, columns, batch, limits)]
        if not demand.waits or form.tiles * form.slices <= limits.multiprocessors
    ]
    return min(forms, key=_cost, default=None)


def _cost(form: Form) -> tuple[bool, int, int]:
    is_read = not form.shape.is_resident
    return is_read, form.tiles if is_read else 0, form.block_rows * form.block_columns


def _tiled(demand: Demand, rows: int, columns: int, batch: int, limits: Limits) -> Form:
    tiles, slices = -(-batch // rows), -(-demand.width // columns)
    is_resident = _fits(demand, rows, columns, limits)
    inner, stages = (demand.depth, 1) if is_resident else _reads(demand, rows, columns, limits) or (_LEAST, 1)
    reason = f"{tiles} x {slices} programs run at once on {limits.multiprocessors} multiprocessors"
    if not demand.waits:
        reason = "no column needs another one"
    shape = Shape(True, False, is_resident)
    return Form(shape, rows, columns, inner, tiles, slices, reason, demand.column_bytes > 0, stages)


def _reads(demand: Demand, rows: int, columns: int, limits: Limits) -> tuple[int, int] | None:
    """Return how many columns of an operand are read at a time, and in how many stages; None if none fit."""
    for inner, stages in itertools.product((64, 32, _LEAST), (_STAGES, 2, 1)):
        if inner <= demand.depth and _read_bytes(demand, rows, columns, inner, stages) <= limits.shared:
            return inner, stages
    return None


def _step_wise(demand: Demand, batch: int, limits: Limits, reason: str) -> Form:
    """Return the form with a launch for each stage of a step: as large a tile as fits into registers and memory."""
    rows = _block(batch) if demand.has_means else 16 if batch <= 64 else 32 if batch <= 256 else 64
    if rows * _LEAST * demand.results > _MOST:
        raise BackendError(
            f"a mean over the batch in the time loop (batch_norm in training) is made where all its rows are: {batch} "
            f"sequences are too many for backend='triton'; {_MOST // (_LEAST * demand.results)} are not, "
            f"backend='torch' runs any number, and layer_norm needs no mean over the batch"
        )
    columns = 32 if rows * 32 * demand.results <= _ACCUMULATED else _LEAST
    while (found := _reads(demand, rows, columns, limits)) is None and (rows > _LEAST or columns > _LEAST):
        if columns > _LEAST:
            columns //= 2
        elif demand.has_means:
            break
        else:
            rows //= 2
    inner, stages = found or (_LEAST, 1)
    slices = -(-demand.width // columns)
    return Form(Shape(False, False, False), rows, columns, inner, -(-batch // rows), slices, reason, stages=stages)
