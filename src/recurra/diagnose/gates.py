"""Gates and units: how much of them is saturated or dead, and how long the states are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.rerun import Rerun
from recurra.diagnose.spelling import Spelled
from recurra.graph.node import Node, topological
from recurra.graph.step import values_after

__all__ = ["BINS", "Gate", "Units", "gates", "state_units"]

BINS = 20
"""Bars of a gate's histogram."""

_ENDS = {"sigmoid": (0.05, 0.95, 0.0, 1.0), "tanh": (-0.95, 0.95, -1.0, 1.0)}
"""Of each function: below and above which it is saturated, and the ends of its range."""

_STILL = 1e-6
"""A unit that moves by less than this share of the whole state's spread is constant."""


@dataclass(frozen=True)
class Gate:
    """The values of one nonlinearity over all steps, sequences and features.

    Attributes
    ----------
    name, equation : str
    function : ``"sigmoid"``, ``"tanh"`` or ``"relu"``
    low, high : float
        The share of values that are saturated: a sigmoid's under .05 and over .95, a tanh's beyond -.95 and .95; of a
        ReLU, low is the share of zeros.
    dead : float
        The share of units of a ReLU that are always zero; of others, that are always saturated.
    histogram : tensor (BINS,), shares that sum to 1
    edges : (float, float)
        Where the histogram begins and ends.
    """

    name: str
    equation: str
    function: str
    low: float
    high: float
    dead: float
    histogram: Tensor
    edges: tuple[float, float]

    @property
    def saturated(self) -> float:
        """The share of values that are at either end."""
        return self.low + self.high


@dataclass(frozen=True)
class Units:
    """A state over time.

    Attributes
    ----------
    state : str
    norms : tensor (steps,)
        The root mean square over features and sequences after each step, in the order in which they run.
    constant : float
        The share of units that do not move at all.
    """

    state: str
    norms: Tensor
    constant: float


def gates(again: Rerun, /) -> tuple[Gate, ...]:
    """Measure every sigmoid, tanh and ReLU of the equations."""
    spelled, nodes = Spelled(again.plans.forward), list(_nonlinearities(again))
    return tuple(_gate(node, value, spelled) for node, value in zip(nodes, again.values(nodes), strict=True))


def _nonlinearities(again: Rerun) -> Iterator[Node]:
    for node in topological(again.step.roots):
        if node.rows and node.op in ("sigmoid", "tanh", "relu"):
            yield node


def _gate(node: Node, value: Tensor, spelled: Spelled) -> Gate:
    if node.op == "relu":
        is_low, is_high = value <= 0, torch.zeros_like(value, dtype=torch.bool)
        edges = (0.0, max(float(value.max()), 1e-12))
    else:
        below, above, *ends = _ENDS[node.op]
        is_low, is_high, edges = value < below, value > above, (ends[0], ends[1])
    counts = torch.histc(value, BINS, *edges)
    dead = (is_low.all(0) | is_high.all(0)).double().mean()
    return Gate(
        spelled.name(node), spelled.equation(node), node.op, float(is_low.double().mean()),
        float(is_high.double().mean()), float(dead), counts / counts.sum().clamp_min(1), edges,
    )  # fmt: skip


def state_units(again: Rerun, /) -> tuple[Units, ...]:
    """Measure how long each state is at each step, and which of its units never move."""
    values = again.values(values_after(again.step))
    return tuple(
        Units(leaf.name, _norms(value, again.paths), _constant(value))
        for leaf, value in zip(again.step.states, values, strict=True)
    )


def _norms(value: Tensor, paths: list[Tensor]) -> Tensor:
    squares = value.square().mean(1)
    squares = squares if len(squares) > 1 else squares.expand(max(int(path.max()) for path in paths) + 1)
    longest = max(map(len, paths))
    rows = [torch.stack([path[step] for path in paths if len(path) > step]) for step in range(longest)]
    return torch.stack([squares[each].mean() for each in rows]).sqrt()


def _constant(value: Tensor) -> float:
    """Return the share of features that are the same in all rows."""
    if len(value) < 2:
        return 1.0
    spread = value.std(0)
    return float((spread <= _STILL * value.std().clamp_min(1e-300)).double().mean())
