"""Lists of states: an argument that is a tuple of states, or the starred ones."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch

from recurra import Cell, cell, tanh
from recurra.errors import CellError
from recurra.nn import Recurrent
from recurra.testing import check_cell


@cell(states={"h": 3}, sizes={"h": "layer_size"}, initial={"h": 0.5, "h_2": "learnt"})
def Stacked(p, x, h):
    after = []
    for number, before in enumerate(h, 1):
        below = after[-1] if after else x
        after.append(tanh(below @ getattr(p, f"W_{number}") + before @ getattr(p, f"U_{number}")))
    return after, after[-1]


@cell(states={"C": 2})
def Starred(p, x, h, *C):
    C = [0.5 * c + x @ getattr(p, f"W_{number}") for number, c in enumerate(C)]
    return tanh(h @ p.U + C[0] * C[1]), *C


@cell(states={"h": 2})
def Shifted(p, x, h):
    return ((tanh(x @ p.W + h[-1] @ p.U),) + h)[:-1]  # noqa: RUF005


@cell(states={"h": 2, "c": 2})
def TwoLists(p, x, h, c):
    c = [each + x @ getattr(p, f"W_{number}") for number, each in enumerate(c)]
    return [tanh(each + before) for each, before in zip(c, h, strict=True)], c


CELLS = [Stacked, Starred, TwoLists, Shifted]


@pytest.mark.parametrize("made", CELLS, ids=lambda made: made.name)
def test_they_run_as_any_states_do(made: Cell) -> None:
    check_cell(made)
    assert Cell.from_json(made.to_json()).equations() == made.equations()
    assert pickle.loads(pickle.dumps(made)).states == copy.deepcopy(made).states == made.states


def test_each_has_a_name_of_its_own() -> None:
    assert Stacked.states == ("h_1", "h_2", "h_3")
    assert Starred.states == ("h", "C_1", "C_2")
    assert TwoLists.states == ("h_1", "h_2", "c_1", "c_2")
    assert "C_2[t] = 0.5 · C_2[t-1] + x[t] W_1" in Starred.equations()


def test_sizes_and_initial_values_are_of_each_and_one_may_have_its_own() -> None:
    assert {leaf.shape for leaf in Stacked.step.states} == {("layer_size",)}
    assert dict(Stacked.initial) == {"h_1": 0.5, "h_2": "learnt", "h_3": 0.5}
    layer = Recurrent(Stacked, 3, 5, sizes={"layer_size": 4})
    assert [name for name, _ in layer.named_parameters() if "initial" in name] == ["initial_h_2_l0"]


def test_on_arrays_states_come_and_go_one_by_one() -> None:
    p = {"W_0": np.ones((3, 2)), "W_1": np.ones((3, 2))}
    found = TwoLists(p, np.ones((1, 3)), *(np.full((1, 2), value) for value in (0.0, 1.0, -3.0, -2.0)))
    for value, expected in zip(found, (0.0, np.tanh(2.0), 0.0, 1.0), strict=True):
        np.testing.assert_allclose(value, np.full((1, 2), expected))


def test_an_output_beside_a_list_is_told_from_it() -> None:
    p = {f"{letter}_{number}": np.zeros((2, 2)) for letter in "WU" for number in (1, 2, 3)}
    states, output = Stacked(p, np.zeros((1, 2)), *(3 * [np.zeros((1, 2))]))
    assert len(states) == 3
    assert output is states[-1]


def test_a_wrong_count_on_arrays_is_refused() -> None:
    with pytest.raises(CellError, match="TwoLists: got 1 states, expected 4, one by one: h_1, h_2, c_1, c_2"):
        TwoLists({}, np.ones((1, 3)), [np.ones((1, 2))] * 4)


def test_a_list_is_no_value() -> None:
    with pytest.raises(CellError, match="a list of 2 states is computed with: each is a value by itself"):

        @cell(states={"h": 2})
        def Halved(p, x, h):
            return 0.5 * h


def test_a_state_that_nobody_reads_comes_out_at_every_step() -> None:
    @cell(states={"r": 2}, sizes={"r": "input_size"})
    def Reading(p, x, h, r):
        return tanh(x @ p.W + h @ p.U), (x, 2 * x)

    x = torch.randn(5, 2, 3)
    every_state = Recurrent(Reading, 3, 4)(x, return_states=True)[2]
    torch.testing.assert_close(every_state["r_2"][0], 2 * x)


def identity(p, x, h):
    return h


def starred(p, x, *h):
    return h


def doubled(p, x, h, h_1):
    return *h, h_1


@pytest.mark.parametrize(
    ("function", "states", "message"),
    [
        (identity, {"z": 2}, r"states={'z': 2}: there is no such state; the arguments behind p and x are \['h'\]"),
        (identity, {"h": 0}, "states={'h': 0}: expected how many states the list has, a whole number from 1 to 1000"),
        (identity, {"h": True}, "expected how many states the list has"),
        (identity, 3, "states=3: expected a mapping from names"),
        (starred, {}, r"\*h: how many states are these\? Say it: states={'h': 4}"),
        (doubled, {"h": 2}, "two arguments are called 'h_1': the states of a list have a number each"),
    ],
)
def test_what_is_no_list(function: Any, states: Any, message: str) -> None:
    with pytest.raises(CellError, match=message):
        cell(states=states)(function)


def test_too_few_are_counted() -> None:
    with pytest.raises(CellError, match=r"next states: got 1, expected 2, for \['h_1', 'h_2'\]"):

        @cell(states={"h": 2})
        def Short(p, x, h):
            return (tanh(x @ p.W),)
