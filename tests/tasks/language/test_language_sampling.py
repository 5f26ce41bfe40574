"""Which token comes next: temperature, the likeliest k, the nucleus, seeds."""

from __future__ import annotations

import numpy as np
import pytest

from recurra.errors import InputError
from recurra.tasks import GenerateOptions
from recurra.tasks.language.generation import next_token

SHARES = np.array([0.1, 0.4, 0.05, 0.3, 0.15])


def drawn(options: GenerateOptions, *, count: int = 4000) -> np.ndarray:
    random, log_prob = np.random.default_rng(0), np.log(SHARES).astype(np.float32)
    tokens = [next_token(log_prob, options=options, random=random) for _ in range(count)]
    return np.bincount(tokens, minlength=len(SHARES)) / count


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, SHARES),
        ({"temperature": 0.5}, SHARES**2 / (SHARES**2).sum()),
        ({"top_k": 2}, np.array([0, 4, 0, 3, 0]) / 7),
        ({"top_p": 0.8}, np.array([0, 40, 0, 30, 15]) / 85),
        ({"top_k": 3, "top_p": 0.5}, np.array([0, 4, 0, 3, 0]) / 7),
        ({"top_k": 99}, SHARES),
        ({"temperature": 0}, np.array([0, 1, 0, 0, 0])),
        ({"temperature": 5e-324}, np.array([0, 1, 0, 0, 0])),
        ({"top_p": 0.01}, np.array([0, 1, 0, 0, 0])),
    ],
)
def test_tokens_are_drawn_as_often_as_they_should_be(options: dict[str, float], expected: np.ndarray) -> None:
    found = drawn(GenerateOptions(**options))  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(found, expected, atol=0.025)
    assert not found[expected == 0].any()


def test_what_is_never_to_be_written_is_not() -> None:
    log_prob = np.array([-np.inf, 0.0, -np.inf])
    random = np.random.default_rng(0)
    assert {next_token(log_prob, options=GenerateOptions(), random=random) for _ in range(50)} == {1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -0.1}, "temperature"),
        ({"top_k": 0}, "top_k"),
        ({"top_p": 0.0}, "top_p"),
        ({"length": 0}, "length"),
        ({"stop": ""}, "stop = ''"),
        ({"beam": 3, "top_k": 2}, "expected no top_k beside it"),
    ],
)
def test_options_out_of_bounds_are_refused_by_name(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        GenerateOptions(**options)  # pyright: ignore[reportArgumentType]
