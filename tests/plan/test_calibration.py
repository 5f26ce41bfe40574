"""A calibration finds prices, keeps them, and is refused where it does not belong."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from plan_prices import invented

from recurra.backends.kernel import units_of
from recurra.errors import InputError
from recurra.plan import Calibration, Machine, Times, Workload, calibrate, calibration_for, predict
from recurra.plan import calibration as module
from recurra.plan.calibration import calibration_path, designed
from recurra.plan.cost_model import works_of


def test_json_goes_there_and_back() -> None:
    made = invented()
    assert Calibration.from_json(made.to_json()) == made


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 3}', '{"format": 3, "prices": {"tile": "dear"}}'])
def test_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a calibration"):
        Calibration.from_json(text)


def test_a_newer_format_is_refused() -> None:
    text = json.dumps({**json.loads(invented().to_json()), "format": 99})
    with pytest.raises(InputError, match="format 99"):
        Calibration.from_json(text)


@pytest.mark.parametrize("changed", [{"processor": "another"}, {"threads": 7}, {"torch": "1.0"}, {"recurra": "0"}])
def test_a_stale_calibration_says_what_is_different(changed: dict[str, object]) -> None:
    known = dataclasses.replace(invented(), machine=dataclasses.replace(Machine.here(1), **changed))  # pyright: ignore
    (name,) = changed
    with pytest.raises(InputError, match=f"stale \\({name}: .*; `recurra plan --calibrate`"):
        known.check_fits(Machine.here(1))


def test_the_stored_one_is_taken_and_a_stale_one_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECURRA_CACHE_DIR", str(tmp_path / "cache"))
    made = itertools.count(1)
    monkeypatch.setattr(
        module, "calibrate", lambda threads, **_: dataclasses.replace(invented(threads), runs=next(made))
    )
    assert [calibration_for(1).runs, calibration_for(1).runs] == [1, 1]
    assert calibration_for(1, anew=True).runs == 2
    path = calibration_path(Machine.here(1))
    assert path is not None
    stale = dataclasses.replace(invented(), machine=dataclasses.replace(Machine.here(1), torch="1.0"))
    path.write_text(stale.to_json(), encoding="utf-8")
    assert [calibration_for(1).runs, calibration_for(1).runs] == [3, 3]
    path.write_text("damaged", encoding="utf-8")
    assert calibration_for(1).runs == 4


def test_no_folder_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECURRA_CACHE_DIR", "")
    monkeypatch.setattr(module, "calibrate", lambda threads, **_: invented(threads))
    assert calibration_path(Machine.here(1)) is None
    assert calibration_for(1) == invented()


def test_prices_are_found_from_the_times_that_they_make(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured times are those of known prices; then every prediction for other layers has to be near theirs."""
    random = np.random.default_rng(0)
    prices = {unit: price * random.uniform(1, 3) for unit, price in units_of("llvm").usual.items()}

    def exact(workload: Workload, **_: object) -> Times:
        kinds = ("inference", "training", "stream")
        works = {name: work for kind in kinds for name, work in works_of(workload, kind).items()}
        return Times(**{n: sum(prices[u] * a for u, a in w.total().items()) for n, w in works.items()})

    monkeypatch.setattr(module, "measured", exact)
    found = calibrate(1, seconds=0)
    other = Workload(cell=module._CELLS[0], input_size=19, hidden_size=101, lengths=(31,) * 11, layers=2)
    expected = predict(other, calibration=dataclasses.replace(invented(), prices=prices))
    for name, each in predict(other, calibration=found).passes.items():
        assert each.seconds == pytest.approx(expected.passes[name].seconds, rel=0.2)
    assert found.error < 0.1
    assert min(found.prices.values()) >= 0


def test_designed_sizes_spread() -> None:
    first = [*itertools.islice(designed(Machine.here(1)), 40)]
    assert len({workload.cell.name for workload in first}) == len(module._CELLS)
    assert min(each.batch for each in first) < 4 < 64 < max(each.batch for each in first)
    assert min(each.hidden_size for each in first) < 16 < 256 < max(each.hidden_size for each in first)
    assert {workload.is_ragged for workload in first} == {True, False}


@pytest.mark.slow
def test_a_real_calibration_predicts_what_it_saw() -> None:
    assert calibrate(1, seconds=4).error < 0.3
