"""Gradients of parameters: sums over all rows of all steps, as products of torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from recurra.backends.parameters import Parameters
from recurra.backends.tensors import joined
from recurra.backends.triton.run import Run
from recurra.derive.plan import BackwardPlan
from recurra.graph.node import Node

__all__ = ["parameter_gradients"]


def parameter_gradients(
    run: Run, plan: BackwardPlan, parameters: Parameters, wanted: Sequence[bool]
) -> tuple[Tensor | None, ...]:
    """Return the gradients of the tensors of parameters, None where it is not wanted."""
    if not any(wanted):
        return (None,) * len(wanted)
    known = run.evaluator.known
    for gradient in plan.weight_gradients:
        deltas = joined([run.rows(delta) for delta in gradient.deltas], 1)
        together = torch.mm(run.rows(gradient.operand).to(deltas.dtype).T, deltas)
        known.update(zip(gradient.results, _parted(run, together, gradient.deltas), strict=True))
    if plan.row_sums:
        summed = [node.args[0] for node in plan.row_sums]
        total = joined([run.rows(node) for node in summed], 1).sum(0)
        known.update(zip(plan.row_sums, _parted(run, total, summed), strict=True))
    nodes = zip(plan.step.parameters, parameters, strict=True)
    found = [run.evaluator.once(node).expand(value.shape).to(value.dtype) for node, value in nodes]
    every = parameters.gathered(found, _joined)
    return tuple(each if is_wanted else None for each, is_wanted in zip(every, wanted, strict=True))


def _parted(run: Run, together: Tensor, deltas: Sequence[Node]) -> list[Tensor]:
    """Divide columns that lie side by side as the values that they belong to."""
    return [*together.split([run.rows(delta).shape[1] for delta in deltas], -1)]


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0].contiguous() if len(parts) == 1 else torch.cat(parts)
