"""Write the generated pages: one for each cell and their index in `docs/cells`, and `docs/api.md`.

Usage: python docs/generate.py

The pages are made from the code alone: docstrings, equations, derived plans, and what the packages export. A test
compares them with what is committed, so a change of a cell, of the derivation or of the public names shows as a diff.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import recurra
from recurra import Cell
from recurra.cells import all_cells

DOCS = Path(__file__).parent
WIDTH = 128
"""Input and hidden size in the tables; a size of the cell's own is half of it."""


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the text of each page by its path in `docs`."""
    cells = {f"cells/{name}.md": page(cell) for name, cell in all_cells.items()}
    return {"api.md": api(), "cells/index.md": index(), **cells}


def api() -> str:
    """Return the page of all public names."""
    packages = [name for name in dir(recurra) if inspect.ismodule(getattr(recurra, name))]
    return (
        "\n\n".join(
            [
                "# Public names",
                "This page is generated from the docstrings by `python docs/generate.py`. What is listed here is what "
                "recurra promises: import it from the package that it is listed under. Which file it is in is private.",
                *exports("recurra"),
                *(text for name in packages for text in exports(f"recurra.{name}")),
            ]
        )
        + "\n"
    )


def exports(package: str) -> list[str]:
    """Return the section of a package: what it is for, and a table of its names."""
    module = importlib.import_module(package)
    public = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    own = {name: value for name, value in public.items() if not inspect.ismodule(value)}
    rows = [row(name, value) for name, value in own.items() if not isinstance(value, Cell)]
    heading = [f"## `{package}`", " ".join(inspect.cleandoc(module.__doc__ or "").partition("\n\n")[0].split())]
    cells = ["Every [cell](cells/index.md), by its name, and:"] if len(rows) < len(own) else []
    return [*heading, *cells, "\n".join(["| name | what it is |", "|---|---|", *rows])]


def row(name: str, value: Any) -> str:
    """Return the line of a public name: a function with its parameters, a class, or a value with its type."""
    if inspect.isclass(value):
        return f"| `{name}` | {sentence(value.__doc__ or '')} |"
    if inspect.isroutine(value):
        parameters = ", ".join(inspect.signature(value).parameters)
        return f"| `{name}({parameters})` | {sentence(value.__doc__ or '')} |"
    if isinstance(value, float):
        return f"| `{name}` | {value:.6g} |"
    kind = (
        "A mapping"
        if isinstance(value, Mapping)
        else "One of the types " + ", ".join(f"`{each.__name__}`" for each in get_args(value))
    )
    return f"| `{name}` | {kind} |"


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
    rows = [f"| `{p.name}` | ({', '.join(map(str, p.shape))}) | {p.role} | {p.begins} |" for p in cell.parameters]
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
    return sentence(cell.doc)


def sentence(doc: str) -> str:
    """Return the first sentence of a docstring."""
    paragraph = " ".join(inspect.cleandoc(doc).partition("\n\n")[0].split())
    return re.split(r"(?<! al)\. ", paragraph)[0].rstrip(".").replace("|", "\\|")


def math(text: str) -> str:
    """Return LaTeX as a block that GitHub renders."""
    return block("math", text)


def block(language: str, text: str) -> str:
    """Return a fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


if __name__ == "__main__":
    main()
