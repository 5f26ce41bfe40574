"""Values with several axes by Triton kernels: heads, matrices, products in the loop, and what programs divide.

Every cell with a matrix state runs in `test_triton_cells.py`.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from language_cells import Everything
from random_matrix_cells import random_matrix_cell
from recurra import Cell, cell, cumsum, flatten, normal, outer, row, split, tanh, vecmat
from recurra.backends.cost import Limits
from recurra.backends.kernel import without_kernel
from recurra.backends.triton import kernel_choice
from recurra.backends.triton.axes import Axes, TileError
from recurra.backends.triton.kernel import TritonKernel
from recurra.cells import GLA, S6, SSD, DeltaNet, FastWeights, mLSTM
from recurra.derive.plan import Variant
from recurra.errors import BackendError
from recurra.graph.node import leaf, mul, reshape
from recurra.nn import Recurrent
from recurra.transforms import batch_norm, layer_norm, zoneout
from triton_cases import assert_agrees, case_of

HOPPER = Limits(multiprocessors=132, shared=232448)


@cell(sizes={"S": ("key_size", "hidden_size")})
def Drawn(p, x, S):
    """Noise in a matrix, and of a matrix what goes over its rows and over its columns."""
    q = x @ p.W_q + normal(like=x) @ p.V
    S = 0.9 * S + outer(q, x @ p.W_v + 0.1 * normal(like=x @ p.W_v))
    return (S,), tanh(vecmat(q, S)) + flatten(row(x @ p.W_y))


@pytest.mark.parametrize(
    "made", [Everything, pytest.param(layer_norm(mLSTM), marks=pytest.mark.slow)], ids=lambda made: made.name
)
def test_what_goes_over_all_heads(made: Cell, device: torch.device) -> None:
    assert_agrees(case_of(made, (3, 2, 1), reverse=True), device)


@pytest.mark.parametrize(
    "made", [Drawn, pytest.param(zoneout(DeltaNet, {"S": 0.5}), marks=pytest.mark.slow)], ids=lambda made: made.name
)
def test_noise_is_that_of_the_other_backends(made: Cell, device: torch.device) -> None:
    assert_agrees(case_of(made, (3, 1)), device, training=True)


DIVIDED = [
    pytest.param(GLA, 1, 8192, 2, id="GLA, heads and columns"),
    pytest.param(S6, 4, 8, 2, id="S6, parts of sums over channels"),
    pytest.param(FastWeights, 4, 8, 2, id="FastWeights, parts of sums over rows and columns", marks=pytest.mark.slow),
    pytest.param(SSD, 4, 8, 4, id="SSD, parts of sums over heads", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("made", "small", "large", "programs"), DIVIDED)
def test_programs_that_share_a_sequence(
    made: Cell, small: int, large: int, programs: int, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_choice, "_SMALL_TILE", small)
    monkeypatch.setattr(kernel_choice, "_LARGE_TILE", large)
    monkeypatch.setattr(kernel_choice, "_PARTED_TILE", large)
    case = case_of(made, (2, 2, 1))
    kernel = TritonKernel(made.plans())
    form = kernel.form("backward", case.call.sizes, batch=2, dtype=torch.float64, limits=HOPPER)
    assert form.slices >= programs
    assert bool(form.shape.parted) == (large < 100)
    assert_agrees(case, device)


def test_programs_that_have_several_sequences(device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_choice, "_SMALL_TILE", 1 << 20)
    case = case_of(GLA, (5, 3, 1), hidden_size=4, heads=2)
    made = TritonKernel(GLA.plans())
    rows = made.form("forward", case.call.sizes, batch=5, dtype=torch.float64, limits=Limits(1, 1)).block_rows
    assert rows > 1
    assert_agrees(case, device)


@pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 40))])
def test_random_cells_however_programs_divide_them(
    seed: int, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    drawn = random_matrix_cell(chance)
    monkeypatch.setattr(kernel_choice, "_SMALL_TILE", chance.choice((1, 8, 1024)))
    for bound in ("_LARGE_TILE", "_PARTED_TILE"):
        monkeypatch.setattr(kernel_choice, bound, chance.choice((4, 16, 4096)))
    heads, units = chance.randint(1, 3), chance.randint(1, 3)
    batch_sizes, reverse = chance.choice(((2, 1), (2, 2), (3, 1, 1))), chance.random() < 0.5
    case = case_of(drawn.cell, batch_sizes, reverse=reverse, input_size=2, heads=heads, hidden_size=heads * units)
    try:
        assert_agrees(case, device)
    except AssertionError as error:
        raise AssertionError(f"{drawn}\n{case.call.sizes}, {batch_sizes}, reverse={reverse}") from error


def test_a_layer_of_matrices_is_that_of_the_eager_loop(device: torch.device) -> None:
    torch.manual_seed(0)
    layer = Recurrent(DeltaNet, 3, 6, sizes={"heads": 2}, dtype=torch.float64).to(device)
    x = torch.randn(3, 2, 3, dtype=torch.float64, device=device, requires_grad=True)
    found = []
    for backend in ("triton", "torch"):
        layer.backend = backend
        output, state = layer(pack_padded_sequence(x, torch.tensor([3, 2])))
        loss = output.data.square().sum() + state.square().sum()
        found.append([output.data, state, *torch.autograd.grad(loss, [x, *layer.parameters()])])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other)


def test_matrices_stay_in_registers_over_the_steps() -> None:
    """In inference no matrix is read or written in the loop: what is read of one is summed where it is."""
    source = TritonKernel(GLA.plans()).source(which="inference")
    loop = source.partition("for turn in")[2].partition("tl.debug_barrier")[0]
    accesses = [line for line in loop.splitlines() if "rows[:" in line]
    assert len(accesses) == 5  # a decay, a query, a key and a value are read, and an output is written
    assert not any("at_0_1_2" in line or "at_0_2_1" in line for line in accesses)
    assert "tl.sum(" in loop


def test_an_axis_that_one_value_splits_is_split_for_all() -> None:
    flat, heads = (leaf("input", name, ("hidden_size",)) for name in ("a", "b"))
    seen = reshape(heads, ("heads", "hidden_size/heads"))
    axes = Axes([mul(flat, heads), mul(seen, seen)])
    assert axes.of(flat) == ((0, 1),)
    assert axes.of(seen) == ((0,), (1,))
    assert axes.sizes == ["heads", "hidden_size/heads"]
    others = reshape(flat, ("groups", "hidden_size/groups"))
    with pytest.raises(TileError, match=r"heads x hidden_size/heads in one place and groups x hidden_size/groups in"):
        Axes([mul(seen, seen), mul(others, others), mul(flat, heads)])


@cell(sizes={"S": ("heads", "hidden_size/heads")})
def RunningSum(p, x, S):
    S = split(cumsum(flatten(S)), "heads") * 0.1 + split(x @ p.W, "heads")
    return (S,), flatten(S)


def test_what_no_program_can_have_is_said() -> None:
    assert "a running sum goes over the features of all heads" in without_kernel(RunningSum.plans(), "triton")
    training = batch_norm(DeltaNet).plans(Variant(training=True))
    assert "a mean over the batch stands beside values with several axes" in without_kernel(training, "triton")
    with pytest.raises(BackendError, match=r"backend='triton': a running sum .*; backend='torch' can"):
        Recurrent(RunningSum, 3, 8, sizes={"heads": 2}, backend="triton").source()
    sizes = {"input_size": 4, "hidden_size": 2048, "heads": 1, "2*state_size": 2}
    assert without_kernel(DeltaNet.plans(), "triton", sizes) == ""
    missing = without_kernel(mLSTM.plans(), "triton", {**sizes, "hidden_size": 8192})
    assert missing.startswith("no kernel on a GPU runs it: a tile of")


@pytest.mark.parametrize("made", [DeltaNet, mLSTM, S6, SSD, FastWeights], ids=lambda made: made.name)
def test_tiles_are_made_for_registers(made: Cell) -> None:
    kernel = TritonKernel(made.plans())
    for which in ("inference", "forward", "backward"):
        for hidden, batch in ((64, 1), (256, 16), (1024, 64)):
            sizes = {"input_size": hidden, "hidden_size": hidden, "heads": hidden // 64, "state_size": 16,
                     "dt_rank": 16, "key_size": 64}  # fmt: skip
            form = kernel.form(which, sizes, batch=batch, dtype=torch.float32, limits=HOPPER)
            assert form.block_rows * form.block_columns <= 32 * 32 * form.warps
            assert form.tiles == -(-batch // form.block_rows)


def test_its_costs_are_counted() -> None:
    from recurra.backends.cost import CallShape
    from recurra.backends.parameters import Part

    kernel, sizes = TritonKernel(GLA.plans()), {"input_size": 64, "hidden_size": 256, "heads": 4}
    parts = [Part((number,)) for number in range(len(GLA.parameters))]
    shape = CallShape(
        sizes=sizes, batch_sizes=(16,) * 100, reverse=False, dtype=torch.float32, parts=parts, tensors=len(parts),
        wanted=(True,), gpu=HOPPER,
    )  # fmt: skip
    forward, backward = kernel.costs("training", shape)
    assert forward.work().total()["loop bytes"] > 0
    matrices = 16 * 100 * 4 * 64 * 64 * 4
    kept = sum(buffer.bytes for buffer in forward.buffers() if buffer.is_kept)
    assert matrices < kept < 1.2 * matrices
    assert np.isfinite(sum(buffer.bytes for buffer in backward.buffers()))
