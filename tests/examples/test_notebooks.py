"""The notebooks: each runs from its first cell to its last, shows what it ends a cell with, and holds no outputs."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from recurra.tasks.registry import TASKS

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"


def run(code: str, names: dict[str, Any], *, where: str) -> None:
    """Run a cell as a notebook does: what its last line is, is shown."""
    tree = ast.parse(code, where)
    *before, last = tree.body
    is_shown = isinstance(last, ast.Expr)
    exec(compile(ast.Module([*before, *([] if is_shown else [last])], []), where, "exec"), names)
    if is_shown:
        value = eval(compile(ast.Expression(last.value), where, "eval"), names)
        shown = value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)
        assert shown or value is None


@pytest.mark.parametrize(
    "task", [name if name == "tag" else pytest.param(name, marks=pytest.mark.slow) for name in TASKS]
)
def test_a_notebook_runs(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads((FOLDER / f"{task}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            run("".join(cell["source"]), names, where=cell["id"])


@pytest.mark.parametrize("task", TASKS)
def test_a_notebook_is_of_the_format_and_without_outputs(task: str) -> None:
    notebook = json.loads((FOLDER / f"{task}.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert notebook["cells"][0]["source"][0].startswith("# ")
    for cell in notebook["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"] == [] and cell["execution_count"] is None)
