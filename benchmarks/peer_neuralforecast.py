"""The peer of `benchmarks.forecasting`: neuralforecast's LSTM, run by the Python of an environment of its own.

It prints one line of JSON: the seconds of so many steps of training, and of a forecast.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from typing import Any


def main() -> None:
    case = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    begin = time.perf_counter()
    import pandas
    import torch
    from neuralforecast import NeuralForecast
    from neuralforecast.models import LSTM

    imported = time.perf_counter() - begin
    torch.set_num_threads(case["threads"])
    frame = pandas.read_parquet(case["file"])
    last = frame["ds"] > frame["ds"].max() - case["horizon"]
    model = LSTM(
        h=case["horizon"], max_steps=case["steps"], val_check_steps=10**9, accelerator="cpu", devices=1,
        enable_progress_bar=False, logger=False, enable_checkpointing=False, enable_model_summary=False,
        scaler_type="standard", **sizes(case["sizes"]),
    )  # fmt: skip
    forecaster = NeuralForecast(models=[model], freq=1)
    begin = time.perf_counter()
    forecaster.fit(frame[~last])
    fitted = time.perf_counter() - begin
    begin = time.perf_counter()
    forecast = forecaster.predict()
    predicted = time.perf_counter() - begin
    both = frame[last].merge(forecast, on=["unique_id", "ds"])
    error = abs(both["y"].to_numpy() - both["LSTM"].to_numpy()).mean()
    found = {"import": imported, "fit": fitted, "predict": predicted, "absolute error": float(error)}
    sys.stdout.write(json.dumps(found) + "\n")


def sizes(same: dict[str, Any]) -> dict[str, Any]:
    """Return sizes that both are given as the peer calls them."""
    if not same:
        return {}
    return {
        "input_size": same["window"], "encoder_hidden_size": same["hidden_size"], "encoder_n_layers": 1,
        "decoder_hidden_size": same["hidden_size"], "decoder_layers": 1, "recurrent": False,
        "windows_batch_size": same["batch_size"], "learning_rate": same["learning_rate"],
    }  # fmt: skip


if __name__ == "__main__":
    main()
