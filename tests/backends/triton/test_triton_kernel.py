"""What holds of Triton kernels beside being right: numbers at the edges, dtypes, memory, repetition."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from recurra import Cell, cell, softmax
from recurra.backends.cost import Limits
from recurra.backends.kernel import Call, Result, Wanted
from recurra.backends.numpy import NumpyKernel
from recurra.backends.tensors import DeviceTable
from recurra.backends.triton.kernel import TritonKernel
from recurra.backends.triton.run import StepTables, steps_of
from recurra.cells import GRU, LSTM, OriginalGRU
from recurra.derive.plan import Variant
from recurra.errors import BackendError
from recurra.testing.cases import Case
from recurra.transforms import batch_norm, zoneout
from triton_cases import case_of, compile_for

RAGGED = (4, 3, 3, 1, 1)


@cell
def Attending(p, x, h):
    """A NaN among the features spoils all of them."""
    return softmax(x @ p.W + h @ p.U)


def both_passes(kernel: Any, case: Case) -> tuple[Result, list[np.ndarray]]:
    result = kernel.forward(case.call, tape=True)
    found = kernel.backward(case.call, result.tape, outputs=[case.output_gradient], states=case.state_gradients)
    return result, [*found.parameters, *found.inputs, *found.states]


@pytest.mark.parametrize("cell", [LSTM, zoneout(GRU, 0.3)], ids=lambda c: c.name)
def test_the_same_run_twice_gives_the_same_bits(cell: Cell, device: torch.device) -> None:
    case = case_of(cell, RAGGED)
    kernel = compile_for(device)(cell.plans())
    for first, again in zip(both_passes(kernel, case)[1], both_passes(kernel, case)[1], strict=True):
        np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("reverse", [False, True])
def test_without_a_tape_the_result_is_the_same(reverse: bool, device: torch.device) -> None:
    case, kernel = case_of(LSTM, RAGGED, reverse=reverse), compile_for(device)(LSTM.plans())
    plain, kept = kernel.forward(case.call), kernel.forward(case.call, tape=True)
    assert plain.tape is None
    for a, b in zip((*plain.outputs, *plain.states), (*kept.outputs, *kept.states), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("cell", [LSTM, OriginalGRU, Attending], ids=lambda c: c.name)
def test_nan_and_infinity_go_where_they_go_in_numpy(cell: Cell, value: float, device: torch.device) -> None:
    case = case_of(cell, RAGGED)
    x = case.call.inputs[0].copy()
    x[4 + 1, 0] = value
    call = dataclasses.replace(case.call, inputs=[x])
    found = compile_for(device)(cell.plans()).forward(call)
    expected = NumpyKernel(cell.plans()).forward(call)
    for a, b in zip((*found.outputs, *found.states), (*expected.outputs, *expected.states), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_what_is_given_is_not_changed_and_not_handed_out(device: torch.device) -> None:
    case, kernel = case_of(LSTM, RAGGED), TritonKernel(LSTM.plans())
    call = tensors(case.call, device, torch.float64)
    given = [*call.parameters, *call.inputs, *call.states]
    before = [tensor.clone() for tensor in given]
    result = kernel.forward(call, tape=True)
    kernel.backward(call, result.tape, outputs=[torch.ones_like(result.outputs[0])], states=[*result.states])
    assert all(map(torch.equal, given, before))
    memory = [tensor.untyped_storage().data_ptr() for tensor in (*given, *result.outputs, *result.states)]
    assert len(set(memory)) == len(memory)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("only", ["persistent", "step-wise"])
def test_half_precision_is_near_single(dtype: torch.dtype, only: str, device: torch.device) -> None:
    """Sums and functions in float32: the error is that of rounding what is stored."""
    case = case_of(GRU, (3, 3, 2), hidden_size=20)
    low, high = (run_in(case, each, device, only) for each in (dtype, torch.float32))
    bound = 16 * torch.finfo(dtype).eps
    for a, b in zip(low, high, strict=True):
        assert a.dtype == dtype
        assert (a.float() - b).abs().max() < bound * max(1.0, b.abs().max().item())


def test_states_keep_the_dtype_that_they_are_given_in(device: torch.device) -> None:
    case = case_of(LSTM, (2, 2))
    call = tensors(case.call, device, torch.bfloat16)
    call = dataclasses.replace(call, states=[state.float() for state in call.states])
    result = TritonKernel(LSTM.plans()).forward(call)
    assert [state.dtype for state in result.states] == [torch.float32, torch.float32]
    assert result.outputs[0].dtype == torch.bfloat16


def test_parameters_may_be_more_precise_than_rows(device: torch.device) -> None:
    """As under autocast: rows in bfloat16, parameters, states and the gradients of both in float32."""
    case, kernel = case_of(LSTM, (3, 2)), TritonKernel(LSTM.plans())
    call = tensors(case.call, device, torch.float32)
    low = dataclasses.replace(call, inputs=[x.bfloat16() for x in call.inputs])
    result = kernel.forward(low, tape=True)
    outputs, states = [torch.ones_like(result.outputs[0])], [torch.ones_like(s) for s in call.states]
    found = kernel.backward(low, result.tape, outputs=outputs, states=states)
    expected = kernel.backward(call, kernel.forward(call, tape=True).tape, outputs=[outputs[0].float()], states=states)
    assert {g.dtype for g in (*found.parameters, *found.states)} == {torch.float32}
    assert found.inputs[0].dtype == result.outputs[0].dtype == torch.bfloat16
    for a, b in zip(found.parameters, expected.parameters, strict=True):
        torch.testing.assert_close(a, b, rtol=0.1, atol=0.1)


def test_gradients_that_are_not_wanted_are_none(device: torch.device) -> None:
    case, kernel = case_of(GRU, (2, 1)), compile_for(device)(GRU.plans())
    count = len(case.call.parameters)
    found = kernel.backward(
        case.call, kernel.forward(case.call, tape=True).tape, outputs=[case.output_gradient],
        states=case.state_gradients, wanted=Wanted((False,) * count, (False,)),
    )  # fmt: skip
    assert [*found.parameters, *found.inputs] == [None] * (count + 1)
    assert found.states[0] is not None


def test_rows_may_lie_apart_in_memory(device: torch.device) -> None:
    """The gradient of a sum is one number stretched over all rows, and an input may be a part of another tensor."""
    case, kernel = case_of(LSTM, (3, 3)), TritonKernel(LSTM.plans())
    call = tensors(case.call, device, torch.float64)
    apart = dataclasses.replace(call, inputs=[torch.cat([call.inputs[0]] * 2, 1)[:, : call.inputs[0].shape[1]]])
    ones = torch.ones((), dtype=torch.float64, device=device)
    found = []
    for each in (call, apart):
        result = kernel.forward(each, tape=True)
        given = {
            "outputs": [ones.expand(result.outputs[0].shape)],
            "states": [ones.expand(s.shape) for s in each.states],
        }
        found.append(kernel.backward(each, result.tape, **given).parameters)
    assert all(map(torch.equal, *found))


def test_observed_gradients_come_with_the_backward_pass(device: torch.device) -> None:
    case, plans = case_of(LSTM, (3, 2)), LSTM.plans(Variant(observed=True))
    found, expected = (
        kernel.backward(
            case.call, kernel.forward(case.call, tape=True).tape, outputs=[case.output_gradient],
            states=case.state_gradients,
        ).observed
        for kernel in (compile_for(device)(plans), NumpyKernel(plans))
    )  # fmt: skip
    assert len(found) == len(plans.backward.step.observed) > 0
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11)


@pytest.mark.parametrize("only", ["", "step-wise"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("batch_sizes", [RAGGED, (3, 3, 3), (20, 20)], ids=str)
def test_a_mean_over_the_batch_is_made_where_all_rows_are(
    batch_sizes: Sequence[int], reverse: bool, only: str, device: torch.device
) -> None:
    cell = batch_norm(GRU, steps=4)
    case = case_of(cell, batch_sizes, reverse=reverse)
    found, expected = (
        both_passes(kernel, case)
        for kernel in (compile_for(device, only=only)(cell.plans()), NumpyKernel(cell.plans()))
    )
    assert len(found[0].statistics) == len(expected[0].statistics) > 0
    for a, b in zip((*found[0].statistics, *found[1]), (*expected[0].statistics, *expected[1]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def test_a_mean_over_too_many_sequences_is_refused() -> None:
    kernel, sizes = TritonKernel(batch_norm(LSTM, steps=4).plans()), {"input_size": 8, "hidden_size": 64}
    limits = Limits(multiprocessors=132, shared=227 * 1024)
    assert kernel.form("forward", sizes, batch=256, dtype=torch.float32, limits=limits).tiles == 1
    with pytest.raises(BackendError, match=r"4096 sequences are too many .* \d+ are not, backend='torch' runs any"):
        kernel.form("forward", sizes, batch=4096, dtype=torch.float32, limits=limits)


def test_a_seed_may_lie_on_the_device(device: torch.device) -> None:
    cell = zoneout(LSTM, 0.4)
    case, kernel = case_of(cell, RAGGED), compile_for(device)(cell.plans())
    there = dataclasses.replace(case, call=dataclasses.replace(case.call, seed=torch.tensor(77, device=device)))
    here = dataclasses.replace(case, call=dataclasses.replace(case.call, seed=77))
    other = dataclasses.replace(case, call=dataclasses.replace(case.call, seed=78))
    for first, again in zip(both_passes(kernel, here)[1], both_passes(kernel, there)[1], strict=True):
        np.testing.assert_array_equal(first, again)
    assert not np.array_equal(kernel.forward(other.call).outputs[0], kernel.forward(here.call).outputs[0])


def test_mixed_devices_are_refused(device: torch.device) -> None:
    call = tensors(case_of(LSTM, (2,)).call, device, torch.float32)
    call = dataclasses.replace(call, parameters=[p.to("meta") for p in call.parameters])
    with pytest.raises(BackendError, match=r"tensors on \w+(:0)? and meta: a kernel runs on one device"):
        TritonKernel(LSTM.plans()).forward(call)


def test_running_out_of_memory_says_what_would_take_less(device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    call = tensors(case_of(LSTM, (2, 1)).call, device, torch.float32)
    monkeypatch.setattr(torch, "empty", fails)
    with pytest.raises(BackendError, match=r"no memory left for 3 rows \(2 sequences, 2 steps\): take fewer"):
        TritonKernel(LSTM.plans()).forward(call)


def test_what_is_too_big_for_a_persistent_program_runs_step_by_step(
    device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triton.runtime.errors import OutOfResources

    from recurra.backends.triton.run import Run

    def fails(self: Run) -> None:
        raise OutOfResources(300000, 232448, "shared memory")

    case, kernel = case_of(LSTM, (3, 1)), compile_for(device)(LSTM.plans())
    expected = kernel.forward(case.call).outputs[0]
    monkeypatch.setattr(Run, "_persistent", fails)
    np.testing.assert_allclose(kernel.forward(case.call).outputs[0], expected, rtol=1e-12)


def test_what_is_too_big_step_by_step_is_divided_before_it_is_refused(
    device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device says at the launch what it has no room for: smaller tiles are tried, and only then it is an error."""
    from triton.runtime.errors import OutOfResources

    from recurra.backends.triton.run import Run

    tried: list[tuple[int, int]] = []
    step_wise = Run._step_wise

    def fails(self: Run) -> None:
        tried.append((self.form.block_inner, self.form.stages))
        if tried[-1] != (16, 1):
            raise OutOfResources(300000, 232448, "shared memory")
        step_wise(self)

    case = case_of(LSTM, (3, 1), hidden_size=40)
    expected = compile_for(device, only="step-wise")(LSTM.plans()).forward(case.call).outputs[0]
    monkeypatch.setattr(Run, "_step_wise", fails)
    found = compile_for(device, only="step-wise")(LSTM.plans()).forward(case.call).outputs[0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert len(tried) == len(set(tried)) > 1

    def never(self: Run) -> None:
        raise OutOfResources(300000, 232448, "shared memory")

    monkeypatch.setattr(Run, "_step_wise", never)
    with pytest.raises(BackendError, match=r"are too big for a kernel on .*: backend='torch' runs them"):
        compile_for(device, only="step-wise")(LSTM.plans()).forward(case.call)


@pytest.mark.parametrize("only", ["persistent", "step-wise"])
def test_what_is_carried_is_not_rounded_to_bfloat16(only: str, device: torch.device) -> None:
    """A sum of small numbers beside a large one: in bfloat16, which has 8 bits, it would stand still."""

    @cell(sizes={"x": "hidden_size"})
    def Sum(p, x, h):
        return h + x

    x, one = (
        torch.full((rows, 3), value, dtype=torch.bfloat16, device=device) for rows, value in ((100, 1e-3), (2, 1))
    )
    call = Call({"hidden_size": 3}, [], [x], [one], (2,) * 50, False, 0)
    kernel = TritonKernel(Sum.plans(), only=only)
    result = kernel.forward(call, tape=True)
    assert result.states[0].dtype == torch.bfloat16
    assert (result.states[0].float() - 1.05).abs().max() < 0.005
    small = torch.full_like(x, 1e-3)
    found = kernel.backward(call, result.tape, outputs=[small], states=[one])
    assert found.states[0].dtype == torch.bfloat16
    assert (found.states[0].float() - 1.05).abs().max() < 0.005


def test_no_switch_of_the_process_is_touched(device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other threads multiply meanwhile: whether torch takes tf32 is a person's to say."""
    touched: list[str] = []
    kind = type(torch.backends.cuda.matmul)
    monkeypatch.setattr(kind, "__setattr__", lambda self, name, value: touched.append(name))
    case = case_of(LSTM, (2, 1))
    both_passes(compile_for(device)(LSTM.plans()), case)
    assert not touched


def test_a_table_read_on_another_stream_is_recorded_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its memory may not be used anew before what is queued on that stream has read it."""
    streams, recorded = ["made here"], []

    class Event:
        def record(self, stream: Any) -> None: ...

        def query(self) -> bool:
            return True

    class Copied:
        device = torch.device("cuda")

        def record_stream(self, stream: Any) -> None:
            recorded.append(stream)

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: streams[-1])
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: False)
    monkeypatch.setattr("recurra.backends.tensors._on_device", lambda table, device: Copied())
    table = DeviceTable(torch.zeros(3), torch.device("cuda"))
    table.read()
    assert not recorded
    streams.append("another")
    table.read()
    assert recorded == ["another"]


def test_steps_as_tables() -> None:
    steps = steps_of((3, 2, 2), torch.device("cpu"))
    assert (steps.batch, steps.is_ragged, steps.lengths) == (3, True, [3, 3, 1])
    assert steps.table.tolist() == [0, 3, 5, 7, 3, 3, 1]
    assert steps.sequences.tolist() == [0, 1, 2, 0, 1, 0, 1]
    assert steps.times.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert steps.last.tolist() == [3, 4, 5]


def tensors(call: Call, device: torch.device, dtype: torch.dtype) -> Call:
    """Return a call with tensors."""

    def there(values: Sequence[Any]) -> list[Tensor]:
        return [torch.tensor(value, dtype=dtype, device=device) for value in values]

    return dataclasses.replace(
        call, parameters=there([*call.parameters]), inputs=there(call.inputs), states=there(call.states)
    )


def run_in(case: Case, dtype: torch.dtype, device: torch.device, only: str) -> list[Tensor]:
    """Return outputs, states and gradients in a dtype."""
    call, kernel = tensors(case.call, device, dtype), TritonKernel(case.cell.plans(), only=only)
    result = kernel.forward(call, tape=True)
    found = kernel.backward(
        call,
        result.tape,
        outputs=[torch.ones_like(result.outputs[0])],
        states=[torch.ones_like(s) for s in call.states],
    )
    return [*result.outputs, *result.states, *found.parameters, *found.inputs, *found.states]


def test_a_table_is_not_copied_into_a_captured_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    with pytest.raises(BackendError, match=r"a CUDA graph is being captured .* run it a few times first"):
        _ = StepTables((3, 1), torch.device("cuda")).table
