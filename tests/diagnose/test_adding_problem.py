"""The adding problem at a length where a plain recurrence must fail and an LSTM must not: the verdicts foretell it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from recurra.cells import LSTM, Elman
from recurra.data import ADDING_BASELINE, adding_problem
from recurra.diagnose import Diagnosis, diagnose
from recurra.nn import Recurrent, chrono

LENGTH = 150


class Adder(nn.Module):
    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.recurrent, self.head = layer, nn.Linear(layer.hidden_size, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.recurrent(x)[0][:, -1])


def problem(count: int, seed: int | np.random.Generator) -> tuple[Tensor, Tensor]:
    given, expected = adding_problem(count, LENGTH, seed)
    return torch.from_numpy(given), torch.from_numpy(expected)


def adder(name: str) -> Adder:
    torch.manual_seed(0)
    if name == "Elman":
        return Adder(Recurrent(Elman, 2, 32, batch_first=True))
    init = chrono(LENGTH, forget="b_f", input="b_i")
    return Adder(Recurrent(LSTM, 2, 32, batch_first=True, init=init))


def error_of(model: Adder, batch: tuple[Tensor, Tensor]) -> Tensor:
    return nn.functional.mse_loss(model(batch[0]), batch[1])


def verdict(model: Adder) -> Diagnosis:
    return diagnose(model, [problem(8, 1)], loss=lambda batch: error_of(model, batch), dependence=LENGTH)


def trained(model: Adder, steps: int) -> float:
    """Train, and return the error on new sequences."""
    optimiser, random = torch.optim.Adam(model.parameters(), lr=5e-3), np.random.default_rng(2)
    for _ in range(steps):
        optimiser.zero_grad()
        error_of(model, problem(32, random)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    with torch.no_grad():
        return float(error_of(model, problem(256, 3)))


def test_before_training_the_one_vanishes_and_the_other_reaches_back() -> None:
    plain, gated = verdict(adder("Elman")), verdict(adder("LSTM"))
    assert plain.kinds == ("vanishing",)
    assert (plain.layers[0].memory.horizon or LENGTH) < LENGTH / 2
    assert gated.kinds == ("healthy",)  # its input gates are shut because it keeps


@pytest.mark.slow
def test_what_vanishes_does_not_learn_and_the_other_does() -> None:
    steps = 1000
    assert trained(adder("Elman"), steps) > 0.8 * ADDING_BASELINE
    assert trained(adder("LSTM"), steps) < 0.2 * ADDING_BASELINE
