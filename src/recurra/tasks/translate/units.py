"""Units: a text becomes the numbers of its parts of words, words or characters, and these give it back exactly."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, final

import numpy as np

from recurra.data import TokenOptions, Vocabulary, fit_tokenizer, most_frequent
from recurra.data.tokens import HAN, BytePairTokenizer
from recurra.errors import DataError

__all__ = ["ALONE", "END", "SPECIALS", "START", "UNKNOWN", "TextUnits", "UnitKind", "fit_units", "usual_units"]

UnitKind = Literal["bpe", "unigram", "word", "char"]

SPECIALS = ("<s>", "</s>", "<unk>")
START, END, UNKNOWN = range(3)
"""The numbers of what begins a text, what ends it, and what stands for an unknown unit; units follow."""

ALONE = rf"(?:{HAN}|[\u3040-\u30ff\u0e00-\u0eff\u1780-\u17ff])"
"""A character of a script without spaces between words: Han, kana, Thai, Lao, Khmer."""

_LETTER = rf"(?:(?!{ALONE})\w)"
_PIECE = re.compile(rf" ?(?:{ALONE}|\d+(?:[.,]\d+)+|{_LETTER}+(?:['’-]{_LETTER}+)*|[^\w\s])|\s")
"""A word with the space before it, or a white space by itself: together they are the text."""

_FEW_WORDS, _OFTEN = 500, 50
"""Words are units where there are so few different ones, and each is there so often on the average."""

_LARGEST = 16_000


@final
@dataclass(frozen=True)
class TextUnits:
    """The units of a side.

    Attributes
    ----------
    kind
        What a unit is.
    content
        The tokenizer's JSON for parts of words, otherwise the vocabulary.
    lowercase
        Whether texts are put into lower case.
    alphabet
        The characters of the training part.
    """

    kind: UnitKind
    content: BytePairTokenizer | Vocabulary
    lowercase: bool
    alphabet: frozenset[str]

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.vocabulary)

    @property
    def vocabulary(self) -> Vocabulary:
        """The units without the specials."""
        return self.content if isinstance(self.content, Vocabulary) else self.content.vocabulary

    def plain(self, text: str, /) -> str:
        """Return a text as it is read."""
        return text.lower() if self.lowercase else text

    def numbers(self, text: str, /) -> np.ndarray:
        """Return the numbers of a text's units, (count,) int64."""
        text = self.plain(text)
        if isinstance(self.content, BytePairTokenizer):
            # as if a space stood before it, so that a word at the beginning is the one that it is elsewhere
            return self.content.encode(f" {text}") + len(SPECIALS)
        known = self.content.numbers
        found = [known.get(piece, -1) for piece in self._split(text)]
        return np.array([UNKNOWN if number < 0 else number + len(SPECIALS) for number in found], np.int64)

    def text(self, numbers: Sequence[int], /, *, instead: Sequence[str] | None = None) -> str:
        """Return the text of units' numbers (count,).

        Parameters
        ----------
        numbers
            Of units, without start and end.
        instead
            (count,) what to write in place of each unit where it is an unknown one, as `written` gives the units of
            the source; `<unk>` by default.
        """
        pieces: list[str] = []
        for is_known, places in itertools.groupby(range(len(numbers)), lambda place: numbers[place] >= len(SPECIALS)):
            if is_known:  # a run as a whole: a character may be several parts of words
                pieces.append(self._decoded([numbers[place] for place in places]))
            else:
                pieces += [self._unknown(SPECIALS[UNKNOWN] if instead is None else instead[place]) for place in places]
        text = "".join(pieces)
        return text if self.kind == "char" else text.removeprefix(" ")

    def pieces(self, numbers: Iterable[int], /) -> list[str]:
        """Return each unit by itself, as people read it, without the space before it."""
        return [SPECIALS[number] if number < len(SPECIALS) else _shown(self._decoded([number])) for number in numbers]

    def split(self, text: str, /) -> list[str]:
        """Return the units of a text as people read them, one for each number, unknown ones too."""
        return [_shown(piece) for piece in self.written(text)]

    def written(self, text: str, /) -> list[str]:
        """Return the units of a text as they stand in it, one for each number, but for the space before a word."""
        if isinstance(self.content, BytePairTokenizer):
            pieces = [self._decoded([number]) for number in self.numbers(text).tolist()]
        else:
            pieces = self._split(self.plain(text))
        return [piece.removeprefix(" ") or piece for piece in pieces]

    def is_known(self, text: str, /) -> bool:
        """Say whether training has seen any character of a text, or it has none."""
        letters = set(self.plain(text)) - {" "}
        return not letters or bool(letters & self.alphabet)

    def described(self) -> dict[str, Any]:
        """Return what others have to know of the units: `to_dictionary`, and of words by what they are found."""
        pattern = {"pattern": _PIECE.pattern} if self.kind == "word" else {}
        return {**self.to_dictionary(), **pattern}

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        content = self.content
        inner = json.loads(content.model) if isinstance(content, BytePairTokenizer) else content.to_dictionary()
        alphabet = "".join(sorted(self.alphabet))
        return {"kind": self.kind, "lowercase": self.lowercase, "alphabet": alphabet, "content": inner}

    @classmethod
    def from_dictionary(cls, content: dict[str, Any], /) -> Self:
        """Return what `to_dictionary` described; `DataError` if it is none."""
        kind, inner = content["kind"], content["content"]
        subwords = kind in ("bpe", "unigram")
        made = BytePairTokenizer.from_dictionary({"model": inner}) if subwords else Vocabulary.from_dictionary(inner)
        return cls(kind, made, content["lowercase"], frozenset(content["alphabet"]))

    def _split(self, text: str) -> list[str]:
        return list(text) if self.kind == "char" else _PIECE.findall(f" {text}")

    def _decoded(self, numbers: Sequence[int]) -> str:
        """Return the text of known units, with the space before it."""
        known = [number - len(SPECIALS) for number in numbers]
        if isinstance(self.content, BytePairTokenizer):
            return self.content.decode(known)
        return "".join(self.content.tokens[number] for number in known)

    def _unknown(self, found: str) -> str:
        """Return what stands for an unknown unit: with a space before it where units are words or begin with theirs."""
        return found if self.kind == "char" or found.isspace() else f" {found}"


def _shown(piece: str) -> str:
    """Return a unit as people read it, without the space before it."""
    return piece.strip() or "␣"


def usual_units(texts: Sequence[str], /) -> UnitKind:
    """Return the units that suit texts: characters, words of a small vocabulary, or parts of words.

    Examples
    --------
    >>> from recurra.tasks.translate.units import usual_units
    >>> usual_units(["abbey", "abbot"]), usual_units(["AE B IY", "AE B AH T"] * 100), usual_units(["a new day"])
    ('char', 'word', 'bpe')
    """
    spaced = sum(" " in text for text in texts)
    if 10 * spaced < len(texts) and not any(re.search(ALONE, text) for text in texts[:1000]):
        return "char"
    words = Counter(word for text in texts for word in text.split())
    if len(words) <= _FEW_WORDS and words.total() >= _OFTEN * len(words):
        return "word"
    return "bpe"


def fit_units(
    texts: Sequence[str], /, *, kind: UnitKind, size: int | None, minimum_count: int | None, lowercase: bool
) -> TextUnits:
    """Return the units of the texts of the training part.

    Parameters
    ----------
    texts
        One side, or both for a joint vocabulary.
    kind
        What a unit is.
    size
        Most units; for parts of words by default 2 √characters more than there are different characters.
    minimum_count
        Units that are rarer are unknown ones; by default 2 for words, else 1.
    lowercase
        Whether texts are put into lower case.

    Raises
    ------
    DataError
        If no unit is frequent enough.
    """
    texts = [text.lower() for text in texts] if lowercase else list(texts)
    letters = Counter(letter for text in texts for letter in text)
    alphabet = frozenset(letters)
    if kind in ("bpe", "unigram"):
        usual = 256 + len(letters) + int(2 * letters.total() ** 0.5)
        wanted = min(size or usual, size or _LARGEST)
        spaced = [f" {text}" for text in texts]
        content = _byte_pairs(spaced, wanted, minimum_count) if kind == "bpe" else _unigrams(spaced, wanted)
        return TextUnits(kind, content, lowercase, alphabet)
    pieces = letters if kind == "char" else Counter(piece for text in texts for piece in _PIECE.findall(f" {text}"))
    least = minimum_count or (2 if kind == "word" else 1)
    if kind == "word":
        least = min(least, max(pieces.values()))
    return TextUnits(kind, most_frequent(pieces, minimum_count=least, maximum_size=size), lowercase, alphabet)


def _byte_pairs(texts: Sequence[str], size: int, minimum_count: int | None) -> BytePairTokenizer:
    options = TokenOptions(level="bpe", maximum_size=size, minimum_count=minimum_count or 1)
    found = fit_tokenizer(texts, options)
    assert isinstance(found, BytePairTokenizer)
    return found


def _unigrams(texts: Sequence[str], size: int) -> BytePairTokenizer:
    """Return a unigram model over bytes (Kudo 2018, arXiv:1804.10959), which every text has units of."""
    import tokenizers
    from tokenizers import decoders, models, pre_tokenizers, trainers

    alphabet = pre_tokenizers.ByteLevel.alphabet()
    engine = tokenizers.Tokenizer(models.Unigram())
    engine.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    engine.decoder = decoders.ByteLevel()
    trainer = trainers.UnigramTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    try:
        engine.train_from_iterator(texts, trainer=trainer)
    except Exception as error:  # the library raises nothing narrower
        raise DataError(f"the texts are too few for a unigram model of {size} units: {error}") from None
    return BytePairTokenizer.from_dictionary({"model": json.loads(engine.to_str())})
