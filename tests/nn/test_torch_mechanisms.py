"""Each mechanism of torch with each layer, in a process of its own: a kernel on a wrong address ends the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from recurra.errors import BackendError, InputError
from recurra.nn import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

SCRIPT = Path(__file__).with_name("torch_mechanisms.py")
MECHANISMS = (
    "fake", "subclass", "unusual", "trace", "onnx", "board", "script", "graphs", "compiled", "export", "transforms",
    "batched", "quantised",
)  # fmt: skip


@pytest.mark.parametrize(
    "layer", ["LSTM", *(pytest.param(name, marks=pytest.mark.slow) for name in ("GRU", "RNN")), "Recurrent"]
)
def test_every_mechanism_works_or_is_refused_in_our_words(layer: str) -> None:
    found = subprocess.run(
        [sys.executable, str(SCRIPT), layer, *MECHANISMS], capture_output=True, text=True, timeout=300, check=False
    )
    assert found.returncode == 0, found.stderr[-3000:]


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.parametrize("kind", [LSTMCell, GRUCell, RNNCell])
def test_a_traced_cell_is_torchs_for_any_batch(kind: type[torch.nn.Module]) -> None:
    cell = kind(3, 4)  # pyright: ignore[reportCallIssue]
    traced, scripted = torch.jit.trace(cell, (torch.randn(2, 3),)), torch.jit.script(cell)
    x = torch.randn(5, 3)
    torch.testing.assert_close(traced(x), cell(x))  # pyright: ignore[reportCallIssue]
    torch.testing.assert_close(scripted(x), cell(x))


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell, RNNCell])
def test_a_compiled_cell_is_in_the_graph(kind: type[torch.nn.Module]) -> None:
    """A loop of a person's own over the steps is one graph, with values and gradients as without."""
    cell, x = kind(3, 4), torch.randn(3, 2, 3)  # pyright: ignore[reportCallIssue]

    def loss(x: torch.Tensor) -> torch.Tensor:
        state = None
        for row in x:
            state = cell(row, state)
        return (state[0] if isinstance(state, tuple) else state).square().sum()  # pyright: ignore

    compiled = torch.compile(loss, backend="aot_eager", fullgraph=True)
    found, expected = (torch.autograd.grad(each(x), list(cell.parameters())) for each in (compiled, loss))
    torch.testing.assert_close(found, expected)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_kernel_asked_for_by_name_refuses_what_it_cannot_run() -> None:
    layer, x = LSTM(3, 4, backend="llvm"), torch.randn(5, 2, 3)
    with pytest.raises(BackendError, match=r"forward-mode derivatives.*backend='torch' can run this"):
        torch.func.jvp(lambda v: layer(v)[0], (x,), (x,))


@pytest.mark.parametrize("kind", [GRU, RNN])
def test_a_projection_is_refused_as_torch_refuses_it(kind: type[torch.nn.Module]) -> None:
    with pytest.raises(ValueError, match="proj_size argument is only supported for LSTM"):
        kind(3, 4, proj_size=2)  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="unexpected arguments"):
        kind(3, 4, projection=2)  # pyright: ignore[reportCallIssue]


def test_a_block_of_a_stream_is_its_steps() -> None:
    layer, block = LSTM(3, 4), torch.randn(6, 2, 3)
    stream = layer.stream(batch=2)
    output = torch.cat([stream.run(block[:4]), stream.run(block[4:])])
    expected, states = layer(block)
    torch.testing.assert_close(output, expected.detach())
    torch.testing.assert_close(stream.state, tuple(state.detach() for state in states))
    alone = layer.stream().run(np.zeros((3, 3), dtype=np.float32))
    assert alone.shape == (3, 4)
    assert len({row.tobytes() for row in alone}) == 3
    with pytest.raises(InputError, match="this stream takes"):
        stream.run(torch.randn(4, 2, 5))
