"""`IndependentTags`: a softmax over the tags of each token, in place of a CRF."""

from __future__ import annotations

from typing import Literal, final

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence

from recurra.nn import AllowedTransitions, LinearChainCRF

__all__ = ["IndependentTags"]


@final
class IndependentTags(torch.nn.Module):
    """Each token's tag for itself, with the methods of `recurra.nn.LinearChainCRF`.

    What is decoded is the likeliest sequence among those that the constraints allow.

    Parameters
    ----------
    tags
        How many there are.
    constraints
        What a sequence may be; everything by default.
    """

    def __init__(self, tags: int, *, constraints: AllowedTransitions | None = None) -> None:
        super().__init__()
        self._chain = LinearChainCRF(tags, constraints=constraints)
        for scores in self._chain.parameters():
            torch.nn.init.zeros_(scores).requires_grad_(False)

    def negative_log_likelihood(
        self, emissions: PackedSequence, tags: PackedSequence, *, reduction: Literal["token_mean", "sum"]
    ) -> Tensor:
        """Return -log p(tags | emissions), a scalar: over the tokens, or their sum."""
        over = "mean" if reduction == "token_mean" else "sum"
        return functional.cross_entropy(emissions.data, tags.data, reduction=over)

    def decode(self, emissions: PackedSequence) -> tuple[list[list[int]], Tensor]:
        """Return the best sequences of tags, and their log p (batch,)."""
        return self._chain.decode(emissions._replace(data=emissions.data.log_softmax(1)))

    def marginals(self, emissions: PackedSequence) -> Tensor:
        """Return p(y_t = tag | emissions), (batch, time, tags), 0 behind the end of a sentence."""
        probabilities = emissions._replace(data=emissions.data.detach().softmax(1))
        return torch.nn.utils.rnn.pad_packed_sequence(probabilities, batch_first=True)[0]
