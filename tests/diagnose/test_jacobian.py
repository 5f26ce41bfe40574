"""The Jacobian of a step is what torch.func.jacrev gives of the eager step, for every cell."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import torch
from diagnose_cases import linear_layer, rerun, run_of
from torch import Tensor
from torch.nn.utils.rnn import pack_sequence

from recurra.cells import LSTM, all_cells
from recurra.diagnose.jacobian import step_jacobians
from recurra.diagnose.rerun import Rerun, few_sequences
from recurra.nn import Recurrent
from recurra.nn.run import run_rows


def layer_of(name: str) -> Recurrent:
    cell = all_cells[name]
    sizes = {size: 2 for size in cell.sizes if size not in ("input_size", "hidden_size")}
    return Recurrent(cell, 4, 4, sizes=sizes, dtype=torch.float64).eval()


def by_jacrev(layer: Recurrent, again: Rerun, row: int) -> Tensor:
    """Return the Jacobian of one eager step, which knows nothing of the derived backward pass."""
    inputs = [again.rows[leaf][row : row + 1] for leaf in again.step.inputs[: 1 + len(layer.cell.further_inputs)]]
    stack = replace(layer.stack(), backend="torch", training=False, dropout=0.0)

    def step(states: Tensor) -> Tensor:
        parts = [part.reshape(1, 1, -1) for part in states.split(again.sizes)]
        return torch.cat([each.flatten() for each in run_rows(stack, inputs, states=parts, batch_sizes=[1])[1]])

    given = torch.cat([again.rows[leaf][row] for leaf in again.step.states])
    return torch.func.jacrev(step)(given)  # pyright: ignore


@pytest.mark.parametrize("name", all_cells)
def test_every_cell_agrees_with_jacrev(name: str) -> None:
    torch.manual_seed(0)
    layer, x = layer_of(name), torch.randn(4, 2, 4, dtype=torch.float64)
    sizes = {"input_size": 4, "hidden_size": 4, **layer.sizes}
    widths = {leaf.name: sizes.get(str(leaf.shape[0]), leaf.shape[0]) for leaf in layer.cell.further_inputs}
    further = {each: torch.rand(4, 2, int(width), dtype=torch.float64) for each, width in widths.items()}
    again = rerun(layer, x, inputs=further)
    found = step_jacobians(again, torch.tensor([5]))[0]
    torch.testing.assert_close(found, by_jacrev(layer, again, 5), rtol=1e-12, atol=1e-14)


def test_states_before_a_step_are_those_after_the_one_before() -> None:
    torch.manual_seed(0)
    layer = Recurrent(LSTM, 3, 4, dtype=torch.float64).eval()
    parts = [torch.randn(length, 3, dtype=torch.float64) for length in (5, 3, 1)]
    packed = pack_sequence(parts)
    again = Rerun(run_of(layer, packed))
    assert [len(path) for path in again.paths] == [5, 3, 1]
    _, _, every = layer(packed, return_states=True)
    for path in again.paths:
        before = again.rows[again.step.states[0]][path]
        assert not before[0].any()
        torch.testing.assert_close(before[1:], every["h"][0].data[path[:-1]])


def test_a_layer_backwards_runs_its_path_backwards() -> None:
    layer = Recurrent(LSTM, 3, 4, bidirectional=True, dtype=torch.float64).eval()
    x = torch.randn(6, 2, 3, dtype=torch.float64)
    from recurra.diagnose.rerun import recorded_runs

    with recorded_runs(layer) as recorded:
        layer(x)
    places = sorted(recorded.runs)
    again = Rerun(recorded.runs[places[1]])
    assert places[1].reverse
    assert again.paths[1].tolist() == [11, 9, 7, 5, 3, 1]
    assert not again.rows[again.step.states[0]][10:].any()


def test_a_restart_ends_what_a_step_hands_on() -> None:
    layer = linear_layer(1.0, size=3)
    reset = torch.zeros(4, 1, dtype=torch.bool)
    reset[2] = True
    found = step_jacobians(rerun(layer, torch.randn(4, 1, 2), reset=reset), torch.arange(4))
    assert [bool(each.any()) for each in found] == [True, False, True, True]


def test_few_sequences_are_those_of_the_batch() -> None:
    torch.manual_seed(0)
    layer = Recurrent(LSTM, 3, 4, dtype=torch.float64).eval()
    lengths = [9, 8, 8, 5, 4, 2, 1]
    run = run_of(layer, pack_sequence([torch.randn(length, 3, dtype=torch.float64) for length in lengths]))
    few, whole = Rerun(few_sequences(run, 3, steps=6)), Rerun(run)
    assert [len(path) for path in few.paths] == [6, 5, 1]
    state = few.step.states[0]
    for path, sequence in zip(few.paths, (0, 3, 6), strict=True):
        torch.testing.assert_close(few.rows[state][path], whole.rows[state][whole.paths[sequence][: len(path)]])


def test_products_along_a_sequence_are_the_gradient_of_its_end() -> None:
    """What is pulled through all steps is what autograd gives for the last state by the first."""
    torch.manual_seed(0)
    layer = Recurrent(LSTM, 3, 4, dtype=torch.float64).eval()
    x = torch.randn(6, 1, 3, dtype=torch.float64)
    jacobians = step_jacobians(rerun(layer, x), torch.arange(6))
    product = torch.eye(8, dtype=torch.float64)
    for each in jacobians:
        product = each @ product

    def last(states: Tensor) -> Tensor:
        h, c = states.split(4)
        return torch.cat([each.flatten() for each in layer(x, (h.view(1, 1, 4), c.view(1, 1, 4)))[1]])

    rows = [torch.autograd.functional.jacobian(last, torch.zeros(8, dtype=torch.float64))]
    for found, expected in itertools.product([product], rows):
        torch.testing.assert_close(found, expected)
