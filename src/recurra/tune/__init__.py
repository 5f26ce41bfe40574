"""A search for better options of a task, under a budget. Nothing heavy is imported before it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recurra.tune.options import TuneOptions
    from recurra.tune.search import Search
    from recurra.tune.trial import Trial
    from recurra.tune.tuner import tune

__all__ = ["Search", "Trial", "TuneOptions", "tune"]

_HOMES = {"Search": "search", "Trial": "trial", "TuneOptions": "options", "tune": "tuner"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"recurra.tune.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
