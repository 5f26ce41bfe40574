"""`python -m benchmarks.epochs_forecast`: an epoch of a GRU that forecasts, by `fit` and by a plain loop.

Both networks read a window and go on through the horizon, each step with the value a season before it; a linear map
gives the steps. AdamW, the mean absolute error, the norm of the gradient clipped. The plain loop is PyTorch as its
documentation teaches it: nn.GRU, a `TensorDataset` of all windows, a `DataLoader` that shuffles. Both see the same
windows, in turns.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from typing import Any

import numpy as np
import polars
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.alternate import write
from recurra.cells import GRU
from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.model import Prepared, Sources
from recurra.training.loop import train

SERIES, SEASON = 20, 24
CASES = ((64, 96, 24, 64), (128, 168, 24, 64), (32, 48, 12, 32))
"""Hidden size, window, horizon, batch size."""


class Plain(nn.Module):
    """The same model as a person writes it."""

    def __init__(self, hidden_size: int, window: int, horizon: int) -> None:
        super().__init__()
        self.window, self.horizon = window, horizon
        self.recurrent = nn.GRU(3, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, windows: Tensor) -> Tensor:
        level = windows[:, -SEASON:].mean(1, keepdim=True)
        spread = windows.std(1, keepdim=True) + 1e-2
        values = (windows - level) / spread
        steps = torch.arange(self.horizon)
        before = values[:, steps % SEASON - SEASON]
        ahead = ((steps + 1) / self.horizon).expand(len(values), -1)
        nothing = torch.zeros_like(values)
        channels = [
            torch.cat([values, before], 1),
            torch.cat([nothing, ahead], 1),
            torch.cat([nothing, torch.zeros_like(ahead)], 1),
        ]
        outputs, _ = self.recurrent(torch.stack(channels, -1))
        return self.head(outputs[:, -self.horizon :])[..., 0] * spread + level


def series(rows: int) -> np.ndarray:
    """Return noisy days (rows, SERIES)."""
    random = np.random.default_rng(0)
    phase = np.arange(rows)[:, None] + random.integers(0, SEASON, SERIES)
    return np.sin(2 * np.pi * phase / SEASON) + 0.3 * random.standard_normal((rows, SERIES))


def prepared(values: np.ndarray, options: ForecastOptions) -> Prepared[Any]:
    """Return what `fit` makes of the data before it trains."""
    names = [f"series {number}" for number in range(SERIES)]
    frame = polars.concat(
        polars.DataFrame({"unique_id": [name] * len(values), "ds": range(len(values)), "y": values[:, number]})
        for number, name in enumerate(names)
    )
    torch.manual_seed(0)
    return Forecaster(options)._prepare(Sources(training=frame), GRU, earlier=None)


def ours(values: np.ndarray, options: ForecastOptions) -> float:
    """Return the seconds of the training that `fit` runs, with a validation of one window a series."""
    ready = prepared(values, options)
    start = time.perf_counter()
    train(ready.learner, training=ready.training, validation=ready.validation, options=ready.options)
    return time.perf_counter() - start


def plain(values: np.ndarray, options: ForecastOptions) -> float:
    """Return the seconds of an epoch of a plain loop over the same windows."""
    window, horizon = options.window, options.horizon
    assert window is not None
    training = torch.from_numpy(values[: len(values) - 2 * horizon].astype(np.float32))
    windows = training.unfold(0, window + horizon, 1).reshape(-1, window + horizon)
    torch.manual_seed(0)
    network = Plain(options.hidden_size, window, horizon)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    loader = DataLoader(
        TensorDataset(windows[:, :window], windows[:, window:]), batch_size=options.batch_size, shuffle=True
    )
    start = time.perf_counter()
    for given, expected in loader:
        optimiser.zero_grad()
        loss = nn.functional.l1_loss(network(given), expected)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        loss.item()
    return time.perf_counter() - start


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--steps", type=int, default=60, help="batches in an epoch, roughly")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--trial", action="store_true", help="write nothing down")
    given = parser.parse_args()
    points = [_point(*each, given) for each in itertools.product(given.threads, CASES)]
    ratios = [point["ratio"] for point in points]
    sys.stdout.write(f"geometric mean {statistics.geometric_mean(ratios):.2f}, worst {min(ratios):.2f}\n")
    if not given.trial:
        write("epochs_forecast", "python -m benchmarks.epochs_forecast", points)


def _point(threads: int, case: tuple[int, int, int, int], given: argparse.Namespace) -> dict[str, Any]:
    hidden_size, window, horizon, batch_size = case
    torch.set_num_threads(threads)
    options = ForecastOptions(
        cell="GRU", hidden_size=hidden_size, window=window, horizon=horizon, season_length=SEASON, epochs=1,
        batch_size=batch_size, validation_rows=horizon, test_rows=horizon, learning_rate=1e-3, weight_decay=0.01,
        clip=1.0, dropout=0.0,
    )  # fmt: skip
    values = series(window + 3 * horizon + given.steps * batch_size // SERIES)
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    for repetition in range(given.repetitions + 1):  # the first warms up
        for name, run in (("plain", plain), ("ours", ours)):
            seconds[name] += [round(run(values, options), 4)] * (repetition > 0)
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    ratio = medians["plain"] / medians["ours"]
    sys.stdout.write(
        f"{threads} threads, hidden size {hidden_size}, window {window}: ours {medians['ours']:.2f} s, "
        f"plain {medians['plain']:.2f} s, {ratio:.2f}x\n"
    )
    return {"threads": threads, "case": case, "seconds": seconds, "medians": medians, "ratio": ratio}


if __name__ == "__main__":
    main()
