"""Connectivity: what each output of a model depends on, step by step of its input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import check_whole, checked
from recurra.diagnose.layer_names import recurrent_layers
from recurra.diagnose.steps import Steps
from recurra.errors import InputError

__all__ = ["Connectivity", "Examined", "connectivity"]


@dataclass(frozen=True)
class Examined:
    """What a model says of one sequence.

    Attributes
    ----------
    values : tensor (outputs,)
        Numbers with their history: scores, forecasts.
    outputs : tuple of str
        What each is called: "the", "+3"; empty for numbers from 1.
    inputs : tuple of str
        What the steps that the layer reads are called, as many or more; empty for numbers from 1.
    """

    values: Tensor
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connectivity:
    """How much each output depends on each step of the input.

    Attributes
    ----------
    outputs, inputs : tuple of str
        What they are called.
    norms : tensor (outputs, inputs)
        The norm of the gradient of the output by what the layer reads at the step.
    """

    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    norms: Tensor


@checked(InputError)
def connectivity(
    model: nn.Module, examined: Callable[[], Examined], /, *, reads: nn.Module | None = None, most: int = 64
) -> Connectivity:
    """Measure what each output depends on: the norm of its gradient by the input of each step.

    The input is what a recurrent layer reads: of texts the vectors of the tokens, of series the values on the level of
    their window. Madsen (2019), Visualizing memorization in RNNs, Distill, has this of characters.

    Parameters
    ----------
    model
        A module with layers of recurra; run as it is, so put it into evaluation.
    examined
        Runs the model on a sequence, and returns what it says. Of several sequences the norm is over all.
    reads
        The layer whose input it is; by default the first of the model. Of several runs of it the first counts.
    most
        Of more outputs so many are looked at, evenly spaced.

    Raises
    ------
    InputError
        If the layer is not run, or an output is no number with a gradient.

    Examples
    --------
    >>> import torch
    >>> from recurra.diagnose import Examined, connectivity
    >>> from recurra.nn import GRU
    >>> layer = GRU(2, 8)
    >>> found = connectivity(layer, lambda: Examined(layer(torch.randn(5, 1, 2))[0][:, 0].sum(-1)))
    >>> found.norms.shape, bool((found.norms.triu(1) == 0).all())  # nothing depends on what comes later
    (torch.Size([5, 5]), True)
    """
    check_whole("connectivity: most", most, InputError)
    layer = reads or recurrent_layers(model)[0][1]
    given: list[Any] = []
    hook = layer.register_forward_pre_hook(lambda _, args: _watched(args, given))
    try:
        with torch.enable_grad():
            found = examined()
    finally:
        hook.remove()
    if not given:
        raise InputError("connectivity: the outputs were made without the recurrent layer; expected them to run it")
    values = found.values.flatten()
    if not values.requires_grad:
        raise InputError("connectivity: the outputs have no gradient, expected no .detach() or torch.no_grad() in them")
    steps = Steps.of(given[0], batch_first=layer.batch_first)  # pyright: ignore[reportArgumentType]
    chosen = torch.linspace(0, len(values) - 1, min(most, len(values))).round().long().tolist()
    norms = torch.stack([_by_step(values[k], given[0], steps) for k in chosen])
    return Connectivity(
        tuple(_name(found.outputs, k) for k in chosen),
        tuple(_name(found.inputs, k) for k in range(norms.shape[1])),
        norms,
    )


def _name(names: tuple[str, ...], place: int) -> str:
    return names[place] if names else str(place + 1)


def _watched(args: tuple[Any, ...], given: list[Any]) -> tuple[Any, ...]:
    """Put a leaf in the place of what a layer reads first."""
    if given:
        return args
    read = args[0]
    is_packed = isinstance(read, PackedSequence)
    leaf = (read.data if is_packed else read).detach().clone().requires_grad_()
    given.append(read._replace(data=leaf) if is_packed else leaf)
    return (given[0], *args[1:])


def _by_step(value: Tensor, given: Any, steps: Steps) -> Tensor:
    """Return the norm (steps,) of the gradient of a number."""
    leaf = given.data if isinstance(given, PackedSequence) else given
    (gradient,) = torch.autograd.grad(value, leaf, retain_graph=True, allow_unused=True)
    if gradient is None:  # such as a bias alone
        gradient = torch.zeros_like(leaf)
    squares = gradient.double().cpu().square()
    if isinstance(given, PackedSequence):
        total = squares.new_zeros(len(given.batch_sizes))
        return total.index_add_(0, steps.before, squares.sum(1)).sqrt()
    return squares.movedim(steps.axis, 0).flatten(1).sum(1).sqrt()
