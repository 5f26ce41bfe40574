"""What all who work on a search have to agree on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from recurra.tasks.estimator import Estimator
from recurra.tasks.prepared import Sources
from recurra.training.option_fields import as_dictionary
from recurra.tune.budget import Budget
from recurra.tune.space import Dimension

__all__ = ["search_facts"]


def search_facts(
    estimator: Estimator[Any, Any], /, *, sources: Sources, space: tuple[Dimension, ...], budget: Budget
) -> dict[str, Any]:
    """Return the task, the data, what is searched, the other options and the budget, as JSON has them."""
    searched = {dimension.name for dimension in space}
    others = {name: value for name, value in as_dictionary(estimator.options).items() if name not in searched}
    return {
        "task": estimator.task,
        "data": {name: _digest(part) for name, part in vars(sources).items()},
        "space": {dimension.name: str(dimension) for dimension in space},
        "options": others,
        "budget": budget.text(),
    }


def _digest(part: Any) -> str | None:
    """Return what tells a file from others, wherever it lies; None for what is no file."""
    if not isinstance(part, str | Path) or not Path(part).is_file():
        return None
    with Path(part).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
