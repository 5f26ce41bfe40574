"""The pages of the cells are what `docs/generate.py` makes; `pytest --renew-golden` or the script renews them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

CELLS = Path(__file__).resolve().parents[2] / "docs" / "cells"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", CELLS.parent / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_as_committed(generate: ModuleType, golden: Callable[[Path, str], None]) -> None:
    for name, text in generate.pages().items():
        golden(CELLS / name, text)


def test_no_page_is_left_over(generate: ModuleType) -> None:
    assert {path.name for path in CELLS.iterdir()} == set(generate.pages())
