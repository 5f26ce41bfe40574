"""Running statistics: what evaluation knows of the batches that training has seen, for each step of a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.transfer import on_device
from recurra.graph.node import Node

__all__ = ["SEEN", "RunningStatistics", "new_statistics"]

SEEN = "steps_seen"
"""The buffer that counts the steps of which there are statistics."""


def new_statistics(nodes: Sequence[Node], sizes: Mapping[str, int], like: Tensor) -> dict[str, Tensor]:
    """Return the buffers of a direction by name: (steps, size) for each statistic, and the number of steps seen."""
    if not nodes:
        return {}
    found = {SEEN: torch.zeros((), dtype=torch.int64, device=like.device)}
    for node in nodes:
        (size,) = node.shape
        width = size if isinstance(size, int) else sizes[size]
        found[node.name] = like.new_full((node["steps"], width), node["start"])
    return found


@dataclass(frozen=True)
class RunningStatistics:
    """The running statistics of one direction of one layer.

    Steps count from the one that the direction runs first. Those beyond the last that was seen in training take the
    statistics of that one (Cooijmans et al., 2017, section 3).

    Attributes
    ----------
    nodes : the statistics of the cell, in its order
    buffers : `new_statistics`
    """

    nodes: Sequence[Node]
    buffers: Mapping[str, Tensor]

    def rows(self, batch_sizes: Sequence[int], *, reverse: bool) -> list[Tensor]:
        """Return each statistic for every row of a batch, (sum of batch_sizes, size)."""
        device = self.buffers[SEEN].device
        if batch_sizes[0] == batch_sizes[-1]:
            steps = torch.arange(len(batch_sizes), device=device)
            return self.of_steps((steps.flip(0) if reverse else steps).repeat_interleave(batch_sizes[0]))
        steps = torch.arange(len(batch_sizes))
        steps = steps.flip(0) if reverse else steps
        return self.of_steps(on_device(steps.repeat_interleave(torch.tensor(batch_sizes)), device))

    def of_steps(self, steps: Tensor) -> list[Tensor]:
        """Return each statistic for steps (n,), counted from the beginning of their sequences: (n, size)."""
        lines = torch.minimum(steps, (self.buffers[SEEN] - 1).clamp(min=0))
        return [self.buffers[node.name][lines] for node in self.nodes]

    @torch.no_grad()
    def update(self, found: Sequence[Tensor], batch_sizes: Sequence[int], *, reverse: bool) -> None:
        """Take in the statistics of a batch, (steps, size) each; a step of one sequence says nothing of others."""
        order = slice(None, None, -1) if reverse else slice(None)
        counted = [number for number, size in enumerate(batch_sizes[order]) if size > 1]
        if not counted:
            return
        seen, first = self.buffers[SEEN], int(self.buffers[SEEN])
        for node, values in zip(self.nodes, found, strict=True):
            values = values.flip(0) if reverse else values
            self._blend(node, values, counted, first)
        seen.fill_(max(first, min(counted[-1] + 1, self.nodes[0]["steps"])))

    def _blend(self, node: Node, values: Tensor, counted: Sequence[int], seen: int) -> None:
        """Move a buffer towards the values of the steps that count; what it sees for the first time, it takes."""
        buffer, last = self.buffers[node.name], node["steps"] - 1
        own = [step for step in counted if step < last]
        later = [step for step in counted if step >= last]
        rows, new = own, values[own]
        if later:
            rows, new = [*own, last], torch.cat([new, values[later].mean(0, keepdim=True)])
        share = torch.tensor([node["momentum"] if row < seen else 1.0 for row in rows], dtype=new.dtype)
        buffer[rows] += share.to(new.device)[:, None] * (new - buffer[rows])
