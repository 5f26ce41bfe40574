"""`recurra fit language`, `generate`, `predict` and `evaluate`, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_cases import Run

OPTIONS = (
    "--hidden-size", "12", "--layers", "1", "--batch-size", "4", "--bptt", "16", "--epochs", "1",
    "--learning-rate", "0.02",
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.txt"
    path.write_text("row, row, row your boat\n" * 60)
    return path


@pytest.fixture(scope="module")
def language(book: Path, run: Run) -> Path:
    """A model of that text; not to be changed."""
    outcome = run("fit", "language", book, *OPTIONS, "--out", book.parent / "model", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    return book.parent / "model"


def test_a_text_goes_on_from_its_prompt(language: Path, run: Run) -> None:
    outcome = run("generate", language, "--prompt", "row, ", "--length", 30, "--seed", 3)
    assert outcome.code == 0
    assert outcome.out.startswith("row, ")
    assert len(outcome.out) == len("row, ") + 30 + len("\n")
    told = json.loads(run("generate", language, "--prompt", "row, ", "--length", 30, "--seed", 3, "--json").out)
    assert told == {"prompt": "row, ", "text": outcome.out.removeprefix("row, ").removesuffix("\n")}


def test_every_way_of_drawing_has_an_option(language: Path, run: Run) -> None:
    drawn = ("--temperature", 0.5, "--top-k", 5, "--top-p", 0.9, "--stop", "boat")
    assert run("generate", language, "--length", 20, *drawn).code == 0
    assert run("generate", language, "--length", 20, "--beam", 2).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--temperature", "-1"), "--temperature"),
        (("--beam", "2", "--top-k", "2"), "no --top-k beside it"),
        (("--top-p", "1.5"), "--top-p"),
    ],
)
def test_options_that_do_not_fit_are_bad_input(
    arguments: tuple[str, ...], message: str, language: Path, run: Run
) -> None:
    outcome = run("generate", language, *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert not outcome.out


def test_a_model_of_another_task_writes_nothing(model: Path, run: Run) -> None:
    outcome = run("generate", model)
    assert outcome.code == 2
    assert "is a model for forecast, which writes nothing" in outcome.err


def test_predict_and_evaluate_take_a_text(language: Path, book: Path, run: Run) -> None:
    rows = json.loads(run("predict", language, book, "--json").out)["predictions"]
    assert "".join(row["token"] for row in rows) == book.read_text()
    scores = json.loads(run("evaluate", language, book, "--json").out)
    assert scores["tokens"] == len(rows)
    assert "frequencies alone" in run("evaluate", language).out
    outcome = run("predict", language)
    assert outcome.code == 2
    assert "expected a text file" in outcome.err


def test_a_config_repeats_a_training(language: Path, tmp_path: Path, run: Run) -> None:
    assert run("fit", "--config", language / "config.yaml", "--out", tmp_path / "again", "--quiet").code == 0
    assert (tmp_path / "again" / "weights.safetensors").read_bytes() == (language / "weights.safetensors").read_bytes()


def test_a_model_goes_on_to_learn(language: Path, book: Path, tmp_path: Path, run: Run) -> None:
    outcome = run("fit", "language", book, "--from", language, "--epochs", 1, "--bptt", 16, "--batch-size", 4, "--json",
                  "--out", tmp_path / "more")  # fmt: skip
    assert outcome.code == 0
    before = json.loads((language / "metrics.json").read_text())
    assert json.loads(outcome.out)["test"]["model"]["perplexity"] < before["test"]["model"]["perplexity"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"caf\xe9 " * 500, "line 1 has the byte 0xe9"), (b"ab", "holds no token|columns")],
)
def test_a_text_that_cannot_be_used_leaves_nothing(content: bytes, message: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    outcome = run("fit", "language", tmp_path / "text.txt", *OPTIONS, "--out", tmp_path / "model")
    assert outcome.code == 2
    assert any(part in outcome.err for part in message.split("|"))
    assert not (tmp_path / "model").exists()
