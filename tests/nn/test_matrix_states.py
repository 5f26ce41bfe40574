"""Layers of cells whose states are matrices, and whose sizes are products and quotients."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from language_cells import Everything
from recurra import Cell, cell, column, flatten, outer, row, split, sqrt, sum
from recurra.cells import DeltaNet, mLSTM, sLSTMHeads
from recurra.diagnose import diagnose, gradient_flow
from recurra.errors import CellError, InputError
from recurra.nn import Recurrent
from recurra.testing import check_cell
from recurra.testing.cases import numbers_for
from recurra.transforms import layer_norm, zoneout

INPUT, HIDDEN, HEADS = 3, 8, 2


def layer_of(made: Cell, **options) -> Recurrent:
    torch.manual_seed(0)
    sizes = {"heads": HEADS, **({"state_size": 2} if "state_size" in made.sizes else {})}
    return Recurrent(made, INPUT, HIDDEN, sizes=sizes, dtype=torch.float64, **options)


@pytest.fixture(params=[Everything, mLSTM, DeltaNet, sLSTMHeads], ids=lambda made: made.name)
def made(request: pytest.FixtureRequest) -> Cell:
    return request.param


def test_kernels_and_the_eager_loop_agree(made: Cell) -> None:
    layer = layer_of(made, num_layers=2, bidirectional=True)
    x = torch.randn(6, 3, INPUT, dtype=torch.float64, requires_grad=True)
    found = []
    for backend in ("llvm", "torch", "numpy"):
        layer.backend = backend
        output, states = layer(pack_padded_sequence(x, torch.tensor([6, 4, 1])))
        loss = pad_packed_sequence(output)[0].square().sum()
        loss = loss + torch.stack([state.square().sum() for state in _tuple(states)]).sum()
        found.append([loss, *torch.autograd.grad(loss, [x, *layer.parameters()])])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-10)


def test_a_stream_is_the_layer_step_by_step(made: Cell) -> None:
    layer = layer_of(made, num_layers=2)
    x = torch.randn(5, 2, INPUT, dtype=torch.float64)
    with torch.no_grad():
        expected, states = layer(x)
    stream = layer.stream(batch=2)
    found = torch.stack([torch.as_tensor(stream.step(now.numpy())).clone() for now in x])
    torch.testing.assert_close(found, expected)
    again = layer(x[:0].new_zeros(1, 2, INPUT), states)[0]
    torch.testing.assert_close(torch.as_tensor(stream.step(x.new_zeros(2, INPUT).numpy())).clone(), again[0])


def test_states_are_flat_and_go_on(made: Cell) -> None:
    layer = layer_of(made)
    x = torch.randn(7, 2, INPUT, dtype=torch.float64)
    whole, last = layer(x)
    widths = [state.shape for state in _tuple(last)]
    assert all(len(shape) == 3 for shape in widths)
    first, states = layer(x[:3])
    second, found = layer(x[3:], states)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    for a, b in zip(_tuple(found), _tuple(last), strict=True):
        torch.testing.assert_close(a, b)


def test_it_is_stored_and_read(made: Cell) -> None:
    sizes = numbers_for(made, {})  # by which functions of sizes are stored
    read = Cell.from_json(made.to_json(sizes=sizes))
    assert read.sizes == made.sizes
    assert read.equations() == made.equations()
    assert read.to_json() == made.to_json(sizes=sizes)


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
def test_reset_restarts_a_matrix(made: Cell, backend: str) -> None:
    """In one sequence of two, and in gradients; the other goes on."""
    layer = layer_of(made, backend=backend)
    x = torch.randn(6, 2, INPUT, dtype=torch.float64, requires_grad=True)
    mask = torch.zeros(6, 2, dtype=torch.bool)
    mask[4, 0] = True
    found = layer(x, reset=mask)[0]
    expected = layer(x)[0].clone()
    expected[4:, 0] = layer(x[4:, :1])[0][:, 0]
    torch.testing.assert_close(found, expected)
    gradients = [torch.autograd.grad(each.square().sum(), [x, *layer.parameters()]) for each in (found, expected)]
    for a, b in zip(*gradients, strict=True):
        torch.testing.assert_close(a, b)


def begins(hidden_size: int, memory: int) -> np.ndarray:
    return np.arange(1.0, 1 + hidden_size * memory).reshape(hidden_size, memory)


@cell(sizes={"S": ("hidden_size", "memory")}, delays={"S_old": ("S", 2)}, initial={"S": begins})
def Late(p, x, S, *, S_old):
    """What was written two steps before, and what is written now."""
    S = 0.5 * S_old + outer(x @ p.W, x @ p.V)
    return (S,), flatten(S)


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
def test_a_matrix_begins_as_it_is_told_and_is_delayed(backend: str) -> None:
    layer = Recurrent(Late, INPUT, 2, sizes={"memory": 3}, dtype=torch.float64, backend=backend).eval()
    x = torch.randn(5, 2, INPUT, dtype=torch.float64)
    begun = torch.tensor(begins(2, 3)).flatten()
    assert torch.equal(layer.initial_state(batch=2)[0], begun.expand(1, 2, 6))
    written = torch.einsum("tbi,tbj->tbij", x @ layer.W_l0, x @ layer.V_l0).flatten(2)
    expected = [begun.expand(2, 6)] * 2
    for now in written:
        expected.append(0.5 * expected[-2] + now)
    torch.testing.assert_close(layer(x)[0], torch.stack(expected[2:]))
    stream = layer.stream(batch=2)
    found = torch.stack([torch.as_tensor(stream.step(now.numpy())).clone() for now in x])
    torch.testing.assert_close(found, torch.stack(expected[2:]))


@cell(sizes={"S": ("hidden_size", "memory")}, initial={"S": "learnt"})
def Halved(p, x, S):
    S = column(0.5 + 0 * (x @ p.U)) * S + outer(x @ p.W, x @ p.V)
    return (S,), flatten(S)


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
def test_the_diagnosis_of_a_matrix(backend: str) -> None:
    """Of a matrix that is halved at each step: what is kept, how a gradient shrinks, what is learnt to begin with."""
    layer = Recurrent(Halved, INPUT, 2, sizes={"memory": 3}, dtype=torch.float64, backend=backend)
    x = torch.randn(6, 4, INPUT, dtype=torch.float64)
    with gradient_flow(layer) as flow:
        layer(x)[0][-1].sum().backward()
    expected = math.sqrt(4 * 6) * 0.5 ** torch.arange(6, dtype=torch.float64)
    torch.testing.assert_close(flow.curve("S", along="distance"), expected)
    torch.testing.assert_close(layer.initial_S_l0.grad.flatten(), torch.full((6,), 4 * 0.5**6, dtype=torch.float64))

    def loss(batch: torch.Tensor) -> torch.Tensor:
        return layer(batch)[0].square().mean()

    (found,) = diagnose(layer, [x], loss=loss, sequences=2).layers
    (kept,) = found.retentions
    assert kept.state == "S"
    torch.testing.assert_close(kept.shares, torch.full((6,), 0.5, dtype=kept.shares.dtype))


def test_a_step_on_arrays_refuses_a_flat_matrix() -> None:
    rng = np.random.default_rng(0)
    p = {
        leaf.name: rng.normal(size=[{"input_size": 3}.get(size, 8) for size in leaf.shape]) for leaf in mLSTM.parameters
    }
    x, S, n, m = rng.normal(size=(5, 3)), np.zeros((5, 2, 4, 4)), np.zeros((5, 2, 4)), np.zeros((5, 2, 1))
    with pytest.raises(
        CellError, match=r"mLSTM: the state '.*': got an array of shape \(5, 32\), expected \(batch, heads, "
    ):
        mLSTM(p, x, S.reshape(5, 32), n, m)


@cell(sizes={"S": ("heads", "hidden_size/heads")})
def SumOfAll(p, x, S):
    """A sum over a whole vector beside a loop over heads of the same width."""
    a = x @ p.W
    S = S * sum(S) + split(a / sqrt(sum(a * a) + 1), "heads")
    return (S,), flatten(S)


@pytest.mark.parametrize(
    "made", [SumOfAll, layer_norm(DeltaNet), pytest.param(layer_norm(mLSTM), marks=pytest.mark.slow)],
    ids=lambda made: made.name,
)  # fmt: skip
def test_sums_over_vectors_and_over_rows_of_matrices(made: Cell) -> None:
    check_cell(made)


def test_a_head_count_that_does_not_divide_is_refused() -> None:
    with pytest.raises(InputError, match=r"DeltaNet: the size hidden_size/heads .* hidden_size=8, heads=3; expected"):
        Recurrent(DeltaNet, INPUT, HIDDEN, sizes={"heads": 3})
    with pytest.raises(InputError, match=r"needs \['heads'\]"):
        Recurrent(DeltaNet, INPUT, HIDDEN)


def test_zoneout_of_a_matrix_keeps_some_of_its_numbers() -> None:
    layer = layer_of(zoneout(DeltaNet, {"S": 0.5}))
    x = torch.randn(2, 1, INPUT, dtype=torch.float64)
    layer.train()
    states = layer(x[:1])[1]
    is_kept = states.flatten() == 0  # what a matrix begins with
    assert 4 < int(is_kept.sum()) < 28


def test_split_on_arrays_says_what_it_does_not_know() -> None:
    @cell
    def Halves(p, x, h):
        return h + flatten(column(split(x @ p.W, "parts"))) * 0 + h

    with pytest.raises(TypeError, match=r"split\(\.\.\., 'parts'\): no array"):
        Halves({"W": np.ones((3, 4))}, np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(CellError, match="row"):

        @cell(sizes={"S": ("m", "n"), "h": "n"})
        def Mixed(p, x, S, h):
            return (S + row(h), S @ p.W), h


def _tuple(states):
    return (states,) if isinstance(states, torch.Tensor) else states
