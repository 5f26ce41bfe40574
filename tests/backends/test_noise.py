"""The counter-based generator: the right share, no two draws alike, and the same bits for NumPy and torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from recurra import bernoulli as drawn
from recurra import cell
from recurra.backends.noise import bernoulli, threshold
from recurra.graph.node import Node

STEPS, SEQUENCES, FEATURES = 50, 20, 30


@cell
def TwoNoises(p, x, h):
    """Two draws at every step and one for the whole sequence."""
    return drawn(0.3, like=h) * h + (drawn(0.3, like=x) * x) @ p.W + drawn(0.3, like=h, per="sequence")


FIRST, SECOND, PER_SEQUENCE = sorted(TwoNoises.step.noises, key=lambda node: node["index"])


def draw(node: Node, seed: int = 0) -> np.ndarray:
    """Return draws (steps, sequences, features)."""
    steps = np.repeat(np.arange(STEPS), SEQUENCES)[:, None]
    sequences = np.tile(np.arange(SEQUENCES), STEPS)[:, None]
    flat = bernoulli(node, seed=seed, steps=steps, sequences=sequences, features=np.arange(FEATURES))
    return flat.reshape(STEPS, SEQUENCES, FEATURES)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Return the correlation of two sets of draws."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**31 - 2])
def test_the_share_of_ones_is_the_rate(seed: int) -> None:
    """30,000 draws at a rate of 0.3 lie within four standard deviations of it."""
    assert abs(draw(FIRST, seed).mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / (STEPS * SEQUENCES * FEATURES))


def test_steps_sequences_features_noises_and_seeds_are_independent() -> None:
    """Neighbours along every axis, two noises of a cell and two seeds have no correlation beyond chance."""
    one = draw(FIRST).astype(float)
    pairs = [(one.take(range(n - 1), axis), one.take(range(1, n), axis)) for axis, n in enumerate(one.shape)]
    pairs += [(one, draw(SECOND)), (one, draw(FIRST, seed=1)), (one, draw(SECOND, seed=1))]
    for a, b in pairs:
        assert abs(correlation(a, b)) < 5 / np.sqrt(a.size)


def test_draws_of_every_row_differ() -> None:
    """No two (step, sequence) pairs have the same draws: 30 bits at a rate near a half would hardly ever agree."""
    rows = draw(FIRST).reshape(-1, FEATURES)
    agreement = [np.mean(a == b) for a, b in itertools.combinations(rows[:200], 2)]
    assert np.mean(agreement) == pytest.approx(0.3**2 + 0.7**2, abs=0.01)
    assert max(agreement) < 1


def test_noise_per_sequence_is_the_same_at_each_step() -> None:
    """Noise drawn once per sequence stays, and differs between sequences."""
    values = draw(PER_SEQUENCE)
    assert (values == values[0]).all()
    assert values[0].any(axis=1).sum() > 1
    assert not (values[0] == values[0, :1]).all()


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 2])
def test_numpy_and_torch_draw_the_same_bits(seed: int) -> None:
    """One function on both libraries' integers."""
    steps, sequences = np.arange(40)[:, None] * 1000, np.arange(40)[:, None] * 99991
    arrays = bernoulli(FIRST, seed=seed, steps=steps, sequences=sequences, features=np.arange(FEATURES))
    tensors = bernoulli(
        FIRST,
        seed=seed,
        steps=torch.tensor(steps),
        sequences=torch.tensor(sequences),
        features=torch.arange(FEATURES),
    )
    np.testing.assert_array_equal(arrays, tensors.numpy())


@pytest.mark.parametrize(("rate", "bound"), [(0.0, 0), (0.5, 2**31), (1.0, 2**32)])
def test_the_ends_of_the_scale(rate: float, bound: int) -> None:
    """A rate of 0 never draws a one and a rate of 1 always does: a draw is under 2**32."""
    assert threshold(rate) == bound
