"""What the generated source calls, at the edges; and the settings of torch that products obey."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recurra.backends.noise import mix
from recurra.backends.triton.device import precision
from recurra.backends.triton.module import load
from recurra.graph.ops import numpy_spelling

APPLIED = """
import triton
import triton.language as tl

from recurra.backends.triton.operations import hashed, rectified, sigmoid, softplus, tanh


@triton.jit
def applied(a, result, BLOCK: tl.constexpr):
    k = tl.arange(0, BLOCK)
    tl.store(result + k, {name}(tl.load(a + k)))
"""

PAIRED = """
import triton
import triton.language as tl

from recurra.backends.triton.operations import larger, smaller


@triton.jit
def applied(a, b, result, BLOCK: tl.constexpr):
    k = tl.arange(0, BLOCK)
    tl.store(result + k, {name}(tl.load(a + k), tl.load(b + k)))
"""

SPELLED = {"sigmoid": "sigmoid", "tanh": "tanh", "softplus": "softplus", "rectified": "relu"}
EDGES = [np.nan, np.inf, -np.inf, 0.0, 1e-30, -1e-30, 1e-8, 0.62, 0.63, -0.624, 80.0, -80.0, 300.0, -300.0, 16.5, -16.5]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", SPELLED)
def test_functions_keep_their_digits(name: str, dtype: torch.dtype, device: torch.device) -> None:
    """A few units in the last place, NaN and infinity as in NumPy."""
    a = torch.tensor([*EDGES, *np.linspace(-9, 9, 112)], dtype=dtype, device=device)
    result = torch.empty_like(a)
    with np.errstate(all="ignore"):
        load(APPLIED.format(name=name)).applied[(1,)](a, result, len(a))
        expected = numpy_spelling()[SPELLED[name]](a.cpu().numpy().astype(np.float64))
    np.testing.assert_allclose(
        result.cpu().numpy(), expected, rtol=8 * torch.finfo(dtype).eps, atol=torch.finfo(dtype).tiny
    )


@pytest.mark.parametrize(("name", "expected"), [("larger", np.maximum), ("smaller", np.minimum)])
def test_the_larger_and_the_smaller_hand_nan_on(name: str, expected: np.ufunc, device: torch.device) -> None:
    pairs = [(a, b) for a in EDGES[:4] for b in EDGES[:4]]
    a, b = (torch.tensor(side, device=device) for side in zip(*pairs, strict=True))
    result = torch.empty_like(a)
    with np.errstate(all="ignore"):
        load(PAIRED.format(name=name)).applied[(1,)](a, b, result, len(a))
    np.testing.assert_array_equal(result.cpu().numpy(), expected(a.cpu().numpy(), b.cpu().numpy()))


def test_a_hash_is_the_one_of_all_backends(device: torch.device) -> None:
    values = torch.tensor([0, 1, 2, 12345, 2**31, 2**32 - 1, 77, 4096], dtype=torch.int64)
    given = values.to(torch.uint32).to(device)
    result = torch.empty_like(given)
    load(APPLIED.format(name="hashed")).applied[(1,)](given, result, len(values))
    assert result.cpu().tolist() == [mix(value) for value in values.tolist()]


def test_products_of_single_precision_in_the_loop_follow_cudnn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What torch says of products elsewhere is the process's own, and is not touched."""
    assert precision(torch.float32) == "tf32"
    assert precision(torch.float64) == "ieee"
    monkeypatch.setattr(torch.backends.cudnn.rnn, "fp32_precision", "ieee")
    assert precision(torch.float32) == "ieee"
