"""The state of a layer as a value: carried on, saved, forked, batched."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from recurra.errors import InputError
from recurra.nn import GRU, LSTM, CarriedState


@pytest.mark.parametrize("layer", [LSTM(3, 4, num_layers=2), GRU(3, 4, bidirectional=False)], ids=["LSTM", "GRU"])
def test_it_goes_on_where_it_was_and_has_no_history(layer) -> None:
    x = torch.randn(10, 2, 3)
    output, hx = layer(x[:6])
    state = CarriedState(hx)
    later, _ = layer(x[6:], state)
    torch.testing.assert_close(torch.cat([output, later]), layer(x)[0])
    assert not any(each.requires_grad for each in state)


def test_gradients_end_at_it() -> None:
    layer, x = LSTM(3, 4), torch.randn(10, 2, 3, requires_grad=True)
    _, hx = layer(x[:6])
    layer(x[6:], CarriedState(hx))[0].sum().backward()
    assert x.grad is not None
    assert x.grad[:6].abs().max() == 0
    assert x.grad[6:].abs().min() > 0


def test_it_is_saved_and_restored(tmp_path: Path) -> None:
    state = CarriedState(LSTM(3, 4, num_layers=2)(torch.randn(5, 2, 3))[1])
    state.save(tmp_path / "state.safetensors")
    torch.testing.assert_close(tuple(CarriedState.load(tmp_path / "state.safetensors")), tuple(state))
    (tmp_path / "other").write_text("nothing")
    with pytest.raises(InputError, match="not a state"):
        CarriedState.load(tmp_path / "other")


def test_it_is_forked_selected_and_batched() -> None:
    layer, x = LSTM(3, 4), torch.randn(5, 3, 3)
    state = CarriedState(layer(x)[1])
    fork = state.sequences([1, 1, 1])
    assert fork.batch == 3
    torch.testing.assert_close(layer(x[:, 1:2].repeat(1, 3, 1), fork)[0][:, 2], layer(x, state)[0][:, 1])
    assert state.sequences(torch.tensor([True, False, True])).batch == 2
    parts = [state.sequences([k]) for k in range(3)]
    torch.testing.assert_close(tuple(CarriedState.batched(parts)), tuple(state))
    assert state.to(torch.float64)[0].dtype == torch.float64


def test_what_does_not_fit_is_refused() -> None:
    state = CarriedState(torch.zeros(1, 2, 4))
    with pytest.raises(InputError, match="layers, batch, size"):
        CarriedState(torch.zeros(2, 4))
    with pytest.raises(InputError, match="got list"):
        CarriedState([[0.0]])  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="batches"):
        CarriedState([torch.zeros(1, 2, 4), torch.zeros(1, 3, 4)])
    with pytest.raises(InputError, match="from 0 to 1"):
        state.sequences([2])
    with pytest.raises(InputError, match="different layers"):
        CarriedState.batched([state, CarriedState(torch.zeros(2, 2, 4))])
