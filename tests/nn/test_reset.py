"""A reset inside a sequence is the end of one sequence and the beginning of another: in values and in gradients."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from cell_kinds import CELL_OF_EACH_KIND
from recurra.cells import LSTM as LSTM_CELL
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, Recurrent
from recurra.testing.cases import numbers_for

STEPS = 7
MASK = torch.zeros(STEPS, 3, dtype=torch.bool)
MASK[0, 0] = MASK[3, 0] = MASK[4, 0] = MASK[2, 1] = MASK[STEPS - 1, 1] = True


def layer_of(cell, **options) -> Recurrent:
    numbers = dict(numbers_for(cell, {"hidden_size": 4}))
    input_size, hidden_size = numbers.pop("input_size"), numbers.pop("hidden_size", 4)
    return Recurrent(cell, input_size, hidden_size, sizes=numbers, dtype=torch.float64, **options)


def in_pieces(layer, x: Tensor, hx: tuple[Tensor, ...], *, mask: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Return outputs and last states, each sequence run piece by piece."""
    outputs, finals = [], []
    for k in range(x.shape[1]):
        state = tuple(each[:, k : k + 1].clone() for each in hx)
        bounds = [0, *(t for t in range(1, len(x)) if mask[t, k]), len(x)]
        pieces = []
        for begin, end in itertools.pairwise(bounds):
            if mask[begin, k]:
                state = tuple(torch.zeros_like(each) for each in state)
            output, last = layer(x[begin:end, k : k + 1], state if len(state) > 1 else state[0])
            state = (last,) if isinstance(last, Tensor) else last
            pieces.append(output)
        outputs.append(torch.cat(pieces))
        finals.append(state)
    return torch.cat(outputs, 1), tuple(torch.cat(each, 1) for each in zip(*finals, strict=True))


def with_gradients(layer, x: Tensor, hx: tuple[Tensor, ...], run) -> list[Tensor]:
    x, hx = x.clone().requires_grad_(), tuple(state.clone().requires_grad_() for state in hx)
    output, finals = run(x, hx)
    finals = (finals,) if isinstance(finals, Tensor) else finals
    values = (output, *finals)
    weights = [torch.linspace(-1, 1, value.numel()).double().reshape(value.shape) for value in values]
    loss = torch.stack([(value * weight).sum() for value, weight in zip(values, weights, strict=True)]).sum()
    gradients = torch.autograd.grad(loss, [x, *hx, *layer.parameters()], allow_unused=True, materialize_grads=True)
    return [*values, *gradients]


@pytest.mark.parametrize("backend", ["llvm", "torch", "numpy"])
@pytest.mark.parametrize("cell", CELL_OF_EACH_KIND.values(), ids=lambda c: c.name)
def test_a_sequence_with_resets_is_its_pieces(cell, backend: str) -> None:
    if cell.further_inputs:
        pytest.skip("the pieces of this test have no further inputs")
    layer = layer_of(cell, backend=backend)
    if layer.cell.random:
        layer.eval()
    x = torch.randn(STEPS, 3, layer.input_size).double()
    hx = tuple(torch.rand_like(state) / 2 for state in _states(layer(x)[1]))

    def given(x: Tensor, hx: tuple[Tensor, ...]) -> tuple[Tensor, Tensor | tuple[Tensor, ...]]:
        return layer(x, hx if len(hx) > 1 else hx[0], reset=MASK)

    found = with_gradients(layer, x, hx, given)
    expected = with_gradients(layer, x, hx, lambda x, hx: in_pieces(layer, x, hx, mask=MASK))
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b)


def _states(states: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (states,) if isinstance(states, Tensor) else states


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_layers_in_place_of_torchs_have_it_with_their_layouts(kind) -> None:
    layer, x = kind(3, 4, num_layers=2), torch.randn(STEPS, 3, 3)
    zeros = tuple(torch.zeros_like(state) for state in _states(layer(x)[1]))
    expected, _ = in_pieces(layer, x, zeros, mask=MASK)
    torch.testing.assert_close(layer(x, reset=MASK)[0], expected)
    layer.batch_first = True
    torch.testing.assert_close(layer(x.transpose(0, 1), reset=MASK.T)[0], expected.transpose(0, 1))
    torch.testing.assert_close(layer(x[:, 0], reset=MASK[:, 0])[0], expected[:, 0])


@pytest.mark.parametrize("backend", ["llvm", "torch", "numpy"])
def test_both_directions_restart_at_the_same_boundaries(backend: str) -> None:
    layer = Recurrent(LSTM_CELL, 3, 4, bidirectional=True, backend=backend)
    x, mask = torch.randn(6, 1, 3), torch.tensor([[True], [False], [False], [True], [False], [False]])
    expected = torch.cat([layer(x[:3])[0], layer(x[3:])[0]])
    output, (h, _) = layer(x, reset=mask)
    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(h[1], layer(x[:3])[1][0][1])  # backwards, the first piece comes last


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("backend", ["llvm", "torch"])
def test_packed_sequences(backend: str, bidirectional: bool) -> None:
    layer = Recurrent(LSTM_CELL, 3, 4, backend=backend, bidirectional=bidirectional)
    lengths, x = torch.tensor([4, STEPS, 6]), torch.randn(STEPS, 3, 3)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    mask = pack_padded_sequence(MASK, lengths, enforce_sorted=False)
    output, (h, c) = layer(packed, reset=mask)
    padded, _ = pad_packed_sequence(output)
    for k, length in enumerate(lengths):
        alone, (h_k, c_k) = layer(x[:length, k : k + 1], reset=MASK[:length, k : k + 1])
        torch.testing.assert_close(padded[:length, k : k + 1], alone)
        torch.testing.assert_close(h[:, k : k + 1], h_k)
        torch.testing.assert_close(c[:, k : k + 1], c_k)


def test_every_state_is_the_one_after_its_step() -> None:
    layer, x = LSTM(3, 4), torch.randn(STEPS, 3, 3)
    output, _, every = layer(x, reset=MASK, return_states=True)
    torch.testing.assert_close(every["h"][0], output)
    expected = layer(x[3:, :1], return_states=True, reset=MASK[3:, :1])[2]["c"][0]
    torch.testing.assert_close(every["c"][0][3:, :1], expected)


def test_what_was_not_finite_does_not_come_through() -> None:
    layer, x = LSTM(3, 4), torch.randn(STEPS, 1, 3)
    x[2] = torch.nan
    mask = torch.zeros(STEPS, 1, dtype=torch.bool)
    mask[3] = True
    output, _ = layer(x, reset=mask)
    assert output[2].isnan().all()
    assert output[3:].isfinite().all()


def test_masks_that_do_not_fit() -> None:
    layer, x = LSTM(3, 4), torch.randn(STEPS, 3, 3)
    with pytest.raises(InputError, match=r"got \(3, 7\), expected a tensor of shape \(7, 3\)"):
        layer(x, reset=MASK.T)
    with pytest.raises(InputError, match=r"expected torch\.bool"):
        layer(x, reset=MASK.float())
    with pytest.raises(InputError, match="got list"):
        layer(x, reset=[True])
    packed = pack_padded_sequence(x, torch.tensor([7, 5, 2]))
    with pytest.raises(InputError, match="PackedSequence"):
        layer(packed, reset=MASK)
    with pytest.raises(InputError, match="lengths of the input"):
        layer(packed, reset=PackedSequence(MASK.reshape(-1), torch.tensor([3] * STEPS)))


def test_a_stream_restarts_some_of_its_sequences() -> None:
    layer, x = GRU(3, 4), torch.randn(STEPS, 3, 3)
    stream, rows = layer.stream(batch=3), []
    for step, anew in zip(x, MASK, strict=True):
        stream.reset(anew)
        rows.append(stream.step(step).clone())
    torch.testing.assert_close(torch.stack(rows), layer(x, reset=MASK)[0])
    with pytest.raises(InputError, match="expected bool"):
        stream.reset([True])
