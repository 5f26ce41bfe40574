"""A transcriber that hears as it comes: blocks of samples in, text out as it becomes certain."""

from __future__ import annotations

from typing import final

import numpy as np
import torch
from torch import Tensor

from recurra.errors import InputError
from recurra.tasks.sound_stream import OutputStream
from recurra.tasks.transcribe.model import TranscribeModel

__all__ = ["TranscribeStream"]


@final
class TranscribeStream:
    """Blocks of samples, or of frames, become text; what has been given out never changes.

    It follows the likeliest path, and gives what the model gives for the whole recording, however it is cut.

    Parameters
    ----------
    model
        That reads forwards alone (`bidirectional=False`), at the scale of all data or a running one.

    Attributes
    ----------
    text
        What has been heard so far.

    Raises
    ------
    InputError
        If the model reads backwards too or pictures of lines, or needs a whole recording to bring it to scale.
    """

    def __init__(self, model: TranscribeModel, /) -> None:
        if model.network.pixels is not None:
            raise InputError("stream: the model reads pictures of lines, which come whole")
        features = model.features
        self._model = model
        self._outputs = OutputStream(model.network, channels=features.channels, sound=features.sound)
        self._last, self._labels, self._given = 0, list[int](), 0
        self.text = ""

    def push(self, block: np.ndarray, /) -> str:
        """Take a block of any length, and return the text that has become certain.

        Parameters
        ----------
        block
            (samples,) at the model's rate, from -1 to 1, or whole numbers of 8 to 32 bits; of frames (steps, channels).

        Raises
        ------
        InputError
            If the block has another shape or a value that is not finite, of which nothing is taken in; or the stream
            has ended.
        """
        return self._heard(self._outputs.push(block))

    def finish(self) -> str:
        """End the recording, and return the rest of the text."""
        return self._heard(self._outputs.push(None, is_last=True))

    @torch.inference_mode()
    def _heard(self, outputs: Tensor) -> str:
        """Follow the likeliest path, and return the text that is new; a space at its end comes with what follows."""
        for label in self._model.network.head(outputs).argmax(1).tolist():
            if label and label != self._last:
                self._labels.append(label)
            self._last = label
        self.text = self._model.alphabet.decode(self._labels)
        new, self._given = self.text[self._given :], len(self.text)
        return new
