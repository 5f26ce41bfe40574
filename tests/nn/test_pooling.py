"""Pooling: each kind against the same of every sequence alone; padding is never read."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, LENGTHS, batch, check_gradient, check_poison, packed, poisoned
from torch import Tensor

from recurra.cells import GRU
from recurra.errors import InputError
from recurra.nn import Pooling, Recurrent

KINDS = ["last", "mean", "max", "attention"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def pooling_of(kind: str, **options: Any) -> Pooling:
    torch.manual_seed(0)
    return Pooling(kind, 4, **{"dtype": torch.float64, **options})  # pyright: ignore[reportArgumentType]


def alone(pooling: Pooling, states: Tensor) -> Tensor:
    """Return the pooled states (time, features) of one sequence."""
    if pooling.kind == "attention":
        weights = pooling.query(pooling.hidden(states).tanh()).softmax(0)
        return (weights * states).sum(0)
    if pooling.kind == "last":
        return torch.cat([states[-1, :2], states[0, 2:]]) if pooling.bidirectional else states[-1]
    return states.mean(0) if pooling.kind == "mean" else states.amax(0)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("is_packed", [False, True], ids=["padded", "packed"])
@every_kind
def test_it_is_that_of_each_sequence_alone(kind: str, is_packed: bool, bidirectional: bool, dtype: torch.dtype) -> None:
    pooling, states = pooling_of(kind, bidirectional=bidirectional, dtype=dtype), batch(4, dtype=dtype)
    pooled, weights = pooling(packed(states, LENGTHS)) if is_packed else pooling(states, LENGTHS)
    expected = [alone(pooling, states[k, :length]) for k, length in enumerate(LENGTHS)]
    torch.testing.assert_close(pooled, torch.stack(expected))
    assert (weights is not None) == (kind == "attention")


def test_weights_sum_to_one_and_are_zero_behind_the_ends() -> None:
    _, weights = pooling_of("attention")(batch(4), LENGTHS)
    assert weights is not None
    assert weights.shape == (4, 6)
    torch.testing.assert_close(weights.sum(1), torch.ones(4, dtype=weights.dtype))
    for row, length in zip(weights, LENGTHS.tolist(), strict=True):
        assert (row[:length] > 0).all()
        assert (row[length:] == 0).all()


@every_kind
def test_nan_behind_the_ends_is_never_read(kind: str) -> None:
    pooling, leaf = pooling_of(kind, bidirectional=True), poisoned(batch(4), LENGTHS)
    check_poison(pooling(leaf, LENGTHS)[0], leaf, LENGTHS)


@every_kind
def test_nan_inside_a_sequence_stays_in_it(kind: str) -> None:
    states = batch(4)
    states[1, 5] = torch.nan
    pooled, _ = pooling_of(kind)(states, LENGTHS)
    assert pooled.isnan().any(1).tolist() == [False, True, False, False]


@every_kind
def test_gradients(kind: str) -> None:
    pooling = pooling_of(kind, bidirectional=True)
    leaf = batch(4).requires_grad_()
    check_gradient(lambda x, *_: pooling(x, LENGTHS)[0], leaf, *pooling.parameters())


@every_kind
def test_a_batch_of_one_of_one_step_is_that_step(kind: str) -> None:
    states = batch(4, lengths=torch.tensor([1]))
    torch.testing.assert_close(pooling_of(kind, bidirectional=True)(states)[0], states[:, 0])


def test_equal_maxima_share_the_gradient() -> None:
    leaf = torch.tensor([[[1.0, 5.0, 0.0, 2.0], [1.0, 4.0, 0.0, 2.0], [0.0, 5.0, 0.0, 1.0]]]).requires_grad_()
    pooled, _ = Pooling("max", 4)(leaf)
    assert pooled.tolist() == [[1, 5, 0, 2]]
    shares = torch.autograd.grad(pooled.sum(), leaf)[0][0].T
    torch.testing.assert_close(shares, torch.tensor([[1 / 2, 1 / 2, 0], [1 / 2, 0, 1 / 2], [1 / 3] * 3, [0.5, 0.5, 0]]))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_last_output_of_a_layer_is_its_last_state(bidirectional: bool) -> None:
    layer = Recurrent(GRU, 3, 5, bidirectional=bidirectional, dtype=torch.float64)
    output, h = layer(packed(batch(), LENGTHS))
    pooled, _ = Pooling("last", layer.output_features, bidirectional=bidirectional)(output)
    torch.testing.assert_close(pooled, torch.cat([*h], -1))


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"kind": "men", "features": 4}, r"kind: got 'men', .*; did you mean 'mean'\?"),
    "size": ({"kind": "mean", "features": 4, "attention_size": 3}, r"pooling by 'mean' has no attention"),
    "odd": ({"kind": "last", "features": 3, "bidirectional": True}, r"features: got 3, expected an even number"),
    "no features": ({"kind": "last", "features": 0}, r"features: got 0"),
    "attention size": ({"kind": "attention", "features": 4, "attention_size": 0}, r"attention_size: got 0"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_options(wrong: str) -> None:
    options, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        Pooling(**options)


def test_a_wrong_width_and_a_sequence_without_steps() -> None:
    with pytest.raises(InputError, match=r"input: got rows of shape \(3,\), expected \(4,\)"):
        pooling_of("mean")(batch(3), LENGTHS)
    with pytest.raises(InputError, match=r"lengths: sequence 2 has length 0"):
        pooling_of("mean")(batch(4), LENGTHS - 1)
