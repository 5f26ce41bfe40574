"""`mask=`: a step that is left out keeps the state, in every direction and layer, with resets and without."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from recurra.cells import GRU
from recurra.errors import InputError
from recurra.nn import LSTM, Recurrent

STEPS, BATCH = 6, 5


def _by_hand(layer: Recurrent, x: Tensor, h0: Tensor, mask: Tensor, reset: Tensor | None) -> tuple[Tensor, Tensor]:
    """Run a layer step by step on the eager loop, and keep the state where the mask says so."""
    rows, finals, directions = x, [], 2 if layer.bidirectional else 1
    for number in range(layer.num_layers):
        outputs = []
        for backwards in range(directions):
            suffix = f"_l{number}" + ("_reverse" if backwards else "")
            one = Recurrent(GRU, rows.shape[-1], 4, dtype=x.dtype, backend="torch")
            found = {name: value for name, value in layer.state_dict().items() if name.endswith(suffix)}
            one.load_state_dict({name.removesuffix(suffix) + "_l0": value for name, value in found.items()})
            state, output = h0[len(finals)], [torch.zeros(0)] * len(x)
            for t in reversed(range(len(x))) if backwards else range(len(x)):
                boundary = t + 1 if backwards else t
                if reset is not None and boundary < len(x):
                    state = torch.where(reset[boundary][:, None], 0, state)
                out, after = one(rows[t][None], state[None])
                state = torch.where(mask[t][:, None], after[0], state)
                output[t] = torch.where(mask[t][:, None], out[0], 0)
            outputs.append(torch.stack(output))
            finals.append(state)
        rows = torch.cat(outputs, -1)
    return rows, torch.stack(finals)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("has_resets", [False, True])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}])
def test_the_state_stays_where_a_step_is_left_out(seed: int, has_resets: bool, options: dict[str, int]) -> None:
    torch.manual_seed(seed)
    layer = Recurrent(GRU, 3, 4, dtype=torch.float64, **options)  # pyright: ignore[reportArgumentType]
    x = torch.randn(STEPS, BATCH, 3, dtype=torch.float64, requires_grad=True)
    h0 = torch.randn(layer.num_layers * (1 + layer.bidirectional), BATCH, 4, dtype=torch.float64, requires_grad=True)
    mask = torch.rand(STEPS, BATCH) < 0.5
    mask[:, 1] = False
    reset = torch.rand(STEPS, BATCH) < 0.3 if has_resets else None
    given, expected = layer(x, h0, mask=mask, reset=reset), _by_hand(layer, x, h0, mask, reset)
    torch.testing.assert_close(given, expected)
    weights = [torch.randn_like(each) for each in expected]
    gradients = [
        torch.autograd.grad(sum((w * v).sum() for w, v in zip(weights, values, strict=True)), (x, h0))  # pyright: ignore
        for values in (given, expected)
    ]
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize("has_resets", [False, True])
def test_a_batch_of_which_nothing_is_run_keeps_its_states(has_resets: bool) -> None:
    layer = Recurrent(GRU, 3, 4, bidirectional=True)
    x, h0, mask = torch.randn(STEPS, BATCH, 3), torch.randn(2, BATCH, 4), torch.zeros(STEPS, BATCH, dtype=torch.bool)
    reset = torch.zeros(STEPS, BATCH, dtype=torch.bool)
    reset[0], reset[3, 1] = True, True
    output, state = layer(x, h0, mask=mask, reset=reset if has_resets else None)
    expected = h0.clone()
    if has_resets:
        expected[0] = 0
        expected[1, 1] = 0
    assert output.shape == (STEPS, BATCH, 8)
    assert not output.any()
    assert torch.equal(state, expected)


def test_packed_and_batch_first_sequences_are_masked_as_padded_ones() -> None:
    layer, lengths = LSTM(3, 4, batch_first=True), torch.tensor([3, 6, 5])
    x, mask = torch.randn(3, 6, 3), torch.rand(3, 6) < 0.6
    pack = {"lengths": lengths, "batch_first": True, "enforce_sorted": False}
    output, states = layer(pack_padded_sequence(x, **pack), mask=pack_padded_sequence(mask, **pack))
    inside = torch.arange(6) < lengths[:, None]
    expected, expected_states = layer(x, mask=mask & inside)
    torch.testing.assert_close(pad_packed_sequence(output, batch_first=True)[0], expected)
    torch.testing.assert_close(states, expected_states)


def test_a_mask_of_another_shape_or_kind_is_refused() -> None:
    layer, x = LSTM(3, 4), torch.randn(6, 2, 3)
    with pytest.raises(InputError, match=r"mask: got \(2, 6\), expected a tensor of shape \(6, 2\)"):
        layer(x, mask=torch.ones(2, 6, dtype=torch.bool))
    with pytest.raises(InputError, match=r"mask: got torch.float32"):
        layer(x, mask=torch.ones(6, 2))
