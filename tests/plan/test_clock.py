"""Times are brought to the pace of a machine."""

from __future__ import annotations

import dataclasses

import pytest

from recurra.cells import GRU
from recurra.plan import Workload, clock, measured
from recurra.plan.clock import pace


def test_a_pace_is_some_time() -> None:
    assert 1e-5 < pace() < 1


def test_times_are_multiplied_by_the_nominal_pace_over_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine is slower by the half around each run, two thirds of its time count."""
    monkeypatch.setattr(clock, "pace", lambda: 0.003)
    workload = Workload(cell=GRU, input_size=2, hidden_size=3, lengths=(4,), threads=1)
    for name, seconds in (("_inference", (6.0,)), ("_training", (3.0, 9.0)), ("_stream", (1.5,))):
        monkeypatch.setattr(clock, name, lambda *_, seconds=seconds: lambda: seconds)
    found = measured(workload, seconds=0, nominal=0.002)
    assert dataclasses.astuple(found) == pytest.approx((4.0, 2.0, 6.0, 1.0))
    assert dataclasses.astuple(measured(workload, seconds=0)) == pytest.approx((6.0, 3.0, 9.0, 1.5))
