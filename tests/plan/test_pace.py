"""Times are brought to the pace of a machine."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from recurra.cells import GRU
from recurra.plan import Workload, measure, measured
from recurra.plan.pace import pace


def test_a_pace_is_some_time_and_leaves_the_threads() -> None:
    before = torch.get_num_threads()
    assert 1e-5 < pace(1) < 1
    assert torch.get_num_threads() == before


def test_times_are_multiplied_by_the_nominal_pace_over_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a machine that is slower by the half before and after, two thirds of each time count."""
    workload = Workload(cell=GRU, input_size=2, hidden_size=3, lengths=(4,), threads=1)
    monkeypatch.setattr(measure, "pace", lambda threads: 0.003)
    monkeypatch.setattr(measure, "_quantile", lambda *_: 6.0)
    monkeypatch.setattr(measure, "_training", lambda *_: (3.0, 9.0))
    found = measured(workload, nominal=0.002)
    assert dataclasses.astuple(found) == pytest.approx((4.0, 2.0, 6.0, 4.0))
    assert dataclasses.astuple(measured(workload)) == pytest.approx((6.0, 3.0, 9.0, 6.0))
