"""Running statistics: what evaluation knows of the batches that training has seen, for each step of a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from recurra.backends.tensors import DeviceTable
from recurra.graph.node import Node, number_of
from recurra.nn.guards import cached_by_shape

__all__ = ["SEEN", "RunningStatistics", "new_statistics", "statistics_of"]

SEEN = "steps_seen"
"""The buffer that counts the steps of which there are statistics."""


def new_statistics(nodes: Sequence[Node], sizes: Mapping[str, int], like: Tensor) -> dict[str, Tensor]:
    """Return the buffers of a direction by name: (steps, size) for each statistic, and the number of steps seen."""
    if not nodes:
        return {}
    found = {SEEN: torch.zeros((), dtype=torch.int64, device=like.device)}
    for node in nodes:
        found[node.name] = like.new_full((node["steps"], number_of(node.width, sizes)), node["start"])
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
        return self.of_steps(_steps_of_rows(tuple(batch_sizes), reverse, self.buffers[SEEN].device).read())

    def of_steps(self, steps: Tensor) -> list[Tensor]:
        """Return each statistic for steps (n,), counted from the beginning of their sequences: (n, size)."""
        lines = torch.minimum(steps, (self.buffers[SEEN] - 1).clamp(min=0))
        return [self.buffers[node.name][lines] for node in self.nodes]

    @torch.no_grad()
    def update(self, found: Sequence[Tensor], batch_sizes: Sequence[int], *, reverse: bool) -> None:
        """Take in the statistics of a batch, (steps, size) each; a step of one sequence says nothing of others."""
        counted = _counted(tuple(batch_sizes), reverse)
        if counted.start == counted.stop:
            return
        for node, values in zip(self.nodes, found, strict=True):
            self._blend(node, (values.flip(0) if reverse else values)[counted], counted.start)
        self.buffers[SEEN].clamp_(min=min(counted.stop, self.nodes[0]["steps"]))

    def _blend(self, node: Node, values: Tensor, first: int) -> None:
        """Move a buffer towards the values of the steps from `first` on; what it sees for the first time, it takes.

        Nothing here waits for a device: which steps were seen is compared there.
        """
        buffer, last = self.buffers[node.name], node["steps"] - 1
        # the last buffer stands for its own step and all later ones, which are taken together as their mean
        own = max(last - first, 0)
        new = values[:own]
        if len(values) > own:
            new = torch.cat([new, values[own:].mean(0, keepdim=True)])
        begin = min(first, last)
        steps = torch.arange(begin, begin + len(new), device=new.device)
        share = torch.where(steps < self.buffers[SEEN], node["momentum"], 1.0).to(new.dtype)
        rows = buffer[begin : begin + len(new)]
        rows += share[:, None] * (new - rows)


@cached_by_shape
def _steps_of_rows(batch_sizes: tuple[int, ...], reverse: bool, device: torch.device) -> DeviceTable:
    """Return the step of each row, counted from where its sequence is begun; kept for sizes that come again."""
    counts = torch.tensor(batch_sizes, device="cpu")
    steps = torch.arange(len(batch_sizes), device="cpu").repeat_interleave(counts)
    if reverse:  # a shorter sequence begins at an end of its own
        sequences = torch.cat([torch.arange(size, device="cpu") for size in batch_sizes])
        lengths = torch.bincount(sequences)
        steps = lengths[sequences] - 1 - steps
    return DeviceTable(steps, device)


def statistics_of(module: nn.Module, nodes: Sequence[Node], suffix: str) -> RunningStatistics | None:
    """Return the running statistics of a direction, whose buffers' names end so; None if its cell has none."""
    if not nodes:
        return None
    names = (SEEN, *(node.name for node in nodes))
    return RunningStatistics(nodes, {name: getattr(module, name + suffix) for name in names})


def _counted(batch_sizes: tuple[int, ...], reverse: bool) -> slice:
    """Return the steps, in the order in which they are run, that have more than one sequence."""
    # sizes never rise: steps of one sequence are the last ones, and where steps are run backwards the first
    alone = sum(size == 1 for size in batch_sizes)
    return slice(alone, len(batch_sizes)) if reverse else slice(0, len(batch_sizes) - alone)
