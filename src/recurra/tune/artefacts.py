"""What a search leaves in its folder: the best options, the trials, a page."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from recurra.data.files import write_whole
from recurra.errors import DataError
from recurra.report import render
from recurra.tasks.model_files import config
from recurra.tune.page import search_report
from recurra.tune.search import Search

__all__ = ["BEST", "REPORT", "save_search"]

BEST, TABLE, TRIALS, REPORT = "best.yaml", "trials.csv", "search.json", "report.html"


def save_search(search: Search, folder: Path, /) -> None:
    """Write what a search found into a folder, each file in one step; other files there stay.

    Raises
    ------
    DataError
        If the folder cannot be written.
    TrainingError
        If no trial came to its end.
    """
    files = {
        BEST: best_yaml(search),
        TABLE: _table(search),
        TRIALS: json.dumps(search.to_dictionary(), indent=2, ensure_ascii=False) + "\n",
        REPORT: render(search_report(search, best=best_yaml(search))),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}") from None
    for name, text in files.items():
        write_whole(folder / name, text)


def best_yaml(search: Search, /) -> str:
    """Return the best options as `recurra fit --config` reads them."""
    return config(search.task, search.best_options, data=search.data).decode()


def _table(search: Search) -> str:
    rows = [trial.row() for trial in search.trials]
    return pl.DataFrame(rows, infer_schema_length=None, strict=False).write_csv()
