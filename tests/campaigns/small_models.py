"""Data of a few lines and small models of every task, for campaigns that kill trainings and damage model folders."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from spoken_letters import write_letters

__all__ = ["SMALL", "fit_into", "in_child", "write_data"]

_COMMON: dict[str, Any] = {"hidden_size": 4, "epochs": 3, "seed": 5}
SMALL: dict[str, dict[str, Any]] = {
    "forecast": {**_COMMON, "time": "year", "horizon": 3, "season_length": 5},
    "classify": {**_COMMON, "text": "text", "label": "label", "batch_size": 8},
    "language": {**_COMMON, "level": "char", "batch_size": 2, "bptt": 20},
    "tag": {**_COMMON, "column": "UPOS", "batch_size": 4},
    "transcribe": {**_COMMON, "batch_size": 8, "layers": 1, "convolutions": 0, "ngram_weight": 0.5},
    "translate": {**_COMMON, "batch_size": 8, "beam": 2, "validation_fraction": 0.2, "test_fraction": 0.2},
}
"""The options of each task's small model."""

_FILES = {
    "forecast": "wave.csv", "classify": "texts.csv", "language": "book.txt", "tag": "words.conllu",
    "translate": "pairs.tsv",
}  # fmt: skip


def write_data(folder: Path, task: str, /) -> Path:
    """Write the training data of a task into a folder, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    if task == "transcribe":
        return write_letters(folder)
    path = folder / _FILES[task]
    path.write_text(_CONTENT[task](), encoding="utf-8")
    return path


def fit_into(folder: Path, task: str, data: Path, /, *, resume: bool = False, **others: Any) -> None:
    """Fit a small model as the command does: locked, with checkpoints beside the folder; `others` are its options."""
    from recurra.cli.fit import FitArguments, run_fit
    from recurra.tasks.registry import TASKS

    options = TASKS[task].options_class()(**SMALL[task] | others)
    run_fit(FitArguments(task=TASKS[task], options=options, data=data, out=folder, resume=resume, quiet=True))


def in_child(work: Any, /) -> int:
    """Begin work in a copy of this process, and return its number.

    The copy ends with 0, with 3 and the message on stderr for an error in recurra's words, and with 4 and the traceback
    for any other.
    """
    child = os.fork()
    if child:
        return child
    code = 4
    try:
        code = _outcome(work)
    finally:
        os._exit(code)


def _outcome(work: Any) -> int:
    import sys
    import traceback

    from recurra.errors import RecurraError

    try:
        work()
    except RecurraError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except BaseException:
        traceback.print_exc()
        return 4
    return 0


def _wave() -> str:
    return "\n".join(["year,x", *(f"{1900 + n},{10 + 3 * math.sin(n * 2 * math.pi / 5)}" for n in range(80)), ""])


def _texts() -> str:
    words = {"good": "fine great lovely kind", "bad": "awful poor sad rude"}
    rows = [
        f"{label},{words[label].split()[n % 4]} {words[label].split()[n * 3 % 4]} film number {n % 7}"
        for n in range(30)
        for label in words
    ]
    return "\n".join(["label,text", *rows, ""])


def _book() -> str:
    return "".join(f"the {['cat', 'dog', 'owl'][n % 3]} saw {n % 5} mice and slept.\n" for n in range(40))


def _sentences() -> str:
    words = [("the", "DET"), ("cat", "NOUN"), ("sees", "VERB"), ("dogs", "NOUN"), ("now", "ADV")]
    rows = []
    for n in range(24):
        chosen = words[n % 3 :] + words[: n % 2]
        rows += [f"{at}\t{word}\t{word}\t{tag}\t_\t_\t0\t_\t_\t_" for at, (word, tag) in enumerate(chosen, 1)]
        rows.append("")
    return "\n".join([*rows, ""])


def _pairs() -> str:
    words = ["zero", "one", "two", "three"]
    rows = [f"{a}{b}\t{words[a]} {words[b]}" for a in range(4) for b in range(4)] + ["0\tzero", "3\tthree"]
    return "\n".join(["digits\twords", *rows * 2, ""])


_CONTENT = {"forecast": _wave, "classify": _texts, "language": _book, "tag": _sentences, "translate": _pairs}
