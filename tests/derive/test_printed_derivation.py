"""What is printed is what is computed: a derivation, read line by line, gives the gradients of autograd."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest
import torch
from printed import lines_of, value_of

from cell_kinds import own_sizes
from cell_ranges import ranges_of
from recurra import Cell, cell, exp, tanh
from recurra.cells import all_cells
from recurra.graph.compound import number_of
from recurra.nn import Recurrent

STEPS, INPUTS, UNITS = 4, 3, 6

Arrays = dict[str, np.ndarray]


class Printed:
    """The printed equations and derivation of a cell, run over one sequence."""

    def __init__(self, made: Cell, constants: Arrays, inputs: Mapping[str, np.ndarray], initial: Arrays) -> None:
        self.made, self.constants, self.inputs, self.initial = made, constants, inputs, initial
        self.equations = [(left, right) for left, right in lines_of(made.equations()) if not left.endswith("[0]")]
        self.derivation = lines_of(made.backward_equations())
        self.compound = [left for left, _ in self.derivation if "(" in left]
        self.steps = [dict(initial)]
        for number in range(1, STEPS + 1):
            self._forward(number)

    def _read(self, name: str, step: int, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the value of a name at a step: of this step, an earlier one, or of all."""
        if name in values:
            return values[name]
        plain, _, time = name.partition("[")
        if not time:
            return np.asarray(self.constants[plain])
        back = -int(time[1:-1] or 0)
        if lag := re.fullmatch(r"(\w+)_lag(\d+)", plain):
            plain, back = lag[1], back + int(lag[2])
        if plain in self.inputs:
            return self.inputs[plain][step - 1]
        return self.steps[max(step - back, 0)][plain]

    def _forward(self, step: int) -> None:
        values: Arrays = {}
        for left, right in self.equations:
            (values if "[" in left else self.constants)[left] = self._value(right, step, values)
        here = {name.removesuffix("[t]"): value for name, value in values.items()}
        states = {name: here[name].reshape(value.shape) for name, value in self.initial.items() if name in here}
        self.steps.append(here | states)

    def outputs(self) -> np.ndarray:
        """Return the output of each step, (steps, features)."""
        names = [left for left, _ in self.equations if left in ("y[t]", "output[t]")]
        name = (names or [f"{self.made.states[0]}[t]"])[-1].removesuffix("[t]")
        return np.stack([each[name].reshape(-1) for each in self.steps[1:]])

    def gradients(self, of_outputs: np.ndarray) -> Arrays:
        """Return what the derivation says, by its left sides without their time."""
        read = {name for _, right in self.derivation for name in re.findall(r"∂L/∂\w+\[t\]", right)}
        (incoming,) = read - {left for left, _ in self.derivation}
        later = {f"Δ{state}[t]": np.zeros_like(value) for state, value in self.initial.items()}
        found: Arrays = {}
        at_steps: dict[str, list[np.ndarray]] = {}
        summed = [place for place, (_, right) in enumerate(self.derivation) if right.startswith("Σ_t ")]
        first = min(summed, default=len(self.derivation))
        once = [(left, right) for left, right in self.derivation[first:] if not right.startswith("Σ_t ")]
        once += [(left, right) for left, right in self.derivation[:first] if right == f"Δ{left[12:]}[0]"]
        for step in range(STEPS, 0, -1):
            values = {incoming: of_outputs[step - 1], **later}
            for left, right in self.derivation:
                if (left, right) in once and " + Σ_t " not in right:
                    continue
                if "Σ_t " in right:
                    text = right.partition("Σ_t ")[2]
                    found[left] = found.get(left, 0) + self._in_shape(left, self._value(text, step, values))
                    continue
                value = self._value(right, step, values)
                if left.endswith("[t-1]"):
                    later[left.replace("[t-1]", "[t]")] = value.reshape(self.initial[left[1:-5]].shape)
                elif left.startswith("∂L/∂"):
                    at_steps.setdefault(left.removesuffix("[t]"), []).append(value)
                else:
                    (values if "[" in left else self.constants)[left] = value
        found |= {left: np.stack(each[::-1]) for left, each in at_steps.items()}
        ends = {name.replace("[t]", "[0]"): value for name, value in later.items()}
        for left, right in once:
            text, _, over_steps = right.partition(" + Σ_t ")
            value = self._in_shape(left, self._value(text, 1, {**found, **ends}))
            found[left] = value + (found[left] if over_steps else 0)
        return found | ends

    def _value(self, text: str, step: int, values: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.asarray(value_of(text, lambda name: self._read(name, step, values), compound=self.compound))

    def _in_shape(self, left: str, value: np.ndarray) -> np.ndarray:
        """Return a share of a parameter's gradient in its shape: what was stretched over an axis is in it already."""
        shape = np.shape(self.constants.get(left.removeprefix("∂L/∂"), value))
        return value.reshape(shape) if value.size == np.prod(shape) else np.broadcast_to(value, shape)


@cell(states={"h": 2}, initial={"h": "learnt"})
def Listed(p, x, h):
    first = tanh(x @ p.W + h[0] @ p.U)
    return first, tanh(first @ p.V + h[1] @ p.Q)


@cell(delays={"h_d": ("h", 3)}, sizes={"k": "hidden_size"}, per_sequence=("k",))
def Mixed(p, x, h, *, h_d, k):
    h = tanh(x @ p.W + tanh(h @ p.U) @ p.U + exp(p.a) * h_d + k)
    return (h,), h * p.a


BEYOND = ("DeltaNet", "GatedDeltaNet", "mLSTM", "SSD")
"""Cells where a number for each head scales what is beside it: which axis the heads are is not written."""

ALL = {**all_cells, "Listed": Listed, "Mixed": Mixed}


@pytest.mark.parametrize("name", [name for name in ALL if name not in BEYOND])
def test_a_printed_derivation_gives_the_gradients(name: str) -> None:
    made, random = ALL[name], np.random.default_rng(0)
    torch.manual_seed(0)
    sizes = own_sizes(made, 5)
    layer = Recurrent(made, INPUTS, UNITS, sizes=sizes, backend="torch", dtype=torch.float64).eval()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    numbers = {"input_size": INPUTS, "hidden_size": UNITS, **sizes}
    x = torch.from_numpy(random.standard_normal((STEPS, 1, INPUTS))).requires_grad_()
    shaped = {leaf.name: leaf for leaf in made.further_inputs}
    further = {}
    for each, leaf in shaped.items():
        low, high = ranges_of(made).get(each, (0.1, 1.0))
        count = () if each in made.step.per_sequence else (STEPS,)
        width = number_of(leaf.width, numbers)
        further[each] = torch.from_numpy(random.uniform(low, high, (*count, 1, width))).requires_grad_()
    begin = layer.initial_state(batch=1)
    begins = [each.detach().requires_grad_() for each in (begin if isinstance(begin, tuple) else (begin,))]
    output, _ = layer(x, tuple(begins) if len(begins) > 1 else begins[0], inputs=further or None)
    factors = torch.from_numpy(random.standard_normal(tuple(output.shape)))
    (output * factors).sum().backward()

    arrays = [*layer.named_parameters(), *layer.named_buffers()]
    constants = {each.removesuffix("_l0"): _of_one_head(value.detach().numpy(), axes=2) for each, value in arrays}
    constants |= numbers
    inputs = {"x": x.detach().numpy()[:, 0]}
    inputs |= {n: v.detach().numpy()[:, 0] for n, v in further.items() if n not in made.step.per_sequence}
    constants |= {n: v.detach().numpy()[0] for n, v in further.items() if n in made.step.per_sequence}
    shapes = {leaf.name: tuple(number_of(size, numbers) for size in leaf.shape) for leaf in made.step.states}
    pairs = zip(made.states, begins, strict=True)
    initial = {state: _of_one_head(each.detach().numpy().reshape(shapes[state])) for state, each in pairs}
    printed = Printed(made, constants, inputs, initial)
    np.testing.assert_allclose(printed.outputs(), output.detach().numpy()[:, 0], rtol=1e-5, atol=1e-6)
    found = printed.gradients(factors.numpy()[:, 0])

    def check(left: str, expected: torch.Tensor | None) -> None:
        wanted = np.zeros(found[left].size) if expected is None else expected.numpy().reshape(-1)
        np.testing.assert_allclose(found[left].reshape(-1), wanted, rtol=1e-4, atol=1e-5, err_msg=left)

    check("∂L/∂x", x.grad)
    for each, value in further.items():
        check(f"∂L/∂{each}", value.grad)
    for each, parameter in layer.named_parameters():
        if not each.startswith("initial_"):
            check(f"∂L/∂{each.removesuffix('_l0')}", parameter.grad)
    for state, value in zip(made.states, begins, strict=True):
        if f"{state}_lag1" not in made.states and "_lag" not in state:  # what is older is read by its own name
            check(f"Δ{state}[0]", value.grad)


def _of_one_head(array: np.ndarray, *, axes: int = 1) -> np.ndarray:
    """Return a value of one head as one without heads, as which the text reads, where it has more than so many axes."""
    return array[0] if array.ndim > axes and array.shape[0] == 1 else array
