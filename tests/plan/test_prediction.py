"""Predictions: parts make the whole, prices bind, and every pass is there."""

from __future__ import annotations

import dataclasses

import pytest
from plan_prices import PRICES, invented

from recurra.backends.kernel import units_of
from recurra.cells import GRU, LSTM, MinGRU
from recurra.errors import InputError
from recurra.plan import Workload, flops_of, measured, predict
from recurra.plan.prediction import predict_times

LAYERS = Workload(cell=GRU, input_size=16, hidden_size=48, lengths=(20,) * 12, layers=2)


@pytest.mark.parametrize("cell", [LSTM, GRU, MinGRU])
def test_stages_make_the_pass(cell: object) -> None:
    workload = dataclasses.replace(LAYERS, cell=cell)  # pyright: ignore[reportArgumentType]
    found = predict(workload, calibration=invented())
    assert [*found.passes] == ["inference", "forward", "backward", "stream"]
    for each in found.passes.values():
        assert sum(stage.seconds for stage in each.stages) == pytest.approx(each.seconds)
        assert each.flops > 0 < each.bytes
        assert each.intensity == each.flops / each.bytes
    training = predict_times(workload, calibration=invented())
    assert found.step_seconds == pytest.approx(training)


@pytest.mark.parametrize(
    ("units", "bound"),
    [
        (("tile", "narrow tile", "torch product"), "multiply-adds"),
        (("function",), "functions"),
        (("array bytes",), "reading and writing arrays"),
        (("forward call",), "calls"),
        (("step",), "waiting"),
    ],
)
def test_the_dearest_unit_binds(units: tuple[str, ...], bound: str) -> None:
    prices = {unit: 1e-3 if unit in units else price / 1e6 for unit, price in PRICES.items()}
    found = predict(LAYERS, calibration=dataclasses.replace(invented(), prices=prices))
    assert found.passes["forward"].bound == bound


def test_both_directions_have_no_stream() -> None:
    both = dataclasses.replace(LAYERS, bidirectional=True)
    assert [*predict(both, calibration=invented()).passes] == ["inference", "forward", "backward"]


def test_a_calibration_for_other_threads_is_refused() -> None:
    with pytest.raises(InputError, match="for 3 threads, the workload for 1"):
        predict(LAYERS, calibration=invented(3))


def test_operations_are_those_of_every_row() -> None:
    longer = dataclasses.replace(LAYERS, lengths=(40,) * 12)
    for name in ("inference", "forward", "backward"):
        assert flops_of(longer)[name].all == 2 * flops_of(LAYERS)[name].all
    assert flops_of(LAYERS)["stream"].all * 20 == flops_of(LAYERS)["inference"].all


def test_every_unit_has_a_price() -> None:
    assert set(PRICES) == set(units_of("llvm").counted)


def test_measured_times_are_there() -> None:
    small = Workload(cell=GRU, input_size=3, hidden_size=4, lengths=(5, 3, 2))
    found = measured(small, seconds=0).by_name()
    assert set(found) == {"inference", "forward", "backward", "stream"}
    assert min(found.values()) > 0
    assert "stream" not in measured(dataclasses.replace(small, bidirectional=True), seconds=0).by_name()
