"""The whole of a diagnosis: verdicts of cases with known answers, what it leaves alone, files, and bad input."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from diagnose_cases import linear_layer, weight
from torch import Tensor, nn

from recurra.cells import LSTM, Elman, ElmanReLU, all_cells
from recurra.diagnose import Diagnosis, ParameterSize, diagnose, update_sizes
from recurra.diagnose.pictures import shades
from recurra.errors import InputError
from recurra.nn import GRU, Recurrent
from recurra.report import render


def batches(steps: int, count: int = 2, **options: Any) -> list[Tensor]:
    torch.manual_seed(0)
    return [torch.randn(steps, 3, 2, **options) for _ in range(count)]


class Last(nn.Module):
    """A number from the last state."""

    def __init__(self, layer: nn.Module, size: int) -> None:
        super().__init__()
        self.recurrent, self.head = layer, nn.Linear(size, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.recurrent(x)[0][-1])


@pytest.fixture(scope="module")
def found() -> Diagnosis:
    """The diagnosis of an LSTM that needs an input of 20 steps before."""
    torch.manual_seed(0)
    model = Last(Recurrent(LSTM, 2, 6, num_layers=2, init={"b_f": -1.0}), 6)
    return diagnose(
        model, batches(30), loss=lambda x: (model(x) - x[-20, :, :1]).square().mean(), dependence=20
    )  # fmt: skip


def test_a_recurrence_that_shrinks_vanishes() -> None:
    found = diagnose(linear_layer(0.5), batches(40))
    assert found.kinds == ("vanishing",)
    finding = found.findings[0]
    assert finding.numbers["horizon"] == 7
    assert finding.numbers["gain"] == pytest.approx(0.5**40, rel=1e-3)
    assert finding.advice[0].options == {"cell": "LSTM"}


def test_a_recurrence_that_grows_explodes_and_is_to_be_clipped_at_a_typical_norm() -> None:
    found = diagnose(linear_layer(1.1), batches(60, 3))
    assert found.kinds == ("exploding",)
    finding = found.findings[0]
    assert finding.numbers["growth"] == pytest.approx(1.1, rel=1e-4)
    clip = next(each.options["clip"] for each in finding.advice if "clip" in each.options)
    assert clip == pytest.approx(sorted(found.gradient_norms)[1], rel=0.05)


@pytest.mark.parametrize(("radius", "dependence"), [(1.0, 60), (0.9, 20)])
def test_a_recurrence_that_reaches_far_enough_is_healthy(radius: float, dependence: int) -> None:
    assert diagnose(linear_layer(radius), batches(60), dependence=dependence).kinds == ("healthy",)


def test_a_forget_gate_that_forgets_too_soon_is_told_its_bias() -> None:
    torch.manual_seed(0)
    layer = Recurrent(LSTM, 2, 6, init={"b_f": -2.0})
    finding = diagnose(layer, batches(60), dependence=50).findings[0]
    assert finding.kind == "short memory"
    bias = finding.advice[0].init["b_f"]
    assert bias == pytest.approx(math.log(49), abs=0.01)
    better = Recurrent(LSTM, 2, 6, init=dict(finding.advice[0].init))
    assert "short memory" not in diagnose(better, batches(60), dependence=50).kinds


def test_a_cell_whose_memory_is_fixed_is_to_be_replaced() -> None:
    finding = diagnose(Recurrent(all_cells["MiRU2"], 2, 6), batches(60), dependence=50).findings[0]
    assert finding.kind == "short memory"
    assert "whose forget gate has a bias" in finding.advice[0].text


def test_dead_and_saturated_units() -> None:
    torch.manual_seed(0)
    layer = Recurrent(ElmanReLU, 2, 8)
    with torch.no_grad():
        weight(layer, "b_l0")[:4] = -1e4
    assert "dead" in diagnose(layer, batches(20), dependence=1).kinds
    finding = diagnose(Recurrent(Elman, 2, 8, init={"b": 9.0}), batches(20), dependence=1).findings[0]
    assert (finding.kind, finding.advice[0].transform) == ("saturated", "layer_norm")


def test_trainings_that_went_well_are_not_called_saturated(root: Path) -> None:
    """Those of the raw numbers behind the threshold; and those that were broken by it are."""
    known = json.loads((root / "benchmarks" / "results" / "saturation.json").read_text())
    assert len(known["healthy"]) >= 20
    assert not [name for name, each in known["healthy"].items() if "saturated" in each["kinds"]]
    ill = {name for name, each in known["broken"].items() if "saturated" in each["kinds"]}
    assert ill >= {
        name for name in known["broken"] if name.startswith(("inputs times 300", "rate of 1", "matrices times 30"))
    }


def test_numbers_that_end_are_traced() -> None:
    layer = linear_layer(1e30, size=2)
    found = diagnose(layer, batches(20))
    assert found.kinds == ("not finite",)
    assert "it began in h[t-1] U, of h[t] = x[t] W + h[t-1] U" in found.findings[0].evidence
    assert json.loads(found.to_json())["not_finite"][0]["value"] is None


def test_a_loss_that_is_not_finite_by_itself() -> None:
    model = Last(linear_layer(0.5), 8)
    found = diagnose(model, batches(10), loss=lambda x: model(x).sum() / 0.0)
    assert "begins in the head, in the loss" in found.findings[0].evidence


def test_the_model_is_left_as_it_was() -> None:
    layer = Recurrent(Elman, 2, 4).train()
    layer(batches(5)[0])[0].sum().backward()
    before = {name: (each.clone(), each.grad) for name, each in layer.named_parameters()}
    diagnose(layer, batches(9))
    assert layer.training
    assert layer.observer is None
    for name, each in layer.named_parameters():
        assert torch.equal(each, before[name][0])
        assert each.grad is before[name][1]


def test_what_the_data_depend_on_is_estimated() -> None:
    steps = torch.arange(200.0)
    wave = torch.sin(2 * math.pi * steps / 24)[:, None, None].expand(200, 3, 2) + 0.1 * torch.randn(200, 3, 2)
    layer = Recurrent(Elman, 2, 4)
    assert (diagnose(layer, [wave]).dependence or 0) >= 96
    assert diagnose(layer, [torch.randn(200, 3, 2)]).dependence is None
    follows = torch.randn(400, 3, 2).cumsum(0) - torch.randn(400, 3, 2).cumsum(0).roll(5, 0)
    assert diagnose(layer, [follows]).dependence is not None


def test_the_loss_at_each_step_is_the_mean_over_the_batches_that_have_it() -> None:
    found = diagnose(
        linear_layer(0.5), [torch.zeros(steps, 2, 2) for steps in (3, 5)],
        losses_by_step=lambda batch: torch.arange(len(batch)) + float(len(batch)),
    )  # fmt: skip
    assert found.loss_by_step == (4.0, 5.0, 6.0, 8.0, 9.0)
    assert "Loss by position" in render(found.report())


def test_updates_beside_weights() -> None:
    layer = nn.Linear(3, 2)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.5)
    layer(torch.ones(1, 3)).sum().backward()
    before = layer.weight.norm().item()
    with update_sizes(layer) as sizes:
        optimiser.step()
    assert sizes["weight"] == pytest.approx(0.5 * math.sqrt(6) / before, rel=1e-5)
    assert ParameterSize("a", weight=2.0, gradient=1.0).ratio == 0.5


def test_the_page_and_the_files(found: Diagnosis, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "why")
    page = (folder / "report.html").read_text()
    for heading in ("Verdict", "Gradient over layers and time", "Memory, layer 2", "Time constants"):
        assert heading in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    pixels = {path.stem: path.read_bytes() for path in folder.glob("*.png")}
    assert all(content.startswith(b"\x89PNG") for content in pixels.values())
    assert set(pixels) == {path.stem for path in folder.glob("*.svg")}
    pictures = sorted(folder.glob("*.svg"))
    assert len(pictures) == 3 + 2 * 4
    for picture in pictures:
        assert ElementTree.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    written = json.loads((folder / "diagnosis.json").read_text())
    assert [layer["layer"] for layer in written["layers"]] == ["recurrent, layer 0", "recurrent, layer 1"]
    assert written["layers"][0]["forget_gates"][0]["factor"] == "f"
    assert written["dependence"] == {"steps": 20, "is_given": True}
    assert len(written["gradient_by_step"][0]["norms"]) == 30


def test_the_same_diagnosis_gives_the_same_page(found: Diagnosis) -> None:
    assert render(found.report()) == render(found.report())


def test_the_text_says_each_advice_once(found: Diagnosis) -> None:
    text = found.text()
    assert text.startswith("short memory (layer 1): ")
    lines = [line for line in text.splitlines() if "chrono" in line]
    assert len(lines) == 1


def test_shades_are_powers_of_ten_below_the_largest(found: Diagnosis) -> None:
    table = shades([curve.norms.numpy() for curve in found.flow])
    assert table.max() == 1.0
    assert table.min() >= 0.0
    norms = [float(curve.norms[-1]) for curve in found.flow]
    largest = max(float(curve.norms.max()) for curve in found.flow)
    expected = [max(0.0, 1 + math.log10(norm / largest) / 6) if norm else 0.0 for norm in norms]
    assert table[:, -1].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        (nn.Linear(2, 2), [torch.zeros(3, 2)], "Linear has no recurrent layer of recurra"),
        (GRU(2, 3), [], "got no batch"),
        (GRU(2, 3), [torch.zeros(1, 4, 2)], "the sequences have 1 step; expected two at least"),
        (Last(GRU(2, 3), 3), [torch.zeros(4, 4, 2)], "loss: got none; expected a function"),
    ],
)
def test_bad_input(model: nn.Module, given: list[Tensor], message: str) -> None:
    with pytest.raises(InputError, match=message):
        diagnose(model, given)


def test_a_weight_that_is_not_finite_is_named() -> None:
    layer = GRU(2, 3)
    with torch.no_grad():
        weight(layer, "weight_hh_l0")[4, 1] = math.nan
    with pytest.raises(InputError, match=r"the weight weight_hh_l0\[4, 1\] is nan, and 0 more of it"):
        diagnose(layer, batches(5))


def test_a_folder_that_cannot_be_written(found: Diagnosis, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        found.save(tmp_path / "file")


def test_a_disk_that_fills_leaves_the_earlier_files_whole(
    found: Diagnosis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("earlier")
    write, written = Path.write_bytes, []

    def full(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        found.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "earlier"
