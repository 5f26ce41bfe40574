"""Gradient flow: how long the loss's gradient is at each step of each layer, in the backward pass itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.diagnose.layer_names import Place, recurrent_layers
from recurra.diagnose.steps import Steps
from recurra.errors import InputError
from recurra.nn.stack import BackwardPass, ForwardPass, observed

__all__ = ["FlowCurve", "GradientFlow", "gradient_flow", "last_step_flow"]


@dataclass(frozen=True)
class FlowCurve:
    """The norm of the loss's gradient by one state or gate, step by step.

    Attributes
    ----------
    place : Place
    name : str
        The state or gate, as the equations name it.
    norms : tensor (steps,)
        Over all sequences of a batch, the root of the mean square of the batches.
    """

    place: Place
    name: str
    norms: Tensor


@dataclass(frozen=True)
class GradientFlow:
    """The backward passes that were seen.

    Attributes
    ----------
    passes : list of (Place, BackwardPass)
        BackwardPass has the squared norms row by row, in the packed layout.
    """

    passes: list[tuple[Place, BackwardPass]] = field(default_factory=list)

    @checked(InputError)
    def curves(self, *, along: Literal["step", "distance"] = "step") -> tuple[FlowCurve, ...]:
        """Return a curve for each state and gate of each layer and direction.

        Parameters
        ----------
        along : ``"step"`` or ``"distance"``
            What a curve goes by: the step in the sequence, from 0, or how many steps a value lies before the last one
            that is run of its sequence.

        Examples
        --------
        >>> import torch
        >>> from recurra.diagnose import gradient_flow
        >>> from recurra.nn import GRU
        >>> layer = GRU(3, 8)
        >>> with gradient_flow(layer) as flow:
        ...     layer(torch.randn(20, 4, 3))[0].sum().backward()
        >>> curve = flow.curves()[0]
        >>> curve.name, str(curve.place), curve.norms.shape
        ('h', 'layer 0', torch.Size([20]))
        """
        squares: dict[tuple[Place, str], list[Tensor]] = defaultdict(list)
        for place, flow in self.passes:
            index = _steps(flow) if along == "step" else _distances(flow)
            for name, each in flow.squares.items():
                total = each.new_zeros(len(flow.batch_sizes)).double()
                squares[place, name].append(total.index_add_(0, index.to(each.device), each.double()).cpu())
        return tuple(FlowCurve(place, name, _root_mean(parts)) for (place, name), parts in squares.items())

    def curve(self, name: str, /, *, along: Literal["step", "distance"] = "step") -> Tensor:
        """Return the norms (steps,) of one state or gate of a model with one layer, or of the first that has it.

        Raises
        ------
        InputError
            If no backward pass was seen, or there is no state or gate of that name.
        """
        curves = {curve.name: curve.norms for curve in reversed(self.curves(along=along))}  # the first one stays
        if name not in curves:
            seen = f"there are {sorted(curves)}" if curves else "no backward pass ran inside gradient_flow"
            raise InputError(f"curve: got {name!r}, expected the name of a state or gate: {seen}")
        return curves[name]


class _Noticing:
    """Takes down the backward passes of one module."""

    wants_gradients = True

    def __init__(self, module: str, flow: GradientFlow) -> None:
        self._module, self._flow = module, flow

    def on_forward(self, run: ForwardPass, /) -> None:
        """Ignore forward passes."""

    def on_backward(self, flow: BackwardPass, /) -> None:
        """Take down a backward pass."""
        self._flow.passes.append((Place(self._module, flow.layer, flow.reverse), flow))


@checked(InputError)
@contextmanager
def gradient_flow(model: nn.Module, /) -> Iterator[GradientFlow]:
    """Measure the loss's gradients by the states and gates of a model in every forward and backward pass inside.

    The norms are results of the same backward kernels that train, for any backend, stacked, bidirectional and ragged.
    Each is of the whole gradient by h_t: what comes from the output at t and what flows back from later steps.

    Parameters
    ----------
    model
        A layer of recurra, or a module with such layers.

    Raises
    ------
    InputError
        If it has no such layer.

    Examples
    --------
    >>> import torch
    >>> from recurra.diagnose import gradient_flow
    >>> from recurra.nn import LSTM
    >>> layer = LSTM(3, 8)
    >>> with gradient_flow(layer) as flow:
    ...     output, _ = layer(torch.randn(20, 4, 3))
    ...     output[-1].sum().backward()
    >>> [curve.name for curve in flow.curves()], flow.curve("c").shape
    (['h', 'c', 'i', 'f', 'o', 'g'], torch.Size([20]))
    """
    flow = GradientFlow()
    with observed([(layer, _Noticing(name, flow)) for name, layer in recurrent_layers(model)]):
        yield flow


def last_step_flow(model: nn.Module, loss: Callable[[], Tensor], /) -> GradientFlow:
    """Measure what comes back through time from the last step alone.

    Where a loss has a part at every step, that part makes most of a state's gradient, whether anything comes back from
    later steps or not. So of the gradient that each layer is given for its outputs only the last step's is let in, of
    each sequence the last that has one; how the norms fall with the distance is then what time does to a gradient.

    Parameters
    ----------
    model
        Run in evaluation; its modes, gradients and random numbers stay as they are.
    loss
        Runs the model on some data.
    """
    modes = {module: module.training for module in model.modules()}
    layers = [layer for _, layer in recurrent_layers(model)]
    hooks = [layer.register_forward_hook(_let_last_step_in, with_kwargs=True) for layer in layers]
    try:
        model.eval()
        with gradient_flow(model) as flow, torch.enable_grad():
            learning = [each for each in model.parameters() if each.requires_grad]
            torch.autograd.grad(loss(), learning, allow_unused=True)  # gradients that are there stay
    finally:
        for hook in hooks:
            hook.remove()
        for module, training in modes.items():
            module.training = training
    return flow


def _let_last_step_in(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], result: tuple[Any, ...]) -> None:
    """Keep of the gradient by a layer's outputs the part of the last step, in each direction's own order."""
    steps = Steps.of(args[0] if args else kwargs["input"], batch_first=layer.batch_first)
    output = result[0].data if isinstance(result[0], PackedSequence) else result[0]
    directions = 2 if getattr(layer, "bidirectional", False) else 1

    def keep(gradient: Tensor) -> Tensor:
        parts = gradient.chunk(directions, -1)
        kept = [part * steps.last_with(part, reverse=bool(number)) for number, part in enumerate(parts)]
        return torch.cat(kept, -1)

    if output.requires_grad:
        output.register_hook(keep)


def _steps(flow: BackwardPass) -> Tensor:
    """Return the step of each row."""
    sizes = torch.tensor(flow.batch_sizes)
    return torch.arange(len(sizes)).repeat_interleave(sizes)


def _distances(flow: BackwardPass) -> Tensor:
    """Return how many steps after each row's own are run of its sequence."""
    steps = _steps(flow)
    if flow.reverse:
        return steps
    sequences = torch.cat([torch.arange(size) for size in flow.batch_sizes])
    lengths = torch.bincount(sequences)
    return lengths[sequences] - 1 - steps


def _root_mean(parts: list[Tensor]) -> Tensor:
    """Return the root of the mean of squares of unequal length, each step over those that have it."""
    longest = max(map(len, parts))
    total, count = torch.zeros(longest, dtype=torch.float64), torch.zeros(longest)
    for part in parts:
        total[: len(part)] += part
        count[: len(part)] += 1
    return (total / count).sqrt()
