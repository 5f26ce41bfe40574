"""Text as Unicode characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self, final

import numpy as np

from recurra.data.tokenizer import Tokenizer, TokenOptions
from recurra.data.vocabulary import UNKNOWN, Vocabulary, most_frequent

__all__ = ["LARGE_ALPHABET", "CharacterTokenizer"]

LARGE_ALPHABET = 256
"""Characters above which an alphabet is large, as Chinese is: of such, every new text has some that are unknown."""


@final
@dataclass(frozen=True)
class CharacterTokenizer(Tokenizer):
    """Each character is a token, the line end among them.

    Examples
    --------
    >>> tokenizer = CharacterTokenizer.fit(["abba 天"], TokenOptions(level="char"))
    >>> tokenizer.vocabulary.tokens, tokenizer.decode(tokenizer.encode("ab天"))
    (('<unk>', 'a', 'b', ' ', '天'), 'ab天')
    """

    characters: Vocabulary
    lowercase: bool = False

    @classmethod
    def fit(cls, texts: Iterable[str], options: TokenOptions, /) -> Self:
        """Count the characters of texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text.lower() if options.lowercase else text)
        specials = (UNKNOWN,) if options.unknown else ()
        least = max(options.minimum_count, options.minimum_in_large if len(counts) > LARGE_ALPHABET else 1)
        limits = {"minimum_count": least, "maximum_size": options.maximum_size}
        return cls(most_frequent(counts, specials=specials, **limits), options.lowercase)

    @property
    def vocabulary(self) -> Vocabulary:
        """The characters."""
        return self.characters

    def split(self, text: str, /) -> list[str]:
        """Return the characters as they are looked up."""
        return list(text.lower() if self.lowercase else text)

    def encode(self, text: str, /) -> np.ndarray:
        """Return the numbers of the characters, (count,) int64."""
        return self.characters.encode(text.lower() if self.lowercase else text)

    def decode(self, numbers: Iterable[int] | np.ndarray, /) -> str:
        """Return the text; a character that was not known is `<unk>`."""
        return "".join(self.characters.decode(numbers))

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"level": "char", "lowercase": self.lowercase, "vocabulary": self.characters.to_dictionary()}

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the tokenizer that `to_dictionary` described."""
        return cls(Vocabulary.from_dictionary(content["vocabulary"]), bool(content["lowercase"]))
