"""What a language model learns: the next token, from the state that the text before has left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import final

import torch
from torch import Tensor

from recurra.tasks.language.network import LanguageNetwork, Read
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.language.scores import perplexity
from recurra.training.learner import Learner, Sum

__all__ = ["LanguageLearner"]

Batch = tuple[Tensor, Tensor]
"""Tokens (steps, batch), and those that follow."""


@final
class LanguageLearner(Learner):
    """Learns from batches (tokens, the tokens that follow), both (steps, batch).

    Parameters
    ----------
    network
        Trained in place.
    options
        The penalties, and the steps of a whole batch.
    write
        Returns a text that the network writes; it is asked at every validation.

    Attributes
    ----------
    samples
        The step of each validation, and what the network wrote then.
    """

    def __init__(
        self, network: LanguageNetwork, /, *, options: LanguageOptions, write: Callable[[LanguageNetwork], str]
    ) -> None:
        super().__init__(network)
        self.samples: list[tuple[int, str]] = []
        self._options, self._write = options, write

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the mean surprise of the tokens that follow, in nats, with the penalties."""
        read = self._read(batch[0])
        return self._language.loss(read, batch[1]) + self._penalty(read)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the surprise of the tokens that follow, in nats."""
        read = self._read(batch[0])
        count = batch[1].numel()
        return {"loss": Sum(self._language.loss(read, batch[1]) * count, count)}

    def losses_by_step(self, batch: Batch, /) -> Tensor:
        """Return the mean surprise (steps,) at each step, in nats."""
        read = self._read(batch[0])
        steps = zip(read.outputs.split(1), read.dropped.split(1), batch[1].split(1), strict=True)
        return torch.stack(
            [self._language.loss(Read(outputs, dropped, read.carried), wanted) for outputs, dropped, wanted in steps]
        )

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the mean, and the perplexity."""
        means = super().summarise(sums)
        return {**means, "perplexity": perplexity(means["loss"])}

    def rate_scale(self, batch: Batch, /) -> float:
        """Return a batch's share of the steps, where these vary (Merity, Keskar & Socher 2018, section 3)."""
        return len(batch[0]) / self._options.bptt if self._options.varying_bptt else 1.0

    def on_validation_end(self, *, step: int) -> None:
        """Let the network write."""
        self.samples.append((step, self._write(self._language)))

    @property
    def _language(self) -> LanguageNetwork:
        assert isinstance(self.network, LanguageNetwork)
        return self.network

    def _read(self, tokens: Tensor) -> Read:
        read = self._language.read(tokens, self.carried)
        self.carried = read.carried
        return read

    def _penalty(self, read: Read) -> Tensor | float:
        """Return AR and TAR: Merity, McCann & Socher (2017), arXiv:1708.01009, equations 1 and 2, on means."""
        found: Tensor | float = 0.0
        if self._options.activation_penalty:
            found = self._options.activation_penalty * read.dropped.square().mean()
        if self._options.change_penalty and len(read.outputs) > 1:
            found = found + self._options.change_penalty * torch.diff(read.outputs, dim=0).square().mean()
        return found
