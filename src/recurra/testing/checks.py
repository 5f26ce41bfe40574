"""`check_cell`, everything that recurra's own cells are held to; `check_gradient`, by random projection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from recurra.arguments import check_whole, checked
from recurra.backends.kernel import Kernel
from recurra.derive.facts import has_chosen_derivative
from recurra.derive.plan import Plans
from recurra.errors import InputError
from recurra.notebook import page, table
from recurra.spec import Cell
from recurra.testing.cases import (
    Array,
    Ranges,
    check_ranges,
    draw_case,
    draw_restarts,
    numbers_for,
    part_of,
    permuted,
    rounded,
)
from recurra.testing.runs import (
    KERNELS,
    RunResult,
    eager_loss,
    run_eagerly,
    run_inference,
    run_plans,
    run_reference,
    tensors_of,
)
from recurra.testing.tolerances import CheckError, error_of, tolerance

__all__ = ["CheckReport", "check_cell", "check_gradient", "directional_derivatives", "gradient_error"]

SHAPES: Mapping[str, tuple[int, ...]] = {
    "one step": (3,),
    "one sequence": (1, 1, 1, 1, 1),
    "a batch": (3, 3, 3, 3, 3, 3),
    "ragged": (4, 3, 3, 1, 1, 1, 1),
    "one row": (1,),
}
"""Name -> the number of sequences at each step."""


@dataclass(frozen=True)
class Row:
    """One check: what was compared, the relative error, and what is allowed."""

    check: str
    error: float
    allowed: float


@dataclass(frozen=True)
class CheckReport:
    """What `check_cell` found; printed as a table."""

    cell: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        width = max(len(row.check) for row in self.rows)
        lines = [f"{row.check:<{width}}  {row.error:8.1e}  {row.allowed:8.0e}" for row in self.rows]
        return "\n".join([f"{self.cell}: {len(lines)} checks passed", f"{'':<{width}}     error   allowed", *lines])

    def _repr_html_(self) -> str:
        lines = ((row.check, f"{row.error:.1e}", f"{row.allowed:.0e}") for row in self.rows)
        return page(f"{self.cell}: {len(self.rows)} checks passed", "", table(("check", "error", "allowed"), lines))


@checked(InputError)
def check_cell(
    cell: Cell, *, sizes: Mapping[str, int] | None = None, ranges: Ranges | None = None, seed: int = 0
) -> CheckReport:
    """Check a cell: its plans against autograd through its own function, its gradients, and the laws of recurrence.

    Parameters
    ----------
    cell : Cell
    sizes : mapping, optional
        Size -> number; by default ``input_size`` 4, ``hidden_size`` 5 and others from 3 on. All small numbers do;
        different ones find more.
    ranges : mapping, optional
        Input or state -> (low, high): it is drawn uniformly between them, such as ``{"dt": (0, 1)}`` for a time gap
        or ``{"seen": (0, 1)}`` for a mask. All others are drawn from N(0, 1).
    seed : int
        For the random numbers that it is checked with.

    Returns
    -------
    CheckReport
        A line for each check, with its error; print it.

    Raises
    ------
    CheckError
        Which check failed, on which shape, and by how much.
    InputError
        If a size, input or state is not one of the cell's, or a range is none.

    Examples
    --------
    >>> from recurra.cells import GRU
    >>> from recurra.testing import check_cell
    >>> report = check_cell(GRU)
    >>> print(str(report).splitlines()[0])
    GRU: 63 checks passed
    """
    check_whole("check_cell: seed", seed, InputError, least=0)
    numbers, ranges = numbers_for(cell, sizes or {}), ranges or {}
    check_ranges(cell, ranges)
    rows: list[Row] = []
    for backend, compile in KERNELS.items():
        found = _kernel_checks(cell, numbers, compile, seed, ranges)
        rows.extend(replace(row, check=f"{row.check}, backend {backend}") for row in found)
    if not has_chosen_derivative(cell.step):  # differences know nothing of a derivative that is chosen
        rows.append(_differences(cell, numbers, seed, ranges))
    for row in rows:
        if not row.error <= row.allowed:
            raise CheckError(
                f"{cell.name}: {row.check}: relative error {row.error:.1e}, at most {row.allowed:.0e} is allowed"
            )
    return CheckReport(cell.name, tuple(rows))


Compile = Callable[[Plans], Kernel]


def _kernel_checks(cell: Cell, sizes: Mapping[str, int], compile: Compile, seed: int, ranges: Ranges) -> Iterator[Row]:
    """Check one backend's kernel of a cell."""
    for shape, batch_sizes in SHAPES.items():
        for reverse in (False, True):
            case = draw_case(cell, sizes, batch_sizes, reverse=reverse, seed=seed, ranges=ranges)
            found = run_plans(case, compile)
            expected = run_reference(case)
            where = f"{shape}{', reversed' if reverse else ''}"
            _require_finite(cell, where, expected)
            yield _compared(f"outputs, {where}", found.values, expected.values)
            yield _compared(f"gradients, {where}", found.gradients, expected.gradients, of="gradient")
            if not reverse:
                alone = run_inference(case, compile)
                yield _compared(f"inference, {where}", alone.values, expected.values)
    yield from _single_precision(cell, sizes, compile, seed, ranges)
    yield from _laws(cell, sizes, compile, seed, ranges)
    yield from _resets(cell, sizes, compile, seed, ranges)
    if cell.random:
        yield from _same_noise(cell, sizes, compile, seed, ranges)


def _require_finite(cell: Cell, where: str, expected: RunResult) -> None:
    """Raise `CheckError` if a cell's own function gives NaN or infinity: there is nothing to compare with then."""
    for what, arrays in (("outputs", expected.values), ("gradients", expected.gradients)):
        if not all(np.isfinite(array).all() for array in arrays):
            raise CheckError(
                f"{cell.name}: {what}, {where}: the function itself gives NaN or infinity for parameters of half a "
                "standard deviation, inputs and states of one; nothing can be compared. If an input or a state has to "
                "be positive, or bounded, give its range, e.g. ranges={'dt': (0, 1)}"
            )


def _compared(
    check: str, found: Sequence[Array], expected: Sequence[Array], *, dtype: str = "float64", of: str = "output"
) -> Row:
    return Row(check, max(map(error_of, found, expected)), getattr(tolerance(dtype), of))


def _differences(cell: Cell, sizes: Mapping[str, int], seed: int, ranges: Ranges) -> Row:
    """Compare autograd through the eager torch backend with central differences."""
    case = draw_case(cell, sizes, SHAPES["ragged"], seed=seed, ranges=ranges)
    pair = directional_derivatives(lambda *tensors: eager_loss(case, *tensors), tensors_of(case), seed=seed)
    return Row("autograd against differences", gradient_error(*pair), tolerance("float64").difference)


def _single_precision(
    cell: Cell, sizes: Mapping[str, int], compile: Compile, seed: int, ranges: Ranges
) -> Iterator[Row]:
    """Compare float32 with float64 on the same numbers: to round those is no fault of what computes with them."""
    case = rounded(draw_case(cell, sizes, SHAPES["ragged"], seed=seed, ranges=ranges), "float32")
    single, double = run_plans(case, compile, dtype="float32"), run_plans(case, compile)
    yield _compared("float32 outputs", single.values, double.values, dtype="float32")
    yield _compared("float32 gradients", single.gradients, double.gradients, dtype="float32", of="gradient")


def _laws(cell: Cell, sizes: Mapping[str, int], compile: Compile, seed: int, ranges: Ranges) -> Iterator[Row]:
    """Check that a split sequence equals a carried state, and that the order of a batch does not matter."""
    case = draw_case(cell, sizes, (3,) * 6, seed=seed, ranges=ranges)
    whole = run_plans(case, compile)
    first = run_plans(part_of(case, slice(0, 4)), compile)
    second = run_plans(part_of(case, slice(4, 6), first.states), compile)
    joined = np.concatenate([first.output, second.output])
    yield _compared("a split sequence equals a carried state", [joined, *second.states], whole.values)
    order = [2, 0, 1]
    moved = run_plans(permuted(case, order), compile)
    expected = whole.output.reshape(6, 3, -1)[:, order].reshape(whole.output.shape)
    states = [state[order] for state in whole.states]
    yield _compared("the order of the batch does not matter", moved.values, [expected, *states])


def _resets(cell: Cell, sizes: Mapping[str, int], compile: Compile, seed: int, ranges: Ranges) -> Iterator[Row]:
    """Check that sequences begin anew where they are told to, with the cell's initial states."""
    case = draw_case(cell, sizes, SHAPES["ragged"], seed=seed, ranges=ranges)
    resets = draw_restarts(case, seed=seed)
    found, expected = run_plans(case, compile, resets=resets), run_reference(case, resets=resets)
    yield _compared("outputs with resets", found.values, expected.values)
    yield _compared("gradients with resets", found.gradients, expected.gradients, of="gradient")


def _same_noise(cell: Cell, sizes: Mapping[str, int], compile: Compile, seed: int, ranges: Ranges) -> Iterator[Row]:
    """Check that in training a backend draws what the eager loop draws from the same seed."""
    case = draw_case(cell, sizes, SHAPES["ragged"], seed=seed, ranges=ranges)
    found, expected = run_plans(case, compile, training=True), run_eagerly(case, training=True)
    yield _compared("outputs with noise", found.values, expected.values)
    yield _compared("gradients with noise", found.gradients, expected.gradients, of="gradient")


@checked(InputError)
def check_gradient(function: Callable[..., Tensor], inputs: Sequence[Tensor], *, seed: int = 0) -> float:
    """Compare a function's derivative along a random direction with central differences.

    Parameters
    ----------
    function : callable
        Takes the inputs, returns a tensor.
    inputs : sequence of float64 tensors
    seed : int

    Returns
    -------
    float
        The relative error of the directional derivative.

    Raises
    ------
    CheckError
        If it is larger than the tolerance, or not a number.
    """
    derived, difference = directional_derivatives(function, inputs, seed=seed)
    error = gradient_error(derived, difference)
    if not error <= tolerance("float64").difference:
        raise CheckError(
            f"the gradient along a random direction is {derived:.8g}, central differences give {difference:.8g}: "
            f"relative error {error:.1e}, at most {tolerance('float64').difference:.0e} is allowed"
        )
    return error


def gradient_error(derived: float, difference: float) -> float:
    """Return the error of a derivative relative to the difference's magnitude (at least 1)."""
    return abs(derived - difference) / max(1.0, abs(difference))


def directional_derivatives(
    function: Callable[..., Tensor], inputs: Sequence[Tensor], *, seed: int
) -> tuple[float, float]:
    """Return a function's derivative along a random direction by autograd and by central differences."""
    generator = torch.Generator().manual_seed(seed)
    inputs = [value.detach().double().requires_grad_() for value in inputs]
    directions = [torch.randn(value.shape, dtype=torch.float64, generator=generator) for value in inputs]
    output = function(*inputs)
    weights = torch.randn(output.shape, dtype=torch.float64, generator=generator)
    gradients = torch.autograd.grad(output, inputs, weights, allow_unused=True) if output.requires_grad else ()
    derived = sum(float((g * d).sum()) for g, d in zip(gradients, directions, strict=False) if g is not None)
    step = 1e-6
    with torch.no_grad():
        ahead, behind = (
            function(*(v + sign * step * d for v, d in zip(inputs, directions, strict=True))) for sign in (1, -1)
        )
    return derived, float(((ahead - behind) * weights).sum()) / (2 * step)
