"""How far back a model looks, by its loss with just so much history; and how far back its data depend on their past."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.diagnose.layer_names import recurrent_layers
from recurra.diagnose.rerun import few_sequences, paths_of
from recurra.diagnose.steps import Sequences, Steps
from recurra.nn.stack import ForwardPass

__all__ = ["dependence_of_inputs", "history_in_use", "losses_by_history"]

_NEAR = 0.01
"""What is lost with a shorter history, as a share of what any history gains, that does not count."""


def losses_by_history(
    model: nn.Module, loss: Callable[[], Tensor], /, *, longest: int
) -> tuple[tuple[int, float], ...]:
    """Return (steps, loss) for histories of 1, 2, 4, ... steps, the step itself counted.

    To let the state begin anew every so many steps is not enough: just after a beginning a step has next to no history.
    So the model runs several times, with the beginnings at other steps each time, and the loss is of outputs put
    together from these runs: of each step, the one in which it has had `steps` of its history, and at most a quarter
    more (in a model with a direction that runs backwards, at least so many on either side, and at most half more).

    Parameters
    ----------
    model
        With layers that are run on whole sequences.
    loss
        Runs the model on some data, the same at each call.
    longest
        The steps of the longest sequence.
    """
    found = []
    is_two_sided = any(getattr(layer, "bidirectional", False) for _, layer in recurrent_layers(model))
    history = 1
    with torch.no_grad():
        while history < longest:
            found.append((history, float(_loss_with(model, loss, _Blocks(history, is_two_sided)))))
            history *= 2
        found.append((longest, float(loss())))
    return tuple(found)


def history_in_use(losses: tuple[tuple[int, float], ...], /) -> int | None:
    """Return the shortest history with which the loss is all but what it is with the longest; None if none helps."""
    if not losses or not losses[0][1] > losses[-1][1]:
        return None
    (_, first), (_, whole) = losses[0], losses[-1]
    least = whole + _NEAR * (first - whole)
    return next(history for history, loss in losses if loss <= least)


@dataclass(frozen=True)
class _Blocks:
    """Blocks of steps in which the state begins anew, shifted so that each step once stands where it should.

    With blocks of `length` at every `spacing`, some shift gives a step at least `history` of its past, and in a model
    that reads both ways as much of what follows.
    """

    history: int
    is_two_sided: bool

    @property
    def spacing(self) -> int:
        """Steps from one shift to the next."""
        return max(1, self.history // (2 if self.is_two_sided else 4))

    @property
    def length(self) -> int:
        """Steps of a block."""
        return (2 * self.history - 2 if self.is_two_sided else self.history - 1) + self.spacing

    @property
    def shifts(self) -> range:
        """By how many steps the blocks are moved."""
        return range(0, self.length, self.spacing)

    def begins(self, steps: Steps, shift: int, /) -> Tensor:
        """Return before which steps the state begins anew; counted from a sequence's end, so that its end has most."""
        return (steps.after + 1 + shift) % self.length == 0

    def best(self, steps: Steps, /) -> Tensor:
        """Return of each step the number of the shift with which it has most; what a sequence has not is not missed."""
        following = torch.stack([(steps.after + shift) % self.length for shift in self.shifts])
        left, whole = self.length - following, self.length + 1
        left = torch.where(steps.before < left, whole, left)
        if not self.is_two_sided:
            return left.argmax(0)
        right = torch.where(steps.after <= following, whole, following + 1)
        return torch.minimum(left, right).argmax(0)


@dataclass
class _Returned:
    """What a layer returned, call by call, in one run of the model after the other."""

    runs: list[list[tuple[Any, ...]]] = field(default_factory=list)


def _loss_with(model: nn.Module, loss: Callable[[], Tensor], blocks: _Blocks) -> Tensor:
    """Return the loss of the outputs that have had so much history."""
    layers = [layer for _, layer in recurrent_layers(model)]
    calls = {layer: _Returned() for layer in layers}
    for shift in blocks.shifts:
        for each in calls.values():
            each.runs.append([])
        with _hooked(layers, lambda layer, shift=shift: (
            layer.register_forward_pre_hook(_Anew(blocks, shift), with_kwargs=True),
            layer.register_forward_hook(lambda layer, _, out: calls[layer].runs[-1].append(out)),
        )):  # fmt: skip
            loss()
    with _hooked(
        layers, lambda layer: (layer.register_forward_hook(_PutTogether(blocks, calls[layer]), with_kwargs=True),)
    ):
        return loss()


@contextmanager
def _hooked(layers: Sequence[nn.Module], make: Callable[[Any], tuple[Any, ...]]) -> Iterator[None]:
    """Hang hooks on layers meanwhile."""
    hooks = [hook for layer in layers for hook in make(layer)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@dataclass
class _Anew:
    """Adds the beginnings of blocks to a layer's arguments, beside those that it was given."""

    blocks: _Blocks
    shift: int

    def __call__(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        steps = Steps.of(args[0] if args else kwargs["input"], batch_first=layer.batch_first)
        anew = steps.laid_out(self.blocks.begins(steps, self.shift))
        given = kwargs.get("reset")
        return args, {**kwargs, "reset": anew if given is None else _either(anew, given)}


def _either(one: Sequences, other: Sequences) -> Sequences:
    if isinstance(one, PackedSequence):
        assert isinstance(other, PackedSequence)
        return one._replace(data=one.data | other.data)
    assert isinstance(other, Tensor)
    return one | other


class _PutTogether:
    """Replaces what a layer returns by what it returned in other runs, each step by that of the run that is best."""

    def __init__(self, blocks: _Blocks, calls: _Returned) -> None:
        self._blocks, self._runs, self._count = blocks, calls.runs, 0

    def __call__(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], _: Any) -> Any:
        found = [run[self._count] for run in self._runs]
        self._count += 1
        steps = Steps.of(args[0] if args else kwargs["input"], batch_first=layer.batch_first)
        best = self._blocks.best(steps)
        directions = 2 if getattr(layer, "bidirectional", False) else 1
        return _together(
            found, steps_of=lambda each: steps.chosen(each, best),
            states_of=lambda each: steps.chosen_states(each, best, directions=directions),
        )  # fmt: skip


def _together(
    found: Sequence[tuple[Any, ...]],
    *,
    steps_of: Callable[[Sequence[Sequences]], Sequences],
    states_of: Callable[[Sequence[Tensor]], Tensor],
) -> tuple[Any, ...]:
    """Put outputs, last states and, where they were asked for, the states at every step together."""
    output, states, *every = zip(*found, strict=True)
    last = states_of(states) if isinstance(states[0], Tensor) else tuple(map(states_of, zip(*states, strict=True)))
    further = [
        {name: tuple(map(steps_of, zip(*(each[name] for each in runs), strict=True))) for name in runs[0]}
        for runs in every
    ]
    return steps_of(output), last, *further


_CLEAR = 0.2
"""An autocorrelation from which on the past says something of the present."""

_BEYOND_CHANCE = 2.6
"""Standard deviations of the autocorrelation of noise, 1 / sqrt(steps)."""

_SEQUENCES, _SHORTEST, _STILL = 64, 8, 1e-9


def dependence_of_inputs(run: ForwardPass, /) -> int | None:
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
