"""The batches of a text: they go on from one to the next, vary with the epoch, and are divided by columns."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from recurra.errors import DataError
from recurra.tasks import LanguageOptions
from recurra.tasks.language.data import TextBatches, filled_in


@pytest.mark.parametrize(("count", "columns", "steps"), [(101, 4, 10), (20, 4, 10), (7, 3, 1), (22, 2, 5)])
def test_the_length_is_that_of_the_pass(count: int, columns: int, steps: int) -> None:
    batches = TextBatches(np.arange(count), columns=columns, steps=steps)
    assert len(batches) == len(list(batches))


def test_all_columns_together_are_the_text() -> None:
    inputs = torch.cat([given for given, _ in TextBatches(np.arange(41), columns=4, steps=3)])
    assert inputs.T.tolist() == [list(range(first, first + 9)) for first in (0, 10, 20, 30)]


def test_varying_steps_are_a_function_of_the_epoch() -> None:
    batches = TextBatches(np.arange(2000), columns=2, steps=30, seed=3)
    of_epoch = []
    for epoch in (0, 1, 0):
        batches.set_epoch(epoch)
        of_epoch.append([len(inputs) for inputs, _ in batches])
        assert len(batches) == len(of_epoch[-1])
    assert of_epoch[0] == of_epoch[2] != of_epoch[1]


def test_processes_take_columns() -> None:
    batches = TextBatches(np.arange(41), columns=5, steps=3)
    whole = torch.cat([inputs for inputs, _ in batches])
    parts = [torch.cat([inputs for inputs, _ in batches.part(number, of=2)]) for number in (0, 1)]
    assert torch.equal(parts[0], whole[:, [0, 2]])
    assert torch.equal(parts[1], whole[:, [1, 3]])
    assert batches.part(0, of=6) is batches


def test_a_text_shorter_than_its_columns_is_refused_at_once() -> None:
    with pytest.raises(DataError, match="7 tokens in 4 columns"):
        TextBatches(np.arange(7), columns=4, steps=3)


@pytest.mark.parametrize(
    ("level", "words", "batch_size", "bptt"),
    [("word", 10_000, 4, 16), ("word", 120_000, 7, 17), ("word", 640_000, 32, 20), ("word", 9_000_000, 32, 64),
     ("char", 10_000, 4, 64)],
)  # fmt: skip
def test_the_shape_of_batches_follows_the_text(level: Any, words: int, batch_size: int, bptt: int) -> None:
    corpus = SimpleNamespace(train=np.zeros(words, int))
    text: Any = SimpleNamespace(corpus=corpus, vectors=None)
    options = filled_in(LanguageOptions(level=level), text)
    assert (options.batch_size, options.bptt) == (batch_size, bptt)
    assert filled_in(LanguageOptions(level=level, bptt=7), text).bptt == 7
