"""What a GPU is planned to do is what the Triton kernels do, launch for launch and byte for byte."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch

from recurra.backends.triton.device import Limits
from recurra.backends.triton.kernel import TritonKernel
from recurra.backends.triton.run import Run
from recurra.cells import GRU, LSTM, MinGRU
from recurra.errors import InputError
from recurra.plan import Calibration, Machine, Times, Workload, calibrate, flops_of, memory_of, predict
from recurra.plan import calibration as module
from recurra.plan.accounts import works_of
from recurra.plan.calibration import designed
from recurra.plan.gpu.memory import buffers_of
from recurra.plan.gpu.passes import passes
from recurra.plan.gpu.usual_prices import USUAL_PRICES
from recurra.plan.gpu.work import BOUNDS, MOVED, UNITS
from recurra.testing.cases import draw_case

H100 = Limits(multiprocessors=132, shared=232448)
ONE = Limits(multiprocessors=1, shared=160 * 1024)
"""As Triton's interpreter has it."""

LAYERS = Workload(cell=LSTM, input_size=5, hidden_size=7, lengths=(4, 3, 2), gpu=ONE)
A_GPU = Machine(
    processor="a GPU", kind="sm_90, tf32", threads=132, shared=232448, torch="2", compiler="triton 3", recurra="0"
)


def invented(prices: Mapping[str, float] = USUAL_PRICES) -> Calibration:
    return Calibration(machine=A_GPU, prices=prices, runs=0, error=0.0, pace=None)


def large(**changes: Any) -> Workload:
    given = {"cell": LSTM, "input_size": 256, "hidden_size": 512, "lengths": (100,) * 32, "gpu": H100, **changes}
    return Workload(**given)


def test_every_unit_has_a_price_and_a_meaning() -> None:
    assert set(USUAL_PRICES) == set(UNITS)
    assert {unit for units in BOUNDS.values() for unit in units} | {*MOVED} <= set(UNITS)


@pytest.mark.parametrize("only", ["", "step-wise"])
@pytest.mark.parametrize("cell", [LSTM, GRU, MinGRU], ids=lambda c: c.name)
def test_launches_and_buffers_are_those_of_the_kernels(cell: Any, only: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both passes in Triton's interpreter, without what runs on the device: allocations and launches alone."""
    pytest.importorskip("triton")
    workload = dataclasses.replace(LAYERS, cell=cell, dtype="float32")
    plans = workload.stack.cell.plans()
    kernel = plans.kernels["triton"] = TritonKernel(plans, only=only)
    launched, allocated = Counter[str](), list[dict[str, int]]()
    monkeypatch.setattr(Run, "_launch", lambda run, *_, **__: launched.update([run.program.run.prefix]))
    monkeypatch.setattr("recurra.backends.triton.kernel.check", lambda *_: None)
    execute = Run.execute

    def executed(run: Run, states: Any) -> None:
        given = set(run.buffers)
        execute(run, states)
        allocated.append({name: b.nbytes for name, b in run.buffers.items() if name not in given})

    monkeypatch.setattr(Run, "execute", executed)
    sizes = {"input_size": 5, "hidden_size": 7}
    case = draw_case(cell, sizes, workload.batch_sizes)
    call = _as_tensors(case.call)
    result = kernel.forward(call, tape=True)
    kernel.backward(
        call, result.tape, outputs=[torch.zeros_like(o) for o in result.outputs],
        states=[torch.zeros_like(s) for s in call.states],
    )  # fmt: skip
    try:
        runs = passes(workload, "training")
        works = works_of(workload, "training")
    finally:
        del plans.kernels["triton"]
    for run, buffers in zip(runs, allocated, strict=True):
        assert buffers_of(run) == buffers
    assert [works[run.name].total()["launch"] for run in runs] == [launched[run.program.run.prefix] for run in runs]


def _as_tensors(call: Any) -> Any:
    def tensors(values: Any) -> list[torch.Tensor]:
        return [torch.from_numpy(np.ascontiguousarray(value, dtype=np.float32)) for value in values]

    return dataclasses.replace(
        call, parameters=tensors(call.parameters), inputs=tensors(call.inputs), states=tensors(call.states)
    )


def test_operations_of_products_are_exact() -> None:
    total = works_of(large(), "training")["forward"].total()
    assert total["torch product"] == 2 * 256 * 4 * 512 * 3200
    assert total["barrier"] == 100


def test_half_precision_has_its_own_ceilings() -> None:
    half = works_of(large(dtype="bfloat16"), "training")["backward"].total()
    assert "torch product" not in half
    assert "tile" not in half
    assert half["torch half product"] > 0 < half["half tile"]


def test_a_cell_without_state_products_waits_for_nobody() -> None:
    total = works_of(large(cell=MinGRU), "inference")["inference"].total()
    assert "barrier" not in total
    assert "tile" not in total


def test_ragged_batches_take_the_turns_that_their_rows_need() -> None:
    """Programs of many tiles, each with its own length, share multiprocessors."""
    lengths = tuple(range(4000, 0, -1))
    ragged = works_of(large(cell=MinGRU, lengths=lengths), "inference")["inference"].total()
    padded = works_of(large(cell=MinGRU, lengths=(4000,) * 4000), "inference")["inference"].total()
    assert ragged["phase"] == pytest.approx(padded["phase"] / 2, rel=0.01)
    assert ragged["loop bytes"] == pytest.approx(padded["loop bytes"] / 2, rel=0.01)


def test_a_step_wise_loop_launches_at_each_step() -> None:
    huge = large(hidden_size=2048, lengths=(50,) * 2048)
    assert works_of(huge, "inference")["inference"].total()["launch"] >= 50
    assert "barrier" not in works_of(huge, "inference")["inference"].total()


def test_memory_grows_with_what_is_kept() -> None:
    one, two = memory_of(large()), memory_of(large(lengths=(200,) * 32))
    assert two.saved == pytest.approx(2 * one.saved, rel=0.01)
    assert memory_of(large(), kind="inference").saved == 0
    assert memory_of(large(), kind="inference").peak < one.peak
    assert memory_of(large(dtype="bfloat16")).saved == pytest.approx(one.saved / 2, rel=0.01)


def test_a_prediction_has_no_stream_and_says_what_binds() -> None:
    found = predict(large(), calibration=invented())
    assert set(found.passes) == {"inference", "forward", "backward"}
    assert all(each.seconds > 0 and each.bytes > 0 and each.bound for each in found.passes.values())
    assert found.passes["forward"].flops == flops_of(dataclasses.replace(large(), gpu=None))["forward"].all


def test_a_calibration_of_a_gpu_goes_there_and_back() -> None:
    made = invented()
    assert Calibration.from_json(made.to_json()) == made
    assert made.machine.gpu == H100


def test_a_calibration_for_another_device_is_refused() -> None:
    with pytest.raises(InputError, match=r"the calibration is for Limits.*, the workload for a processor"):
        predict(dataclasses.replace(large(), gpu=None), calibration=invented())


def test_ceilings_are_found_from_the_times_that_they_make(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    prices = {unit: price * random.uniform(1, 3) for unit, price in USUAL_PRICES.items()}

    def exact(workload: Workload, **_: object) -> Times:
        works = {name: w for kind in ("inference", "training") for name, w in works_of(workload, kind).items()}
        return Times(**{n: sum(prices[u] * a for u, a in w.total().items()) for n, w in works.items()})

    monkeypatch.setattr(module, "measured", exact)
    monkeypatch.setattr(Machine, "gpu_of", lambda _: A_GPU)
    found = calibrate(gpu=H100, seconds=0)
    assert found.pace is None
    expected = predict(large(), calibration=invented(prices))
    for name, each in predict(large(), calibration=found).passes.items():
        assert each.seconds == pytest.approx(expected.passes[name].seconds, rel=0.25)


def test_designed_sizes_have_both_precisions() -> None:
    first = [*itertools.islice(designed(A_GPU), 12)]
    assert {each.dtype for each in first} == {"float32", "bfloat16"}
    assert all(each.gpu == H100 for each in first)


def test_a_stream_is_not_planned_on_a_gpu() -> None:
    with pytest.raises(InputError, match="a stream runs on the processor"):
        works_of(large(), "stream")


def test_dtypes_of_the_other_device_are_refused() -> None:
    with pytest.raises(InputError, match="dtype: got 'float64', expected one of"):
        large(dtype="float64")
    with pytest.raises(InputError, match="dtype: got 'bfloat16'"):
        dataclasses.replace(LAYERS, gpu=None, dtype="bfloat16")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_cannot_be_calibrated() -> None:
    with pytest.raises(InputError, match="there is no GPU here"):
        Machine.gpu_of(H100)
