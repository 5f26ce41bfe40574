"""Recurrent cells written once, as their equations; everything else is derived from them.

`recurra.cell` makes a cell; `recurra.cells` holds the known ones; `recurra.nn` runs them as torch layers;
`recurra.tasks` trains on a person's own data. Names are imported when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_FUNCTIONS = (
    "bernoulli", "cell", "exp", "log", "maximum", "mean", "minimum", "relu", "sigmoid", "softmax", "softplus", "sqrt",
    "sum", "tanh", "where",
)  # fmt: skip
_MODULES = (
    "backends", "catalogue", "cells", "data", "derive", "diagnose", "errors", "graph", "nn", "plan", "report", "spec",
    "tasks", "testing", "training", "transforms", "tune",
)  # fmt: skip
_PUBLIC = {"Cell": "recurra.spec", **dict.fromkeys(_FUNCTIONS, "recurra.spec")}

__all__ = ["Cell", "__version__", *_FUNCTIONS, *_MODULES]  # pyright: ignore[reportUnsupportedDunderAll]

if TYPE_CHECKING:
    from recurra import (
        backends,
        catalogue,
        cells,
        data,
        derive,
        diagnose,
        errors,
        graph,
        nn,
        plan,
        report,
        spec,
        tasks,
        testing,
        training,
        transforms,
        tune,
    )
    from recurra.spec import (
        Cell,
        bernoulli,
        cell,
        exp,
        log,
        maximum,
        mean,
        minimum,
        relu,
        sigmoid,
        softmax,
        softplus,
        sqrt,
        sum,
        tanh,
        where,
    )  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"recurra.{name}")
    raise AttributeError(f"module 'recurra' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
