"""Text as parts of words that byte-pair encoding finds, by the library `tokenizers`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, final

import numpy as np
import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from recurra.data.tokenizer import Tokenizer, TokenOptions
from recurra.data.vocabulary import Vocabulary
from recurra.errors import DataError

__all__ = ["BytePairTokenizer"]

_BYTES, _DEFAULT_SIZE = 256, 8192

_LONGEST = 256
"""Bytes after which a word is cut: the time to find pairs grows with the square of a word's length, and files have
base64 and DNA in them."""


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
        """Return the numbers of the tokens, (count,) int64."""
        return np.array(self._engine.encode(text).ids, np.int64)

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
    def _engine(self) -> tokenizers.Tokenizer:
        try:
            return tokenizers.Tokenizer.from_str(self.model)
        except Exception as error:  # the library raises nothing narrower
            raise DataError(f"this is no tokenizer of byte pairs: {error}") from None
