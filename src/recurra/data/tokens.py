"""Tokenizers: texts become numbers and come back; by characters, words or byte pairs."""

from __future__ import annotations

import json
import re
import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Self, cast, final, get_args

import numpy as np

from recurra.data.vocabulary import END, UNKNOWN, Vocabulary, most_frequent
from recurra.errors import DataError

__all__ = [
    "HAN",
    "LARGE_ALPHABET",
    "BytePairTokenizer",
    "CharacterTokenizer",
    "Level",
    "TokenOptions",
    "Tokenizer",
    "WordTokenizer",
    "fit_tokenizer",
    "split_words",
    "tokenizer_from_json",
]

Level = Literal["char", "word", "bpe"]
"""What a token is: a character, a word, or a part of a word as byte-pair encoding finds it."""

LARGE_ALPHABET = 256
"""Characters above which an alphabet is large, as Chinese is: of such, every new text has some that are unknown."""

HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
"""A Han character, as a regular expression."""

_LETTER = rf"(?:(?!{HAN})\w)"
_NUMBER = r"\d+(?:[.,]\d+)+"
_CLITIC = r"['’](?:s|m|d|re|ve|ll)\b"
_WORD = re.compile(rf"{HAN}|{_NUMBER}|{_CLITIC}|{_LETTER}+(?:['’-]{_LETTER}+)*|[^\w\s]", re.IGNORECASE)

_BYTES, _DEFAULT_SIZE = 256, 8192

_LONGEST = 256
"""Bytes after which a word is cut: the time to find pairs grows with the square of a word's length, and files have
base64 and DNA in them."""


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
        A minimum count for characters of large alphabets alone; see `LARGE_ALPHABET`.
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
    """Texts to numbers and back. Made by `fit_tokenizer` or `tokenizer_from_json`."""

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


@final
@dataclass(frozen=True)
class BytePairTokenizer(Tokenizer):
    """Byte-level byte-pair encoding: every text has tokens, and they give exactly the text back.

    Sennrich, Haddow & Birch (2016), arXiv:1508.07909; on bytes: Radford et al. (2019), GPT-2, section 2.2. Tokens are
    written in GPT-2's alphabet, where a space is `Ġ` and a line end `Ċ`.

    Attributes
    ----------
    model
        The JSON of the library `tokenizers`.
    """

    model: str

    @classmethod
    def fit(cls, texts: Iterable[str], options: TokenOptions, /) -> Self:
        """Find the pairs that are joined, in texts; `DataError` if the size is below the 256 bytes."""
        size = options.maximum_size or _DEFAULT_SIZE
        if size < _BYTES:
            raise DataError(f"maximum_size is {size}; byte-pair encoding has {_BYTES} tokens, the bytes, to begin with")
        import tokenizers
        from tokenizers import decoders, models, pre_tokenizers, trainers

        engine = tokenizers.Tokenizer(models.BPE())
        engine.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.ByteLevel(add_prefix_space=False), pre_tokenizers.FixedLength(length=_LONGEST)]
        )
        engine.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=options.minimum_count,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        engine.train_from_iterator(texts, trainer=trainer)
        return cls.from_dictionary({"model": json.loads(engine.to_str())})

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens, in GPT-2's alphabet of bytes."""
        return self._vocabulary

    def split(self, text: str, /) -> list[str]:
        """Return the parts with the spaces that are in them; one that is no whole character is the replacement one."""
        return [self.decode([number]) for number in self.encode(text).tolist()]

    def encode(self, text: str, /) -> np.ndarray:
        """Return the numbers of the tokens, (count,) int64; `DataError` for half of a character of UTF-16."""
        try:
            return np.array(self._engine.encode(text).ids, np.int64)
        except TypeError:  # the library takes what is UTF-8 alone for a text
            raise DataError(f"{text!r:.60} has half of a character of UTF-16; expected a text of whole ones") from None

    def decode(self, numbers: Iterable[int] | np.ndarray, /) -> str:
        """Return the text; bytes that are no whole character become the replacement character."""
        return self._engine.decode(np.asarray(numbers).tolist())

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"level": "bpe", "model": json.loads(self.model)}

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the tokenizer that `to_dictionary` described."""
        tokenizer = cls(json.dumps(content["model"], ensure_ascii=False))
        _ = tokenizer._engine  # a damaged one is found here
        return tokenizer

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        numbers = self._engine.get_vocab()
        return Vocabulary(tuple(sorted(numbers, key=numbers.__getitem__)))

    @cached_property
    def _engine(self) -> Any:
        """The library's tokenizer; the library is only imported by those who need it."""
        import tokenizers

        try:
            return tokenizers.Tokenizer.from_str(self.model)
        except Exception as error:  # the library raises nothing narrower
            raise DataError(f"this is no tokenizer of byte pairs: {error}") from None


_KINDS: Mapping[str, type[Tokenizer]] = MappingProxyType(
    {"char": CharacterTokenizer, "word": WordTokenizer, "bpe": BytePairTokenizer}
)


def fit_tokenizer(texts: Iterable[str], options: TokenOptions, /) -> Tokenizer:
    r"""Return the tokenizer whose vocabulary is that of texts, which may be a stream.

    Parameters
    ----------
    texts
        Texts of the training part alone, or pieces of one text that end where lines do.
    options
        The level of tokens and the vocabulary's size.

    Raises
    ------
    DataError
        If the texts hold no token that is frequent enough.

    Examples
    --------
    >>> tokenizer = fit_tokenizer(["the cat\nthe dog\n"], TokenOptions(words="space"))
    >>> tokenizer.vocabulary.tokens, tokenizer.encode("the cow\n").tolist()
    (('<unk>', '<eos>', 'the', 'cat', 'dog'), [2, 0, 1])
    """
    return _KINDS[options.level].fit(texts, options)


def tokenizer_from_json(text: str, /) -> Tokenizer:
    """Return the tokenizer that `Tokenizer.to_json` wrote; `DataError` if it is damaged or its level unknown."""
    try:
        content = json.loads(text)
        if content["level"] not in _KINDS:
            raise DataError(f"the level of tokens is {content['level']!r}; expected one of {', '.join(_KINDS)}")
        return _KINDS[content["level"]].from_dictionary(content)
    except DataError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise DataError(f"this is no tokenizer: {type(error).__name__}: {error}") from None
