"""Sound for recurrent layers: samples as the logarithms of energies in bands, as cepstra, and brought to one scale."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_size, shape_or_kind
from recurra.nn.ragged import Ragged, pack, padded, sum_rows

__all__ = ["FLOOR", "LEAST", "MFCC", "PRIOR", "WIDEST", "LogMel", "Standardise"]

_WINDOW, _STEP = 0.025, 0.010
"""Seconds of a window, and from one window to the next."""

FLOOR = 1e-7
"""Energy that counts as silence, about that of the rounding to 16 bits; samples are from -1 to 1."""

WIDEST = 200
"""Decibels of a dynamic range, at most; from loudest to FLOOR there are less."""

PRIOR = 100
"""Steps that the statistics of the training data count in the running ones."""

LEAST = 1e-3
"""The smallest variance that is divided by: a band in which nothing changes stays near 0."""


class LogMel(nn.Module):
    """Samples become the logarithms of their energies in bands of the mel scale: Davis and Mermelstein (1980).

    Windows of 25 ms under a Hann window, one every 10 ms; the bands are triangles, evenly spaced on the mel scale from
    0 to half the rate. It learns nothing, and is exported like the layers behind it.

    Parameters
    ----------
    rate : int
        Samples a second.
    bands : int
        How many features a step has.
    dynamic_range : float
        Decibels below the loudest band of the recording to which energies reach down, and relative to which they are;
        what is softer counts as that, so that neither the loudness of a recording nor the noise of its background is
        heard. A recording is relative to so much above silence at least. 0 leaves energies as they are.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import LogMel
    >>> LogMel(16_000, 40)(torch.zeros(2, 16_000)).shape
    torch.Size([2, 101, 40])
    """

    hann: Tensor
    filters: Tensor

    @checked(InputError)
    def __init__(self, rate: int = 16_000, bands: int = 40, *, dynamic_range: float = 0.0) -> None:
        super().__init__()
        check_size("rate", rate)
        check_size("bands", bands)
        if not 0 <= dynamic_range <= WIDEST:
            raise InputError(f"dynamic_range: got {dynamic_range}, expected decibels from 0 to {WIDEST}")
        self.rate, self.bands, self.dynamic_range = rate, bands, dynamic_range
        self.window, self.step = max(2, round(_WINDOW * rate)), max(1, round(_STEP * rate))
        self.points = 2 ** math.ceil(math.log2(self.window))
        while not (filters := _filters(rate, bands, self.points)).any(0).all():
            self.points *= 2  # a band between two frequencies would hold nothing
        hann = torch.hann_window(self.window, periodic=False, dtype=torch.float64)
        self.register_buffer("hann", hann.float(), persistent=False)
        self.register_buffer("filters", filters.float(), persistent=False)

    @property
    def output_features(self) -> int:
        """The width of the output."""
        return self.bands

    @property
    def padding(self) -> int:
        """Silence before and after the samples, so that the first window has its middle at the first of them."""
        return self.window // 2

    def steps(self, samples: int, /) -> int:
        """Return how many steps so many samples become: at least one."""
        return (samples + 2 * self.padding - self.window) // self.step + 1

    def forward(self, samples: Tensor) -> Tensor:
        """Return the features of samples.

        Parameters
        ----------
        samples : tensor (..., count), from -1 to 1

        Returns
        -------
        tensor (..., steps, output_features)
        """
        if not isinstance(samples, Tensor) or samples.dim() < 1 or not samples.shape[-1]:
            raise InputError(f"samples: got {shape_or_kind(samples)}, expected (..., count), a number for each sample")
        return self.of_energies(self.energies(nn.functional.pad(samples, (self.padding, self.padding))))

    def energies(self, samples: Tensor, /) -> Tensor:
        """Return the energies, as logarithms, of the windows in samples (..., count), without silence around them."""
        spectra = torch.fft.rfft(samples.unfold(-1, self.window, self.step) * self.hann, n=self.points)
        energy = (spectra.real.square() + spectra.imag.square()) @ self.filters
        return energy.clamp(min=FLOOR).log()

    def of_energies(self, energies: Tensor, /) -> Tensor:
        """Return the features of a recording of these energies (..., steps, bands)."""
        if not self.dynamic_range:
            return energies
        loudest = energies.amax((-2, -1), keepdim=True).clamp(min=self.least_loudness)
        return (energies - loudest).clamp(min=-self.reach)

    @property
    def reach(self) -> float:
        """The dynamic range as a logarithm of energies."""
        return self.dynamic_range * math.log(10) / 10

    @property
    def least_loudness(self) -> float:
        """What is the loudest, as a logarithm of its energy, of what is silent: with it, silence is out of reach."""
        return math.log(FLOOR) + self.reach

    def waves(self) -> tuple[Tensor, Tensor]:
        """Return the Fourier transform of a window as two matrices (window, frequencies), the window's shape in them.

        Where there is no fast transform, as in an export, these two products are what `forward` computes.
        """
        turns = _whole(self.window).outer(_whole(len(self.filters)))
        angles = 2 * torch.pi * turns / self.points
        hann = self.hann.double().cpu().unsqueeze(1)
        return (angles.cos() * hann).float(), (angles.sin() * hann).float()

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.rate}, {self.bands}" + (f", dynamic_range={self.dynamic_range:g}" if self.dynamic_range else "")


class MFCC(LogMel):
    """Samples become mel frequency cepstral coefficients: the first terms of the cosine transform of `LogMel`'s bands.

    Parameters
    ----------
    rate, bands, dynamic_range
        As of `LogMel`.
    cepstra : int
        How many features a step has, `bands` at most.

    Raises
    ------
    InputError
        If there are more cepstra than bands.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import MFCC
    >>> MFCC(8_000, 26, cepstra=13)(torch.zeros(4_000)).shape
    torch.Size([51, 13])
    """

    dct: Tensor

    @checked(InputError)
    def __init__(self, rate: int = 16_000, bands: int = 40, *, cepstra: int = 13, dynamic_range: float = 0.0) -> None:
        super().__init__(rate, bands, dynamic_range=dynamic_range)
        check_size("cepstra", cepstra)
        if cepstra > bands:
            raise InputError(f"cepstra: got {cepstra}, expected {bands} at most, one for each band")
        self.cepstra = cepstra
        places = (_whole(bands) + 0.5).outer(_whole(cepstra))
        matrix = (torch.pi * places / bands).cos() * math.sqrt(2 / bands)
        matrix[:, 0] /= math.sqrt(2)
        self.register_buffer("dct", matrix.float(), persistent=False)

    @property
    def output_features(self) -> int:
        """The width of the output."""
        return self.cepstra

    def of_energies(self, energies: Tensor, /) -> Tensor:
        """Return (..., steps, cepstra) of energies (..., steps, bands); see `LogMel.of_energies`."""
        return super().of_energies(energies) @ self.dct

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{super().extra_repr()}, cepstra={self.cepstra}"


def _whole(count: int) -> Tensor:
    """Return the whole numbers from 0, float64."""
    return torch.arange(count, dtype=torch.float64, device="cpu")


def _filters(rate: int, bands: int, points: int) -> Tensor:
    """Return the weights of frequencies in bands (frequencies, bands), float64."""
    frequencies = torch.fft.rfftfreq(points, 1 / rate, dtype=torch.float64, device="cpu")
    highest = 2595 * math.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (torch.linspace(0, highest, bands + 2, dtype=torch.float64, device="cpu") / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies.unsqueeze(1) - low) / (middle - low)
    falling = (high - frequencies.unsqueeze(1)) / (high - middle)
    return torch.minimum(rising, falling).clamp(min=0)


class Standardise(nn.Module):
    """Each feature of a sequence with mean 0 and variance 1 over its own steps, which takes out voices and microphones.

    - ``"recording"``: over all steps of the sequence.
    - ``"running"``: over the steps so far, of which 100 are taken to have been of mean 0 and variance 1, so that it can
      run as the samples come: bring the features to that scale over all data before.

    Parameters
    ----------
    kind : ``"recording"`` or ``"running"``

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import Standardise
    >>> Standardise("recording")(torch.tensor([[[1.0], [3.0]]])).flatten().tolist()
    [-1.0, 1.0]
    """

    @checked(InputError)
    def __init__(self, kind: Literal["recording", "running"]) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, sequences: Tensor | PackedSequence, lengths: Tensor | None = None) -> Tensor | PackedSequence:
        """Return sequences at their own scale.

        Parameters
        ----------
        sequences : tensor (batch, time, features) or PackedSequence
        lengths : tensor (batch,), optional
            Of a padded batch; all are full without.

        Returns
        -------
        PackedSequence for one; tensor (batch, time, features), zeros behind the ends
        """
        packed = pack(sequences, lengths)
        rows, ragged = packed.data, Ragged.of(packed)
        values = self._recording(rows, ragged) if self.kind == "recording" else self._running(rows, ragged)
        if isinstance(sequences, PackedSequence):
            return packed._replace(data=values)
        found = padded(values, ragged)
        return nn.functional.pad(found, (0, 0, 0, sequences.shape[1] - found.shape[1]))

    def extra_repr(self) -> str:
        """Return the option."""
        return repr(self.kind)

    def _recording(self, rows: Tensor, ragged: Ragged) -> Tensor:
        count = ragged.lengths.unsqueeze(1)
        centred = rows - (sum_rows(rows, ragged) / count)[ragged.sequence]
        variance = sum_rows(centred.square(), ragged) / count
        return centred / variance.clamp(min=LEAST).sqrt()[ragged.sequence]

    def _running(self, rows: Tensor, ragged: Ragged) -> Tensor:
        seen = (ragged.step + 1 + PRIOR).unsqueeze(1)
        mean = self._so_far(rows, ragged) / seen
        square = (self._so_far(rows.square(), ragged) + PRIOR) / seen
        return (rows - mean) / (square - mean.square()).clamp(min=LEAST).sqrt()

    def _so_far(self, rows: Tensor, ragged: Ragged) -> Tensor:
        """Return the sum over the steps of each row's sequence up to it, (rows, features)."""
        grid = rows.new_zeros(ragged.batch * ragged.steps, rows.shape[1])
        place = ragged.sequence * ragged.steps + ragged.step
        grid = grid.index_copy(0, place, rows).view(ragged.batch, ragged.steps, -1).cumsum(1)
        return grid.flatten(0, 1).index_select(0, place)
