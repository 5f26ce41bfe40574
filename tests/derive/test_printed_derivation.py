"""What is printed is what is computed: a derivation, read line by line, gives the gradients of autograd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest
import torch
from printed import lines_of, names_in, value_of
from torch import Tensor

from cell_ranges import ranges_of
from recurra import Cell, cell, exp, softplus, tanh
from recurra.cells import all_cells
from recurra.derive.equations import adjoint_names, forward_names
from recurra.graph.compound import factors_of, number_of
from recurra.graph.node import Node, topological
from recurra.graph.printing import TEXT
from recurra.nn import Recurrent

STEPS, INPUTS, UNITS, HEADS, OWN = 4, 4, 6, 2, 5
"""All sizes differ, and so do those of a head, 3, so that values in a wrong shape do not go together."""

Arrays = dict[str, np.ndarray]


class Printed:
    """The printed equations and derivation of a cell, run over one sequence.

    Parameters
    ----------
    made : the cell
    sizes : numbers of its sizes
    given : what has no time: parameters, sizes, inputs of a sequence
    inputs : what each step is given, (steps, 1, features) each
    initial : the states before the first step
    """

    def __init__(self, made: Cell, *, sizes: Mapping[str, int], given: Arrays, inputs: Arrays, initial: Arrays) -> None:
        self.given, self.inputs, self.initial = given, inputs, initial
        self.equations = [(left, right) for left, right in lines_of(made.equations()) if not left.endswith("[0]")]
        self.derivation = lines_of(made.backward_equations())
        plans = made.plans()
        names = {**adjoint_names(plans.forward, plans.backward), **forward_names(made.step, TEXT)}
        self.shapes: dict[str, tuple[int, ...]] = {}
        for node in topological([*names, *plans.forward.step.roots, *plans.backward.step.roots]):
            shape = tuple(number_of(size, sizes) for size in node.shape)
            if node.op == "reshape" and node not in names:  # a value is as what was split from it
                node, shape = node.args[0], tuple(size for size in shape if size > 1)
            shape = (1, *shape) if node.rows else shape
            if node in names and len(shape) > len(self.shapes.get(names[node], ())):
                self.shapes[names[node]] = shape
        read = {name for _, right in self.derivation for name in names_in(right) if name.startswith("∂L/∂")}
        (self.of_output,) = {name for name in read if name.endswith("[t]")} - dict(self.derivation).keys()
        assert len(dict(self.equations)) == len(self.equations), "two values have one name"
        self.steps = [initial]
        for step in range(1, STEPS + 1):
            values: Arrays = {}
            for left, right in self.equations:
                (values if "[" in left else self.given)[left] = self._value(left, right, step, values)
            self.steps.append({left.removesuffix("[t]"): value for left, value in values.items()})

    def outputs(self) -> np.ndarray:
        """Return the output of each step, (steps, features)."""
        output = self.of_output.removeprefix("∂L/∂").removesuffix("[t]")
        return np.stack([each[output].reshape(-1) for each in self.steps[1:]])

    def gradients(self, of_outputs: np.ndarray, of_states: Arrays) -> Arrays:
        """Return what the derivation says, by its left sides; those of inputs for all steps."""
        later = {f"Δ{state}[t]": value for state, value in of_states.items()}
        totals: Arrays = {}
        after = self._after_the_loop()
        for step in range(STEPS, 0, -1):
            values = {self.of_output: of_outputs[step - 1], **later}
            for left, right in self.derivation:
                of_step, is_summed, summed = right.partition("Σ_t ")
                if is_summed:
                    share = self._value(left.removeprefix("∂L/∂"), summed, step, values)
                    totals[left] = totals.get(left, 0) + share
                elif left not in after:
                    (values if "[" in left else self.given)[left] = self._value(left, of_step, step, values)
                    if left.startswith("∂L/∂"):
                        totals[left] = np.stack([values[left], *totals.get(left, ())])
            later = {f"Δ{state}[t]": values[f"Δ{state}[t-1]"] for state in self.initial}
        totals |= {name.replace("[t]", "[0]"): value for name, value in later.items()}
        for left, right in self.derivation:
            if left in after:
                once = right.partition(" + Σ_t ")[0]
                totals[left] = self._value(left, once, 0, totals) + totals.get(left, 0)
        return totals

    def _after_the_loop(self) -> set[str]:
        """Return the left sides of what is computed once, of the sums over all steps and of what is left of a state."""
        totals = {left for left, right in self.derivation if right.startswith("Σ_t ")}
        found: set[str] = set()
        for left, right in self.derivation:
            if left not in totals and "[t" not in left and (names_in(right) & (totals | found) or "[0]" in right):
                found.add(left)
        return found

    def _value(self, left: str, right: str, step: int, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what a right side says, in the shape that the left one has."""
        value = value_of(right, lambda name: self._read(name, step, values))
        shape = self.shapes.get(left, value.shape)
        return value.reshape(shape) if value.size == np.prod(shape, dtype=int) else np.broadcast_to(value, shape)

    def _read(self, name: str, step: int, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the value of a name at a step: of this step, an earlier one, or of all."""
        if name in values:
            return values[name]
        plain, _, time = name.removesuffix("]").partition("[t")
        if plain == name:
            return self.given[name]
        if plain in self.inputs:
            return self.inputs[plain][step - 1]
        state, _, lag = plain.partition("_lag")
        before = step + int(time or 0) - int(lag or 0)
        return self.steps[before][state] if before >= 0 else self.initial[f"{state}_lag{-before}"]


@cell(states={"h": 2}, initial={"h": "learnt"})
def Listed(p, x, h):
    first = tanh(x @ p.W + h[0] @ p.U)
    return first, tanh(first @ p.V + h[1] @ p.Q)


@cell(delays={"h_d": ("h", 3)}, sizes={"k": "hidden_size"}, per_sequence=("k",))
def Mixed(p, x, h, *, h_d, k):
    h = tanh(x @ p.W + tanh(h @ p.U) @ p.U + exp(p.a) * h_d + k)
    return (h,), h * p.a


@cell
def Renamed(p, x, h):
    f, y = -softplus(x @ p.W), -softplus(x @ p.V)  # which are subtracted, so that neither is computed
    f = tanh(h @ p.U + f + y)
    return (f * h,), f * p.a


ROUNDED = {"MTRNN": "1 / 70", "RWKV7": "exp(-1/2)", "TimeAwareLSTM": "e"}
"""Cells with numbers of more digits than are printed."""

ONE_HEAD = {"RWKV7": "that its norm is of a head, k being split within the expression, is not written"}
"""Cells whose derivation cannot be read from the text alone if there are several heads."""

ALL = {**all_cells, "Listed": Listed, "Mixed": Mixed, "Renamed": Renamed}


@pytest.mark.parametrize("name", ALL)
def test_a_printed_derivation_gives_the_gradients(name: str) -> None:
    made, random = ALL[name], np.random.default_rng(0)
    torch.manual_seed(0)
    sizes = _own_sizes(made, heads=1 if name in ONE_HEAD else HEADS)
    layer = Recurrent(made, INPUTS, UNITS, sizes=sizes, backend="torch", dtype=torch.float64).eval()
    sizes |= {"input_size": INPUTS, "hidden_size": UNITS}
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))

    def drawn(leaf: Node, low: float, high: float, *steps: int) -> Tensor:
        return torch.from_numpy(random.uniform(low, high, (*steps, 1, number_of(leaf.width, sizes)))).requires_grad_()

    states, fixed = made.plans().forward.step.states, made.step.per_sequence
    x = drawn(made.step.inputs[0], -2.0, 2.0, STEPS)
    further = {
        leaf.name: drawn(leaf, *ranges_of(made).get(leaf.name, (0.1, 1.0)), *() if leaf.name in fixed else (STEPS,))
        for leaf in made.further_inputs
    }
    added = [drawn(leaf, 0.0, 0.1, 1) for leaf in states]
    begins = [begin + more for begin, more in zip(_tuple(layer.initial_state(batch=1)), added, strict=True)]
    output, end = layer(x, tuple(begins) if len(begins) > 1 else begins[0], inputs=further or None)
    results = [output, *_tuple(end)]
    factors = [torch.from_numpy(random.standard_normal(tuple(each.shape))) for each in results]
    torch.autograd.backward(results, factors)

    def of_states(values: Iterable[Tensor]) -> Arrays:
        shapes = [(1, *(number_of(size, sizes) for size in leaf.shape)) for leaf in states]
        return {leaf.name: _array(v).reshape(s) for leaf, v, s in zip(states, values, shapes, strict=True)}

    given = {name: np.asarray(number) for name, number in sizes.items()}
    given |= {name.removesuffix("_l0"): _array(v) for name, v in [*layer.named_parameters(), *layer.named_buffers()]}
    given |= {name: _array(value) for name, value in further.items() if name in fixed}
    inputs = {name: _array(value) for name, value in {"x": x, **further}.items() if name not in fixed}
    printed = Printed(made, sizes=sizes, given=given, inputs=inputs, initial=of_states(begins))
    found = printed.gradients(_array(factors[0]), of_states(factors[1:])) | {"output": printed.outputs()}

    expected: dict[str, Tensor | None] = {"output": output, "∂L/∂x[t]": x.grad}
    expected |= {f"∂L/∂{name}" + "[t]" * (name not in fixed): value.grad for name, value in further.items()}
    expected |= {f"∂L/∂{name.removesuffix('_l0')}": value.grad for name, value in layer.named_parameters()}
    expected |= {f"Δ{leaf.name}[0]": value.grad for leaf, value in zip(states, added, strict=True)}
    for left, value in expected.items():
        wanted = np.zeros(found[left].size) if value is None else _array(value).reshape(-1)
        tolerance = (1e-5 if name in ROUNDED else 1e-8) * max(1.0, np.abs(wanted).max())
        np.testing.assert_allclose(found[left].reshape(-1), wanted, rtol=0, atol=tolerance, err_msg=left)


def _own_sizes(made: Cell, *, heads: int) -> dict[str, int]:
    """Return the numbers of a cell's sizes beside those of input and state; heads and groups divide others."""
    dividing = {name for size in made.step.all_sizes() for name in factors_of(size)[1]}
    own = (name for name in made.sizes if name not in ("input_size", "hidden_size"))
    return {name: heads if name in dividing else OWN for name in own}


def _tuple(state: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


def _array(value: Tensor) -> np.ndarray:
    return value.detach().numpy()
