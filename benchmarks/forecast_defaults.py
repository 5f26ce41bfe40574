"""`python -m benchmarks.forecast_defaults --data FOLDER`: which window and size the forecasts' defaults should be.

The last rows of each series, on which the table of accuracies measures, are cut away before anything is read. Of what
is left, the model forecasts the last block, the block before it, and so on, each time fitted on the rows before the
block alone. What counts is the error by that of the seasonal naive forecast of the same block.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import polars
import torch

from benchmarks.alternate import write
from recurra.tasks import Forecaster, ForecastOptions

SEASONS, HIDDEN_SIZES = (2, 3, 4), (32, 64)


@dataclass(frozen=True)
class Series:
    """A series, its season, and the rows at its end that are not looked at."""

    file: str
    season: int
    horizon: int
    kept_back: int


SERIES = (
    Series("airline-passengers.csv", 12, 12, 12),
    Series("sunspots_yearly.csv", 11, 11, 11),
    Series("elnino.csv", 12, 12, 12),
    Series("daily-total-female-births.csv", 7, 14, 14),
)


def values(folder: Path, series: Series) -> list[float]:
    """Return the series without the rows at its end; a table of months is read row by row."""
    frame = polars.read_csv(folder / series.file)
    numbers = frame.select(frame.columns[1:]).cast(polars.Float64).to_numpy().reshape(-1)
    return numbers[: len(numbers) - series.kept_back].tolist()


def error(known: list[float], series: Series, *, seasons: int, hidden_size: int, seed: int) -> float:
    """Return the error of the last block by that of seasonal naive."""
    options = ForecastOptions(
        target="y", horizon=series.horizon, season_length=series.season, test_rows=series.horizon,
        window=max(seasons * series.season, 2 * series.horizon), hidden_size=hidden_size, seed=seed,
    )  # fmt: skip
    test = Forecaster(options).fit(polars.DataFrame({"y": known})).metrics_["test"]
    return test["model"]["mase"] / test["seasonal_naive"]["mase"]


def main() -> None:
    """Run the grid, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--blocks", type=int, default=4)
    given = parser.parse_args()
    torch.set_num_threads(1)
    points = []
    for seasons, hidden_size in itertools.product(SEASONS, HIDDEN_SIZES):
        found = {}
        for series in SERIES:
            known = values(given.data / "series", series)
            found[series.file] = [
                error(known[: len(known) - block * series.horizon], series, seasons=seasons, hidden_size=hidden_size,
                      seed=block)
                for block in range(given.blocks)
            ]  # fmt: skip
        logs = [math.log(each) for errors in found.values() for each in errors]
        mean = math.exp(statistics.mean(logs))
        points.append({"seasons": seasons, "hidden_size": hidden_size, "errors": found, "geometric_mean": mean})
        of_series = "  ".join(f"{math.exp(statistics.mean(map(math.log, each))):.3f}" for each in found.values())
        sys.stdout.write(f"{seasons} seasons, hidden size {hidden_size}: {mean:.3f}   {of_series}\n")
        sys.stdout.flush()
    points.append({"series": [asdict(series) for series in SERIES]})
    write("forecast_defaults", "python -m benchmarks.forecast_defaults --data FOLDER", points)


if __name__ == "__main__":
    main()
