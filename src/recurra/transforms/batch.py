"""Batch normalisation inside the recurrence."""

from __future__ import annotations

from collections.abc import Sequence

from recurra.errors import CellError
from recurra.graph.node import Node, add, batch_mean, constant, div, leaf, mul, pointwise, sub
from recurra.spec import Cell
from recurra.transforms.normalisation import check_eps, read_states
from recurra.transforms.rewriting import product_nodes, rebuilt, transformed

__all__ = ["batch_norm"]


def batch_norm(
    cell: Cell,
    *,
    states: Sequence[str] | None = None,
    gain: float = 0.1,
    eps: float = 1e-5,
    steps: int = 100,
    momentum: float = 0.1,
) -> Cell:
    """Return the cell with batch normalisation: Cooijmans et al. (2017), arXiv:1603.09025, equations 5 to 7.

    Each product of a value with a matrix is brought to mean 0 and variance 1 over the sequences of the batch that are
    running at the step, and scaled by a gain; the cell's own biases shift it. A state whose new value is read in the
    same step, such as an LSTM's c in h = o ⊙ tanh(c), is normalised there, with a gain and a bias; what is carried on
    stays as it is. Padding, and sequences that have ended, are in no mean.

    In evaluation a layer takes the running means and variances of each step, which it keeps as buffers: a sequence's
    result does not depend on the others of its batch.

    Parameters
    ----------
    states : names of states, optional
        Those to normalise where their new value is read; by default all that are.
    gain : float
        Where the gains begin; 0.1 keeps the gradient of tanh from vanishing (section 4).
    eps : float above 0
        What is added to the variance.
    steps : int from 1 on
        The steps from the beginning of a sequence that have statistics of their own; later ones share the last.
    momentum : float above 0, at most 1
        The share of a new batch in the running statistics.

    Raises
    ------
    CellError
        If an option is none of these, or a state's new value is not read.
    """
    check_eps("batch_norm", eps)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise CellError(f"batch_norm: steps={steps!r}: expected a whole number from 1 on")
    if isinstance(momentum, bool) or not isinstance(momentum, (int, float)) or not 0 < momentum <= 1:
        raise CellError(f"batch_norm: momentum={momentum!r}: expected a number above 0, at most 1")
    of = {node: node.args[1].name or str(number) for number, node in enumerate(product_nodes(cell.step), 1)}
    read = read_states("batch_norm", cell, states)
    gains = {node: leaf("parameter", f"gain_{name}", node.shape) for node, name in (of | read).items()}
    shifts = {node: leaf("parameter", f"bias_{name}", node.shape) for node, name in read.items()}
    names: dict[Node, str] = {}

    def normalised(value: Node, name: str) -> Node:
        kept = {"steps": steps, "momentum": float(momentum)}
        mean = batch_mean(value, {"name": f"mean_{name}", "start": 0.0, **kept})
        centred = sub(value, mean)
        variance = batch_mean(mul(centred, centred), {"name": f"variance_{name}", "start": 1.0, **kept})
        names.update({mean: f"mean_{name}", variance: f"variance_{name}"})
        return div(centred, pointwise("sqrt", add(variance, constant(eps))))

    def rule(node: Node, new: Node) -> Node:
        return mul(normalised(new, of[node]), gains[node]) if node in of else new

    def read_as(node: Node, new: Node) -> Node:
        return add(mul(normalised(new, read[node]), gains[node]), shifts[node]) if node in read else new

    step = rebuilt(cell.step, rule, (*gains.values(), *shifts.values()), read_as=read_as)
    doc = f"{cell.name} with batch normalisation. Cooijmans et al. (2017), arXiv:1603.09025."
    init = {node.name: float(gain) for node in gains.values()} | {node.name: 0.0 for node in shifts.values()}
    return transformed(cell, step, "BatchNorm", doc, init=init, names=names)
