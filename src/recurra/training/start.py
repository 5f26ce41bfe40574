"""Training that begins with the weights of an earlier model."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import torch
from torch import Tensor

from recurra.errors import InputError

__all__ = ["start_from"]


def start_from(
    network: torch.nn.Module, weights: Mapping[str, Tensor], /, *, source: str, own: Collection[str] = ()
) -> None:
    """Give a network the weights of an earlier model, so that training goes on from there.

    Parameters
    ----------
    network
        Changed in place.
    weights
        The earlier network's `state_dict`.
    source
        Where they are from, for the message.
    own
        Beginnings of names of weights that the network keeps as they are, such as "head." for other labels.

    Raises
    ------
    InputError
        If the networks differ otherwise; the message names the first weight that does, and nothing is changed.

    Examples
    --------
    >>> import torch
    >>> from recurra.training.start import start_from
    >>> earlier, network = torch.nn.Linear(3, 1), torch.nn.Linear(3, 1)
    >>> start_from(network, earlier.state_dict(), source="model")
    >>> torch.equal(network.weight, earlier.weight)
    True
    """
    mine = network.state_dict()
    taken = {name for name in mine.keys() | weights.keys() if not name.startswith(tuple(own))}
    for name in sorted(taken):
        _check(name, mine.get(name), weights.get(name), source)
    network.load_state_dict({**mine, **{name: weights[name] for name in taken}})


def _check(name: str, mine: Tensor | None, given: Tensor | None, source: str) -> None:
    if mine is not None and given is not None and mine.shape == given.shape:
        return
    raise InputError(
        f"{source} does not fit: its weight {name} {_shape(given)}, the new network's {_shape(mine)}; to go on from a "
        f"model, give the same cell, sizes and layers as it has"
    )


def _shape(tensor: Tensor | None) -> str:
    return "is missing" if tensor is None else f"is {tuple(tensor.shape)}"
