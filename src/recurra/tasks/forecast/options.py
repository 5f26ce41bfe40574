"""The options of a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import DATA, NETWORK, SHARES, TableOptions, check_shares, fraction, shapes_network
from recurra.training.option_fields import Described

__all__ = ["ForecastOptions", "names_in"]

_FORECAST = "Forecast"


@dataclass(frozen=True, kw_only=True)
class ForecastOptions(TableOptions):
    """What to forecast, from what, with which network, and how to train it.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two do not go together.

    Examples
    --------
    >>> from recurra.tasks import ForecastOptions
    >>> ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11).horizon
    11
    """

    target: Annotated[
        str | None,
        Described(
            "Column to forecast, several with commas between, or all; not needed where there is only one, or y.", DATA
        ),
    ] = None
    time: Annotated[
        str | None,
        Described("Column of times (years, dates), by default ds if there is one; without it rows are numbered.", DATA),
    ] = None
    id: Annotated[
        str | None,
        Described(
            "Column that names the series of a row, unique_id if there is one; without it all rows are of one.", DATA
        ),
    ] = None
    past: Annotated[str | None, Described("Columns that help and are known up to now, with commas between.", DATA)] = (
        None
    )
    future: Annotated[
        str | None,
        Described(
            "Columns that help and are known for the steps to forecast too (in rows with an empty target), with "
            "commas between.",
            DATA,
        ),
    ] = None
    static: Annotated[
        str | None, Described("Columns with one value a series that helps, with commas between.", DATA)
    ] = None
    calendar: Annotated[
        str | None,
        Described(
            "Cycles of the calendar that the network reads for each step, with commas between: month, "
            "day-of-year, day-of-month, weekday, hour, minute; auto: those that the step suggests; none.",
            DATA,
        ),
    ] = shapes_network(None)
    time_format: Annotated[
        str | None, Described("Format of the dates, as in '%d/%m/%Y'; found if not given.", DATA)
    ] = None
    time_zone: Annotated[
        str | None,
        Described(
            "Zone of the times, such as Europe/Berlin, UTC or +05:30; by default the one that they say, if any.", DATA
        ),
    ] = None
    unseen_categories: Annotated[
        Literal["refuse", "missing"],
        Described("Whether a category that training has not seen is an error, or counts as none.", DATA),
    ] = "refuse"
    horizon: Annotated[int, Described("Steps to forecast.", DATA, minimum=1, maximum=1_000_000)] = shapes_network(12)
    season_length: Annotated[
        int | None,
        Described(
            "Steps after which the series roughly repeats; by default what the step suggests where the data hold "
            "three (12 months, 7 days, 24 hours), else 1: it does not.",
            DATA,
            minimum=1,
            maximum=1_000_000,
        ),
    ] = shapes_network(None)
    window: Annotated[
        int | None,
        Described(
            "Steps that a forecast looks at; by default two seasons, at least two horizons, "
            "fewer where the data are few.",
            DATA,
            minimum=1,
            maximum=1_000_000,
        ),
    ] = None
    validation_fraction: Annotated[float, fraction("Share of the rows that choose when to stop.", DATA)] = 0.15
    test_fraction: Annotated[float, fraction("Share of the rows, the last ones, that only the test sees.", DATA)] = 0.15
    validation_rows: Annotated[
        int | None,
        Described("Rows that choose when to stop, in place of a share.", DATA, minimum=1, maximum=1_000_000_000),
    ] = None
    test_rows: Annotated[
        int | None,
        Described(
            "Rows, the last ones, that only the test sees, in place of a share.",
            DATA,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = None
    refit: Annotated[
        bool,
        Described(
            "When the model is measured, train anew on all rows for as many epochs as were best, to forecast with "
            "weights that have seen the latest rows.",
            _FORECAST,
        ),
    ] = False
    intervals: Annotated[
        str | None,
        Described("Shares of what comes that intervals should hold, as in 80,95 (percent) or 0.8.", _FORECAST),
    ] = None
    output: Annotated[
        Literal["point", "quantile", "normal", "student", "negative-binomial"],
        Described(
            "What the network says of a step: one value, quantiles, or a distribution (negative-binomial: of counts).",
            _FORECAST,
        ),
    ] = shapes_network("point")
    conformal: Annotated[bool, Described("Fit the width of the intervals to the validation rows.", _FORECAST)] = True
    minimum: Annotated[
        float | None,
        Described(
            "What no forecast and no interval is below, such as 0 for what cannot be negative.",
            _FORECAST,
            minimum=-1e18,
            maximum=1e18,
        ),
    ] = None
    loss: Annotated[
        Literal["absolute", "squared", "huber"],
        Described("What a point forecast minimises: the error, its square, or what is between.", _FORECAST),
    ] = "absolute"
    strategy: Annotated[
        Literal["direct", "autoregressive", "segment"],
        Described(
            "How the steps ahead are made: each from the window alone; each from the one before; whole segments "
            "at once (SegRNN).",
            NETWORK,
        ),
    ] = shapes_network("direct")
    segment_length: Annotated[
        int | None,
        Described(
            "Steps of a segment; by default a season, or a quarter of the horizon.",
            NETWORK,
            minimum=1,
            maximum=1_000_000,
        ),
    ] = None
    normalise: Annotated[
        Literal["window", "last", "none"],
        Described("What each window is brought to: its own level and spread, its own last value, or nothing.", NETWORK),
    ] = shapes_network("window")

    hidden_size: int = 64
    average_decay: float = 0.99

    def __post_init__(self) -> None:
        super().__post_init__()
        in_rows = {"validation_fraction": self.validation_rows, "test_fraction": self.test_rows}
        check_shares(self, of="rows are", names=[name for name in SHARES if in_rows[name] is None])
        self.coverages()
        self._check_times()
        self._check_calendar()
        if self.intervals is not None and self.output == "point" and not self.conformal:
            raise InputError(
                "intervals with conformal = False: a point forecast has no intervals of its own; expected another "
                "output, such as quantile"
            )
        if self.output == "quantile" and self.strategy == "autoregressive":
            raise InputError(
                "output = 'quantile': an autoregressive forecast draws its next value, which quantiles do not say how "
                "to; expected another output or strategy"
            )
        if self.output == "negative-binomial" and self.normalise == "last":
            raise InputError("normalise = 'last': counts cannot be negative; expected window or none")

    @property
    def season(self) -> int:
        """Steps after which the series repeats; 1 if it does not, or that is still to be found."""
        return self.season_length or 1

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the targets, none where they are still to be found."""
        return names_in(self.target)

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles of the calendar that the network reads; "auto" where they are still to be found."""
        return () if self.calendar == "none" else names_in(self.calendar)

    def coverages(self) -> tuple[float, ...]:
        """Return the shares of what comes that intervals should hold, between 0 and 1, the smallest first."""
        try:
            given = [float(part) for part in names_in(self.intervals)]
        except ValueError:
            raise InputError(f"intervals = {self.intervals!r}: expected percents such as 80,95") from None
        if any(not 0 < each < 100 for each in given):
            raise InputError(f"intervals = {self.intervals!r}: expected percents above 0 and below 100")
        return tuple(sorted({each if each < 1 else each / 100 for each in given}))

    def _check_times(self) -> None:
        """Check the format and the zone of times; their module loads polars, which a help text does without."""
        if self.time_zone is not None:
            from recurra.data.time_formats import check_zone

            check_zone(self.time_zone)
        if self.time_format is not None:
            from recurra.data.time_formats import check_format

            check_format(self.time_format)

    def _check_calendar(self) -> None:
        """Check the cycles of the calendar; as with times, a help text does without their module."""
        if self.cycles and self.cycles != ("auto",):
            from recurra.data.covariates import check_calendar

            check_calendar(self.cycles)


def names_in(text: str | None, /) -> tuple[str, ...]:
    """Return the names in a text with commas between them."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
