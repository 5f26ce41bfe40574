"""Cell graphs that somebody made to break what reads them: each is refused in our words before anything is compiled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from recurra import Cell
from recurra.cells import GRU, Elman
from recurra.errors import CellError
from recurra.transforms import batch_norm, recurrent_dropout

H = ["hidden_size"]
FIRST_PARAMETER, ONE, LAST = 2, 12, 33
"""Where the GRU's graph has its first parameter, the constant 1, and the next state."""

Data = dict[str, Any]
Change = Callable[[Data], object]


def nodes(data: Data) -> list[Data]:
    return data["step"]["nodes"]


def set_in(op: str, **attributes: Any) -> Change:
    """Change the first value of an operation."""
    return lambda data: next(node for node in nodes(data) if node["op"] == op).update(attributes)


def at(index: int, **attributes: Any) -> Change:
    """Change a value by its place."""
    return lambda data: nodes(data)[index].update(attributes)


def in_step(**parts: Any) -> Change:
    return lambda data: data["step"].update(parts)


def in_cell(**parts: Any) -> Change:
    return lambda data: data.update(parts)


def then(op: str, args: list[int], shape: list[Any], *, rows: bool = True, **attributes: Any) -> Change:
    """Add a value, and the state plus it (as `broadcast` would have it) as the next state."""

    def change(data: Data) -> None:
        added = len(nodes(data))
        nodes(data).append({"op": op, "args": args, "shape": shape, "rows": rows, **attributes})
        nodes(data).append({"op": "add", "args": [LAST, added], "shape": H, "rows": True})
        data["step"].update(next_states=[added + 1], output=added + 1)

    return change


def renamed(name: Any) -> Change:
    return at(FIRST_PARAMETER, name=name)


def chain(length: int) -> Change:
    """Add a chain of values before the next state."""

    def change(data: Data) -> None:
        for last in range(len(nodes(data)) - 1, len(nodes(data)) - 1 + length):
            nodes(data).append({"op": "tanh", "args": [last], "shape": H, "rows": True})
        data["step"].update(next_states=[len(nodes(data)) - 1], output=len(nodes(data)) - 1)

    return change


def doubled(length: int, *, shape: list[str]) -> Change:
    """Add sums of a value with itself: written as a tree, they are 2**length values."""

    def change(data: Data) -> None:
        for last in range(len(nodes(data)) - 1, len(nodes(data)) - 1 + length):
            nodes(data).append({"op": "add", "args": [last, last], "shape": H, "rows": True})
        nodes(data)[-1]["shape"] = shape
        data["step"].update(next_states=[len(nodes(data)) - 1], output=len(nodes(data)) - 1)

    return change


def delayed(lag: Any, *, state: Any = "h") -> Change:
    """Add an input that is the state of some steps ago."""

    def change(data: Data) -> None:
        then("input", [], H, name="old")(data)
        data["step"].update(inputs=[0, LAST + 1], delays={"old": [state, lag]})

    return change


def wide_product(size: Any) -> Change:
    """Add a parameter of that many columns, whose product is summed again."""

    def change(data: Data) -> None:
        first = len(nodes(data))
        nodes(data).extend([
            {"op": "parameter", "args": [], "shape": ["hidden_size", size], "rows": False, "name": "W_wide"},
            {"op": "matmul", "args": [1, first], "shape": [size], "rows": True},
            {"op": "sum", "args": [first + 1], "shape": [1], "rows": True},
            {"op": "add", "args": [LAST, first + 2], "shape": H, "rows": True},
        ])  # fmt: skip
        data["step"]["parameters"].append(first)
        data["step"].update(next_states=[first + 3], output=first + 3)

    return change


def broadcast_to(size: Any) -> Change:
    """Add a sum that is spread to that many features and summed again."""

    def change(data: Data) -> None:
        first = len(nodes(data))
        nodes(data).extend([
            {"op": "sum", "args": [LAST], "shape": [1], "rows": True},
            {"op": "broadcast", "args": [first], "shape": [size], "rows": True},
            {"op": "sum", "args": [first + 1], "shape": [1], "rows": True},
            {"op": "add", "args": [LAST, first + 2], "shape": H, "rows": True},
        ])  # fmt: skip
        data["step"].update(next_states=[first + 3], output=first + 3)

    return change


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


HOSTILE: dict[str, Change] = {
    # references
    "a value of itself": at(LAST, args=[LAST, LAST]),
    "a cycle of two values": at(30, args=[LAST]),
    "a reference forward": at(13, args=[0, 20]),
    "a reference from the end": at(13, args=[0, -1]),
    "a reference out of range": at(13, args=[0, 10**9]),
    "a reference that is a fraction": at(13, args=[0, 5.5]),
    "a reference that is a name": at(13, args=["x", "W_xz"]),
    "a reference that is true": at(13, args=[0, None]),
    "no references": at(13, args=None),
    "references to nothing": at(13, args=[]),
    "too many references": at(30, args=[29] * 1000),
    "a next state that is not there": in_step(next_states=[999]),
    "inputs that are no list": in_step(inputs=0),
    "an output that is a list": in_step(output=[33]),
    "an input that is listed twice": in_step(inputs=[0, 0]),
    "a state that is listed twice": in_step(states=[1, 1], next_states=[33, 33]),
    "a parameter that is listed twice": lambda d: d["step"]["parameters"].append(FIRST_PARAMETER),
    "a leaf that is there twice": then("parameter", [], H, rows=False, name="W_xr"),
    "two names for one place": in_step(names=[[33, "a", "b"]]),
    # sizes
    "a negative size": at(FIRST_PARAMETER, shape=[-1, "hidden_size"]),
    "a size of zero": at(FIRST_PARAMETER, shape=[0, "hidden_size"]),
    "a huge size": at(FIRST_PARAMETER, shape=["input_size", 10**30]),
    "a size that is true": wide_product(True),
    "a size that is a fraction": wide_product(4.0),
    "a size that is null": wide_product(None),
    "a size that is a list": wide_product([4]),
    "a size that is no name": wide_product("4 ** 9"),
    "a size with a name that never ends": wide_product("s" * 100_000),
    "a size of NaN": wide_product(float("nan")),
    "a parameter of 3e9 numbers": wide_product(3 * 10**9),
    "a broadcast to 2e9 features": broadcast_to(2 * 10**9),
    "a broadcast to fewer features": broadcast_to(-5),
    "a shape that is a text": at(FIRST_PARAMETER, shape="hidden_size"),
    "a parameter of three dimensions": at(FIRST_PARAMETER, shape=["input_size", "hidden_size", 2]),
    "a matrix for each row": then("matmul", [1, 0], ["hidden_size", "input_size"]),
    "an input that is a matrix": at(0, shape=["input_size", 2]),
    "a state without a shape": at(1, shape=[]),
    "a shape that the arguments do not give": at(30, shape=["input_size"]),
    # operations
    "an unknown operation": at(30, op="system"),
    "an operation that is a list": at(30, op=["tanh"]),
    "no operation": lambda d: nodes(d)[30].pop("op"),
    "an operation of the backward pass: outer": then("outer", [0, 1], ["input_size", "hidden_size"], rows=False),
    "an operation of the backward pass: sum_rows": then("sum_rows", [LAST], H, rows=False),
    "a transposed vector": then("transpose", [7], H, rows=False),
    "a gradient": then("gradient", [], H, name="dh"),
    "a product of two states": then("matmul", [1, 1], H),
    "a truth value as a state": lambda d: (
        nodes(d).append({"op": "less", "args": [1, LAST], "shape": H, "rows": True}),
        d["step"].update(next_states=[LAST + 1], output=LAST + 1),
    ),
    "a truth value as a number": lambda d: (
        nodes(d).append({"op": "less", "args": [1, LAST], "shape": H, "rows": True}),
        nodes(d).append({"op": "add", "args": [LAST, LAST + 1], "shape": H, "rows": True}),
        d["step"].update(next_states=[LAST + 2], output=LAST + 2),
    ),
    "a number as a truth value": then("where", [LAST, LAST, 1], H),
    "rows that are a number": at(30, rows=1),
    "a parameter with rows": at(FIRST_PARAMETER, rows=True),
    "a value that is no object": lambda d: nodes(d).__setitem__(30, "tanh"),
    "values that are an object": lambda d: d["step"].update(nodes={"0": nodes(d)[0]}),
    "no values": in_step(nodes=[]),
    "an attribute that is code": at(30, __class__="os.system"),
    # numbers
    "a constant of 1e308": at(ONE, value=1e308),
    "a constant that is NaN": at(ONE, value=float("nan")),
    "a constant that is infinite": at(ONE, value=float("inf")),
    "a constant that is true": at(ONE, value=True),
    "a constant that is a text": at(ONE, value="1"),
    "a constant of 400 digits": at(ONE, value=10**400),
    "a constant with a shape": at(ONE, shape=H),
    # names
    "a parameter's name with a dot": renamed("cell.W"),
    "a parameter without a name": renamed(""),
    "a parameter with a name of 100,000 letters": renamed("W" * 100_000),
    "a parameter's name that is a number": renamed(7),
    "a parameter's name that is null": renamed(None),
    "a parameter's name with a control character": renamed("W\x1b[2J"),
    "a parameter's name that leads elsewhere": renamed("../../etc/passwd"),
    "a parameter's name that is half a character": renamed("\ud83d"),
    "a name that is no text": in_step(names=[[33, 5]]),
    "a name that is code": in_step(names=[[33, "__import__('os')"]]),
    "a cell's name with a control character": in_cell(name="GRU\x00"),
    "a cell's name that is a list": in_cell(name=["GRU"]),
    "a text of the cell that is an object": in_cell(doc={"a": 1}),
    "an input per sequence that is not there": in_step(per_sequence=["h"]),
    # formats and initial values
    "format -5": in_cell(format=-5),
    "format true": in_cell(format=True),
    "format as a text": in_cell(format="1"),
    "format 1.0": in_cell(format=1.0),
    "a format of the future": in_cell(format=10**9),
    "an initial value of NaN": in_cell(init={"b_n": float("nan")}),
    "an initial value of 1e308": in_cell(init={"b_n": 1e308}),
    "an initial value that is an object": in_cell(init={"b_n": {"b_n": 1}}),
    "an initial value that is null": in_cell(init={"b_n": None}),
    "an initial value that is true": in_cell(init={"b_n": True}),
    "an unknown way to begin": in_cell(init={"b_n": "os.system"}),
    "a way to begin for no parameter": in_cell(init={"b_zz": 1.0}),
    "initial values that are a list": in_cell(init=[1, 2]),
    "initial values that are deeply nested": in_cell(init=nested(900)),
    # time and memory
    "a chain of 20,000 values": chain(20_000),
    "sixty sums of a value with itself, and a wrong shape": doubled(60, shape=["input_size"]),
    "a delay of 10**8 steps": delayed(10**8),
    "a delay of no steps": delayed(0),
    "a delay into the future": delayed(-3),
    "a delay of true": delayed(True),
    "a delay of a state that is not there": delayed(2, state="q"),
    "a delay of x": delayed(2, state="x"),
}  # fmt: skip

NOISY: dict[str, Change] = {
    "noise at a rate of NaN": set_in("noise", rate=float("nan")),
    "noise at a rate of 7": set_in("noise", rate=7),
    "noise at a rate below 0": set_in("noise", rate=-0.1),
    "noise at a rate of true": set_in("noise", rate=True),
    "noise at index -1": set_in("noise", index=-1),
    "noise at index true": set_in("noise", index=True),
    "noise at a huge index": set_in("noise", index=10**30),
    "noise that is drawn per moon": set_in("noise", per="moon"),
    "noise that is drawn per list": set_in("noise", per=["step"]),
    "noise of a call with rows": set_in("noise", per="call"),
}

BATCHED: dict[str, Change] = {
    "a momentum of 2": set_in("batch_mean", momentum=2.0),
    "a momentum that is NaN": set_in("batch_mean", momentum=float("nan")),
    "a start that is infinite": set_in("batch_mean", start=float("inf")),
    "a negative number of steps": set_in("batch_mean", steps=-1),
    "10**12 steps": set_in("batch_mean", steps=10**12),
    "a statistic without a name": set_in("batch_mean", name=""),
}

TEXTS: dict[str, str] = {
    "nothing": "",
    "NUL": "\0" * 100,
    "null": "null",
    "a number": "1",
    "a list": "[]",
    "a text": '"GRU"',
    "100,000 brackets": "[" * 100_000,
    "100,000 objects": '{"a":' * 100_000,
    "100,000 digits": "9" * 100_000,
    "half of a cell": GRU.to_json()[:500],
    "a cell and more": GRU.to_json() + "{}",
    "values in 100,000 brackets": GRU.to_json().replace('"nodes": [', '"nodes": [' + "[" * 100_000),
}


def refused(text: str) -> None:
    began = time.process_time()
    with pytest.raises(CellError) as caught:
        Cell.from_json(text)
    assert time.process_time() - began < 2
    message = str(caught.value)
    assert message.startswith(("not a cell as JSON: ", "a cell in format ", "GRU: "))
    assert len(message) < 1000
    assert not any(character < " " for character in message.replace("\n", ""))


def changed(cell: Cell, change: Change) -> str:
    data = json.loads(cell.to_json())
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_graph_is_refused(kind: str) -> None:
    refused(changed(GRU, HOSTILE[kind]))


@pytest.mark.parametrize("kind", NOISY)
def test_hostile_noise_is_refused(kind: str) -> None:
    refused(changed(recurrent_dropout(Elman, 0.2), NOISY[kind]))


@pytest.mark.parametrize("kind", BATCHED)
def test_a_hostile_statistic_is_refused(kind: str) -> None:
    refused(changed(batch_norm(Elman), BATCHED[kind]))


@pytest.mark.parametrize("kind", TEXTS)
def test_a_hostile_text_is_refused(kind: str) -> None:
    refused(TEXTS[kind])


@pytest.mark.parametrize("length", [1, 4])
def test_what_the_hostile_graphs_are_made_of_is_accepted_in_its_right_form(length: int) -> None:
    """Else they might be refused for another reason."""
    for change in (
        chain(length),
        doubled(length, shape=H),
        delayed(length),
        wide_product(length),
        broadcast_to(length),
        then("tanh", [1], H),
    ):
        assert Cell.from_json(changed(GRU, change)).name == "GRU"
