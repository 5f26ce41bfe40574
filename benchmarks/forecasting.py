"""Seconds of so many steps of an LSTM that forecasts: recurra's task against neuralforecast's, in turn.

neuralforecast stands in an environment of its own, whose Python is given:

    python -m benchmarks.forecasting --peer /path/to/peer/bin/python --data FOLDER

`FOLDER` holds `series/airline-passengers.csv` and `ett/ETTh1.csv`. Each run is a process of its own that says how long
its fit took, without imports; ours is with the validations and the test that it makes. Both are fitted on all but the
last rows and forecast these, once with sizes that are the same for both, once with the defaults of each.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars

from benchmarks.alternate import known, write

_PEER = Path(__file__).with_name("peer_neuralforecast.py")
_OURS = """
import json, sys, time
import polars, torch
begin = time.perf_counter()
from recurra.tasks import ForecastOptions
from recurra.tasks.forecast.estimator import Forecaster
imported = time.perf_counter() - begin
case = json.loads(sys.argv[1])
torch.set_num_threads(case["threads"])
options = ForecastOptions(
    id="unique_id", time="ds", target="y", horizon=case["horizon"], cell="LSTM", max_steps=case["steps"], epochs=10**6,
    patience=10**6, season_length=case["season_length"], strategy=case["strategy"], refit=case["refit"],
    **({**case["sizes"], "average_decay": 0.0} if case["sizes"] else {}),  # the peer takes the last weights
)
frame = polars.read_parquet(case["file"])
last = polars.col("ds") >= polars.col("ds").max() - case["horizon"] + 1
forecaster = Forecaster(options)
begin = time.perf_counter()
forecaster.fit(frame.filter(~last))
fitted = time.perf_counter() - begin
begin = time.perf_counter()
forecast = forecaster.predict()
predicted = time.perf_counter() - begin
both = frame.filter(last).join(forecast, on=["unique_id", "ds"])
error = (both["y"] - both["y_right"]).abs().mean()
print(json.dumps({"import": imported, "fit": fitted, "predict": predicted, "absolute error": error}))
"""


@dataclass(frozen=True)
class Case:
    """What both are given; without sizes, each takes its defaults. The strategy and refit are ours alone.

    With refit, ours trains anew on all rows, as the peer does, when it has chosen and measured.
    """

    name: str
    data: str
    horizon: int
    season_length: int
    steps: int
    sizes: Mapping[str, float] = field(default_factory=dict)
    strategy: str = "direct"
    refit: bool = False


SAME = {"hidden_size": 128, "learning_rate": 1e-3}
CASES = (
    Case("airline passengers, the same sizes", "airline", 12, 12, 200, {**SAME, "window": 24, "batch_size": 32}),
    Case("airline passengers, the same sizes, by segments", "airline", 12, 12, 200,
         {**SAME, "window": 24, "batch_size": 32}, "segment"),
    Case("airline passengers, the same sizes, on all rows", "airline", 12, 12, 200,
         {**SAME, "window": 24, "batch_size": 32}, refit=True),
    Case("airline passengers, the same sizes, by segments, on all rows", "airline", 12, 12, 200,
         {**SAME, "window": 24, "batch_size": 32}, "segment", refit=True),
    Case("airline passengers, defaults", "airline", 12, 12, 200),
    Case("ETTh1, 7 series, the same sizes", "ett", 96, 24, 100, {**SAME, "window": 96, "batch_size": 128}),
    Case("ETTh1, 7 series, the same sizes, by segments", "ett", 96, 24, 100,
         {**SAME, "window": 96, "batch_size": 128}, "segment"),
    Case("ETTh1, 7 series, defaults", "ett", 96, 24, 20),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="Python of the environment that has neuralforecast")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument(
        "--data-named", choices=("airline", "ett"), help="measure these alone, keep the others' numbers"
    )
    given = parser.parse_args()
    points = []
    before = {point["case"]["name"]: point for point in known("forecasting")}
    with tempfile.TemporaryDirectory() as folder:
        frames = {"airline": _airline(given.data), "ett": _ett(given.data)}
        for case in CASES:
            if given.data_named not in (None, case.data):
                points.append(before[case.name])
                continue
            file = Path(folder) / f"{case.data}.parquet"
            frames[case.data].write_parquet(file)
            points.append(_point(case, file, given))
    write("forecasting", "python -m benchmarks.forecasting --peer PYTHON --data FOLDER", points)


def _point(case: Case, file: Path, given: argparse.Namespace) -> dict[str, Any]:
    said = json.dumps({**asdict(case), "file": str(file), "threads": given.threads})
    commands = {"peer": [given.peer, str(_PEER), said], "ours": [sys.executable, "-c", _OURS, said]}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(given.repetitions):
        for name, command in commands.items():
            runs[name].append(_run(command))
    medians = {name: statistics.median(run["fit"] for run in each) for name, each in runs.items()}
    errors = {name: statistics.mean(run["absolute error"] for run in each) for name, each in runs.items()}
    ratio = medians["peer"] / medians["ours"]
    told = "; ".join(f"{name} {medians[name]:.2f} s, error {errors[name]:.3g}" for name in commands)
    sys.stdout.write(f"{case.name}: {told}; {ratio:.1f}x\n")
    sys.stdout.flush()
    return {"case": asdict(case), "threads": given.threads, "runs": runs, "medians": medians, "ratio": ratio}


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _airline(data: Path) -> polars.DataFrame:
    frame = polars.read_csv(data / "series" / "airline-passengers.csv")
    values = frame["Passengers"].cast(polars.Float64)
    return polars.DataFrame({"unique_id": ["airline"] * len(values), "ds": range(len(values)), "y": values})


def _ett(data: Path) -> polars.DataFrame:
    frame = polars.read_csv(data / "ett" / "ETTh1.csv").drop("date")
    columns = [
        polars.DataFrame({"unique_id": [name] * frame.height, "ds": range(frame.height), "y": frame[name]})
        for name in frame.columns
    ]
    return polars.concat(columns)


if __name__ == "__main__":
    main()
