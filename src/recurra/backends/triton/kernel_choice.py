"""How a pass is launched: one launch for all steps where the programs of a grid can run at once, else step by step."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recurra.backends.cost import Limits
from recurra.backends.triton.axes import TileError
from recurra.backends.triton.nests import Nest
from recurra.backends.triton.phases import Phase, width_of
from recurra.backends.triton.program import Shape
from recurra.errors import BackendError
from recurra.graph.node import Size, number_of

__all__ = ["FORMS", "Form", "choose_form", "choose_tiles"]

FORMS = ("persistent", "step-wise")

_LEAST = 16  # rows, columns and inner columns of a tile: what tensor cores multiply
_ACCUMULATED = 16384  # numbers of all sums of products of a tile: a quarter of the registers
_MOST = 2 * _ACCUMULATED
_STAGES = 3  # reads of an operand and its weights that are under way at once, where there is room
_IN_PASSING = 4096  # bytes of shared memory that sums need
_OF_A_WARP = 512  # numbers of a tile of several axes: 16 registers of each thread
_MOST_WARPS = 16
_SMALL_TILE = 1024  # numbers of a tile of several axes below which programs divide nothing further
_LARGE_TILE = 4096  # above which they divide what they can however many they are
_PARTED_TILE = 8192  # above which they divide even what they have to add up afterwards
_LARGEST_TILE = 65536  # which no registers hold
_RESIDENT = 8192  # numbers of arrays of parameters that stay in registers beside a tile


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
    blocks : tuple of int
        Where tiles have several axes, the numbers along each part of the axes that a program has; `block_columns` are
        those of its largest tile.
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
    blocks: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """One of `FORMS`."""
        return FORMS[not self.shape.is_persistent]

    @property
    def description(self) -> str:
        """The form in words."""
        if not self.shape.is_persistent:
            return "step-wise, a launch for each stage of each step"
        if self.blocks:
            return (
                f"persistent, one launch for all steps, {self.tiles} x {self.slices} programs, each of "
                f"{self.block_columns} numbers, which stay in registers"
            )
        weights = "weights stay in shared memory" if self.shape.is_resident else "weights are read at each step"
        weights = weights if self.has_weights else "no products in the loop"
        return f"persistent, one launch for all steps, {self.tiles} x {self.slices} programs, {weights}"

    @property
    def warps(self) -> int:
        """The warps of a program."""
        if self.blocks:
            return min(max(self.block_rows * self.block_columns // _OF_A_WARP, 1), _MOST_WARPS)
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
        return number_of(size, sizes)

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


def choose_tiles(
    nests: Sequence[Nest], sizes: Mapping[str, int], *, batch: int, limits: Limits, divisor: int = 1
) -> Form:
    """Return the form of a loop whose tiles have several axes.

    A program has one sequence, and of it what sums go over. What else there is, heads first, programs divide until
    there are enough of them or their tiles are small.

    Parameters
    ----------
    nests : the pass as nests, of which each may divide more than the one before
    sizes, batch, limits : as in `choose_form`
    divisor : int
        By which the largest tile is smaller than usual.

    Raises
    ------
    TileError
        If a tile is larger than a program can have.
    """
    tilings = [_Tiling(nest, sizes) for nest in nests]
    for tiling in tilings:
        tiling.divide(batch, limits.multiprocessors, _LARGE_TILE // divisor)
    tiling = min(tilings, key=lambda tiling: max(tiling.largest, _PARTED_TILE // divisor))
    nest = tiling.nest
    if tiling.largest > _LARGEST_TILE:
        numbers = ", ".join(f"{size} is {number}" for size, number in zip(nest.axes.sizes, tiling.wide, strict=True))
        raise TileError(
            f"a tile of {tiling.largest} numbers is more than a program can have, {_LARGEST_TILE} ({numbers})"
        )
    rows, least = 1, _SMALL_TILE // 2
    while rows * tiling.largest < least and batch * tiling.programs >= 4 * rows * limits.multiprocessors:
        rows *= 2
    has_products = any(stage.products for stage in nest.run.loop.stages)
    reason = f"{tiling.largest} numbers of a sequence are all that a step's sums go over"
    if tiling.programs > 1:
        reason = f"{tiling.programs} programs share a sequence, and none waits for another"
    return Form(
        Shape(True, True, tiling.arrays <= _RESIDENT, tiling.parted), rows, tiling.largest,
        max(4 * _SMALL_TILE // (rows * tiling.largest), 4) if has_products else 1, -(-batch // rows), tiling.programs,
        reason, has_products, blocks=tuple(tiling.blocks),
    )  # fmt: skip


class _Tiling:
    """How the programs of a nest divide the parts of its axes."""

    def __init__(self, nest: Nest, sizes: Mapping[str, int]) -> None:
        self.nest = nest
        self.wide = [number_of(size, sizes) for size in nest.axes.sizes]
        self.blocks = [1 << (number - 1).bit_length() for number in self.wide]
        self._tiles = {nest.axes.atoms(node) for node in nest.axes.nodes if node.rows}

    def divide(self, batch: int, multiprocessors: int, most: int) -> None:
        """Halve tiles until the largest is no larger than `most`, and small or one of as many as run at once."""
        nest = self.nest
        while self.largest > most or (
            self.largest > _SMALL_TILE and batch * self.programs < 2 * multiprocessors
        ):  # fmt: skip
            among = (*nest.free, *nest.parted) if self.largest > most else nest.free
            atom = next((atom for atom in among if self.blocks[atom] > 1), None)
            if atom is None:
                return
            self.blocks[atom] //= 2

    def _numbers(self, atoms: Iterable[int]) -> int:
        return math.prod(self.blocks[atom] for atom in atoms)

    @property
    def largest(self) -> int:
        """The numbers of the largest tile."""
        return max(map(self._numbers, self._tiles))

    @property
    def programs(self) -> int:
        """How many programs share a sequence."""
        divided = (*self.nest.free, *self.nest.parted)
        return math.prod(-(-self.wide[atom] // self.blocks[atom]) for atom in divided)

    @property
    def parted(self) -> tuple[int, ...]:
        """The parts of axes over which programs have parts of sums."""
        return tuple(atom for atom in self.nest.parted if self.blocks[atom] < self.wide[atom])

    @property
    def arrays(self) -> int:
        """The numbers of a program's arrays of parameters."""
        atoms = (self.nest.axes.atoms(node) for node in self.nest.axes.nodes if node.op == "parameter")
        return sum(self._numbers(each) for each in atoms if len(each) > 1)
