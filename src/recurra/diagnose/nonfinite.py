"""Where NaN or infinity began: the step, the sequence, and the first equation that gave it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.rerun import Rerun
from recurra.diagnose.spelling import Spelled
from recurra.graph.node import Node, topological

__all__ = ["NonFinite", "first_non_finite"]


@dataclass(frozen=True)
class NonFinite:
    """The first value of a layer that is not finite.

    Attributes
    ----------
    step, sequence, feature : int, from 0
        The step counts from the first that is run; the sequence is that of the longest-first order.
    value : float
    equation : str
        What gave it; an input or an initial state is named.
    """

    step: int
    sequence: int
    feature: int
    value: float
    equation: str


def first_non_finite(again: Rerun, /) -> NonFinite | None:
    """Return where a run first left the finite numbers, None if it never did; the run has the dtype that it had."""
    nodes = [node for node in _in_order(again) if node.rows]
    values = again.values(nodes)
    wrong = torch.stack([~torch.isfinite(value).all(1).expand(_count(again)) for value in values])
    for step in range(max(map(len, again.paths))):
        for sequence, path in enumerate(again.paths):
            if len(path) > step and bool(wrong[:, path[step]].any()):
                first = int(wrong[:, path[step]].nonzero()[0])
                return _found(again, nodes[first], values[first][path[step]], step, sequence)
    return None


def _in_order(again: Rerun) -> list[Node]:
    """Return the values of a step, leaves first."""
    leaves = (*again.step.inputs, *again.step.states)
    return list(dict.fromkeys((*leaves, *topological(again.step.roots))))


def _count(again: Rerun) -> int:
    return sum(again.run.batch_sizes)


def _found(again: Rerun, node: Node, value: Tensor, step: int, sequence: int) -> NonFinite:
    feature = int((~torch.isfinite(value)).nonzero()[0])
    what = {"input": f"the input {node.name}", "state": f"the state {node.name} before the step"}.get(node.op)
    return NonFinite(step, sequence, feature, float(value[feature]), what or Spelled(again.plans.forward).place(node))
