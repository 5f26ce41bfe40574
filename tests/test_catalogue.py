"""The table of all cells."""

from __future__ import annotations

import pytest

from recurra.catalogue import ORDERS, catalogue, entry
from recurra.cells import LSTM, ProjectedLSTM, all_cells
from recurra.errors import InputError


def test_every_cell_is_in_it_in_its_family() -> None:
    entries = catalogue(input_size=3, hidden_size=5)
    assert [found.name for found in entries] == list(all_cells)


def test_what_it_says_of_a_cell() -> None:
    found = entry(LSTM, input_size=3, hidden_size=5)
    assert (found.about, found.states, found.linear_in_state) == ("Long short-term memory", ("h", "c"), False)
    assert found.parameters == 4 * 5 * (3 + 5 + 1)
    assert found.flops == 4 * 2 * 5 * (3 + 5) + (4 * 2 + 3 * 4 + 5 + 3 + 5 + 1) * 5


def test_sizes_of_a_cells_own_are_the_states() -> None:
    """Projected to as many units, the LSTM has its own parameters and a square matrix."""
    assert entry(ProjectedLSTM, input_size=3, hidden_size=5).parameters == 4 * 5 * (3 + 5 + 1) + 5 * 5


@pytest.mark.parametrize("order", ORDERS)
def test_sorted(order: str) -> None:
    entries = catalogue(input_size=3, hidden_size=5, sort=order)
    assert len(entries) == len(all_cells)
    values = [ORDERS[order](found) for found in entries]
    assert values == sorted(values)


def test_linear_cells_alone() -> None:
    names = {found.name for found in catalogue(input_size=3, hidden_size=5, linear=True)}
    assert names == {name for name, made in all_cells.items() if made.linear_in_state}
    assert {"MinGRU", "MinLSTM", "TRNN"} <= names
    assert not {"Elman", "LSTM", "GRU", "CFN", "RAN", "IndRNN"} & names


def test_an_unknown_order() -> None:
    with pytest.raises(InputError, match=r"got 'age', expected one of \['name', 'year', 'parameters', 'flops'\]"):
        catalogue(input_size=3, hidden_size=5, sort="age")
