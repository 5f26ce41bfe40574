"""Every spelling of the language: the graph that is traced computes what the function itself computes on arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from recurra import (
    bernoulli,
    cell,
    cos,
    cumsum,
    erf,
    exp,
    floor,
    heaviside,
    log,
    matvec,
    max,
    maximum,
    mean,
    min,
    minimum,
    outer,
    relu,
    sigmoid,
    sign,
    sin,
    softmax,
    softplus,
    sqrt,
    stop_gradient,
    sum,
    surrogate,
    tanh,
    vecmat,
    where,
)  # fmt: skip
from recurra.backends.evaluator import Evaluator
from recurra.graph.node import Node, topological
from recurra.graph.ops import OPS, numpy_spelling
from recurra.graph.step import evaluation

Function = Callable[..., Any]

SPELLINGS: dict[str, Function] = {
    "h[t-1] + x[t]": lambda p, x, h: h + x,
    "1 + h[t-1]": lambda p, x, h: 1 + h,
    "h[t-1] - 0.5": lambda p, x, h: h - 0.5,
    "2 - h[t-1]": lambda p, x, h: 2 - h,
    "3 · h[t-1]": lambda p, x, h: 3 * h,
    "h[t-1] · 4": lambda p, x, h: h * np.float32(4),
    "5 · h[t-1]": lambda p, x, h: np.float64(5) * h,
    "1 · h[t-1]": lambda p, x, h: True * h,
    "h[t-1] / 2": lambda p, x, h: h / 2,
    "2 / h[t-1]": lambda p, x, h: 2 / h,
    "-h[t-1]": lambda p, x, h: -h,
    "h[t-1]": lambda p, x, h: +h,
    "|h[t-1]|": lambda p, x, h: abs(h),
    "|h[t-1]|^2.5": lambda p, x, h: abs(h) ** 2.5,
    "|h[t-1]|^x[t]": lambda p, x, h: abs(h) ** x,
    "2^h[t-1]": lambda p, x, h: 2**h,
    "1 / (h[t-1]² ⊙ h[t-1])": lambda p, x, h: h**-3,
    "1 / sqrt(|h[t-1]|)": lambda p, x, h: abs(h) ** -0.5,
    "h[t-1] mod 0.75": lambda p, x, h: h % 0.75,
    "1 mod h[t-1]": lambda p, x, h: 1 % h,
    "(h[t-1] + x[t]) mod (x[t] mod 3)": lambda p, x, h: (h + x) % (x % 3),
    "sin(h[t-1])": lambda p, x, h: sin(h),
    "cos(h[t-1])": lambda p, x, h: cos(h),
    "erf(h[t-1])": lambda p, x, h: erf(h),
    "sign(h[t-1])": lambda p, x, h: sign(h),
    "floor(h[t-1])": lambda p, x, h: floor(h),
    "sg(h[t-1])": lambda p, x, h: stop_gradient(h),
    "H(h[t-1])": lambda p, x, h: heaviside(h),
    "surrogate(sign(h[t-1]), tanh(h[t-1]))": lambda p, x, h: surrogate(sign(h), tanh(h)),
    "surrogate(H(h[t-1]), sg(1 / (1 + |h[t-1]|)²) ⊙ h[t-1])": lambda p, x, h: heaviside(
        h, derivative=lambda v: 1 / (1 + abs(v)) ** 2
    ),
    "max(h[t-1]) + x[t]": lambda p, x, h: max(h) + x,
    "min(h[t-1]) + x[t]": lambda p, x, h: min(h) + x,
    "cumsum(h[t-1])": lambda p, x, h: cumsum(h),
    "reverse_cumsum(h[t-1])": lambda p, x, h: cumsum(h, reverse=True),
    "h[t-1]²": lambda p, x, h: h**2,
    "h[t-1]² ⊙ h[t-1]": lambda p, x, h: h**3,
    "(h[t-1]²)²": lambda p, x, h: h**4,
    "sqrt(w²)": lambda p, x, h: (p.w * p.w) ** 0.5 + 0 * h,
    "h[t-1] U": lambda p, x, h: h @ p.U,
    "h[t-1] Uᵀ": lambda p, x, h: h @ p.U.T,
    "h[t-1] (U - Uᵀ)": lambda p, x, h: h @ (p.U - p.U.T),
    "x[t] x[t]ᵀ h[t-1]": lambda p, x, h: vecmat(x, outer(x, h)),
    "h[t-1] (x[t]ᵀ h[t-1])ᵀ": lambda p, x, h: matvec(outer(x, h), h),
    "h[t-1] U U": lambda p, x, h: h @ p.U @ p.U,
    "w ⊙ h[t-1]": lambda p, x, h: p.w * h,
    "s · h[t-1]": lambda p, x, h: p.s * h,
    "sum(h[t-1]) + x[t]": lambda p, x, h: sum(h) + x,
    "softmax(h[t-1]) + x[t]": lambda p, x, h: softmax(h) + x,
    "sum(h[t-1]) / size + x[t]": lambda p, x, h: mean(h) + x,
    "where(h[t-1] < x[t], 1, x[t])": lambda p, x, h: where(h < x, 1, x),
    "where(h[t-1] ≤ 0, h[t-1], 2)": lambda p, x, h: where(h <= 0, h, 2.0),
    "where(h[t-1] > 0.5, h[t-1], x[t])": lambda p, x, h: where(h > 0.5, h, x),
    "where(h[t-1] ≥ x[t], 1, 0) + x[t]": lambda p, x, h: where(h >= x, 1.0, 0.0) + x,
    "max(h[t-1], 0.1)": lambda p, x, h: maximum(h, 0.1),
    "min(1, h[t-1])": lambda p, x, h: minimum(1, h),
    "σ(h[t-1])": lambda p, x, h: sigmoid(h),
    "tanh(h[t-1])": lambda p, x, h: tanh(h),
    "relu(h[t-1])": lambda p, x, h: relu(h),
    "exp(h[t-1])": lambda p, x, h: exp(h),
    "log(h[t-1]²)": lambda p, x, h: log(h * h),
    "sqrt(h[t-1]²)": lambda p, x, h: sqrt(h * h),
    "softplus(h[t-1])": lambda p, x, h: softplus(h),
    "Bernoulli(0.25) ⊙ h[t-1]": lambda p, x, h: bernoulli(0.25, like=h) * h,
}  # fmt: skip
"""What is traced, as text -> the function; `mean` divides by the named size."""


def traced(function: Function) -> Any:
    return cell(sizes={"x": "size", "h": "size"}, scalars=("s",) if "s" in function.__code__.co_names else ())(function)


def values(root: Node, given: dict[str, np.ndarray]) -> np.ndarray:
    """Compute a graph node by node from the values of its leaves."""
    evaluator = Evaluator(numpy_spelling(), {"size": 4}, number=np.float64, known={})
    found: dict[Node, np.ndarray] = {}
    for node in topological([root]):
        found[node] = given[node.name] if node.name in given else evaluator.compute(node, [found[a] for a in node.args])
    return found[root]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_spelling(text: str) -> None:
    """The text, and the same numbers from the graph, from the function on NumPy arrays and on torch tensors."""
    made = traced(SPELLINGS[text])
    assert made.equations().removeprefix("h[t] = ").removesuffix(" + 0 · h[t-1]") == text
    generator = np.random.default_rng(0)
    shapes = {"x": (6, 4), "h": (6, 4), "U": (4, 4), "w": (4,), "s": ()}
    given = {name: np.asarray(generator.standard_normal(shape)) for name, shape in shapes.items()}
    found = values(evaluation(made.step).next_states[0], given)
    p = {name: given[name] for name in "Uws"}
    np.testing.assert_allclose(made(p, given["x"], given["h"]), found, rtol=1e-14)
    p, x, h = {name: torch.tensor(v) for name, v in p.items()}, torch.tensor(given["x"]), torch.tensor(given["h"])
    np.testing.assert_allclose(made(p, x, h), found, rtol=1e-13)


def test_every_operation_has_a_spelling() -> None:
    """But for those of derived plans and of transforms."""
    used = {node.op for function in SPELLINGS.values() for node in topological(traced(function).step.roots)}
    assert OPS.keys() - used == {"broadcast", "outer", "sum_rows", "batch_mean"}


EDGES: dict[str, tuple[tuple[str, ...], Function]] = {
    "a state that stays": (("h[t] = h[t-1]",), lambda p, x, h: h),
    "the input as the next state": (("h[t] = x[t]",), lambda p, x, h: x),
    "states that change places": (("h[t] = c[t-1]", "c[t] = h[t-1]"), lambda p, x, h, c: (c, h)),
    "one value for two states": (("h[t] = h[t-1] + c[t-1]", "c[t] = h[t]"), lambda p, x, h, c: (h + c,) * 2),
    "the input as the output": (("h[t] = h[t-1]", "y[t] = x[t]"), lambda p, x, h: ((h,), x)),
    "the second state as the output": (
        ("h[t] = h[t-1] + c[t-1]", "c[t] = -c[t-1]", "y[t] = c[t]"),
        lambda p, x, h, c: ((h + c, -c), -c),
    ),
    "an output one wide": (("h[t] = x[t]", "y[t] = sum(h[t-1])"), lambda p, x, h: ((x,), sum(h))),
}


@pytest.mark.parametrize("kind", EDGES)
def test_what_is_returned(kind: str) -> None:
    lines, function = EDGES[kind]
    sizes = dict.fromkeys([*inspect.signature(function).parameters][1:], "size")
    assert cell(sizes=sizes)(function).equations() == "\n".join(lines)
