"""Options check themselves and say which one is wrong."""

from __future__ import annotations

import dataclasses
import math
from typing import Annotated, Literal

import pytest

from recurra.errors import InputError
from recurra.tasks.forecast.options import ForecastOptions
from recurra.training.option_fields import Described, option_fields
from recurra.training.options import TrainingOptions


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"horizon": 0}, "horizon = 0: expected a whole number from 1 to 1,000,000"),
        ({"season_length": -1}, "season_length = -1"),
        ({"window": 0}, "window = 0"),
        ({"epochs": 2.5}, "epochs = 2.5: expected a whole number from 1 to"),
        ({"seed": "1"}, "seed = '1'"),
        ({"dropout": 1.0}, "dropout = 1.0: expected a number from 0 on, below 1"),
        ({"learning_rate": 0.0}, "learning_rate = 0.0: expected a number above 0, 1,000,000 at most, or 'auto'"),
        ({"learning_rate": "fast"}, "learning_rate = 'fast': expected a number above 0, 1,000,000 at most, or 'auto'"),
        ({"optimiser": "adagrad"}, "optimiser = 'adagrad': expected 'adam', 'adamw', 'rmsprop', 'sgd' or 'asgd'"),
        ({"minutes": 0.0}, "minutes = 0.0: expected a number above 0, 1,000,000,000 at most"),
        ({"cut": 1.0}, "cut = 1.0: expected a number above 0, below 1"),
        ({"devices": 0}, "devices = 0"),
        ({"learning_rate": math.inf}, "learning_rate = inf: expected a number above 0, 1,000,000 at most, or 'auto'"),
        ({"clip": math.nan}, "clip = nan"),
        ({"cell": None}, "cell = None"),
        ({"validation_fraction": 0.6, "test_fraction": 0.5}, "together 1.1; expected less than 1"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ForecastOptions(**given)  # pyright: ignore[reportArgumentType]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Own(TrainingOptions):
    """Other defaults, and a field of its own."""

    epochs: int = 7
    learning_rate: float | Literal["auto"] = "auto"
    level: Annotated[str, Described(help="Which level.", panel="Data")] = "char"


def test_a_subclass_gives_other_defaults_and_keeps_help_bounds_and_place() -> None:
    fields = {field.name: field for field in option_fields(Own)}
    above = {field.name: field for field in option_fields(TrainingOptions)}
    assert (fields["epochs"].default, fields["learning_rate"].default) == (7, "auto")
    assert fields["epochs"].described == above["epochs"].described
    assert fields["epochs"].type is int
    assert list(fields) == ["level", *above]
    assert Own().epochs == 7
    with pytest.raises(InputError, match="epochs = 0: expected a whole number from 1 to 1,000,000"):
        Own(epochs=0)


def test_options_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ForecastOptions().horizon = 3  # pyright: ignore[reportAttributeAccessIssue]


def test_every_option_says_what_it_means_and_defaults_are_valid() -> None:
    fields = option_fields(ForecastOptions)
    assert {field.name for field in fields} == {field.name for field in dataclasses.fields(ForecastOptions)}
    assert all(field.described.help.endswith(".") and field.described.panel for field in fields)
    assert ForecastOptions() == ForecastOptions(**{field.name: field.default for field in fields})


def test_a_tasks_own_options_come_first() -> None:
    names = [field.name for field in option_fields(ForecastOptions)]
    assert names.index("horizon") < names.index("epochs")
