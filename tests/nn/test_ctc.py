"""CTC after the loss: every path counted by hand, torch's loss, and where labels are."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
import torch

from recurra.errors import InputError
from recurra.nn import ctc_align, ctc_beam, ctc_greedy


def drawn(steps: int, labels: int, *, seed: int = 0) -> np.ndarray:
    return torch.randn(steps, labels, generator=torch.Generator().manual_seed(seed)).log_softmax(1).double().numpy()


def labels_of(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in itertools.groupby(path) if label)


def every_text(values: np.ndarray) -> dict[tuple[int, ...], float]:
    """Return the probability of each label sequence, over all paths."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(values.shape[1]), repeat=len(values)):
        found[labels_of(path)] += float(np.exp(sum(values[step, label] for step, label in enumerate(path))))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_the_best_of_all_texts(seed: int) -> None:
    values = drawn(6, 3, seed=seed)
    every = every_text(values)
    best = max(every, key=lambda text: every[text])
    found = ctc_beam(values, beam=200)
    assert found[0].labels == best
    for each in found[:5]:
        assert np.exp(each.log_probability) == pytest.approx(every[each.labels], rel=1e-6)
        loss = torch.nn.functional.ctc_loss(
            torch.from_numpy(values)[:, None], torch.tensor([each.labels]), torch.tensor([6]),
            torch.tensor([len(each.labels)]), reduction="sum",
        )  # fmt: skip
        assert float(loss) == pytest.approx(-each.log_probability, rel=1e-5)


class Alternating:
    """Knows that 1 and 2 take turns."""

    def begin(self) -> int:
        return 0

    def next(self, state: int, label: int, /) -> tuple[float, int]:
        return float(np.log(0.01 if label == state else 0.99)), label

    def end(self, state: int, /) -> float:
        return 0.0


def test_a_prior_and_a_bonus_change_the_best() -> None:
    values = np.log([[0.02, 0.68, 0.3], [0.9, 0.05, 0.05], [0.02, 0.68, 0.3]])
    assert ctc_greedy(values) == [1, 1]
    assert ctc_beam(values, prior=Alternating(), weight=1.0)[0].labels in ((1, 2), (2, 1))
    assert ctc_beam(values, prior=Alternating(), weight=0.0)[0].labels == (1, 1)
    assert len(ctc_beam(values, bonus=5.0)[0].labels) > len(ctc_beam(values, bonus=-5.0)[0].labels)


@pytest.mark.parametrize("labels", [(1,), (1, 2), (2, 2), (1, 2, 1)])
def test_alignment_is_on_the_best_path_of_the_labels(labels: tuple[int, ...]) -> None:
    values = drawn(6, 3, seed=7)
    paths = [path for path in itertools.product(range(3), repeat=6) if labels_of(path) == labels]
    best = max(paths, key=lambda path: sum(values[step, label] for step, label in enumerate(path)))
    found = ctc_align(values, labels)
    marked = np.zeros(6, int)
    for label, (begin, end) in zip(labels, found, strict=True):
        marked[begin:end] = label
    assert tuple(marked) == best
    with pytest.raises(InputError, match="got 4 with 1 repeats for 4 steps"):
        ctc_align(values[:4], [1, 1, 2, 1])
    assert ctc_align(values, []) == []
