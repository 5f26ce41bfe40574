"""Parameters of two kinds, default devices, freed memory, layers of several widths: right, or refused by us."""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import prune
from torch.nn.utils.rnn import pack_sequence

import recurra
import recurra.nn
from recurra import Cell, cell, sigmoid, tanh
from recurra.backends import buffer_pool
from recurra.cells import IntersectionRNN
from recurra.errors import CellError, InputError, RecurraError
from recurra.nn import GRU, LSTM, RNN, LSTMCell, Recurrent, RNNCell, Sequential

SOURCE = Path(recurra.__file__).parent
MAKERS = {"empty", "zeros", "ones", "full", "tensor", "arange", "empty_strided", "as_tensor", "eye", "linspace"}


@cell(sizes={"W_o": ("hidden_size", "input_size")})
def AsWideAsItsInput(p, x, h):
    """A layer above one of both directions is twice as wide."""
    h = tanh(x @ p.W + h @ p.U)
    return (h,), x * sigmoid(h @ p.W_o)


@pytest.mark.parametrize("kind", [IntersectionRNN, AsWideAsItsInput])
@pytest.mark.parametrize("is_taped", [True, False])
def test_layers_of_several_widths(kind: Cell, is_taped: bool) -> None:
    layers = [Recurrent(kind, 4, 4, num_layers=3, bidirectional=True, backend=each) for each in ("llvm", "torch")]
    layers[1].load_state_dict(layers[0].state_dict())
    x = torch.randn(3, 2, 4)
    for _ in range(4):  # the third call of a shape is a direct one
        results = []
        for layer in layers:
            with nullcontext() if is_taped else torch.no_grad():
                output = layer(x)[0]
            found = torch.autograd.grad(output.sin().sum(), [*layer.parameters()]) if is_taped else ()
            results.append([output, *found])
        torch.testing.assert_close(results[0], results[1])


@pytest.mark.parametrize("name", ["weight_hh", "bias_hh"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda each: each.double(), "got torch.float64 on cpu, and other parameters are torch.float32 on cpu"),
        (lambda each: each.bfloat16(), "got torch.bfloat16 on cpu"),
        (lambda each: each.to("meta"), "got torch.float32 on meta"),
    ],
)
def test_parameters_of_two_kinds_are_refused(name: str, change: Callable[[Tensor], Tensor], words: str) -> None:
    for module, x, end in ((LSTM(3, 4), torch.randn(5, 2, 3), "_l0"), (LSTMCell(3, 4), torch.randn(2, 3), "")):
        for calls in (0, 3):
            for _ in range(calls):
                module(x)
            setattr(module, name + end, nn.Parameter(change(module.get_parameter(name + end).data)))
            with pytest.raises(InputError, match=f"{name}{end}: {words}"):
                module(x)
            setattr(module, name + end, nn.Parameter(torch.randn(16, 4) if "weight" in name else torch.randn(16)))
    own = Recurrent(recurra.cells.GRU, 3, 4)
    own.W_hz_l0 = nn.Parameter(change(own.W_hz_l0.data))
    with pytest.raises(InputError, match=f"W_hz_l0: {words}"):
        own(torch.randn(5, 2, 3))


def test_a_parameter_that_is_none_is_refused() -> None:
    layer = RNN(3, 4)
    layer.weight_hh_l0 = None  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(InputError, match="weight_hh_l0: got NoneType, expected a parameter"):
        layer(torch.randn(5, 2, 3))
    with pytest.raises(InputError, match="nonlinearity: got 'elu', expected one of"):
        RNNCell(3, 4, nonlinearity="elu")(torch.randn(2, 3))


@pytest.fixture(params=["context", "default"])
def meta(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A way to make new tensors of torch on another device."""
    if request.param == "context":
        yield torch.device("meta")
    else:

        class Default:
            def __enter__(self) -> None:
                torch.set_default_device("meta")

            def __exit__(self, *_: object) -> None:
                torch.set_default_device(None)

        yield Default()


@pytest.mark.parametrize("calls", [0, 3])
@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_new_tensors_elsewhere(kind: type[Any], calls: int, meta: Any) -> None:
    layer, x = kind(3, 4, num_layers=2, bidirectional=True), torch.randn(5, 2, 3, requires_grad=True)
    packed = pack_sequence([x[:3, 1], x[:, 0]], enforce_sorted=False)
    for _ in range(calls):
        layer(x)
    expected = [layer(x)[0], layer(packed)[0].data, *torch.autograd.grad(layer(x)[0].sum(), [x])]
    with meta:
        found = [layer(x)[0], layer(packed)[0].data, *torch.autograd.grad(layer(x)[0].sum(), [x])]
    torch.testing.assert_close(found, expected)


def test_streams_and_cells_with_new_tensors_elsewhere(meta: Any) -> None:
    layer, single, block = GRU(3, 4), LSTMCell(3, 4), torch.randn(5, 3)
    expected, state = layer(block)[0], single(block)
    with meta:
        stream = layer.stream()
        found = stream.run(block)
        stream.state = stream.fork().state
        stream.reset()
        again, now = stream.run(block), single(block)
    torch.testing.assert_close([found, again, *now], [expected, expected, *state])


def test_every_new_tensor_of_kernels_and_layers_says_its_device() -> None:
    """Where the default device is another one, compiled code would be handed an address that is none."""
    lacking = []
    for path in (*SOURCE.glob("backends/**/*.py"), *SOURCE.glob("nn/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("torch"), made), keywords=given) if made in MAKERS:
                    names = {each.arg for each in given}
                case _:
                    continue
            if not names & {"device", None}:
                lacking.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert not lacking


def test_freed_memory_is_refused() -> None:
    for calls in (0, 3):
        layer, x = GRU(3, 4, backend="llvm"), torch.randn(5, 2, 3)
        for _ in range(calls):
            layer(x)
        x.untyped_storage().resize_(0)
        with pytest.raises(RecurraError, match="memory"):
            layer(x)


def test_autocast_converts_what_torch_converts() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3).bfloat16()
    single, hx = LSTMCell(3, 4), (torch.randn(2, 4).bfloat16(), torch.randn(2, 4))
    expected = layer(x.float())[0], single(x[0].float(), (hx[0].float(), hx[1]))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for _ in range(4):  # the third call of a shape is a direct one
            torch.testing.assert_close((layer(x)[0], single(x[0], hx)), expected)
        for dtype in (torch.float64, torch.int64):
            with pytest.raises(InputError, match="got torch"):
                layer(torch.zeros(5, 2, 3, dtype=dtype))


@pytest.mark.parametrize("options", [{"fused": True}, {"foreach": True}, {}])
@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.AdamW])
def test_a_stream_notices_every_optimiser(kind: type[Any], options: dict[str, bool]) -> None:
    layer, x = GRU(3, 5), torch.randn(7, 3)
    stream, optimiser = layer.stream(), kind(layer.parameters(), lr=0.1, **options)
    for _ in range(2):
        layer(x)[0].square().sum().backward()
        optimiser.step()
        stream.reset()
        torch.testing.assert_close(stream.run(x), layer(x)[0])


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_a_stream_notices_weights_that_a_hook_computes() -> None:
    for change in (
        lambda layer: prune.l1_unstructured(layer, "weight_hh_l0", 0.5),
        lambda layer: nn.utils.weight_norm(layer, "weight_hh_l0"),
        lambda layer: nn.utils.parametrizations.weight_norm(layer, "weight_hh_l0"),
    ):
        layer, x = GRU(3, 5), torch.randn(4, 3)
        stream = layer.stream()
        stream.run(x)
        change(layer)
        for _ in range(3):
            stream.reset()
            torch.testing.assert_close(stream.run(x), layer(x)[0])
            with torch.no_grad():
                for each in layer.parameters():
                    each.mul_(1.5)


def test_a_stream_refuses_parameters_of_another_kind() -> None:
    layer = GRU(3, 5)
    stream = layer.stream()
    layer.to("meta")
    with pytest.raises(InputError, match=r"a parameter is torch\.float32 on meta now"):
        stream.run(torch.randn(4, 3))
    for head in (nn.Linear(5, 2, device="meta"), nn.Linear(5, 2).double(), nn.Linear(5, 2).bfloat16()):
        with pytest.raises(InputError, match="convert all parameters to one dtype"):
            Sequential(GRU(3, 5), head).stream()


def test_an_output_that_is_no_state_is_shown_as_it_is_written() -> None:
    with pytest.raises(CellError, match=r"`return \(h,\), y`"):

        @cell
        def Wrong(p, x, h):
            return (h), x @ p.W


def test_memory_that_waits_is_given_back() -> None:
    layer = GRU(16, 64)
    layer(torch.randn(100, 64, 16))[0].sum().backward()
    gc.collect()
    assert buffer_pool._waiting
    recurra.nn.empty_cache()
    assert not buffer_pool._waiting
