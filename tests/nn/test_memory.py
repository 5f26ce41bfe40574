"""What a layer holds between its passes, and what happens to those who write there."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch

from recurra.cells import GRU, LSTM
from recurra.nn import Recurrent

every_cell = pytest.mark.parametrize("cell", [LSTM, GRU], ids=lambda c: c.name)


@every_cell
def test_the_backward_pass_frees_what_the_forward_pass_kept(cell) -> None:
    """A loss that is still at hand, as in a loop of training, holds none of it."""
    layer = Recurrent(cell, 3, 4, backend="llvm")
    x = torch.randn(6, 2, 3)
    seen, loss = weakref.ref(x), layer(x)[0].sum()
    kept = [weakref.ref(tensor) for tensor in loss.grad_fn.next_functions[0][0].next_functions[0][0].saved_tensors]
    assert len(kept) > 3
    del x
    loss.backward()
    gc.collect()
    assert seen() is None
    parameters = {id(parameter) for parameter in layer.parameters()}
    assert all(reference() is None or id(reference()) in parameters for reference in kept)


@every_cell
def test_an_output_may_be_written_to(cell) -> None:
    """The backward pass does not read it: it reads the states, which lie elsewhere."""
    layer = Recurrent(cell, 3, 4, backend="llvm")
    x = torch.randn(6, 2, 3, requires_grad=True)
    expected = torch.autograd.grad((layer(x)[0] * 2).sum(), x)[0]
    output, _ = layer(x)
    output.mul_(2)
    torch.testing.assert_close(torch.autograd.grad(output.sum(), x)[0], expected)


@every_cell
def test_an_output_of_an_inference_may_be_written_to(cell) -> None:
    layer = Recurrent(cell, 3, 4, backend="llvm")
    x = torch.randn(6, 2, 3)
    with torch.no_grad():
        output, final = layer(x)
        expected = layer(x)
        output.zero_()
        again = layer(x)
    assert torch.equal(again[0], expected[0])
    for a, b in zip(final, expected[1], strict=True):
        assert torch.equal(a, b)


@every_cell
def test_a_parameter_that_is_changed_before_the_backward_pass_is_noticed(cell) -> None:
    layer = Recurrent(cell, 3, 4, backend="llvm")
    output, _ = layer(torch.randn(6, 2, 3))
    with torch.no_grad():
        next(layer.parameters()).mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        output.sum().backward()
