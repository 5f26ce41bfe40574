"""The pages of results say what the raw numbers say."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest


@pytest.mark.parametrize(("page", "module"), [("results", "summary"), ("accuracy", "summary_tasks")])
def test_the_page_follows_from_the_raw_numbers(
    root: Path, monkeypatch: pytest.MonkeyPatch, page: str, module: str
) -> None:
    """If it does not, run `python -m benchmarks.summary`."""
    monkeypatch.syspath_prepend(str(root))
    made = importlib.import_module(f"benchmarks.{module}").page()
    assert (root / "docs" / f"{page}.md").read_text(encoding="utf-8") == made
