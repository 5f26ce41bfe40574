"""`Workload`: what is asked about: a cell, its sizes, the batch, the threads."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import torch
from torch import nn

from recurra.arguments import check_fields, check_whole
from recurra.backends.cost import Limits, limits_of
from recurra.cells import GRU, LSTM, Elman, ElmanReLU
from recurra.derive.plan import Plans, Variant
from recurra.errors import InputError
from recurra.graph.node import width_of
from recurra.nn import Recurrent, torch_layers
from recurra.nn.batch import is_shifted
from recurra.nn.layer import Layer
from recurra.nn.stack import Stack
from recurra.report import counted
from recurra.spec import Cell

__all__ = ["Kind", "Workload", "kinds_of"]

Kind = Literal["inference", "training", "stream"]
"""A forward pass alone; forward and backward; one step of a stream."""

_MOST_STEPS = 10_000_000
"""Steps of a sequence whose time and memory are worked out; some 60 bytes each are needed for it."""

_DTYPES = {"cpu": ("float32", "float64"), "gpu": ("float32", "bfloat16", "float16")}


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Recurrent layers, and the batch that runs through them.

    Attributes
    ----------
    cell
        The cell.
    input_size, hidden_size
        The number of features of an input, and of a state.
    layers
        Layers on each other.
    bidirectional
        Whether each has a second direction.
    lengths
        The steps of each sequence of the batch.
    sizes
        Further sizes that the cell names, as (name, number).
    dtype
        ``"float32"`` or ``"float64"``; on a GPU ``"float32"``, ``"bfloat16"`` or ``"float16"``.
    threads
        As `torch.set_num_threads` takes it.
    gpu
        The GPU that they run on; None for the processor.
    as_torch
        Whether parameters lie as torch.nn's do, as in `recurra.nn.LSTM`, rather than one tensor for each.

    Raises
    ------
    InputError
        If a number is not at least 1, or a name is unknown.

    Examples
    --------
    >>> from recurra.cells import GRU
    >>> Workload(cell=GRU, input_size=8, hidden_size=32, lengths=(20,) * 4).rows
    80
    """

    cell: Cell
    input_size: int
    hidden_size: int
    lengths: tuple[int, ...]
    layers: int = 1
    bidirectional: bool = False
    sizes: tuple[tuple[str, int], ...] = ()
    dtype: str = "float32"
    threads: int = 1
    gpu: Limits | None = None
    as_torch: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.lengths, list):
            object.__setattr__(self, "lengths", tuple(self.lengths))
        check_fields(self, InputError)
        for name in ("input_size", "hidden_size", "layers", "threads"):
            check_whole(name, getattr(self, name), InputError)
        for length in set(self.lengths):
            check_whole("a length", length, InputError)
        check_whole("the batch", len(self.lengths), InputError)
        known = _DTYPES["cpu" if self.gpu is None else "gpu"]
        if self.dtype not in known:
            raise InputError(f"dtype: got {self.dtype!r}, expected one of {list(known)}")
        if self.as_torch and self.cell not in _AS_TORCH:
            raise InputError(
                f"as_torch: {self.cell.name} is no layer of torch.nn; {[cell.name for cell in _AS_TORCH]} are"
            )

    def __str__(self) -> str:
        directions = ", both directions" if self.bidirectional else ""
        lengths = f"1 to {max(self.lengths)}" if self.is_ragged else f"{self.lengths[0]}"
        where = counted(self.threads, "thread")
        where = where if self.gpu is None else f"a GPU of {self.gpu.multiprocessors} multiprocessors"
        return (
            f"{self.cell.name}: {counted(self.layers, 'layer')} of {self.hidden_size}{directions}, inputs of "
            f"{self.input_size}; {counted(self.batch, 'sequence')} of {lengths} steps; {self.dtype}, {where}"
        )

    @classmethod
    def of(cls, layer: nn.Module, /, *, lengths: Sequence[int], threads: int | None = None) -> Self:
        """Return the workload of a layer of `recurra.nn`, on the device where it is.

        Raises
        ------
        InputError
            If the module is no recurrent layer of recurra.
        """
        if not isinstance(layer, (Recurrent, torch_layers.LSTM, torch_layers.GRU, torch_layers.RNN)):
            raise InputError(f"got {type(layer).__name__}, expected a recurrent layer of recurra.nn, such as Recurrent")
        sizes = layer.sizes if isinstance(layer, Recurrent) else {}
        like = next(layer.parameters())
        return cls(
            cell=layer.stack().cell, input_size=layer.input_size, hidden_size=layer.hidden_size,
            layers=layer.num_layers, bidirectional=layer.bidirectional, lengths=tuple(lengths),
            sizes=tuple(sizes.items()), dtype=str(like.dtype).removeprefix("torch."),
            threads=threads or torch.get_num_threads(), gpu=limits_of(like.device) if like.is_cuda else None,
            as_torch=not isinstance(layer, Recurrent),
        )  # fmt: skip

    @property
    def device(self) -> str:
        """The device as torch names it."""
        return "cpu" if self.gpu is None else "cuda"

    @property
    def batch(self) -> int:
        """The number of sequences."""
        return len(self.lengths)

    @property
    def rows(self) -> int:
        """The steps of all sequences together."""
        return sum(self.lengths)

    @functools.cached_property
    def batch_sizes(self) -> tuple[int, ...]:
        """The number of sequences at each step, as in a PackedSequence.

        Raises
        ------
        InputError
            If there are more than 10 million steps: what a pass takes is laid out step by step.
        """
        if max(self.lengths) > _MOST_STEPS:
            raise InputError(
                f"lengths: got a sequence of {max(self.lengths):,} steps; time and memory are worked out step by step, "
                f"for {_MOST_STEPS:,} at most: plan a shorter part, as a long sequence is run in parts too, with the "
                "state carried from one to the next"
            )
        ended = np.bincount(self.lengths, minlength=max(self.lengths) + 1)
        return tuple((self.batch - np.cumsum(ended)[:-1]).tolist())

    @property
    def is_ragged(self) -> bool:
        """Whether the sequences differ in length."""
        return len(set(self.lengths)) > 1

    @property
    def bytes(self) -> int:
        """Of a number."""
        return getattr(torch, self.dtype).itemsize

    @functools.cached_property
    def stack(self) -> Stack:
        """The layers, with parameters that have shapes and no values."""
        return self.layer("meta").stack()

    def plans(self, kind: Kind) -> Plans:
        """Return the plans that a kind of call runs."""
        return self.stack.cell.plans(
            Variant(training=kind == "training", shifted=kind != "stream" and self._is_shifted)
        )

    @functools.cached_property
    def _is_shifted(self) -> bool:
        """Whether states that are an input of the step before are inputs."""
        return is_shifted(self.stack.cell, self.stack.layers[0][0].sizes, self.rows)

    def wanted(self, layer: int) -> tuple[bool, ...]:
        """Return of which inputs of a layer training wants the gradient: of x and the shifts, not the first layer's."""
        cell = self.stack.cell
        further, shifts = (
            [False] * len(cell.further_inputs),
            [layer > 0] * (len(cell.shifts) if self._is_shifted else 0),
        )
        return (layer > 0, *further, *shifts)

    def shifted_bytes(self, sizes: Mapping[str, int]) -> int:
        """Return the bytes of the inputs that a direction is given beside its own: states known before it runs."""
        cell = self.stack.cell
        if not self._is_shifted:
            return 0
        return self.rows * self.bytes * sum(width_of(cell.step.states[shift.state], sizes) for shift in cell.shifts)

    def layer(self, device: str = "") -> Layer:
        """Return the layer itself, newly initialised; by default on the device that it is about."""
        options: dict[str, Any] = {"num_layers": self.layers, "bidirectional": self.bidirectional}
        made: dict[str, Any] = {"device": device or self.device, "dtype": getattr(torch, self.dtype)}
        if self.as_torch:
            kind, own = _AS_TORCH[self.cell]
            return kind(self.input_size, self.hidden_size, **options, **own, **made)
        return Recurrent(self.cell, self.input_size, self.hidden_size, **options, sizes=dict(self.sizes), **made)

    @functools.cached_property
    def parameters(self) -> int:
        """The number of trainable numbers."""
        return sum(parameter.numel() for parameter in self.layer("meta").parameters())


_AS_TORCH: Mapping[Cell, tuple[type[Any], dict[str, Any]]] = {
    LSTM: (torch_layers.LSTM, {}),
    GRU: (torch_layers.GRU, {}),
    Elman: (torch_layers.RNN, {}),
    ElmanReLU: (torch_layers.RNN, {"nonlinearity": "relu"}),
}


def kinds_of(workload: Workload, /) -> tuple[Kind, ...]:
    """Return what can be asked: a stream has one direction, and runs on the processor."""
    is_streamed = not workload.bidirectional and workload.gpu is None
    return ("inference", "training", "stream") if is_streamed else ("inference", "training")
