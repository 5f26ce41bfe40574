"""`ConvolutionalFront`: one-dimensional convolutions before a recurrent layer, which then sees fewer steps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_size, shape_or_kind
from recurra.nn.ragged import Ragged, check_lengths, is_padding, pack, padded

__all__ = ["ConvolutionalFront"]


class ConvolutionalFront(nn.Module):
    """Convolutions over time, each followed by ReLU, for audio, pixels and other long sequences.

    A convolution sees `kernel_size // 2` zeros on either side of a sequence, and behind its end never anything else: a
    sequence in a batch gives what it gives alone. Of n steps it makes (n + 2 (kernel_size // 2) - kernel_size) //
    stride + 1, with an odd kernel n / stride rounded up.

    Parameters
    ----------
    channels : sequence of int
        The width of the input, then that of each convolution's output.
    kernel_size, stride : int
        Of every convolution.

    Raises
    ------
    InputError
        If an option, the width of the input or the lengths do not fit.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, ConvolutionalFront
    >>> front = ConvolutionalFront([1, 16, 32], kernel_size=5, stride=2)
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.randn(100, 1), torch.randn(70, 1)])
    >>> output, state = GRU(32, 8)(front(packed))
    >>> front.lengths(torch.tensor([100, 70])).tolist()
    [25, 18]
    """

    @checked(InputError)
    def __init__(
        self,
        channels: Sequence[int],
        *,
        kernel_size: int,
        stride: int = 1,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        if len(channels) < 2:
            raise InputError(f"channels: got {list(channels)}, expected the input's width and at least one output's")
        for number, width in enumerate(channels):
            check_size(f"channels[{number}]", width)
        check_size("kernel_size", kernel_size)
        check_size("stride", stride)
        self.channels, self.kernel_size, self.stride = tuple(channels), kernel_size, stride
        options: dict[str, Any] = {"stride": stride, "padding": kernel_size // 2, "device": device, "dtype": dtype}
        self.convolutions = nn.ModuleList(nn.Conv1d(a, b, kernel_size, **options) for a, b in pairwise(channels))

    @property
    def output_features(self) -> int:
        """The width of the output."""
        return self.channels[-1]

    def lengths(self, lengths: Tensor) -> Tensor:
        """Return how many steps the output has of sequences of these lengths."""
        for _ in self.convolutions:
            lengths = self._after_one(lengths)
        return lengths

    def forward(
        self, sequences: Tensor | PackedSequence, lengths: Tensor | None = None
    ) -> Tensor | PackedSequence | tuple[Tensor, Tensor]:
        """Run the convolutions.

        Parameters
        ----------
        sequences : tensor (batch, time, channels[0]) or PackedSequence
        lengths : tensor (batch,), optional
            Of a padded batch; all are full without.

        Returns
        -------
        PackedSequence for one; tensor (batch, fewer steps, output_features), with its lengths where lengths are given,
        and zeros behind them
        """
        if isinstance(sequences, PackedSequence):
            return self._packed(sequences, lengths)
        if not isinstance(sequences, Tensor) or sequences.dim() != 3 or not sequences.shape[1]:
            raise InputError(
                f"input: got {shape_or_kind(sequences)}, expected (batch, time, {self.channels[0]}) or a PackedSequence"
            )
        checked = check_lengths(lengths, batch=sequences.shape[0], steps=sequences.shape[1])
        output = self._convolve(sequences, checked)
        return output if checked is None else (output, self.lengths(checked))

    def _packed(self, packed: PackedSequence, lengths: Tensor | None) -> PackedSequence:
        pack(packed, lengths)
        ragged = Ragged.of(packed)
        before = ragged.restore(ragged.lengths)
        return pack(self._convolve(padded(packed.data, ragged), before), self.lengths(before))

    def _convolve(self, sequences: Tensor, lengths: Tensor | None) -> Tensor:
        """Return (batch, fewer steps, output_features), zeros behind the ends."""
        if sequences.shape[-1] != self.channels[0]:
            raise InputError(f"input: got {sequences.shape[-1]} features, expected {self.channels[0]}")
        values = _without_padding(sequences.transpose(1, 2), lengths)
        for convolution in self.convolutions:
            lengths = None if lengths is None else self._after_one(lengths)
            values = _without_padding(convolution(values).relu(), lengths)
        return values.transpose(1, 2)

    def _after_one(self, lengths: Tensor) -> Tensor:
        outside = 2 * (self.kernel_size // 2) - self.kernel_size
        return torch.div(lengths + outside, self.stride, rounding_mode="floor") + 1


def _without_padding(values: Tensor, lengths: Tensor | None) -> Tensor:
    """Return (batch, channels, time) with zeros behind the ends: what is there may be anything, NaN too."""
    padding = is_padding(lengths, steps=values.shape[-1], device=values.device)
    return values if padding is None else values.masked_fill(padding.unsqueeze(1), 0)
