"""Questions: a budget is met, and not by what is larger; growth, batches, threads; the nearest where none is met."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from plan_prices import invented

from recurra.cells import GRU, LSTM, Elman
from recurra.errors import InputError
from recurra.plan import (
    Budget,
    Times,
    Workload,
    affordable_cells,
    best_batch,
    best_threads,
    growth,
    largest_hidden_size,
    memory_of,
    predict,
)
from recurra.plan import (
    budget as module,
)
from recurra.plan.prediction import predict_times
from recurra.plan.sweeps import growth_picture, with_batch, with_length

LAYERS = Workload(cell=LSTM, input_size=8, hidden_size=32, lengths=(15,) * 6)


def sized(size: int) -> Workload:
    return dataclasses.replace(LAYERS, hidden_size=size)


@pytest.mark.parametrize("parameters", [400, 5_000, 77_777, 1_000_000])
def test_parameters_fill_the_budget(parameters: int) -> None:
    found = largest_hidden_size(LAYERS, budget=Budget(parameters=parameters))
    assert found.parameters <= parameters < sized(found.hidden_size + 1).parameters
    assert not found.confirmed


@pytest.mark.parametrize("bytes", [1_500_000, 9_000_000])
def test_memory_fills_the_budget(bytes: int) -> None:
    found = largest_hidden_size(LAYERS, budget=Budget(bytes=bytes))
    assert found.bytes <= bytes < memory_of(sized(found.hidden_size + 1)).peak


@pytest.mark.parametrize("kind", ["training", "inference", "stream"])
def test_predicted_time_fills_the_budget(kind: str) -> None:
    known = invented()
    seconds = 1.5 * predict_times(LAYERS, calibration=known, kind=kind)  # pyright: ignore[reportArgumentType]
    budget = Budget(seconds=seconds, kind=kind)  # pyright: ignore[reportArgumentType]
    found = largest_hidden_size(LAYERS, budget=budget, calibration=known, confirm=False)
    larger = predict_times(sized(found.hidden_size + 1), calibration=known, kind=kind)  # pyright: ignore
    assert found.seconds <= seconds < larger
    assert found.hidden_size > LAYERS.hidden_size


@pytest.mark.parametrize("slower", [0.6, 0.8, 1.0, 1.3, 1.7, 5.0])
def test_a_measurement_corrects_the_answer(slower: float, monkeypatch: pytest.MonkeyPatch) -> None:
    known = invented()

    def taken(workload: Workload, **_: object) -> Times:
        passes = predict(workload, calibration=known).passes
        return Times(forward=slower * passes["forward"].seconds, backward=slower * passes["backward"].seconds)

    monkeypatch.setattr(module, "measured", taken)
    seconds = predict(sized(100), calibration=known).step_seconds
    found = largest_hidden_size(LAYERS, budget=Budget(seconds=seconds), calibration=known)
    assert found.seconds <= seconds
    assert found.predicted_size in (99, 100)
    assert found.seconds == pytest.approx(slower * found.predicted_seconds)
    agrees = 0.75 < slower < 1.35
    assert found.confirmed == agrees
    assert ("predicted" in found.doubt) != agrees
    larger = taken(sized(round(1.15 * found.hidden_size)))
    assert larger.forward + larger.backward > seconds


def test_times_that_enclose_no_budget_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every larger size is run at a quieter moment: none of the answers has a beyond."""
    known = invented()
    seconds = predict(sized(100), calibration=known).step_seconds

    def taken(workload: Workload, **_: object) -> Times:
        passes = predict(workload, calibration=known).passes
        scale = seconds / (passes["forward"].seconds + passes["backward"].seconds) * 0.99
        return Times(forward=scale * passes["forward"].seconds, backward=scale * passes["backward"].seconds)

    monkeypatch.setattr(module, "measured", taken)
    found = largest_hidden_size(LAYERS, budget=Budget(seconds=seconds), calibration=known)
    assert not found.confirmed
    assert "no size was within the budget while one 15 % larger was beyond it" in found.doubt
    assert found.predicted_size in (99, 100)


@pytest.mark.parametrize("least", [16, 0])
def test_runs_that_are_all_beyond_the_budget_go_on_to_smaller_sizes(
    least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = invented()
    seconds = predict(sized(100), calibration=known).step_seconds

    def taken(workload: Workload, **_: object) -> Times:
        return Times(forward=seconds * (0.4 if workload.hidden_size <= least else 30.0), backward=seconds * 0.1)

    monkeypatch.setattr(module, "measured", taken)
    monkeypatch.setattr(module, "_ROUNDS", 1)
    if not least:
        with pytest.raises(InputError, match=r"as measured now: the least, 1, takes .* ms; predicted are .* ms"):
            largest_hidden_size(LAYERS, budget=Budget(seconds=seconds), calibration=known)
        return
    found = largest_hidden_size(LAYERS, budget=Budget(seconds=seconds), calibration=known)
    assert found.hidden_size <= least
    assert not found.confirmed
    assert "predicted" in found.doubt


def test_runs_that_are_disturbed_correct_the_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true time of the answer is within the budget, and that of one 15 % larger is not."""
    known, noise = invented(), np.random.default_rng(5)
    large = dataclasses.replace(LAYERS, lengths=(60,) * 32)

    def truth(size: int) -> float:
        return 1.2 * predict(dataclasses.replace(large, hidden_size=size), calibration=known).step_seconds

    def taken(workload: Workload, **_: object) -> Times:
        seconds = truth(workload.hidden_size) * noise.lognormal(sigma=0.05)
        return Times(forward=seconds / 2, backward=seconds / 2)

    monkeypatch.setattr(module, "measured", taken)
    seconds = truth(300)
    found = [
        largest_hidden_size(large, budget=Budget(seconds=seconds), calibration=known).hidden_size for _ in range(15)
    ]
    assert sum(truth(size) <= seconds < truth(round(1.15 * size)) for size in found) >= 13


@pytest.mark.parametrize(
    ("budget", "nearest"),
    [
        (Budget(seconds=1e-9), "ms for 1e-06"),
        (Budget(bytes=10), "bytes for 10"),
        (Budget(parameters=3), "40 parameters"),
    ],
)
def test_a_budget_that_nothing_meets_says_the_nearest(budget: Budget, nearest: str) -> None:
    with pytest.raises(InputError, match=f"no hidden size meets the budget: the nearest, 1, takes .*{nearest}"):
        largest_hidden_size(LAYERS, budget=budget, calibration=invented())


@pytest.mark.parametrize("limits", [{}, {"seconds": 0}, {"bytes": -1}, {"seconds": float("nan")}, {"parameters": 0}])
def test_a_budget_limits_something(limits: dict[str, float]) -> None:
    with pytest.raises(InputError, match="expected"):
        Budget(**limits)  # pyright: ignore[reportArgumentType]


def test_cells_are_compared() -> None:
    found = affordable_cells(LAYERS, cells=[LSTM, GRU, Elman], budget=Budget(parameters=10_000))
    sizes = [each.hidden_size for each in found.values() if each is not None]
    assert sizes == sorted(sizes)
    assert affordable_cells(LAYERS, cells=[LSTM], budget=Budget(parameters=3)) == {"LSTM": None}


def test_larger_batches_share_what_a_call_costs() -> None:
    found = best_batch(LAYERS, calibration=invented(), largest=64)
    assert [*found] == [1, 2, 4, 8, 16, 32, 64]
    assert found[64] < found[1]


def test_threads_are_compared() -> None:
    found = best_threads(LAYERS, calibrations=[invented(1), invented(2)])
    assert [*found] == [1, 2]


def test_growth_has_the_powers_that_it_must() -> None:
    large = dataclasses.replace(LAYERS, lengths=(400,) * 64, hidden_size=256)
    found = {each.name: each.exponent for each in growth(large, calibration=invented())}
    assert found["length"] == pytest.approx(1, abs=0.05)
    assert found["batch"] == pytest.approx(1, abs=0.25)
    assert 1.3 < found["hidden size"] < 2.1


def test_growth_is_drawn() -> None:
    found = growth(LAYERS, calibration=invented())
    picture = growth_picture(found)
    assert [key.label for key in picture.keys] == ["length", "batch", "hidden size", "layers"]
    assert picture.wide.startswith("<svg")


def test_batches_and_lengths_keep_their_spread() -> None:
    ragged = dataclasses.replace(LAYERS, lengths=(40, 20, 10))
    assert with_batch(ragged, 6).lengths == (40, 40, 20, 20, 10, 10)
    assert with_length(ragged, 20).lengths == (20, 10, 5)
