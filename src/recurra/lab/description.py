"""What the lab's page shows of a cell: its text, its equations, their derived backward pass, a diagram, its kernel."""

from __future__ import annotations

import ast
import contextlib
import inspect
import itertools
import textwrap
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from recurra.diagram import draw
from recurra.errors import CellError, RecurraError
from recurra.graph.compound import Size, factors_of, product_of
from recurra.graph.node import REDUCTIONS
from recurra.graph.ops import OPS
from recurra.lab.kernel import kernel_source
from recurra.lab.source import cell_of, line_of
from recurra.spec import Cell

__all__ = ["described", "described_text", "run_text", "written"]


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
    return {**_read(cell, written(cell) if text is None else text), **_run(cell)}


def described_text(text: str) -> dict[str, Any]:
    """Return what a page shows first of a cell that somebody wrote, its equations, or `{"error": ..., "line": ...}`."""
    return _answered(text, lambda cell: _read(cell, text))


def run_text(text: str) -> dict[str, Any]:
    """Return what is seen and run of a cell that somebody wrote, beside `described_text`; or the error."""
    return _answered(text, _run)


def _answered(text: str, make: Callable[[Cell], dict[str, Any]]) -> dict[str, Any]:
    try:
        return make(_cell_of(text))
    except RecurraError as error:
        return {"error": str(error), "line": line_of(error, text) if isinstance(error, CellError) else None}


_cell_of = lru_cache(maxsize=32)(cell_of)
"""The cell of a text, which is asked for its equations first, and then for what runs."""


def _read(cell: Cell, text: str) -> dict[str, Any]:
    source = cell.source
    return {
        "name": cell.name,
        "about": " ".join(cell.doc.split(". ")[0].split()).rstrip("."),
        "source": f"{source.authors} ({source.year})" if source else "",
        "text": text,
        "equations": cell.equations(latex=True),
        "backward": cell.backward_equations(latex=True),
    }


def _run(cell: Cell) -> dict[str, Any]:
    return {
        "diagram": draw(cell, svg=True),
        "sizes": _own_sizes(cell),
        "flops": _flops(cell),
        "kernel": kernel_source(cell),
    }


def written(cell: Cell) -> str:
    """Return the text of a cell's function, with the numbers that it closes over and its options in their places."""
    assert cell.function is not None
    text = textwrap.dedent(inspect.getsource(cell.function))
    around = inspect.getclosurevars(cell.function).nonlocals
    numbers = {name: value for name, value in around.items() if isinstance(value, int | float)}
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    known = {**cell.function.__globals__, **around}
    options = {each: said for each in _options(function) if (said := _evaluated(each, known))}
    inside = {id(node) for each in options for node in ast.walk(each)}
    names = (each for each in ast.walk(function) if isinstance(each, ast.Name) and id(each) not in inside)
    said = {**options, **{each: repr(numbers[each.id]) for each in names if each.id in numbers}}
    begins = list(itertools.accumulate((len(line.encode()) for line in text.splitlines(keepends=True)), initial=0))
    for each in sorted(said, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        begin, end = begins[each.lineno - 1] + each.col_offset, begins[each.end_lineno - 1] + each.end_col_offset
        text = (text.encode()[:begin] + said[each].encode() + text.encode()[end:]).decode()
    return text


def _options(function: ast.FunctionDef) -> list[ast.expr]:
    """Return the values of what its decorator is given by name."""
    calls = (each for each in function.decorator_list if isinstance(each, ast.Call))
    return [keyword.value for each in calls for keyword in each.keywords]


def _evaluated(value: ast.expr, known: dict[str, Any]) -> str:
    """Return what an option of a cell's own program says, in plain names and numbers; "" if it does, or cannot."""
    try:
        ast.literal_eval(value)
    except ValueError:
        with contextlib.suppress(NameError, ValueError, SyntaxError):
            said = repr(eval(compile(ast.Expression(value), "<option>", "eval"), known))
            ast.literal_eval(said)
            return said
    return ""


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
