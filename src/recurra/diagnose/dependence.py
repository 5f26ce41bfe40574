"""How far back the data depend on themselves, and how far back a model looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.diagnose.places import recurrent_layers
from recurra.diagnose.rerun import few_sequences, paths_of
from recurra.nn.watch import Ran

__all__ = ["dependence_of_inputs", "history_in_use", "losses_by_history"]

_CLEAR = 0.2
"""An autocorrelation from which on the past says something of the present."""

_BEYOND_CHANCE = 2.6
"""Standard deviations of the autocorrelation of noise, 1 / sqrt(steps)."""

_SEQUENCES, _SHORTEST, _STILL = 64, 8, 1e-9

_NEAR = 0.01
"""What is lost with a shorter history, as a share of what any history gains, that does not count."""


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


def losses_by_history(
    model: nn.Module, loss: Callable[[], Tensor], /, *, longest: int
) -> tuple[tuple[int, float], ...]:
    """Return (steps, loss) for histories of 1, 2, 4, ... steps: the state begins anew after so many.

    Parameters
    ----------
    model
        With layers that are run on whole sequences.
    loss
        Runs the model on some data.
    longest
        The steps of the longest sequence.
    """
    found = []
    history = 1
    while history < longest:
        with torch.no_grad(), _beginning_anew(model, history):
            found.append((history, float(loss())))
        history *= 2
    with torch.no_grad():
        found.append((longest, float(loss())))
    return tuple(found)


def history_in_use(losses: tuple[tuple[int, float], ...], /) -> int | None:
    """Return the shortest history with which the loss is all but what it is with the longest; None if none helps."""
    if not losses or not losses[0][1] > losses[-1][1]:
        return None
    (_, first), (_, whole) = losses[0], losses[-1]
    least = whole + _NEAR * (first - whole)
    return next(history for history, loss in losses if loss <= least)


@contextmanager
def _beginning_anew(model: nn.Module, history: int) -> Iterator[None]:
    """Let the states of all layers begin anew after so many steps."""
    hooks = [
        layer.register_forward_pre_hook(_Anew(history, bool(layer.batch_first)), with_kwargs=True)
        for _, layer in recurrent_layers(model)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


class _Anew:
    """Adds a mask of restarts to a layer's arguments."""

    def __init__(self, history: int, batch_first: bool) -> None:
        self.history, self.batch_first = history, batch_first

    def __call__(self, layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        return args, {**kwargs, "reset": self._mask(args[0] if args else kwargs["input"])}

    def _mask(self, sequences: Tensor | PackedSequence) -> Tensor | PackedSequence:
        """Return where the state begins anew, counted from the end, so that the last step has all of the history."""
        if isinstance(sequences, PackedSequence):
            return sequences._replace(data=self._from_the_end(_distances(sequences.batch_sizes)))
        axis = 1 if self.batch_first and sequences.dim() == 3 else 0
        anew = self._from_the_end(torch.arange(sequences.shape[axis]).flip(0))
        if sequences.dim() == 2:
            return anew
        shape = sequences.shape[:2]
        return anew.expand(shape) if axis else anew[:, None].expand(shape)

    def _from_the_end(self, distances: Tensor) -> Tensor:
        return (distances + 1) % self.history == 0


def _distances(batch_sizes: Tensor) -> Tensor:
    """Return for each row how many steps of its sequence come after it."""
    steps = torch.arange(len(batch_sizes)).repeat_interleave(batch_sizes)
    sequences = torch.cat([torch.arange(int(size)) for size in batch_sizes])
    return torch.bincount(sequences)[sequences] - 1 - steps
