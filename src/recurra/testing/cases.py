"""A cell with random numbers, in the packed layout: what the checks run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recurra.arguments import check_whole
from recurra.backends.kernel import Call
from recurra.backends.parameters import Parameters
from recurra.errors import InputError
from recurra.graph.compound import divisible, number_of
from recurra.graph.node import Node, Shape
from recurra.spec import Cell

__all__ = [
    "Case",
    "Ranges",
    "Restarts",
    "check_ranges",
    "draw_case",
    "draw_restarts",
    "numbers_for",
    "part_of",
    "permuted",
    "rounded",
]

Array = np.ndarray
Ranges = Mapping[str, tuple[float, float]]
"""Input or state -> between which numbers it is drawn."""


@dataclass(frozen=True)
class Case:
    """A cell with numbers, all float64 arrays.

    Attributes
    ----------
    call : Call
        With the cell's own parameters, not those of a plan.
    output_gradient, state_gradients : arrays shaped as the output and the states
        The loss is the sum of outputs and final states, each weighted with these.
    """

    cell: Cell
    call: Call
    output_gradient: Array
    state_gradients: tuple[Array, ...]


def numbers_for(cell: Cell, given: Mapping[str, int]) -> dict[str, int]:
    """Return a number for every size of a cell: those given, and small different ones."""
    unknown = [name for name in given if name not in cell.sizes]
    if unknown:
        raise InputError(f"sizes: got {unknown}; the cell {cell.name} has the sizes {list(cell.sizes)}")
    usual = {"input_size": 4, "hidden_size": 5}
    numbers = {name: given.get(name, usual.get(name, 3 + place)) for place, name in enumerate(cell.sizes)}
    for name, number in given.items():
        check_whole(f"sizes[{name!r}]", number, InputError)
    numbers |= divisible(cell.step.all_sizes(), numbers, fixed=given)
    try:
        cell.step.check_sizes(numbers)
    except ValueError as error:
        raise InputError(f"sizes: {error}") from None
    return numbers


def check_ranges(cell: Cell, ranges: Ranges) -> None:
    """Raise `InputError` unless each range is of an input or a state, and is (low, high) with low < high."""
    known = [str(leaf.name) for leaf in (*cell.step.inputs, *cell.step.states)]
    for name, pair in ranges.items():
        if name not in known:
            raise InputError(f"ranges: got {name!r}; the inputs and states of {cell.name} are {known}")
        if not (isinstance(pair, tuple) and len(pair) == 2 and -np.inf < pair[0] < pair[1] < np.inf):
            raise InputError(
                f"ranges[{name!r}]: got {pair!r}, expected (low, high), two finite numbers with low < high"
            )


def draw_case(
    cell: Cell,
    sizes: Mapping[str, int],
    batch_sizes: Sequence[int],
    *,
    reverse: bool = False,
    seed: int = 0,
    ranges: Ranges | None = None,
) -> Case:
    """Draw numbers for a cell; the parameters are small enough that little saturates, however wide it is.

    Inputs and states are drawn from N(0, 1), those in `ranges` uniformly between two numbers.
    """
    generator = np.random.default_rng(seed)
    ranges = ranges or {}

    def draw(*shape: str | int, scale: float = 1.0) -> Array:
        return scale * generator.standard_normal([number_of(size, sizes) for size in shape])

    def value(count: int, leaf: Node) -> Array:
        drawn = draw(count, leaf.width)
        return generator.uniform(*ranges[leaf.name], size=drawn.shape) if leaf.name in ranges else drawn

    rows, batch, step = sum(batch_sizes), batch_sizes[0], cell.step
    fixed = cell.fixed_arrays({"input_size": 1, "hidden_size": 1, **sizes})

    def scale(shape: Shape) -> float:
        """Return a standard deviation with which a product with a matrix is about as large as what it is with."""
        return min(0.5, 1.25 / number_of(shape[-2], sizes) ** 0.5) if len(shape) > 1 else 0.5

    parameters = [
        fixed[leaf.name] if leaf.name in fixed else draw(*leaf.shape, scale=scale(leaf.shape))
        for leaf in step.parameters
    ]
    inputs = [value(batch if leaf.name in step.per_sequence else rows, leaf) for leaf in step.inputs]
    states = [value(batch, leaf) for leaf in step.states]
    call = Call(sizes, parameters, inputs, states, tuple(batch_sizes), reverse, seed)
    return Case(cell, call, draw(rows, *step.output.shape), tuple(draw(batch, leaf.width) for leaf in step.states))


def rounded(case: Case, dtype: str) -> Case:
    """Return a case whose numbers are those of another dtype, as float64 arrays."""

    def of(arrays: Iterable[Array]) -> list[Array]:
        return [array.astype(dtype).astype(array.dtype) for array in arrays]

    call, gradients = case.call, of([case.output_gradient, *case.state_gradients])
    call = replace(
        call, parameters=of(Parameters.of(call.parameters).tensors), inputs=of(call.inputs), states=of(call.states)
    )
    return replace(case, call=call, output_gradient=gradients[0], state_gradients=tuple(gradients[1:]))


@dataclass(frozen=True)
class Restarts:
    """Where the sequences of a case begin anew, and with what.

    Attributes
    ----------
    after : array (rows, 1)
        1 where the state that goes on is the initial one, else 0.
    begins : arrays (batch, size), one for each state
    """

    after: Array
    begins: tuple[Array, ...]


def draw_restarts(case: Case, *, seed: int = 0) -> Restarts:
    """Return resets inside the sequences of a case, of some at each step, never all; what is learnt is drawn."""
    generator, call, step = np.random.default_rng(seed), case.call, case.cell.step
    given, begins, batch = case.cell.initial_states(call.sizes), [], call.batch_sizes[0]
    for leaf in step.states:
        begin, width = step.initial.get(leaf.name, 0.0), number_of(leaf.width, call.sizes)
        if begin is None:
            known = given.get(leaf.name)
            begin = known.reshape(width) if isinstance(known, np.ndarray) else generator.standard_normal((batch, width))
        begins.append(np.broadcast_to(np.asarray(begin, np.float64), (batch, width)).copy())
    after = [  # of each step but a sequence's last; every second row, so that others go on beside it
        (now + number) % 2 == 0 and number < following
        for now, (count, following) in enumerate(zip(call.batch_sizes, (*call.batch_sizes[1:], 0), strict=True))
        for number in range(count)
    ]
    return Restarts(np.array(after, np.float64)[:, None], tuple(begins))


def part_of(case: Case, steps: slice, states: Sequence[Array] | None = None) -> Case:
    """Return some steps of a case without ragged ends, begun in other states if these are given."""
    batch = case.call.batch_sizes[0]
    rows = slice(steps.start * batch, steps.stop * batch)
    inputs = [value if once else value[rows] for value, once in _inputs(case)]
    call = replace(
        case.call, inputs=inputs, states=states or case.call.states, batch_sizes=case.call.batch_sizes[steps]
    )
    return replace(case, call=call, output_gradient=case.output_gradient[rows])


def permuted(case: Case, order: Sequence[int]) -> Case:
    """Return a case without ragged ends, its sequences in another order."""
    batch = case.call.batch_sizes[0]
    rows = np.concatenate([np.asarray(order) + t * batch for t in range(len(case.call.batch_sizes))])
    inputs = [value[list(order)] if once else value[rows] for value, once in _inputs(case)]
    call = replace(case.call, inputs=inputs, states=[state[list(order)] for state in case.call.states])
    return replace(
        case,
        call=call,
        output_gradient=case.output_gradient[rows],
        state_gradients=tuple(gradient[list(order)] for gradient in case.state_gradients),
    )


def _inputs(case: Case) -> list[tuple[Array, bool]]:
    """Return the inputs, each with whether it is given once per sequence."""
    step = case.cell.step
    return [(v, leaf.name in step.per_sequence) for leaf, v in zip(step.inputs, case.call.inputs, strict=True)]
