"""Products take in what is added to them: a vector of parameters, and the results of other products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from recurra.derive.stages import Product, Segment, Stage
from recurra.graph.node import Node

__all__ = ["StartedProduct", "absorbed"]


@dataclass(frozen=True)
class StartedProduct(Product):
    """results[j] = start[j] + sum over k of operands[k] @ weights[k][j]; a start is a vector, or None."""

    start: tuple[Node | None, ...] = ()


@dataclass(frozen=True)
class _Sum:
    """One result: (operand, weight) terms, and what they begin with."""

    terms: tuple[tuple[Node, Node], ...]
    start: Node | None = None


def absorbed(segment: Segment, wanted: Iterable[Node]) -> Segment:
    """Return a segment whose products compute as much of the sums around them as they can; `wanted` stays."""
    consumed = [node for stage in segment.stages for product in stage.products for node in product.operands]
    consumed += [argument for stage in segment.stages for node in stage.pointwise for argument in node.args]
    uses = Counter([*consumed, *wanted])
    return replace(segment, stages=tuple(_absorbed(stage, uses) for stage in segment.stages))


def _absorbed(stage: Stage, uses: Counter[Node]) -> Stage:
    sums: dict[Node, _Sum] = {}
    for product in stage.products:
        for k, result in enumerate(product.results):
            lines = zip(product.operands, product.weights, strict=True)
            sums[result] = _Sum(tuple((operand, line[k]) for operand, line in lines))
    pointwise = []
    for node in stage.pointwise:
        parts = [argument for argument in node.args if argument in sums and uses[argument] == 1]
        together = _together(node, parts, sums) if node.op == "add" else None
        if together is None:
            pointwise.append(node)
            continue
        for part in parts:
            del sums[part]
        sums[node] = together
    return Stage(_products(sums), tuple(pointwise))


def _together(node: Node, parts: list[Node], sums: dict[Node, _Sum]) -> _Sum | None:
    """Return a sum as one that a product computes, None if it is not of that kind."""
    if len(parts) == 2:
        first, second = (sums[part] for part in parts)
        if first.start is None or second.start is None:
            return _Sum(first.terms + second.terms, first.start or second.start)
    elif len(parts) == 1:
        (other,) = (argument for argument in node.args if argument is not parts[0])
        if not other.rows and other.shape == node.shape and sums[parts[0]].start is None:
            return replace(sums[parts[0]], start=other)
    return None


def _products(sums: dict[Node, _Sum]) -> tuple[Product, ...]:
    """Return one product for all sums over the same operands."""
    groups: dict[tuple[Node, ...], list[Node]] = {}
    for node, each in sums.items():
        groups.setdefault(tuple(operand for operand, _ in each.terms), []).append(node)
    return tuple(
        StartedProduct(
            operands,
            tuple(tuple(sums[result].terms[k][1] for result in results) for k in range(len(operands))),
            tuple(results),
            tuple(sums[result].start for result in results),
        )
        for operands, results in groups.items()
    )
