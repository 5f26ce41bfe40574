"""The exercises of the course: answers pass, each mistake is told by its own hint, and what a wrong answer is told."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from recurra.errors import InputError
from recurra.testing import CheckError, Exercise, check_exercise, exercises


@pytest.mark.parametrize("exercise", exercises.values(), ids=lambda each: each.name)
def test_the_answer_is_right_and_each_mistake_is_told(exercise: Exercise) -> None:
    assert str(check_exercise(exercise.name, exercise.answer, language="en")) == f"{exercise.name}: right (3 cases)"
    assert f"{exercise}".startswith(f"{exercise.name}: of ")
    for mistake in exercise.mistakes:
        for language, hint in (("en", mistake.hint.en), ("zh", mistake.hint.zh)):
            with pytest.raises(CheckError, match=re.escape(hint)):
                check_exercise(exercise.name, mistake.function, language=language)


def test_chinese_is_chinese() -> None:
    for exercise in exercises.values():
        for text in (exercise.task, exercise.hint, *(mistake.hint for mistake in exercise.mistakes)):
            assert re.search("[\u4e00-\u9fff]", text.zh)
            assert not re.search("[\u4e00-\u9fff]", text.en)


def test_what_a_wrong_answer_is_told() -> None:
    def softmax(scores: np.ndarray) -> np.ndarray:
        return scores / scores.sum(-1, keepdims=True)

    with pytest.raises(CheckError) as told:
        check_exercise("softmax", softmax, language="en")
    lines = str(told.value).splitlines()
    assert lines[0] == "softmax, case 1 of 3: the result has wrong numbers, the first at [0, 0]"
    assert [line.split()[0] for line in lines if line[2] != " "] == ["softmax,", "given", "expected", "got", "hint"]
    with pytest.raises(CheckError, match=r"第 1 组（共 3 组）：?.*数值不对"):
        check_exercise("softmax", softmax, language="zh")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda scores: None, "returns None"),
        (lambda scores: (scores, scores), "returns 2 results, and 1 are asked for"),
        (lambda scores: scores[0], r"the result has the shape \(4,\), and \(2, 4\) is asked for"),
        (lambda scores: "much", "no array of numbers: 'much'|no array of numbers"),
        (lambda scores: scores @ scores, "it raises ValueError: matmul"),
        (lambda scores: scores.__isub__(scores.max()), "changes what it was given, scores"),
    ],
)
def test_other_faults(function: Any, said: str) -> None:
    with pytest.raises(CheckError, match=said):
        check_exercise("softmax", function, language="en")


def test_the_language_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = exercises["softmax"].answer
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert str(check_exercise("softmax", answer)) == "softmax: 正确（共 3 组）"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert str(check_exercise("softmax", answer)) == "softmax: right (3 cases)"
    with pytest.raises(InputError, match=r"language='fr'"):
        check_exercise("softmax", answer, language="fr")
    with pytest.raises(InputError, match=r"there is no exercise 'softmaxx'"):
        check_exercise("softmaxx", answer)
