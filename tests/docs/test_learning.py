"""The benchmark of learning: its batches, that a model learns a small problem, and its page."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from recurra.cells import MinGRU
from recurra.data import associative_recall


@pytest.fixture
def learning(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root))
    return importlib.import_module("benchmarks.learning")


def test_a_batch_asks_where_there_is_an_answer(learning: ModuleType) -> None:
    counts = {"recall": 3 * learning.PAIRS, "copying": 3 * learning.WORDS, "adding": 3, "adding-200": 3}
    for name, answers in counts.items():
        task = learning.TASKS[name]
        batch = learning.batches_of(name, task, None)(3, np.random.default_rng(0), False)
        assert batch.inputs.shape[:2] == batch.asked.shape
        assert int(batch.asked.sum()) == len(batch.answers) == answers
        model = learning.Model(MinGRU, task)
        assert model(batch.inputs, batch.asked).shape == (answers, task.outputs)
    with pytest.raises(FileNotFoundError, match="digits: give --data, a folder with train-images"):
        learning.batches_of("digits", learning.TASKS["digits"], None)


def test_no_step_reads_what_comes_after_it(learning: ModuleType) -> None:
    torch.manual_seed(0)
    task = learning.TASKS["recall"]
    batch = learning.batches_of("recall", task, None)(1, np.random.default_rng(0), False)
    model = learning.Model(MinGRU, task)
    everywhere = torch.ones_like(batch.asked)
    changed = batch.inputs.clone()
    changed[:, 40] = (changed[:, 40] + 1) % task.symbols
    before, after = model(batch.inputs, everywhere), model(changed, everywhere)
    assert torch.equal(before[:40], after[:40])
    assert not torch.equal(before[40], after[40])


def test_a_small_problem_is_learnt(learning: ModuleType) -> None:
    """One pair of sixteen symbols: from guessing, one in eight values, to nearly all."""
    task = replace(
        learning.TASKS["recall"], length=8, symbols=16, outputs=16, layers=1, width=16, steps=200, batch=32, tested=100,
        every=50, rate=2e-2,
    )  # fmt: skip

    def batch_of(count: int, random: np.random.Generator, is_test: bool) -> object:
        inputs, targets = map(torch.from_numpy, associative_recall(count, 8, random, pairs=1, vocabulary=16))
        return learning.Batch(inputs, targets >= 0, targets[targets >= 0])

    found = learning.curve("GRU", task, batch_of, seed=0)
    assert [step for step, _, _ in found["curve"]][:2] == [0, 50]
    assert found["curve"][0][2] < 0.3
    assert found["best"] > 0.9
    again = learning.curve("GRU", replace(task, every=200), batch_of, seed=0)
    assert again["curve"][-1][2] == found["curve"][-1][2]  # how often it is tested changes nothing


def test_the_page_is_as_the_raw_numbers_say(
    learning: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = importlib.import_module("benchmarks.learning_page")
    points = [
        {"task": "adding", "cell": "GRU", "seed": 0, "rate": rate, "parameters": 1234, "best": best,
         "is_complete": True, "curve": [[0, 0.0, 0.2], [50, 9.0, best]]}
        for rate, best in ((1e-3, 0.01), (1e-2, 0.15))
    ]  # fmt: skip
    monkeypatch.setattr(made, "known", lambda name: points)
    lines = made.page("en").splitlines()
    assert "| GRU | 1,234 | 0.0100 | 50 | 9 | 1 |" in lines  # the better rate
    assert lines.count("Not measured yet.") == len(learning.TASKS) - 1
    assert sum(line.startswith("Not measured: LSTM, MinGRU, ") for line in lines) == 1
    made.draw(tmp_path / "adding.svg", learning.TASKS["adding"], made.measured("adding"))
    assert ">GRU<" in (tmp_path / "adding.svg").read_text(encoding="utf-8")
