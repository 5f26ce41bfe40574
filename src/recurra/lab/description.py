"""What the lab's page shows of a cell: its text, its equations, their derived backward pass, a diagram, its kernel."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections import Counter
from typing import Any

from recurra.diagram import draw
from recurra.errors import CellError, RecurraError
from recurra.graph.compound import Size, factors_of, product_of
from recurra.graph.node import REDUCTIONS
from recurra.graph.ops import OPS
from recurra.lab.kernel import kernel_source
from recurra.lab.source import cell_of, line_of
from recurra.spec import Cell

__all__ = ["described", "described_text", "written"]


def described(cell: Cell, text: str | None = None) -> dict[str, Any]:
    """Return what a page shows of a cell, as JSON has it.

    Parameters
    ----------
    cell
        The cell.
    text
        The text that defines it; by default the one that its function was written as.

    Raises
    ------
    ExportError
        If the page has no place for what the cell needs; see `recurra.lab.kernel.kernel_source`.
    """
    source, kernel = cell.source, kernel_source(cell)
    return {
        "name": cell.name,
        "about": " ".join(cell.doc.split(". ")[0].split()).rstrip("."),
        "source": f"{source.authors} ({source.year})" if source else "",
        "text": written(cell) if text is None else text,
        "equations": cell.equations(latex=True),
        "backward": cell.backward_equations(latex=True),
        "diagram": draw(cell, svg=True),
        "sizes": _own_sizes(cell),
        "flops": _flops(cell),
        "kernel": kernel,
    }


def described_text(text: str) -> dict[str, Any]:
    """Return what a page shows of a cell that somebody wrote, or `{"error": ..., "line": ...}`."""
    try:
        return described(cell_of(text), text)
    except RecurraError as error:
        return {"error": str(error), "line": line_of(error, text) if isinstance(error, CellError) else None}


def written(cell: Cell) -> str:
    """Return the text of a cell's function, with the numbers that it closes over in their places."""
    assert cell.function is not None
    text = textwrap.dedent(inspect.getsource(cell.function))
    numbers = {
        name: value
        for name, value in inspect.getclosurevars(cell.function).nonlocals.items()
        if isinstance(value, int | float)
    }
    lines = text.split("\n")
    names = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name) and each.id in numbers]
    for each in sorted(names, key=lambda name: (name.lineno, name.col_offset), reverse=True):
        line, end = lines[each.lineno - 1].encode(), each.end_col_offset
        replaced = line[: each.col_offset] + repr(numbers[each.id]).encode() + line[end:]
        lines[each.lineno - 1] = replaced.decode()
    return "\n".join(lines)


def _own_sizes(cell: Cell) -> dict[str, int | str]:
    """Return what the page takes for the sizes of a cell's own: that of the state, 1 for what divides another."""
    dividing = {name for size in cell.step.all_sizes() for name in factors_of(size)[1]}
    own = (name for name in cell.sizes if name not in ("input_size", "hidden_size"))
    return {name: 1 if name in dividing else "hidden_size" for name in own}


def _flops(cell: Cell) -> list[tuple[int, Size]]:
    """Return the floating-point operations of a forward step of one sequence: how many for each number of a size."""
    terms: Counter[Size] = Counter()
    plan = cell.plans().forward
    for stage in (stage for segment in (plan.before, plan.loop, plan.after) for stage in segment.stages):
        for product in stage.products:
            for weight in (weight for line in product.weights for weight in line):
                terms[product_of(weight.shape)] += 2
            for result in product.results:
                terms[result.width] += len(product.operands) - 1
        for node in stage.pointwise:
            terms[product_of(node.args[0].shape if node.op in REDUCTIONS else node.shape)] += OPS[node.op].flops
    return [(number, size) for size, number in terms.items() if number]
