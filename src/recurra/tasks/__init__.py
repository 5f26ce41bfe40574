"""What a person does with their own data. Nothing heavy is imported before it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recurra.tasks.classify.classifier import SequenceClassifier
    from recurra.tasks.classify.options import ClassifyOptions
    from recurra.tasks.forecast.forecaster import Forecaster
    from recurra.tasks.forecast.options import ForecastOptions
    from recurra.tasks.language.generate_options import GenerateOptions
    from recurra.tasks.language.language_model import LanguageModel
    from recurra.tasks.language.options import LanguageOptions
    from recurra.tasks.tag.options import TagOptions
    from recurra.tasks.tag.tagger import SequenceTagger

__all__ = [
    "ClassifyOptions",
    "ForecastOptions",
    "Forecaster",
    "GenerateOptions",
    "LanguageModel",
    "LanguageOptions",
    "SequenceClassifier",
    "SequenceTagger",
    "TagOptions",
]

_GENERATE = "recurra.tasks.language.generate_options:GenerateOptions"


def __getattr__(name: str) -> Any:
    from recurra.tasks.registry import TASKS

    classes = [_GENERATE, *(where for task in TASKS.values() for where in (task.estimator, task.options))]
    for where in classes:
        module, known = where.split(":")
        if known == name:
            return getattr(importlib.import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
