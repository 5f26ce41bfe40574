"""Layers on Triton kernels: the same as on other backends, and at home among torch's streams, graphs and modes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

import recurra.nn as recurrent
from recurra.cells import GRU, GRUD, LSTM, DilatedGRU, PeepholeLSTM
from recurra.nn import Recurrent
from recurra.transforms import batch_norm, layer_norm, weight_drop, zoneout


def results(layer: nn.Module, *args: Any, **options: Any) -> list[Tensor]:
    """Return outputs, states and the gradients of parameters."""
    layer.zero_grad()
    flat: list[Tensor] = []

    def collect(value: Any) -> None:
        if isinstance(value, PackedSequence):
            flat.append(value.data)
        elif isinstance(value, Tensor):
            flat.append(value)
        else:
            for each in value.values() if isinstance(value, dict) else value:
                collect(each)

    collect(layer(*args, **options))
    torch.stack([(value * value).sum() for value in flat]).sum().backward()
    return [*(v.detach() for v in flat), *(p.grad.clone() for p in layer.parameters() if p.grad is not None)]


def assert_same(layer: Any, device: torch.device, *args: Any, **options: Any) -> None:
    """Compare a layer on Triton with the eager loop, its backend until now."""
    layer = layer.to(device)
    expected = results(layer, *args, **options)
    layer.backend = "triton"
    for a, b in zip(results(layer, *args, **options), expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


def drawn(*shape: int, device: torch.device) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).to(device)


OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "both directions": {"bidirectional": True, "num_layers": 2},
    "projected": {"proj_size": 3},
    "no biases": {"bias": False, "batch_first": True},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_layers_of_torch(options: dict[str, Any], device: torch.device) -> None:
    """Parameters are parts of tensors, transposed, and biases come twice."""
    layer = recurrent.LSTM(3, 5, dtype=torch.float64, **options)
    layer.backend = "torch"
    assert_same(layer, device, drawn(4, 2, 3, device=device))


def test_a_packed_sequence(device: torch.device) -> None:
    layer = recurrent.GRU(3, 4, bidirectional=True, dtype=torch.float64)
    layer.backend = "torch"
    packed = pack_sequence([drawn(steps, 3, device=device) for steps in (2, 4, 1)], enforce_sorted=False)
    assert_same(layer, device, packed)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_states_that_begin_anew_and_are_all_wanted(bidirectional: bool, device: torch.device) -> None:
    layer = Recurrent(PeepholeLSTM, 3, 4, bidirectional=bidirectional, dtype=torch.float64, backend="torch")
    anew = torch.tensor([[False, True], [True, False], [False, False], [False, True]], device=device)
    assert_same(layer, device, drawn(4, 2, 3, device=device), reset=anew, return_states=True)


def test_further_inputs(device: torch.device) -> None:
    layer = Recurrent(GRUD, 3, 4, dtype=torch.float64, backend="torch")
    x = drawn(4, 2, 3, device=device)
    more = {leaf.name: torch.ones_like(x) for leaf in GRUD.further_inputs}
    assert_same(layer, device, x, inputs=more)


def test_a_delay(device: torch.device) -> None:
    assert_same(
        Recurrent(DilatedGRU, 3, 4, dtype=torch.float64, backend="torch").eval(), device, drawn(3, 2, 3, device=device)
    )


def test_noise_is_the_same_from_the_same_seed(device: torch.device) -> None:
    layer = Recurrent(zoneout(GRU, 0.4), 3, 4, dtype=torch.float64, backend="torch").to(device)
    x, found = drawn(4, 2, 3, device=device), []
    for backend in ("torch", "triton"):
        layer.backend = backend
        torch.manual_seed(3)
        found.append(layer(x)[0])
    torch.testing.assert_close(*found, rtol=1e-9, atol=1e-9)


def test_a_second_derivative(device: torch.device) -> None:
    layer = Recurrent(GRU, 2, 3, dtype=torch.float64, backend="triton").to(device)
    x = drawn(3, 1, 2, device=device).requires_grad_()
    (first,) = torch.autograd.grad(layer(x)[0].sum(), x, create_graph=True)
    (second,) = torch.autograd.grad((first * first).sum(), x)
    assert second.abs().sum() > 0


def test_it_says_how_it_runs(device: torch.device) -> None:
    layer = Recurrent(LSTM, 3, 40, backend="triton").to(device)
    found = layer.explain(batch=4)
    assert found.backend == "triton"
    assert "Triton kernels of the plans" in found.form
    assert ": persistent" in found.form or ": step-wise" in found.form
    assert "@triton.jit" in layer.source()
    assert "d_h_before" in layer.source(which="backward")


# on a device only ------------------------------------------------------------------------------------------------

CELLS = [LSTM, layer_norm(GRU), batch_norm(LSTM, steps=30)]
on_a_device = pytest.mark.parametrize("cell", CELLS, ids=lambda c: c.name)


def layer_and_input(cell: Any, hidden_size: int = 48) -> tuple[Recurrent, Tensor]:
    torch.manual_seed(0)
    return Recurrent(cell, 32, hidden_size, device="cuda"), torch.randn(20, 8, 32, device="cuda")


@pytest.mark.gpu
@on_a_device
def test_nothing_waits_for_the_device(cell: Any) -> None:
    layer, x = layer_and_input(cell)
    results(layer, x)
    try:
        torch.cuda.set_sync_debug_mode("error")
        layer(x)[0].sum().backward()
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.gpu
@on_a_device
def test_it_runs_on_the_current_stream(cell: Any) -> None:
    layer, x = layer_and_input(cell)
    expected, stream = results(layer, x), torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        found = results(layer, x)
    stream.synchronize()
    assert all(map(torch.equal, found, expected))


@pytest.mark.gpu
@on_a_device
def test_a_training_step_is_captured_as_a_graph(cell: Any) -> None:
    layer, x = layer_and_input(cell)
    optimiser = torch.optim.Adam(layer.parameters(), capturable=True)

    def step() -> Tensor:
        optimiser.zero_grad(set_to_none=False)
        loss = layer(x)[0].square().mean()
        loss.backward()
        optimiser.step()
        return loss

    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step()
    state = copy.deepcopy((layer.state_dict(), optimiser.state_dict()))
    graph.replay()
    replayed = loss.item()
    layer.load_state_dict(state[0])
    optimiser.load_state_dict(state[1])
    assert step().item() == pytest.approx(replayed, rel=1e-5)


@pytest.mark.gpu
def test_each_replay_of_a_graph_draws_anew() -> None:
    layer, x = layer_and_input(weight_drop(zoneout(LSTM, 0.3), 0.3))
    for _ in range(3):
        layer(x)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        output, _ = layer(x)
    graph.replay()
    first = output.clone()
    graph.replay()
    assert not torch.equal(first, output)


@pytest.mark.gpu
def test_ragged_batches_with_a_reset_are_captured() -> None:
    layer, x = layer_and_input(LSTM)
    packed = nn.utils.rnn.pack_padded_sequence(x, torch.arange(20, 12, -1))
    reset = nn.utils.rnn.pack_padded_sequence(torch.rand(20, 8, device="cuda") < 0.2, torch.arange(20, 12, -1))
    expected = [layer(packed, reset=reset)[0].data for _ in range(3)][-1]
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        output = layer(packed, reset=reset)[0].data
    graph.replay()
    torch.testing.assert_close(output, expected)


@pytest.mark.gpu
@on_a_device
def test_autocast(cell: Any) -> None:
    layer, x = layer_and_input(cell)
    expected = results(layer, x)
    with torch.autocast("cuda", dtype=torch.bfloat16):
        output, _ = layer(x)
    assert output.dtype == torch.bfloat16
    output.float().square().sum().backward()
    torch.testing.assert_close(output.float(), expected[0], rtol=0.05, atol=0.05)
    assert all(p.grad is not None and p.grad.dtype == torch.float32 for p in layer.parameters())


@pytest.mark.gpu
@on_a_device
def test_under_torch_compile(cell: Any) -> None:
    layer, x = layer_and_input(cell)
    head = nn.Linear(48, 3, device="cuda")
    model: Callable[[Tensor], Tensor] = lambda x: head(layer(x)[0])  # noqa: E731
    torch.testing.assert_close(torch.compile(model)(x), model(x))


@pytest.mark.gpu
@on_a_device
def test_under_ddp(cell: Any, tmp_path: Any) -> None:
    layer, x = layer_and_input(cell)
    expected = results(layer, x)
    torch.distributed.init_process_group("nccl", init_method=f"file://{tmp_path}/store", rank=0, world_size=1)
    try:
        wrapped = nn.parallel.DistributedDataParallel(layer, device_ids=[0])
        found = results(wrapped, x)
    finally:
        torch.distributed.destroy_process_group()
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.gpu
@pytest.mark.parametrize("hidden_size", [48, 256, 1024])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_sizes_at_which_forms_differ(hidden_size: int, dtype: torch.dtype) -> None:
    layer = recurrent.LSTM(64, hidden_size, device="cuda", dtype=dtype)
    x = torch.randn(40, 16, 64, device="cuda", dtype=dtype)
    peer = nn.LSTM(64, hidden_size, device="cuda", dtype=dtype)
    peer.load_state_dict(layer.state_dict())
    for a, b in zip(results(layer, x), results(peer, x), strict=True):
        scale = b.float().abs().max().clamp(min=1).item()
        assert (a.float() - b.float()).abs().max().item() < 0.05 * scale
