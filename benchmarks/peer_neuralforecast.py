"""The peer of `benchmarks.forecasting`: neuralforecast's LSTM, run by the Python of an environment of its own.

It prints one line of JSON: the seconds of so many steps of training, and of a forecast.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
import warnings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="Parquet file with unique_id, ds and y")
    parser.add_argument("--horizon", type=int, required=True)
    parser.add_argument("--window", type=int, required=True)
    parser.add_argument("--hidden-size", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    begin = time.perf_counter()
    import pandas
    import torch
    from neuralforecast import NeuralForecast
    from neuralforecast.models import LSTM

    imported = time.perf_counter() - begin
    torch.set_num_threads(given.threads)
    frame = pandas.read_parquet(given.data)
    model = LSTM(
        h=given.horizon, input_size=given.window, max_steps=given.steps, encoder_hidden_size=given.hidden_size,
        encoder_n_layers=1, decoder_hidden_size=given.hidden_size, decoder_layers=1, recurrent=False,
        windows_batch_size=given.batch_size, batch_size=frame["unique_id"].nunique(), learning_rate=1e-3,
        val_check_steps=10**9, accelerator="cpu", devices=1, enable_progress_bar=False, logger=False,
        enable_checkpointing=False, enable_model_summary=False, scaler_type="standard",
    )  # fmt: skip
    forecaster = NeuralForecast(models=[model], freq=1)
    begin = time.perf_counter()
    forecaster.fit(frame)
    fitted = time.perf_counter() - begin
    begin = time.perf_counter()
    forecaster.predict()
    predicted = time.perf_counter() - begin
    found = {"import": imported, "fit": fitted, "predict": predicted, "steps": given.steps}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
