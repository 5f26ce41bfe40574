"""A vocabulary: the tokens that a model knows, each at its number."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, final

import numpy as np

from recurra.errors import DataError

__all__ = ["END", "PADDING", "UNKNOWN", "Vocabulary", "most_frequent"]

UNKNOWN, END, PADDING = "<unk>", "<eos>", "<pad>"
"""What the specials are called: any token that is not known, the end of a line, and what fills up short sequences."""


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
    """
    kept = [token for token, count in counts.items() if count >= minimum_count and token not in specials]
    kept.sort(key=lambda token: (-counts[token], token))
    tokens = (*specials, *kept)[:maximum_size]
    if len(tokens) == len(specials):
        raise DataError(f"no token is there {minimum_count} times or more; the vocabulary would be empty")
    return Vocabulary(tokens, UNKNOWN if UNKNOWN in specials else None)
