"""Write the generated pages: one for each cell, and their index, in `docs/cells`.

Usage: python docs/generate.py

The pages are made from the cells alone: their docstrings, equations and derived plans. A test compares them
with what is committed, so a change of a cell or of the derivation shows as a diff here.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from recurra import Cell
from recurra.cells import all_cells

FOLDER = Path(__file__).parent / "cells"
WIDTH = 128
"""Input and hidden size in the tables; a size of the cell's own is half of it."""


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {"index.md": index(), **{f"{name}.md": page(cell) for name, cell in all_cells.items()}}


def index() -> str:
    """Return the table of all cells."""
    rows = [
        f"| [{name}]({name}.md) | {first_sentence(cell)} | {', '.join(cell.states)} | {counted(cell)} | {cost(cell)} |"
        for name, cell in all_cells.items()
    ]
    return "\n".join(
        [
            "# The cells",
            "",
            "Every page here is generated from the cell itself by `python docs/generate.py`.",
            f"Parameters, and floating-point operations of one forward step of one sequence (a multiply-add is two), "
            f"are for an input and a state of {WIDTH}; a size of the cell's own is {WIDTH // 2}.",
            "",
            "| cell | what it is | states | parameters | operations |",
            "|---|---|---|---:|---:|",
            *rows,
            "",
            "Your own: [the cell language](../cell-language.md).",
            "",
        ]
    )


def page(cell: Cell) -> str:
    """Return the page of one cell."""
    sections = [
        f"# {cell.name}",
        inspect.cleandoc(cell.doc),
        use(cell),
        "## Equations",
        "Rows are samples: `x[t]` is (batch, input_size), and a matrix is (inputs, outputs). ⊙ is elementwise.",
        math(cell.equations(latex=True)),
        block("text", cell.equations()),
        "## One step",
        "From left to right. □ stands for a value without a name, which comes in at that place; lines that cross do "
        "not meet.",
        block("text", cell.diagram()),
        "## Parameters",
        parameters(cell),
        facts(cell),
        "## Backpropagation through time",
        "Derived from the equations above by [`derive/backward.py`](../../src/recurra/derive/backward.py), not written "
        "by hand. δ is the derivative of the loss L by a value. Δ is what the later steps hand back for a state; at "
        "the last step it is the loss's derivative by the final state.",
        math(cell.backward_equations(latex=True)),
        block("text", cell.backward_equations()),
        "## Plans",
        "What a kernel is made from: what runs once for all steps, what runs step by step, and what training keeps. "
        "See [the architecture](../architecture.md#plans).",
        block("text", cell.show_plans()),
    ]
    return "\n\n".join(sections) + "\n"


def use(cell: Cell) -> str:
    """Return an example, which the tests run."""
    own = own_sizes(cell)
    extra = f", sizes={own}".replace("'", '"') if own else ""
    code = f"from recurra.cells import {cell.name}\nfrom recurra.nn import Recurrent\n\n"
    code += f"layer = Recurrent({cell.name}, input_size={WIDTH}, hidden_size={WIDTH}{extra})"
    return block("python", code)


def parameters(cell: Cell) -> str:
    """Return the table of parameters."""
    rows = [f"| `{p.name}` | ({', '.join(map(str, p.shape))}) | {p.role} | {p.init} |" for p in cell.parameters]
    return "\n".join(["| parameter | shape | role | starts at |", "|---|---|---|---|", *rows])


def facts(cell: Cell) -> str:
    """Return what follows from the equations, in a list."""
    sizes = f"an input and a state of {WIDTH}" + "".join(f", {name} {size}" for name, size in own_sizes(cell).items())
    return "\n".join(
        [
            f"- states: {', '.join(f'`{name}`' for name in cell.states)}; the output is {cell.output_size} wide",
            f"- linear in its state: {'yes' if cell.linear_in_state else 'no'}",
            f"- for {sizes}: {counted(cell)} parameters, {cost(cell)} floating-point operations a step",
        ]
    )


def own_sizes(cell: Cell) -> dict[str, int]:
    """Return the sizes of a cell beside those of the input and the state, and their numbers on the pages."""
    return dict.fromkeys((name for name in cell.sizes if name not in ("input_size", "hidden_size")), WIDTH // 2)


def counted(cell: Cell) -> str:
    """Return the number of parameters at the pages' sizes."""
    return f"{cell.parameter_count(input_size=WIDTH, hidden_size=WIDTH, sizes=own_sizes(cell)):,}"


def cost(cell: Cell) -> str:
    """Return the floating-point operations of a step at the pages' sizes."""
    return f"{cell.flops(input_size=WIDTH, hidden_size=WIDTH, sizes=own_sizes(cell)):,}"


def first_sentence(cell: Cell) -> str:
    """Return the first sentence of a cell's docstring."""
    paragraph = " ".join(inspect.cleandoc(cell.doc).partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")


def math(text: str) -> str:
    """Return LaTeX as a block that GitHub renders."""
    return block("math", text)


def block(language: str, text: str) -> str:
    """Return a fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


if __name__ == "__main__":
    main()
