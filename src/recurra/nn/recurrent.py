"""`Recurrent`: any cell as a torch layer."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from recurra.arguments import checked
from recurra.backends.parameters import as_they_are
from recurra.errors import CellError, InputError
from recurra.graph.node import Size, number_of
from recurra.locks import made_once
from recurra.nn.checks import check_dtype, check_share, check_size
from recurra.nn.choice import check_name
from recurra.nn.initialise import Scheme, initialise, resolve, sized
from recurra.nn.layer import Layer, tensors_of
from recurra.nn.stack import DirectionLayout
from recurra.nn.statistics import RunningStatistics, new_statistics, statistics_of
from recurra.spec import Cell

__all__ = ["Recurrent"]


class Recurrent(Layer):
    """A stack of layers of one cell, with the habits of `torch.nn.LSTM`.

    Parameters
    ----------
    cell : Cell
        What `@recurra.cell` made, or one of `recurra.cells`.
    input_size, hidden_size : int
        The number of features of an input, and of a state.
    num_layers : int
        Layers stacked; each further one reads the outputs of the one before.
    bias : bool
        False leaves out every parameter that is only added.
    batch_first : bool
        Whether sequences are (batch, time, features) rather than (time, batch, features).
    dropout : float from 0 to 1
        Share of outputs dropped between layers in training.
    bidirectional : bool
        Whether a second set of parameters reads each sequence backwards; the outputs lie side by side.
    sizes : mapping
        The further sizes that the cell names, e.g. ``{"proj_size": 32}``.
    init : mapping
        Parameter, or a pattern such as ``"W_h*"``, -> a number, a scheme, an array or a function of the sizes that
        gives one, in place of the cell's own. A name beats a pattern, a later pattern an earlier one; see
        `recurra.nn.chrono`.
    device, dtype : as in torch.nn
    backend : ``"auto"``, ``"llvm"``, ``"triton"``, ``"torch"``, ``"newton"`` or ``"numpy"``

    Attributes
    ----------
    Each parameter of the cell, with the suffix ``_l{layer}`` and for the backward direction ``_reverse``; a matrix is
    (inputs, outputs), as in the equations. A fixed array is a buffer of that name, and a learnt initial state is a
    parameter ``initial_c_l0``, for a state `c`.

    Raises
    ------
    InputError
        If an option, an input or a state does not fit.
    BackendError
        If a backend was asked for by name that cannot run it.

    Examples
    --------
    >>> import torch
    >>> from recurra.cells import PeepholeLSTM
    >>> from recurra.nn import Recurrent
    >>> layer = Recurrent(PeepholeLSTM, 3, 5, batch_first=True)
    >>> output, (h, c) = layer(torch.randn(2, 7, 3))
    >>> output.shape, h.shape
    (torch.Size([2, 7, 5]), torch.Size([1, 2, 5]))
    """

    _expected = "a recurra.nn.Recurrent, of any cell"

    @checked(InputError)
    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        sizes: Mapping[str, int] | None = None,
        init: Mapping[str, Scheme] | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        backend: str = "auto",
    ) -> None:
        super().__init__()
        self.cell = cell if bias else cell.without_biases()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout, self.bidirectional = bias, batch_first, dropout, bidirectional
        self.sizes = dict(sizes or {})
        self.backend = check_name(backend)
        check_dtype(dtype)
        self._begins_otherwise = bool(self.cell.initial)
        self._check_options()
        self._init = dict(init or {})
        self._create(device, dtype)
        self.reset_parameters()

    def _check_options(self) -> None:
        for name in ("input_size", "hidden_size", "num_layers"):
            check_size(name, getattr(self, name))
        check_share("dropout", self.dropout)
        known = [size for size in self.cell.sizes if size not in ("input_size", "hidden_size")]
        if sorted(known) != sorted(self.sizes):
            raise InputError(f"sizes: got {self.sizes}; the cell {self.cell.name} needs {known}")
        for name, size in self.sizes.items():
            check_size(f"sizes[{name!r}]", size)
        if self.dropout and self.num_layers == 1:
            warnings.warn(f"dropout={self.dropout} acts between layers, and num_layers=1 has no between", stacklevel=4)
        for layer in range(self.num_layers):
            self._check_layer(layer)

    def _check_layer(self, layer: int) -> None:
        """Refuse a layer whose input has another width than the cell's equations say, or whose sizes do not divide."""
        sizes = self._sizes(layer)
        try:
            self.cell.step.check_sizes(sizes)
        except ValueError as error:
            raise InputError(f"{self.cell.name}: {error}") from None
        width = number_of(self.cell.step.inputs[0].shape[0], sizes)
        if width != sizes["input_size"]:
            raise InputError(
                f"layer {layer} gets {sizes['input_size']} features; {self.cell.name} needs {width} of them"
            )
        for leaf in (*self.cell.further_inputs, *self.cell.step.states):
            both = (self._sizes(0), sizes)
            if len({number_of(leaf.width, each) for each in both}) > 1:
                kind = "state" if leaf.op == "state" else "further input"
                first, later = (each["input_size"] for each in both)
                raise InputError(
                    f"num_layers={self.num_layers}: {self.cell.name}'s {kind} {leaf.name!r} grows with its layer's "
                    f"input, which is {first} wide in layer 0 and {later} in layer {layer}; stack layers of one by "
                    f"hand, or give an input of {later} features"
                )

    @property
    def output_features(self) -> int:
        """The number of features of the layer's output, both directions side by side."""
        return self._sizes(self.num_layers)["input_size"]

    @property
    def _suffixes(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def _sizes(self, layer: int) -> dict[str, int]:
        """Return the number behind each size in a layer."""
        sizes = {"input_size": self.input_size, "hidden_size": self.hidden_size, **self.sizes}
        for _ in range(layer):
            sizes["input_size"] = len(self._suffixes) * number_of(self.cell.output_size, sizes)
        return sizes

    def _create(self, device: torch.device | str | None, dtype: torch.dtype | None) -> None:
        like = torch.empty(0, device=device, dtype=dtype)
        for layout in itertools.chain(*self._layouts):
            fixed = self._fixed_arrays(layout.sizes)
            for leaf, name, shape in zip(self.cell.step.parameters, layout.names, layout.shapes, strict=True):
                if leaf.name in fixed:
                    self.register_buffer(name, torch.as_tensor(fixed[leaf.name].copy(), device=device).to(like.dtype))
                else:
                    self.register_parameter(name, nn.Parameter(like.new_empty(shape)))
            for state, begin in self._begins(layout.sizes).items():
                name = f"initial_{state}{layout.suffix}"
                if isinstance(begin, np.ndarray):
                    self.register_buffer(name, torch.as_tensor(begin.copy(), device=device).to(like.dtype))
                elif isinstance(begin, str):
                    width = number_of(self._widths[state], layout.sizes)
                    self.register_parameter(name, nn.Parameter(like.new_zeros(width)))
            for name, buffer in new_statistics(self.cell.statistics, layout.sizes, like).items():
                self.register_buffer(f"{name}{layout.suffix}", buffer)

    @property
    def _widths(self) -> dict[str, Size]:
        return {leaf.name: leaf.width for leaf in self.cell.step.states}

    def _begins(self, sizes: Mapping[str, int]) -> dict[str, float | str | np.ndarray]:
        try:
            return self.cell.initial_states(sizes)
        except CellError as error:
            raise InputError(str(error)) from None

    def _initial(self, suffix: str) -> Sequence[float | Tensor]:
        if not self._begins_otherwise:
            return ()
        begins = (
            getattr(self, f"initial_{self._register_of(name)}{suffix}") if value is None else value
            for name, value in ((name, self.cell.step.initial.get(name, 0.0)) for name in self.cell.states)
        )
        return [begin.flatten() if isinstance(begin, torch.Tensor) else begin for begin in begins]  # as states lie

    def _register_of(self, state: str) -> str:
        """Return the state of whose older values a state is one, or that state itself."""
        return next(name for name in self.cell.initial if state == name or state.startswith(f"{name}_lag"))

    def _fixed_arrays(self, sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        try:
            return self.cell.fixed_arrays(sizes)
        except CellError as error:
            raise InputError(str(error)) from None

    @property
    def init(self) -> dict[str, Scheme]:
        """Parameter -> how it is drawn: what the layer was given, or what its cell says."""
        return resolve(self.cell, self._init)  # not kept: a cell's functions of sizes need not be picklable

    def reset_parameters(self) -> None:
        """Draw all parameters anew, each by its scheme."""
        names = [leaf.name for leaf in self.cell.step.parameters]
        for layout in itertools.chain(*self._layouts):
            tensors = dict(zip(names, tensors_of(self, layout.names), strict=True))
            schemes = sized(self.cell, self.init, layout.sizes)
            initialise({name: tensors[name] for name in schemes}, schemes)
            for state, begin in self.cell.initial.items():
                if isinstance(begin, str):
                    nn.init.zeros_(getattr(self, f"initial_{state}{layout.suffix}"))

    def extra_repr(self) -> str:
        """Return the options that differ from their defaults."""
        options = [self.cell.name, str(self.input_size), str(self.hidden_size)]
        defaults = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False,
                    "sizes": {}, "backend": "auto"}  # fmt: skip
        options += [f"{n}={getattr(self, n)}" for n, value in defaults.items() if getattr(self, n) != value]
        return ", ".join(options)

    def _parts(self) -> tuple[Cell, list[list[DirectionLayout]]]:
        return self.cell, self._layouts

    @made_once
    def _layouts(self) -> list[list[DirectionLayout]]:
        """For each layer and direction how its parameters are laid out."""

        def layout(layer: int, suffix: str) -> DirectionLayout:
            sizes, end = self._sizes(layer), f"_l{layer}{suffix}"
            leaves = self.cell.step.parameters
            shapes = (tuple(number_of(size, sizes) for size in each.shape) for each in leaves)
            names = tuple(f"{each.name}{end}" for each in leaves)
            return DirectionLayout(sizes, names, tuple(shapes), as_they_are(len(names)), end)

        return [[layout(layer, suffix) for suffix in self._suffixes] for layer in range(self.num_layers)]

    def _statistics(self, suffix: str) -> RunningStatistics | None:
        return statistics_of(self, self.cell.statistics, suffix)
