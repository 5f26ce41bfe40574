"""A classifier that hears as it comes: blocks of samples, or of steps, in, the probabilities of the classes out."""

from __future__ import annotations

from typing import final

import numpy as np
import torch
from torch import Tensor

from recurra.errors import InputError
from recurra.nn import Pooling
from recurra.tasks.classify.encoders import NumberEncoder, SoundEncoder
from recurra.tasks.classify.model import ClassifyModel
from recurra.tasks.sound_stream import OutputStream

__all__ = ["ClassifyStream"]


@final
class ClassifyStream:
    """Blocks of samples, or of steps of numbers, become the probabilities of the classes of all that came so far.

    After `finish` they are those that the model gives the whole sequence, however it was cut.

    Parameters
    ----------
    model
        Of recordings or other numbers, that reads forwards alone (`bidirectional=False`), at the scale of all data or a
        running one.

    Attributes
    ----------
    probabilities
        (classes,) float64 of what came so far; None before the first step, for which 20 ms of sound may be too short.

    Raises
    ------
    InputError
        If the model classifies texts or images, reads backwards too, has self-attention, or needs a whole recording to
        bring it to scale.
    """

    def __init__(self, model: ClassifyModel, /) -> None:
        encoder = model.encoder
        if not isinstance(encoder, SoundEncoder | NumberEncoder):
            raise InputError("stream: the model classifies texts or images; expected one of recordings or numbers")
        if model.network.self_attention is not None:
            raise InputError("stream: the model's self-attention sees whole sequences; fit one without self_attention")
        if encoder.longest is not None:
            raise InputError(
                f"stream: the model cuts sequences off after {encoder.longest} steps; fit one without longest"
            )
        if isinstance(encoder, SoundEncoder):
            self._outputs = OutputStream(model.network, channels=encoder.features.channels, sound=encoder.features)
        else:
            self._outputs = OutputStream(model.network, channels=encoder.channels, sound=None)
        self._pooled, self._head = _Pooled(model.network.pooling), model.network.head
        self._target = model.target
        self.probabilities: np.ndarray | None = None

    def push(self, block: np.ndarray, /) -> np.ndarray | None:
        """Take a block of any length, and return `probabilities`.

        Parameters
        ----------
        block
            (samples,) at the model's rate, from -1 to 1, or whole numbers of 8 to 32 bits; of other numbers (steps,
            channels).

        Raises
        ------
        InputError
            If the block has another shape or a value that is not finite, of which nothing is taken in; or the stream
            has ended.
        """
        return self._heard(self._outputs.push(block))

    def finish(self) -> np.ndarray | None:
        """End the sequence, and return the `probabilities` of all of it."""
        return self._heard(self._outputs.push(None, is_last=True))

    @torch.inference_mode()
    def _heard(self, outputs: Tensor) -> np.ndarray | None:
        if len(outputs):
            scores = self._head(self._pooled.push(outputs)).double().numpy()
            self.probabilities = self._target.probabilities(scores)[0]
        return self.probabilities


class _Pooled:
    """What `recurra.nn.Pooling` makes of the steps so far."""

    def __init__(self, pooling: Pooling) -> None:
        self._pooling = pooling
        self._value: Tensor | None = None
        self._highest, self._weight = torch.tensor(-torch.inf), torch.tensor(0.0)

    def push(self, rows: Tensor) -> Tensor:
        """Take steps (count, features), at least one, and return the vector (1, features) of all so far."""
        kind, before = self._pooling.kind, self._value
        if kind == "last":
            self._value = rows[-1:]
        elif kind == "max":
            self._value = torch.cat([rows] if before is None else [before, rows]).amax(0, keepdim=True)
        else:
            # a mean, weighted by a softmax whose largest score may still come
            scores = self._pooling.scores(rows) if kind == "attention" else rows.new_zeros(len(rows))
            highest = torch.maximum(self._highest, scores.max())
            weights, kept = (scores - highest).exp(), (self._highest - highest).exp() * self._weight
            total = weights.sum() + kept
            mean = (weights / total) @ rows
            self._value = mean.unsqueeze(0) if before is None else mean.unsqueeze(0) + kept / total * before
            self._highest, self._weight = highest, total
        return self._value
