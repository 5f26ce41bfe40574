"""Pretrained word vectors from a text file in GloVe's or word2vec's format; only those that are wanted are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import final

import numpy as np

from recurra.data.files import opened
from recurra.data.vocabulary import Vocabulary
from recurra.errors import DataError

__all__ = ["WordVectors", "first_words", "read_vectors"]

_SIZE = re.compile("[0-9]{1,12}")


@final
@dataclass(frozen=True)
class WordVectors:
    """The vectors of a vocabulary's words.

    Attributes
    ----------
    values
        (words, width) float32, zeros where the file has no vector.
    found
        (words,) bool, whether the file has one.
    """

    values: np.ndarray
    found: np.ndarray


def read_vectors(path: str | Path, vocabulary: Vocabulary, /, *, lowercase: bool = True) -> WordVectors:
    """Read the vectors of a vocabulary's words, line by line; the rest of the file is not kept.

    A line is a word and its numbers, separated by spaces: GloVe's format (Pennington, Socher & Manning, 2014). A first
    line of two whole numbers, the words' count and the width, makes it word2vec's (Mikolov et al., 2013).

    Parameters
    ----------
    path
        The file, in UTF-8; a `.gz` is decompressed as it is read.
    vocabulary
        The words.
    lowercase
        Whether a word that is not there takes the vector of its lower case. Of words that are there twice the first
        line counts.

    Raises
    ------
    DataError
        If the file is missing, is empty, or a line has another width or no numbers; the message says the line.
    """
    path = Path(path)
    values, exact, found = np.zeros((len(vocabulary), 0), np.float32), *np.zeros((2, len(vocabulary)), bool)
    lower = _by_lower_case(vocabulary) if lowercase else {}
    for line, word, numbers in _lines(path):
        if not values.shape[1]:
            values = np.zeros((len(vocabulary), len(numbers)), np.float32)
        number = vocabulary.numbers.get(word)
        wanted = [] if number is None or exact[number] else [number]
        others = [other for other in lower.get(word, ()) if not found[other]]
        if wanted or others:
            values[wanted + others] = _parsed(numbers, f"{path}, line {line}, word {word!r}")
            found[wanted + others] = True
            exact[wanted] = True
    return WordVectors(values, found)


def first_words(path: str | Path, /, *, most: int) -> tuple[str, ...]:
    """Return the first words of a file of vectors, the most frequent ones as such files go, so many at most.

    Raises
    ------
    DataError
        As `read_vectors`, of the lines that are read.
    """
    return tuple(word for _, word, _ in islice(_lines(Path(path)), most))


def _by_lower_case(vocabulary: Vocabulary) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for token, number in vocabulary.numbers.items():
        if token != token.lower():
            groups.setdefault(token.lower(), []).append(number)
    return groups


def _lines(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each line's number, word and numbers' texts; a word may hold spaces, as some of GloVe's do."""
    width, empty = 0, True
    with opened(path, expected="a text file of word vectors") as file:
        for line, data in enumerate(file, 1):
            fields = data.decode("utf-8", "replace").rstrip("\r\n ").split(" ")
            if line == 1 and len(fields) == 2 and all(_SIZE.fullmatch(field) for field in fields):
                width = int(fields[1])
                continue
            width = width or len(fields) - 1
            empty = False
            yield line, _word(fields, width, f"{path}, line {line}"), fields[-width:]
    if empty:
        raise DataError(f"{path} holds no word vectors; expected lines such as 'the 0.418 0.24968'")


def _word(fields: list[str], width: int, where: str) -> str:
    extra = len(fields) - 1 - width
    if width < 1 or extra < 0 or (extra and _is_number(fields[extra])):
        found = len(fields) - 1
        raise DataError(f"{where}: {found} numbers follow the word {fields[0]!r}; expected {max(width, 1)}")
    return " ".join(fields[: extra + 1])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parsed(numbers: list[str], where: str) -> np.ndarray:
    wrong = next((text for text in numbers if not (_is_number(text) and np.isfinite(float(text)))), None)
    if wrong is not None:
        raise DataError(f"{where}: {wrong!r} is not a finite number")
    return np.array(numbers, np.float32)
