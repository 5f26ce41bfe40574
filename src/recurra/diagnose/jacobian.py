"""The Jacobian of a step, from the derived backward step: all states after it by all states before it."""

from __future__ import annotations

import torch
from torch import Tensor

from recurra.diagnose.rerun import Rerun
from recurra.graph.node import Node, depends_on, topological

__all__ = ["pull_through", "step_jacobians"]


def step_jacobians(again: Rerun, rows: Tensor, /) -> Tensor:
    """Return d states_t / d states_(t-1) at some rows (count,): (count, S, S), with all states side by side.

    Element [n, i, j] is the derivative of component i after the step by component j before it.
    """
    size = sum(again.sizes)
    eye = torch.eye(size, dtype=again.dtype).expand(len(rows), size, size)
    return pull_through(again, rows, eye)


def pull_through(again: Rerun, rows: Tensor, vectors: Tensor, /) -> Tensor:
    """Return v^T d states_t / d states_(t-1) for vectors (count, k, S), at rows (count,).

    The derived backward step runs for all of them at once: the vectors are the gradients that come in.
    """
    backward = again.plans.backward.step
    values: dict[Node, Tensor] = dict(zip(backward.incoming_states, vectors.split(again.sizes, -1), strict=True))
    for leaf in backward.incoming_outputs:  # the loss has no part in this
        values[leaf] = vectors.new_zeros(1, 1, _width(again, leaf))
    moving = depends_on(backward.states, values)
    order = topological(backward.states, stop=lambda node: node not in moving)
    fixed = [node for node in order if node not in moving and node.rows]
    values |= {node: each[rows].unsqueeze(1) for node, each in zip(fixed, again.values(fixed), strict=True)}
    for node in order:
        if node in moving and node not in values:
            arguments = [values[each] if each.rows else again.evaluator.once(each) for each in node.args]
            values[node] = _computed(again, node, arguments)
    return torch.cat(
        [_result(values.get(node), vectors, size) for node, size in zip(backward.states, again.sizes, strict=True)], -1
    )


def _computed(again: Rerun, node: Node, arguments: list[Tensor]) -> Tensor:
    """Return a node's value for rows that have a further axis, the vectors."""
    if node.op == "broadcast":
        return arguments[0].expand(*arguments[0].shape[:-1], _width(again, node))
    return again.evaluator.compute(node, arguments)


def _result(value: Tensor | None, vectors: Tensor, size: int) -> Tensor:
    """Return a result in its full shape; a state that nothing depends on has none."""
    shape = (*vectors.shape[:-1], size)
    return vectors.new_zeros(shape) if value is None else value.expand(shape)


def _width(again: Rerun, node: Node) -> int:
    size = node.shape[-1]
    return size if isinstance(size, int) else again.evaluator.sizes[size]
