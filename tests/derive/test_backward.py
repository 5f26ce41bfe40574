"""The derived backward step against torch's autograd, for random graphs and for every cell."""

from __future__ import annotations

import collections
import random

import numpy as np
import pytest
import torch

from recurra import Cell
from recurra.backends.evaluator import Evaluator
from recurra.cells import all_cells
from recurra.derive.backward import OUTPUT, backward_step, pull_back
from recurra.graph.node import (
    Node,
    add,
    broadcast,
    constant,
    div,
    leaf,
    matmul,
    mul,
    neg,
    number_of,
    pointwise,
    sub,
    sum_features,
    topological,
    where,
    width_of,
)
from recurra.graph.ops import torch_spelling
from recurra.graph.rewrite import simplify

X, H = leaf("input", "x", ("n",)), leaf("state", "h", ("n",))
W, V, B, S = (leaf("parameter", n, s) for n, s in (("W", ("n", "n")), ("V", ("n",)), ("b", ("n",)), ("s", ())))
G = leaf("gradient", "g", ("n",))
SIZES = collections.defaultdict(lambda: 2, {"n": 4, "input_size": 3, "hidden_size": 4, "output_size": 5, "groups": 1})
ROWS = 6


def random_graph(generator: random.Random, depth: int) -> Node:
    """Return a smooth expression of inputs, states and parameters; values stay near one."""
    if depth == 0:
        return generator.choice([X, H, mul(V, X), add(H, B), mul(S, X), broadcast(constant(0.3), ("n",))])
    first, second = (random_graph(generator, depth - 1) for _ in range(2))
    match generator.choice(
        ["tanh", "sigmoid", "add", "sub", "mul", "div", "neg", "matmul", "softplus", "mean", "where"]
    ):
        case "add":
            return add(first, second)
        case "sub":
            return sub(first, second)
        case "mul":
            return mul(pointwise("tanh", first), second)
        case "div":
            return div(first, add(constant(1.5), pointwise("sigmoid", second)))
        case "neg":
            return neg(first)
        case "matmul":
            return matmul(pointwise("tanh", first), W) if first.rows else first
        case "mean":
            return add(first, mul(sum_features(second), constant(0.25))) if second.rows else first
        case "where":
            return where(pointwise("less", X, H), first, second)
        case op:
            return pointwise(op, first)


def tensor(node: Node, generator: torch.Generator) -> torch.Tensor:
    shape = [ROWS, width_of(node, SIZES)] if node.rows else [number_of(size, SIZES) for size in node.shape]
    return torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_()


def evaluate(roots: list[Node], values: dict[Node, torch.Tensor]) -> list[torch.Tensor]:
    """Compute nodes one by one; what sums over rows has no rows itself and stands among the rest."""
    evaluator = Evaluator(torch_spelling(), SIZES, number=lambda v: torch.tensor(v, dtype=torch.float64), known={})
    found = dict(values)
    for node in topological(roots):
        if node not in found:
            found[node] = evaluator.compute(node, [found[a] for a in node.args])
    return [found[root] for root in roots]


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs(seed: int) -> None:
    """The adjoint of every leaf is what autograd finds, before and after simplification."""
    root = random_graph(random.Random(seed), 4)
    if not root.rows:
        root = add(root, X)
    leaves = [node for node in topological([root]) if node.op in ("input", "state", "parameter")]
    generator = torch.Generator().manual_seed(seed)
    values = {node: tensor(node, generator) for node in leaves}
    weight = tensor(G, generator).detach()
    (output,) = evaluate([root], values)
    expected = torch.autograd.grad(
        (output * weight).sum(), list(values.values()), allow_unused=True, materialize_grads=True
    )
    adjoints = pull_back([(root, G)])
    detached = {**{node: value.detach() for node, value in values.items()}, G: weight}
    for simplified in (False, True):
        wanted = [adjoints[node] for node in leaves if node in adjoints]
        found = iter(evaluate(simplify(wanted) if simplified else wanted, detached))
        for node, right in zip(leaves, expected, strict=True):
            got = next(found) if node in adjoints else torch.zeros_like(right)
            np.testing.assert_allclose(np.broadcast_to(got.numpy(), right.shape), right.numpy(), atol=1e-11)


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_the_backward_step_of_a_cell(cell: Cell) -> None:
    """One step: the gradients of states, inputs and parameters from those of output and next states."""
    step = cell.step
    generator = torch.Generator().manual_seed(0)
    leaves = [*step.states, *step.inputs, *step.parameters]
    values = {node: tensor(node, generator) for node in leaves}
    roots = evaluate([step.output, *step.next_states], values)
    derived = backward_step(step)
    incoming = (*derived.incoming_outputs, *derived.incoming_states)
    assert [node.name for node in incoming] == [f"{OUTPUT} 0", *cell.states]
    weights = {node: tensor(node, generator).detach() for node in incoming}
    loss = torch.stack([(r * w).sum() for r, w in zip(roots, weights.values(), strict=True)]).sum()
    expected = torch.autograd.grad(loss, [values[node] for node in leaves], allow_unused=True, materialize_grads=True)
    detached = {**{node: value.detach() for node, value in values.items()}, **weights}
    found = evaluate(list(derived.roots), detached)
    for node, a, b in zip(leaves, found, expected, strict=True):
        right = 0 * b if node.op == "parameter" and node.name in step.fixed else b  # which is not computed
        np.testing.assert_allclose(np.broadcast_to(a.numpy(), b.shape), right.numpy(), atol=1e-12, err_msg=str(node))
