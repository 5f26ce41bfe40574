"""Text as words: cut at spaces, or at spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, final

import numpy as np

from recurra.data.tokenizer import Tokenizer, TokenOptions
from recurra.data.vocabulary import END, UNKNOWN, Vocabulary, most_frequent
from recurra.errors import DataError

__all__ = ["WordTokenizer", "split_words"]

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_LETTER = rf"(?:(?!{_HAN})\w)"
_NUMBER = r"\d+(?:[.,]\d+)+"
_CLITIC = r"['’](?:s|m|d|re|ve|ll)\b"
_WORD = re.compile(rf"{_HAN}|{_NUMBER}|{_CLITIC}|{_LETTER}+(?:['’-]{_LETTER}+)*|[^\w\s]", re.IGNORECASE)


def split_words(text: str, /, *, at: Literal["punctuation", "space"] = "punctuation") -> list[str]:
    r"""Return the words of a text; see `TokenOptions.words`.

    Examples
    --------
    >>> split_words("It's well-made, 3.5 of 5: 很好!")
    ["It's", 'well-made', ',', '3.5', 'of', '5', ':', '很', '好', '!']
    >>> split_words("no , it n't\n", at="space")
    ['no', ',', 'it', "n't", '<eos>']
    """
    if at == "space":
        return text.replace("\n", f" {END} ").split()
    return _WORD.findall(text)


@final
@dataclass(frozen=True)
class WordTokenizer(Tokenizer):
    """Each word is a token; see `TokenOptions.words` for where words end.

    Scripts without spaces other than Han characters (kana, Thai) are not split: take characters or byte pairs there.
    """

    words: Vocabulary
    at: Literal["punctuation", "space"] = "punctuation"
    lowercase: bool = False
    form: Literal["NFKC", "NFC", "none"] = "none"

    @classmethod
    def fit(cls, texts: Iterable[str], options: TokenOptions, /) -> Self:
        """Count the words of texts."""
        form = "NFKC" if options.normalise == "auto" else options.normalise
        counts: Counter[str] = Counter()
        for text in texts:
            text = _normal(text, form)
            counts.update(split_words(text.lower() if options.lowercase else text, at=options.words))
        specials = ((UNKNOWN,) if options.unknown else ()) + ((END,) if options.words == "space" else ())
        limits = {"minimum_count": options.minimum_count, "maximum_size": options.maximum_size}
        return cls(most_frequent(counts, specials=specials, **limits), options.words, options.lowercase, form)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words."""
        return self.words

    def split(self, text: str, /) -> list[str]:
        """Return the words of a text as they are looked up."""
        text = _normal(text, self.form)
        return split_words(text.lower() if self.lowercase else text, at=self.at)

    def encode(self, text: str, /) -> np.ndarray:
        """Return the numbers of the words, (count,) int64."""
        return self.words.encode(self.split(text))

    def decode(self, numbers: Iterable[int] | np.ndarray, /) -> str:
        """Return the words with spaces between; `<eos>` is a line end. Spaces are not those of the first text."""
        text = " ".join(self.words.decode(numbers))
        return re.sub(rf" ?{END} ?", "\n", text) if self.at == "space" else text

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        vocabulary = self.words.to_dictionary()
        return {
            "level": "word",
            "words": self.at,
            "lowercase": self.lowercase,
            "form": self.form,
            "vocabulary": vocabulary,
        }

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the tokenizer that `to_dictionary` described."""
        at = content["words"]
        if at not in ("punctuation", "space"):
            raise DataError(f"words end at {at!r}; expected 'punctuation' or 'space'")
        form = content.get("form", "none")
        if form not in ("NFKC", "NFC", "none"):
            raise DataError(f"the normal form is {form!r}; expected 'NFKC', 'NFC' or 'none'")
        vocabulary = Vocabulary.from_dictionary(content["vocabulary"])
        return cls(vocabulary, cast(Literal["punctuation", "space"], at), bool(content["lowercase"]), form)


def _normal(text: str, form: Literal["NFKC", "NFC", "none"]) -> str:
    return text if form == "none" or text.isascii() else unicodedata.normalize(form, text)
