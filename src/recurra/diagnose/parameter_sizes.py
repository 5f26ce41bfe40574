"""How fast parameters learn: the size of their gradients and updates beside their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import nn

from recurra.arguments import checked
from recurra.errors import InputError

__all__ = ["ParameterSize", "parameter_sizes", "update_sizes"]


@dataclass(frozen=True)
class ParameterSize:
    """The norms of a parameter.

    Attributes
    ----------
    name : str
    weight : float
    gradient : float
        Of the last backward pass; 0 where there was none.

    Examples
    --------
    >>> from recurra.diagnose import ParameterSize
    >>> ParameterSize("weight", weight=2.0, gradient=0.5).ratio
    0.25
    """

    name: str
    weight: float
    gradient: float

    @property
    def ratio(self) -> float:
        """The gradient's norm over the weight's: with plain SGD, times the rate, the share that a step changes."""
        return self.gradient / self.weight if self.weight else 0.0


def parameter_sizes(model: nn.Module, /) -> tuple[ParameterSize, ...]:
    """Return the norms of all parameters that learn."""
    return tuple(
        ParameterSize(name, float(each.detach().norm()), 0.0 if each.grad is None else float(each.grad.norm()))
        for name, each in model.named_parameters()
        if each.requires_grad
    )


@checked(InputError)
@contextmanager
def update_sizes(model: nn.Module, /) -> Iterator[dict[str, float]]:
    """Measure how far the parameters move inside: the norm of the change over the norm before, by name.

    About 1e-3 a step is usual; a layer that is far below the others does not learn.

    Examples
    --------
    >>> import torch
    >>> from recurra.diagnose import update_sizes
    >>> layer = torch.nn.Linear(2, 1)
    >>> optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
    >>> layer(torch.ones(2)).sum().backward()
    >>> with update_sizes(layer) as sizes:
    ...     optimiser.step()
    >>> sorted(sizes)
    ['bias', 'weight']
    """
    before = {name: each.detach().clone() for name, each in model.named_parameters() if each.requires_grad}
    sizes: dict[str, float] = {}
    yield sizes
    for name, each in model.named_parameters():
        if name in before:
            size = float(before[name].norm())
            moved = float((each.detach() - before[name]).norm())
            sizes[name] = moved / size if size else float(moved > 0)
