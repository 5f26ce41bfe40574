"""Seconds of so many steps of an LSTM that forecasts: recurra's task against neuralforecast's, in turn.

neuralforecast stands in an environment of its own, whose Python is given:

    python -m benchmarks.forecasting --peer /path/to/peer/bin/python --data FOLDER

`FOLDER` holds `series/airline-passengers.csv` and `ett/ETTh1.csv`. Each run is a process of its own that says how long
its fit took, without imports; ours is with the validations and the test that it makes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import polars

from benchmarks.alternate import write

_PEER = Path(__file__).with_name("peer_neuralforecast.py")
_OURS = """
import json, sys, time
import polars, torch
begin = time.perf_counter()
from recurra.tasks import ForecastOptions
from recurra.tasks.forecast.forecaster import Forecaster
imported = time.perf_counter() - begin
case = json.loads(sys.argv[1])
torch.set_num_threads(case["threads"])
options = ForecastOptions(
    id="unique_id", time="ds", target="y", horizon=case["horizon"], window=case["window"], cell="LSTM",
    hidden_size=case["hidden_size"], batch_size=case["batch_size"], max_steps=case["steps"], epochs=10**6,
    patience=10**6, learning_rate=1e-3, season_length=case["season_length"],
)
forecaster = Forecaster(options)
begin = time.perf_counter()
forecaster.fit(polars.read_parquet(case["file"]))
fitted = time.perf_counter() - begin
begin = time.perf_counter()
forecaster.predict()
predicted = time.perf_counter() - begin
training = forecaster.training_
found = {"import": imported, "fit": fitted, "predict": predicted, "steps": training.steps, "training": training.seconds}
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Case:
    """What both are given."""

    name: str
    horizon: int
    window: int
    season_length: int
    hidden_size: int
    batch_size: int
    steps: int


CASES = (
    Case("airline passengers", 12, 24, 12, 128, 32, 200),
    Case("ETTh1, 7 series", 96, 96, 24, 128, 128, 100),
)


def main() -> None:
    known = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--peer", required=True, help="Python of the environment that has neuralforecast")
    known.add_argument("--data", type=Path, required=True, help="folder of the data")
    known.add_argument("--threads", type=int, default=2)
    known.add_argument("--repetitions", type=int, default=3)
    given = known.parse_args()
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for case, frame in zip(CASES, (_airline(given.data), _ett(given.data)), strict=True):
            file = Path(folder) / "data.parquet"
            frame.write_parquet(file)
            runs = {"ours": [], "peer": []}
            for _ in range(given.repetitions):
                runs["peer"].append(_run([given.peer, str(_PEER), *_arguments(case, file, given.threads)]))
                said = json.dumps({**asdict(case), "file": str(file), "threads": given.threads})
                runs["ours"].append(_run([sys.executable, "-c", _OURS, said]))
            medians = {name: statistics.median(run["fit"] for run in each) for name, each in runs.items()}
            ratio = medians["peer"] / medians["ours"]
            points.append({"case": asdict(case), "threads": given.threads, "runs": runs, "ratio": ratio})
            sys.stdout.write(f"{case.name}: ours {medians['ours']:.2f} s, peer {medians['peer']:.2f} s, {ratio:.1f}x\n")
    write("forecasting", "python -m benchmarks.forecasting --peer PYTHON --data FOLDER", points)


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _arguments(case: Case, file: Path, threads: int) -> list[str]:
    options = {
        "horizon": case.horizon, "window": case.window, "hidden-size": case.hidden_size, "steps": case.steps,
        "batch-size": case.batch_size, "threads": threads,
    }  # fmt: skip
    return [str(file), *(f"--{name}={value}" for name, value in options.items())]


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
