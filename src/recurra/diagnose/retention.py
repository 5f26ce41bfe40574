"""What a state keeps of itself: the factor before its old value, found in the equations, and its time constant."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.rerun import Rerun
from recurra.diagnose.spelling import Spelled
from recurra.graph.node import Node, add, constant, div, mul, neg, where
from recurra.graph.rewrite import rewrite, simplify_node
from recurra.graph.step import Step, past_inputs, values_after

__all__ = ["Retention", "kept_share", "retentions"]


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


def retentions(again: Rerun, /) -> tuple[Retention, ...]:
    """Measure what each state keeps of itself; a state that is no sum with its old value is left out."""
    spelled, found = Spelled(again.plans.forward), kept_share(again.step)
    values = again.values(found.values())
    sizes = dict(zip(again.step.states, again.sizes, strict=True))
    return tuple(
        Retention(leaf.name, spelled.name(factor), _geometric(value).expand(sizes[leaf]))
        for (leaf, factor), value in zip(found.items(), values, strict=True)
    )


def _geometric(value: Tensor) -> Tensor:
    """Return the geometric mean over the rows; a factor's sign does not matter for how long it keeps."""
    least = torch.finfo(value.dtype).tiny
    return value.abs().clamp_min(least).log().mean(0).exp()
