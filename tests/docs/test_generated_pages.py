"""The pages of cells and public names are as `docs/generate.py` makes them; `pytest --renew-golden` renews them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_as_committed(generate: ModuleType, golden: Callable[[Path, str], None]) -> None:
    for name, text in generate.pages().items():
        golden(DOCS / name, text)


def test_no_page_is_left_over(generate: ModuleType) -> None:
    assert {f"cells/{path.name}" for path in (DOCS / "cells").iterdir()} == set(generate.pages()) - {"api.md"}
