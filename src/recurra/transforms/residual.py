"""Outputs that add the input to what a cell gives."""

from __future__ import annotations

from dataclasses import replace

from recurra.arguments import checked
from recurra.errors import CellError
from recurra.graph.node import Node, Size, add, leaf, make, matmul, size_of, topological
from recurra.graph.step import Step
from recurra.spec import Cell
from recurra.transforms.rewriting import transformed

__all__ = ["residual"]


@checked(CellError)
def residual(cell: Cell, *, projection: bool = False) -> Cell:
    """Return the cell whose output is what it was plus the input; the states are what they were.

        y[t] = (the cell's output) + x[t],   or with a projection   ... + x[t] W_res

    He et al. (2016), arXiv:1512.03385, equations 1 and 2; between recurrent layers: Wu et al. (2016),
    arXiv:1609.08144, equation 6.

    Parameters
    ----------
    projection : bool
        Whether a matrix brings x to the output's width. Without one the input has to be as wide as the output.

    Raises
    ------
    CellError
        If a parameter of that name is there already.

    Examples
    --------
    >>> from recurra.cells import GRU
    >>> print(residual(GRU).equations().splitlines()[-1])
    y[t] = h[t] + x[t]
    """
    step, output = cell.step, cell.step.output
    doc = f"{cell.name} with a residual output. He et al. (2016), arXiv:1512.03385."
    x = step.inputs[0]
    if projection:
        if any(parameter.name == "W_res" for parameter in step.parameters):
            raise CellError(f"residual: {cell.name} has a parameter W_res already")
        weight = leaf("parameter", "W_res", (x.shape[0], output.shape[0]))
        outputs = (add(output, matmul(x, weight)), *step.outputs[1:])
        step = replace(step, outputs=outputs, parameters=(*step.parameters, weight))
        return transformed(cell, step, "Residual", doc)
    if x.shape != output.shape:
        step = _with_size(step, x.shape[0], output.shape[0])
    outputs = (add(step.output, step.inputs[0]), *step.outputs[1:])
    return transformed(cell, replace(step, outputs=outputs), "Residual", doc)


def _with_size(step: Step, old: Size, new: Size) -> Step:
    """Return the step in which one size is another."""
    nodes: dict[Node, Node] = {}
    for node in topological((*step.inputs, *step.states, *step.parameters, *step.roots)):
        if node.op == "size" and node.name == old:
            nodes[node] = size_of(new)
            continue
        shape = tuple(new if size == old else size for size in node.shape)
        args = tuple(nodes[argument] for argument in node.args)
        nodes[node] = make(node.op, args, shape=shape, rows=node.rows, attributes=dict(node.attributes))

    def renewed(some: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(nodes[node] for node in some)

    return replace(
        step, inputs=renewed(step.inputs), states=renewed(step.states), parameters=renewed(step.parameters),
        next_states=renewed(step.next_states), outputs=renewed(step.outputs),
        names={nodes[node]: name for node, name in step.names.items() if node in nodes},
    )  # fmt: skip
