"""The reference: a plain loop over a cell's own function in torch, which knows nothing of plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.graph.node import topological
from recurra.graph.ops import torch_spelling
from recurra.graph.step import without_noise
from recurra.spec import Cell

__all__ = ["reference_run"]


def reference_run(
    cell: Cell,
    parameters: Mapping[str, Tensor],
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    *,
    batch_sizes: Sequence[int],
    sizes: Mapping[str, int],
    reverse: bool = False,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a cell without its noise over rows in the packed layout of `recurra.backends.kernel.Call`.

    A cell without a function (made by a transform, or read from a file) runs by its graph, node by node.

    Returns
    -------
    output : tensor (sum of batch_sizes, size)
    states : each sequence's after its last step, registers of delays among them
    """
    current, outputs = list(states), []
    ends = torch.tensor(batch_sizes).cumsum(0).tolist()
    order = list(zip(ends, batch_sizes, strict=True))
    for end, count in reversed(order) if reverse else order:
        now = [
            value[:count] if leaf.name in cell.step.per_sequence else value[end - count : end]
            for leaf, value in zip(cell.step.inputs, inputs, strict=True)
        ]
        step = _by_function if cell.function is not None else _by_graph
        following, output = step(cell, parameters, now, [state[:count] for state in current], sizes)
        current = [torch.cat([new, old[count:]]) for new, old in zip(following, current, strict=True)]
        outputs.append(output)
    return torch.cat(outputs[::-1] if reverse else outputs), tuple(current)


def _by_function(
    cell: Cell, parameters: Mapping[str, Tensor], inputs: list[Tensor], states: list[Tensor], sizes: Mapping[str, int]
) -> tuple[list[Tensor], Tensor]:
    """Run one step by the function; move the registers of delayed states on by hand."""
    named = dict(zip(cell.states, states, strict=True))
    own = [state.name for state in cell.written.states]
    further = {leaf.name: value for leaf, value in zip(cell.further_inputs, inputs[1:], strict=True)}
    for argument, delay in cell.written.delays.items():
        further[argument] = named[delay.state if delay.lag == 1 else f"{delay.state}_lag{delay.lag - 1}"]
    following, output = _parts(cell(parameters, inputs[0], *(named[name] for name in own), **further))
    after = dict(zip(own, following, strict=True))
    for name in cell.states[len(own) :]:
        state, lag = name.rsplit("_lag", 1)
        after[name] = named[state if lag == "1" else f"{state}_lag{int(lag) - 1}"]
    return [after[name] for name in cell.states], output


def _parts(returned: Any) -> tuple[tuple[Tensor, ...], Tensor]:
    """Split what a cell's function returned into next states and output."""
    if not isinstance(returned, tuple):
        return (returned,), returned
    if len(returned) == 2 and isinstance(returned[0], tuple):
        return returned
    return returned, returned[0]


def _by_graph(
    cell: Cell, parameters: Mapping[str, Tensor], inputs: list[Tensor], states: list[Tensor], sizes: Mapping[str, int]
) -> tuple[list[Tensor], Tensor]:
    """Run one step of the graph as it was written, without passes or plans."""
    step = without_noise(cell.step)
    like = states[0]
    known = {leaf: parameters[leaf.name] for leaf in step.parameters}
    evaluator = Evaluator(torch_spelling(), sizes, number=lambda v: torch.tensor(v, dtype=like.dtype), known=known)
    rows = dict(zip((*step.inputs, *step.states), (*inputs, *states), strict=True))
    for node in topological(step.roots):
        if node.rows and node.args:
            rows[node] = evaluator.compute(node, [rows[a] if a.rows else evaluator.once(a) for a in node.args])
    return [rows[node] for node in step.next_states], rows[step.output]
