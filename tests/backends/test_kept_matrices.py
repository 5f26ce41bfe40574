"""Matrix states kept at some steps only, and computed again between them; features shared by threads."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from recurra import Cell, cell, column, flatten, outer, sigmoid, split, tanh, vecmat
from recurra.backends.cost import CallShape
from recurra.backends.kernel import kernel_of
from recurra.backends.llvm import program
from recurra.backends.llvm.program import Form
from recurra.backends.parameters import as_they_are
from recurra.cells import GLA, GRU, LSTM, SRU, MinGRU
from recurra.nn import Recurrent

HEADS = ("heads", "hidden_size/heads", "hidden_size/heads")


@cell(sizes={"S": HEADS, "z": ("heads", "hidden_size/heads")})
def Gated(p, x, S, z):
    """A matrix that decays by rows and replaces what its key holds, beside a vector of a product in the loop."""
    q, k, v = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads"), split(x @ p.W_v, "heads")
    z = 0.5 * z + k + split(tanh(flatten(z) @ p.U), "heads")
    S = column(split(sigmoid(x @ p.W_a), "heads")) * S
    S = S + outer(0.3 * k, v - vecmat(z, S))
    return (S, z), flatten(vecmat(q, S))


def gradients(
    layer: Recurrent, rows: PackedSequence, weights: tuple[Tensor, ...], initial: tuple[Tensor, ...]
) -> list[Tensor]:
    """Return outputs, last states and all gradients."""
    x = rows.data.clone().requires_grad_()
    states = [state.clone().requires_grad_() for state in initial]
    output, last = layer(rows._replace(data=x), tuple(states))
    found = [output.data, *last]
    loss = sum((each * weight).sum() for each, weight in zip(found, weights, strict=True))
    return [*found, *torch.autograd.grad(loss, [x, *states, *layer.parameters()])]


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep matrices before every sixth step, however small they are."""
    monkeypatch.setattr(program, "_WORTH_COMPUTING_AGAIN", 1)
    monkeypatch.setattr(program, "_CACHE", 1)
    monkeypatch.setattr(program, "_LEAST_SPAN", 3)


@pytest.mark.parametrize(
    "lengths",
    [(20, 20, 20), (20, 13, 12, 7, 1), (9,) * 20],
    ids=["equal", "ragged", "more than a tile of products has"],
)
def test_states_that_are_computed_again_give_the_gradients_of_autograd(lengths: tuple[int, ...], again: None) -> None:
    torch.manual_seed(0)
    layer = Recurrent(Gated, 3, 10, sizes={"heads": 2}).double()
    eager = copy.deepcopy(layer)
    layer.backend, eager.backend = "llvm", "torch"
    batch, options = len(lengths), {"dtype": torch.float64}
    rows = pack_padded_sequence(torch.randn(20, batch, 3, **options), torch.tensor(lengths))
    initial = tuple(torch.randn(1, batch, width, **options) for width in (50, 10))
    weights = (torch.randn(sum(lengths), 10, **options), *(torch.randn_like(state) for state in initial))
    expected = gradients(eager, rows, weights, initial)
    for found, value in zip(gradients(layer, rows, weights, initial), expected, strict=True):
        torch.testing.assert_close(found, value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("options", [{}, {"return_states": True}], ids=["", "return_states"])
def test_sequences_that_begin_anew_between_kept_matrices(options: dict[str, bool], again: None) -> None:
    torch.manual_seed(0)
    layer = Recurrent(Gated, 3, 10, sizes={"heads": 2}).double()
    eager = copy.deepcopy(layer)
    layer.backend, eager.backend = "llvm", "torch"
    x, reset = torch.randn(20, 4, 3, dtype=torch.float64), torch.rand(20, 4) < 0.2
    found, expected = [], []
    for each, results in ((layer, found), (eager, expected)):
        output, last, *every = each(x, reset=reset, **options)
        loss = output.square().sum() + sum(state.sum() for state in last)
        loss = loss + sum(state.sum() for states in every for (state,) in states.values())
        results += [output, *last, *torch.autograd.grad(loss, [*each.parameters()])]
    for ours, right in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, right, rtol=1e-10, atol=1e-12)


def test_a_training_step_keeps_one_matrix_for_several_steps() -> None:
    kernel: Any = kernel_of(Gated.plans(), "llvm")
    sizes = {"input_size": 8, "hidden_size": 64, "heads": 1}
    parts = as_they_are(len(Gated.plans().forward.step.parameters))
    shape = CallShape(
        sizes=sizes, batch_sizes=(1,) * 600, reverse=False, dtype=torch.float32, parts=parts, tensors=len(parts),
        wanted=(True,),
    )  # fmt: skip
    forward, backward = kernel.costs("training", shape)
    every = 600 * 64 * 64 * 4
    assert sum(buffer.bytes for buffer in forward.buffers()) < every / 3
    assert sum(buffer.bytes for buffer in backward.buffers()) < every / 3


@pytest.mark.parametrize("reverse", [False, True])
def test_sequences_that_begin_later_have_their_matrices_kept_at_every_step(reverse: bool, again: None) -> None:
    plan = Gated.plans().backward
    sizes = {"input_size": 3, "heads": 2, "hidden_size": 4}
    shape = program.RunShape((*sizes,), (*sizes.values(),), (2,) * 9 + (1,) * 9, reverse, 1, 4, 8)
    assert program.distance_of(plan, shape) == (0 if reverse else 6)


@pytest.mark.parametrize(("kind", "is_shared"), [(MinGRU, True), (SRU, True), (GRU, False), (GLA, False)])
def test_threads_share_features_where_none_reads_another(kind: Cell, is_shared: bool) -> None:
    kernel: Any = kernel_of(kind.plans(), "llvm")
    made = kernel.program("inference", "float32", Form(is_hoisted=True, by_columns=True))
    assert made.loop.by_columns == is_shared


def test_features_shared_by_threads_give_the_same_bits() -> None:
    layer, x = Recurrent(MinGRU, 8, 136), torch.randn(400, 1, 8)
    results = []
    for threads in (1, 2):
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            output, _ = layer(x)
            output.square().sum().backward()
        finally:
            torch.set_num_threads(before)
        results.append((output.detach(), [parameter.grad for parameter in layer.parameters()]))
        layer.zero_grad()
    torch.testing.assert_close(results[0], results[1], rtol=1e-6, atol=1e-6)


def test_matrices_are_found_by_what_they_are_made_of() -> None:
    assert [state.name for state in Gated.plans().backward.matrices] == ["S"]
    assert not LSTM.plans().backward.matrices
