"""`check_cell`: everything that recurra's own cells are held to, for a person's own cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from recurra.backends import numpy as numpy_backend
from recurra.backends import torch as torch_backend
from recurra.backends.kernel import Call, Gradients
from recurra.errors import InputError
from recurra.spec import Cell
from recurra.testing.gradient import check_gradient
from recurra.testing.reference import reference_run
from recurra.testing.tolerances import CheckError, error_of, tolerance

__all__ = ["CheckReport", "check_cell"]

SHAPES: Mapping[str, tuple[int, ...]] = {
    "one step": (3,),
    "one sequence": (1, 1, 1, 1, 1),
    "a batch": (3, 3, 3, 3),
    "ragged": (4, 3, 3, 1, 1, 1, 1),
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


@dataclass(frozen=True)
class Case:
    """A cell with numbers: parameters, inputs, initial states, and the loss's gradients, all float64 arrays."""

    cell: Cell
    call: Call
    output_gradient: np.ndarray
    state_gradients: tuple[np.ndarray, ...]


def check_cell(cell: Cell, *, sizes: Mapping[str, int] | None = None, seed: int = 0) -> CheckReport:
    """Check a cell: its plans against autograd through its own function, its gradients, and the laws of recurrence.

    Parameters
    ----------
    cell : Cell
    sizes : mapping, optional
        Size -> number; by default ``input_size`` 4, ``hidden_size`` 5 and others from 3 on. All small numbers do;
        different ones find more.
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

    Examples
    --------
    >>> from recurra.cells import GRU
    >>> from recurra.testing import check_cell
    >>> report = check_cell(GRU)
    >>> print(str(report).splitlines()[0])
    GRU: 18 checks passed
    """
    numbers = _sizes(cell, sizes or {})
    rows: list[Row] = []
    for shape, batch_sizes in SHAPES.items():
        for reverse in (False, True):
            case = _case(cell, numbers, batch_sizes, reverse=reverse, seed=seed)
            where = f"{shape}{', reversed' if reverse else ''}"
            rows.extend(replace(row, check=f"{row.check}, {where}") for row in _against_reference(case))
    case = _case(cell, numbers, SHAPES["ragged"], reverse=False, seed=seed)
    rows.extend(_float32(case))
    rows.append(_differences(case))
    rows.extend(_laws(cell, numbers, seed))
    if cell.random:
        rows.append(_same_noise(case))
    for row in rows:
        if not row.error <= row.allowed:
            raise CheckError(f"{cell.name}: {row.check}: relative error {row.error:.1e}, at most {row.allowed:.0e} is allowed")
    return CheckReport(cell.name, tuple(rows))


def _sizes(cell: Cell, given: Mapping[str, int]) -> dict[str, int]:
    unknown = [name for name in given if name not in cell.sizes]
    if unknown:
        raise InputError(f"sizes: got {unknown}; the cell {cell.name} has the sizes {list(cell.sizes)}")
    usual = {"input_size": 4, "hidden_size": 5}
    return {name: given.get(name, usual.get(name, 3 + place)) for place, name in enumerate(cell.sizes)}


def _case(cell: Cell, sizes: Mapping[str, int], batch_sizes: Sequence[int], *, reverse: bool, seed: int) -> Case:
    """Draw numbers for a cell; parameters are small enough that nothing saturates."""
    generator = np.random.default_rng(seed)

    def draw(*shape: str | int, scale: float = 1.0) -> np.ndarray:
        return scale * generator.standard_normal([s if isinstance(s, int) else sizes[s] for s in shape])

    rows, batch, step = sum(batch_sizes), batch_sizes[0], cell.step
    parameters = [draw(*leaf.shape, scale=0.5) for leaf in step.parameters]
    inputs = [draw(batch if leaf.name in step.per_sequence else rows, *leaf.shape) for leaf in step.inputs]
    states = [draw(batch, *leaf.shape) for leaf in step.states]
    call = Call(sizes, parameters, inputs, states, tuple(batch_sizes), reverse, seed)
    return Case(cell, call, draw(rows, *step.output.shape), tuple(draw(batch, *leaf.shape) for leaf in step.states))


def _tensors(case: Case) -> list[Tensor]:
    call = case.call
    return [torch.tensor(value, requires_grad=True) for value in (*call.parameters, *call.inputs, *call.states)]


def _divided(case: Case, tensors: Sequence[Tensor]) -> tuple[dict[str, Tensor], Sequence[Tensor], Sequence[Tensor]]:
    """Return parameters by name, inputs, and states."""
    names = [leaf.name for leaf in case.cell.step.parameters]
    first, second = len(names), len(names) + len(case.call.inputs)
    return dict(zip(names, tensors, strict=False)), tensors[first:second], tensors[second:]


def _reference(case: Case, *tensors: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    call = case.call
    return reference_run(
        case.cell, *_divided(case, tensors), batch_sizes=call.batch_sizes, sizes=call.sizes, reverse=call.reverse
    )


def _loss(case: Case, output: Tensor, states: Sequence[Tensor]) -> Tensor:
    weighted = [(output * torch.tensor(case.output_gradient)).sum()]
    weighted += [(s * torch.tensor(g)).sum() for s, g in zip(states, case.state_gradients, strict=True)]
    return torch.stack(weighted).sum()


def _planned(case: Case, dtype: str = "float64") -> tuple[np.ndarray, tuple[np.ndarray, ...], list[np.ndarray]]:
    """Run both plans in evaluation by the NumPy backend; return output, states and all gradients."""
    plans, call = case.cell.plans(training=False), case.call
    own = {leaf: torch.tensor(p.astype(dtype), requires_grad=True) for leaf, p in zip(case.cell.step.parameters, call.parameters, strict=True)}
    known = torch_backend.prelude(plans.forward.prelude, own, call.sizes) if own else {}
    effective = [known[leaf] for leaf in plans.forward.step.parameters]
    used = replace(
        call,
        parameters=[p.detach().numpy() for p in effective],
        inputs=[value.astype(dtype) for value in call.inputs],
        states=[value.astype(dtype) for value in call.states],
    )
    kernel = numpy_backend.compile(plans)
    result = kernel.forward(used, tape=True)
    gradients = kernel.backward(
        used, result.tape, output=case.output_gradient.astype(dtype), states=[g.astype(dtype) for g in case.state_gradients]
    )
    through = _through_prelude(effective, gradients, list(own.values()))
    return result.output, result.states, [*through, *gradients.inputs, *gradients.states]


def _through_prelude(effective: Sequence[Tensor], gradients: Gradients, own: Sequence[Tensor]) -> list[np.ndarray]:
    """Return the gradients of the cell's own parameters from those of the prelude's values."""
    if not own:
        return []
    given = [torch.from_numpy(np.ascontiguousarray(g)) for g in gradients.parameters]
    total = torch.stack([(e * g).sum() for e, g in zip(effective, given, strict=True)]).sum()
    found = torch.autograd.grad(total, own, allow_unused=True)
    return [np.zeros(p.shape) if g is None else g.numpy() for p, g in zip(own, found, strict=True)]


def _against_reference(case: Case) -> Iterator[Row]:
    """Compare outputs, states and all gradients of the plans with autograd through the function."""
    tensors = _tensors(case)
    output, states = _reference(case, *tensors)
    expected = torch.autograd.grad(_loss(case, output, states), tensors, allow_unused=True, materialize_grads=True)
    got_output, got_states, got = _planned(case)
    allowed = tolerance("float64")
    values = [(got_output, output), *zip(got_states, states, strict=True)]
    yield Row("outputs", max(error_of(g, e.detach().numpy()) for g, e in values), allowed.output)
    yield Row("gradients", max(error_of(g, e.numpy()) for g, e in zip(got, expected, strict=True)), allowed.gradient)


def _float32(case: Case) -> Iterator[Row]:
    """Compare single with double precision."""
    single, double = _planned(case, "float32"), _planned(case)
    allowed = tolerance("float32")
    yield Row("float32 outputs", error_of(single[0], double[0]), allowed.output)
    yield Row("float32 gradients", max(map(error_of, single[2], double[2])), allowed.gradient)


def _differences(case: Case) -> Row:
    """Compare autograd through the eager torch backend with central differences."""
    plan, call = case.cell.plans(training=False).forward, case.call

    def loss(*tensors: Tensor) -> Tensor:
        parameters, inputs, states = _divided(case, tensors)
        own = {leaf: parameters[leaf.name] for leaf in case.cell.step.parameters}
        known = torch_backend.prelude(plan.prelude, own, call.sizes) if own else {}
        result = torch_backend.run(
            plan, replace(call, parameters=[known[leaf] for leaf in plan.step.parameters], inputs=inputs, states=states)
        )
        return _loss(case, result.output, result.states)

    return Row("gradient against differences", check_gradient(loss, _tensors(case)), tolerance("float64").difference)


def _laws(cell: Cell, sizes: Mapping[str, int], seed: int) -> Iterator[Row]:
    """Check that a split sequence equals a carried state, and that the order of a batch does not matter."""
    case = _case(cell, sizes, (3,) * 6, reverse=False, seed=seed)
    output, states, _ = _planned(case)
    first = _planned(_part(case, slice(0, 4)))
    second = _planned(_part(case, slice(4, 6), states=first[1]))
    joined = [(np.concatenate([first[0], second[0]]), output), *zip(second[1], states, strict=True)]
    allowed = tolerance("float64").output
    yield Row("a split sequence equals a carried state", max(error_of(g, e) for g, e in joined), allowed)
    order = np.array([2, 0, 1])
    permuted = _planned(_permuted(case, order))
    expected = output.reshape(6, 3, -1)[:, order].reshape(output.shape)
    yield Row("the order of the batch does not matter", error_of(permuted[0], expected), allowed)


def _part(case: Case, steps: slice, states: Sequence[np.ndarray] | None = None) -> Case:
    """Return some steps of a padded case."""
    call, batch = case.call, case.call.batch_sizes[0]
    rows = slice(steps.start * batch, steps.stop * batch)
    per_sequence = case.cell.step.per_sequence
    inputs = [
        value if leaf.name in per_sequence else value[rows]
        for leaf, value in zip(case.cell.step.inputs, call.inputs, strict=True)
    ]
    part = replace(call, inputs=inputs, states=states or call.states, batch_sizes=call.batch_sizes[steps])
    return replace(case, call=part, output_gradient=case.output_gradient[rows])


def _permuted(case: Case, order: np.ndarray) -> Case:
    """Return a padded case with its sequences in another order."""
    call, batch = case.call, case.call.batch_sizes[0]
    steps = len(call.batch_sizes)
    inputs = [
        value[order] if leaf.name in case.cell.step.per_sequence else value.reshape(steps, batch, -1)[:, order].reshape(value.shape)
        for leaf, value in zip(case.cell.step.inputs, call.inputs, strict=True)
    ]
    return replace(case, call=replace(call, inputs=inputs, states=[state[order] for state in call.states]))


def _same_noise(case: Case) -> Row:
    """Check that in training both backends draw the same noise from a seed."""
    plans, call = case.cell.plans(training=True), case.call
    own = {leaf: torch.tensor(p) for leaf, p in zip(case.cell.step.parameters, call.parameters, strict=True)}
    known = torch_backend.prelude(plans.forward.prelude, own, call.sizes) if own else {}
    parameters = [known[leaf] for leaf in plans.forward.step.parameters]
    tensors = replace(
        call, parameters=parameters, inputs=[*map(torch.tensor, call.inputs)], states=[*map(torch.tensor, call.states)]
    )
    arrays = replace(call, parameters=[p.numpy() for p in parameters])
    drawn = torch_backend.run(plans.forward, tensors).output.numpy()
    return Row("both backends draw the same noise", error_of(numpy_backend.compile(plans).forward(arrays).output, drawn), tolerance("float64").output)
