"""The pages of results say what the raw numbers say, in both languages."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

PAGES = {"results": "summary", "accuracy": "summary_tasks", "learning": "learning_page"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_follows_from_the_raw_numbers(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    """If it does not, run `python -m benchmarks.summary`, or `python -m benchmarks.learning_page`."""
    monkeypatch.syspath_prepend(str(root))
    made = importlib.import_module(f"benchmarks.{PAGES[name]}").page(language)
    page = root / "docs" / ("zh" if language == "zh" else "") / f"{name}.md"
    assert page.read_text(encoding="utf-8") == made
    if language == "zh":
        cells = {cell for line in made.splitlines() if line.startswith("| ") for cell in line[2:-2].split(" | ")}
        missing = {cell for cell in cells if re.search(r"[a-z]{3} [a-z]{2}", cell) and cell.isascii()}
        assert not missing, "say in docs/words.zh.toml what these are in Chinese"


@pytest.mark.parametrize("name", PAGES)
def test_both_texts_have_the_same_numbers(root: Path, name: str) -> None:
    """Section by section: one that is measured anew is new in both."""
    texts = [(root / "benchmarks" / f"{name}{end}").read_text(encoding="utf-8") for end in (".txt", ".zh.txt")]
    numbers = [
        [Counter(re.findall(r"\d+(?:[.,]\d+)*", section)) for section in re.split("^#+ ", text, flags=re.MULTILINE)]
        for text in texts
    ]
    assert numbers[0] == numbers[1]
