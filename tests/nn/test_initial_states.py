"""Initial states: where a call, a reset, a stream and a packed batch begin, and what learns of it."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from recurra import Cell, cell, sigmoid, tanh
from recurra.cells import GRU
from recurra.errors import CellError, InputError
from recurra.nn import Recurrent


@cell(initial={"c": 1.0, "m": lambda memory: np.linspace(-1, 1, memory), "h": "learnt"}, sizes={"m": "memory"})
def Begun(p, x, h, c, m):
    """One state begins with a number, one with a vector, one with what is learnt."""
    f = sigmoid(x @ p.W_f + h @ p.U_f)
    c = f * c + (1 - f) * tanh(x @ p.W + m @ p.V)
    return tanh(c + h @ p.U), c, 0.9 * m + x @ p.W_m


def layer_of(**options: Any) -> Recurrent:
    torch.manual_seed(0)
    layer = Recurrent(Begun, 3, 5, sizes={"memory": 4}, **options).double()
    with torch.no_grad():
        for name, each in layer.named_parameters():
            if name.startswith("initial_h"):
                each.normal_()
    return layer


def state_of(layer: Recurrent, batch: int) -> tuple[torch.Tensor, ...]:
    """Return the initial state, made by hand."""
    learnt = torch.stack([each for name, each in layer.named_parameters() if name.startswith("initial_h")])
    count = len(learnt)
    vector = layer.initial_m_l0.expand(count, batch, 4)
    torch.testing.assert_close(layer.initial_m_l0.float(), torch.linspace(-1, 1, 4))
    return learnt[:, None].expand(-1, batch, -1), torch.ones(count, batch, 5, dtype=torch.float64), vector


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}, {"batch_first": True}])
def test_a_call_without_a_state_begins_with_it(options: dict[str, Any], backend: str) -> None:
    layer = layer_of(**options, backend=backend)
    x = torch.randn(6, 2, 3, dtype=torch.float64)
    batch = 6 if layer.batch_first else 2
    for _ in range(3):  # the later calls take the way of calls that were made before
        output, last = layer(x)
        expected, last_expected = layer(x, state_of(layer, batch))
        torch.testing.assert_close(output, expected)
        torch.testing.assert_close(last, last_expected)
    assert all(torch.equal(a, b) for a, b in zip(layer.initial_state(batch), state_of(layer, batch), strict=True))
    found, expected = (torch.autograd.grad(each.sin().sum(), layer.initial_h_l0)[0] for each in (output, expected))
    torch.testing.assert_close(found, expected)
    assert found.abs().sum() > 0


def test_unbatched_and_packed_sequences_begin_with_it() -> None:
    layer = layer_of()
    x = torch.randn(6, 3, dtype=torch.float64)
    alone, _ = layer(x)
    torch.testing.assert_close(alone, layer(x[:, None])[0][:, 0])
    packed = pack_sequence([x[:2], x, x[:4]], enforce_sorted=False)
    output, (h, _, _) = layer(packed)
    torch.testing.assert_close(h[0], torch.stack([alone[1], alone[5], alone[3]]))
    (gradient,) = torch.autograd.grad(output.data.sum(), layer.initial_h_l0)
    parts = [torch.autograd.grad(layer(x[:n])[0].sum(), layer.initial_h_l0)[0] for n in (2, 6, 4)]
    torch.testing.assert_close(gradient, sum(parts))


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
@pytest.mark.parametrize("options", [{}, {"bidirectional": True}])
def test_a_reset_begins_anew_with_it_and_teaches_it(options: dict[str, Any], backend: str) -> None:
    """As if the parts were sequences by themselves, in values and in what is learnt."""
    layer = layer_of(**options, backend=backend)
    x = torch.randn(7, 2, 3, dtype=torch.float64)
    reset = torch.zeros(7, 2, dtype=torch.bool)
    reset[3, 0] = reset[5, 1] = reset[0, 1] = True
    output, _ = layer(x, reset=reset)
    pieces = [[(0, 3), (3, 7)], [(0, 5), (5, 7)]]
    expected = torch.stack([torch.cat([layer(x[a:b, k])[0] for a, b in parts]) for k, parts in enumerate(pieces)], 1)
    torch.testing.assert_close(output, expected)
    weight = torch.randn_like(output)
    found, other = (
        torch.autograd.grad((each * weight).sum(), [*layer.parameters()], retain_graph=True)
        for each in (output, expected)
    )
    torch.testing.assert_close(found, other)


def test_masked_steps_and_resets_among_them() -> None:
    layer = layer_of(bidirectional=True)
    x = torch.randn(6, 2, 3, dtype=torch.float64)
    mask, reset = torch.ones(6, 2, dtype=torch.bool), torch.zeros(6, 2, dtype=torch.bool)
    mask[2:4, 0] = False
    reset[3, 0] = True
    output, _ = layer(x, mask=mask, reset=reset)
    first, second = layer(x[:2, 0])[0], layer(x[4:, 0])[0]
    torch.testing.assert_close(output[:, 0], torch.cat([first, torch.zeros_like(first), second]))
    nothing, state = layer(x, mask=torch.zeros_like(mask))
    assert not nothing.any()
    torch.testing.assert_close(state, layer.initial_state(2))


def test_a_stream_begins_with_it_and_its_reset_too() -> None:
    layer = layer_of(num_layers=2).eval()
    x = torch.randn(5, 3, 3, dtype=torch.float64)
    stream = layer.stream(batch=3)
    torch.testing.assert_close(stream.state, layer.initial_state(3))
    expected = layer(x)[0].detach()
    torch.testing.assert_close(stream.run(x), expected)
    stream.reset([True, False, True])
    again = stream.run(x)
    torch.testing.assert_close(again[:, [0, 2]], expected[:, [0, 2]])
    assert not torch.equal(again[:, 1], expected[:, 1])
    with torch.no_grad():
        layer.initial_h_l0.add_(1.0)
    stream.reset()
    torch.testing.assert_close(stream.run(x), layer(x)[0].detach())


def test_a_given_state_takes_its_place_and_teaches_it_nothing() -> None:
    layer = layer_of()
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    whole, _ = layer(x)
    first, state = layer(x[:2])
    second, _ = layer(x[2:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    detached = tuple(each.detach() for each in state)
    assert torch.autograd.grad(layer(x[2:], detached)[0].sum(), layer.initial_h_l0, allow_unused=True) == (None,)


def test_a_delayed_state_begins_as_the_state_does() -> None:
    @cell(delays={"h_d": ("h", 3)}, initial={"h": 0.5})
    def Delayed(p, x, h, *, h_d):
        return 0.5 * h + h_d + x @ p.W

    layer = Recurrent(Delayed, 2, 2)
    assert all(bool((each == 0.5).all()) for each in layer.initial_state(3))


def test_it_is_printed_stored_copied_and_compiled() -> None:
    assert Begun.equations().splitlines()[:3] == ["c[0] = 1", "m[0] = initial_m", "h[0] = initial_h"]
    assert "c_{0} &= 1" in Begun.equations(latex=True)
    with pytest.raises(CellError, match=r"initial \['m'\] are functions of the sizes"):
        Begun.to_json()
    again = Cell.from_json(Begun.to_json(sizes={"input_size": 3, "hidden_size": 5, "memory": 4}))
    assert again.initial["c"] == 1.0
    assert again.initial["h"] == "learnt"
    layer = layer_of()
    other = Recurrent(again, 3, 5, sizes={"memory": 4}).double()
    other.load_state_dict(layer.state_dict())
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(other(x)[0], layer(x)[0])
    torch.testing.assert_close(copy.deepcopy(layer)(x)[0], layer(x)[0])
    assert {"initial_h_l0", "initial_m_l0"} <= layer.state_dict().keys()
    changed = {name: each + 1 for name, each in layer.named_parameters()}
    by_call = torch.func.functional_call(layer, changed, (x,))[0]
    assert not torch.equal(by_call, layer(x)[0])


BAD: dict[str, tuple[Any, str]] = {
    "no such state": ({"k": 1.0}, r"initial=\{'k': 1.0\}: there is no such state; there are \['h'\]"),
    "a word": ({"h": "random"}, "expected a number, 'learnt', a vector, or a function of the sizes that gives one"),
    "not finite": ({"h": float("nan")}, "nan is in it"),
    "complex": ({"h": np.ones(4) * 1j}, r"initial=\{'h': ...\}: complex numbers: expected real ones"),
    "a matrix": ({"h": np.eye(2)}, r"its shape is \(2, 2\): expected \(hidden_size,\)"),
    "an unknown size": ({"h": lambda width: 0}, r"its function takes \['width'\]"),
    "a name that is taken": ({"h": "learnt"}, "a layer calls it initial_h, and the equations read p.initial_h"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_said_where_it_is_defined(kind: str) -> None:
    initial, message = BAD[kind]
    with pytest.raises(CellError, match=message):

        @cell(initial=initial)
        def Bad(p, x, h):
            return tanh(x @ p.W + h @ p.U + p.initial_h)


def test_a_vector_of_another_size_is_refused_when_a_layer_is_made() -> None:
    @cell(initial={"h": np.ones(4)})
    def Four(p, x, h):
        return tanh(x @ p.W + h @ p.U)

    assert Recurrent(Four, 3, 4)(torch.zeros(1, 1, 3))[0].shape == (1, 1, 4)
    with pytest.raises(
        InputError, match=r"the initial state 'h': its shape is \(4,\): expected \(5,\), which is \(hidden"
    ):
        Recurrent(Four, 3, 5)


def test_a_function_that_raises_is_said_with_what_it_was_given() -> None:
    @cell(initial={"h": lambda hidden_size: 1 / (hidden_size - 5)})
    def Divided(p, x, h):
        return tanh(x @ p.W + h @ p.U)

    with pytest.raises(
        InputError, match=r"Divided: the initial state 'h': its function, called with \(hidden_size=5\), raised ZeroDiv"
    ):
        Recurrent(Divided, 3, 5)
    with pytest.raises(CellError, match="ZeroDivisionError") as caught:
        Divided.initial_states({"input_size": 3, "hidden_size": 5})
    assert isinstance(caught.value.__cause__, ZeroDivisionError)  # whose traceback shows the line


@pytest.mark.parametrize(("initial", "message"), [
    ({"k": 1.0}, "there is no such state"),
    ({"h": "magic"}, "expected a number, 'learnt', a vector"),
    ({"h": [[1.0]]}, r"its shape is \(1, 1\)"),
    ({"h": float("inf")}, "inf is in it"),
    ([1], "not a cell as JSON"),
])  # fmt: skip
def test_tampered_json_is_refused(initial: Any, message: str) -> None:
    data = json.loads(GRU.to_json())
    with pytest.raises(CellError, match=message):
        Cell.from_json(json.dumps({**data, "initial": initial}))
