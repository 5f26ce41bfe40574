"""A text that goes on from a prompt, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from recurra.data import Tokenizer
from recurra.errors import InputError
from recurra.tasks.language.beam import searched_tokens
from recurra.tasks.language.data import first_token
from recurra.tasks.language.files import Known
from recurra.tasks.language.generate_options import GenerateOptions
from recurra.tasks.language.network import LanguageNetwork
from recurra.tasks.language.spelling import spelled, until
from recurra.tasks.language.writing import Writer, drawn_tokens

__all__ = ["generated", "shown_tokens"]


def generated(network: LanguageNetwork, known: Known, /, *, prompt: str, options: GenerateOptions) -> Iterator[str]:
    """Yield the text that follows a prompt; the token for unknown ones is never written.

    Raises
    ------
    InputError
        If the prompt has a token that is not in the vocabulary, and training met none that was unknown.
    """
    vocabulary = known.tokenizer.vocabulary
    never = [vocabulary.numbers[vocabulary.unknown]] if vocabulary.unknown is not None else []
    given: list[int] = known.tokenizer.encode(prompt).tolist()
    _check_known(prompt, given, known, never)
    read = given or [first_token(known.tokenizer, known.counts)]
    writer = Writer(network, batch=options.beam or 1, never=never)
    if options.beam is None:
        numbers = islice(drawn_tokens(writer, read, options=options), options.length)
    else:
        numbers = searched_tokens(writer, read, beam=options.beam, length=options.length)
    return until(spelled(numbers, known.tokenizer, after=given), options.stop)


def _check_known(prompt: str, given: list[int], known: Known, unknown: list[int]) -> None:
    for token, number in zip(known.tokenizer.split(prompt), given, strict=True):
        if number in unknown and not known.counts[number]:
            raise InputError(f"prompt: got {token!r}, which the text that the model learnt does not have")


def shown_tokens(numbers: np.ndarray, tokenizer: Tokenizer, /) -> list[str]:
    """Return the text of each token by itself; a line end is a line end, whatever the vocabulary calls it."""
    texts = {number: tokenizer.decode([number]) for number in np.unique(numbers).tolist()}
    return [texts[number] for number in numbers.tolist()]
