"""A vocabulary: the tokens that a model knows, each at its number; and their pretrained vectors."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Self, final

import numpy as np

from recurra.data.files import opened
from recurra.data.sequence_files import is_single
from recurra.errors import DataError

__all__ = ["END", "PADDING", "UNKNOWN", "Vocabulary", "WordVectors", "first_words", "most_frequent", "read_vectors"]

UNKNOWN, END, PADDING = "<unk>", "<eos>", "<pad>"
"""What the specials are called: any token that is not known, the end of a line, and what fills up short sequences."""

_SIZE = re.compile("[0-9]{1,12}")


@final
@dataclass(frozen=True)
class Vocabulary:
    """Tokens and their numbers: a token's number is its place.

    Attributes
    ----------
    tokens
        All tokens, specials among them; no token is there twice.
    unknown
        The token that stands for those that are not in the vocabulary; None where these are an error.

    Examples
    --------
    >>> words = Vocabulary(("<unk>", "the", "cat"), unknown="<unk>")
    >>> words.encode(["the", "dog"]).tolist(), words.decode([2, 0])
    ([1, 0], ['cat', '<unk>'])
    >>> Vocabulary.from_json(words.to_json()) == words
    True
    """

    tokens: tuple[str, ...]
    unknown: str | None = None

    def __post_init__(self) -> None:
        repeated = [token for token, count in Counter(self.tokens).items() if count > 1]
        if repeated:
            raise DataError(f"a vocabulary has each token once, {repeated[0]!r} is there twice")
        if self.unknown is not None and self.unknown not in self.numbers:
            raise DataError(f"the vocabulary has no token {self.unknown!r}, which is to stand for unknown ones")

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.numbers

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Token -> number."""
        return {token: number for number, token in enumerate(self.tokens)}

    def number(self, token: str, /) -> int:
        """Return the number of a token, or of `unknown`.

        Raises
        ------
        DataError
            If the token is not in the vocabulary and none stands for unknown ones.
        """
        known = self.numbers.get(token, self._unknown_number)
        if known is None:
            raise DataError(f"the token {token!r} is not among the {len(self)} of the vocabulary")
        return known

    def encode(self, tokens: Iterable[str], /) -> np.ndarray:
        """Return the numbers of tokens, (count,) int64; see `number` for errors."""
        if self._unknown_number is None:
            tokens = list(tokens)
            try:
                return np.fromiter(map(self.numbers.__getitem__, tokens), np.int64, len(tokens))
            except KeyError as error:
                raise DataError(
                    f"the token {error.args[0]!r}, number {tokens.index(error.args[0]) + 1} of {len(tokens)}, is not "
                    f"among the {len(self)} of the vocabulary"
                ) from None
        known, unknown = self.numbers.get, self._unknown_number
        return np.fromiter((known(token, unknown) for token in tokens), np.int64)

    def decode(self, numbers: Iterable[int] | np.ndarray, /) -> list[str]:
        """Return the tokens of numbers (count,).

        Raises
        ------
        DataError
            If a number is below 0 or is no token's.
        """
        numbers = np.asarray(numbers, np.int64)
        wrong = numbers[(numbers < 0) | (numbers >= len(self))]
        if len(wrong):
            raise DataError(f"{wrong[0]} is no token's number; expected 0 to {len(self) - 1}")
        return [self.tokens[number] for number in numbers.tolist()]

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"unknown": self.unknown, "tokens": list(self.tokens)}

    def to_json(self) -> str:
        """Return the vocabulary as JSON."""
        return json.dumps(self.to_dictionary(), ensure_ascii=False)

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the vocabulary that `to_dictionary` described; `DataError` if it is none."""
        tokens, unknown = content.get("tokens"), content.get("unknown")
        if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
            raise DataError("a vocabulary holds a list of texts called 'tokens'; found something else")
        return cls(tuple(tokens), unknown)

    @classmethod
    def from_json(cls, text: str, /) -> Self:
        """Return the vocabulary that `to_json` wrote; `DataError` if it is damaged."""
        try:
            return cls.from_dictionary(json.loads(text))
        except (ValueError, AttributeError) as error:
            raise DataError(f"this is not a vocabulary: {error}") from None

    @cached_property
    def _unknown_number(self) -> int | None:
        return None if self.unknown is None else self.numbers[self.unknown]


def most_frequent(
    counts: Mapping[str, int],
    /,
    *,
    specials: tuple[str, ...] = (),
    minimum_count: int = 1,
    maximum_size: int | None = None,
) -> Vocabulary:
    """Return the vocabulary of the most frequent tokens.

    Parameters
    ----------
    counts
        Token -> how often it was counted.
    specials
        Tokens that come first, whether they were counted or not; `<unk>` among them stands for all unknown ones.
    minimum_count, maximum_size
        Tokens that were counted less often are left out, and the rarest of them where there would be more than
        `maximum_size`, specials included. Equally frequent ones are ordered by their characters.

    Examples
    --------
    >>> most_frequent({'a': 3, 'b': 1, 'c': 2}, minimum_count=2)
    Vocabulary(tokens=('a', 'c'), unknown=None)
    """
    kept = [token for token, count in counts.items() if count >= minimum_count and token not in specials]
    kept.sort(key=lambda token: (-counts[token], token))
    tokens = (*specials, *kept)[:maximum_size]
    if len(tokens) == len(specials):
        raise DataError(f"no token is there {minimum_count} times or more; the vocabulary would be empty")
    return Vocabulary(tokens, UNKNOWN if UNKNOWN in specials else None)


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
    r"""Read the vectors of a vocabulary's words, line by line; the rest of the file is not kept.

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

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import Vocabulary, read_vectors
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "vectors.txt").write_text("cat 1.0 2.0\ndog 3.0 4.0\n")
    ...     found = read_vectors(Path(folder, "vectors.txt"), Vocabulary(("Cat", "cow")))
    >>> found.values.tolist(), found.found.tolist()
    ([[1.0, 2.0], [0.0, 0.0]], [True, False])
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
    wrong = next((text for text in numbers if not (_is_number(text) and is_single(np.array(float(text))))), None)
    if wrong is not None:
        raise DataError(f"{where}: {wrong!r} is not a finite number, or too large for float32")
    return np.array(numbers, np.float32)
