"""The command on texts and sequences of numbers, as a person uses it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_cases import Run

SMALL = ("--hidden-size", "4", "--embedding-size", "6", "--epochs", "8", "--learning-rate", "0.05")
COLUMNS = ("--text", "text", "--label", "label")
GOOD = "text\tlabel\n" + "".join(f"a {word} film , number {n}\t{label}\n" for n in range(30)
                                 for word, label in (("fine", "yes"), ("dull", "no")))  # fmt: skip
SERIES = "@univariate true\n@classLabel true a b\n@data\n" + "".join(
    f"{','.join(str(n % 3 + 5 * k) for n in range(3 + k % 4))}:{'ab'[k % 2]}\n" for k in range(24)
)
FILES = [
    "classes.json", "config.yaml", "linear.json", "linear.safetensors", "manifest.json", "metrics.json",
    "predictions.csv", "report.html", "training.json",
    "vocabulary.json", "weights.safetensors",
]  # fmt: skip


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A model of texts; not to be changed."""
    folder = tmp_path_factory.mktemp("classified")
    (folder / "reviews.tsv").write_text(GOOD)
    outcome = run("fit", "classify", folder / "reviews.tsv", *COLUMNS, *SMALL, "--out", folder / "model")
    assert outcome.code == 0, outcome.err
    assert "48 sequences train, 6 choose the weights (drawn by label, seed 0), 6 test" in outcome.out
    assert "Scores on 6 sequences of 2 classes" in outcome.out
    assert "BiLSTM, 4 wide" in outcome.out
    assert "always 'no'" in outcome.out
    return folder / "model"


def test_the_folder_has_all_files(classifier: Path) -> None:
    assert sorted(path.name for path in classifier.iterdir()) == FILES


def test_predict_prints_classes(run: Run, classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "new.tsv").write_text("text\na fine film\na dull, long film " + "indeed " * 20 + "\n")
    outcome = run("predict", classifier, tmp_path / "new.tsv")
    assert outcome.code == 0, outcome.err
    lines = [line.split() for line in outcome.out.splitlines() if line.strip()]
    assert lines[0] == ["row", "text", "prediction", "probability"]
    assert [line[-2] for line in lines[2:]] == ["yes", "no"]
    assert lines[3][-3].endswith("…")
    table = list(csv.DictReader(io.StringIO(run("predict", classifier, tmp_path / "new.tsv", "--csv", "-").out)))
    assert list(table[0]) == ["row", "text", "prediction", "probability"]
    assert table[1]["text"].endswith("indeed")


def test_predict_as_json_has_the_attention(run: Run, classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "new.tsv").write_text("text\na fine film\n")
    content = json.loads(run("predict", classifier, tmp_path / "new.tsv", "--json").out)
    assert content["classes"] == ["no", "yes"]
    (found,) = content["predictions"]
    assert found["tokens"] == ["a", "fine", "film"]
    assert sum(found["attention"]) == pytest.approx(1)
    assert found["probabilities"][1] == pytest.approx(found["probability"], rel=1e-4)


def test_predict_without_data_lists_the_test_part(run: Run, classifier: Path) -> None:
    outcome = run("predict", classifier, "--csv", "-")
    assert outcome.out == (classifier / "predictions.csv").read_text()
    assert len(outcome.out.splitlines()) == 7


def test_evaluate_measures_other_data(run: Run, classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text(GOOD)
    assert json.loads(run("evaluate", classifier, tmp_path / "other.tsv", "--json").out)["accuracy"] == 1.0
    small = run("evaluate", classifier, tmp_path / "other.tsv", "--weights", "int8", "--json")
    assert json.loads(small.out)["accuracy"] == 1.0
    assert "expected DATA" in run("evaluate", classifier, "--weights", "int8").err
    again = json.loads(run("evaluate", classifier, "--json").out)
    assert again == json.loads((classifier / "metrics.json").read_text())["test"]


def test_it_is_repeated_from_its_config(run: Run, classifier: Path, tmp_path: Path) -> None:
    outcome = run("fit", "--config", classifier / "config.yaml", "--out", tmp_path / "again", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert (tmp_path / "again" / "weights.safetensors").read_bytes() == (
        classifier / "weights.safetensors"
    ).read_bytes()


def test_series_in_their_own_files(run: Run, tmp_path: Path) -> None:
    for name in ("train", "test"):
        (tmp_path / f"{name}.ts").write_text(SERIES)
    options = ("--hidden-size", "4", "--epochs", "2", "--test", tmp_path / "test.ts", "--out", tmp_path / "model")
    outcome = run("fit", "classify", tmp_path / "train.ts", *options, "--json")
    assert outcome.code == 0, outcome.err
    metrics = json.loads(outcome.out)
    assert metrics["test"]["sequences"] == 24
    assert metrics["trained_on"]["repeated"]["test"] > 0
    lines = run("predict", tmp_path / "model", tmp_path / "test.ts", "--csv", "-").out.splitlines()
    assert lines[0] == "row,prediction,probability"
    assert lines[1].startswith("4,")


def test_a_part_without_labels_or_with_others(run: Run, classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.tsv").write_text("text\tlabel\na film\tyes\na film\tmaybe\n")
    outcome = run("evaluate", classifier, tmp_path / "odd.tsv")
    assert outcome.code == 2
    assert "odd.tsv, data row 2: the label 'maybe' is not one that the model knows, 'no', 'yes'" in outcome.err
    assert run("predict", classifier, tmp_path / "odd.tsv").code == 0


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", COLUMNS, "is empty"),
        ("text\tlabel\na\tyes\nb\tyes\n", COLUMNS, "has only the class 'yes'; expected at least two classes"),
        ("text\tlabel\n\tno\na\tyes\n\tno\n", COLUMNS, "data row 1: the text is missing (2 such rows: 1, 3)"),
        ("text\tlabel\na\tyes\nb\t\n", COLUMNS, "column 'label', data row 2: the label is missing"),
        ("text\tlabel\na\tyes\nb\tno\tx\n", COLUMNS, "line 3 has 3 cells, the header has 2"),
        (GOOD, ("--text", "txet", "--label", "label"), "has no column 'txet'"),
        (GOOD, ("--label", "label"), "is a table; expected the option text, values, audio or image"),
        (GOOD, ("--text", "text"), "has no labels; for a table, say which column holds them"),
        (GOOD, (*COLUMNS, "--vectors", "none.txt"), "there is no file none.txt"),
        (GOOD, (*COLUMNS, "--part", "label"), "data row 1: 'yes' is no part; expected train, validation or test"),
        (GOOD, (*COLUMNS, "--id", "label"), "id = 'label': expected values too"),
        (GOOD, (*COLUMNS, "--cell", "LSTMM"), "there is no cell 'LSTMM'"),
        (GOOD, (*COLUMNS, "--memory", "9", "--forget-gate", "b_q"), "'b_q' fits nothing in LSTM"),
    ],
)
def test_bad_input_to_a_classifier(
    run: Run, tmp_path: Path, content: str, options: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "data.tsv"
    path.write_text(content)
    outcome = run("fit", "classify", path, *options, *SMALL, "--out", tmp_path / "model")
    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert [item.name for item in tmp_path.iterdir()] == ["data.tsv"]


def test_one_text_and_stdin(run: Run, classifier: Path) -> None:
    outcome = run("predict", classifier, "--text", "a fine film", "--text", "a dull\nfilm", "--csv", "-")
    assert [row["text"] for row in csv.DictReader(io.StringIO(outcome.out))] == ["a fine film", "a dull film"]
    assert run("predict", classifier, "new.txt", "--text", "x").code == 2
    assert run("predict", classifier, "--text", "").err == "Error: --text is empty; expected a text a line\n"
    command = [sys.executable, "-m", "recurra", "predict", str(classifier), "-", "--csv", "-"]
    done = subprocess.run(command, input="a fine film\n\na dull film\n", capture_output=True, check=True, text=True)
    assert [row["text"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["a fine film", "", "a dull film"]


def test_advice_is_on_options_that_there_are(run: Run, classifier: Path, tmp_path: Path) -> None:
    """Those of `fit` that other commands speak of are said to be its."""
    (tmp_path / "bad.tsv").write_text("text\tlabel\na fine film\tyes\na dull film\t\n")
    said = " ".join(run("evaluate", classifier, tmp_path / "bad.tsv").err.split())
    assert "the label is missing; --missing drop of recurra fit leaves such rows out" in said
    said = " ".join(run("fit", "classify", tmp_path / "bad.tsv", *COLUMNS, "--out", tmp_path / "none").err.split())
    assert "the label is missing; --missing drop leaves such rows out" in said
    (tmp_path / "odd.tsv").write_text("text\tlabel\n" + "a film\tyes\n" * 40 + "a film\tno\n" * 8)
    given = ("fit", "classify", tmp_path / "odd.tsv", *COLUMNS, *SMALL[:4], "--epochs", "1", "--out", tmp_path / "odd")
    assert "there is no training to resume" in (outcome := run(*given, "--resume")).err
    assert "; fit without --resume to begin one" in " ".join(outcome.err.split())
    said = " ".join(run(*given).out.split())
    assert "--class-weights balanced makes rare classes count" in said
    assert "--choose-by macro_f1 keeps the weights" in said
    said = " ".join(run("--language", "zh", "evaluate", tmp_path / "odd").out.split())
    assert "recurra fit 的 --class-weights balanced 使罕见类别" in said
    assert run("fit", "--config", tmp_path / "odd" / "config.yaml", "--out", tmp_path / "b", "--resume").err.count(
        "without --resume"
    )


def test_what_is_no_text_is_said_to_be_none(run: Run, classifier: Path, model: Path) -> None:
    said = " ".join(run("predict", model, "--text", "abc").err.split())
    assert said.endswith("model is a model for forecast, which reads no texts; expected DATA")
    command = [sys.executable, "-m", "recurra", "predict", str(classifier), "-"]
    done = subprocess.run(command, input=b"RIFF\x24\0\0\0WAVEfmt \x8c", capture_output=True, check=False)
    assert done.returncode == 2
    assert b"stdin: got bytes that are no text; expected texts or a table" in done.stderr
    wide = subprocess.run(command, input="a fine film\n".encode("utf-16"), capture_output=True, check=True)
    assert b"yes" in wide.stdout
