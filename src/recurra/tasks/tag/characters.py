"""What reads the characters of a word, and gives its features."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.nn import ConvolutionalFront, Pooling, Recurrent

__all__ = ["ConvolvedCharacters", "ReadCharacters"]

_KERNEL = 3
"""Characters that a convolution sees at once (Ma & Hovy, 2016)."""


@final
class ReadCharacters(torch.nn.Module):
    """A recurrent net in both directions; the features are its last outputs: Ling et al. (2015), Lample et al. (2016).

    Parameters
    ----------
    cell
        The recurrent cell.
    characters, size, features
        How many characters there are, the width of a character's vector, and of a word's features, which is even.
    """

    def __init__(self, cell: Cell, /, *, characters: int, size: int, features: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, size)
        self.recurrent = Recurrent(cell, size, features // 2, bidirectional=True)
        self.pooling = Pooling("last", self.recurrent.output_features, bidirectional=True)
        self.output_features = self.recurrent.output_features

    def forward(self, words: PackedSequence) -> Tensor:
        """Return the features (words, features) of the characters' numbers of words, packed."""
        outputs, _ = self.recurrent(words._replace(data=self.embedding(words.data)))
        return self.pooling(outputs)[0]


@final
class ConvolvedCharacters(torch.nn.Module):
    """A convolution and the maximum over the characters: Ma & Hovy (2016). Parameters are those of `ReadCharacters`."""

    def __init__(self, *, characters: int, size: int, features: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, size)
        self.convolution = ConvolutionalFront([size, features], kernel_size=_KERNEL)
        self.pooling = Pooling("max", features)
        self.output_features = features

    def forward(self, words: PackedSequence) -> Tensor:
        """Return the features (words, features) of the characters' numbers of words, packed."""
        vectors = words._replace(data=self.embedding(words.data))
        return self.pooling(self.convolution(vectors))[0]
