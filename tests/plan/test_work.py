"""Units of work: tiles as the products make them, amounts that grow as they must, stages that are all there is."""

from __future__ import annotations

import dataclasses

import pytest

from recurra.backends.llvm.compiler import host
from recurra.backends.llvm.work import UNITS, tiles
from recurra.cells import GRU, LSTM, MinGRU, PeepholeLSTM
from recurra.plan import Workload
from recurra.plan.cost_model import passes, works_of

LAYERS = Workload(cell=LSTM, input_size=16, hidden_size=64, lengths=(20,) * 24)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 7, 12, 16, 30, 100])
@pytest.mark.parametrize("panels", [1, 3, 8])
def test_tiles_hold_every_row(rows: int, panels: int) -> None:
    cycles, calls = tiles(rows, panels)
    assert cycles >= rows * panels
    assert 1 <= calls <= rows * panels


def test_full_tiles_waste_nothing() -> None:
    height = host().tile_rows
    assert tiles(5 * height, 7) == (5 * height * 7, 35)


@pytest.mark.parametrize("cell", [LSTM, GRU, MinGRU, PeepholeLSTM])
@pytest.mark.parametrize("kind", ["inference", "training", "stream"])
def test_every_unit_is_known_and_positive(cell: object, kind: str) -> None:
    workload = dataclasses.replace(LAYERS, cell=cell)  # pyright: ignore[reportArgumentType]
    for work in works_of(workload, kind).values():  # pyright: ignore[reportArgumentType]
        total = work.total()
        assert set(total) <= set(UNITS.counted)
        assert min(total.values()) > 0
        assert {"tile", "narrow tile", "torch product"} & set(total)


@pytest.mark.parametrize("unit", ["tile", "function", "operation", "step"])
def test_twice_the_steps_are_twice_the_work(unit: str) -> None:
    longer = dataclasses.replace(LAYERS, lengths=(40,) * 24)
    before, after = (works_of(each, "training")["forward"].total()[unit] for each in (LAYERS, longer))
    assert after == pytest.approx(2 * before)


def test_the_tiles_of_a_step_do_its_multiply_adds() -> None:
    """A cycle is two vectors of multiply-adds: what is above is the row of biases and what fills a panel up."""
    work = works_of(LAYERS, "inference")["inference"].total()
    lanes = host().lanes("float32")
    multiply_adds = work["tile"] * 2 * lanes
    by_hand = LAYERS.rows * 4 * 64 * (16 + 64)
    assert by_hand <= multiply_adds < 1.1 * by_hand


def test_threads_share_the_work() -> None:
    shared = works_of(dataclasses.replace(LAYERS, threads=2), "training")["forward"].total()
    alone = works_of(LAYERS, "training")["forward"].total()
    assert shared["function"] == pytest.approx(alone["function"] / 2)
    assert shared["team"] > 0 == alone.get("team", 0)


def test_runs_of_a_training_go_forth_and_back() -> None:
    found = passes(dataclasses.replace(LAYERS, layers=2, bidirectional=True), "training")
    names = [(run.name, run.layer) for run in found]
    assert names == [("forward", 0)] * 2 + [("forward", 1)] * 2 + [("backward", 1)] * 2 + [("backward", 0)] * 2
