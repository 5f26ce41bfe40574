"""Any number of labels for a sequence: read, learnt, scored as scikit-learn scores them, thresholds, folder, export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars
import pytest
from sklearn.metrics import accuracy_score, f1_score, log_loss
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.data import SequenceColumns, read_labelled
from recurra.errors import DataError
from recurra.export import check_export
from recurra.serve.models import ServedClassifier
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.tasks.classify.labels_scores import evaluate_labels
from recurra.tasks.registry import load_model


def table(count: int = 240) -> polars.DataFrame:
    """Return texts of which each word but one says a label."""
    drawn = np.random.default_rng(0)
    sets = [[word for word in ("red", "big", "old") if drawn.random() < 0.4] for _ in range(count)]
    texts = [" ".join(drawn.permutation(["a", "thing", *words])) for words in sets]
    return polars.DataFrame({"text": texts, "tags": ["; ".join(words) for words in sets]})


def test_the_scores_are_those_of_scikit_learn() -> None:
    drawn = np.random.default_rng(1)
    labels, probabilities = drawn.random((50, 4)) < 0.3, drawn.random((50, 4))
    thresholds = np.array([0.3, 0.5, 0.6, 0.9])
    found = evaluate_labels(
        probabilities, labels, classes=("a", "b", "c", "d"), thresholds=thresholds, frequent=1,
        parts={"linear": ("half", probabilities / 2, thresholds)},
    )  # fmt: skip
    predicted = probabilities >= thresholds
    assert found.micro_f1 == pytest.approx(f1_score(labels, predicted, average="micro"))
    assert found.macro_f1 == pytest.approx(f1_score(labels, predicted, average="macro"))
    assert found.exact == pytest.approx(accuracy_score(labels, predicted))
    assert found.loss == pytest.approx(np.mean([log_loss(labels[:, k], probabilities[:, k]) for k in range(4)]))
    expected = f1_score(labels, predicted, average=None)
    np.testing.assert_allclose([each.f1 for each in found.labels], expected)
    assert found.linear is not None
    assert found.linear.micro_f1 == pytest.approx(f1_score(labels, probabilities / 2 >= thresholds, average="micro"))


def test_one_command_learns_labels(tmp_path: Path) -> None:
    table().write_csv(tmp_path / "things.csv")
    model = tmp_path / "model"
    given = {"hidden-size": 8, "embedding-size": 8, "batch-size": 16, "learning-rate": 0.02, "epochs": 8,
             "word-dropout": 0.05, "self-attention": None}  # fmt: skip
    words = [word for name, value in given.items() for word in (f"--{name}", value) if word is not None]
    data = ["--text", "text", "--label", "tags", "--labels-separator", ";"]
    done = CliRunner().invoke(
        app, ["fit", "classify", str(tmp_path / "things.csv"), *data, *map(str, words), "--out", str(model), "--quiet"]
    )
    assert done.exit_code == 0, done.output
    fitted = load_model(model)
    assert fitted.classes_ == ("big", "old", "red")
    found = fitted.predict(["old red thing", "a thing"])
    assert found["labels"].to_list() == [["old", "red"], []]
    assert found["prediction"].to_list() == ["old;red", ""]
    np.testing.assert_allclose(found["probability"], 1, atol=0.4)
    scores = fitted.evaluate(table(60))
    assert scores.exact > 0.95
    assert scores.micro_f1 > 0.95
    assert json.loads((model / "classes.json").read_text())["separator"] == ";"
    again = SequenceClassifier.load(model)
    np.testing.assert_array_equal(again.predict_proba(["old thing"]), fitted.predict_proba(["old thing"]))
    page = (model / "report.html").read_text()
    assert "test micro F1" in page
    assert "baseline&#39;s F1" in page
    assert "Where each token of text" in page
    said = CliRunner().invoke(app, ["evaluate", str(model)]).output
    assert "exact match" in said
    assert "threshold" in said
    assert ServedClassifier("m", fitted)._answer(found.row(0, named=True))["labels"] == ["old", "red"]


def test_labels_of_lists_and_none() -> None:
    frame = table(80).with_columns(polars.col("tags").str.split("; ").list.filter(polars.element() != ""))
    columns = SequenceColumns(text="text", label="tags", labels_separator=";")
    found = read_labelled(frame, columns=columns)
    expected = np.array([[word in text.split() for word in ("big", "old", "red")] for text in frame["text"]])
    np.testing.assert_array_equal(found.labels, expected)
    with pytest.raises(DataError, match=r"data row 1: the label .* is not one that the model knows"):
        read_labelled(frame[:1].with_columns(tags=["new"]), columns=columns, classes=found.classes)


@pytest.mark.slow
def test_an_export_gives_the_probability_of_each_label() -> None:
    frame = table(80)
    columns = SequenceColumns(text="text", label="tags", labels_separator=";")
    options = ClassifyOptions(hidden_size=4, embedding_size=4, epochs=1, class_weights="balanced", ngrams=False)
    fitted = SequenceClassifier(options).fit(read_labelled(frame, columns=columns))
    assert check_export(fitted, to="onnx").agrees
    assert fitted.score_table(fitted.metrics_["test"]).further[0].columns[0] == "label"
