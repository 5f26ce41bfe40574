"""The linear classifier beside the network: n-grams against scikit-learn's TF-IDF, mixing, what the folder keeps."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import polars
import pytest
from classify_cases import NUMBERS, TEXTS, reviews, walks
from sklearn.feature_extraction.text import TfidfVectorizer

from recurra.errors import InputError, ModelFolderError
from recurra.tasks import SequenceClassifier
from recurra.tasks.classify.linear import NgramFeatures, SeriesFeatures, best_share, fit_linear, mixed
from recurra.tasks.classify.scores import evaluate_probabilities, never_predicted
from recurra.training.model_folder import write_model_folder


def sequences(count: int, *, tokens: int, seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.integers(0, tokens, random.integers(1, 12)) for _ in range(count)]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_features_are_those_of_scikit_learn(size: int) -> None:
    training, others = sequences(40, tokens=6, seed=0), sequences(10, tokens=6, seed=1)
    features = NgramFeatures.fit(training, size=size, tokens=6, most=10_000)
    peer = TfidfVectorizer(ngram_range=(1, size), sublinear_tf=True, token_pattern=r"\S+")
    expected = peer.fit([" ".join(map(str, each)) for each in training])
    assert len(features.terms) == len(expected.vocabulary_)

    def number(term: str) -> int:
        return int(np.searchsorted(features.terms, features.codes(np.array([*map(int, term.split())]))[-1]))

    order = [number(term) for term in expected.get_feature_names_out()]
    wanted = expected.transform([" ".join(map(str, each)) for each in others]).toarray()
    assert np.allclose(features.matrix(others).toarray()[:, order], wanted, atol=1e-6)


def test_the_most_frequent_n_grams_are_kept() -> None:
    training = [np.array([0, 1]), np.array([0, 1]), np.array([2])]
    features = NgramFeatures.fit(training, size=2, tokens=3, most=2)
    whole = NgramFeatures.fit(training, size=2, tokens=3, most=10)
    assert len(features.terms) == 2
    assert set(features.terms) < set(whole.codes(training[0]))


def test_n_grams_without_a_code_are_refused() -> None:
    with pytest.raises(InputError, match="ngram_size = 8: such n-grams of 1,000 tokens are too many"):
        NgramFeatures.fit([np.array([1, 2])], size=8, tokens=1000, most=10)


def test_series_are_resampled() -> None:
    features = SeriesFeatures(steps=3, channels=1)
    given = [np.array([[0.0], [1.0]], np.float32), np.array([[2.0]], np.float32), np.arange(5.0)[:, None]]
    assert features.matrix(given).tolist() == [[0.0, 0.5, 1.0], [2.0, 2.0, 2.0], [0.0, 2.0, 4.0]]


@pytest.mark.parametrize("ratios", [False, True])
@pytest.mark.parametrize("classes", [2, 4])
def test_what_decides_is_learnt(classes: int, *, ratios: bool) -> None:
    """Three of four classes may be there: the fourth is never likely."""
    random = np.random.default_rng(0)
    labels = np.arange(90) % min(classes, 3)
    texts = [np.append(random.integers(10, 20, 5), label) for label in labels]
    features = NgramFeatures.fit(texts, size=2, tokens=20, most=1000)
    seen = features.matrix(texts), labels
    found = fit_linear(features, seen, seen, classes=classes, ratios=ratios)
    assert found is not None
    probabilities = found.of_features(seen[0])
    assert probabilities.shape == (90, classes)
    assert np.allclose(probabilities.sum(1), 1)
    assert (probabilities.argmax(1) == labels).all()
    assert probabilities[:, 3:].max(initial=0.0) < 1e-6


def test_one_class_alone_has_no_regression() -> None:
    features = SeriesFeatures(steps=1, channels=1)
    seen = np.zeros((4, 1), np.float32), np.zeros(4, np.int64)
    assert fit_linear(features, seen, seen, classes=2) is None


def test_the_share_is_that_of_the_better_one() -> None:
    labels = np.array([0, 1, 0, 1])
    right = np.where(labels[:, None] == np.arange(2), 0.9, 0.1)
    assert best_share(right, right[::-1], labels) == 0.0
    assert best_share(right[::-1], right, labels) == 1.0
    assert best_share(right, right, labels) == 0.5
    assert np.allclose(mixed(right, right[::-1], share=0.5), 0.5)
    assert np.allclose(mixed(right, right[::-1], share=0.0), right)


def test_scores_say_what_each_part_alone_gives(tmp_path: Path) -> None:
    classifier = SequenceClassifier(dataclasses.replace(TEXTS, epochs=1)).fit(reviews())
    test = classifier.metrics_["test"]
    assert test["linear"]["accuracy"] > 0.9
    assert test["ngrams"]["accuracy"] > 0.9
    assert test["network"]["name"] == "BiLSTM, 4 wide"
    table = classifier.score_table(test)
    names = [row[0] for row in table.rows]
    assert names[0] == "BiLSTM, 4 wide, with n-grams"
    assert names[3] == "baseline: TF-IDF of 1 to 2 tokens, logistic regression"
    assert "The answers mix the network with n-grams" in classifier._page()
    classifier.save(tmp_path / "model")
    again = SequenceClassifier.load(tmp_path / "model")
    asked = ["a great film", "dull", "something else"]
    assert (again.predict_proba(asked) == classifier.predict_proba(asked)).all()
    assert again.evaluate(reviews(30, seed=1)) == classifier.evaluate(reviews(30, seed=1))


def test_without_n_grams_the_network_answers_alone() -> None:
    alone = SequenceClassifier(dataclasses.replace(TEXTS, epochs=1, ngrams=False)).fit(reviews())
    test = alone.metrics_["test"]
    assert test["network"] is None
    assert test["linear"]["accuracy"] > 0.9
    assert "n-grams are only the baseline" in alone._page()


def test_series_have_a_linear_baseline(tmp_path: Path) -> None:
    classifier = SequenceClassifier(NUMBERS).fit(walks())
    assert classifier.metrics_["test"]["linear"]["accuracy"] == 1.0
    assert classifier.metrics_["test"]["network"] is None
    classifier.save(tmp_path / "model")
    again = SequenceClassifier.load(tmp_path / "model")
    assert again.evaluate(walks(20, seed=1)) == classifier.evaluate(walks(20, seed=1))


def test_most_tokens_of_one_character_give_longer_n_grams() -> None:
    frame = polars.DataFrame({"text": ["很好看的电影", "不好看的电影"] * 20, "label": ["good", "bad"] * 20})
    assert SequenceClassifier(dataclasses.replace(TEXTS, epochs=1)).fit(frame).options_.ngram_size == 3


@pytest.mark.parametrize(
    "wrong",
    [{"size": 9}, {"size": -1}, {"tokens": 10**9}, {"ngram_share": 7.0}, {"kind": "other"}, {"kind": None}],
)
def test_a_wrong_linear_classifier_is_refused(wrong: dict[str, object], tmp_path: Path) -> None:
    SequenceClassifier(dataclasses.replace(TEXTS, epochs=1)).fit(reviews(60)).save(tmp_path / "model")
    files = {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir() if path.name != "manifest.json"}
    files["linear.json"] = json.dumps({**json.loads(files["linear.json"]), **wrong}).encode()
    write_model_folder(tmp_path / "wrong", files)
    with pytest.raises(ModelFolderError):
        SequenceClassifier.load(tmp_path / "wrong")


def test_classes_that_are_never_predicted_are_named() -> None:
    probabilities = np.array([[0.9, 0.05, 0.05]] * 3)
    found = evaluate_probabilities(probabilities, np.array([0, 1, 1]), classes=("a", "b", "c"), frequent=0)
    assert found.never_predicted == ["b"]
    said = never_predicted(dataclasses.asdict(found))
    assert "'b' (2)" in said
    assert "class_weights = balanced" in said
