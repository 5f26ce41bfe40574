"""A text that goes on from a prompt: tokens drawn or searched for, and their text as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import torch

from recurra.data import Tokenizer
from recurra.errors import InputError
from recurra.nn import SoftmaxHead
from recurra.nn.choice import on_threads
from recurra.tasks.language.model import TextModel
from recurra.tasks.language.network import LanguageNetwork
from recurra.tasks.language.options import GenerateOptions

__all__ = [
    "Detokeniser", "Writer", "detokenised", "drawn_tokens", "generated", "never_written", "next_token", "prompt_tokens",
    "score_function", "searched_tokens", "until",
]  # fmt: skip


def generated(model: TextModel, /, *, prompt: str, options: GenerateOptions) -> Iterator[str]:
    """Yield the text that follows a prompt; the token for unknown ones is never written.

    Raises
    ------
    InputError
        If the prompt has a token that is not in the vocabulary, and training met none that was unknown.
    """
    never, given = never_written(model), prompt_tokens(model, prompt)
    read = given or [model.first]
    writer = Writer(model.network, batch=options.beam or 1, never=never)
    if options.beam is None:
        numbers = islice(drawn_tokens(writer, read, options=options), options.length)
    else:
        numbers = searched_tokens(writer, read, beam=options.beam, length=options.length)
    return until(detokenised(numbers, model.tokenizer, after=given), options.stop)


def never_written(model: TextModel, /) -> list[int]:
    """Return the tokens that are never written: the one that stands for unknown ones."""
    return [] if model.unknown is None else [model.unknown]


def prompt_tokens(model: TextModel, text: str, /) -> list[int]:
    """Return the numbers of the tokens of a text to go on from.

    Raises
    ------
    InputError
        If it has a token that is not in the vocabulary, and training met none that was unknown.
    """
    given: list[int] = model.tokenizer.encode(text).tolist()
    for token, number in zip(model.tokenizer.split(text), given, strict=True):
        if number == model.unknown and not model.counts[number]:
            raise InputError(f"prompt: got {token!r}, which the text that the model learnt does not have")
    return given


def next_token(log_prob: np.ndarray, /, *, options: GenerateOptions, random: np.random.Generator) -> int:
    """Return a token, drawn by log p (tokens,), up to a constant.

    Temperature, then the likeliest k (Fan, Lewis & Dauphin 2018), then the nucleus (Holtzman et al. 2020).
    """
    if options.temperature == 0:
        return int(log_prob.argmax())
    with np.errstate(over="ignore"):  # less the largest first: close to 0 a temperature leaves that one alone
        scores = (log_prob.astype(np.float64) - log_prob.max()) / options.temperature
    order = None
    if options.top_k is not None and options.top_k < len(scores):
        order = np.argpartition(-scores, options.top_k - 1)[: options.top_k]
        scores = scores[order]
    shares = np.exp(scores - scores.max())
    if options.top_p < 1:
        shares = _nucleus(shares / shares.sum(), options.top_p)
    sums = shares.cumsum()
    # by the inverse of the distribution function; the sum of rounded shares may fall short of what is drawn
    place = min(int(np.searchsorted(sums, random.random() * sums[-1], side="right")), len(sums) - 1)
    return int(order[place]) if order is not None else place


def _nucleus(shares: np.ndarray, wanted: float) -> np.ndarray:
    """Return the shares with those after the first whose sum reaches what is wanted set to zero."""
    order = np.argsort(-shares, kind="stable")
    kept = int(np.searchsorted(shares[order].cumsum(), wanted)) + 1
    found = np.zeros_like(shares)
    found[order[:kept]] = shares[order[:kept]]
    return found


def searched_tokens(writer: Writer, prompt: Sequence[int], /, *, beam: int, length: int) -> Iterator[int]:
    """Yield tokens that follow those of a prompt (one at least), each once all texts of the search agree on it.

    Parameters
    ----------
    writer
        Of a batch of `beam`.
    beam
        How many texts go on together.
    length
        Tokens to write.
    """
    for token in prompt[:-1]:
        writer.read([token] * beam)
    texts = np.empty((beam, 0), np.int64)
    scores = np.full(beam, -np.inf)
    scores[0] = 0.0  # all begin alike, so only the first counts
    last = np.full(beam, prompt[-1])
    for _ in range(length):
        parents, last, scores = _best(scores[:, None] + _log_softmax(writer.read(last)), beam)
        writer.select(parents)
        texts = np.column_stack([texts[parents], last])
        agreed = _agreed(texts)
        yield from texts[0, :agreed].tolist()
        texts = texts[:, agreed:]
    yield from texts[0].tolist()


def _best(scores: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the texts that the best continuations follow, their tokens, and their scores, the best first."""
    flat = scores.ravel()
    # the best of all texts times tokens in linear time; only those few are then sorted
    chosen = np.argpartition(-flat, count - 1)[:count]
    order = chosen[np.argsort(-flat[chosen], kind="stable")]
    return *np.divmod(order, scores.shape[1]), flat[order]


def _agreed(texts: np.ndarray) -> int:
    """Return the number of first tokens that all texts (beam, tokens) share."""
    differs = (texts != texts[0]).any(0)
    return int(differs.argmax()) if differs.any() else texts.shape[1]


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


Scores = Callable[[np.ndarray], np.ndarray]
"""Hidden states (batch, features) -> log p of the next token up to a constant, (batch, tokens)."""


class Writer:
    """Reads tokens one at a time, and says how likely each is to come next.

    Parameters
    ----------
    network
        In evaluation.
    batch
        How many texts go on together.
    never
        Tokens that are not to be written, such as the one that stands for unknown ones.
    """

    def __init__(self, network: LanguageNetwork, /, *, batch: int = 1, never: Sequence[int] = ()) -> None:
        self._vectors = network.embedding.embedding.weight.detach().numpy()
        self._stream = network.recurrence().stream(batch=batch)
        self._scores = score_function(network)
        self._never = list(never)

    def read(self, tokens: Sequence[int] | np.ndarray, /) -> np.ndarray:
        """Read a token of each text (batch,), and return log p of the next up to a constant, (batch, tokens)."""
        scores = self._scores(self._stream.step(self._vectors[tokens]))
        scores[:, self._never] = -np.inf
        return scores

    def select(self, texts: Sequence[int] | np.ndarray, /) -> None:
        """Let the texts go on from those with these numbers (batch,), some of them twice."""
        index = torch.as_tensor(texts)
        state = self._stream.state
        self._stream.state = tuple(
            tuple(each.index_select(1, index) for each in layer)
            if isinstance(layer, tuple)
            else layer.index_select(1, index)
            for layer in state
        )


def drawn_tokens(writer: Writer, prompt: Sequence[int], /, *, options: GenerateOptions) -> Iterator[int]:
    """Yield tokens that follow those of a prompt (one at least), drawn one after the other, without end."""
    random = np.random.default_rng(options.seed)
    for token in prompt[:-1]:
        writer.read([token])
    token = prompt[-1]
    while True:
        token = next_token(writer.read([token])[0], options=options, random=random)
        yield token


def score_function(network: LanguageNetwork, /) -> Scores:
    """Return the softmax's scores as a function of arrays; NumPy's product of a few rows costs less than torch's."""
    linear = network.scores()
    if linear is None:
        return lambda hidden: _log_prob(network.head, hidden)
    matrix = linear[0].detach().numpy().T
    bias = 0.0 if linear[1] is None else linear[1].detach().numpy()
    return lambda hidden: hidden @ matrix + bias


@torch.inference_mode()
def _log_prob(head: SoftmaxHead, hidden: np.ndarray) -> np.ndarray:
    with on_threads(1):  # a few rows are not worth several, which wait for each other by spinning
        return head.log_prob(torch.from_numpy(hidden)).numpy()


_UNFINISHED = "\ufffd"
_MOST_UNFINISHED = 4
"""Bytes that a character of UTF-8 has at most."""


class Detokeniser:
    """Makes a text of tokens that come one at a time, with the spaces between; parts of characters wait for the rest.

    Parameters
    ----------
    tokenizer
        Of the tokens.
    after
        Numbers of tokens that stand before them, of which the last counts.
    """

    def __init__(self, tokenizer: Tokenizer, /, *, after: Sequence[int]) -> None:
        self._tokenizer = tokenizer
        self._before, self._waiting = list(after[-1:]), list[int]()

    def text_of(self, number: int, /) -> str:
        """Return what the next token adds to the text; "" where it waits."""
        self._waiting.append(number)
        # with the token before them: whether a space stands between depends on both
        piece = self._piece()
        if piece.endswith(_UNFINISHED) and len(self._waiting) < _MOST_UNFINISHED:
            return ""
        self._before, self._waiting = self._waiting[-1:], []
        return piece

    def rest(self) -> str:
        """Return what still waits, at the end."""
        return self._piece() if self._waiting else ""

    def _piece(self) -> str:
        before, decode = self._before, self._tokenizer.decode
        return decode([*before, *self._waiting])[len(decode(before)) :]


def detokenised(numbers: Iterable[int], tokenizer: Tokenizer, /, *, after: list[int]) -> Iterator[str]:
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
    >>> from recurra.tasks.language.generation import detokenised
    >>> tokenizer = fit_tokenizer(["the cat sat"], TokenOptions())
    >>> list(detokenised(tokenizer.encode("cat sat"), tokenizer, after=[1]))
    [' cat', ' sat']
    """
    text = Detokeniser(tokenizer, after=after)
    yield from filter(None, (text.text_of(int(number)) for number in numbers))
    if rest := text.rest():
        yield rest


def until(pieces: Iterable[str], stop: str | None, /) -> Iterator[str]:
    """Yield a text up to where another begins; what may be its beginning is held back until that is known.

    Examples
    --------
    >>> from recurra.tasks.language.generation import until
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
