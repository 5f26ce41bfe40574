"""The counter-based generator: the right share, no two draws alike, and the same bits for NumPy and torch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from recurra import bernoulli, cell, normal, tanh, uniform
from recurra.backends.noise import drawn, threshold
from recurra.errors import CellError
from recurra.graph.node import Node
from recurra.graph.step import evaluation
from recurra.spec import Cell
from recurra.testing import check_cell

STEPS, SEQUENCES, FEATURES = 50, 20, 30


@cell
def TwoNoises(p, x, h):
    """Two draws at every step and one for the whole sequence."""
    return bernoulli(0.3, like=h) * h + (bernoulli(0.3, like=x) * x) @ p.W + bernoulli(0.3, like=h, per="sequence")


FIRST, SECOND, PER_SEQUENCE = sorted(TwoNoises.step.noises, key=lambda node: node["index"])


def draw(node: Node, seed: int = 0) -> np.ndarray:
    """Return draws (steps, sequences, features)."""
    steps = np.repeat(np.arange(STEPS), SEQUENCES)[:, None]
    sequences = np.tile(np.arange(SEQUENCES), STEPS)[:, None]
    flat = drawn(node, seed=seed, steps=steps, sequences=sequences, features=np.arange(FEATURES))
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
    arrays = drawn(FIRST, seed=seed, steps=steps, sequences=sequences, features=np.arange(FEATURES))
    tensors = drawn(
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


@cell
def Noisy(p, x, h):
    """Every kind of noise, at every step and for a whole sequence, elementwise and as the operand of a product."""
    u = x @ p.W + normal(like=x) @ p.V + 0.1 * normal(like=h) * h + 0.3 * (uniform(like=h) - 0.5)
    return tanh(u + 0.2 * normal(like=h, per="sequence")) + uniform(like=x, per="sequence") @ p.U


NORMAL, UNIFORM = (
    next(node for node in Noisy.step.noises if dict(node.attributes).get("kind") == kind and node["per"] == "step")
    for kind in ("normal", "uniform")
)


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 2])
def test_numbers_have_their_distributions(seed: int) -> None:
    """Mean, variance and the share of each of ten parts, as Kolmogorov and Smirnov would have it, within chance."""
    for node, mean, variance in ((NORMAL, 0.0, 1.0), (UNIFORM, 0.5, 1 / 12)):
        values = draw(node, seed).ravel()
        count = len(values)
        assert abs(values.mean() - mean) < 4 * np.sqrt(variance / count)
        assert abs(values.var() / variance - 1) < 4 * np.sqrt(2 / count)
        places = torch.special.ndtr(torch.tensor(values)).numpy() if node is NORMAL else values
        apart = np.abs(np.sort(places) - (np.arange(count) + 0.5) / count).max()
        assert apart < 1.95 / np.sqrt(count)  # of one in a thousand
        assert 0 < places.min() < places.max() < 1
        assert np.isfinite(values).all()


def test_neighbouring_numbers_are_independent() -> None:
    for node in (NORMAL, UNIFORM):
        one = draw(node)
        pairs = [(one.take(range(n - 1), axis), one.take(range(1, n), axis)) for axis, n in enumerate(one.shape)]
        for a, b in [*pairs, (one, draw(node, seed=1))]:
            assert abs(correlation(a, b)) < 5 / np.sqrt(a.size)
            assert abs(correlation(a**2, b**2)) < 5 / np.sqrt(a.size)


def test_all_backends_draw_the_same_numbers_and_store_their_kind() -> None:
    check_cell(Noisy)
    check_cell(Noisy, sizes={"hidden_size": 37, "input_size": 19})
    again = Cell.from_json(Noisy.to_json())
    assert again.equations() == Noisy.equations()
    assert "Normal(0, 1) V" in Noisy.equations()
    assert r"\mathcal{N}(0, 1)" in Noisy.equations(latex=True)
    kind = '"kind": "normal"'
    with pytest.raises(CellError, match="a noise of the kind 'cauchy', expected uniform or normal"):
        Cell.from_json(Noisy.to_json().replace(kind, '"kind": "cauchy"', 1))


def test_evaluation_has_their_means() -> None:
    assert not evaluation(Noisy.step).noises
    x, h = np.ones((2, 3)), np.ones((2, 4))
    np.testing.assert_array_equal(normal(like=h), 0)
    np.testing.assert_array_equal(uniform(like=x), 0.5)


def test_what_is_no_draw_is_refused() -> None:
    for function in (normal, uniform):
        with pytest.raises(CellError, match=rf"{function.__name__}\(per='hour'\): per is 'step' or 'sequence'"):

            @cell
            def Bad(p, x, h):
                return h + function(like=h, per="hour")  # noqa: B023
