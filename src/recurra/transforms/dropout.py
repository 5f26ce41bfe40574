"""Noise that regularises: zoneout, dropout of the states or of a value, and dropout of the recurrent weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from recurra.arguments import checked
from recurra.errors import CellError
from recurra.graph.node import Node, add, constant, matmul, mul, reshape, sub, topological, with_args
from recurra.graph.printing import matrix_product
from recurra.graph.step import Step
from recurra.spec import Cell
from recurra.transforms.rewriting import check_names, check_rate, dropped, noise, product_nodes, rebuilt, transformed

__all__ = ["recurrent_dropout", "weight_drop", "zoneout"]


@checked(CellError)
def zoneout(cell: Cell, rate: float | Mapping[str, float]) -> Cell:
    """Return the cell whose states sometimes stay as they were; in evaluation, the mean of both.

        s[t] = d ⊙ s[t-1] + (1 - d) ⊙ (what the cell gives),   d ~ Bernoulli(rate), drawn at every step

    Krueger et al. (2017), arXiv:1606.01305, equations 5 to 7.

    Parameters
    ----------
    rate : number, or a mapping from the name of a state to one
        The share of units that stay; for an LSTM the paper has ``{"c": 0.5, "h": 0.05}``.

    Raises
    ------
    CellError
        If a rate is none, or there is no such state.
    """
    rates = dict(rate) if isinstance(rate, Mapping) else dict.fromkeys(cell.states, rate)
    step = cell.step
    check_names("zoneout", cell, rates, cell.states)
    stays: dict[Node, Node] = {}
    names: dict[Node, str] = {}
    for number, (state, following) in enumerate(zip(step.states, step.next_states, strict=True)):
        share = check_rate("zoneout", rates.get(state.name, 0.0))
        if share:
            mask = noise(step, state.shape, share, "step", number=number)
            names[mask] = f"d_{state.name}"
            stays[following] = add(mul(mask, state), mul(sub(constant(1.0), mask), following))
    step = replace(
        step,
        next_states=tuple(stays.get(node, node) for node in step.next_states),
        outputs=tuple(stays.get(node, node) for node in step.outputs),
    )
    doc = f"{cell.name} with zoneout. Krueger et al. (2017), arXiv:1606.01305."
    return transformed(cell, step, "Zoneout", doc, names=names)


@checked(CellError)
def recurrent_dropout(cell: Cell, rate: float, *, on: str | None = None, per: str = "sequence") -> Cell:
    """Return the cell with dropout inside the recurrence.

    By default a state that goes into a product with a parameter, by ``@``, `vecmat` or `matvec`, loses the same units
    at every step of a sequence: Gal & Ghahramani (2016), arXiv:1512.05287, equation 7. Elsewhere, as in
    c[t] = f ⊙ c[t-1] + ..., it is whole. With `on`, the value of that name loses units instead: for an LSTM,
    ``on="g"`` drops the candidate, so that the memory itself loses nothing: Semeniuta, Severyn & Barth (2016),
    arXiv:1603.05118, equation 8.

    Parameters
    ----------
    rate : number from 0 to below 1
        The share of units that are dropped; the others grow by 1 / (1 - rate).
    on : str, optional
        The name of a state or of an equation of the cell.
    per : ``"sequence"`` (one mask for all steps) or ``"step"``

    Raises
    ------
    CellError
        If there is nothing of that name, or no state goes into a product.
    """
    rate, step = check_rate("recurrent_dropout", rate), cell.step
    if per not in ("sequence", "step"):
        raise CellError(f"recurrent_dropout: per={per!r}: expected 'sequence' or 'step'")
    doc = f"{cell.name} with recurrent dropout. Gal & Ghahramani (2016), arXiv:1512.05287."
    named = {name: node for node, name in step.names.items() if node.rows}
    if on is not None and on not in cell.states:
        check_names("recurrent_dropout", cell, [on], named)
        value = named[on]
        mask = noise(step, value.shape, 1 - rate, per)
        less = dropped(value, mask, rate)
        doc = f"{cell.name} with dropout of {on}. Semeniuta, Severyn & Barth (2016), arXiv:1603.05118."
        step = rebuilt(step, lambda node, new: less if node is value else new)
        return transformed(cell, step, "Dropout", doc, names={mask: f"m_{on}"})
    operands = {node: node.args[0] for node in product_nodes(step)} | _vectors_read(step)
    read = {node: _state_in(operand) for node, operand in operands.items()}
    chosen = [state for state in step.states if state in read.values() and on in (None, state.name)]
    if not chosen:
        raise CellError(
            f"recurrent_dropout: no product of {cell.name} reads {on or 'a state'}; name another value, on=..."
        )
    masks = {state: noise(step, state.shape, 1 - rate, per, number=k) for k, state in enumerate(chosen)}

    def rule(node: Node, new: Node) -> Node:
        state = read.get(node)
        if state not in masks:
            return new
        if node.op == "matmul":
            return matmul(dropped(new.args[0], masks[state], rate), new.args[1])
        factors = []  # of the sum that a product with a matrix for each head is: a row or a column, and the matrix
        for was, factor in zip(node.args[0].args, new.args[0].args, strict=True):
            if was.args == (operands[node],):
                vector = factor
                while vector.op == "reshape":
                    vector = vector.args[0]
                less = dropped(vector, reshape(masks[state], vector.shape), rate)
                factor = reshape(less, factor.shape)
            factors.append(factor)
        return with_args(node, (mul(*factors),))

    return transformed(cell, rebuilt(step, rule), "Dropout", doc, names={m: f"m_{s.name}" for s, m in masks.items()})


def _vectors_read(step: Step) -> dict[Node, Node]:
    """Return the sums that products with a parameter's matrices are, by `vecmat` and `matvec`, and their vectors."""
    products = [(node, matrix_product(node)) for node in topological(step.roots)]
    return {node.args[0]: found[0] for node, found in products if found is not None and not found[1].rows}


def _state_in(operand: Node) -> Node | None:
    """Return the state that an operand is, or has as a factor, as in (r ⊙ h) W; its heads may have been split."""
    if operand.op == "mul":
        found = _state_in(operand.args[0]) or _state_in(operand.args[1])
        return found if found is not None and found.width == operand.width else None
    if operand.op == "reshape":
        return _state_in(operand.args[0])
    return operand if operand.op == "state" else None


@checked(CellError)
def weight_drop(cell: Cell, rate: float, *, on: str | None = None) -> Cell:
    """Return the cell with DropConnect on its recurrent matrices: one mask for a whole run over a batch.

    Merity, Keskar & Socher (2018), arXiv:1708.02182, section 2; Wan et al. (2013).

    Parameters
    ----------
    rate : number from 0 to below 1
        The share of weights that are dropped; the others grow by 1 / (1 - rate).
    on : str, optional
        The name of one matrix; by default all on a state.

    Raises
    ------
    CellError
        If there is no such matrix.
    """
    rate, step = check_rate("weight_drop", rate), cell.step
    matrices = [parameter.name for parameter in cell.parameters if len(parameter.shape) > 1]
    if on is not None:
        check_names("weight_drop", cell, [on], matrices)
    chosen = [on] if on else [p.name for p in cell.parameters if p.role == "state matrix"]
    if not chosen:
        raise CellError(f"weight_drop: {cell.name} has no matrix on a state; its matrices are {matrices}")
    leaves = [parameter for parameter in step.parameters if parameter.name in chosen]
    masks = {leaf: noise(step, leaf.shape, 1 - rate, "call", number=k) for k, leaf in enumerate(leaves)}
    less_of = {leaf: dropped(leaf, mask, rate) for leaf, mask in masks.items()}
    doc = f"{cell.name} with DropConnect on its recurrent weights. Merity, Keskar & Socher (2018), arXiv:1708.02182."
    names = {mask: f"M_{leaf.name}" for leaf, mask in masks.items()}
    return transformed(cell, rebuilt(step, lambda node, new: less_of.get(node, new)), "WeightDrop", doc, names=names)
