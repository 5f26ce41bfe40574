"""What a search leaves behind: files, a page, lines on the terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars
import pytest
import yaml
from tune_cases import SHORT, cost, search_of, trial

from recurra.errors import DataError, TrainingError
from recurra.report import Picture, render
from recurra.tasks import ForecastOptions
from recurra.training.learner import Monitor
from recurra.training.option_fields import Among
from recurra.tune import Search, Trial
from recurra.tune.budget import Budget, cost_text
from recurra.tune.display import front_table, trial_line
from recurra.tune.options import TuneOptions
from recurra.tune.page import option_picture, save_search, search_report
from recurra.tune.space import Dimension

OVER = Trial(number=2, values={"hidden_size": 60}, ended="over budget", reason="9,000 parameters")


@pytest.fixture
def search() -> Search:
    return search_of(
        trial(0, 0.5, parameters=300, step=0.003), trial(1, 0.25, parameters=400), OVER, trial(3, 0.9, ended="pruned")
    )


def test_files_say_what_was_found(search: Search, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    save_search(search, tmp_path)
    save_search(search, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "best.yaml", "trials.csv", "search.json", "report.html", "notes.txt"
    }  # fmt: skip
    best = yaml.safe_load((tmp_path / "best.yaml").read_text())
    assert (best["task"], best["data"]["training"]) == ("forecast", "wave.csv")
    assert ForecastOptions(**best["options"]) == ForecastOptions(**{**vars(SHORT), "hidden_size": 3})
    table = polars.read_csv(tmp_path / "trials.csv")
    assert table["ended"].to_list() == ["complete", "complete", "over budget", "pruned"]
    assert table["hidden_size"].to_list() == [2, 3, 60, 5]
    assert table["parameters"].to_list() == [300, 400, None, 100]
    told = json.loads((tmp_path / "search.json").read_text())
    assert told["best"]["number"] == 1
    assert [each["number"] for each in told["front"]] == [1]
    assert told["counts"] == {"complete": 2, "over budget": 1, "pruned": 1}


def test_a_folder_that_cannot_be_written(search: Search, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file cannot be written"):
        save_search(search, tmp_path / "file")


def test_nothing_is_written_without_a_best(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no trial came to its end"):
        save_search(search_of(OVER), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_page_has_the_figures(search: Search) -> None:
    page = render(search_report(search, best="task: forecast\n"))
    text = re.sub(r"<[^>]+>", " ", page)
    for said in ("3 trials: 2 complete, 1 pruned; 1 over budget.", "The test part was not looked at.", "best.yaml"):
        assert said in text
    assert "How much each option matters can be told from twenty complete trials on." in text


def test_the_page_has_the_importance_where_it_is_known() -> None:
    found = search_of(trial(0, 1.0), trial(1, 2.0), importance={"hidden_size": 0.75, "layers": 0.25})
    assert "75" in re.sub(r"<[^>]+>", " ", render(search_report(found, best="")))


@pytest.mark.parametrize("trials", [(trial(0, 1.0),), (trial(0, 0.0), trial(1, 0.0))])
def test_a_page_of_few_trials(trials: tuple[Trial, ...]) -> None:
    assert "Search for options: forecast" in render(search_report(search_of(*trials), best=""))


def test_choices_have_their_names_on_the_axis() -> None:
    trials = [Trial(number=n, values={"cell": c}, ended="complete", value=1.0, cost=cost()) for n, c in enumerate("ab")]
    drawn = option_picture(search_of(*trials), Dimension(name="cell", space=Among(("a", "b"))))
    assert isinstance(drawn, Picture)
    assert ">a<" in drawn.wide
    assert drawn.caption == "The best trial has cell a."


def test_lines_say_how_a_trial_went() -> None:
    trials = [trial(0, 0.5), trial(1, 0.25), OVER]
    line = trial_line(trials[0], trials, monitor=Monitor(), asked=9)
    assert line == "trial 0 (2 of 9)  hidden_size 2  loss 0.5 in 0 ms  best 0.25 (trial 1)"
    assert "  over budget: 9,000 parameters  best 0.25" in trial_line(OVER, trials, monitor=Monitor(), asked=9)
    assert "best" not in trial_line(OVER, [OVER], monitor=Monitor(), asked=9)


def test_the_table_has_both_fronts() -> None:
    table = front_table(search_of(trial(0, 0.5, parameters=300), trial(1, 0.25, parameters=400, step=0.002)))
    assert table.rows == (
        ("0: hidden_size 2", "0.5000", "1 ms", "300", "time and size"),
        ("1: hidden_size 3", "0.2500", "2 ms", "400", "time and size"),
    )


def test_budgets_in_words_and_numbers() -> None:
    budget = Budget.of(
        TuneOptions(budget_parameters=100, budget_memory=2, budget_seconds_per_step=0.002, budget_epoch=60)
    )
    assert budget.text() == "100 parameters, 2 ms a step, 60 s an epoch, 2 MB"
    assert cost_text(cost(parameters=12_345)) == "12,345 parameters, 1 ms a step, 10 ms an epoch, 1 MB"
    excess = budget.excess(cost(parameters=150, step=0.001))
    assert excess == {
        "parameters": 0.5, "step_seconds": -0.5, "epoch_seconds": pytest.approx(-1, abs=1e-3), "peak_memory": -0.5,
    }  # fmt: skip
    assert not budget.allows(cost(parameters=150))
    assert budget.allows(cost(parameters=100))
    assert budget.certain_excess(100) == {}
    assert budget.certain_excess(1_000_000) == {"parameters": 9999.0, "peak_memory": 3.0}
    assert Budget().allows(cost())
    assert Budget().certain_excess(10**12) == {}
    assert Budget().text() == ""
