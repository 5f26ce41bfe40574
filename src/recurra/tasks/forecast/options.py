"""The options of a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from recurra.errors import InputError
from recurra.tasks.task_options import TaskOptions
from recurra.training.described import Described

__all__ = ["ForecastOptions"]

_DATA = "Data"


@dataclass(frozen=True, kw_only=True)
class ForecastOptions(TaskOptions):
    """What to forecast, from what, with which network, and how to train it.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.tasks import ForecastOptions
    >>> ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11).horizon
    11
    """

    target: Annotated[
        str | None,
        Described(help="Column to forecast; not needed where there is only one.", panel=_DATA),
    ] = None
    time: Annotated[
        str | None,
        Described(
            help="Column of times (years, dates), regular and in order; without it rows are numbered.",
            panel=_DATA,
        ),
    ] = None
    time_format: Annotated[
        str | None, Described(help="Format of the dates, as in '%d/%m/%Y'; found if not given.", panel=_DATA)
    ] = None
    horizon: Annotated[int, Described(help="Steps to forecast.", panel=_DATA, minimum=1)] = 12
    season_length: Annotated[
        int,
        Described(
            help="Steps after which the series roughly repeats, such as 12 months; 1 if it does not.",
            panel=_DATA,
            minimum=1,
        ),
    ] = 1
    window: Annotated[
        int | None,
        Described(
            help="Steps that a forecast looks at; by default two seasons and at least two horizons, "
            "fewer where the data are few.",
            panel=_DATA,
            minimum=1,
        ),
    ] = None
    validation_fraction: Annotated[
        float,
        Described(help="Share of the rows that choose when to stop.", panel=_DATA, above=0, below=1),
    ] = 0.15
    test_fraction: Annotated[
        float,
        Described(help="Share of the rows, the last ones, that only the test sees.", panel=_DATA, above=0, below=1),
    ] = 0.15

    def __post_init__(self) -> None:
        super().__post_init__()
        parts = self.validation_fraction + self.test_fraction
        if parts >= 1:
            raise InputError(
                f"validation_fraction = {self.validation_fraction} and test_fraction = {self.test_fraction}: "
                f"together {parts:g}; expected less than 1, so that rows are left for training"
            )
