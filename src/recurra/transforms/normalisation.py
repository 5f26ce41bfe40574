"""Layer and batch normalisation inside the recurrence."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from recurra.arguments import checked
from recurra.errors import CellError
from recurra.graph.node import (
    Node,
    add,
    batch_mean,
    constant,
    div,
    leaf,
    matmul,
    mul,
    pointwise,
    size_of,
    sub,
    sum_features,
    topological,
)
from recurra.spec import Cell
from recurra.transforms.rewriting import check_names, product_nodes, rebuilt, transformed

__all__ = ["batch_norm", "layer_norm"]


@checked(CellError)
def layer_norm(cell: Cell, *, over: str = "all", states: Sequence[str] | None = None, eps: float = 1e-5) -> Cell:
    """Return the cell with layer normalisation: Ba, Kiros & Hinton (2016), arXiv:1607.06450, equations 4 and 20 to 22.

    Every product of a value with matrices is brought to mean 0 and variance 1 over its features, and scaled by a gain;
    the cell's own biases shift it. A state whose new value is read in the same step, such as an LSTM's c in
    h = o ⊙ tanh(c), is normalised there, with a gain and a bias; what is carried on stays as it is.

    Parameters
    ----------
    over : ``"all"`` (the products of one value, all gates' together, as in the paper) or ``"each"`` (each by itself)
    states : names of states, optional
        Those to normalise where their new value is read; by default all that are, but those of one number and those
        that a value is divided by or that are an exponent.
    eps : float above 0
        What is added to the variance.

    Raises
    ------
    CellError
        If an option is none of these, or a state's new value is not read.
    """
    if over not in ("all", "each"):
        raise CellError(f"layer_norm: over={over!r}: expected 'all' or 'each'")
    _check_eps("layer_norm", eps)
    products = product_nodes(cell.step)
    groups: dict[Node, list[Node]] = {}
    for node in products:
        groups.setdefault(node.args[0] if over == "all" else node, []).append(node)
    read = _read_states("layer_norm", cell, states)
    if states is None:
        # of a state that is one number, less its mean, nothing is left
        read = {node: name for node, name in read.items() if node.shape != (1,)}
    of, read = _called(cell, products, read)
    gains = {node: leaf("parameter", f"gain_{name}", node.shape) for node, name in of.items()}
    shifts = {node: leaf("parameter", f"bias_{name}", node.shape) for node, name in read.items()}
    scales = {node: leaf("parameter", f"gain_{name}", node.shape) for node, name in read.items()}
    normalised: dict[Node, Node] = {}
    names: dict[Node, str] = {}

    def rule(node: Node, new: Node) -> Node:
        if node not in gains:
            return new
        if node not in normalised:
            group, which = groups[node.args[0] if over == "all" else node], str(1 + len(names) // 2)
            mean, weights = _centred([each.args[1] for each in group])
            deviation, values = _scaled([matmul(new.args[0], weight) for weight in weights], eps)
            names.update({mean: f"mean_{which}", deviation: f"deviation_{which}"})
            normalised.update(zip(group, values, strict=True))
        return mul(normalised[node], gains[node])

    def read_as(node: Node, new: Node) -> Node:
        if node not in read:
            return new
        mean, values = _centred([new])
        deviation, (value,) = _scaled(values, eps)
        names.update({mean: f"mean_{read[node]}", deviation: f"deviation_{read[node]}"})
        return add(mul(value, scales[node]), shifts[node])

    ones, zeros = (*gains.values(), *scales.values()), tuple(shifts.values())
    step = rebuilt(cell.step, rule, (*ones, *zeros), read_as=read_as)
    doc = f"{cell.name} with layer normalisation. Ba, Kiros & Hinton (2016), arXiv:1607.06450."
    init = {node.name: 1.0 for node in ones} | {node.name: 0.0 for node in zeros}
    return transformed(cell, step, "LayerNorm", doc, init=init, names=names)


def _called(cell: Cell, products: Sequence[Node], read: Mapping[Node, str]) -> tuple[dict[Node, str], dict[Node, str]]:
    """Return what each product and each state that is normalised is called; no two are called alike.

    A product is called by its matrix, of several with one matrix the later ones with their number. Each has its own
    gain and statistics, for each has a scale of its own.
    """
    ours = ("gain_", "bias_")  # that a cell may have already
    taken = {p.name[5:] for p in cell.step.parameters if p.name.startswith(ours)}

    def unlike(name: str) -> str:
        names = itertools.chain([name], (f"{name}_{number}" for number in itertools.count(2)))
        found = next(each for each in names if each not in taken)
        taken.add(found)
        return found

    of = {node: unlike(node.args[1].name or str(number)) for number, node in enumerate(products, 1)}
    return of, {node: unlike(name) for node, name in read.items()}


def _check_eps(transform: str, eps: object) -> None:
    """Raise `CellError` unless what is added to a variance is a number above 0."""
    if isinstance(eps, bool) or not isinstance(eps, (int, float)) or not eps > 0:
        raise CellError(f"{transform}: eps={eps!r}: expected a number above 0")


def _read_states(transform: str, cell: Cell, states: Sequence[str] | None) -> dict[Node, str]:
    """Return the new values that are normalised where other values read them, with their states' names.

    Without names those are left that a value is divided by or that are an exponent, such as an sLSTM's n and m: near 0,
    where normalised values are, the quotient has no bound, and an exponent no longer keeps exp in range.
    """
    step = cell.step
    following = dict(zip(cell.states, step.next_states, strict=True))
    arguments = {argument for node in topological(step.roots) for argument in node.args}
    read = {name: node for name, node in following.items() if node in arguments}
    if states is not None:
        check_names(f"{transform}, states", cell, states, read)
        return {node: name for name, node in read.items() if name in states}
    computed = _reached(step.roots, lambda node: node.args[:1] if node.op == "surrogate" else node.args)
    scaling = [node.args[1] for node in computed if node.op == "div"]
    scaling += [node.args[0] for node in computed if node.op == "exp"]
    scales = _reached(scaling, lambda node: node.args if node.op in _PROPORTIONAL else ())
    return {node: name for name, node in read.items() if node not in scales}


_PROPORTIONAL = frozenset(
    {"add", "sub", "mul", "neg", "abs", "maximum", "minimum", "where", "sum", "broadcast", "reshape"}
)
"""Operations whose result grows with their arguments without a bound."""


def _reached(roots: Iterable[Node], onwards: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """Return the roots and what is reached from them."""
    found: set[Node] = set()
    waiting = [*roots]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += onwards(node)
    return found


def _centred(values: Sequence[Node]) -> tuple[Node, list[Node]]:
    """Return the mean of values, or of the rows of matrices, over all their features, and the values without it.

    The mean of a product over its features is the product with the mean of its weights: centred weights, computed once
    for a call, give centred products.
    """
    mean = div(_total(values), _width(values))
    return mean, [sub(value, mean) for value in values]


def _scaled(values: Sequence[Node], eps: float) -> tuple[Node, list[Node]]:
    """Return the deviation of centred values over all their features, and the values divided by it."""
    variance = div(_total([mul(value, value) for value in values]), _width(values))
    deviation = pointwise("sqrt", add(variance, constant(eps)))
    factor = div(constant(1.0), deviation)
    return deviation, [mul(value, factor) for value in values]


def _width(values: Sequence[Node]) -> Node:
    """Return the number of features of all values together."""
    sizes = Counter(size_of(value.shape[-1]) for value in values)
    return functools.reduce(add, [mul(constant(n), size) if n > 1 else size for size, n in sizes.items()])


def _total(values: Sequence[Node]) -> Node:
    """Return the sum over all features of all values; those of one width are added first."""
    by_width: dict[object, list[Node]] = {}
    for value in values:
        by_width.setdefault(value.shape, []).append(value)
    return functools.reduce(add, [sum_features(functools.reduce(add, each)) for each in by_width.values()])


@checked(CellError)
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
        Those to normalise where their new value is read; by default all that are, but those that a value is divided by
        or that are an exponent.
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

    Examples
    --------
    >>> from recurra.cells import LSTM
    >>> batch_norm(LSTM)
    <cell BatchNormLSTM: states h, c; 22 parameters>
    """
    _check_eps("batch_norm", eps)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise CellError(f"batch_norm: steps={steps!r}: expected a whole number from 1 on")
    if isinstance(momentum, bool) or not isinstance(momentum, (int, float)) or not 0 < momentum <= 1:
        raise CellError(f"batch_norm: momentum={momentum!r}: expected a number above 0, at most 1")
    of, read = _called(cell, product_nodes(cell.step), _read_states("batch_norm", cell, states))
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
