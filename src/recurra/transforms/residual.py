"""Outputs that add the input to what a cell gives."""

from __future__ import annotations

from dataclasses import replace

from recurra.arguments import checked
from recurra.errors import CellError
from recurra.graph.node import add, leaf, matmul
from recurra.graph.step import with_size
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
        step = with_size(step, x.shape[0], output.shape[0])
    outputs = (add(step.output, step.inputs[0]), *step.outputs[1:])
    return transformed(cell, replace(step, outputs=outputs), "Residual", doc)
