"""Sample by sample: a stream gives what its module gives for whole sequences."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest
import torch
from torch import nn

from recurra import cell, tanh
from recurra.cells import LSTM as LSTM_CELL
from recurra.cells import all_cells
from recurra.errors import BackendError, InputError
from recurra.nn import GRU, LSTM, RNN, Recurrent, Sequential, Stream
from recurra.testing.cases import numbers_for


def whole(module: nn.Module, x: torch.Tensor, **further: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return module.eval()(x, **({"inputs": further} if further else {}))[0]


def steps(stream: Stream, x: torch.Tensor, **further: torch.Tensor) -> torch.Tensor:
    rows = [stream.step(row, **{name: value[t] for name, value in further.items()}).clone() for t, row in enumerate(x)]
    return torch.stack(rows)


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_every_cell_streams_as_it_runs(cell) -> None:
    numbers = dict(numbers_for(cell, {"hidden_size": 5}))
    input_size, hidden_size = numbers.pop("input_size"), numbers.pop("hidden_size", 5)
    layer = Recurrent(cell, input_size, hidden_size, sizes=numbers, dtype=torch.float64)
    widths = {leaf.name: leaf.shape[0] for leaf in cell.further_inputs if leaf.name not in cell.step.per_sequence}
    if len(widths) < len(cell.further_inputs):
        pytest.skip("what is the same for a whole sequence is given to a layer once")
    known = {"input_size": input_size, "hidden_size": hidden_size, **numbers}
    further = {
        name: torch.rand(7, 2, size if isinstance(size, int) else known[size]).double() for name, size in widths.items()
    }
    x = torch.randn(7, 2, input_size).double()
    torch.testing.assert_close(steps(layer.stream(batch=2), x, **further), whole(layer, x, **further))


@pytest.mark.parametrize(
    "module",
    [
        RNN(3, 6, nonlinearity="relu"), LSTM(3, 6, num_layers=3, dropout=0.5), GRU(3, 6, bias=False),
        LSTM(3, 6, proj_size=2, num_layers=2),
        Sequential(GRU(3, 6), nn.Dropout(0.5), nn.LayerNorm(6), nn.Linear(6, 4), nn.SiLU(), nn.Identity(),
                   LSTM(4, 5, num_layers=2), nn.LayerNorm(5, bias=False), nn.Linear(5, 7, bias=False), nn.Softplus()),
        Sequential(GRU(3, 4), nn.Sequential(nn.ReLU(), nn.Linear(4, 4), nn.Tanh()), nn.Sigmoid()),
    ],
    ids=lambda module: type(module).__name__,
)  # fmt: skip
@pytest.mark.parametrize("batch", [1, 3])
def test_stacks_and_heads_are_inside(module: nn.Module, batch: int) -> None:
    x = torch.randn(6, batch, 3)
    stream = module.stream(batch)  # pyright: ignore[reportCallIssue]
    torch.testing.assert_close(steps(stream, x), whole(module, x))
    expected, found = module(x)[1], stream.state
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


def test_arrays_in_arrays_out_tensors_in_tensors_out() -> None:
    stream = LSTM(3, 4).stream()
    x = np.random.default_rng(0).normal(size=3).astype(np.float32)
    state = stream.state
    first = stream.step(x).copy()
    assert isinstance(first, np.ndarray)
    assert first.shape == (4,)
    stream.state = state
    second = stream.step(torch.from_numpy(x)[None])
    assert isinstance(second, torch.Tensor)
    np.testing.assert_array_equal(second.numpy(), first[None])
    stream.state = state
    np.testing.assert_array_equal(stream.step(np.repeat(x, 2)[::2]), first)  # with gaps in memory


def test_the_state_is_a_layers_and_may_be_read_set_forked_and_reset(tmp_path) -> None:
    layer, x = GRU(3, 4, num_layers=2), torch.randn(8, 2, 3)
    stream = layer.stream(batch=2)
    with torch.no_grad():
        _, half = layer(x[:4])
        expected, _ = layer(x[4:], half)
    steps(stream, x[:4])
    torch.testing.assert_close(stream.state, half)
    torch.save(stream.state, tmp_path / "state.pt")
    fork = stream.fork()
    torch.testing.assert_close(steps(stream, x[4:]), expected)
    torch.testing.assert_close(steps(fork, x[4:]), expected)
    stream.state = torch.load(tmp_path / "state.pt")
    torch.testing.assert_close(steps(stream, x[4:]), expected)
    stream.reset()
    torch.testing.assert_close(steps(stream, x), whole(layer, x))


def _by_optimiser(layer: nn.Module) -> None:
    for parameter in layer.parameters():
        parameter.grad = torch.ones_like(parameter)
    torch.optim.SGD(layer.parameters(), lr=0.1).step()


def _by_load_state_dict(layer: nn.Module) -> None:
    layer.load_state_dict({name: value + 0.1 for name, value in layer.state_dict().items()})


def _by_assignment(layer: nn.Module) -> None:
    state = {name: value + 0.1 for name, value in layer.state_dict().items()}
    layer.load_state_dict(state, assign=True)


def _in_place(layer: nn.Module) -> None:
    with torch.no_grad():
        layer.weight_hh_l0.mul_(2)  # pyright: ignore[reportCallIssue, reportArgumentType]


@pytest.mark.parametrize("change", [_by_optimiser, _by_load_state_dict, _by_assignment, _in_place])
@pytest.mark.parametrize("model", [LSTM(3, 4), Sequential(LSTM(3, 4), LSTM(4, 2))], ids=["layer", "sequential"])
def test_changed_weights_are_noticed(change, model: nn.Module) -> None:
    stream, x = model.stream(), torch.randn(5, 1, 3)  # pyright: ignore[reportCallIssue]
    before = whole(model, x)
    torch.testing.assert_close(steps(stream, x), before)
    change(model[0] if isinstance(model, Sequential) else model)
    stream.reset()
    after = whole(model, x)
    assert (after - before).abs().max() > 1e-3
    torch.testing.assert_close(steps(stream, x), after)


def test_refresh_covers_what_torch_does_not_count() -> None:
    layer, x = LSTM(3, 4), torch.randn(5, 1, 3)
    stream = layer.stream()
    layer.weight_hh_l0.detach().numpy()[:] *= 2
    layer.weight_ih_l0.data.mul_(3)
    stream.refresh()
    torch.testing.assert_close(steps(stream, x), whole(layer, x))
    with torch.inference_mode():
        frozen = LSTM(3, 4)
        torch.testing.assert_close(steps(frozen.stream(), x), frozen(x)[0])


def test_a_step_allocates_nothing() -> None:
    stream, x = LSTM(3, 64).stream(), np.zeros(3, dtype=np.float32)
    outputs = {id(stream.step(x)) for _ in range(3)}
    assert len(outputs) == 1

    def grown() -> int:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            stream.step(x)
        return tracemalloc.get_traced_memory()[0] - before

    gc.collect()
    tracemalloc.start()
    least = min(grown() for _ in range(5))  # other threads of the process may allocate now and then
    tracemalloc.stop()
    assert least < 500


def test_outputs_that_are_no_state_and_expressions_of_parameters() -> None:
    @cell(sizes={"R": ("hidden_size", "hidden_size")})
    def Reading(p, x, h):
        """An output that is no state, and an expression of parameters."""
        h = tanh(x @ p.W + h @ (p.U - p.U.T) + p.b)
        return (h,), h @ p.R + x @ p.S

    layer, x = Recurrent(Reading, 3, 4, num_layers=2), torch.randn(6, 2, 3)
    torch.testing.assert_close(steps(layer.stream(2), x), whole(layer, x))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros(3), "float64"), (np.zeros(4, np.float32), r"\(4,\)"), (np.zeros((2, 3), np.float32), r"\(2, 3\)"),
        (torch.zeros(2, 3), r"\(2, 3\)"), (torch.zeros(3).double(), "float64"), ([0.0] * 3, "list"), (None, "None"),
    ],
)  # fmt: skip
def test_other_inputs_are_refused_and_change_nothing(x: object, message: str) -> None:
    stream = LSTM(3, 4).stream()
    stream.step(np.ones(3, dtype=np.float32))
    before = stream.state
    with pytest.raises(InputError, match=message):
        stream.step(x)  # pyright: ignore[reportArgumentType]
    torch.testing.assert_close(stream.state, before, atol=0, rtol=0)


def test_states_that_do_not_fit_are_refused() -> None:
    stream = LSTM(3, 4).stream(batch=2)
    with pytest.raises(InputError, match=r"\(1, 2, 4\)"):
        stream.state = (torch.zeros(1, 2, 4), torch.zeros(1, 3, 4))
    with pytest.raises(InputError, match="2"):
        stream.state = torch.zeros(1, 2, 4)
    with pytest.raises(InputError, match="one for each recurrent layer"):
        Sequential(GRU(3, 4), nn.Linear(4, 1)).stream().state = torch.zeros(1, 1, 4)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (LSTM(3, 4, bidirectional=True), "bidirectional"),
        (Sequential(GRU(3, 4), nn.Conv1d(4, 4, 1)), "Conv1d"),
        (Sequential(GRU(3, 4), nn.Linear(5, 1)), "got 4 features"),
        (Sequential(nn.Linear(3, 3), GRU(3, 4)), "begins with a recurrent layer"),
        (Sequential(GRU(3, 4), nn.Softplus(beta=2)), "usual options"),
    ],
    ids=["bidirectional", "convolution", "width", "begin", "option"],
)
def test_modules_that_cannot_stream_say_so(module: nn.Module, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Stream(module)


def test_further_inputs_are_given_at_each_step() -> None:
    @cell(sizes={"gap": 1})
    def Leaking(p, x, h, *, gap):
        """A state that leaks with the time gap."""
        return h - gap * h + x @ p.W

    layer, x, gap = Recurrent(Leaking, 3, 4, num_layers=2), torch.randn(5, 1, 3), torch.rand(5, 1, 1)
    stream = layer.stream()
    torch.testing.assert_close(steps(stream, x, gap=gap), whole(layer, x, gap=gap))
    with pytest.raises(InputError, match="gap"):
        stream.step(x[0])
    with pytest.raises(InputError, match="gap"):
        stream.step(x[0], gap=torch.zeros(1, 2))


def test_batches_dtypes_and_devices_that_cannot_be() -> None:
    with pytest.raises(InputError, match="batch"):
        LSTM(3, 4).stream(batch=0)
    with pytest.raises(BackendError, match="float16"):
        LSTM(3, 4, dtype=torch.float16).stream()
    with pytest.raises(BackendError, match="meta"):
        LSTM(3, 4, device="meta").stream()
    assert Recurrent(LSTM_CELL, 3, 4, dtype=torch.float64).stream().step(np.zeros(3)).dtype == np.float64
