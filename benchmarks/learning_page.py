"""`python -m benchmarks.learning_page`: the page `learning.md` of both languages and its pictures, from raw numbers."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from benchmarks.alternate import known
from benchmarks.learning import CELLS, CHRONO, TASKS, Task
from benchmarks.tables import Language, in_docs, table, written

__all__ = ["draw", "main", "page"]

Curves = Mapping[str, Sequence[Mapping[str, Any]]]
"""Cell -> what was measured with each seed."""


def main() -> None:
    """Write the pages, and a picture of each task that was measured."""
    for language in get_args(Language):
        in_docs("learning", language).write_text(page(language), encoding="utf-8")
    for name, task in TASKS.items():
        if curves := measured(name):
            draw(in_docs("learning", "en").with_name(f"learning-{name}.svg"), task, curves)


def page(language: Language) -> str:
    """Return the page as it follows from the raw numbers: a table and a picture for each task."""
    sections = {name: _section(name, task, measured(name)) for name, task in TASKS.items()}
    return written("learning", sections, language)


def measured(name: str) -> Curves:
    """Return what was measured of a task, with its best learning rate where there are several."""
    points = [point for point in known("learning") if point["task"] == name]
    found: dict[str, list[Mapping[str, Any]]] = {}
    for cell in (*CELLS, *CHRONO):
        of_cell = [point for point in points if point["cell"] == cell]
        if of_cell:
            best = (max if TASKS[name].is_counted else min)(of_cell, key=lambda point: point["best"])
            found[cell] = [point for point in of_cell if point["rate"] == best["rate"]]
    return found


def _section(name: str, task: Task, curves: Curves) -> str:
    head = (
        f"{task.about[0].upper()}{task.about[1:]}; {_plural(task.layers, 'layer')} of {task.width}, batches of "
        f"{task.batch}, at most {task.steps:,} steps of Adam at {task.rate:g}; guessing has {_shown(task, task.guess)}."
    )
    if not curves:
        return f"{head}\n\nNot measured yet."
    columns = ("cell", "parameters", _what(task), "steps to it", "seconds", "seeds")
    made = table(columns, [_row(task, cell, curves[cell]) for cell in (*CELLS, *CHRONO) if cell in curves])
    left = [cell for cell in CELLS if cell not in curves]
    note = f"\n\nNot measured: {', '.join(left)}." if left else ""
    return f"{head}\n\n{made}{note}\n\n![{_what(task)} over the steps of the training](learning-{name}.svg)"


def _row(task: Task, cell: str, seeds: Sequence[Mapping[str, Any]]) -> Iterable[object]:
    best = statistics.mean(point["best"] for point in seeds)
    ends = [point["curve"][-1] for point in seeds]
    cut = "" if all(point["is_complete"] for point in seeds) else ", cut short"
    steps, seconds = (statistics.mean(end[k] for end in ends) for k in (0, 1))
    return cell, f"{seeds[0]['parameters']:,}", _shown(task, best) + cut, f"{steps:,.0f}", f"{seconds:,.0f}", len(seeds)


def _what(task: Task) -> str:
    return "right answers" if task.is_counted else "mean squared error"


def _shown(task: Task, score: float) -> str:
    return f"{score:.1%}" if task.is_counted else f"{score:.4f}"


def _plural(count: int, name: str) -> str:
    return f"one {name}" if count == 1 else f"{count} {name}s"


def draw(path: Path, task: Task, curves: Curves) -> None:
    """Draw a line for each cell, the first seed's, and where guessing is; needs matplotlib."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "recurra"}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        axes.axhline(task.guess, color="black", linewidth=1, linestyle="--", label="guessing")
        for number, (cell, seeds) in enumerate(curves.items()):
            steps, _, scores = zip(*seeds[0]["curve"], strict=True)
            colour, style = mpl.colormaps["tab10"](number % 10), "-" if number % 2 else "--"
            axes.plot(steps, scores, style, color=colour, label=cell, linewidth=1.5)
        if not task.is_counted:
            axes.set_yscale("log")
        axes.set(xlabel="step of the training", ylabel=_what(task))
        axes.legend(frameon=False, fontsize="small", ncols=2)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
