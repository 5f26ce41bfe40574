"""What a classifier takes: rows with something missing, plain texts, folders of texts; and labels that are none."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import polars
import pytest
from classify_cases import TEXTS, reviews

from recurra.data import LabelledSequences, SequenceColumns, read_labelled
from recurra.errors import DataError, InputError
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.tasks.classify.data import read_sequences, split_sequences
from recurra.tasks.model import Sources

OPTIONS = dataclasses.replace(TEXTS, epochs=2)


@pytest.fixture(scope="module")
def fitted() -> SequenceClassifier:
    return SequenceClassifier(OPTIONS).fit(reviews())


def gaps() -> polars.DataFrame:
    frame = reviews(60)
    texts, labels = frame["text"].to_list(), frame["label"].to_list()
    texts[3], texts[10], labels[20] = None, "  ", None
    return frame.with_columns(text=polars.Series(texts), label=polars.Series(labels))


def test_columns_are_refused_where_there_are_none(tmp_path: Path) -> None:
    arrays = LabelledSequences(
        sequences=[np.ones((3, 1))] * 4, labels=np.array([0, 1, 0, 1]), classes=("a", "b"), source="the arrays",
        rows=np.arange(1, 5),
    )  # fmt: skip
    np.savez(tmp_path / "t.npz", x=np.ones((4, 3)), y=np.array(["a", "b", "a", "b"]))
    for data, source in ((arrays, "the arrays"), (tmp_path / "t.npz", r"t\.npz"), (tmp_path, str(tmp_path))):
        with pytest.raises(InputError, match=rf"text = 'zz': it names a column, and .*{source} is no table"):
            split_sequences(Sources(training=data), ClassifyOptions(text="zz"))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_with_something_missing_are_refused_or_left_out_with_a_count(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    getattr(gaps(), f"write_{suffix}")(path)
    with pytest.raises(DataError, match=r"data row 4: the text is missing"):
        split_sequences(Sources(training=path), OPTIONS)
    split = split_sequences(Sources(training=path), dataclasses.replace(OPTIONS, missing="drop"))
    assert "3 rows left out as incomplete or unusable" in split.description
    rows = np.sort(np.concatenate([part.rows for part in split.by_name().values()]))
    assert set(range(1, 61)) - set(rows.tolist()) == {4, 11, 21}
    polars.DataFrame({"text": ["", None], "label": ["a", "b"]}).write_parquet(tmp_path / "none.parquet")
    with pytest.raises(DataError, match="in every one something is missing"):
        split_sequences(Sources(training=tmp_path / "none.parquet"), dataclasses.replace(OPTIONS, missing="drop"))


def test_predictions_are_empty_where_the_text_is(fitted: SequenceClassifier) -> None:
    found = fitted.predict(gaps())
    assert found["row"].to_list() == list(range(1, 61))
    assert found["prediction"].is_null().arg_true().to_list() == [3, 10]
    assert np.isnan(fitted.predict_proba(gaps())).any(1).nonzero()[0].tolist() == [3, 10]
    assert fitted.listing(gaps()).flat.height == 60


def test_a_plain_text_is_a_text_a_line(fitted: SequenceClassifier, tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("great, and good\n\nthe cast is dull\n")
    found = fitted.predict(path)
    assert found["row"].to_list() == [1, 2, 3]
    assert found["text"].to_list() == ["great, and good", None, "the cast is dull"]
    path.write_text("great,\u2028and good\nthe cast is dull\n", encoding="utf-8")
    assert fitted.predict(path)["row"].to_list() == [1, 2]
    path.write_text("text\tid\ngreat\t7\n")
    assert fitted.predict(path)["text"].to_list() == ["great"]
    path.write_text("\n")
    with pytest.raises(DataError, match="is empty; expected a text a line"):
        fitted.predict(path)


@pytest.mark.parametrize("parts", [("",), ("train", "test")])
def test_a_folder_of_texts_for_each_class(tmp_path: Path, parts: tuple[str, ...]) -> None:
    for place in range(40):
        folder = tmp_path / parts[place // 2 % len(parts)] / ("good" if place % 2 else "bad")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{place}.txt").write_text(f"number {place}\nof many\n")
    split = split_sequences(Sources(training=tmp_path), dataclasses.replace(OPTIONS, text=None, label=None))
    assert split.training.classes == ("bad", "good")
    assert len(split.test) == (20 if len(parts) == 2 else 4)
    found = read_sequences(tmp_path, OPTIONS)
    assert len(found) == 40
    assert found.ids is not None
    assert found.ids[0].endswith("bad/0.txt" if parts == ("",) else "test/bad/10.txt")
    (tmp_path / "stray.txt").write_text("x")
    with pytest.raises(DataError, match=r"stray.txt is in no folder of a class"):
        read_labelled(tmp_path)
    (tmp_path / "stray.txt").unlink()
    (tmp_path / found.ids[0]).with_name("empty.txt").write_text(" \n")
    (tmp_path / found.ids[0]).with_name("latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(
        DataError, match=r"2 of its 42 texts cannot be used; missing = drop.*\n.*empty.txt is empty;.*\n.*not UTF-8"
    ):
        read_labelled(tmp_path)
    assert read_labelled(tmp_path, drop=True).ids == found.ids


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([[1], [2, 3]] * 10, "expected one label a row, got List"),
        (["[1, 2]", "[3]"] * 10, "the labels are lists, such as"),
        ([f"id {row}" for row in range(20)], "almost all different: 20 classes for 20 sequences"),
        ([row / 7 for row in range(20)], "numbers that differ almost everywhere"),
    ],
)
def test_labels_that_are_no_classes(labels: list[object], message: str) -> None:
    frame = polars.DataFrame({"text": ["a text"] * 20, "label": labels})
    with pytest.raises(DataError, match=message):
        read_labelled(frame, columns=SequenceColumns(text="text", label="label"))


def test_words_are_brought_to_a_normal_form(tmp_path: Path) -> None:
    frame = polars.DataFrame({"text": ["ｇｏｏｄ ﬁlm", "bad cafe\u0301"] * 20, "label": ["yes", "no"] * 20})
    model = SequenceClassifier(dataclasses.replace(OPTIONS, epochs=1)).fit(frame)
    again = SequenceClassifier.load(model.save(tmp_path / "model"))
    usual, other = (
        again.predict_proba(texts) for texts in (["good film", "bad caf\u00e9"], frame["text"].to_list()[:2])
    )
    np.testing.assert_allclose(usual, other)
    assert "normalise: NFKC" in (tmp_path / "model" / "config.yaml").read_text()


def long_series(count: int = 40) -> polars.DataFrame:
    """Three steps a sequence, side by side."""
    steps = [(f"s{n}", float(n % 5 + step), float(n % 2), "ab"[n % 2]) for n in range(count) for step in range(3)]
    return polars.DataFrame(steps, schema=["id", "u", "v", "label"], orient="row")


def test_series_in_which_something_is_missing_are_left_out_whole() -> None:
    options = ClassifyOptions(values="u,v", id="id", label="label", hidden_size=4, epochs=1)
    frame = long_series()
    columns = {name: frame[name].to_list() for name in frame.columns}
    columns["u"][4], columns["v"][8], columns["label"][12], columns["id"][17] = None, float("nan"), "", None
    broken = polars.DataFrame(columns)
    with pytest.raises(DataError, match="missing"):
        split_sequences(Sources(training=broken), options)
    split = split_sequences(Sources(training=broken), dataclasses.replace(options, missing="drop"))
    assert "4 sequences left out" in split.description
    kept = {
        name: len(each)
        for part in split.by_name().values()
        for name, each in zip(part.ids or (), part.sequences, strict=True)
    }
    assert kept == {f"s{n}": 2 if n == 5 else 3 for n in range(40) if n not in (1, 2, 4)}
    fitted = SequenceClassifier(dataclasses.replace(options, missing="drop")).fit(broken)
    found = fitted.predict(broken.drop("label"))
    assert found.filter(polars.col("prediction").is_null())["row"].to_list() == [4, 7, 18]
    assert found["row"].to_list() == [*range(1, 17, 3), 18, *range(19, 121, 3)]
