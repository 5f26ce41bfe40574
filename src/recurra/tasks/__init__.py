"""What a person does with their own data. Nothing heavy is imported before it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recurra.tasks.forecast.forecaster import Forecaster
    from recurra.tasks.forecast.options import ForecastOptions

__all__ = ["ForecastOptions", "Forecaster"]

_MODULES = {"Forecaster": "recurra.tasks.forecast.forecaster", "ForecastOptions": "recurra.tasks.forecast.options"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
