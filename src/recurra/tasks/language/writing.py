"""A network that writes: token by token through the streaming stepper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from recurra.nn import SoftmaxHead
from recurra.nn.choice import on_threads
from recurra.tasks.language.generate_options import GenerateOptions
from recurra.tasks.language.network import LanguageNetwork
from recurra.tasks.language.sampling import next_token

__all__ = ["Writer", "drawn_tokens"]

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
        self._scores = _scores(network)
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


def _scores(network: LanguageNetwork) -> Scores:
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
