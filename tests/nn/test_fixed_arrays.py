"""Fixed arrays: read as parameters, not trained, saved with a layer and with a cell; what is wrong with one is said."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
import torch

from recurra import Cell, cell, tanh
from recurra.errors import CellError, InputError
from recurra.nn import Recurrent
from recurra.testing import check_cell
from recurra.transforms import zoneout


def legendre(memory: int) -> np.ndarray:
    """Return (I + A dt) of a Legendre memory, Voelker et al. (2019), of a window of ten steps."""
    q = np.arange(memory)
    a = np.where(q[:, None] < q, -1.0, (-1.0) ** (q[:, None] - q + 1)) * (2 * q[:, None] + 1)
    return (np.eye(memory) + a / 10).T


@cell(
    sizes={"m": "memory", "e": (1,), "W_e": ("input_size", 1)},
    fixed={"A": legendre, "B": lambda memory: (2 * np.arange(memory) + 1) * (-1.0) ** np.arange(memory) / 10},
)
def Memory(p, x, h, m):
    """A Legendre memory unit whose matrices are made for its size."""
    u = x @ p.W_e + p.e
    m = m @ p.A + u * p.B
    return tanh(x @ p.W + h @ p.U + m @ p.M), m


MASK = np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]])


@cell(sizes={"h": 4}, fixed={"mask": MASK, "scale": 0.5})
def Wired(p, x, h):
    """A sparse wiring: a trained matrix times a mask, an expression of both."""
    return tanh(x @ p.W + h @ (p.U * p.mask) * p.scale)


@pytest.mark.parametrize(("made", "sizes"), [(Memory, {"memory": 6}), (Wired, {})], ids=["Memory", "Wired"])
def test_a_cell_with_fixed_arrays_is_the_same_on_all_backends(made: Cell, sizes: dict[str, int]) -> None:
    check_cell(made, sizes=sizes)


def test_they_are_buffers_that_are_not_trained() -> None:
    layer = Recurrent(Memory, 3, 5, sizes={"memory": 6}, num_layers=2, bidirectional=True)
    assert {name for name, _ in layer.named_buffers()} == {
        f"{name}_l{number}{way}" for name in "AB" for number in (0, 1) for way in ("", "_reverse")
    }
    assert not {name for name, _ in layer.named_parameters()} & {"A_l0", "B_l0"}
    np.testing.assert_allclose(layer.A_l1, legendre(6), rtol=1e-6)
    output, _ = layer(torch.randn(7, 2, 3))
    output.sum().backward()
    assert layer.A_l0.grad is None
    assert layer.M_l0.grad is not None
    assert Memory.parameter_count(input_size=3, hidden_size=5, sizes={"memory": 6}) == sum(
        each.numel() for each in Recurrent(Memory, 3, 5, sizes={"memory": 6}).parameters()
    )
    assert [each.name for each in Memory.parameters] == ["W_e", "e", "W", "U", "M"]


def test_no_weight_gradient_by_one_is_computed() -> None:
    plan = Memory.plans().backward
    operands = [[node.shape for node in gradient.results] for gradient in plan.weight_gradients]
    assert ("memory", "memory") not in [shape for shapes in operands for shape in shapes]
    assert Wired.plans().forward.step.fixed == {"scale", "mask"} & {
        node.name for node in Wired.plans().forward.step.parameters
    }


def test_a_layer_keeps_them_in_its_state_and_its_dtype() -> None:
    layer = Recurrent(Wired, 3, 4).double()
    assert layer.mask_l0.dtype == torch.float64
    other = Recurrent(Wired, 3, 4).double()
    other.mask_l0.zero_()
    other.load_state_dict(layer.state_dict())
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(other(x)[0], layer(x)[0])
    torch.testing.assert_close(copy.deepcopy(layer)(x)[0], layer(x)[0])
    stream = layer.eval().stream(batch=2)
    torch.testing.assert_close(stream.run(x), layer(x)[0].detach())
    layer.mask_l0.zero_()
    stream.reset()
    torch.testing.assert_close(stream.run(x), layer(x)[0].detach())


def test_a_cell_is_stored_with_them() -> None:
    again = Cell.from_json(Wired.to_json())
    np.testing.assert_array_equal(again.fixed["mask"], MASK)
    assert again.written.fixed == {"mask", "scale"}
    check_cell(again)
    with pytest.raises(
        CellError, match=r"fixed \['A', 'B'\] are functions of the sizes, and code is not stored: to_json"
    ):
        Memory.to_json()
    sized = Cell.from_json(Memory.to_json(sizes={"input_size": 3, "hidden_size": 5, "memory": 6}))
    np.testing.assert_allclose(sized.fixed["A"], legendre(6))
    Recurrent(sized, 3, 5, sizes={"memory": 6})
    with pytest.raises(
        InputError, match=r"the fixed array 'A': its shape is \(6, 6\): expected \(7, 7\), which is \(memory, memory\)"
    ):
        Recurrent(sized, 3, 5, sizes={"memory": 7})
    assert zoneout(Wired, 0.1).fixed.keys() == {"mask", "scale"}


def test_a_function_is_called_with_them_or_without() -> None:
    p = {"W": np.ones((3, 4)), "U": np.ones((4, 4))}
    x, h = np.ones((2, 3)), np.ones((2, 4))
    np.testing.assert_allclose(Wired(p, x, h), Wired({**p, "mask": MASK, "scale": 0.5}, x, h))


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "not finite": ({"fixed": {"U": [[1.0, np.nan]]}}, r"fixed=\{'U': ...\}: nan is in it: expected finite numbers"),
    "three axes": ({"fixed": {"U": np.ones((2, 2, 2))}}, r"an array of shape \(2, 2, 2\): expected a number"),
    "empty": ({"fixed": {"U": []}}, r"an array of shape \(0,\): expected a number"),
    "complex": ({"fixed": {"U": np.eye(3) * 1j}}, r"fixed=\{'U': ...\}: complex numbers: expected real ones"),
    "a complex tensor": ({"fixed": {"U": torch.eye(3) * (1 + 0j)}}, "complex numbers: expected real ones"),
    "huge": ({"fixed": {"U": [10**400]}}, "list: expected an array of numbers"),
    "text": ({"fixed": {"U": "eye"}}, "str: expected an array of numbers, or a function of the sizes"),
    "another shape": ({"fixed": {"U": np.eye(3)}}, r"`return tanh.*`\n.*`h @ p.U`: hidden_size beside 3"),
    "a vector": ({"fixed": {"U": np.ones(3)}}, r"a vector \(3\) where a matrix is needed"),
    "not used": ({"fixed": {"V": np.eye(3)}}, "'V' is declared and not used"),
    "its size twice": (
        {"fixed": {"U": np.eye(3)}, "sizes": {"U": (3, 3)}}, r"an array of shape \(3, 3\) says its sizes itself",
    ),
    "an unknown size": ({"fixed": {"U": lambda width: np.eye(width)}}, r"its function takes \['width'\]; the"),
    "open arguments": ({"fixed": {"U": lambda *sizes: 0}}, r"a function with the argument \*sizes"),
    "an initialisation": ({"fixed": {"U": lambda hidden_size: 0}, "init": {"U": 1.0}}, "there is no such parameter"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_said_where_it_is_defined(kind: str) -> None:
    declaration, message = BAD[kind]
    with pytest.raises(CellError, match=message):

        @cell(**declaration)
        def Bad(p, x, h):
            return tanh(x @ p.W + h @ p.U)


@pytest.mark.parametrize(("made", "message"), [
    (lambda hidden_size: np.eye(hidden_size + 1), r"its shape is \(6, 6\): expected \(5, 5\), which is \(hidden_s"),
    (lambda hidden_size: np.full((5, 5), np.inf), "inf is in it: expected finite numbers"),
    (lambda hidden_size: None, "expected an array of numbers"),
    (lambda hidden_size: np.eye(hidden_size) * 1j, "the fixed array 'U': complex numbers: expected real ones"),
    (lambda input_size, hidden_size: np.eye(hidden_size)[input_size + 9], r"the fixed array 'U': its function, called "
     r"with \(input_size=3, hidden_size=5\), raised IndexError: index 12 is out"),
])  # fmt: skip
def test_what_a_function_gives_is_checked_when_a_layer_is_made(made: Any, message: str) -> None:
    @cell(fixed={"U": made})
    def Late(p, x, h):
        return tanh(x @ p.W + h @ p.U)

    with pytest.raises(InputError, match=message):
        Recurrent(Late, 3, 5)


@pytest.mark.parametrize(("change", "message"), [
    (lambda d: d["fixed"].pop("mask"), r"fixed arrays \['scale'\] where its equations have \['mask', 'scale'\]"),
    (lambda d: d["fixed"].update(mask=[[1.0, float("nan")]]), "nan is in it"),
    (lambda d: d["fixed"].update(mask=[[1.0], [1.0, 2.0]]), "expected an array of numbers"),
    (lambda d: d.update(fixed=[1]), "not a cell as JSON"),
    (lambda d: d["step"].update(fixed=["mask", "scale", "V"]), r"the fixed arrays \['V', 'mask', 'scale'\] among the"),
])  # fmt: skip
def test_tampered_json_is_refused(change: Any, message: str) -> None:
    data = json.loads(Wired.to_json())
    change(data)
    with pytest.raises(CellError, match=message):
        Cell.from_json(json.dumps(data))
