"""Graph rewriting: how a rule is applied bottom-up, and the table of rules that simplify."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from recurra.graph.folding import FOLDABLE, folded
from recurra.graph.node import (
    Node,
    add,
    broadcast,
    constant,
    mul,
    neg,
    outer,
    pointwise,
    reshape,
    sub,
    sum_features,
    sum_rows,
    topological,
    transpose,
    with_args,
)

__all__ = ["rewrite", "simplify", "simplify_node"]

Rule = Callable[[Node], Node | None]

_ELEMENTWISE = frozenset({"add", "sub", "mul", "div", "maximum", "minimum", "where"})


def rewrite(roots: Iterable[Node], rule: Callable[[Node], Node | None]) -> dict[Node, Node]:
    """Rebuild a graph bottom-up and return old -> new for every node.

    `rule` sees each node with its new arguments and returns a replacement, or None to keep it.
    """
    new: dict[Node, Node] = {}
    for node in topological(roots):
        rebuilt = with_args(node, tuple(new[argument] for argument in node.args))
        new[node] = rule(rebuilt) or rebuilt
    return new


def _is(node: Node, value: float) -> bool:
    return node.op == "constant" and node["value"] == value


def _keeps(kept: Node, node: Node) -> Node | None:
    """Return `kept` in place of `node` if it is as wide and as row-wise."""
    if kept.shape != node.shape:
        kept = broadcast(kept, node.shape)
    return kept if kept.rows == node.rows else None


def fold_constants(node: Node) -> Node | None:
    """Compute what has numbers only: f(2, 3) -> its value."""
    if node.args and node.shape == () and all(a.op == "constant" for a in node.args) and node.op in FOLDABLE:
        return constant(folded(node.op, [a["value"] for a in node.args]))
    return None


def fold_stretched(node: Node) -> Node | None:
    """Compute what has numbers only, stretched ones among them: f(broadcast(2), 3) -> broadcast(its value)."""
    if not any(argument.op == "broadcast" for argument in node.args):
        return None
    bare = [argument.args[0] if argument.op == "broadcast" else argument for argument in node.args]
    if node.op not in FOLDABLE or not all(argument.op == "constant" for argument in bare):
        return None
    value = fold_constants(pointwise(node.op, *bare))
    return None if value is None else broadcast(value, node.shape)


def drop_neutral(node: Node) -> Node | None:
    """Drop zeros and ones.

    a + 0, a - 0, a * 1, a / 1 -> a; 0 - a -> -a. (a * 0 stays: NaN and infinity travel.)
    """
    if node.op not in ("add", "sub", "mul", "div"):
        return None
    a, b = node.args
    neutral = 0.0 if node.op in ("add", "sub") else 1.0
    if _is(b, neutral):
        return _keeps(a, node)
    if _is(a, neutral) and node.op in ("add", "mul"):
        return _keeps(b, node)
    return neg(b) if _is(a, 0.0) and node.op == "sub" else None


def move_signs(node: Node) -> Node | None:
    """Move signs outwards and cancel them (the sign of a zero may change).

    -(-a) -> a; a + -b -> a - b; -a + b -> b - a; a - -b -> a + b; -a * b -> -(a * b); -(a - b) -> b - a;
    (-A).T -> -(A.T).
    """
    match node.op, [a.op for a in node.args]:
        case "neg", ["neg"]:
            return node.args[0].args[0]
        case "neg", ["sub"]:
            return sub(*node.args[0].args[::-1])
        case "add", [_, "neg"]:
            return sub(node.args[0], node.args[1].args[0])
        case "add", ["neg", _]:
            return sub(node.args[1], node.args[0].args[0])
        case "sub", [_, "neg"]:
            return add(node.args[0], node.args[1].args[0])
        case "transpose", ["neg"]:
            return neg(transpose(node.args[0].args[0]))
        case "mul", ["neg", "neg"]:
            return mul(node.args[0].args[0], node.args[1].args[0])
        case "mul", ["neg", _]:
            return neg(mul(node.args[0].args[0], node.args[1]))
        case "mul", [_, "neg"]:
            return neg(mul(node.args[0], node.args[1].args[0]))
    return None


def undo_transposes(node: Node) -> Node | None:
    """Cancel A.T.T -> A."""
    return node.args[0].args[0] if node.op == "transpose" and node.args[0].op == "transpose" else None


def drop_broadcasts(node: Node) -> Node | None:
    """Leave stretching to the operation: broadcast(a) + b -> a + b, where b already has the shape."""
    if node.op not in _ELEMENTWISE or not any(a.op == "broadcast" for a in node.args):
        return None
    bare = pointwise(node.op, *(a.args[0] if a.op == "broadcast" else a for a in node.args))
    return bare if (bare.shape, bare.rows) == (node.shape, node.rows) else None


def gather_features(node: Node) -> Node | None:
    """Sum once: sum(a) + sum(b) -> sum(a + b)."""
    if node.op != "add" or any(argument.op != "sum" for argument in node.args):
        return None
    first, second = node.args
    a, b = first.args[0], second.args[0]
    if first.attributes != second.attributes or (a.shape, a.rows) != (b.shape, b.rows):
        return None
    return sum_features(add(a, b), dict(first.attributes).get("axis", -1))


def gather_rows(node: Node) -> Node | None:
    """Sum over the rows once, of a gradient with several parts.

    S(a) + S(b) -> S(a + b), S(a) - S(b) -> S(a - b), -S(a) -> S(-a), where S is a sum over all rows, or one of outer
    products on the same operand; S(a) - S'(b) -> S(a) + S'(-b) on others.
    """
    if node.op not in ("add", "sub", "neg") or any(each.op not in _OVER_ROWS for each in node.args):
        return None
    first, *others = node.args
    if not all(each.op == first.op and each.args[0].rows and each.shape == node.shape for each in node.args):
        return None
    *operand, delta = first.args
    if not others:
        return _over_rows(first, neg(delta))
    *other, second = others[0].args
    if operand == other and delta.shape == second.shape:
        return _over_rows(first, add(delta, second) if node.op == "add" else sub(delta, second))
    return add(first, _over_rows(others[0], neg(second))) if node.op == "sub" else None


_OVER_ROWS = ("sum_rows", "outer")


def _over_rows(node: Node, delta: Node) -> Node:
    """Return a sum over rows of another delta."""
    return outer(node.args[0], delta) if node.op == "outer" else sum_rows(delta, node.shape)


def undo_reshapes(node: Node) -> Node | None:
    """Reshape once: a.reshape(s).reshape(t) -> a.reshape(t), a where it has that shape."""
    return reshape(node.args[0], node.shape) if node.op == "reshape" else None


def same_choice(node: Node) -> Node | None:
    """Choose between equals: where(c, a, a) -> a."""
    if node.op == "where" and node.args[1] is node.args[2]:
        return _keeps(node.args[1], node)
    return None


def same_in_every_row(node: Node) -> Node | None:
    """Take no mean of what is the same in every row."""
    return node.args[0] if node.op == "batch_mean" and not node.args[0].rows else None


RULES: tuple[Rule, ...] = (
    fold_constants, fold_stretched, drop_neutral, move_signs, undo_transposes, undo_reshapes, drop_broadcasts,
    gather_features, gather_rows, same_choice, same_in_every_row,
)  # fmt: skip


def simplify_node(node: Node) -> Node | None:
    """Apply the rules to one node until none fits; None if none did."""
    # It ends: each rule leaves fewer nodes, or moves a sign outwards.
    current, changed = node, True
    while changed:
        changed = False
        for rule in RULES:
            better = rule(current)
            if better is not None and better is not current:
                current, changed = better, True
    return None if current is node else current


def simplify(roots: Iterable[Node]) -> list[Node]:
    """Return the roots of the simplified graph."""
    roots = list(roots)
    new = rewrite(roots, simplify_node)
    return [new[root] for root in roots]
