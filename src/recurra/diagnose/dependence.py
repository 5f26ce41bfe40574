"""How far back the data depend on themselves."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from recurra.diagnose.rerun import few_sequences, paths_of
from recurra.nn.watch import Ran

__all__ = ["dependence_of_inputs"]

_CLEAR = 0.2
"""An autocorrelation from which on the past says something of the present."""

_BEYOND_CHANCE = 2.6
"""Standard deviations of the autocorrelation of noise, 1 / sqrt(steps)."""

_SEQUENCES, _SHORTEST, _STILL = 64, 8, 1e-9


def dependence_of_inputs(run: Ran, /) -> int | None:
    """Estimate over how many steps a layer's inputs depend on each other; None if no lag is clear.

    It is the longest lag, up to half of a sequence, at which the autocorrelation of the inputs (the mean over features
    and sequences, each with its own mean taken off) is 0.2 or more and beyond chance. What depends on the past in other
    ways than by correlation, as words do, is not seen: then the length is better given.
    """
    run = few_sequences(run, _SEQUENCES)
    rows = run.inputs[0].detach().double().cpu()
    parts = [rows[path] for path in paths_of(run.batch_sizes, reverse=False) if len(path) >= _SHORTEST]
    if not parts:
        return None
    total, count = torch.zeros(max(map(len, parts)) // 2 + 1, dtype=rows.dtype), 0
    for part in parts:
        found = _autocorrelation(part)[: len(part) // 2 + 1]
        total[: len(found)] += found * len(part)
        count += len(part)
    lags = ((total / count).abs() >= max(_CLEAR, _BEYOND_CHANCE / math.sqrt(count))).nonzero()
    last = int(lags[-1]) if len(lags) else 0
    return last or None


def _autocorrelation(values: Tensor) -> Tensor:
    """Return the mean autocorrelation (steps,) of the features of a sequence (steps, features) that move."""
    steps, centred = len(values), values - values.mean(0)
    moving = centred[:, centred.norm(dim=0) > _STILL]
    if not moving.shape[1]:
        return values.new_zeros(steps)
    spectrum = torch.fft.rfft(moving, n=2 * steps, dim=0)
    products = torch.fft.irfft(spectrum.abs().square(), n=2 * steps, dim=0)[:steps]
    pairs = torch.arange(steps, 0, -1, dtype=values.dtype)[:, None]  # of each lag
    return (products / pairs * steps / products[0]).mean(1)
