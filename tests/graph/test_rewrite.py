"""Each rule of simplification, and that no rule changes a value: NaN and infinity included."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from recurra.backends.evaluator import Evaluator
from recurra.graph.node import (
    Node,
    add,
    broadcast,
    constant,
    div,
    leaf,
    make,
    mul,
    neg,
    pointwise,
    sub,
    topological,
    transpose,
    where,
)
from recurra.graph.ops import numpy_spelling
from recurra.graph.rewrite import simplify
from recurra.graph.verify import verify

A, B = leaf("input", "a", ("n",)), leaf("input", "b", ("n",))
V, W = leaf("parameter", "v", ("n",)), leaf("parameter", "W", ("n", "n"))
ZERO, ONE = constant(0.0), constant(1.0)

RULES: list[tuple[Node, Node]] = [
    (add(A, ZERO), A),
    (add(ZERO, A), A),
    (sub(A, ZERO), A),
    (sub(ZERO, A), neg(A)),
    (mul(A, ONE), A),
    (mul(ONE, A), A),
    (div(A, ONE), A),
    (neg(neg(A)), A),
    (add(A, neg(B)), sub(A, B)),
    (add(neg(A), B), sub(B, A)),
    (sub(A, neg(B)), add(A, B)),
    (neg(sub(A, B)), sub(B, A)),
    (mul(neg(A), B), neg(mul(A, B))),
    (mul(A, neg(B)), neg(mul(A, B))),
    (mul(neg(A), neg(B)), mul(A, B)),
    (transpose(transpose(W)), W),
    (transpose(neg(W)), neg(transpose(W))),
    (add(constant(2.0), constant(3.0)), constant(5.0)),
    (add(broadcast(constant(2.0), ("n",)), A), add(constant(2.0), A)),
    (where(pointwise("less", A, B), V, V), where(pointwise("less", A, B), V, V)),  # V is no row, the choice is
    (where(pointwise("less", A, B), A, A), A),
    (mul(A, ZERO), mul(A, ZERO)),  # NaN * 0 is NaN
    (sub(A, A), sub(A, A)),  # infinity - infinity is NaN
    (div(A, A), div(A, A)),
]


@pytest.mark.parametrize(("given", "expected"), RULES, ids=lambda node: repr(node))
def test_a_rule(given: Node, expected: Node) -> None:
    assert simplify([given]) == [expected]


AWKWARD = np.array([0.0, -0.0, 1.0, -2.5, np.inf, -np.inf, np.nan, 1e-300, 1e300])


def random_expression(generator: random.Random, depth: int) -> Node:
    """Return an expression made of what the rules look for."""
    if depth == 0:
        return generator.choice([A, B, V, ZERO, ONE, constant(-2.0), broadcast(ZERO, ("n",)), broadcast(ONE, ("n",))])
    op = generator.choice(["add", "sub", "mul", "div", "neg", "neg", "maximum", "where"])
    parts = [random_expression(generator, depth - 1) for _ in range(3)]
    match op:
        case "neg":
            return neg(parts[0])
        case "where":
            return where(pointwise("less", parts[0], A), parts[1], parts[2])
        case "div":  # by a leaf: the sign of a zero, which a rule may change, is not to become that of an infinity
            return div(parts[0], generator.choice([A, B, V, ONE]))
    return pointwise(op, parts[0], parts[1])


def evaluate(root: Node, values: dict[Node, np.ndarray]) -> np.ndarray:
    known = {node: value for node, value in values.items() if not node.rows}
    evaluator = Evaluator(numpy_spelling(), {"n": len(AWKWARD)}, number=np.float64, known=known)
    rows = {node: value for node, value in values.items() if node.rows}
    for node in topological([root]):
        if node.rows and node not in rows:
            rows[node] = evaluator.compute(node, [rows[a] if a.rows else evaluator.once(a) for a in node.args])
    value = rows[root] if root.rows else evaluator.once(root)
    return np.broadcast_to(value, (len(AWKWARD), len(AWKWARD)))


@pytest.mark.parametrize("seed", range(150))
def test_values_stay(seed: int) -> None:
    """Random expressions over awkward numbers: the same value before and after, NaN for NaN."""
    root = random_expression(random.Random(seed), 4)
    (simple,) = simplify([root])
    verify([simple])
    assert (simple.shape, simple.rows) == (root.shape, root.rows)
    assert len(topological([simple])) <= len(topological([root]))
    grid = np.tile(AWKWARD, (len(AWKWARD), 1))
    values = {A: grid, B: grid.T, V: AWKWARD[::-1].copy()}
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(evaluate(simple, values), evaluate(root, values))


def test_nodes_are_interned() -> None:
    """The same expression is the same object, so a common subexpression exists once."""
    assert add(A, mul(A, B)) is add(A, mul(A, B))
    assert add(A, B) is not add(B, A)
    assert constant(1.0) is constant(1)
    assert constant(0.0) is not constant(1.0)


BROKEN: dict[str, Callable[[], Node]] = {
    "not in the table": lambda: _made("swish", (A,)),
    "1 arguments where the table says 2": lambda: _made("add", (A,)),
    "shape ('m',) where its arguments give ('n',)": lambda: _made("add", (A, B), shape=("m",)),
    "a truth value used as a number": lambda: _made("add", (A, pointwise("less", A, B))),
    "a number used as a truth value": lambda: _made("where", (A, A, B)),
    "a leaf with arguments": lambda: _made("input", (A,)),
    "attributes {}, expected name (str)": lambda: _made("input"),
    "attributes {}, expected value (float)": lambda: _made("constant", shape=(), rows=False),
    "attributes {'value': '1'}, expected value (float)": lambda: _made("constant", shape=(), rows=False, value="1"),
    "attributes {'rate': 0.5}, expected index (int), per (str), rate (float)": lambda: _made("noise", rate=0.5),
    "a size is a name or a whole number from 1 on": lambda: leaf("input", "x", (0,)),
    "rows is True for a leaf of this kind": lambda: _made("parameter", name="w"),
    "rows is True where its arguments say otherwise": lambda: _made("neg", (V,)),
    "rows is False where its arguments say otherwise": lambda: _made("neg", (A,), rows=False),
    "a product of ('m',) and ('n', 'n')": lambda: _made("matmul", (leaf("input", "c", ("m",)), W)),
    "a product of ('n',) and ('n',)": lambda: _made("matmul", (A, V)),
    "a size of m beside a size of n": lambda: _made("add", (leaf("input", "c", ("m",)), A)),
    "a size of n beside a size of m": lambda: _made("broadcast", (A,), shape=("m",)),
}


def _made(
    op: str, args: tuple[Node, ...] = (), *, shape: tuple[str, ...] = ("n",), rows: bool = True, **attributes: object
) -> Node:
    """Return a node past the constructors, which would refuse it."""
    return make(op, args, shape=shape, rows=rows, attributes=attributes)


@pytest.mark.parametrize("message", BROKEN)
def test_a_broken_graph_is_found(message: str) -> None:
    broken = BROKEN[message]()
    with pytest.raises(AssertionError) as caught:
        verify([neg(broken)])
    assert message in str(caught.value)
