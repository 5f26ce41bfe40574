"""`LanguageModel` in Python: fit, evaluate, predict, generate, save, load, go on, resume; what is refused."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from language_cases import RHYME, SMALL

from exported_models import ExportedGraph
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.tasks import GenerateOptions, LanguageModel, LanguageOptions

WORDS = dataclasses.replace(SMALL, level="word", words="space", embedding_size=None, tied=None, bptt=8)


def written(folder: Path, text: str = RHYME, name: str = "rhyme.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("text"))


@pytest.fixture(scope="module")
def fitted(text: Path) -> LanguageModel:
    return LanguageModel(SMALL).fit(text)


def test_the_test_part_surprises_less_than_by_frequencies(fitted: LanguageModel) -> None:
    test = fitted.metrics_["test"]
    assert test["model"]["nats_per_token"] < 0.9 * test["unigram"]["nats_per_token"]
    assert test["tokens"] == test["characters"] == round(0.05 * len(RHYME))


def test_evaluating_a_file_is_the_mean_of_its_tokens_surprises(fitted: LanguageModel, tmp_path: Path) -> None:
    other = written(tmp_path, "row the boat\ngently")
    surprise = fitted.predict(other)
    assert "".join(surprise["token"]) == "row the boat\ngently"
    np.testing.assert_allclose(surprise["probability"], 2.0 ** -surprise["bits"], rtol=1e-6)
    assert fitted.evaluate(other).model.bits_per_token == pytest.approx(surprise["bits"].mean(), rel=1e-6)
    assert fitted.surprise("row the boat\ngently").equals(surprise)


def test_tokens_that_are_not_known_are_counted(fitted: LanguageModel, tmp_path: Path) -> None:
    scores = fitted.evaluate(written(tmp_path, "row# row"))
    assert scores.unknown_share == pytest.approx(1 / 8)
    shown = fitted.score_table(dataclasses.asdict(scores))
    assert "12 % are not in the vocabulary" in shown.title
    assert shown.columns == ("model", "perplexity", "nats a character", "bits a character")
    assert all(len(row) == len(shown.columns) for row in shown.rows)


def test_a_text_is_the_same_for_the_same_seed(fitted: LanguageModel) -> None:
    texts = ["".join(fitted.generate("row", GenerateOptions(length=50, seed=seed))) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert len(texts[0]) == 50


def test_a_text_comes_piece_by_piece(fitted: LanguageModel) -> None:
    pieces = fitted.generate("row", GenerateOptions(length=10**9))
    assert len(next(pieces) + next(pieces)) == 2


@pytest.mark.parametrize("options", [{"temperature": 0}, {"beam": 3}, {"top_k": 2}, {"top_p": 0.5}])
def test_a_likely_text_is_one_of_the_training_text(fitted: LanguageModel, options: dict[str, float]) -> None:
    found = "".join(fitted.generate("row, row, ", GenerateOptions(length=9, **options)))  # pyright: ignore
    assert set(found) <= set(RHYME)
    assert len(found) == 9


def test_a_text_ends_before_the_stop(fitted: LanguageModel) -> None:
    whole = "".join(fitted.generate("row", GenerateOptions(length=60)))
    stop = whole[20:22]
    assert "".join(fitted.generate("row", GenerateOptions(length=60, stop=stop))) == whole[: whole.index(stop)]


def test_a_saved_model_is_the_model(fitted: LanguageModel, tmp_path: Path) -> None:
    folder = fitted.save(tmp_path / "model")
    again = LanguageModel.load(folder)
    assert again.surprise("row the boat").equals(fitted.surprise("row the boat"))
    assert again.metrics_ == fitted.metrics_
    assert again.samples_ == fitted.samples_
    assert again.save(tmp_path / "again")
    assert "Language model of rhyme.txt" in (folder / "report.html").read_text()
    assert "".join(again.generate("r")) == "".join(fitted.generate("r"))
    assert {path.name for path in folder.iterdir()} >= {"vocabulary.json", "counts.json", "samples.json"}


def test_samples_are_written_at_every_validation(fitted: LanguageModel) -> None:
    assert [step for step, _ in fitted.samples_] == [row["step"] for row in fitted.history_of_training_.validations]
    assert all(len(text) == 200 for _, text in fitted.samples_)


def test_a_model_goes_on_with_its_vocabulary_and_its_shape(fitted: LanguageModel, tmp_path: Path) -> None:
    model = LanguageModel.load(fitted.save(tmp_path / "model"))
    before = fitted.metrics_["training"]["validation"]["loss"]
    model.options = LanguageOptions(batch_size=4, bptt=16, epochs=1)  # another shape, as the defaults have it
    model.fit(written(tmp_path, RHYME.replace("boat", "b@at")), go_on=True)
    assert model.tokenizer_.vocabulary == fitted.tokenizer_.vocabulary
    assert model.options_.hidden_size == SMALL.hidden_size
    assert model.metrics_["training"]["validation"]["loss"] < before + 0.5
    assert LanguageModel.load(model.save(tmp_path / "more")).options_.hidden_size == SMALL.hidden_size


def test_a_training_that_is_resumed_is_one_that_never_stopped(text: Path, tmp_path: Path) -> None:
    options = dataclasses.replace(SMALL, dropout=0.3, token_dropout=0.1, varying_bptt=True, weight_drop=0.2)
    whole = LanguageModel(options).fit(text)
    folder = tmp_path / "checkpoints"
    LanguageModel(dataclasses.replace(options, epochs=1)).fit(text, checkpoints=folder)
    resumed = LanguageModel(options).fit(text, checkpoints=folder, resume=True)
    for mine, other in zip(whole.network_.parameters(), resumed.network_.parameters(), strict=True):
        assert torch.equal(mine, other)


@pytest.mark.parametrize(
    "options",
    [
        WORDS,
        dataclasses.replace(WORDS, words="punctuation", lowercase=True, adaptive_softmax=False, layers=2),
        dataclasses.replace(SMALL, level="bpe", vocabulary_size=270, tied=None, embedding_size=None),
        dataclasses.replace(SMALL, activation_penalty=2.0, change_penalty=1.0, cell="GRU"),
        dataclasses.replace(SMALL, optimiser="sgd", learning_rate=5.0, average_after=1, weight_decay=0.0),
    ],
    ids=["words", "lowercase words", "byte pairs", "penalties", "averages"],
)
def test_every_kind_of_model_learns_saves_and_writes(options: LanguageOptions, text: Path, tmp_path: Path) -> None:
    model = LanguageModel(options).fit(text)
    assert model.metrics_["test"]["model"]["perplexity"] < len(model.tokenizer_.vocabulary)
    again = LanguageModel.load(model.save(tmp_path / "model"))
    assert "".join(again.generate("row", GenerateOptions(length=5))) == "".join(
        model.generate("row", GenerateOptions(length=5))
    )


def test_the_token_for_unknown_ones_is_never_written(tmp_path: Path) -> None:
    words = " ".join(f"w{number}" for number in range(300)) + " the cat" * 300
    model = LanguageModel(dataclasses.replace(WORDS, minimum_count=2, epochs=1)).fit(written(tmp_path, words))
    assert "<unk>" not in "".join(model.generate("the", GenerateOptions(length=300, temperature=5.0)))


def test_a_prompt_with_a_character_that_is_not_known_is_refused(fitted: LanguageModel) -> None:
    with pytest.raises(InputError, match="prompt: got '#', which the text"):
        fitted.generate("row#")


def test_words_that_are_not_known_may_be_in_a_prompt_and_keep_their_letters(text: Path) -> None:
    model = LanguageModel(dataclasses.replace(WORDS, minimum_count=61, epochs=1)).fit(text)
    assert "".join(model.generate("gently rowing", GenerateOptions(length=3)))
    assert model.surprise("gently rowing")["token"].to_list() == ["gently", "rowing"]


def test_chinese_is_written_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "天气很好，我们去公园。\n" * 80)
    model = LanguageModel(dataclasses.replace(SMALL, level="bpe", vocabulary_size=280)).fit(path)
    assert model.evaluate(path).characters == len("天气很好，我们去公园。\n" * 80)
    assert "".join(model.surprise("天气")["token"].to_list()).strip("\ufffd")


def test_pretrained_vectors_stand_where_their_words_do(tmp_path: Path) -> None:
    text, vectors = written(tmp_path), written(tmp_path, "row 1 2 3\nboat 4 5 6\nsea 7 8 9\n", "vectors.txt")
    options = dataclasses.replace(WORDS, vectors=str(vectors), learning_rate=1e-9, weight_decay=0.0, epochs=1)
    model = LanguageModel(options).fit(text)
    assert model.options_.embedding_size == 3
    assert model.metrics_["trained_on"]["words_with_vectors"] == 2
    weight, vocabulary = model.network_.embedding.embedding.weight, model.tokenizer_.vocabulary
    torch.testing.assert_close(weight[vocabulary.number("boat")], torch.tensor([4.0, 5.0, 6.0]))
    with pytest.raises(InputError, match=r"embedding_size = 7: .*vectors\.txt has vectors of 3 numbers"):
        LanguageModel(dataclasses.replace(options, embedding_size=7)).fit(text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xfa\xfe\xff" * 99, "is not UTF-8"),
        (b"\xff\xfe\xfa" * 99, "is not utf-16-le"),  # as its mark says
        (b"too short", "part holds no token|tokens in 4 columns"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    with pytest.raises(DataError, match=message):
        LanguageModel(SMALL).fit(tmp_path / "text.txt")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"adaptive_softmax": True, "tied": True}, "its weights cannot be tied"),
        ({"vectors": "glove.txt"}, "expected level = 'word'"),
        ({"validation_fraction": 0.5, "test_fraction": 0.5}, "text is left for training"),
        ({"level": "letter"}, "level = 'letter'"),
        ({"weight_drop": 1.0}, "weight_drop = 1.0"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        LanguageOptions(**options)  # pyright: ignore[reportArgumentType]


def test_predict_asks_for_a_text(fitted: LanguageModel) -> None:
    with pytest.raises(InputError, match="expected a text file"):
        fitted.listing()


def test_the_metrics_are_json_and_agree(fitted: LanguageModel) -> None:
    test = json.loads(json.dumps(fitted.metrics_))["test"]["model"]
    assert test["perplexity"] == pytest.approx(math.exp(test["nats_per_token"]))
    assert test["bits_per_character"] == pytest.approx(test["bits_per_token"])


def test_an_exported_model_reads_step_by_step(fitted: LanguageModel, tmp_path: Path) -> None:
    graph, text = ExportedGraph(fitted, tmp_path), "gently down"
    numbers = graph.numbers("x", text)
    read = np.array([graph.tables["inputs"]["x"]["first"], *numbers[:-1]], np.int64)
    state = {name: np.zeros((1, 1, 12), np.float32) for name in ("h_0", "c_0")}
    surprises = []
    for token, following in zip(read, numbers, strict=True):
        found, h, c = graph(x=token.reshape(1, 1), **state)
        surprises.append(-found[0, 0, following])
        state = {"h_0": h, "c_0": c}
    np.testing.assert_allclose(surprises, fitted._trained.surprises(numbers), atol=1e-5)
    check_export(fitted, "c", weights="int8")


def test_a_quantised_model_reads_nearly_the_same(fitted: LanguageModel) -> None:
    numbers = np.arange(12) % fitted._trained.network.tokens
    found, exact = (each._trained.surprises(numbers) for each in (fitted.quantised("int8"), fitted))
    assert 0 < np.abs(found - exact).max() < 0.2
