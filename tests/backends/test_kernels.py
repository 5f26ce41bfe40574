"""What holds of every backend's kernel beside being right (for that, see `recurra.testing.check_cell`)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch

from cell_ranges import ranges_of
from recurra import Cell, cell, softmax
from recurra.backends.kernel import Call, Gradients, Kernel, Result
from recurra.cells import GRU, LSTM, OriginalGRU, all_cells
from recurra.derive.plan import EVALUATION
from recurra.testing.cases import Case, draw_case, numbers_for
from recurra.testing.runs import KERNELS

RAGGED = (4, 3, 3, 1, 1, 1, 1)


def arrays_of(value: object) -> list[np.ndarray]:
    """Return all arrays in a Call, a Result, Gradients or a tuple of these."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, (Call, Result, Gradients)):
        return [
            array for field in fields(value) if field.name != "tape" for array in arrays_of(getattr(value, field.name))
        ]
    return [array for part in value for array in arrays_of(part)] if isinstance(value, (tuple, list)) else []


def kernel_and_case(checked: Cell, backend: str, seed: int = 0) -> tuple[Kernel, Case]:
    """Return a kernel in evaluation and numbers to run it on; for cells without expressions of parameters."""
    case = draw_case(checked, numbers_for(checked, {}), RAGGED, seed=seed, ranges=ranges_of(checked))
    return KERNELS[backend](checked.plans(EVALUATION)), case


def both_passes(kernel: Kernel, case: Case) -> tuple[Result, Gradients]:
    """Run forward and backward."""
    result = kernel.forward(case.call, tape=True)
    found = kernel.backward(case.call, result.tape, outputs=[case.output_gradient], states=case.state_gradients)
    return result, found


every_kernel = pytest.mark.parametrize("backend", KERNELS)
every_cell = pytest.mark.parametrize(
    "checked", [c for c in all_cells.values() if not c.plans().forward.prelude.leaves], ids=lambda c: c.name
)


@every_kernel
@every_cell
def test_what_is_given_is_not_changed_and_not_handed_out(checked: Cell, backend: str) -> None:
    """Neither pass writes to its arguments, and no result is a view of an argument or of another result."""
    kernel, case = kernel_and_case(checked, backend)
    given = [*arrays_of(case.call), case.output_gradient, *case.state_gradients]
    before = [array.copy() for array in given]
    result, _ = both_passes(kernel, case)
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    outcomes = arrays_of(result)
    for k, outcome in enumerate(outcomes):
        assert not any(np.shares_memory(outcome, other) for other in (*given, *outcomes[:k]))


@every_kernel
@every_cell
def test_the_same_run_twice_gives_the_same_bits(checked: Cell, backend: str) -> None:
    """The order of every reduction is fixed; another kernel of the same plans agrees too."""
    kernel, case = kernel_and_case(checked, backend)
    first, again = both_passes(kernel, case), both_passes(kernel, case)
    other = both_passes(kernel_and_case(checked, backend)[0], case)
    for a, b, c in zip(*map(arrays_of, (first, again, other)), strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)


@every_kernel
@every_cell
def test_without_a_tape_the_result_is_the_same(checked: Cell, backend: str) -> None:
    """Inference keeps nothing and computes the same."""
    kernel, case = kernel_and_case(checked, backend)
    plain = kernel.forward(case.call)
    assert plain.tape is None
    for a, b in zip(arrays_of(plain), arrays_of(kernel.forward(case.call, tape=True)), strict=True):
        np.testing.assert_array_equal(a, b)


@every_kernel
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("checked", [LSTM, GRU, OriginalGRU], ids=lambda c: c.name)
def test_nan_and_infinity_travel(checked: Cell, value: float, backend: str) -> None:
    """A NaN spoils its own sequence from its step on and no other; infinity gives what the function gives."""
    kernel, case = kernel_and_case(checked, backend)
    clean = kernel.forward(case.call).outputs[0]
    x = case.call.inputs[0].copy()
    x[4 + 1, 0] = value  # the second step of the second sequence
    found = kernel.forward(replace(case.call, inputs=[x])).outputs[0]
    spoilt = [5, 8]  # its rows from there on
    others = [row for row in range(len(clean)) if row not in spoilt]
    np.testing.assert_array_equal(found[others], clean[others])
    assert np.isnan(found[spoilt]).all() if np.isnan(value) else np.isfinite(found[spoilt]).all()


@cell(sizes={"W": ("input_size", "input_size")})
def Attending(p, x, h):
    """The largest feature of far negative ones is not 0, nor is it that of a lane beyond the last."""
    return (h,), softmax(x @ p.W - 1000)


@every_kernel
@pytest.mark.parametrize("width", [1, 2, 7, 16, 19, 33])
@pytest.mark.parametrize("value", [0.5, np.nan])
def test_a_softmax_of_any_width(width: int, value: float, backend: str) -> None:
    """A NaN among the features spoils all of them."""
    case = draw_case(Attending, {"input_size": width, "hidden_size": width}, RAGGED)
    x = case.call.inputs[0].copy()
    x[5, 0] = value
    call = replace(case.call, inputs=[x], parameters=[np.eye(width)])
    found = KERNELS[backend](Attending.plans()).forward(call).outputs[0]
    np.testing.assert_allclose(found, torch.softmax(torch.tensor(x), 1).numpy(), rtol=1e-12)
    assert np.isnan(found[5]).all() == np.isnan(value)


@every_kernel
def test_results_are_of_the_dtype_of_the_call(backend: str) -> None:
    """float32 in, float32 out, with no double in between that shows."""
    kernel, case = kernel_and_case(LSTM, backend)

    def single(values: Any) -> list[np.ndarray]:
        return [value.astype(np.float32) for value in values]

    call = case.call
    call = replace(call, parameters=single(call.parameters), inputs=single(call.inputs), states=single(call.states))
    gradients = single([case.output_gradient, *case.state_gradients])
    result = kernel.forward(call, tape=True)
    found = kernel.backward(call, result.tape, outputs=gradients[:1], states=gradients[1:])
    assert {array.dtype for array in (*arrays_of(result), *arrays_of(found))} == {np.dtype("float32")}
