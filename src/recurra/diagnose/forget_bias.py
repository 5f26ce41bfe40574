"""The bias that decides how long a state keeps: found from the forget gate's equation."""

from __future__ import annotations

from recurra.derive.plan import normalise
from recurra.diagnose.retention import kept_share
from recurra.graph.node import Node
from recurra.graph.step import evaluation
from recurra.spec import Cell

__all__ = ["forget_bias"]


def forget_bias(cell: Cell, /) -> tuple[str, int] | None:
    """Return the bias of a cell's forget gate, and whether a larger one keeps longer (1) or shorter (-1).

    None where no gate of the form σ(... + b) or 1 - σ(... + b) multiplies a state, or it has no bias.

    Examples
    --------
    >>> from recurra.cells import LSTM, MGU
    >>> from recurra.diagnose.forget_bias import forget_bias
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
