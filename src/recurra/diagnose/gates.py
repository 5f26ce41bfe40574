"""Gates and units: how much is saturated or dead, what a state keeps of itself, and which bias decides how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.derive.plan import normalise
from recurra.diagnose.rerun import Rerun, Spelled
from recurra.graph.node import Node, add, constant, div, mul, neg, number_of, topological, where
from recurra.graph.rewrite import rewrite, simplify_node
from recurra.graph.step import Step, evaluation, past_inputs, values_after
from recurra.spec import Cell

__all__ = ["BINS", "Gate", "Retention", "UnitNorms", "forget_bias", "gates", "kept_share", "retentions", "state_units"]

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
class UnitNorms:
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


def state_units(again: Rerun, /) -> tuple[UnitNorms, ...]:
    """Measure how long each state is at each step, and which of its units never move."""
    values = again.values(values_after(again.step))
    return tuple(
        UnitNorms(leaf.name, _norms(value, again.paths), _constant(value))
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


@dataclass(frozen=True)
class Retention:
    """The factor by which a state's old value goes into the new one, feature by feature: a forget gate.

    Attributes
    ----------
    state : str
    factor : str
        As the equations have it: "f", or "1 - z[t]".
    shares : tensor (features,)
        Its geometric mean over all steps and sequences.
    """

    state: str
    factor: str
    shares: Tensor

    @property
    def time_constants(self) -> Tensor:
        """Steps (features,) after which a value has shrunk to 1/e by this factor alone: -1 / log f; inf from 1 on."""
        return 1.0 / self.shares.clamp(0.0, 1.0).log().abs()


def kept_share(step: Step, /) -> dict[Node, Node]:
    """Return, for each state that is carried on feature by feature, the factor before its old value.

    It is the derivative through sums, products and choices alone: a gate counts as a number, and a path through a
    matrix or a nonlinearity does not count.
    """
    past = past_inputs(step)
    pairs = [(leaf, after) for leaf, after in zip(step.states, values_after(step), strict=True) if leaf not in past]
    found = {leaf: factor for leaf, after in pairs if after.args and (factor := _factor(after, leaf)) is not None}
    new = rewrite(found.values(), simplify_node)
    return {leaf: new[factor] for leaf, factor in found.items()}


def _factor(node: Node, leaf: Node) -> Node | None:
    """Return the factor of a leaf in a node, None if it is not in it."""
    if node is leaf:
        return constant(1.0)
    if node.op not in ("add", "sub", "neg", "mul", "div", "where") or not node.rows:
        return None
    parts = [_factor(each, leaf) for each in node.args]
    match node.op:
        case "add":
            return _sum(parts[0], parts[1])
        case "sub":
            return _sum(parts[0], None if parts[1] is None else neg(parts[1]))
        case "neg":
            return None if parts[0] is None else neg(parts[0])
        case "mul":
            products = zip(parts, reversed(node.args), strict=True)
            return _sum(*(None if part is None else mul(part, other) for part, other in products))
        case "div":
            return None if parts[0] is None else div(parts[0], node.args[1])
    _, yes, no = parts
    return None if yes is no is None else where(node.args[0], yes or constant(0.0), no or constant(0.0))


def _sum(first: Node | None, second: Node | None) -> Node | None:
    return add(first, second) if first is not None and second is not None else first or second


def _stretched(values: Tensor, factor: Node, state: Node, again: Rerun) -> Tensor:
    """Return what is one number for several of a state's, such as a decay of a matrix's rows, for each of them."""
    found, whole = ([number_of(size, again.evaluator.sizes) for size in node.shape] for node in (factor, state))
    return values.reshape(found).expand(whole)


def retentions(again: Rerun, /) -> tuple[Retention, ...]:
    """Measure what each state keeps of itself; a state that is no sum with its old value is left out."""
    spelled, found = Spelled(again.plans.forward), kept_share(again.step)
    values = again.values(found.values())
    return tuple(
        Retention(leaf.name, spelled.name(factor), _stretched(_geometric(value), factor, leaf, again).flatten())
        for (leaf, factor), value in zip(found.items(), values, strict=True)
    )


def _geometric(value: Tensor) -> Tensor:
    """Return the geometric mean over the rows; a factor's sign does not matter for how long it keeps."""
    least = torch.finfo(value.dtype).tiny
    return value.abs().clamp_min(least).log().mean(0).exp()


def forget_bias(cell: Cell, /) -> tuple[str, int] | None:
    """Return the bias of a cell's forget gate, and whether a larger one keeps longer (1) or shorter (-1).

    None where no gate of the form σ(... + b) or 1 - σ(... + b) multiplies a state, or it has no bias.

    Examples
    --------
    >>> from recurra.cells import LSTM, MGU
    >>> from recurra.diagnose.gates import forget_bias
    >>> forget_bias(LSTM), forget_bias(MGU)
    (('b_f', 1), ('b_f', -1))
    """
    biases = {parameter.name for parameter in cell.parameters if parameter.role == "bias"}
    for factor in kept_share(normalise(evaluation(cell.step))[1]).values():
        is_rest = factor.op == "sub" and factor.args[0].op == "constant"
        gate, sign = (factor.args[1], -1) if is_rest else (factor, 1)
        found = _added(gate.args[0], biases) if gate.op == "sigmoid" else None
        if found:
            return found, sign
    return None


def _added(node: Node, biases: set[str]) -> str | None:
    """Return the bias among the terms of a sum."""
    if node.op == "parameter" and node.name in biases:
        return node.name
    if node.op != "add":
        return None
    return _added(node.args[0], biases) or _added(node.args[1], biases)
