"""What every tokenizer can do: a text becomes numbers and comes back, and the tokenizer itself becomes JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

import numpy as np

from recurra.data.vocabulary import Vocabulary
from recurra.errors import DataError

__all__ = ["Level", "TokenOptions", "Tokenizer"]

Level = Literal["char", "word", "bpe"]
"""What a token is: a character, a word, or a part of a word as byte-pair encoding finds it."""


@dataclass(frozen=True, kw_only=True)
class TokenOptions:
    """How a text becomes tokens.

    Attributes
    ----------
    level
        `"char"`: Unicode characters. `"word"`: see `words`. `"bpe"`: byte-level byte-pair encoding.
    words
        Where words end. `"punctuation"`: at spaces and punctuation, and each Han character is a word, as the script
        has no spaces. `"space"`: at spaces only, and a line end is the token `<eos>`, as in the Penn Treebank's
        protocol for language models (Mikolov, 2010).
    lowercase
        Whether the text is first put into lower case; not for byte-pair encoding, which gives back the exact text.
    normalise
        The Unicode normal form that texts are brought to first: `"NFKC"`, in which full-width letters and ligatures are
        the usual ones, `"NFC"` or `"none"`. `"auto"` is NFKC for words, and none for the other levels, which give back
        the exact text.
    unknown
        Whether `<unk>` stands for tokens that are not in the vocabulary; otherwise they are an error. Byte-pair
        encoding knows every text.
    minimum_count, maximum_size
        Which tokens are in the vocabulary: those counted this often, and no more than this many, the most frequent
        ones. For byte-pair encoding: the count of pairs that are joined, and the size, 8,192 if none is given.
    minimum_in_large
        A minimum count for characters of large alphabets alone; see `recurra.data.characters.LARGE_ALPHABET`.
    """

    level: Level = "word"
    words: Literal["punctuation", "space"] = "punctuation"
    lowercase: bool = False
    normalise: Literal["auto", "NFKC", "NFC", "none"] = "auto"
    unknown: bool = True
    minimum_count: int = 1
    maximum_size: int | None = None
    minimum_in_large: int = 1

    def __post_init__(self) -> None:
        if self.level not in get_args(Level):
            raise DataError(f"the level of tokens is {self.level!r}; expected one of {', '.join(get_args(Level))}")
        if self.words not in ("punctuation", "space"):
            raise DataError(f"words end at {self.words!r}; expected 'punctuation' or 'space'")
        if self.normalise not in ("auto", "NFKC", "NFC", "none"):
            raise DataError(f"the normal form is {self.normalise!r}; expected 'auto', 'NFKC', 'NFC' or 'none'")
        if self.level != "word" and self.normalise not in ("auto", "none"):
            raise DataError(f"the normal form is {self.normalise!r}; {self.level} tokens give back the exact text")
        if self.minimum_count < 1 or (self.maximum_size is not None and self.maximum_size < 2):
            raise DataError(
                f"minimum_count is {self.minimum_count} and maximum_size {self.maximum_size}; expected at least 1 and 2"
            )


class Tokenizer(ABC):
    """Texts to numbers and back. Made by `fit_tokenizer` or `tokenizer_from_json` of `recurra.data.tokens`."""

    @classmethod
    @abstractmethod
    def fit(cls, texts: Iterable[str], options: TokenOptions, /) -> Self:
        """Return the tokenizer whose vocabulary is that of texts."""

    @classmethod
    @abstractmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the tokenizer that `to_dictionary` described."""

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The tokens, in the order of their numbers."""

    @abstractmethod
    def encode(self, text: str, /) -> np.ndarray:
        """Return the numbers of a text's tokens, (count,) int64."""

    @abstractmethod
    def split(self, text: str, /) -> list[str]:
        """Return the text's tokens as people read them, one for each number of `encode`."""

    @abstractmethod
    def decode(self, numbers: Iterable[int] | np.ndarray, /) -> str:
        """Return the text of tokens' numbers (count,)."""

    @abstractmethod
    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold; its `level` says which tokenizer it is."""

    def to_json(self) -> str:
        """Return the tokenizer as JSON, which holds no code."""
        return json.dumps(self.to_dictionary(), ensure_ascii=False)
