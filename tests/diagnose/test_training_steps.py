"""Steps of a training that are looked at: they are the same steps, and the history keeps what was seen."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from recurra.diagnose.pictures import course_picture
from recurra.errors import InputError
from recurra.nn import GRU
from recurra.tasks import Forecaster, ForecastOptions
from recurra.training.batches import TensorBatches
from recurra.training.diagnosing import observed_step
from recurra.training.history import History
from recurra.training.learner import Supervised
from recurra.training.loop import Training, train
from recurra.training.options import TrainingOptions


class Sums(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.recurrent, self.head = GRU(1, 6, batch_first=True), nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.recurrent(x)[1][0])


def trained(every: int) -> tuple[Sums, Training]:
    torch.manual_seed(0)
    network, x = Sums(), torch.randn(20, 70, 1)
    batches = TensorBatches((x, x.sum(1)), batch_size=5, seed=1)
    training = train(
        Supervised(network, loss=nn.functional.mse_loss), training=batches, validation=batches,
        options=TrainingOptions(epochs=2, batch_size=5, diagnose_every=every),
    )  # fmt: skip
    return network, training


def test_looking_changes_nothing_and_is_kept() -> None:
    (plain, without), (looked_at, training) = trained(0), trained(3)
    for one, other in zip(plain.parameters(), looked_at.parameters(), strict=True):
        torch.testing.assert_close(one, other)
    assert without.history.diagnoses == []
    seen = training.history.diagnoses
    assert [each["step"] for each in seen] == [3, 6]
    (curve,) = seen[0]["gradient"]
    assert (curve["layer"], curve["name"]) == ("recurrent, layer 0", "h")
    assert (curve["steps"][0], curve["steps"][-1], len(curve["norms"])) == (0, 69, 60)
    assert all(0 < each < 1 for each in seen[0]["updates"].values())
    assert History.from_json(training.history.to_json()) == training.history


def test_the_course_is_drawn() -> None:
    _, training = trained(2)
    drawn = course_picture(training.history.diagnoses)
    assert "step 2" in drawn.wide
    assert "step 8" in drawn.wide
    assert "h of recurrent, layer 0" in drawn.caption


def test_a_network_without_a_recurrent_layer_has_updates_alone() -> None:
    network = nn.Linear(2, 1)

    def step() -> str:
        with torch.no_grad():
            network.weight.mul_(1.1)
        return "done"

    found, seen = observed_step(network, step, loss=lambda: network(torch.ones(1, 3)).sum())
    assert found == "done"
    assert seen["gradient"] == []
    assert seen["updates"] == {"weight": pytest.approx(0.1, rel=1e-4), "bias": 0.0}


def test_a_model_of_a_task_has_a_diagnosis(tmp_path: Path) -> None:
    rows = "".join(f"{year},{math.sin(year)}\n" for year in range(1900, 1980))
    (tmp_path / "wave.csv").write_text(f"year,x\n{rows}")
    options = ForecastOptions(time="year", horizon=3, season_length=5, hidden_size=4, epochs=1)
    model = Forecaster(options)
    with pytest.raises(InputError, match="no weights yet"):
        model.diagnose(tmp_path / "wave.csv")
    model.fit(tmp_path / "wave.csv")
    facts = model.facts_
    found = model.diagnose(tmp_path / "wave.csv", dependence=4)
    assert [str(layer.place) for layer in found.layers] == ["recurrent, layer 0"]
    assert found.dependence == 4
    assert model.facts_ is facts


def test_an_earlier_history_has_no_diagnoses() -> None:
    assert History.from_json('{"steps": [], "validations": [], "rate_search": null, "every": 1}').diagnoses == []
    history = History(diagnoses=[{"step": 1, "gradient": [{"norms": [math.nan]}], "updates": {}}])
    assert History.from_json(history.to_json()).diagnoses[0]["gradient"][0]["norms"] == [None]
