"""The page of results says what the raw numbers say."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest


def test_the_page_follows_from_the_raw_numbers(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it does not, run `python -m benchmarks.summary`."""
    monkeypatch.syspath_prepend(str(root))
    summary = importlib.import_module("benchmarks.summary")
    assert (root / "docs" / "results.md").read_text(encoding="utf-8") == summary.page()
