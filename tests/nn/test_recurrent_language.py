"""Layers of cells that use the rest of the language: further inputs, delays, noise, outputs that are no state."""

from __future__ import annotations

from typing import Any

import own_cells
import pytest
import torch
from own_cells import Antisymmetric, Decaying, Delayed, Dropped, Locked, Placed, Readout, Scaled, Stateful, Unread
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from recurra import Cell
from recurra.errors import InputError
from recurra.nn import Recurrent
from recurra.testing import check_cell

SIZES = {"place_size": 2, "output_size": 4}
every_backend = pytest.mark.parametrize("backend", ["torch", "numpy", "llvm"])


def layer_of(cell: Cell, **options: Any) -> Recurrent:
    torch.manual_seed(0)
    sizes = {name: SIZES[name] for name in cell.sizes if name in SIZES}
    return Recurrent(cell, 3, 5, sizes=sizes, dtype=torch.float64, **options)


def draw(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("cell", own_cells.ALL, ids=lambda c: c.name)
def test_check_cell_passes(cell: Cell) -> None:
    check_cell(cell)


@every_backend
def test_a_further_input_at_each_step(backend: str) -> None:
    """With no time gap the state does not decay; a longer gap means more decay; its gradient is right."""
    layer = layer_of(Decaying, backend=backend)
    x, h0 = draw(4, 2, 3), draw(1, 2, 5)
    gap = torch.rand(4, 2, 1, dtype=torch.float64, requires_grad=True)
    output, _ = layer(x, h0, inputs={"dt": gap})
    by_hand = h0[0]
    rate = torch.nn.functional.softplus(layer.decay_l0)
    for x_t, gap_t in zip(x, gap, strict=True):
        by_hand = torch.tanh(x_t @ layer.W_l0 + (torch.exp(-rate * gap_t) * by_hand) @ layer.U_l0 + layer.b_l0)
    torch.testing.assert_close(output[-1], by_hand)
    (found,) = torch.autograd.grad(output[-1].sum(), gap)
    (expected,) = torch.autograd.grad(by_hand.sum(), gap)
    torch.testing.assert_close(found, expected)


@every_backend
def test_further_inputs_packed_unbatched_and_batch_first(backend: str) -> None:
    """A further input comes in the layout of the input."""
    layer, turned = layer_of(Decaying, backend=backend), layer_of(Decaying, backend=backend, batch_first=True)
    x, gap, lengths = draw(5, 3, 3), draw(5, 3, 1).abs(), torch.tensor([2, 5, 4])
    expected, _ = layer(x, inputs={"dt": gap})
    torch.testing.assert_close(layer(x[:, 1], inputs={"dt": gap[:, 1]})[0], expected[:, 1])
    found = turned(x.transpose(0, 1), inputs={"dt": gap.transpose(0, 1)})[0]
    torch.testing.assert_close(found.transpose(0, 1), expected)
    packed = [pack_padded_sequence(each, lengths, enforce_sorted=False) for each in (x, gap)]
    output, _ = layer(packed[0], inputs={"dt": packed[1]})
    assert isinstance(output, PackedSequence)
    padded, _ = pad_packed_sequence(output)
    for k, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(padded[:length, k], expected[:length, k])


@every_backend
def test_a_further_input_for_each_sequence(backend: str) -> None:
    """It acts at every step; its gradient is the sum over the steps; packed sequences keep their own."""
    layer = layer_of(Placed, backend=backend, num_layers=2)
    x, place = draw(4, 3, 3), draw(3, 2).requires_grad_()
    output, _ = layer(x, inputs={"place": place})
    for k in range(3):
        torch.testing.assert_close(layer(x[:, k], inputs={"place": place[k]})[0], output[:, k])
    (gradient,) = torch.autograd.grad(output[:, 1].sum(), place)
    assert gradient[1].abs().sum() > 0
    assert not gradient[[0, 2]].any()
    lengths = torch.tensor([1, 4, 2])
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    found, _ = pad_packed_sequence(layer(packed, inputs={"place": place})[0])
    for k, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(found[:length, k], output[:length, k])


@every_backend
def test_expressions_of_parameters(backend: str) -> None:
    """The gradient of an antisymmetric product is antisymmetric; a symmetric change of W changes nothing."""
    layer = layer_of(Antisymmetric, backend=backend)
    output, _ = layer(draw(4, 2, 3))
    (gradient,) = torch.autograd.grad(output.square().sum(), layer.W_l0)
    torch.testing.assert_close(gradient, -gradient.T)
    with torch.no_grad():
        layer.W_l0 += torch.ones(5, 5)
    torch.testing.assert_close(layer(draw(4, 2, 3))[0], output)


@every_backend
def test_declared_scalars(backend: str) -> None:
    layer = layer_of(Scaled, backend=backend)
    assert layer.zeta_l0.shape == layer.nu_l0.shape == ()
    layer(draw(4, 2, 3))[0].sum().backward()
    assert layer.zeta_l0.grad is not None
    assert layer.zeta_l0.grad.shape == ()
    assert layer.zeta_l0.grad != 0


@every_backend
def test_a_delayed_state(backend: str) -> None:
    """The state of three steps ago, and zeros before the sequence; a longer delay by `delayed`."""
    for cell, lag in ((Delayed, 3), (Delayed.delayed({"h_old": 2}), 2)):
        layer = layer_of(cell, backend=backend)
        x = draw(6, 2, 3)
        states = [torch.zeros(2, 5, dtype=torch.float64)] * lag
        for x_t in x:
            h = torch.tanh(x_t @ layer.W_l0 + states[-1] @ layer.U_l0 + states[-lag] @ layer.V_l0 + layer.b_l0)
            states.append(h)
        output, finals = layer(x)
        torch.testing.assert_close(output, torch.stack(states[lag:]))
        assert len(finals) == lag
        half, carried = layer.eval()(x[:2])
        torch.testing.assert_close(torch.cat([half, layer(x[2:], carried)[0]]), output)


def test_a_delay_longer_than_the_sequence_is_not_trained() -> None:
    """It would read nothing but zeros; where a state is given, the sequence goes on from others."""
    layer, x = layer_of(Delayed), draw(2, 2, 3)
    with pytest.raises(InputError, match=r"h of 3 steps before \(h_old\), and the longest sequence has 2"):
        layer(x)
    states = tuple(torch.zeros(1, 2, 5, dtype=torch.float64) for _ in range(3))
    torch.testing.assert_close(layer(x, states)[0], layer.eval()(x)[0])


@every_backend
@pytest.mark.parametrize("cell", [Dropped, Locked], ids=lambda c: c.name)
def test_noise_is_drawn_in_training_and_is_its_mean_in_evaluation(cell: Cell, backend: str) -> None:
    layer, x = layer_of(cell, backend=backend), draw(6, 4, 3)
    first, second = layer(x)[0], layer(x)[0]
    assert not torch.equal(first, second)
    torch.manual_seed(3)
    again = layer(x)[0]
    torch.manual_seed(3)
    assert torch.equal(layer(x)[0], again)
    layer.eval()
    assert torch.equal(layer(x)[0], layer(x)[0])
    draws = torch.stack([layer.train()(x)[0][0] for _ in range(800)])
    if cell is Dropped:  # its first output is linear in the noise, so the mean over draws is what evaluation gives
        torch.testing.assert_close(draws.mean(0), layer.eval()(x)[0][0], atol=0.1, rtol=0)


def test_both_backends_draw_the_same_noise() -> None:
    """From one torch seed, the same masks: outputs and gradients agree."""
    for cell in (Dropped, Locked):
        found = []
        for backend in ("torch", "numpy", "llvm"):
            layer = layer_of(cell, backend=backend, num_layers=2, bidirectional=True)
            torch.manual_seed(4)
            output, _ = layer(draw(6, 4, 3))
            found.append([output, *torch.autograd.grad(output.square().sum(), list(layer.parameters()))])
        for a, *others in zip(*found, strict=True):
            assert all(torch.allclose(a, b) for b in others)


@every_backend
def test_zoneout_keeps_the_share_of_units_that_it_says(backend: str) -> None:
    """A unit that is zoned out has exactly the value that it had; layers and directions draw by themselves."""
    layer = layer_of(Dropped, backend=backend, bidirectional=True)
    h0 = draw(2, 200, 5)
    output, _ = layer(draw(1, 200, 3), h0)
    kept = torch.cat([output[0, :, :5] == h0[0], output[0, :, 5:] == h0[1]])
    assert abs(kept.double().mean() - 0.4) < 0.05
    assert not torch.equal(kept[:200], kept[200:])


@every_backend
def test_an_output_that_is_no_state(backend: str) -> None:
    """Its width is its own; a second layer takes that width; the state is not the output."""
    layer = layer_of(Readout, backend=backend, num_layers=2)
    output, h = layer(draw(6, 2, 3))
    assert (output.shape, h.shape) == ((6, 2, 4), (2, 2, 5))
    assert layer.W_l1.shape == (4, 5)
    torch.testing.assert_close(output[-1], h[-1] @ layer.V_l1 + layer.c_l1)


@every_backend
def test_a_state_that_counts(backend: str) -> None:
    """A comparison and `where`: no gradient goes through the condition, and the counter is exact."""
    layer = layer_of(Stateful, backend=backend)
    output, (_, s) = layer(draw(6, 2, 3))
    expected = torch.zeros(2, 5, dtype=torch.float64)
    for h in output:
        expected = torch.where(h > 0, 0, expected + 1)
    assert torch.equal(s[0], expected)


@every_backend
def test_parameters_that_simplification_leaves_unread(backend: str) -> None:
    """They get no gradient, as from torch; every way of running the layer gives what the equations give."""
    layer = layer_of(Unread, backend=backend)
    x, expected = draw(6, 2, 3), [torch.zeros(2, 5, dtype=torch.float64)]
    for x_t in x:
        expected.append(torch.tanh(x_t @ layer.W_l0 + expected[-1] @ layer.U_l0))
    output, _ = layer(x)
    torch.testing.assert_close(output, torch.stack(expected[1:]))
    output.square().sum().backward()
    assert {name for name, parameter in layer.named_parameters() if parameter.grad is None} == {"V_l0", "R_l0", "b_l0"}
    never = torch.zeros(6, 2, dtype=torch.bool)
    for options in ({"return_states": True}, {"reset": never}, {"mask": ~never}):
        torch.testing.assert_close(layer(x, **options)[0], output)
    with torch.no_grad():
        torch.testing.assert_close(layer.eval()(x)[0], output)
    torch.testing.assert_close(layer.stream(batch=2).run(x), output.detach())
