"""What the tests of searches share: a series that is learnt at once, short options, trials that nobody trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars

from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.cost import Cost
from recurra.training.learner import Monitor
from recurra.training.option_fields import Between
from recurra.tune.search import Search
from recurra.tune.space import Dimension
from recurra.tune.study import Study
from recurra.tune.trial import Ending, Trial

SERIES = polars.DataFrame({"x": [10 + 3 * math.sin(step * 2 * math.pi / 5) for step in range(80)]})
SHORT = ForecastOptions(horizon=3, season_length=5, epochs=2, cell="GRU", layers=1, hidden_size=4)
FIXED = ("cell", "layers", "dropout")
SIZES = "hidden_size=2..8"


def forecaster(**given: Any) -> Forecaster:
    """Return a forecaster with short options."""
    return Forecaster(ForecastOptions(**{**vars(SHORT), **given}))


def cost(*, parameters: int = 100, step: float = 0.001) -> Cost:
    """Return a cost."""
    return Cost(parameters=parameters, step_seconds=step, epoch_seconds=10 * step, peak_memory=1_000_000)


def trial(number: int, value: float | None, *, ended: Ending = "complete", **given: Any) -> Trial:
    """Return a trial; `given` are the arguments of its cost."""
    values = {"hidden_size": 2 + number}
    return Trial(number=number, values=values, ended=ended, value=value, course={1: value or 0.0}, cost=cost(**given))


def search_of(*trials: Trial, monitor: Monitor | None = None, importance: Mapping[str, float] | None = None) -> Search:
    """Return what a search found."""
    return Search(
        task="forecast",
        options=SHORT,
        monitor=monitor or Monitor(),
        space=(Dimension(name="hidden_size", space=Between(2, 64), is_whole=True),),
        trials=trials,
        importance=importance or {},
        budget="",
        ended_by="trials",
        data={"training": "wave.csv", "validation": None, "test": None},
    )


def study_in(storage: Any, /, **given: Any) -> Study:
    """Return a study of one number between 0 and 1."""
    space = (Dimension(name="x", space=Between(0, 1)),)
    settings = {"name": "s", "facts": {}, "space": space, "first": {}, "seed": 1, "larger_is_better": False, **given}
    return Study(storage, **settings)
