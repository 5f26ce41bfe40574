"""Networks without memory: their parameters have shapes and no numbers, as on torch's meta device."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import init
from torch.overrides import TorchFunctionMode

__all__ = ["without_memory"]


def without_memory(build: Callable[[], nn.Module], /) -> nn.Module:
    """Return the network that `build` makes on whatever is torch's device, on the meta device: no number is drawn.

    torch draws numbers on that device by functions that it keeps in Python, and loads its compiler for them: a second
    at the start of every training.
    """
    with torch.device("meta"), _NothingDrawn():
        return build()


class _NothingDrawn(TorchFunctionMode):
    """Leaves tensors as they are where they would be filled with random numbers."""

    def __torch_function__(
        self,
        func: Any,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the tensor itself in place of what would be drawn into it."""
        given = kwargs or {}
        if func in _DRAWING or getattr(func, "__module__", "") == init.__name__:
            return args[0] if args else given["tensor"]
        return func(*args, **given)


_DRAWING = frozenset({
    Tensor.bernoulli_, Tensor.cauchy_, Tensor.exponential_, Tensor.geometric_, Tensor.log_normal_, Tensor.normal_,
    Tensor.random_, Tensor.uniform_,
})  # fmt: skip
