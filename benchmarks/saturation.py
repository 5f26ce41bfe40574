"""How much of their gates is saturated in trainings that went well and in networks that are broken on purpose.

python -m benchmarks.saturation

Healthy are trainings of the examples' data at several lengths, each with its test score beside that of the baseline,
and the adding problem, learnt. Broken are networks whose inputs or matrices are too large, or that a far too high
learning rate has driven to the ends. Of every gate: the share of values at an end of its range, the share of units that
are always at one end, and the mean derivative beside the largest one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from recurra.cells import all_cells
from recurra.data import adding_problem
from recurra.diagnose import Diagnosis, diagnose
from recurra.diagnose.gates import Gate
from recurra.nn import Recurrent
from recurra.tasks import (
    ClassifyOptions,
    Forecaster,
    ForecastOptions,
    LanguageModel,
    LanguageOptions,
    SequenceClassifier,
    SequenceTagger,
    TagOptions,
)

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
RESULTS = Path(__file__).resolve().parent / "results" / "saturation.json"
CELLS = ("LSTM", "GRU")
LENGTH, BATCH = 30, 50


class Adder(torch.nn.Module):
    """A recurrent layer, and a number read off its last output."""

    def __init__(self, cell: str, *, scale: float) -> None:
        super().__init__()
        self.recurrent, self.head = Recurrent(all_cells[cell], 2, 32, batch_first=True), torch.nn.Linear(32, 1)
        with torch.no_grad():
            for parameter in self.recurrent.parameters():
                parameter.mul_(scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.recurrent(x)[0][:, -1])


def adding(cell: str, *, steps: int, rate: float, inputs: float, scale: float) -> tuple[Diagnosis, float]:
    """Train on the adding problem; return the diagnosis and the error on new sequences (guessing: 0.167)."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    model = Adder(cell, scale=scale)
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        x, y = adding_problem(BATCH, LENGTH, random)
        return inputs * torch.from_numpy(x), torch.from_numpy(y)

    def loss(given: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        return (model(given[0]) - given[1]).square().mean()

    for _ in range(steps):
        optimiser.zero_grad()
        loss(batch()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    with torch.no_grad():
        error = float(torch.stack([loss(batch()) for _ in range(10)]).mean())
    return diagnose(model, [batch()], loss=loss, dependence=LENGTH), error


def healthy() -> Iterator[tuple[str, Callable[[], tuple[Diagnosis, Any]]]]:
    """Yield names and trainings that go well."""
    for cell in CELLS:
        yield f"adding, {cell}", lambda cell=cell: adding(cell, steps=1500, rate=0.005, inputs=1.0, scale=1.0)
        for epochs in (5, 40):
            yield f"forecast sunspots, {cell}, {epochs} epochs", lambda cell=cell, epochs=epochs: _task(
                Forecaster(ForecastOptions(cell=cell, time="year", target="sunspots", horizon=11, season_length=11,
                                           epochs=epochs)), EXAMPLES / "sunspots.csv")  # fmt: skip
        for epochs in (1, 3, 8):
            yield f"language shakespeare, {cell}, {epochs} epochs", lambda cell=cell, epochs=epochs: _task(
                LanguageModel(LanguageOptions(cell=cell, level="char", epochs=epochs, hidden_size=128)),
                EXAMPLES / "shakespeare.txt")  # fmt: skip
        for epochs in (1, 3, 6):
            yield f"classify reviews, {cell}, {epochs} epochs", lambda cell=cell, epochs=epochs: _task(
                SequenceClassifier(ClassifyOptions(cell=cell, text="text", label="label", epochs=epochs)),
                EXAMPLES / "reviews.tsv")  # fmt: skip
            yield f"tag places, {cell}, {epochs} epochs", lambda cell=cell, epochs=epochs: _task(
                SequenceTagger(TagOptions(cell=cell, epochs=epochs)), EXAMPLES / "places.conll")  # fmt: skip


def broken() -> Iterator[tuple[str, Callable[[], tuple[Diagnosis, Any]]]]:
    """Yield names and networks that learn nothing for their saturation."""
    for cell in (*CELLS, "Elman"):
        for scale in (10.0, 30.0):
            yield f"matrices times {scale:g}, {cell}", lambda cell=cell, scale=scale: adding(
                cell, steps=300, rate=0.002, inputs=1.0, scale=scale)  # fmt: skip
        for inputs in (30.0, 300.0):
            yield f"inputs times {inputs:g}, {cell}", lambda cell=cell, inputs=inputs: adding(
                cell, steps=300, rate=0.002, inputs=inputs, scale=1.0)  # fmt: skip
        yield f"rate of 1, {cell}", lambda cell=cell: adding(cell, steps=100, rate=1.0, inputs=1.0, scale=1.0)


def _task(model: Any, data: Path) -> tuple[Diagnosis, Any]:
    torch.manual_seed(0)
    model.fit(data)
    return model.diagnose(data), model.metrics_["test"]


def _gate(gate: Gate, where: str) -> dict[str, Any]:
    edges = np.linspace(*gate.edges, len(gate.histogram) + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    slope = 4 * middle * (1 - middle) if gate.function == "sigmoid" else 1 - middle**2
    numbers = {
        "low": gate.low,
        "high": gate.high,
        "always": gate.dead,
        "slope": float((gate.histogram.numpy() * slope).sum()),
    }
    return {
        "layer": where,
        "name": gate.name,
        "function": gate.function,
        **{k: round(v, 4) for k, v in numbers.items()},
    }


def main() -> None:
    """Run all, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of what is run")
    only = parser.parse_args().only
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for kind, cases in (("healthy", healthy()), ("broken", broken())):
        for name, run in cases:
            if only not in f"{kind} {name}":
                continue
            found, score = run()
            gates = [
                _gate(gate, str(layer.place))
                for layer in found.layers
                for gate in layer.gates
                if gate.function != "relu"
            ]
            results.setdefault(kind, {})[name] = {"kinds": found.kinds, "score": score, "gates": gates}
            worst = max(gates, key=lambda each: each["low"] + each["high"])
            print(kind, name, found.kinds, worst, score if isinstance(score, float) else "", flush=True)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
