"""`SequenceClassifier` in Python: fit, predict, evaluate, save, load, going on."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import polars
import pytest
import torch
from classify_cases import NUMBERS, TEXTS, reviews, walks

from exported_models import ExportedGraph
from recurra.data import LabelledSequences
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.training.option_fields import option_fields
from recurra.training.options import TrainingOptions


@pytest.fixture(scope="module")
def texts() -> SequenceClassifier:
    return SequenceClassifier(dataclasses.replace(TEXTS, epochs=12)).fit(reviews())


@pytest.fixture(scope="module")
def numbers() -> SequenceClassifier:
    return SequenceClassifier(NUMBERS).fit(walks())


def test_it_learns_texts(texts: SequenceClassifier) -> None:
    evaluation = texts.evaluate(reviews(40, seed=1))
    assert evaluation.accuracy > 0.95
    assert evaluation.roc_auc is not None
    assert evaluation.roc_auc > 0.95
    assert evaluation.baseline.accuracy < 0.7
    assert sum(map(sum, evaluation.confusion)) == 40


def test_predict_says_class_probability_and_attention(texts: SequenceClassifier) -> None:
    found = texts.predict(["the cast is dull", "great"])
    assert found["prediction"].to_list() == ["bad", "good"]
    assert found["tokens"].to_list() == [["the", "cast", "is", "dull"], ["great"]]
    assert [len(weights) for weights in found["attention"]] == [4, 1]
    assert found["attention"].list.sum().to_list() == pytest.approx([1, 1])
    np.testing.assert_allclose(
        np.stack(found["probabilities"].to_numpy()), texts.predict_proba(["the cast is dull", "great"])
    )
    assert found["probability"].to_list() == found["probabilities"].list.max().to_list()


def test_a_batch_does_not_change_what_is_said_of_a_sequence(texts: SequenceClassifier) -> None:
    data = reviews(30, seed=2)["text"].to_list()
    together = texts.predict_proba(data)
    alone = np.concatenate([texts.predict_proba([text]) for text in data])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_numbers_have_ids_and_a_scale_of_the_training_part(numbers: SequenceClassifier) -> None:
    found = numbers.predict(walks(4, seed=3))
    assert found["id"].to_list() == ["w0", "w1", "w2", "w3"]
    assert "text" not in found.columns
    assert numbers.encoder_.inputs == 2
    with pytest.raises(
        DataError, match="the list holds sequences of 3 channels; the model was fitted on sequences of 2"
    ):
        numbers.predict([np.zeros((5, 3))])
    with pytest.raises(DataError, match="the list holds texts; the model was fitted on sequences of 2 channels"):
        numbers.predict(["a text"])


def test_values_that_are_too_large_are_refused(numbers: SequenceClassifier) -> None:
    with pytest.raises(DataError, match="the list, row 2: step 3, channel 1 is inf, too large or not finite"):
        numbers.predict([np.zeros((3, 2)), np.array([[0, 0], [1, 1], [np.inf, 0]])])


@pytest.mark.parametrize("fixture", ["texts", "numbers"])
def test_save_and_load_give_the_same_answers(fixture: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    fitted: SequenceClassifier = request.getfixturevalue(fixture)
    folder = fitted.save(tmp_path / "model")
    loaded = SequenceClassifier.load(folder)
    data = reviews(20, seed=5) if fixture == "texts" else walks(20, seed=5)
    assert loaded.predict(data).equals(fitted.predict(data))
    assert (loaded.metrics_, loaded.options_, loaded.classes_) == (fitted.metrics_, fitted.options_, fitted.classes_)
    again = loaded.save(tmp_path / "again")
    for name in ("weights.safetensors", "predictions.csv", "classes.json", "config.yaml", "report.html"):
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("weights", ["int8", "bfloat16"])
def test_a_quantised_classifier_answers_nearly_the_same(
    numbers: SequenceClassifier, weights: str, tmp_path: Path
) -> None:
    small, data = numbers.quantised(weights), walks(40, seed=1)
    before = copy.deepcopy(numbers.network_.state_dict())
    found, exact = (each.predict_proba(data) for each in (small, numbers))
    np.testing.assert_allclose(found, exact, atol=0.05)
    assert not np.array_equal(found, exact)
    assert small.evaluate(data).accuracy == pytest.approx(numbers.evaluate(data).accuracy, abs=0.05)
    with pytest.raises(InputError, match="a quantised model has no folder"):
        small.save(tmp_path / "model")
    for name, value in numbers.network_.state_dict().items():
        assert torch.equal(value, before[name])


def test_the_test_part_is_predicted_and_scored(texts: SequenceClassifier) -> None:
    predictions = texts.test_predictions_
    right = (predictions["truth"] == predictions["prediction"]).mean()
    assert texts.metrics_["test"]["accuracy"] == pytest.approx(right)
    data = reviews()
    rows = predictions["row"].to_numpy() - 1
    assert predictions["truth"].to_list() == data["label"].gather(rows).to_list()
    assert texts.listing().frame.equals(predictions)


def test_what_the_test_part_holds_changes_nothing() -> None:
    test = reviews(10, seed=7)
    other = test.with_columns(text=polars.lit("words that are seen by the test alone"))
    first, second = (SequenceClassifier(TEXTS).fit(reviews(), test=part) for part in (test, other))
    assert first.encoder_ == second.encoder_
    for name, weight in first.network_.state_dict().items():
        assert torch.equal(weight, second.network_.state_dict()[name]), name


def test_parts_by_a_column() -> None:
    flags = ["train"] * 80 + ["dev"] * 15 + ["test"] * 25
    data = reviews().with_columns(part=polars.Series(flags))
    fitted = SequenceClassifier(dataclasses.replace(TEXTS, part="part", epochs=1)).fit(data)
    assert fitted.metrics_["trained_on"]["parts"] == "80 sequences train, 15 choose the weights, 25 test"
    assert fitted.test_predictions_["row"].to_list() == list(range(96, 121))
    with pytest.raises(InputError, match="test: the frame has such rows, and separate data were given"):
        SequenceClassifier(dataclasses.replace(TEXTS, part="part")).fit(data, test=reviews(10))


def test_sequences_that_measure_and_train_are_told() -> None:
    data = reviews()
    fitted = SequenceClassifier(dataclasses.replace(TEXTS, epochs=1)).fit(data, test=data.head(9))
    assert fitted.metrics_["trained_on"]["repeated"]["test"] > 0
    assert "the scores may be too good" in fitted._page()


def test_sequences_in_memory_have_classes_of_their_own() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(40) % 2
    sequences = [random.normal(6.0 * label, 1, (int(random.integers(1, 6)), 1)).astype(np.float32) for label in labels]
    data = LabelledSequences(
        sequences=sequences, labels=labels, classes=("a", "b"), source="memory", rows=np.arange(1, 41)
    )
    fitted = SequenceClassifier(ClassifyOptions(hidden_size=4, epochs=8, learning_rate=0.05)).fit(data)
    assert fitted.evaluate(data).accuracy > 0.9
    turned = dataclasses.replace(data, labels=1 - labels, classes=("b", "a"))
    assert fitted.evaluate(turned).confusion == fitted.evaluate(data).confusion
    with pytest.raises(DataError, match="memory, row 2: the label 'c' is not one that the model knows, 'a', 'b'"):
        fitted.evaluate(dataclasses.replace(data, classes=("a", "c")))


@pytest.mark.parametrize("level", ["char", "bpe"])
def test_levels_of_tokens(level: str) -> None:
    options = dataclasses.replace(TEXTS, level=level, word_dropout=0.2, epochs=1, maximum_size=300)
    found = SequenceClassifier(options).fit(reviews()).predict(["Ein Würfel 天"])
    tokens = found["tokens"][0].to_list()
    assert "".join(tokens).lower() == "ein würfel 天" or level == "bpe"
    assert len(tokens) == len(found["attention"][0])


@pytest.mark.parametrize(
    "change",
    [
        {"pooling": "last"},
        {"pooling": "max", "bidirectional": False, "cell": "GRU"},
        {"pooling": "mean", "layers": 2, "cell": "MinLSTM"},
        {"class_weights": "balanced", "label_smoothing": 0.1, "choose_by": "macro_f1"},
        {"recurrent_dropout": 0.2, "input_dropout": 0.2, "embedding_dropout": 0.2},
        {"longest": 3, "choose_by": "accuracy", "memory": 10, "forget_gate": "b_f", "input_gate": "b_i"},
    ],
    ids=str,
)
def test_options_of_the_network(change: dict[str, object], tmp_path: Path) -> None:
    fitted = SequenceClassifier(dataclasses.replace(TEXTS, epochs=1, **change)).fit(reviews(60))  # pyright: ignore[reportArgumentType]
    assert ("attention" in fitted.predict(["a text"]).columns) == (fitted.options_.pooling == "attention")
    loaded = SequenceClassifier.load(fitted.save(tmp_path / "model"))
    assert np.array_equal(
        loaded.predict_proba(["dull film , great cast"]), fitted.predict_proba(["dull film , great cast"])
    )


def test_a_convolution_in_front_spreads_the_attention(tmp_path: Path) -> None:
    options = dataclasses.replace(NUMBERS, convolutions=2, convolution_features=3, convolution_size=3, epochs=1)
    fitted = SequenceClassifier(options).fit(walks())
    found = fitted.predict([np.ones((steps, 2)) for steps in (1, 5, 13)])["attention"]
    assert [len(weights) for weights in found] == [1, 5, 13]
    assert found.list.sum().to_list() == pytest.approx([1, 1, 1])
    assert SequenceClassifier.load(fitted.save(tmp_path / "m")).network_.front is not None


@pytest.mark.parametrize(
    ("options", "frame", "message"),
    [
        (NUMBERS, walks(20), "others = 'upp': there is no such class; did you mean 'up'"),
        (TEXTS, reviews(20), "others = 'upp': it is for sequences of numbers, or recordings, of one class each"),
    ],
    ids=["no class", "texts"],
)
def test_others_are_a_class_of_numbers(options: ClassifyOptions, frame: polars.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        SequenceClassifier(dataclasses.replace(options, others="upp")).fit(frame)


def test_pretrained_vectors(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("great 1 0 0.5\ndull 0 1 0.25\nelsewhere 1 1 1\n")
    options = dataclasses.replace(TEXTS, vectors=str(path), freeze_vectors=True, epochs=1)
    fitted = SequenceClassifier(options).fit(reviews())
    assert fitted.options_.embedding_size == 3
    number = fitted.encoder_.tokenizer.vocabulary.number("dull")  # pyright: ignore[reportAttributeAccessIssue]
    assert fitted.network_.reader.embedding.embedding.weight[number].tolist() == [0.0, 1.0, 0.25]  # pyright: ignore
    folder = fitted.save(tmp_path / "model")
    path.unlink()
    assert SequenceClassifier.load(folder).predict(["dull"]).equals(fitted.predict(["dull"]))


def test_it_goes_on_from_an_earlier_model(texts: SequenceClassifier, tmp_path: Path) -> None:
    earlier = SequenceClassifier.load(texts.save(tmp_path / "model"))
    before = earlier.to_torch().state_dict()
    earlier.options = ClassifyOptions(text="text", label="label", epochs=1, learning_rate=1e-9)
    earlier.fit(reviews(60, seed=9), go_on=True)
    assert (earlier.options_.hidden_size, earlier.options_.embedding_size) == (4, 6)
    for name, weight in earlier.network_.state_dict().items():
        torch.testing.assert_close(weight, before[name], rtol=1e-4, atol=1e-5)
    assert SequenceClassifier.load(earlier.save(tmp_path / "next")).predict(["dull"])["prediction"].to_list() == ["bad"]


@pytest.mark.parametrize(
    ("change", "frame", "message"),
    [
        ({"hidden_size": 5}, reviews(40), r"hidden_size = 5: the earlier model has 4, and goes on with it"),
        ({}, reviews(40).with_columns(label=polars.lit("ugly")), "data row 1: the label 'ugly' is not one"),
    ],
    ids=["size", "label"],
)
def test_what_does_not_go_on(
    texts: SequenceClassifier, change: dict[str, object], frame: polars.DataFrame, message: str, tmp_path: Path
) -> None:
    earlier = SequenceClassifier.load(texts.save(tmp_path / "model"))
    earlier.options = dataclasses.replace(ClassifyOptions(text="text", label="label"), **change)  # pyright: ignore[reportArgumentType]
    with pytest.raises((DataError, InputError), match=message):
        earlier.fit(frame, go_on=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": "t", "values": "x"}, "expected one of them"),
        ({"text": "t", "id": "i"}, "id = 'i': expected values too"),
        ({"memory": 10}, "memory = 10: expected forget_gate or input_gate too"),
        ({"validation_fraction": 0.5, "test_fraction": 0.5}, "together 1; expected less"),
        ({"pooling": "median"}, "pooling = 'median'"),
    ],
    ids=str,
)
def test_options_that_do_not_go_together(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ClassifyOptions(**options)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (reviews(20).with_columns(label=polars.lit("good")), "has only the class 'good'; expected at least two"),
        (reviews(4), "has 4 sequences, too few to take a part for validation from"),
        (reviews(20).with_columns(text=polars.lit(" ")), "column 'text', data row 1: the text is missing"),
        (reviews(20).drop("label"), "has no column 'label'"),
    ],
    ids=["one class", "few", "empty", "no label"],
)
def test_data_that_cannot_be_learnt(frame: polars.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        SequenceClassifier(TEXTS).fit(frame)


def test_columns_are_asked_for() -> None:
    with pytest.raises(InputError, match="the frame is a table; expected the option text, values, audio or image"):
        SequenceClassifier(ClassifyOptions(label="label")).fit(reviews())
    with pytest.raises(DataError, match="the frame has no labels; for a table, say which column holds them"):
        SequenceClassifier(ClassifyOptions(text="text")).fit(reviews())


def test_the_report_shows_where_the_model_looked(texts: SequenceClassifier, numbers: SequenceClassifier) -> None:
    page = texts._page()
    for text in ("Where the model looked", "Confusion matrix", "ROC curve", "Each class", "Classifier: bad or good"):
        assert text in page, text
    assert "How often tokens occur" in page
    assert "The bars show how much the model looked at each step" in numbers._page()


def test_the_page_lists_the_options_with_their_defaults(root: Path) -> None:
    page = (root / "docs" / "classify.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `--([\w-]+)` \| (.*?) ?\|", page, re.MULTILINE))
    training = {field.name: field.default for field in option_fields(TrainingOptions)}
    own = {field.name: field.default for field in option_fields(ClassifyOptions)}
    expected = {name: default for name, default in own.items() if name not in training or training[name] != default}
    assert listed == {
        name.replace("_", "-"): "" if default is None else f"{default}" for name, default in expected.items()
    }


def test_metrics_are_json(texts: SequenceClassifier) -> None:
    assert json.loads(json.dumps(texts.metrics_)) == texts.metrics_


def test_exported_texts_have_the_same_probabilities(texts: SequenceClassifier, tmp_path: Path) -> None:
    graph, some = ExportedGraph(texts, tmp_path, lengths=True), reviews(6, seed=3)["text"].to_list()
    sequences = [graph.numbers("x", text.split()) for text in some]
    lengths = np.array([*map(len, sequences)], np.int32)
    padded = np.stack([np.pad(each, (0, lengths.max() - len(each))) for each in sequences])
    (found,) = graph(x=padded, lengths=lengths)
    answers = texts._trained.answers_of(sequences)
    network = answers.probabilities if answers.network is None else answers.network
    np.testing.assert_allclose(found, network, atol=1e-6)
    assert graph.tables["output"]["classes"] == ["bad", "good"]
    check_export(texts, "c", weights="int8")


def test_exported_channels_are_read_in_their_unit(numbers: SequenceClassifier, tmp_path: Path) -> None:
    graph, frame = ExportedGraph(numbers, tmp_path), walks(1, seed=4)
    (found,) = graph(x=frame.select("x", "y").to_numpy().astype(np.float32)[None])
    (wanted,) = numbers.predict(frame)["probabilities"].to_list()
    np.testing.assert_allclose(found[0], wanted, atol=1e-6)
    check_export(numbers, "c")
