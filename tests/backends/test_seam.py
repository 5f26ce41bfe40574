"""What kernels say of themselves through the seam, whatever the backend."""

from __future__ import annotations

import pytest
import torch

from recurra.backends.cost import CallShape, Limits
from recurra.backends.kernel import (
    COMPILED,
    KERNELS,
    CompiledKernel,
    check_runs,
    compiled_kernel_of,
    kernel_of,
    units_of,
)
from recurra.backends.parameters import as_they_are
from recurra.cells import LSTM
from recurra.derive.plan import EVALUATION, Variant
from recurra.errors import BackendError, InputError

SIZES = {"input_size": 3, "hidden_size": 5}


def shape_for(backend: str) -> CallShape:
    parts = as_they_are(len(LSTM.plans().forward.step.parameters))
    gpu = None if backend == "llvm" else Limits(multiprocessors=132, shared=232448)
    return CallShape(
        sizes=SIZES, batch_sizes=(4, 4, 2), reverse=False, dtype=torch.float32, parts=parts, tensors=len(parts),
        wanted=(True,), gpu=gpu,
    )  # fmt: skip


@pytest.mark.parametrize("backend", COMPILED)
def test_units_are_all_told_and_priced(backend: str) -> None:
    units = units_of(backend)
    assert set(units.usual) == set(units.counted)
    assert {unit for bound in units.bounds.values() for unit in bound} | {*units.moved} <= set(units.counted)


@pytest.mark.parametrize("backend", COMPILED)
def test_costs_are_those_of_both_passes_in_known_units(backend: str) -> None:
    kernel = compiled_kernel_of(LSTM.plans(), backend)
    (inference,) = compiled_kernel_of(LSTM.plans(EVALUATION), backend).costs("inference", shape_for(backend))
    forward, backward = kernel.costs("training", shape_for(backend))
    assert [inference.name, forward.name, backward.name] == ["inference", "forward", "backward"]
    for cost in (inference, forward, backward):
        total = cost.work().total()
        assert total[f"{cost.name} call"] == 1
        assert set(total) <= set(units_of(backend).counted)
    assert any(buffer.is_kept for buffer in forward.buffers())
    assert not any(buffer.is_kept for buffer in (*inference.buffers(), *backward.buffers()))


@pytest.mark.parametrize("which", ["inference", "forward"])
def test_the_rows_and_states_that_a_call_hands_out_are_counted(which: str) -> None:
    kind = "training" if which == "forward" else which
    kernel = compiled_kernel_of(LSTM.plans(Variant(training=kind == "training")), "llvm")
    buffers = kernel.costs(kind, shape_for("llvm"))[0].buffers()
    assert [buffer.bytes for buffer in buffers if buffer.holds == "rows"] == [10 * 5 * 4]
    assert [buffer.bytes for buffer in buffers if buffer.holds == "states"] == [4 * 5 * 4] * 2


def test_a_stream_costs_a_step_on_the_processor_alone() -> None:
    plans = LSTM.plans(EVALUATION)
    (step,) = compiled_kernel_of(plans, "llvm").costs("stream", shape_for("llvm"))
    assert step.name == "stream"
    with pytest.raises(InputError, match="a stream runs on the processor"):
        compiled_kernel_of(plans, "triton").costs("stream", shape_for("triton"))


def test_triton_makes_no_single_steps() -> None:
    kernel: CompiledKernel = compiled_kernel_of(LSTM.plans(EVALUATION), "triton")
    with pytest.raises(BackendError, match="one step at a time runs on the CPU, backend 'llvm'"):
        kernel.stepper(SIZES, (), batch=1, dtype=torch.float32)


def test_numpy_compiles_nothing() -> None:
    with pytest.raises(BackendError, match="backend 'numpy' runs the plans as they are and compiles nothing"):
        compiled_kernel_of(LSTM.plans(), "numpy")


@pytest.mark.parametrize("backend", KERNELS)
def test_a_kernel_is_made_once_for_plans(backend: str) -> None:
    assert kernel_of(LSTM.plans(), backend) is kernel_of(LSTM.plans(), backend)


@pytest.mark.parametrize("backend", ["llvm", "numpy"])
def test_the_processor_runs_two_dtypes(backend: str) -> None:
    check_runs(backend, device=torch.device("cpu"), dtype=torch.float64)
    with pytest.raises(
        BackendError, match=f"backend='{backend}' runs float32 and float64 on the CPU, got torch.float16"
    ):
        check_runs(backend, device=torch.device("cpu"), dtype=torch.float16)
