"""Exercises that check themselves: `check_exercise` holds a function of a reader's against the library's own answer."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from recurra.arguments import check_whole, checked
from recurra.errors import InputError
from recurra.testing.tolerances import CheckError, error_of

__all__ = ["Exercise", "ExerciseReport", "Hint", "Mistake", "check_answer", "checked_language"]

Language = Literal["en", "zh"]

_ALLOWED = 1e-9
_WORDS: Mapping[str, tuple[str, str]] = {
    "case": ("case {0} of {1}", "第 {0} 组（共 {1} 组）"),
    "right": ("right ({0} cases)", "正确（共 {0} 组）"),
    "given": ("given", "给定"),
    "expected": ("expected", "应得"),
    "got": ("got", "实得"),
    "hint": ("hint", "提示"),
    "raises": ("it raises {0}", "抛出了 {0}"),
    "none": ("it returns None: is there a `return`?", "返回了 None：是不是忘了 `return`？"),
    "several": ("it returns {0} results, and {1} are asked for", "返回了 {0} 个结果，应为 {1} 个"),
    "shape": ("{0} has the shape {1}, and {2} is asked for", "{0} 的形状是 {1}，应为 {2}"),
    "number": ("{0} is no array of numbers: {1}", "{0} 不是数值数组：{1}"),
    "values": ("{0} has wrong numbers, the first at {1}", "{0} 的数值不对，首个错误在 {1}"),
    "changed": ("it changes what it was given, {0}: work on a copy", "它改动了传入的 {0}：请在副本上计算"),
    "result": ("the result", "结果"),
    "result n": ("result {0}", "第 {0} 个结果"),
}


@dataclass(frozen=True)
class Hint:
    """A sentence for the reader, in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Mistake:
    """An answer that is wrong in a way that many make, and what to say to it.

    Where a reader's function returns what this one does, in every case, that is what went wrong.
    """

    function: Callable[..., Any]
    hint: Hint


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A function to write, and how it is checked.

    Attributes
    ----------
    name
        Of the function.
    task
        What it computes: what it takes, in order, with shapes, and what it returns.
    given
        Draws the arguments of a case, by name and in order, from a random generator.
    answer
        The function as it should be.
    hint
        For whom no mistake below is recognised.
    mistakes
        Tried in order.

    Examples
    --------
    >>> from recurra.testing import exercises
    >>> print(exercises["softmax"])
    softmax: of scores (N, V), which may be large: probabilities (N, V), each row of sum 1.
    """

    name: str
    task: Hint
    given: Callable[[np.random.Generator], Mapping[str, Any]]
    answer: Callable[..., Any]
    hint: Hint
    mistakes: tuple[Mistake, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.task.en}"


@dataclass(frozen=True)
class ExerciseReport:
    """What `check_exercise` found: the exercise is solved."""

    name: str
    cases: int
    language: Language = "en"

    def __str__(self) -> str:
        return f"{self.name}: {_say('right', self.language, self.cases)}"

    __repr__ = __str__


def checked_language(language: str | None) -> Language:
    """Return the language to speak: the one that is given, or that of the environment where that is Chinese."""
    if language is None:
        found = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
        return "zh" if found.startswith("zh") else "en"
    if language not in ("en", "zh"):
        raise InputError(f"check_exercise: language={language!r}; expected 'en' or 'zh'")
    return language


@checked(InputError)
def check_answer(
    exercise: Exercise, function: Callable[..., Any], *, language: Language, seed: int, cases: int = 3
) -> ExerciseReport:
    """Run a function on drawn cases and compare it with the answer; see `recurra.testing.check_exercise`.

    Raises
    ------
    CheckError
        What was given, what was expected, what came, and a hint.
    """
    check_whole("check_exercise: seed", seed, InputError, least=0)
    drawn = [exercise.given(np.random.default_rng([seed, number])) for number in range(cases)]
    for number, given in enumerate(drawn, 1):
        expected = _run(exercise.answer, given)
        fault, cause, got = _fault(function, given, expected, language)
        if fault is not None:
            hint = _hint(exercise, function, drawn)
            text = _message(exercise.name, (number, cases), fault, (given, expected, got), hint, language)
            raise CheckError(text) from cause
    return ExerciseReport(exercise.name, cases, language)


def _say(key: str, language: Language, *values: object) -> str:
    return _WORDS[key][language == "zh"].format(*values)


def _run(function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a function on copies; what overflows in a wrong answer is told by its result."""
    with np.errstate(all="ignore"):
        return function(*copy.deepcopy(tuple(given.values())))


def _fault(
    function: Callable[..., Any], given: Mapping[str, Any], expected: Any, language: Language
) -> tuple[str | None, Exception | None, Any]:
    """Return what is wrong with a function's result, in words, the exception behind it, and the result."""
    arguments = copy.deepcopy(dict(given))
    try:
        with np.errstate(all="ignore"):
            got = function(*arguments.values())
    except Exception as error:  # whatever a reader's function raises
        return _say("raises", language, f"{type(error).__name__}: {error}"), error, None
    for name, value in arguments.items():
        if not _same(_parts(value), _parts(given[name])):
            return _say("changed", language, name), None, got
    return _difference(got, expected, language), None, got


def _difference(got: Any, expected: Any, language: Language) -> str | None:
    if got is None:
        return _say("none", language)
    ours, theirs = _parts(expected), _parts(got)
    if len(ours) != len(theirs):
        return _say("several", language, len(theirs), len(ours))
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True), 1):
        name = _say("result", language) if len(ours) == 1 else _say("result n", language, number)
        if other.dtype.kind not in "biuf":
            return _say("number", language, name, _shown(other))
        if mine.shape != other.shape:
            return _say("shape", language, name, other.shape, mine.shape)
        if error_of(other, mine) > _ALLOWED:
            return _say("values", language, name, _first_place(other, mine))
    return None


def _first_place(got: np.ndarray, expected: np.ndarray) -> str:
    wrong = ~np.isclose(got, expected, rtol=0, atol=_ALLOWED * max(1.0, float(np.abs(expected).max(initial=1.0))))
    return f"[{', '.join(str(index) for index in np.argwhere(wrong)[0])}]" if got.ndim else "()"


def _hint(exercise: Exercise, function: Callable[..., Any], drawn: Sequence[Mapping[str, Any]]) -> Hint:
    """Return the hint of the mistake that gives what a function gives; else the exercise's own."""
    for mistake in exercise.mistakes:
        if all(_agree(function, mistake.function, given) for given in drawn):
            return mistake.hint
    return exercise.hint


def _agree(one: Callable[..., Any], other: Callable[..., Any], given: Mapping[str, Any]) -> bool:
    try:
        return _same(_parts(_run(one, given)), _parts(_run(other, given)))
    except Exception:  # one of the two does not run on this case
        return False


def _same(ones: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> bool:
    return len(ones) == len(others) and all(
        one.dtype.kind in "biuf" and other.dtype.kind in "biuf" and error_of(one, other) <= _ALLOWED
        for one, other in zip(ones, others, strict=True)
    )


def _parts(value: Any) -> list[np.ndarray]:
    """Return the arrays that a value consists of: those of a tuple, a list of arrays, or a mapping; else one."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple) or (isinstance(value, list) and any(isinstance(each, np.ndarray) for each in value)):
        return [np.asarray(each) for each in value]
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    return [np.asarray(value)]


def _message(
    name: str,
    case: tuple[int, int],
    fault: str,
    told: tuple[Mapping[str, Any], Any, Any],
    hint: Hint,
    language: Language,
) -> str:
    given, expected, got = told
    rows = [(_say("given", language), "\n".join(f"{key} = {_shown(value)}" for key, value in given.items()))]
    rows += [(_say("expected", language), _shown(expected)), (_say("got", language), _shown(got))]
    rows += [(_say("hint", language), getattr(hint, language))]
    lines = [f"{name}, {_say('case', language, *case)}: {fault}"]
    for word, text in rows:
        first, *rest = text.splitlines() or [""]
        lines += [f"  {word:<9} {first}", *(f"  {'':<9} {line}" for line in rest)]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    """Write a value in few digits: an array with its shape where it has several axes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(_shown(each) for each in value) + ")"
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return np.array2string(value, precision=4, suppress_small=True, threshold=24, separator=", ")
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
