"""From tokens to text, as they come: a piece is given out once no later token can change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recurra.data import Tokenizer

__all__ = ["spelled", "until"]

_UNFINISHED = "\ufffd"
_MOST_UNFINISHED = 4
"""Bytes that a character of UTF-8 has at most."""


def spelled(numbers: Iterable[int], tokenizer: Tokenizer, /, *, after: list[int]) -> Iterator[str]:
    """Yield the text of tokens that follow others, with the spaces between; parts of characters wait for the rest.

    Parameters
    ----------
    numbers
        Of the tokens.
    after
        Numbers of tokens that stand before them, of which the last counts.

    Examples
    --------
    >>> from recurra.data import TokenOptions, fit_tokenizer
    >>> from recurra.tasks.language.spelling import spelled
    >>> tokenizer = fit_tokenizer(["the cat sat"], TokenOptions())
    >>> list(spelled(tokenizer.encode("cat sat"), tokenizer, after=[1]))
    [' cat', ' sat']
    """
    before, waiting = after[-1:], []
    for number in numbers:
        waiting.append(int(number))
        piece = tokenizer.decode([*before, *waiting])[len(tokenizer.decode(before)) :]
        if piece.endswith(_UNFINISHED) and len(waiting) < _MOST_UNFINISHED:
            continue
        yield piece
        before, waiting = waiting[-1:], []
    if waiting:
        yield tokenizer.decode([*before, *waiting])[len(tokenizer.decode(before)) :]


def until(pieces: Iterable[str], stop: str | None, /) -> Iterator[str]:
    """Yield a text up to where another begins; what may be its beginning is held back until that is known.

    Examples
    --------
    >>> from recurra.tasks.language.spelling import until
    >>> list(until(["one", " a", "nd t", "wo"], " and"))
    ['one']
    """
    if stop is None:
        yield from pieces
        return
    held = ""
    for piece in pieces:
        held += piece
        place = held.find(stop)
        if place >= 0:
            if place:
                yield held[:place]
            return
        safe = len(held) - _overlap(held, stop)
        if safe:
            yield held[:safe]
            held = held[safe:]
    if held:
        yield held


def _overlap(text: str, stop: str) -> int:
    """Return the length of the longest end of a text with which `stop` begins."""
    lengths = range(min(len(text), len(stop) - 1), 0, -1)
    return next((length for length in lengths if stop.startswith(text[-length:])), 0)
