"""The printed plans of every cell are golden files: a refactoring of `graph` or `derive` shows an empty diff.

A change that is meant is written with `pytest --renew-golden tests/derive/test_golden_plans.py`, read and committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recurra.cells import all_cells

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "plans"


@pytest.mark.parametrize("name", all_cells)
def test_plans_are_as_committed(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.txt", all_cells[name].show_plans())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(all_cells)
