"""Wrong arguments of estimators: each is refused before anything is trained, in words that say what was expected."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pytest

from recurra.data import LabelledSequences
from recurra.errors import InputError, RecurraError
from recurra.tasks import (
    ClassifyOptions,
    Forecaster,
    ForecastOptions,
    GenerateOptions,
    LanguageModel,
    LanguageOptions,
    SequenceClassifier,
    SequenceTagger,
    TagOptions,
)
from recurra.tasks.progress import progress_to
from recurra.tasks.registry import TASKS
from recurra.tune import TuneOptions, tune

SERIES = polars.DataFrame({"t": range(60), "y": [10 + math.sin(row) for row in range(60)]})
TEXTS = polars.DataFrame({"text": ["a great film", "a dull film"] * 30, "label": ["good", "bad"] * 30})
SENTENCES = [[("Nora", "B-PER"), ("left", "O")], [("It", "O"), ("rained", "O"), ("Oslo", "B-LOC")]] * 10
SHORT: dict[str, Any] = {"horizon": 3, "epochs": 1, "hidden_size": 4}


def forecaster(**options: Any) -> Forecaster:
    return Forecaster(ForecastOptions(**{**SHORT, "time": "t", **options}))


@pytest.fixture(scope="module")
def fitted() -> Forecaster:
    return forecaster(intervals="80").fit(SERIES)


@pytest.fixture(scope="module")
def classifier() -> SequenceClassifier:
    options = ClassifyOptions(text="text", label="label", epochs=1, hidden_size=4, embedding_size=4)
    return SequenceClassifier(options).fit(TEXTS)


@pytest.fixture(scope="module")
def numeric() -> SequenceClassifier:
    return SequenceClassifier(ClassifyOptions(epochs=1, hidden_size=4)).fit(labelled())


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    path = tmp_path_factory.mktemp("language") / "book.txt"
    path.write_text("the cat sat on the mat. the dog ate.\n" * 40)
    return LanguageModel(LanguageOptions(epochs=1, hidden_size=4, layers=1)).fit(path)


def labelled(**parts: Any) -> LabelledSequences:
    steps = np.random.default_rng(0)
    sequences = [steps.normal(size=(3 + number % 5, 1)).astype(np.float32) for number in range(40)]
    usual: dict[str, Any] = {
        "sequences": sequences, "labels": np.arange(40) % 2, "classes": ("low", "high"), "source": "numbers",
        "rows": np.arange(1, 41),
    }  # fmt: skip
    return LabelledSequences(**{**usual, **parts})


def refuses(call: Callable[[], Any], *words: str) -> None:
    with pytest.raises(RecurraError) as refused:
        call()
    for each in words:
        assert each in str(refused.value)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    ("options", "got"), [({"horizon": 3}, "a dict"), ("GRU", "'GRU'"), (ForecastOptions, "the class ForecastOptions")]
)
def test_options_that_are_none(task: str, options: Any, got: str) -> None:
    kind = TASKS[task].estimator_class()
    name = TASKS[task].options_class().__name__
    refuses(lambda: kind(options), f"options: got {got}; expected {name} for a {kind.__name__}")
    refuses(lambda: kind().set_params(options=options), f"options: got {got}; expected {name}")
    cell: Any = "GRU"
    refuses(lambda: kind(cell=cell), "cell: got 'GRU'; expected a cell, such as recurra.cells.GRU")


def test_options_of_another_task() -> None:
    other: Any = ClassifyOptions(text="a", label="b")
    refuses(lambda: Forecaster(other), "got a ClassifyOptions; expected ForecastOptions for a Forecaster")


@pytest.mark.parametrize("task", ["forecast", "classify", "tag", "translate"])
@pytest.mark.parametrize(
    "data",
    [None, 3, [1.0, 2.0], {"y": [1.0]}, SERIES["y"], pandas.Series([1.0, 2.0]), np.zeros((3, 2)), object(), Forecaster],
    ids=lambda data: type(data).__name__,
)
def test_data_of_the_wrong_type(task: str, data: Any) -> None:
    columns = {"text": "text", "label": "label"} if task == "classify" else {}
    estimator = TASKS[task].estimator_class()(TASKS[task].options_class()(**columns))
    refuses(lambda: estimator.fit(data), "expected a")


@pytest.mark.parametrize("data", [None, 3, SERIES, [], [3], {"a": 1}, np.zeros(3)], ids=str)
def test_a_text_of_the_wrong_type(data: Any) -> None:
    refuses(lambda: LanguageModel().fit(data), "fit: got ", "expected the path of a text file")
    refuses(
        lambda: LanguageModel().fit("none.txt", validation=3), "validation: got 3; expected the path of a text file"
    )


def test_paths_of_models(fitted: Forecaster) -> None:
    for wrong, got in ((None, "None"), (3, "3"), (["a"], "a list")):
        path: Any = wrong
        refuses(lambda: fitted.save(path), f"save: got {got}; expected the path of a folder")  # noqa: B023
        refuses(lambda: Forecaster.load(path), f"load: got {got}; expected the path of a model folder")  # noqa: B023


@pytest.mark.parametrize("wrong", ["3", 2.5, 0, -1, True, [3]], ids=str)
def test_numbers_of_steps(fitted: Forecaster, wrong: Any) -> None:
    refuses(lambda: fitted.predict(horizon=wrong), "horizon = ", ": expected a whole number from 1 on")
    refuses(lambda: fitted.backtest(SERIES, stride=wrong), "stride = ", ": expected a whole number from 1 on")
    assert fitted.predict(horizon=np.int64(2)).height == 2  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("wrong", [None, 3, b"a", ["a"]], ids=str)
def test_texts(language: LanguageModel, wrong: Any) -> None:
    refuses(lambda: language.generate(wrong), "prompt: got ", "; expected a text")
    refuses(lambda: language.surprise(wrong), "surprise: got ", "; expected a text")
    if not isinstance(wrong, list):
        for verb in (language.predict, language.evaluate):
            if not isinstance(wrong, str):
                refuses(lambda: verb(wrong), "; expected the path of a text file (surprise takes a text)")  # noqa: B023
    options: Any = wrong or 3
    refuses(lambda: language.generate("a", options), "options: got ", "; expected GenerateOptions")
    assert isinstance(next(language.generate("the", GenerateOptions(length=1))), str)


NAMES = [
    ({"time": "actual"}, "'actual'"),
    ({"time": "forecast"}, "'forecast'"),
    ({"time": "cutoff"}, "'cutoff'"),
    ({"time": "seasonal_naive"}, "'seasonal_naive'"),
    ({"time": "target"}, "'target'"),
    ({"time": "lo-80"}, "'lo-80'"),
    ({"time": "y-lo-80"}, "'y-lo-80'"),
    ({"time": "y-hi-80"}, "'y-hi-80'"),
    ({"id": "actual"}, "'actual'"),
]


@pytest.mark.parametrize(("columns", "named"), NAMES, ids=str)
def test_columns_with_the_names_of_the_forecasts_own(columns: dict[str, str], named: str) -> None:
    frame = SERIES.rename({"t": columns.get("time", "t")})
    if "id" in columns:
        frame = frame.with_columns(polars.lit("a").alias(columns["id"]))
    estimator = forecaster(**{"intervals": "80", **columns})
    refuses(
        lambda: estimator.fit(frame), f"the column {named} has the name of a column of the forecasts' own", "rename"
    )


@pytest.mark.parametrize("name", ["actual", "forecast", "cutoff", "seasonal_naive"])
def test_a_target_may_have_such_a_name(name: str) -> None:
    model = forecaster(target=name).fit(SERIES.rename({"y": name}))
    assert model.predict().columns == ["t", name]
    assert model.backtest(SERIES.rename({"y": name})).columns[-3:] == ["actual", "forecast", "seasonal_naive"]


@pytest.mark.parametrize("strategy", ["direct", "autoregressive", "segment"])
@pytest.mark.parametrize("normalise", ["window", "last", "none"])
def test_values_far_from_the_scale_are_refused_and_those_at_its_edge_are_finite(strategy: str, normalise: str) -> None:
    model = forecaster(strategy=strategy, normalise=normalise).fit(SERIES)
    newer = polars.DataFrame({"t": range(60, 66), "y": [1e90] * 6})
    refuses(lambda: model.predict(newer), "the frame, column 'y', time 60: the value lies 1e+90 times", "too far")
    for size in (1e14, -1e14):
        found = model.predict(newer.with_columns(y=polars.Series([1.0, size] * 3)))
        assert found["y"].is_finite().all()


def test_covariates_far_from_their_scale_are_refused() -> None:
    frame = SERIES.with_columns(price=polars.col("t") % 7 * 1.0)
    model = forecaster(past="price", target="y").fit(frame)
    newer = polars.DataFrame({"t": range(60, 66), "y": [10.0] * 6, "price": [1e90] * 6})
    refuses(lambda: model.predict(newer), "column 'price', time 60", "too far")


def test_a_test_part_far_from_the_scale_is_refused_before_the_training() -> None:
    frame = SERIES.with_columns(y=polars.when(polars.col("t") > 55).then(1e90).otherwise(polars.col("y")))
    refuses(lambda: forecaster().fit(frame), "column 'y', time 56", "too far")


def test_decimals_are_no_counts() -> None:
    refuses(lambda: forecaster(output="negative-binomial").fit(SERIES), "column 'y', time 1: 10.8415 is no count")


SEQUENCES = [
    ({"sequences": []}, "numbers has no sequences"),
    ({"labels": np.array([0, 1])}, "got 40 sequences and 2 labels"),
    ({"rows": np.array([1])}, "got 40 sequences and 1 rows"),
    ({"ids": ("a",)}, "got 40 sequences and 1 ids"),
    ({"labels": np.full(40, 5)}, "numbers, row 1: the label is 5; expected a place in the 2 classes, from 0 on"),
    ({"labels": np.full(40, -1)}, "row 1: the label is -1"),
    ({"labels": np.full(40, 0.5)}, "the labels are float64; expected places in the classes"),
    (
        {"sequences": [np.zeros((3, 1 + n // 20), np.float32) for n in range(40)]},
        "row 21: got a sequence of 2 channels",
    ),
    ({"sequences": ["a text"] * 39 + [np.zeros((3, 1))]}, "row 40: got a sequence of 1 channel, but a text in row 1"),
    ({"sequences": [np.zeros(3, np.float32)] * 40}, "row 1: got an array of shape (3,) and type float32"),
    ({"sequences": [np.zeros((3, 1), "U1")] * 40}, "row 1: got an array of shape (3, 1) and type <U1"),
    ({"sequences": [np.zeros((3, 1))] * 39 + [np.zeros((0, 1))]}, "row 40: the sequence is empty"),
]


@pytest.mark.parametrize(("parts", "message"), SEQUENCES, ids=[message for _, message in SEQUENCES])
def test_sequences_that_do_not_fit_each_other(numeric: SequenceClassifier, parts: Any, message: str) -> None:
    refuses(lambda: SequenceClassifier(ClassifyOptions(epochs=1, hidden_size=4)).fit(labelled(**parts)), message)
    refuses(lambda: numeric.evaluate(labelled(**parts)), message)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (None, "got None; expected a path, a frame of polars or pandas"),
        ({"text": ["a"]}, "got a dict; expected a path"),
        (pandas.Series(["a"]), "got a Series; expected a path"),
        ([None], "the list, sequence 1: got None; expected a text, or numbers"),
        ([3], "the list, sequence 1: got 3; expected a text, or numbers"),
        ([b"abc"], "the list, sequence 1: got b'abc'; expected a text or numbers"),
        ([np.zeros((0, 1))], "the list, sequence 1 is empty; expected at least one step"),
        (np.zeros((2, 5)), "holds sequences of numbers; the model was fitted on texts"),
    ],
    ids=str,
)
def test_what_a_classifier_of_texts_is_asked(classifier: SequenceClassifier, wrong: Any, message: str) -> None:
    refuses(lambda: classifier.predict(wrong), message)
    refuses(lambda: classifier.predict_proba(wrong), message)


def test_arrays_of_sequences_are_taken_as_lists(classifier: SequenceClassifier, numeric: SequenceClassifier) -> None:
    texts = ["a great film", "a dull film"]
    assert classifier.predict(np.array(texts)).equals(classifier.predict(texts))
    numbers = np.random.default_rng(1).normal(size=(2, 5, 1))
    assert numeric.predict(numbers).equals(numeric.predict(list(numbers)))
    assert numeric.predict(numbers[..., 0]).equals(numeric.predict(list(numbers)))


@pytest.mark.parametrize("name", ["column", "word_column", "sentence_column"])
def test_columns_of_lists_of_pairs(name: str) -> None:
    options: dict[str, Any] = {name: "zz", "epochs": 1}
    refuses(lambda: SequenceTagger(TagOptions(**options)).fit(SENTENCES), f"{name} = 'zz': sentences as lists of pairs")


SEARCHES: list[tuple[Any, dict[str, Any], str]] = [
    ("forecast", {"fixed": ["zz"]}, "fixed: there is no option 'zz'"),
    ("forecast", {"fixed": ["hiden_size"]}, "did you mean 'hidden_size'?"),
    (
        "forecast",
        {"options": TuneOptions(search=("hidden_size=4..8", "hidden-size=16..32"))},
        "search: hidden_size is there twice, 4..8 and 16..32",
    ),
    (Forecaster, {}, "task: got the class Forecaster; expected the name of a task or an estimator"),
    (3, {}, "task: got 3; expected the name of a task or an estimator"),
    ("forecast", {"options": {"trials": 3}}, "options: got a dict; expected TuneOptions"),
]


@pytest.mark.parametrize(("task", "further", "message"), SEARCHES, ids=[message for *_, message in SEARCHES])
def test_searches(task: Any, further: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        tune(task, SERIES, **further)
    assert message in str(refused.value)


def test_a_long_horizon_is_the_same_as_step_after_step_and_says_how_far_it_is(fitted: Forecaster) -> None:
    """Each forecast is from what was forecast before it, as if that had been data."""
    told: list[tuple[int, int, str]] = []
    with progress_to(lambda done, of, what: told.append((done, of, what))):
        found = fitted.predict(horizon=20)
    history, values = fitted.history_, []
    for _ in range(7):
        part = fitted.predict(history)
        values += part["y"].to_list()
        history = history.extended(part["y"].to_numpy().reshape(1, -1, 1)).tail(fitted.options_.window or 0)
    assert found["y"].to_list() == values[:20]
    assert found["t"].to_list() == list(range(60, 80))
    assert found["y-lo-80"].is_null().to_list() == [False] * 3 + [True] * 17
    assert (told[0], told[-1]) == ((0, 18, "steps"), (18, 18, "steps"))


def test_names_of_files_that_are_no_utf_8(tmp_path: Path) -> None:
    import os

    for label in ("good", "bad"):
        (tmp_path / "texts" / label).mkdir(parents=True)
        for number in range(12):
            (tmp_path / "texts" / label / f"{number}.txt").write_text(f"a {label} film {number}")
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "texts" / "good") + b"/gr\xf6n.txt"))
    try:
        odd.write_text("a good film")
    except OSError:
        pytest.skip("this file system has no such names")
    model = SequenceClassifier(ClassifyOptions(epochs=1, hidden_size=4, embedding_size=4)).fit(tmp_path / "texts")
    assert "good/gr\\xf6n.txt" in model.predict(tmp_path / "texts")["id"].to_list()
    book = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xf6k.txt"))
    book.write_text("the cat sat on the mat. the dog ate.\n" * 40)
    written = LanguageModel(LanguageOptions(epochs=1, hidden_size=4, layers=1)).fit(book, out=tmp_path / "model")
    written.save(tmp_path / "model")
    assert "b\\xf6k.txt" in (tmp_path / "model" / "report.html").read_text(encoding="utf-8")
    assert LanguageModel.load(tmp_path / "model").surprise("the").height == 3
