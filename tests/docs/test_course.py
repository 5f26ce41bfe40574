"""The course: both languages have the same sections and code, and the pictures are those that the script makes.

That the code runs, and that links lead somewhere, is tested with all other pages, in test_code_blocks.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from recurra.testing import exercises

COURSE = Path(__file__).resolve().parents[2] / "docs" / "course"
NAMES = sorted(path.name for path in (COURSE / "en").glob("*.md"))
FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]+)\]\(\.\./figures/(\S+)\.(\w+)\.svg\)")


@pytest.fixture(scope="module")
def figures() -> Iterator[ModuleType]:
    sys.path.insert(0, str(COURSE))
    yield importlib.import_module("figures")
    sys.path.remove(str(COURSE))
    for name in ("figures", "measured"):
        del sys.modules[name]


def text(language: str, name: str) -> str:
    return (COURSE / language / name).read_text(encoding="utf-8")


def numbers() -> dict[str, Any]:
    return json.loads((COURSE / "figures" / "numbers.json").read_text(encoding="utf-8"))


def test_there_are_twelve_sections_in_both_languages() -> None:
    assert [name[:2] for name in NAMES] == [f"{number:02}" for number in range(1, 13)]
    assert sorted(path.name for path in (COURSE / "zh").glob("*.md")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same(name: str) -> None:
    """The same code with the same output, equations, pictures, exercises and links; the headings say the same."""
    english, chinese = text("en", name), text("zh", name)
    same = [FENCED.findall(re.sub(r"\\text\{[^}]*\}", "", page)) for page in (english, chinese)]
    assert same[0] == same[1]
    prose = [FENCED.sub("", page) for page in (english, chinese.replace("](../../zh/", "](../../"))]
    headings = [re.findall(r"^(#+) ", page, re.MULTILINE) for page in prose]
    assert headings[0] == headings[1]
    assert [found[1:] for found in PICTURE.findall(english)] == [
        (name, "en") for _, name, language in PICTURE.findall(chinese) if language == "zh"
    ]
    for pattern in (r"\*\*(\d+\.\d+)\*\* `(\w+)`", r"\]\((?!\.\./figures|\.\./\w\w/)([^)\s]+)\)", r"\$([^$\n]+)\$"):
        found = [set(re.findall(pattern, page)) for page in prose]
        assert found[0] == found[1]
    assert len(re.findall("[\u4e00-\u9fff]", prose[1])) > 300 > len(re.findall("[\u4e00-\u9fff]", prose[0]))


@pytest.mark.parametrize("name", NAMES)
def test_a_section_is_whole(name: str) -> None:
    """Equations, the library's own print, a picture, a command, exercises with solutions, and the way to the lab."""
    page = text("en", name)
    assert len(PICTURE.findall(page)) >= 1
    assert re.search(r"^>>> print\(.*equations\(|show_plans\(", page, re.MULTILINE)
    assert re.search(r"^```sh\nrecurra ", page, re.MULTILINE)
    assert "$" in page or "```math" in page
    assert "](../lab.md#" in page
    asked = re.findall(r"\*\*\d+\.\d+\*\* `(\w+)`", page)
    assert asked
    assert set(asked) == set(re.findall(r'^check_exercise\("(\w+)"', page, re.MULTILINE))


def test_every_exercise_is_asked() -> None:
    asked = [found for name in NAMES for found in re.findall(r"\*\*\d+\.\d+\*\* `(\w+)`", text("en", name))]
    assert asked == list(exercises)


def test_every_picture_is_shown_and_made_from_its_source(figures: ModuleType) -> None:
    """One is drawn anew; the slow test does all."""
    shown = {
        f"{found}.{of}.svg"
        for name in NAMES
        for lang in ("en", "zh")
        for _, found, of in PICTURE.findall(text(lang, name))
    }
    kept = numbers()
    assert kept["source"] == figures.source(), "measured.py has changed: python docs/course/figures.py"
    assert shown == {path.name for path in (COURSE / "figures").glob("*.svg")}
    assert list(kept["numbers"]) == list(figures.DRAWN) == list(figures.MEASURED)
    for file, svg in figures.drawn(kept["numbers"], ("06-chinese",)).items():
        assert (COURSE / "figures" / file).read_text(encoding="utf-8") == svg


@pytest.mark.slow
def test_pictures_are_as_drawn(figures: ModuleType) -> None:
    for file, svg in figures.drawn(numbers()["numbers"]).items():
        assert (COURSE / "figures" / file).read_text(encoding="utf-8") == svg, f"{file}: python docs/course/figures.py"


LEARNT = {"04-temperature", "04-loss", "05-forecast", "06-chinese", "06-english", "08-exploding", "08-gradients",
          "09-gates", "10-cells", "10-directions", "11-weights"}  # fmt: skip
"""Long trainings, whose last digits depend on the machine: their means are compared, not each number."""


@pytest.mark.slow
@pytest.mark.parametrize("name", numbers()["numbers"])
def test_numbers_are_as_measured(figures: ModuleType, name: str) -> None:
    kept, found = numbers()["numbers"][name], figures.measured(name)
    assert kept.keys() == found.keys()
    for key, value in found.items():
        if isinstance(value, str):
            assert value == kept[key] or name in LEARNT
            continue
        ours, theirs = np.array(kept[key]), np.array(value)
        assert ours.shape == theirs.shape
        if key == "errors":  # of rounding, which is the machine's
            assert np.abs(np.log10(ours[:4] / theirs[:4])).max() < 0.5
        elif name in LEARNT:
            assert abs(np.median(ours) - np.median(theirs)) <= 0.3 * np.abs(ours).max() + 0.05, key
        else:
            np.testing.assert_allclose(theirs, ours, rtol=0.05, atol=0.05 * np.abs(ours).max())
