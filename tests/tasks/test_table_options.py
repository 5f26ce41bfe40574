"""How tables of text are written is an option of every task on tables, and new data are read in the same way."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from recurra.errors import InputError
from recurra.tasks import ClassifyOptions, Forecaster, ForecastOptions, SequenceClassifier

QUICK = {"epochs": 1, "hidden_size": 4, "batch_size": 16}


def test_a_forecast_of_a_german_file_without_a_header(tmp_path: Path) -> None:
    rows = [f"{2000 + place // 12}-{place % 12 + 1:02};{1000 + 100 * math.sin(place):.2f}" for place in range(120)]
    path = tmp_path / "messung.csv"
    path.write_bytes("\n".join(row.replace(".", ",") for row in rows).encode("utf-16"))
    options = ForecastOptions(target="2", time="1", header=False, decimal=",", horizon=3, window=12, **QUICK)
    model = Forecaster(options).fit(path)
    assert model.history_.targets[-1, 0] == pytest.approx(1000 + 100 * math.sin(119), abs=0.01)
    model.save(tmp_path / "model")
    again = Forecaster.load(tmp_path / "model")
    assert again.predict(path).equals(model.predict())


def test_a_classifier_of_a_table_with_another_separator(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_bytes("\n".join(f"{word} film, sehr~{word}" for word in ("gut", "schlecht") * 20).encode("latin-1"))
    options = ClassifyOptions(text="1", label="2", header=False, separator="~", encoding="latin-1", **QUICK)
    assert SequenceClassifier(options).fit(path).classes_ == ("gut", "schlecht")


@pytest.mark.parametrize("wrong", [{"separator": "::"}, {"encoding": "klingon"}, {"decimal": ";"}])
@pytest.mark.parametrize("options", [ClassifyOptions, ForecastOptions])
def test_wrong_options_are_said_at_once(options: type, wrong: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"expected|should"):
        options(**wrong)
