"""The sizes that benchmarks of layers share, and the passes that they time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence

__all__ = ["GRID", "PASSES", "SIZES", "SMALL", "both", "forward"]

SMALL = (
    (1, 1, 8, 16), (1, 20, 8, 16), (4, 16, 16, 32), (1, 1, 64, 128), (32, 20, 8, 16), (16, 8, 24, 64),
)  # fmt: skip
"""Batch, time, input_size, hidden_size of calls in which the kernel is the least part."""

GRID = (
    (1, 100, 32, 64), (1, 100, 128, 256), (1, 512, 64, 128), (8, 50, 16, 32), (16, 200, 40, 100), (32, 100, 32, 64),
    (32, 100, 128, 128), (32, 100, 256, 256), (64, 35, 512, 512), (128, 50, 64, 32), (128, 28, 28, 128),
    (256, 20, 10, 16),
)  # fmt: skip
"""The same of all others."""

SIZES = SMALL + GRID
PASSES = ("forward", "forward+backward")
"""An inference, and a training step."""


def forward(layer: Any, x: torch.Tensor) -> Callable[[], object]:
    """Return an inference."""

    def run() -> None:
        with torch.inference_mode():
            layer(x)

    return run


def both(
    layer: Any, x: torch.Tensor | PackedSequence, options: Mapping[str, Any] = MappingProxyType({})
) -> Callable[[], object]:
    """Return a training step without its optimiser; `options` are those of the layer's call.

    The loss is the sum of the outputs. If `x` requires a gradient, it is computed too.
    """

    def run() -> None:
        layer.zero_grad()
        if isinstance(x, torch.Tensor):
            x.grad = None
        output = layer(x, **options)[0]
        (output.data if isinstance(output, PackedSequence) else output).sum().backward()

    return run
