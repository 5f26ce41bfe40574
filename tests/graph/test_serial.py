"""A cell as JSON: the same cell comes back, and what was tampered with is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from recurra import Cell, bernoulli, cell, exp, log, maximum, mean, minimum, relu, softplus, sqrt, sum, tanh, where
from recurra.cells import GRU, all_cells
from recurra.errors import CellError
from recurra.testing import check_cell
from recurra.testing.cases import numbers_for


@cell(sizes={"dt": 1, "place": 2}, scalars=("a",), per_sequence=("place",), delays={"h_old": ("h", 2)}, init={"b": 0.5})
def Everything(p, x, h, *, dt, place, h_old):
    """Uses every operation."""
    u = tanh(x @ p.W + h @ (p.A - p.A.T) + place @ p.C + h_old @ p.D + p.b)
    m = bernoulli(0.1, like=h, per="sequence")
    h = 0.5 * m * h + (1 - m) * where(u <= 0.1, exp(-dt) * relu(u), softplus(p.a * u) / (1 + abs(u)))
    return maximum(minimum(h, 1), -1) + log(1 + h**2) * mean(u) + sqrt(1 + sum(u * u)) * 0.01


@pytest.mark.parametrize("given", [*all_cells.values(), Everything], ids=lambda c: c.name)
def test_there_and_back(given: Cell) -> None:
    """Equations, derivation, initialisation and text are the same, and so is the JSON of the copy."""
    sizes = numbers_for(given, {})  # by which functions of sizes are stored
    back = Cell.from_json(given.to_json(sizes=sizes))
    assert back.to_json() == given.to_json(sizes=sizes)
    assert back.equations() == given.equations()
    assert back.backward_equations() == given.backward_equations()
    assert [(p.name, p.shape, p.role) for p in back.parameters] == [(p.name, p.shape, p.role) for p in given.parameters]
    pairs = [
        (each.initial_parameters(sizes), each.fixed_arrays(sizes), each.initial_states(sizes)) for each in (back, given)
    ]
    for read, written in zip(*pairs, strict=True):
        assert read.keys() == written.keys()
        assert all(np.array_equal(read[name], written[name]) for name in written)
    assert (back.name, back.doc, back.states, back.sizes) == (given.name, given.doc, given.states, given.sizes)
    assert [n.name for n in back.further_inputs] == [n.name for n in given.further_inputs]


def test_the_copy_computes_the_same() -> None:
    check_cell(Cell.from_json(Everything.to_json()))


def test_the_copy_has_no_function() -> None:
    """No code is stored, so it cannot be called as it stands; a layer runs it."""
    with pytest.raises(CellError, match="its function was not stored with its equations; run it through a layer"):
        Cell.from_json(GRU.to_json())({}, None, None)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    data = json.loads(GRU.to_json())
    change(data)
    return json.dumps(data)


def first_with(data: dict[str, Any], op: str) -> dict[str, Any]:
    return next(node for node in data["step"]["nodes"] if node["op"] == op)


def place(data: dict[str, Any], op: str) -> int:
    return data["step"]["nodes"].index(first_with(data, op))


TAMPERED: dict[str, tuple[str, str]] = {
    "no JSON": ("GRU", "not a cell as JSON"),
    "a list": ("[]", "not a cell as JSON"),
    "a newer format": (
        changed(lambda d: d.update(format=99)),
        "a cell in format 99; this version of recurra reads up to 2",
    ),
    "no step": (changed(lambda d: d.pop("step")), "not a cell as JSON: 'step'"),
    "no nodes": (changed(lambda d: d["step"].pop("nodes")), "not the graph of a cell: KeyError 'nodes'"),
    "unknown operation": (changed(lambda d: first_with(d, "tanh").update(op="system")), "unknown operation 'system'"),
    "a forward reference": (
        changed(lambda d: first_with(d, "tanh").update(args=[99])),
        "not the graph of a cell: KeyError 99",
    ),
    "too many arguments": (
        changed(lambda d: first_with(d, "tanh").update(args=[0, 0])),
        "2 arguments where the table says 1",
    ),
    "another shape": (changed(lambda d: first_with(d, "tanh").update(shape=["input_size"])), "input_size"),
    "an attribute missing": (
        changed(lambda d: first_with(d, "constant").pop("value")),
        "it has nothing, expected value",
    ),
    "an attribute too many": (changed(lambda d: first_with(d, "parameter").update(code="...")), "expected name"),
    "an attribute that is a list": (changed(lambda d: first_with(d, "parameter").update(name=[])), "not the graph"),
    "a size of zero": (changed(lambda d: first_with(d, "parameter").update(shape=[0])), "a whole number from 1 on"),
    "no rows": (changed(lambda d: first_with(d, "tanh").update(rows=False)), "rows is False where"),
    "another product": (
        changed(lambda d: first_with(d, "matmul").update(args=[0, 0])),
        "a product of ('input_size',) and ('input_size',)",
    ),
    "two parameters of one name": (
        changed(lambda d: [n.update(name="W") for n in d["step"]["nodes"] if n["op"] == "parameter"]),
        "two parameters of one name",
    ),
    "a parameter that is not listed": (changed(lambda d: d["step"]["parameters"].pop()), "is used and not listed"),
    "an output that is a parameter": (changed(lambda d: d["step"].update(output=place(d, "parameter"))), "the output"),
    "a delay of nothing": (changed(lambda d: d["step"].update(delays={"a": ["h", 2]})), "declared inputs ['a'] of []"),
    "names that are none": (changed(lambda d: d["step"].update(names=[3])), "not the graph of a cell: TypeError"),
    "another next state": (changed(lambda d: d["step"].update(next_states=[])), "1 states and 0 next states"),
    "a next state of another size": (
        changed(lambda d: d["step"].update(next_states=[place(d, "input")])),
        "the next value of h has the shape ('input_size',), not ('hidden_size',)",
    ),
    "a state that is none": (changed(lambda d: d["step"].update(states=[0])), "input(x) stands among the states"),
    "an index that is no number": (
        changed(lambda d: d["step"].update(output="h")),
        "not the graph of a cell: KeyError 'h'",
    ),
    "a reference from the end": (
        changed(lambda d: first_with(d, "tanh").update(args=[-1])),
        "not the graph of a cell: KeyError -1",
    ),
    "an unknown scheme": (changed(lambda d: d.update(init={"b_n": "magic"})), "magic"),
    "an unknown parameter": (changed(lambda d: d.update(init={"zz": 1.0})), "there is no such parameter"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_tampered_json_is_refused(kind: str) -> None:
    text, message = TAMPERED[kind]
    with pytest.raises(CellError) as caught:
        Cell.from_json(text)
    assert message in str(caught.value)
