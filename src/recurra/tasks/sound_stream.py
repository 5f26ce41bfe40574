"""What streams of the tasks on sound have in common: blocks of samples, or of frames, become outputs step by step."""

from __future__ import annotations

from typing import Any, final

import numpy as np
import torch
from torch import Tensor, nn

from recurra.arguments import shown
from recurra.data import ChannelScale
from recurra.data.audio import as_steps
from recurra.data.scaling import check_scaled
from recurra.errors import DataError, InputError
from recurra.nn import ConvolutionalFront, LogMel
from recurra.nn.convolution import OverFeatures
from recurra.nn.sound import LEAST, PRIOR
from recurra.tasks.sound import SoundFeatures

__all__ = ["OutputStream"]


@final
class OutputStream:
    """Runs a network's scale, convolutions and recurrent layers on blocks, and gives what they give of the whole.

    Parameters
    ----------
    network
        With `standardise`, `front` and `recurrent`; it is put into evaluation.
    channels
        The scale of the features.
    sound
        What makes features of samples; None where blocks are frames.

    Raises
    ------
    InputError
        If the model reads backwards too, or needs a whole recording to bring it to scale.
    """

    def __init__(self, network: Any, /, *, channels: ChannelScale, sound: SoundFeatures | None) -> None:
        if network.recurrent.bidirectional:
            raise InputError("stream: the model reads sequences backwards too; fit one with bidirectional = False")
        if network.standardise is not None and network.standardise.kind == "recording":
            raise InputError("stream: the model brings whole recordings to scale; fit one with standardise = running")
        if sound is not None and sound.dynamic_range:
            raise InputError("stream: the model looks for the loudest of a recording; fit one with dynamic_range = 0")
        self._channels, self._recurrent = channels, network.eval().recurrent
        self._windows = None if sound is None else _Windows(sound.module)
        self._scale = _Running() if network.standardise is not None else None
        front = network.front
        self._convolutions = [] if front is None else [_Convolution(each, front) for each in front.convolutions]
        self._state: Any = None
        self._ended = False

    @torch.inference_mode()
    def push(self, block: np.ndarray | None, /, *, is_last: bool = False) -> Tensor:
        """Return the outputs (steps, features), maybe none, that are certain with a block (None for none, at the end).

        Raises
        ------
        InputError
            If the block has another shape or a value that is not finite, of which nothing is taken in; or the stream
            has ended.
        """
        if self._ended:
            raise InputError("stream: it has ended; begin another with stream()")
        width = 1 if self._windows else len(self._channels.level)
        values = np.zeros((0, width), np.float32)
        if not (block is None and is_last):
            values = _values(block, width=width, is_sound=self._windows is not None)
        if self._windows is not None:
            values = self._windows.rows(torch.from_numpy(values), is_last=is_last).numpy()
        rows = torch.from_numpy(_scaled(values, self._channels))
        self._ended = is_last
        if self._scale is not None:
            rows = self._scale.rows(rows)
        for convolution in self._convolutions:
            rows = convolution.rows(rows, is_last=is_last)
        if not len(rows):
            return rows.new_zeros(0, self._recurrent.output_features)
        outputs, self._state = self._recurrent(rows.unsqueeze(1), self._state)
        return outputs.squeeze(1)


def _values(block: Any, *, width: int, is_sound: bool) -> np.ndarray:
    """Return a block as finite numbers (steps, width) float32."""
    try:
        values = as_steps(block, is_sound=is_sound, expected=f"a block (steps, {width})")
    except DataError as error:
        raise InputError(f"stream: {error}") from None
    values = values[:, np.newaxis] if values.ndim == 1 and width == 1 else values
    if values.ndim != 2 or values.shape[1] != width:
        found = f"shape {values.shape}" if values.ndim else shown(block)
        raise InputError(f"stream: got {found}; expected a block (steps, {width})")
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        step, channel = wrong[0].tolist()
        raise InputError(
            f"stream: the block's step {step + 1} is {values[step, channel]:g}; expected finite numbers; nothing of it "
            "is taken in, and the stream goes on with another block"
        )
    return values


def _scaled(values: np.ndarray, channels: ChannelScale) -> np.ndarray:
    """Return rows (steps, channels) at one scale, float32."""
    with np.errstate(over="ignore"):  # what float32 cannot hold is refused
        found = channels.apply(values).astype(np.float32)
    try:
        check_scaled(found, values, where="the block")
    except DataError as error:
        raise InputError(f"stream: {error}; nothing of it is taken in") from None
    return found


class _Windows:
    """Samples (count, 1) become features, a window as soon as all of it is there; of no sample there are none."""

    def __init__(self, module: LogMel) -> None:
        self._module = module
        self._kept = torch.zeros(module.padding)
        self._began = False

    def rows(self, samples: Tensor, *, is_last: bool) -> Tensor:
        self._began |= len(samples) > 0
        if not self._began:
            return samples.new_zeros(0, self._module.output_features)
        end = torch.zeros(self._module.padding if is_last else 0)
        known = torch.cat([self._kept, samples[:, 0], end])
        count = max(0, (len(known) - self._module.window) // self._module.step + 1)
        self._kept = known[count * self._module.step :]
        if not count:
            return known.new_zeros(0, self._module.output_features)
        seen = known[: (count - 1) * self._module.step + self._module.window]
        return self._module.of_energies(self._module.energies(seen))


class _Running:
    """Rows (steps, features) at their own running scale; see `recurra.nn.Standardise`."""

    def __init__(self) -> None:
        self._total: Tensor | float = 0.0
        self._squares: Tensor | float = 0.0
        self._count = 0

    def rows(self, rows: Tensor) -> Tensor:
        seen = (torch.arange(1, len(rows) + 1) + self._count + PRIOR).unsqueeze(1)
        total, squares = rows.cumsum(0) + self._total, rows.square().cumsum(0) + self._squares
        mean = total / seen
        variance = ((squares + PRIOR) / seen - mean.square()).clamp(min=LEAST)
        if len(rows):
            self._total, self._squares, self._count = total[-1], squares[-1], self._count + len(rows)
        return (rows - mean) / variance.sqrt()


class _Convolution:
    """One convolution of a front, a step as soon as all that it sees is there."""

    def __init__(self, convolution: nn.Conv1d | OverFeatures, front: ConvolutionalFront) -> None:
        self._convolution, self._size, self._stride = convolution, front.kernel_size, front.stride
        self._kept: Tensor | None = None

    def rows(self, rows: Tensor, *, is_last: bool) -> Tensor:
        outside = rows.new_zeros(self._size // 2, rows.shape[1])
        known = torch.cat([outside if self._kept is None else self._kept, rows, outside[: len(outside) * is_last]])
        count = max(0, (len(known) - self._size) // self._stride + 1)
        self._kept = known[count * self._stride :]
        if not count:
            return known.new_zeros(0, self._convolution.out_channels)
        seen = known[: (count - 1) * self._stride + self._size].T.unsqueeze(0)
        return self._of_whole_windows(seen).relu()[0].T

    def _of_whole_windows(self, seen: Tensor) -> Tensor:
        given = self._convolution
        if isinstance(given, OverFeatures):
            return given.of_whole_windows(seen)
        return nn.functional.conv1d(seen, given.weight, given.bias, stride=given.stride)
