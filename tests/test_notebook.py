"""What a notebook shows of pictures, plans, searches and models: sound HTML, with everything a person gave escaped."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from recurra.cells import GRU
from recurra.plan import Affordable, Memory, Workload
from recurra.plan.prediction import Pass, Prediction, StageCost
from recurra.report import position_picture, value_picture
from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.cost import Cost
from recurra.training.learner import Monitor
from recurra.tune.search import Search
from recurra.tune.space import search_space
from recurra.tune.trial import Trial

SVG = "{http://www.w3.org/2000/svg}"


def cells_of(root: ElementTree.Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


def test_a_picture_is_shown_with_its_colours_and_ids_of_its_own() -> None:
    pictures = value_picture(np.arange(9.0), name="a < b"), position_picture(np.arange(9.0))
    ids: list[str] = []
    for picture in pictures:
        html = picture._repr_html_()
        root = ElementTree.fromstring(html)
        assert root.tag == f"{SVG}svg"
        assert "var(" not in html
        assert root.findtext(f"{SVG}title") == picture.title
        ids += [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert ids
    assert len(ids) == len(set(ids))


def test_a_prediction_is_shown_as_its_passes_and_stages() -> None:
    workload = Workload(cell=GRU, input_size=2, hidden_size=3, lengths=(5,))
    stage = StageCost(name="products", seconds=0.0002, bound="multiply-adds")
    each = Pass(name="forward", seconds=0.0004, stages=(stage,), bound="calls", flops=2_000_000, bytes=1_000_000)
    found = Prediction(
        workload=workload,
        parameters=1234,
        memory=Memory(parameters=1, inputs=1, saved=1_000_000, peak=2_000_000),
        passes={"forward": each, "backward": each},
    )
    root = ElementTree.fromstring(found._repr_html_())
    assert root.findtext("h4") == str(workload)
    assert str(workload) == "GRU: 1 layer of 3, inputs of 2; 1 sequence of 5 steps; float32, 1 thread"
    assert cells_of(root)[1] == ["forward", "400 µs", "2.00", "1.00", "calls"]
    assert cells_of(root)[4] == ["forward", "products", "200 µs", "50 %", "multiply-adds"]
    assert "1,234 parameters. A training step takes 800 µs and 2.0 MB" in (root.findtext("p") or "")


@pytest.mark.parametrize("doubt", ["", "the machine is busy"])
def test_an_answer_to_a_budget_says_where_it_is_not_sure(doubt: str) -> None:
    found = Affordable(
        hidden_size=64, seconds=0.25, bytes=1_000_000, parameters=1234, confirmed=not doubt, predicted_size=80,
        doubt=doubt,
    )  # fmt: skip
    root = ElementTree.fromstring(found._repr_html_())
    assert (root.findtext("h4") or "").endswith("budget: 64")
    assert ["time", "250 ms (measured)"] in cells_of(root)
    assert (["largest by the prediction alone", "80"] in cells_of(root)) == bool(doubt)
    assert root.findtext("p") == (f"That is not sure: {doubt}." if doubt else None)


def test_a_search_is_shown_as_its_best_trials() -> None:
    cost = Cost(parameters=1234, step_seconds=0.01, epoch_seconds=1.0, peak_memory=1)
    trials = (
        Trial(number=0, values={"hidden_size": 8}, ended="complete", value=0.5, cost=cost),
        Trial(number=1, values={"hidden_size": 4}, ended="complete", value=0.75, cost=cost),
    )
    space = search_space(
        ForecastOptions(), given=["hidden_size=4..8"], fixed=["cell", "layers", "dropout", "learning_rate"]
    )
    found = Search(
        task="forecast", options=ForecastOptions(), monitor=Monitor(), space=space, trials=trials, importance={},
        budget="", ended_by="trials", data={},
    )  # fmt: skip
    root = ElementTree.fromstring(found._repr_html_())
    assert "2 trials: 2 complete. The best is trial 0." in (root.findtext("p") or "")
    assert cells_of(root)[0][:3] == ["trial", "hidden_size", "loss"]
    assert cells_of(root)[1] == ["0", "8", "0.5000", "10 ms", "1,234"]


def test_a_model_is_shown_with_its_scores_equations_and_options(root: Path, tmp_path: Path) -> None:
    options = ForecastOptions(time="year", target="sunspots", horizon=11, hidden_size=4, epochs=1, cell="Elman")
    model = Forecaster(options)
    assert "Not fitted yet." in model._repr_html_()
    model.fit(root / "examples" / "sunspots.csv").save(tmp_path / "model")
    for each in (model, Forecaster.load(tmp_path / "model")):
        shown = ElementTree.fromstring(each._repr_html_())
        assert shown.findtext("h4") == "Forecaster"
        assert shown.findtext("p") == model.trained_on()
        assert ["hidden_size", "4"] in cells_of(shown)
        assert any(row[0] == "Elman, 4 wide" for row in cells_of(shown))
        assert model.cell_.equations(latex=True) in unescape("".join(shown.itertext()))
