"""Convolutions before a recurrent layer, which then sees fewer steps: over time, or over a line's pixels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_size, shape_or_kind
from recurra.nn.ragged import Ragged, check_lengths, is_padding, pack, padded

__all__ = ["ConvolutionalFront", "PictureFront"]


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
    over_features : bool
        Whether the convolutions go over the input's features as they go over time, with the same weights at each of
        them, as over bands of energies, where another voice is a little higher (Abdel-Hamid et al. 2014, Convolutional
        neural networks for speech recognition). `stride` makes fewer of both, and the widths are those of one feature.

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
        over_features: bool = False,
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
        self.convolutions = nn.ModuleList()
        if not over_features:
            self.convolutions.extend(nn.Conv1d(a, b, kernel_size, **options) for a, b in pairwise(channels))
            self._output_features = channels[-1]
            return
        bands = channels[0]
        for a, b in pairwise([1, *channels[1:]]):
            made = OverFeatures(a, b, bands, kernel_size, **options)
            self.convolutions.append(made)
            bands = made.bands
        self._output_features = channels[-1] * bands

    @property
    def output_features(self) -> int:
        """The width of the output."""
        return self._output_features

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


class OverFeatures(nn.Module):
    """A convolution over time and features: channels (batch, input * features, time), the features of each together.

    `weight` and `bias` are those of the `torch.nn.Conv1d` that gives the same.
    """

    def __init__(self, input: int, output: int, features: int, kernel_size: int, **options: Any) -> None:
        super().__init__()
        self.filter = nn.Conv2d(input, output, kernel_size, **options)
        self.input, self.features = input, features

    @property
    def out_channels(self) -> int:
        """The width of the output, as that of `torch.nn.Conv1d` is called."""
        return self.filter.out_channels * self.bands

    @property
    def bands(self) -> int:
        """How many features are left."""
        (outside, *_), (size, *_), (stride, *_) = self.filter.padding, self.filter.kernel_size, self.filter.stride
        return (self.features + 2 * int(outside) - size) // stride + 1

    def forward(self, values: Tensor) -> Tensor:
        """Return (batch, output * bands, fewer steps)."""
        return self.filter(self._grids(values)).flatten(1, 2)

    def of_whole_windows(self, values: Tensor) -> Tensor:
        """Return (batch, output * bands, fewer steps), of steps that see no padding: what of a stream is certain."""
        given, outside = self.filter, int(self.filter.padding[0])
        found = nn.functional.conv2d(
            self._grids(values), given.weight, given.bias, stride=given.stride, padding=(outside, 0)
        )
        return found.flatten(1, 2)

    def _grids(self, values: Tensor) -> Tensor:
        return values.unflatten(1, (self.input, self.features))

    @property
    def weight(self) -> Tensor:
        """(output * bands, input * features, kernel_size): what an impulse in each place of the kernel gives."""
        size, given = self.filter.kernel_size[0], self.filter.weight
        impulses = torch.eye(self.input * self.features * size, device=given.device, dtype=given.dtype)
        grids = impulses.view(-1, self.input, self.features, size)
        (stride, _), (outside, _) = self.filter.stride, self.filter.padding
        found = nn.functional.conv2d(grids, given, stride=(stride, 1), padding=(int(outside), 0))
        return found.flatten(1).T.unflatten(1, (-1, size))

    @property
    def bias(self) -> Tensor:
        """(output * bands,)."""
        assert self.filter.bias is not None
        return self.filter.bias.repeat_interleave(self.bands)


def _without_padding(values: Tensor, lengths: Tensor | None) -> Tensor:
    """Return (batch, ..., time) with zeros behind the ends: what is there may be anything, NaN too."""
    padding = is_padding(lengths, steps=values.shape[-1], device=values.device)
    if padding is None:
        return values
    return values.masked_fill(padding.view(len(padding), *[1] * (values.dim() - 2), -1), 0)


class PictureFront(nn.Module):
    """Convolutions over the pixels of a line of writing, whose columns are steps: Shi, Bai & Yao (2017), CRNN.

    Each is 3 by 3, brings the features of a pixel to one scale (layer normalisation), and ends in ReLU and the largest
    of 2 by 2 pixels, from the third on of 2 by 1, so that only the first two make fewer steps. A step's output are the
    features of all pixels of its column. What stands behind the end of a line is never seen.

    Parameters
    ----------
    height : int
        Pixels of a column: the width of the input.
    features : sequence of int
        Of a pixel after each convolution, each of which halves the height.

    Raises
    ------
    InputError
        If an option, the width of the input or the lengths do not fit.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import PictureFront
    >>> front = PictureFront(32, [8, 16, 16])
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.randn(100, 32), torch.randn(70, 32)])
    >>> front(packed).data.shape, front.lengths(torch.tensor([100, 70])).tolist(), front.stride
    (torch.Size([43, 64]), [25, 18], 4)
    """

    @checked(InputError)
    def __init__(self, height: int, features: Sequence[int]) -> None:
        super().__init__()
        check_size("height", height)
        if not features:
            raise InputError("features: got none, expected those of one convolution at least")
        for number, width in enumerate(features):
            check_size(f"features[{number}]", width)
        self.height, self.features = height, tuple(features)
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise([1, *features]))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for width in features)

    @property
    def output_features(self) -> int:
        """The width of the output."""
        return self.features[-1] * -(-self.height // 2 ** len(self.features))

    @property
    def stride(self) -> int:
        """Steps that it makes one of."""
        return 2 ** min(_NARROWING, len(self.features))

    def lengths(self, lengths: Tensor) -> Tensor:
        """Return how many steps the output has of lines of these lengths."""
        return torch.div(lengths + self.stride - 1, self.stride, rounding_mode="floor")

    def forward(self, lines: PackedSequence) -> PackedSequence:
        """Return packed lines (columns, height) as (fewer columns, output_features)."""
        if not isinstance(lines, PackedSequence) or lines.data.shape[1:] != (self.height,):
            raise InputError(f"input: got {shape_or_kind(lines)}, expected packed columns of {self.height} pixels")
        ragged = Ragged.of(lines)
        lengths = ragged.restore(ragged.lengths)
        # (batch, 1, height, columns); a pixel's features lie side by side, as norms and products read them
        values = padded(lines.data, ragged).transpose(1, 2).unsqueeze(1)
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            filtered = convolution(values.to(memory_format=torch.channels_last))
            across = 2 if number < _NARROWING else 1
            values = _ended(norm(filtered.movedim(1, -1)), lengths, across).movedim(-1, 1)
            lengths = torch.div(lengths + across - 1, across, rounding_mode="floor")
            values = _without_padding(max_pool2d(values, (2, across), ceil_mode=True).relu(), lengths)
        return pack(values.flatten(1, 2).transpose(1, 2), lengths)


def _ended(values: Tensor, lengths: Tensor, across: int) -> Tensor:
    """Return values (batch, height, columns, features) with 0 behind a line's end, where that is pooled with its last.

    ReLU comes after the pooling, of a quarter of the pixels: what is 0 changes no maximum that it leaves.
    """
    odd = ((lengths % across > 0) & (lengths < values.shape[2])).nonzero().flatten()
    if len(odd):
        values[odd, :, lengths[odd]] = 0
    return values


_NARROWING = 2
"""Convolutions that halve the columns too."""
