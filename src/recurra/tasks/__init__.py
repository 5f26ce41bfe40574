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

_MODULES = {
    "ClassifyOptions": "recurra.tasks.classify.options",
    "Forecaster": "recurra.tasks.forecast.forecaster",
    "ForecastOptions": "recurra.tasks.forecast.options",
    "GenerateOptions": "recurra.tasks.language.generate_options",
    "LanguageModel": "recurra.tasks.language.language_model",
    "LanguageOptions": "recurra.tasks.language.options",
    "SequenceClassifier": "recurra.tasks.classify.classifier",
    "SequenceTagger": "recurra.tasks.tag.tagger",
    "TagOptions": "recurra.tasks.tag.options",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
