"""How long a search goes on, what it may cost, and where its trials are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from recurra.training.option_fields import Described, check_options

__all__ = ["TuneOptions"]

_SEARCH = "Search"
_BUDGET = "Budget: what costs more is never trained"


@dataclass(frozen=True, kw_only=True)
class TuneOptions:
    """A search for better options of a task.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.tune import TuneOptions
    >>> TuneOptions(trials=50, search=("hidden_size=16..64", "cell=GRU,LSTM")).trials
    50
    """

    trials: Annotated[
        int,
        Described(
            "Trainings in all, together with those that are kept already.", _SEARCH, minimum=1, maximum=1_000_000
        ),
    ] = 30
    minutes: Annotated[
        float | None,
        Described("Stop after this many minutes, in which the last trial is cut.", _SEARCH, above=0, maximum=1e9),
    ] = None
    search: Annotated[
        tuple[str, ...],
        Described(
            "Where to look for an option, as hidden_size=16..256 or cell=GRU,LSTM; any option, once for each.", _SEARCH
        ),
    ] = ()
    storage: Annotated[
        str | None,
        Described(
            "Where the trials are kept: URL of a database such as postgresql://USER@HOST/NAME, or journal:FILE; "
            "by default an SQLite file in the folder of the search.",
            _SEARCH,
        ),
    ] = None
    name: Annotated[
        str | None,
        Described(
            "Name of the search in its storage, the same for all who work on it; by default that of the folder.",
            _SEARCH,
        ),
    ] = None
    budget_seconds_per_step: Annotated[
        float | None, Described("Most seconds of a training step.", _BUDGET, above=0, maximum=1e9)
    ] = None
    budget_epoch: Annotated[
        float | None, Described("Most seconds of an epoch with its validation.", _BUDGET, above=0, maximum=1e9)
    ] = None
    budget_memory: Annotated[
        float | None, Described("Most memory of a training step, in MB.", _BUDGET, above=0, maximum=1e12)
    ] = None
    budget_parameters: Annotated[
        int | None, Described("Most trainable numbers of the network.", _BUDGET, minimum=1, maximum=1_000_000_000_000)
    ] = None

    def __post_init__(self) -> None:
        check_options(self)
