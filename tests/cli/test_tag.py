"""`recurra fit tag` and what follows it on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_cases import Run

SMALL = (
    "--hidden-size",
    "8",
    "--word-size",
    "8",
    "--character-size",
    "4",
    "--character-features",
    "4",
    "--epochs",
    "3",
)
SENTENCES = "the\tD\nold\tA\ncat\tN\n\na\tD\ncat\tN\nsees\tV\nthe\tD\ndog\tN\n\n"


@pytest.fixture(scope="session")
def tag_model(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A model of such sentences; not to be changed."""
    folder = tmp_path_factory.mktemp("tags")
    for name, count in (("train", 20), ("dev", 3), ("test", 4)):
        (folder / f"{name}.conll").write_text(SENTENCES * count)
    outcome = run(
        "fit", "tag", folder / "train.conll", "--validation", folder / "dev.conll", "--test", folder / "test.conll",
        *SMALL, "--learning-rate", "0.05", "--out", folder / "model",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "40 sentences train, 6 validate (from dev.conll), 8 test (from test.conll)" in outcome.out
    assert "most frequent tag" in outcome.out
    return folder / "model"


def test_the_folder_holds_what_the_task_needs(tag_model: Path) -> None:
    names = {path.name for path in tag_model.iterdir()}
    assert {"vocabulary.json", "predictions.csv", "report.html", "weights.safetensors", "config.yaml"} <= names
    page = (tag_model / "report.html").read_text()
    for heading in ("Confusion matrix", "Sentences with their tags", "Lengths of the"):
        assert heading in page


def test_conll_out(tag_model: Path, run: Run, tmp_path: Path) -> None:
    new, out = tmp_path / "new.txt", tmp_path / "tagged.conll"
    new.write_text("the old dog\n")
    assert run("predict", tag_model, new, "--out", out, "--quiet").out == ""
    lines = [line.split() for line in out.read_text().splitlines()]
    assert [line[:1] for line in lines] == [["the"], ["old"], ["dog"], []]
    assert run("predict", tag_model, new).out == out.read_text()


def test_json_and_csv(tag_model: Path, run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.conll"
    new.write_text("the\ncat\n")
    rows = json.loads(run("predict", tag_model, new, "--json").out)["predictions"]
    assert [row["word"] for row in rows] == ["the", "cat"]
    header, first, *_ = run("predict", tag_model, new, "--csv", "-").out.splitlines()
    assert header == "sentence,token,word,tag,probability"
    assert first.startswith("1,1,the,")


def test_evaluate(tag_model: Path, run: Run, tmp_path: Path) -> None:
    again = json.loads(run("evaluate", tag_model, "--json").out)
    data = json.loads(run("evaluate", tag_model, tag_model.parent / "test.conll", "--json").out)
    assert again == data
    assert "whole sentences" in run("evaluate", tag_model).out


def test_a_config_repeats_the_training(tag_model: Path, run: Run, tmp_path: Path) -> None:
    outcome = run("fit", "--config", tag_model / "config.yaml", "--out", tmp_path / "again", "--quiet")
    assert outcome.code == 0, outcome.err
    weights = "weights.safetensors"
    assert (tmp_path / "again" / weights).read_bytes() == (tag_model / weights).read_bytes()


def test_going_on(tag_model: Path, run: Run, tmp_path: Path) -> None:
    outcome = run(
        "fit", "tag", tag_model.parent / "test.conll", "--from", tag_model, "--epochs", "1", "--out", tmp_path / "more",
        "--validation-fraction", "0.2", "--test-fraction", "0.2", "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["training"]["epochs"] == 1


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("the\tD\ncat\n", (), "line 2: 1 columns; expected 2"),
        ("the\tD\ncat\tN\n", ("--column", "5"), "has 2 columns; there is no column 5"),
        ("the\tD\ncat\tN\n", ("--column", "UPOS"), "no column 'UPOS'; expected a number"),
        ("the\tB-X\ncat\tI-Y\n\n" + "the\tO\n\n" * 20, ("--scheme", "strict"), "line 2: the tag 'I-Y' follows 'B-X'"),
        ("caf\xe9\tN\n", (), "line 1 has the byte 0xe9"),
        ("", (), "holds no sentence"),
    ],
)
def test_bad_files(run: Run, tmp_path: Path, text: str, arguments: tuple[str, ...], message: str) -> None:
    path = tmp_path / "bad.conll"
    path.write_bytes(text.encode("latin-1"))
    outcome = run("fit", "tag", path, *arguments, "--out", tmp_path / "model")
    assert (outcome.code, outcome.out) == (2, "")
    assert message in " ".join(outcome.err.split())
    assert not (tmp_path / "model").exists()


def test_without_sentences_the_test_part_is_listed(tag_model: Path, run: Run, tmp_path: Path) -> None:
    kept = (tag_model / "predictions.csv").read_text()
    assert run("predict", tag_model, "--csv", "-").out == kept
    assert json.loads(run("predict", tag_model, "--json").out)["predictions"][0]["sentence"] == 1
    assert run("predict", tag_model, tmp_path / "none.txt").code == 2
