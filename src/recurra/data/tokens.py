"""Tokenizers by level: fitted to texts, or read from their JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import get_args

from recurra.data.characters import CharacterTokenizer
from recurra.data.tokenizer import Level, Tokenizer, TokenOptions
from recurra.data.words import WordTokenizer
from recurra.errors import DataError

__all__ = ["Level", "TokenOptions", "Tokenizer", "fit_tokenizer", "tokenizer_from_json"]

_KINDS: Mapping[str, type[Tokenizer]] = MappingProxyType({"char": CharacterTokenizer, "word": WordTokenizer})


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
    return _kind(options.level).fit(texts, options)


def tokenizer_from_json(text: str, /) -> Tokenizer:
    """Return the tokenizer that `Tokenizer.to_json` wrote; `DataError` if it is damaged or its level unknown."""
    try:
        content = json.loads(text)
        return _kind(content["level"]).from_dictionary(content)
    except DataError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise DataError(f"this is no tokenizer: {type(error).__name__}: {error}") from None


def _kind(level: str) -> type[Tokenizer]:
    if level == "bpe":
        from recurra.data.byte_pairs import BytePairTokenizer  # its library is only loaded by those who need it

        return BytePairTokenizer
    if level in _KINDS:
        return _KINDS[level]
    raise DataError(f"the level of tokens is {level!r}; expected one of {', '.join(get_args(Level))}")
