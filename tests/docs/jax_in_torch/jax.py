"""What `benchmarks/peer_jax.py` uses of JAX, in torch: so its cells run where JAX is not installed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch

__version__ = "in torch"


def _scan(step: Callable[[Any, Any], tuple[Any, Any]], carried: Any, inputs: Any) -> tuple[Any, Any]:
    outputs = []
    for each in zip(*inputs, strict=True) if isinstance(inputs, tuple) else inputs:
        carried, output = step(carried, each)
        outputs.append(output)
    return carried, torch.stack(outputs)


def value_and_grad(of: Callable[[Any, Any], Any], *, argnums: tuple[int, ...]) -> Callable[[Any, Any], Any]:
    """Return the value of a function of parameters and x, and its gradients by both."""
    assert argnums == (0, 1)

    def run(parameters: dict[str, torch.Tensor], x: torch.Tensor) -> Any:
        parameters = {name: value.requires_grad_() for name, value in parameters.items()}
        value = of(parameters, x.requires_grad_())
        *found, of_x = torch.autograd.grad(value, [*parameters.values(), x])
        return value.detach(), (dict(zip(parameters, found, strict=True)), of_x)

    return run


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as it is."""
    return function


def block_until_ready(value: Any) -> Any:
    """Return a value, which torch computed when it was asked for."""
    return value


lax = SimpleNamespace(scan=_scan)
nn = SimpleNamespace(sigmoid=torch.sigmoid)
numpy = SimpleNamespace(
    asarray=torch.tensor,
    split=lambda value, parts, axis: torch.chunk(value, parts, axis),
    sqrt=torch.sqrt,
    tanh=torch.tanh,
    zeros=lambda shape, dtype: torch.zeros(shape, dtype=dtype),
)
