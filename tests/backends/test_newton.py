"""Newton's method in place of the time loop: results and gradients of the loop, within a few turns, or the loop."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence

from recurra import Cell
from recurra.backends import newton
from recurra.cells import GLA, GRU, LSTM, Elman, IndRNN, MinGRU, all_cells
from recurra.nn import Recurrent
from recurra.transforms import batch_norm, zoneout

CELLS = [Elman, LSTM, IndRNN]


def pair(cell: Cell, **options: Any) -> tuple[Recurrent, Recurrent]:
    """Return two layers of the same weights: one solves, the other goes step by step."""
    torch.manual_seed(0)
    loop = Recurrent(cell, 3, 4, backend="torch", dtype=torch.float64, **options)
    solved = Recurrent(cell, 3, 4, backend="newton", dtype=torch.float64, **options)
    solved.load_state_dict(loop.state_dict())
    return solved, loop


def gradients(layer: Recurrent, x: Any, given: tuple[Tensor, ...]) -> list[Tensor]:
    """Return outputs, last states and the gradients of all that they depend on."""
    states = [state.clone().requires_grad_() for state in given]
    output, last = layer(x, tuple(states) if len(states) > 1 else states[0])
    rows = output if isinstance(output, Tensor) else output.data
    found = [rows, *(last if isinstance(last, tuple) else (last,))]
    loss = sum((each * torch.linspace(-1, 2, each.numel()).to(each).view_as(each)).sum() for each in found)
    assert isinstance(loss, Tensor)
    return [*found, *torch.autograd.grad(loss, [*layer.parameters(), *states])]


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Keep how many turns each solution took."""
    taken, solve = [], newton.solve

    def kept(*given: Any) -> newton.Solution | None:
        found = solve(*given)
        taken.append(found.turns if found else -1)
        return found

    monkeypatch.setattr(newton, "solve", kept)
    return taken


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_results_and_gradients_are_those_of_the_loop(cell: Cell, turns: list[int]) -> None:
    """Of sequences of several lengths, in both directions."""
    solved, loop = pair(cell, bidirectional=True)
    x = torch.randn(300, 3, 3, dtype=torch.float64)
    states = tuple(torch.randn(2, 3, 4, dtype=torch.float64) for _ in cell.states)
    rows = pack_padded_sequence(x, [300, 157, 1])
    for found, expected in zip(gradients(solved, rows, states), gradients(loop, rows, states), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-8)
    assert len(turns) == 2
    assert min(turns) >= 1
    assert max(turns) <= newton.most_turns(300)


def test_what_is_affine_in_its_state_takes_one_solution(turns: list[int]) -> None:
    """The second turn only sees that nothing changes; the equations give the same within rounding."""
    solved, loop = pair(MinGRU)
    x = torch.randn(200, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(solved(x)[0], loop(x)[0], rtol=1e-12, atol=1e-12)
    assert turns[0] <= 2


def test_matrix_states_are_solved(turns: list[int]) -> None:
    torch.manual_seed(0)
    solved = Recurrent(GLA, 3, 4, sizes={"heads": 2}, backend="newton", dtype=torch.float64)
    loop = Recurrent(GLA, 3, 4, sizes={"heads": 2}, backend="torch", dtype=torch.float64)
    loop.load_state_dict(solved.state_dict())
    x = torch.randn(64, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(solved(x)[0], loop(x)[0], rtol=1e-10, atol=1e-10)
    assert turns[0] <= 2


def test_noise_is_that_of_the_loop() -> None:
    solved, loop = pair(zoneout(GRU, 0.3))
    x = torch.randn(300, 2, 3, dtype=torch.float64)
    torch.manual_seed(5)
    found = solved(x)[0]
    torch.manual_seed(5)
    torch.testing.assert_close(found, loop(x)[0], rtol=1e-8, atol=1e-8)


def test_a_chaotic_layer_goes_step_by_step_and_says_so(turns: list[int]) -> None:
    solved, loop = pair(Elman)
    with torch.no_grad():
        for layer in (solved, loop):
            layer.W_h_l0.mul_(20.0)  # pyright: ignore[reportCallIssue]
    x = torch.randn(200, 2, 3, dtype=torch.float64)
    with pytest.warns(UserWarning, match=r"one by one .* its 11 turns for 200 steps are not enough"):
        found = solved(x)[0]
    assert torch.equal(found, loop(x)[0])
    assert turns == [-1]


def test_means_over_the_batch_go_step_by_step() -> None:
    solved, loop = pair(batch_norm(GRU))
    x = torch.randn(9, 4, 3, dtype=torch.float64)
    with pytest.warns(UserWarning, match="the cell takes means over the sequences of a step"):
        found = solved(x)[0]
    torch.testing.assert_close(found, loop(x)[0])


def test_operations_in_a_row_are_fewer_than_the_steps(turns: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted where they are made: each level of the scan is two, one on the way down and one on the way up."""
    levels, scan = [], newton._scan

    def counted(factors: Tensor, terms: Tensor) -> Tensor:
        levels.append(len(terms))
        return scan(factors, terms)

    monkeypatch.setattr(newton, "_scan", counted)
    solved, _ = pair(GRU)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("error")
        solved(torch.randn(1024, 1, 3, dtype=torch.float64))
    deepest = math.ceil(math.log2(1024))
    assert len(levels) == turns[0] * (deepest + 1)
    assert turns[0] * (1 + 2 * deepest) < 1024 / 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell", [each for each in all_cells.values() if not each.further_inputs], ids=lambda cell: cell.name
)
def test_every_cell_is_solved_in_as_many_turns_as_it_has_steps(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one in which nothing changes: after k turns the first k states are exact."""
    monkeypatch.setattr(newton, "most_turns", lambda count: count + 1)
    torch.manual_seed(0)
    sizes = dict.fromkeys(set(cell.sizes) - {"input_size", "hidden_size"}, 2)
    loop, solved = (
        Recurrent(cell, 4, 4, sizes=sizes, backend=backend, dtype=torch.float64) for backend in ("torch", "newton")
    )
    solved.load_state_dict(loop.state_dict())
    x = torch.randn(12, 2, 4, dtype=torch.float64, requires_grad=True)
    found, expected = ([output := layer(x)[0], *of_all(output, x, layer)] for layer in (solved, loop))
    for ours, right in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, right, rtol=1e-6, atol=1e-8)


def of_all(output: Tensor, x: Tensor, layer: Recurrent) -> tuple[Tensor, ...]:
    """Return the gradients of the sum of squares by the input and the parameters."""
    return torch.autograd.grad(
        output.square().sum(), [x, *layer.parameters()], allow_unused=True, materialize_grads=True
    )
