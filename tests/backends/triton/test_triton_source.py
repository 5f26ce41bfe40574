"""What is generated: golden files, phases and barriers, forms, and machine code for devices that are not here."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from cell_kinds import CELL_OF_EACH_KIND, NESTED, ON_A_GPU
from recurra import Cell
from recurra.backends.cost import Limits
from recurra.backends.triton.kernel import PASSES, TritonKernel
from recurra.backends.triton.kernel_choice import Form
from recurra.cells import GLA, GRU, LSTM, Elman, IndRNN, MinGRU, OriginalGRU, PeepholeLSTM
from recurra.errors import InputError
from recurra.transforms import layer_norm

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "triton"
HERE = Path(__file__).resolve().parent
HOPPER = Limits(multiprocessors=132, shared=232448)


@pytest.mark.parametrize("cell", [LSTM, GRU, PeepholeLSTM, GLA], ids=lambda c: c.name)
def test_the_source_is_as_committed(cell: Cell, golden: Callable[[Path, str], None]) -> None:
    kernel = TritonKernel(cell.plans())
    golden(GOLDEN / f"{cell.name}.txt", "\n\n".join(kernel.source("triton", which=which) for which in PASSES))


def test_no_golden_file_of_triton_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {"LSTM", "GRU", "PeepholeLSTM", "GLA"}


@pytest.mark.parametrize("name", ON_A_GPU)
def test_the_source_does_not_depend_on_what_was_made_before(name: str) -> None:
    first = TritonKernel(ON_A_GPU[name].plans()).source("triton", which="forward")
    other = TritonKernel(ON_A_GPU[name].plans())
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


CARDS = {
    80: Limits(108, 166912),  # A100
    86: Limits(82, 101376),  # RTX 30
    89: Limits(128, 101376),  # RTX 40
    90: Limits(132, 232448),  # H100
}
"""Compute capability -> multiprocessors, and bytes of shared memory that a program may have."""


@pytest.mark.parametrize("capability", CARDS)
@pytest.mark.parametrize("name", [name for name in ON_A_GPU if name in CELL_OF_EACH_KIND and name not in NESTED])
def test_tiles_are_made_for_the_card(name: str, capability: int) -> None:
    """Over all sizes and dtypes, what a step's reads of operands and weights need is no more than the card has."""
    kernel, sizes = TritonKernel(ON_A_GPU[name].plans(), only="step-wise"), ON_A_GPU[name].sizes
    for which, hidden, batch, dtype in itertools.product(
        ("forward", "backward"), (64, 512, 1024), (16, 1024), (torch.float64, torch.float32, torch.bfloat16)
    ):
        form = kernel.form(which, dict.fromkeys(sizes, hidden), batch=batch, dtype=dtype, limits=CARDS[capability])
        assert form.block_rows >= 16
        assert form.block_columns >= 16
        assert form.block_inner >= 16
        tile = (form.block_rows * max(dtype.itemsize, 4) + form.block_columns * dtype.itemsize) * form.block_inner
        assert max(1, form.stages - 1) * tile <= CARDS[capability].shared


def test_a_large_step_of_doubles_fits_an_a100() -> None:
    """Three stages of tiles of 64 rows would take 196 KB of 163: two do."""
    kernel = TritonKernel(LSTM.plans(), only="step-wise")
    sizes = dict.fromkeys(LSTM.sizes, 512)
    forms = {
        capability: kernel.form("forward", sizes, batch=1024, dtype=torch.float64, limits=limits)
        for capability, limits in CARDS.items()
    }
    assert {capability: (form.block_inner, form.stages) for capability, form in forms.items()} == {
        80: (64, 2), 86: (32, 2), 89: (32, 2), 90: (64, 3),
    }  # fmt: skip


def test_addresses_have_64_bits() -> None:
    """The line of a carried value, too: two lines for each sequence, times all columns, may be more than 2³¹."""
    for which, shape in itertools.product(PASSES, (True, False)):
        kernel = TritonKernel(LSTM.plans(), only="" if shape else "step-wise")
        text = kernel.source("triton", which=which)
        lines = [line.strip() for line in text.splitlines()]
        assert "member = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)[:, None]" in lines
        assert not any(line.startswith("rows = ") and "int64" not in line for line in lines)


COMPILED = (
    "GLA,128,4,float32,86",
    "Elman,128,16,float32,80",
    "Elman,128,16,bfloat16,90",
    "LSTM,512,1024,float64,80,step-wise",
)
MORE = [
    "LSTM,256,16,float32,80", "LSTM,256,16,bfloat16,90", "GRU,64,4,float16,90", "GRU,64,4,float64,80",
    "layer_normLSTM,128,32,float32,90", "MinGRU,512,64,bfloat16,80", "OriginalGRU,1024,256,float32,90,step-wise",
    "PeepholeLSTM,1024,16,float32,80", "WMCLSTM,256,64,bfloat16,90", "mLSTM,256,16,float32,80",
    "DeltaNet,512,16,bfloat16,86", "S6,1024,4,float32,89", "sLSTMHeads,256,16,float32,90",
    "FastWeights,256,16,float64,86", "SSD,1024,16,bfloat16,90", "NAS,1024,16,float32,86",
    "LSTM,512,256,float64,86,step-wise", "GRU,512,64,bfloat16,89", "Elman,256,16,float32,89",
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
        assert int(shared) <= CARDS[int(case.split(",")[4])].shared


@pytest.mark.slow
@pytest.mark.parametrize("capability", CARDS)
@pytest.mark.parametrize("name", ON_A_GPU)
def test_every_size_fits_every_card(name: str, capability: int) -> None:
    """All passes, step by step and as they are chosen: hours; `-k LSTM-86` does a cell and a card."""
    pytest.importorskip("triton", reason="it compiles")
    cases = [
        ",".join((name, str(hidden), str(batch), dtype, str(capability), *form))
        for hidden, batch in itertools.product((64, 256, 512, 1024), (16, 256, 1024))
        for dtype in ("float32", "bfloat16", "float64")
        for form in (("step-wise",), ())
    ]
    for case, which, function, _, _, shared in lines_of(*cases):
        assert int(shared) <= CARDS[capability].shared, f"{case}, {which}, {function}"
