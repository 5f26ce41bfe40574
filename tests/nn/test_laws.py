"""Laws that hold for every layer: carried states, the order of a batch, reversal, packing, stacking."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from feature_cases import MAKERS, draw, every_backend, every_layer, make
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import recurra.nn
from recurra import cell

X = draw(7, 4, 3)


def first_state(states: Any) -> torch.Tensor:
    return states[0] if isinstance(states, tuple) else states


@every_backend
@every_layer
@pytest.mark.parametrize("cut", [1, 3, 6])
def test_a_split_sequence_equals_a_carried_state(kind: str, cut: int, backend: str) -> None:
    layer = make(kind, num_layers=2, backend=backend)
    whole, last = layer(X)
    first, carried = layer(X[:cut])
    second, after = layer(X[cut:], carried)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    torch.testing.assert_close(after, last)


@every_backend
@every_layer
def test_gradients_flow_through_a_carried_state_and_stop_where_it_is_detached(kind: str, backend: str) -> None:
    """Truncated backpropagation through time: detach the state between the parts."""
    layer = make(kind, backend=backend)
    x = X.clone().requires_grad_()
    _, carried = layer(x[:4])
    for detached in (False, True):
        state = tuple(s.detach() for s in carried) if isinstance(carried, tuple) else carried.detach()
        output, _ = layer(x[4:], state if detached else carried)
        (gradient,) = torch.autograd.grad(output.sum(), x, retain_graph=True)
        assert gradient[4:].any()
        assert gradient[:4].any() != detached


@every_backend
@every_layer
def test_the_order_of_the_batch_does_not_matter(kind: str, backend: str) -> None:
    layer = make(kind, bidirectional=True, backend=backend)
    order = torch.tensor([2, 0, 3, 1])
    output, states = layer(X)
    moved, moved_states = layer(X[:, order])
    torch.testing.assert_close(moved, output[:, order])
    torch.testing.assert_close(first_state(moved_states), first_state(states)[:, order])


@every_backend
@every_layer
def test_a_sequence_does_not_see_its_neighbours(kind: str, backend: str) -> None:
    layer = make(kind, backend=backend)
    other = X.clone()
    other[:, 1:] = torch.nan
    torch.testing.assert_close(layer(other)[0][:, 0], layer(X)[0][:, 0])


@every_backend
@every_layer
def test_a_step_does_not_see_the_future(kind: str, backend: str) -> None:
    layer = make(kind, num_layers=2, backend=backend)
    other = X.clone()
    other[4:] = torch.nan
    torch.testing.assert_close(layer(other)[0][:4], layer(X)[0][:4])


@every_backend
@every_layer
def test_the_backward_direction_is_a_forward_one_on_the_flipped_sequence(kind: str, backend: str) -> None:
    both, single = make(kind, bidirectional=True, backend=backend), make(kind, backend=backend)
    single.load_state_dict({k.removesuffix("_reverse"): v for k, v in both.state_dict().items() if "_reverse" in k})
    output, states = both(X)
    flipped, state = single(X.flip(0))
    torch.testing.assert_close(output[..., 4:], flipped.flip(0))
    torch.testing.assert_close(first_state(states)[1], first_state(state)[0])


@every_backend
@every_layer
def test_packed_equals_each_sequence_alone(kind: str, backend: str) -> None:
    layer = make(kind, num_layers=2, bidirectional=True, backend=backend)
    lengths = [3, 7, 1, 5]
    output, states = layer(pack_padded_sequence(X, torch.tensor(lengths), enforce_sorted=False))
    padded, _ = pad_packed_sequence(output)
    for k, length in enumerate(lengths):
        alone, state = layer(X[:length, k])
        torch.testing.assert_close(padded[:length, k], alone)
        torch.testing.assert_close(first_state(states)[:, k], first_state(state))


@every_backend
@every_layer
def test_a_stack_is_layers_one_after_another(kind: str, backend: str) -> None:
    stack = make(kind, num_layers=2, backend=backend)
    first = make(kind, backend=backend)
    first.load_state_dict({k: v for k, v in stack.state_dict().items() if "_l0" in k})
    torch.manual_seed(0)
    second = type(first)(*((first.cell,) if kind == "Recurrent" else ()), 4, 4, dtype=torch.float64, backend=backend)
    second.load_state_dict({k.replace("_l1", "_l0"): v for k, v in stack.state_dict().items() if "_l1" in k})
    torch.testing.assert_close(second(first(X)[0])[0], stack(X)[0])


@every_backend
@every_layer
def test_dropout_acts_between_layers_in_training_alone(kind: str, backend: str) -> None:
    """All outputs of the first layer dropped: the second sees zeros; in evaluation nothing is dropped."""
    stack, plain = (make(kind, num_layers=2, dropout=p, backend=backend) for p in (1.0, 0.0))
    torch.testing.assert_close(stack.eval()(X)[0], plain(X)[0])
    other = draw(7, 4, 3, seed=9)
    assert torch.equal(stack.train()(X)[0], stack(other)[0])
    assert not torch.equal(first_state(stack(X)[1])[0], first_state(stack(other)[1])[0])


@cell
def Echo(p, x, h):
    """Its output is its input, and it has no parameters."""
    return (0.5 * h,), x + 0


@every_backend
def test_dropout_drops_the_share_that_it_says_and_scales_the_rest(backend: str) -> None:
    layer = recurra.nn.Recurrent(Echo, 30, 2, num_layers=2, dropout=0.3, backend=backend)
    x = torch.rand(40, 5, 30) + 1
    output, _ = layer(x)
    dropped = output == 0
    assert abs(dropped.double().mean() - 0.3) < 0.03
    torch.testing.assert_close(output[~dropped], x[~dropped] / 0.7)
    assert torch.equal(layer.eval()(x)[0], x)


@every_layer
def test_dropout_on_one_layer_warns(kind: str) -> None:
    with pytest.warns(UserWarning, match=r"dropout.*num_layers=1"):
        MAKERS[kind](dropout=0.5)
