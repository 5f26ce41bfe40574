"""What the pages about a tagger say: the report, and the documentation's table of options."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tag_cases import ENTITIES, sentences

from recurra.data import sentences_of
from recurra.errors import ExportError, InputError
from recurra.report import Bar, Table, entity_scores, frequent_errors
from recurra.tasks import SequenceTagger, TagOptions
from recurra.tasks.tag.data import some_of


def test_the_page_has_the_figures_and_marks_the_errors(entity_tagger: SequenceTagger, tmp_path: Path) -> None:
    wrong = [[(word, "B-PER") for word, _ in sentence] for sentence in sentences(ENTITIES, count=3, seed=8)]
    options = TagOptions(epochs=1, hidden_size=4, learning_rate=1e-9, seed=2, self_attention=True, heads=2)
    tagger = SequenceTagger(options)
    tagger.fit(sentences(ENTITIES, count=20), test=wrong)
    page = tagger._page()
    assert "test F1 of entities" in page
    assert "Each type of entity" in page
    assert "The most frequent errors" in page
    assert "≠ B-PER" in page
    assert "Where each token of text 1 looks" in page
    with pytest.raises(ExportError, match=r"it has attention.*to='c' cannot say that, to='onnx' can"):
        tagger.export(tmp_path / "tagger.c")
    with pytest.raises(InputError, match="heads = 3: self_attention has 8 features"):
        TagOptions(hidden_size=4, self_attention=True, heads=3)
    assert "The most frequent errors" not in entity_tagger._page()


def test_parts_of_speech_have_no_entities_on_their_page(parts_tagger: SequenceTagger) -> None:
    page = parts_tagger._page()
    assert "Each type of entity" not in page
    assert "<h1>Tags of train.conllu</h1>" in page


def test_frequent_errors_are_counted() -> None:
    table = frequent_errors([("to", "ADP", "PART")] * 3 + [("that", "PRON", "SCONJ")], most=1)
    assert isinstance(table, Table)
    assert table.rows == (("to", "ADP", "PART", Bar("3", 1.0)),)
    assert table.caption.startswith("4 tokens have the wrong tag")


def test_entity_scores_begin_with_the_most_frequent() -> None:
    few = {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "there": 2, "found": 1}
    many = {"precision": 0.0, "recall": 0.0, "f1": 0.0, "there": 1500, "found": 0}
    rows = entity_scores({"A": few, "B": many}).rows
    assert rows == (
        ("B", "0.000", "0.000", Bar("0.000", 0.0), "1,500", "0"),
        ("A", "1.000", "0.500", Bar("0.667", 2 / 3), "2", "1"),
    )


def test_some_sentences_keep_their_lines() -> None:
    given = sentences_of([["a"], ["b", "c"], ["d"]], tags=[["X"], ["Y", "X"], ["X"]])
    some = some_of(given, np.array([1, 2]))
    assert (some.words, some.tags, some.rows) == ((("b", "c"), ("d",)), (("Y", "X"), ("X",)), ((3, 4), (6,)))
    assert some_of(given, np.arange(3)) is given
