"""What is generated: golden files, phases and barriers, forms, and machine code for devices that are not here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from recurra import Cell
from recurra.backends.triton.device import Limits
from recurra.backends.triton.form import Form
from recurra.backends.triton.kernel import PASSES, TritonKernel
from recurra.cells import GRU, LSTM, Elman, IndRNN, MinGRU, OriginalGRU, PeepholeLSTM, all_cells
from recurra.errors import InputError
from recurra.transforms import layer_norm

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "triton"
HERE = Path(__file__).resolve().parent
HOPPER = Limits(multiprocessors=132, shared=232448)


@pytest.mark.parametrize("cell", [LSTM, GRU, PeepholeLSTM], ids=lambda c: c.name)
def test_the_source_is_as_committed(cell: Cell, golden: Callable[[Path, str], None]) -> None:
    kernel = TritonKernel(cell.plans())
    golden(GOLDEN / f"{cell.name}.txt", "\n\n".join(kernel.source("triton", which=which) for which in PASSES))


def test_no_golden_file_of_triton_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {"LSTM", "GRU", "PeepholeLSTM"}


@pytest.mark.parametrize("name", all_cells)
def test_the_source_does_not_depend_on_what_was_made_before(name: str) -> None:
    first = TritonKernel(all_cells[name].plans()).source("triton", which="forward")
    other = TritonKernel(all_cells[name].plans())
    other.source("triton", which="backward")
    assert other.source("triton", which="forward") == first


def test_the_plans_and_the_graph_are_stages_too() -> None:
    kernel = TritonKernel(Elman.plans())
    assert kernel.source("plans") == Elman.show_plans()
    assert "matmul(h, W_h)" in kernel.source("graph")
    with pytest.raises(InputError, match=r"stage: got 'ir', expected one of \['graph', 'plans', 'triton'\]"):
        kernel.source("ir")


BARRIERS = [
    (LSTM, 1, 1),
    (GRU, 1, 1),
    (OriginalGRU, 2, 2),
    (IndRNN, 0, 0),
    (MinGRU, 0, 0),
    (layer_norm(LSTM), 4, 4),
]


@pytest.mark.parametrize(("cell", "forward", "backward"), BARRIERS, ids=lambda each: str(getattr(each, "name", each)))
def test_programs_wait_for_each_other_as_seldom_as_can_be(cell: Cell, forward: int, backward: int) -> None:
    """Once for each product on what the loop makes, and for each sum over features."""
    kernel = TritonKernel(cell.plans())
    found = [kernel.source("triton", which=which).count(" cross_barrier(") for which in ("forward", "backward")]
    assert found == [forward, backward]


def form_of(cell: Cell, which: str, hidden: int, batch: int, dtype: torch.dtype = torch.float32) -> Form:
    sizes = dict.fromkeys(cell.sizes, hidden)
    return TritonKernel(cell.plans()).form(which, sizes, batch=batch, dtype=dtype, limits=HOPPER)


def test_a_small_cell_fits_into_a_program() -> None:
    form = form_of(LSTM, "forward", 64, 100)
    assert (form.name, form.tiles, form.slices, form.shape.is_resident) == ("persistent", 7, 1, True)
    assert "none waits for another" in form.reason


def test_a_larger_cell_is_shared_by_programs_that_run_at_once() -> None:
    form = form_of(LSTM, "forward", 768, 16, torch.bfloat16)
    assert (form.name, form.tiles, form.slices, form.shape.is_resident) == ("persistent", 1, 48, True)
    assert form.reason == "1 x 48 programs run at once on 132 multiprocessors"
    for batch in (1, 16, 64, 256):
        for hidden in (256, 512, 768, 1024):
            form = form_of(LSTM, "backward", hidden, batch)
            assert form.name == "step-wise" or form.tiles * form.slices <= 132
            assert form.block_rows * form.tiles >= batch
            assert form.block_columns * form.slices >= hidden


def test_what_cannot_run_at_once_is_run_step_by_step() -> None:
    form = form_of(LSTM, "forward", 4096, 512)
    assert (form.name, form.reason) == ("step-wise", "its tiles are more than can run at once")


def test_columns_that_need_no_others_need_not_run_at_once() -> None:
    form = form_of(MinGRU, "forward", 1024, 4096)
    assert (form.name, form.reason) == ("persistent", "no column needs another one")
    assert form.tiles * form.slices > 132


COMPILED = ("Elman,128,16,float32,80", "Elman,128,16,bfloat16,90")
MORE = [
    "LSTM,256,16,float32,80", "LSTM,256,16,bfloat16,90", "GRU,64,4,float16,90", "GRU,64,4,float64,80",
    "layer_normLSTM,128,32,float32,90", "MinGRU,512,64,bfloat16,80", "OriginalGRU,1024,256,float32,90,step-wise",
    "PeepholeLSTM,1024,16,float32,80", "WMCLSTM,256,64,bfloat16,90",
]  # fmt: skip


def lines_of(*cases: str) -> list[list[str]]:
    """Return the lines that `compiled.py` prints, in a process where Triton compiles."""
    environment = {**os.environ, "TRITON_INTERPRET": "0"}
    done = subprocess.run(
        [sys.executable, str(HERE / "compiled.py"), *cases],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


@pytest.mark.parametrize("cases", [COMPILED, *(pytest.param((c,), marks=pytest.mark.slow) for c in MORE)], ids=str)
def test_it_compiles_to_machine_code_without_a_device(cases: tuple[str, ...]) -> None:
    """For A100 (sm_80) and H100 (sm_90), all three passes; no program asks for more shared memory than there is."""
    pytest.importorskip("triton", reason="it compiles")
    lines = lines_of(*cases)
    for case in cases:
        assert {line[1] for line in lines if line[0] == case} == set(PASSES)
    for case, _, _, _, size, shared in lines:
        assert int(size) > 1000
        assert int(shared) <= (166912 if ",80" in case else 232448)
