"""Tables and texts in tokens: the numbers in them are right."""

from __future__ import annotations

import numpy as np
import pytest

from recurra.errors import InputError
from recurra.report import (
    Bar,
    Heat,
    Table,
    attention_passage,
    attention_text,
    class_counts,
    class_scores,
    confusion_heat,
    environment_table,
    errors_by_series,
    missing_table,
    most_surprising,
    options_tables,
    samples,
    surprise_text,
    tagged_passage,
    tagged_text,
    timing_table,
)

CONFUSION = np.array([[8, 2, 0], [1, 4, 0], [0, 0, 0]])
"""Truth down: precision 8/9 and 4/6, recall 8/10 and 4/5; the third class never occurs."""


def column(table: Table, name: str) -> list[str]:
    place = table.header.index(name)
    return [cell.text if isinstance(cell, Bar) else cell for cell in (row[place] for row in table.rows)]


def shown(heat: Heat, row: int) -> list[tuple[str, str]]:
    return [(cell.text, cell.detail) for cell in heat.cells[row]]


def test_scores_of_classes() -> None:
    table = class_scores(CONFUSION, ["a", "b", "c"])
    assert column(table, "precision") == ["0.889", "0.667", "–"]
    assert column(table, "recall") == ["0.800", "0.800", "–"]
    assert column(table, "F1") == ["0.842", "0.727", "–"]
    assert column(table, "examples") == ["10", "5", "0"]


def test_confusion_has_counts_and_shares_of_rows() -> None:
    heat = confusion_heat(CONFUSION, ["a", "b", "c"])
    assert shown(heat, 0) == [("8", "80 %"), ("2", "20 %"), ("0", "")]
    assert shown(heat, 2) == [("0", ""), ("0", ""), ("0", "")]
    assert heat.cells[0][0].share == 0.8
    assert heat.caption.endswith("The most frequent error: a taken for b, 2 times.")


def test_small_shares_are_not_zero() -> None:
    assert shown(confusion_heat(np.array([[999, 1], [0, 1]]), ["a", "b"]), 0)[1] == ("1", "<1 %")


def test_a_perfect_classifier_confuses_nothing() -> None:
    assert confusion_heat(np.eye(2, dtype=int), ["a", "b"]).caption.endswith("Nothing is confused.")


def test_many_classes_are_gathered() -> None:
    confusion = np.diag(np.arange(1, 41))
    confusion[0, 1] = 7
    heat = confusion_heat(confusion, [f"c{row}" for row in range(40)], most=30)
    assert heat.rows == heat.columns == (*(f"c{row}" for row in range(11, 40)), "11 others")
    assert heat.cells[-1][-1].text == str(sum(range(1, 12)) + 7)
    assert sum(int(cell.text) for row in heat.cells for cell in row) == confusion.sum()


@pytest.mark.parametrize("shape", [(2, 3), (3, 3)])
def test_a_matrix_that_does_not_fit_is_refused(shape: tuple[int, int]) -> None:
    for function in (class_scores, confusion_heat):
        with pytest.raises(InputError, match=r"a confusion matrix .* of 2 classes; expected it square"):
            function(np.zeros(shape, dtype=int), ["a", "b"])


def test_counts_of_classes() -> None:
    table = class_counts(["a", "b", "c", "d"], np.array([1, 6, 2, 1]), most=2)
    assert column(table, "class") == ["b", "c", "2 others"]
    assert column(table, "examples") == ["6", "2", "2"]
    assert column(table, "share") == ["60 %", "20 %", "20 %"]
    assert "would be right for 60 %." in table.caption


def test_options_that_a_person_gave_are_marked_and_defaults_are_folded() -> None:
    options = {"horizon": 3, "cell": "GRU", "target": "y", "is_deep": True, "rates": (0.1, 1e-5)}
    defaults = {**options, "horizon": 12, "target": None}
    chosen, rest = options_tables(options, defaults=defaults, given={**defaults, "horizon": 3})
    assert column(chosen, "option") == ["horizon", "target"]
    assert column(chosen, "value") == ["3", "y"]
    assert column(chosen, "default") == ["12", "–"]
    assert column(chosen, "chosen by") == ["you", "the data"]
    assert chosen.marked == {0}
    assert column(rest, "option") == ["cell", "is_deep", "rates"]
    assert column(rest, "default") == ["GRU", "yes", "0.1, 1e-05"]
    assert rest.folded == "3 options at the default"
    none, everything = options_tables(defaults, defaults=defaults, given=defaults)
    assert (none.rows, none.caption) == ((), "All are at their defaults.")
    assert len(everything.rows) == 5


def test_the_environment_has_versions_and_the_date_it_was_given() -> None:
    table = environment_table(date="2026-01-02", threads=3, packages=("numpy", "no-such-package"))
    rows = {row[0]: row[1] for row in table.rows}
    assert rows["numpy"] == np.__version__
    assert (rows["trained"], rows["threads of torch"]) == ("2026-01-02", "3")
    assert "no-such-package" not in rows


def test_times_are_in_units_that_are_read() -> None:
    table = timing_table({"a": 0.0123, "b": 61.2, "c": 600.0, "d": 10_000.0})
    assert column(table, "time") == ["12 ms", "61.2 s", "10 min", "2.78 h"]
    assert sum(row[1].share for row in table.rows if isinstance(row[1], Bar)) == pytest.approx(1)
    assert column(timing_table({"a": 0.0}), "time") == ["0 ms"]


def test_columns_with_gaps_come_first() -> None:
    table = missing_table({"a": 0.0, "b": 0.5, "c": 0.125})
    assert column(table, "column") == ["b", "c", "a"]
    assert column(table, "missing") == ["50 %", "12.5 %", "0 %"]
    assert table.caption == "2 of 3 columns have gaps."


def test_the_worst_series_come_first() -> None:
    table = errors_by_series(["a", "b", "c"], np.array([1.0, np.nan, 3.0]), np.array([2.0, 1.0, 2.0]), most=2)
    assert column(table, "series") == ["c", "a"]
    assert column(table, "MAE") == ["3.000", "1.000"]
    assert table.title == "Series by MAE, the 2 worst of 3"
    assert "better than seasonal naive on 33.3 %" in table.caption


def test_attention_is_relative_to_the_strongest() -> None:
    passage = attention_passage(["a", "b"], np.array([0.2, 0.8]), predicted="good", truth="bad", confidence=0.91)
    assert [token.share for token in passage.tokens] == [0.25, 1.0]
    assert passage.tokens[1].note == "80.0 % of the attention"
    assert (passage.heading, passage.is_wrong) == ("good, 91 % sure; in truth bad", True)
    right = attention_passage(["a"], np.ones(1), predicted="good", truth="good", confidence=1.0)
    assert not right.is_wrong
    assert attention_text([passage]).scale == ("none", "most")


def test_surprise_is_shaded_up_to_its_99th_percentile() -> None:
    bits = np.append(np.ones(199), 400.0)
    text = surprise_text(["x"] * 200, bits)
    (passage,) = text.passages
    assert passage.tokens[0].share == 1.0  # a single outlier does not make all others pale
    assert passage.tokens[-1].note == "400 bits"
    assert text.scale == ("0 bits", "1 bits or more")


def test_the_most_surprising_tokens_stand_after_their_context() -> None:
    table = most_surprising(["a", " b", "\n", ""], np.array([1.0, 4.0, 2.0, np.nan]), most=2)
    assert [row[:2] for row in table.rows] == [("…a", "␣b"), ("…a b", "↵")]
    assert column(table, "bits") == ["4.000", "2.000"]


def test_wrong_tags_are_marked() -> None:
    passage = tagged_passage(["old", "man"], ["ADJ", "NOUN"], ["NOUN", "NOUN"])
    assert [(token.label, token.is_wrong) for token in passage.tokens] == [("ADJ ≠ NOUN", True), ("NOUN", False)]
    assert tagged_text([passage]).caption.startswith("1 of 2 tokens are wrong here")
    with pytest.raises(InputError, match="got 2 tokens, 1 predicted, 2 truth"):
        tagged_passage(["a", "b"], ["X"], ["X", "Y"])


def test_samples_say_step_and_prompt() -> None:
    shown = samples([(1000, "text\n  as it is")], prompt="Once")
    assert (shown.excerpts[0].label, shown.excerpts[0].text) == ("step 1,000", "text\n  as it is")
    assert "'Once'" in shown.caption
