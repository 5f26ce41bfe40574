"""A model of any task, diagnosed on a person's data."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

from torch import Tensor

from recurra.diagnose import Diagnosis, diagnose
from recurra.tasks.estimator import Estimator, Prepared, Sources

__all__ = ["diagnose_model", "diagnose_prepared"]


def diagnose_model(
    fitted: Estimator[Any], data: Any, /, *, dependence: int | None = None, most_batches: int = 4
) -> Diagnosis:
    """Diagnose a trained model on the training part of some data.

    Parameters
    ----------
    fitted
        A model of any task; it stays as it is.
    data
        As for `fit`; they are read and divided as the model's options say.
    dependence, most_batches
        See `recurra.diagnose.diagnose`.

    Raises
    ------
    DataError
        If the data cannot be read or are too few.
    InputError
        As `recurra.diagnose.diagnose`.

    Examples
    --------
    >>> from recurra.tasks import Forecaster, ForecastOptions
    >>> from recurra.tasks.diagnosis import diagnose_model
    >>> options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    >>> model = Forecaster(options).fit("examples/sunspots.csv")
    >>> found = diagnose_model(model, "examples/sunspots.csv")
    >>> found.model, len(found.layers)
    ('the forecaster', 1)
    """
    again = copy.copy(fitted)  # to prepare takes facts about the data down
    again.options = getattr(fitted, "options_", fitted.options)  # without weights, it refuses to go on
    prepared = again.prepare(Sources(training=data), go_on=True)
    found = diagnose_prepared(prepared, dependence=dependence, most_batches=most_batches)
    words = re.findall("[A-Z][a-z]*", type(fitted).__name__)
    return replace(found, model=f"the {' '.join(words).lower()}")


def diagnose_prepared(prepared: Prepared[Any], /, *, dependence: int | None = None, most_batches: int = 4) -> Diagnosis:
    """Diagnose a learner on the training part that it was prepared with."""
    learner = prepared.learner

    def loss(batch: Any) -> Tensor:
        learner.carried = None  # each batch by itself
        return learner.loss(batch)

    def losses(batch: Any) -> Tensor | None:
        learner.carried = None
        return learner.losses_by_step(batch)

    return diagnose(
        learner.network, prepared.training, loss=loss, losses_by_step=losses, dependence=dependence,
        most_batches=most_batches,
    )  # fmt: skip
