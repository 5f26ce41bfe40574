"""`Stream`: recurrent layers and what stands behind them, one sample at a time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm
from torch.optim.optimizer import register_optimizer_step_post_hook

from recurra.arguments import checked
from recurra.backends.kernel import Stepper, compiled_kernel_of
from recurra.backends.parameters import Parameters, Part
from recurra.derive.plan import EVALUATION
from recurra.errors import BackendError, InputError
from recurra.graph.node import number_of
from recurra.graph.trace import Declaration, trace
from recurra.nn.checks import check_parameters, check_size, check_states
from recurra.nn.choice import backend_for
from recurra.nn.guards import obstacle
from recurra.nn.run import State
from recurra.nn.stack import Direction, Stacked, known_parameters
from recurra.nn.statistics import RunningStatistics
from recurra.spec import Cell, mean, relu, sigmoid, softplus, sqrt, tanh

__all__ = ["Stream"]

Array = np.ndarray | Tensor


class Stream:
    """Runs a layer, or a `recurra.nn.Sequential`, one sample at a time: one in, one out.

    It has the module's own weights, and gives what the module gives in evaluation for the whole sequence. A step
    runs compiled code on one thread and allocates nothing. Weights that an optimiser, `load_state_dict` or an
    in-place operation of torch has changed are noticed at the next step; other writes are not: see `refresh`. The
    dtype stays that of the module when the stream was made.

    Parameters
    ----------
    module : a layer of `recurra.nn`, or a `recurra.nn.Sequential`
        In one direction, float32 or float64, on the CPU.
    batch : int
        How many sequences go on together.

    Attributes
    ----------
    batch : int

    Raises
    ------
    InputError
        If the module is bidirectional, or has a part that cannot run sample by sample.
    BackendError
        If its dtype or device is another.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.nn import LSTM
    >>> stream = LSTM(3, 8).stream()
    >>> stream.step(np.zeros(3, dtype=np.float32)).shape
    (8,)
    """

    @checked(InputError)
    def __init__(self, module: nn.Module, *, batch: int = 1) -> None:
        check_size("batch", batch)
        _count_optimiser_steps()
        self._module, self.batch = module, batch
        self._parts = list(parts_of(module, None))
        like = next((part.layer.example for part in self._parts if part.layer), torch.empty(0, device="cpu"))
        backend_for("llvm", like=like)
        if reason := obstacle(list(module.parameters())):
            raise BackendError(f"a stream runs compiled code on plain tensors, and {reason}; call the module itself")
        self._steppers = [part.stepper(batch, like.dtype) for part in self._parts]
        self._run_step = self._steppers[0].followed_by(self._steppers[1:])
        self._layers = _layers(self._parts, self._steppers)
        self._further = self._shared_inputs()
        self._dtype = self._steppers[0].inputs[0].numpy().dtype
        self._views = self._arrays(self._steppers[0].inputs[0], self._steppers[-1].output)
        self._outputs = {shape: torch.from_numpy(out) for shape, (_, out) in self._views.items()}
        self._ages = np.zeros(batch, dtype=np.int64)
        self.refresh()
        self.reset()

    # a step ------------------------------------------------------------------------------------------------------

    def step(self, x: Array, **inputs: Array) -> Any:
        """Run one step.

        Parameters
        ----------
        x : array or tensor (batch, input_size); (input_size,) for a batch of one
        inputs : the cell's further inputs by name, (batch, size)

        Returns
        -------
        output : array or tensor, as `x` is, (batch, size of the output) or (size,)
            The next step writes over it: copy what is to stay.

        Raises
        ------
        InputError
            If the shape or dtype of anything does not fit.
        """
        if type(x) is not np.ndarray:
            return self._tensor_step(x, inputs)
        try:
            into, output = self._views[x.shape]
        except KeyError:
            raise self._misfit("x", x) from None
        if x.dtype != self._dtype:
            raise self._misfit("x", x)
        # from here on nothing is allocated, and every line is felt: a step takes 1 µs
        if inputs or self._further:
            self._set_further(inputs)
        if not self._is_fresh():
            self.refresh()
        into[...] = x
        if self._running:
            self._set_statistics()
        self._run_step()
        return output

    def run(self, block: Array, *, flush_denormals: bool = False, **inputs: Array) -> Any:
        """Run the steps of a block one after the other, and go on from there.

        Parameters
        ----------
        block : array or tensor (time, batch, input_size); (time, input_size) for a batch of one
        flush_denormals : bool
            Whether numbers too small for full precision, below 1.2e-38 in float32, count as zero meanwhile: a state
            that decays through them makes steps up to twice as slow. `torch.set_flush_denormal` does it for good.
        inputs : the cell's further inputs by name, (time, batch, size)

        Returns
        -------
        output : array or tensor, as `block` is, (time, batch, size of the output) or (time, size)
            The caller's own: later steps do not write over it.

        Raises
        ------
        InputError
            If the shape or dtype of anything does not fit.
        """
        arrays = {name: _array(value) for name, value in inputs.items()}
        steps = _array(block)
        if steps.ndim < 2 or any(len(value) != len(steps) for value in arrays.values()):
            lengths = {name: value.shape for name, value in {"block": steps, **arrays}.items()}
            raise InputError(f"block: got {lengths}, expected (time, batch, features), of one length")
        shape = self._views[steps.shape[1:]][1].shape if steps.shape[1:] in self._views else steps.shape[1:]
        output = np.empty((len(steps), *shape), dtype=self._dtype)
        with _flushing(flush_denormals):
            for number, x in enumerate(steps):
                output[number] = self.step(x, **{name: value[number] for name, value in arrays.items()})
        return torch.from_numpy(output) if isinstance(block, Tensor) else output

    def _tensor_step(self, x: object, inputs: dict[str, Array]) -> Tensor:
        if not isinstance(x, Tensor):
            raise self._misfit("x", x)
        array = _array(x)
        self.step(array, **inputs)
        return self._outputs[array.shape]

    def _set_further(self, inputs: dict[str, Array]) -> None:
        if inputs.keys() != self._further.keys():
            raise InputError(f"inputs: got {sorted(inputs)}; the stream takes {sorted(self._further)} beside x")
        for name, value in inputs.items():
            into, array = self._further[name], _array(value)
            if array.shape != into.shape or array.dtype != self._dtype:
                raise self._misfit(name, value, into.shape)
            into[...] = array

    def _set_statistics(self) -> None:
        """Give the steppers the running statistics of each sequence's step."""
        for statistics, inputs in self._running:
            for into, values in zip(inputs, statistics.of_steps(torch.from_numpy(self._ages)), strict=True):
                into.copy_(values)
        self._ages += 1

    def _misfit(self, name: str, value: object, shape: tuple[int, ...] | None = None) -> InputError:
        got = f"{value.dtype} of shape {tuple(value.shape)}" if isinstance(value, Array) else type(value).__name__
        shapes = [shape] if shape is not None else list(self._views)
        return InputError(
            f"{name}: got {got}; this stream takes {self._dtype} of shape {' or '.join(map(str, shapes))}, "
            "as a NumPy array or a tensor on the CPU"
        )

    # weights -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the weights anew, after a write that torch does not count: to `p.data`, or through NumPy."""
        self._is_fresh = _freshness(self._module)  # before they are read: who writes meanwhile is noticed
        with torch.no_grad():
            compute_weights(self._module)
            for part, stepper in zip(self._parts, self._steppers, strict=True):
                stepper.refresh(self._checked(part.parameters()))
        pairs = [(part.statistics, stepper.inputs) for part, stepper in zip(self._parts, self._steppers, strict=True)]
        self._running = [(known, inputs[-len(known.nodes) :]) for known, inputs in pairs if known is not None]

    def _checked(self, parameters: Parameters) -> Parameters:
        """Return parameters that compiled code can read, which were others when the stream was made."""
        if reason := obstacle(parameters.tensors):
            raise InputError(f"a stream runs compiled code on plain tensors, and {reason}; call the module itself")
        for tensor in parameters.computed_with:
            if not tensor.is_cpu or tensor.dtype != self._steppers[0].output.dtype:
                raise InputError(
                    f"the stream is of {self._steppers[0].output.dtype} on the CPU, and a parameter is {tensor.dtype} "
                    f"on {tensor.device} now; convert all parameters to one dtype and make a new stream"
                )
        return parameters

    # states ------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State | tuple[State, ...]:
        """A copy of the state, as the module takes and returns it: (num_layers, batch, size) for each state.

        It can be saved, given to a layer, or set here, on this stream or on another one of the same batch. Where a
        cell has running statistics of each step, steps are counted from `reset` on, whatever is set here.
        """
        found = [_alone(tuple(torch.stack(each) for each in zip(*group, strict=True))) for group in self._layers]
        return found[0] if self._is_layer else tuple(found)

    @state.setter
    def state(self, given: State | tuple[State, ...]) -> None:
        states = [given] if self._is_layer else given
        if not isinstance(states, (tuple, list)) or len(states) != len(self._layers):
            raise InputError(f"state: expected a tuple of {len(self._layers)} states, one for each recurrent layer")
        checked = [
            check_states(state, names=names, shapes=shapes, like=self._steppers[0].output)
            for state, (names, shapes) in zip(states, map(self._expected, self._layers), strict=True)
        ]
        for tensors, group in zip(checked, self._layers, strict=True):
            for tensor, each in zip(tensors, zip(*group, strict=True), strict=True):
                for value, into in zip(tensor.detach(), each, strict=True):
                    into.copy_(value)

    def _expected(self, group: Sequence[Sequence[Tensor]]) -> tuple[list[str], list[tuple[int, ...]]]:
        names = [f"state {number}" for number, _ in enumerate(group[0])]
        return names, [(len(group), *state.shape) for state in group[0]]

    @property
    def _is_layer(self) -> bool:
        return isinstance(self._module, Stacked)

    def reset(self, which: Array | Sequence[bool] | None = None) -> None:
        """Set the state to the initial one, as at the beginning of a sequence: zero, unless the cell says otherwise.

        Parameters
        ----------
        which : mask (batch,), optional
            Of which sequences; by default of all.
        """
        anew = torch.as_tensor(np.ones(self.batch, dtype=bool) if which is None else which, device="cpu")
        if anew.dtype != torch.bool or tuple(anew.shape) != (self.batch,):
            raise InputError(f"which: got {anew.dtype} of shape {tuple(anew.shape)}, expected bool ({self.batch},)")
        with torch.no_grad():
            for part, stepper in zip(self._parts, self._steppers, strict=True):
                begun = part.direction().begun(stepper.states, anew) if part.layer is not None else []
                for state, value in zip(stepper.states, begun, strict=part.layer is not None):
                    state.copy_(value)
        self._ages[anew.numpy()] = 0

    def fork(self) -> Stream:
        """Return another stream of the same module in the same state, which goes on by itself."""
        other = Stream(self._module, batch=self.batch)
        other.state = self.state
        other._ages[:] = self._ages
        return other

    def __reduce_ex__(self, protocol: object) -> str:
        """Refuse to be copied or pickled: compiled code and its memory are of this process."""
        raise InputError(
            "a stream cannot be copied or pickled, for it holds compiled code and memory of this process: fork() gives "
            "another one that goes on by itself, and `state` can be saved and set on a new stream of the same module"
        )

    # memory ------------------------------------------------------------------------------------------------------

    def _arrays(self, into: Tensor, output: Tensor) -> dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]]:
        """Return, for each shape that `x` may have, where it is copied and what is returned."""
        x, y = into.numpy(), output.numpy()
        views = {x.shape: (x, y)}
        return {x.shape[1:]: (x[0], y[0]), **views} if self.batch == 1 else views

    def _shared_inputs(self) -> dict[str, np.ndarray]:
        """Let every stepper read the same further inputs; return these by name."""
        found: dict[str, Tensor] = {}
        for part, stepper in zip(self._parts, self._steppers, strict=True):
            for number, leaf in enumerate(part.cell.further_inputs, 1):
                stepper.inputs[number] = found.setdefault(leaf.name, stepper.inputs[number])
        return {name: tensor.numpy() for name, tensor in found.items()}


def _freshness(module: nn.Module) -> Callable[[], bool]:
    """Return what says whether the parameters are still those of now, and nobody is known to have written to them.

    Torch counts writes to a tensor, but not those of fused optimisers; so steps of optimisers are counted, too.

    It is one expression without a loop, made of source text, for it is asked at every step: half the time of a loop.
    """
    checks, names = [f"steps[0] == {_optimiser_steps[0]}"], {"steps": _optimiser_steps}
    tables = [table for part in module.modules() for table in (part._parameters, part._buffers)]
    for number, table in enumerate(tables):
        for k, (name, tensor) in enumerate(table.items()):
            held = f"tensor_{number}_{k}"
            names |= {f"table_{number}": table, held: tensor}
            checks.append(f"table_{number}.get({name!r}) is {held}")
            if tensor is not None and not tensor.is_inference():
                checks.append(f"{held}._version == {tensor._version}")
    return eval(f"lambda: {' and '.join(checks)}", names)


_optimiser_steps = [0]
"""How many steps optimisers have made in this process, counted from the first stream on."""


@functools.cache
def _count_optimiser_steps() -> None:
    def count(*_: object) -> None:
        _optimiser_steps[0] += 1

    register_optimizer_step_post_hook(count)


def compute_weights(module: nn.Module) -> None:
    """Compute weights that pruning and the older normalisations compute before a forward pass, in hooks."""
    for part in module.modules():
        for hook in part._forward_pre_hooks.values():
            if isinstance(hook, (BasePruningMethod, WeightNorm, SpectralNorm)):
                hook(part, None)


def _layers(parts: Sequence[StreamPart], steppers: Sequence[Stepper]) -> list[list[list[Tensor]]]:
    """Return the states: for each recurrent layer, for each layer of its stack, for each state a tensor."""
    groups: dict[int, list[list[Tensor]]] = {}
    for part, stepper in zip(parts, steppers, strict=True):
        if part.layer is not None:
            groups.setdefault(id(part.layer), []).append(stepper.states)
    return list(groups.values())


def _alone(states: tuple[Tensor, ...]) -> State:
    return states[0] if len(states) == 1 else states


@contextmanager
def _flushing(is_wanted: bool) -> Iterator[None]:
    """Let this thread take denormal numbers for zero meanwhile, if that is wanted and not so already."""
    smallest = torch.full((), 1e-310, dtype=torch.float64, device="cpu")
    changed = is_wanted and bool(smallest * 1 != 0) and torch.set_flush_denormal(True)
    try:
        yield
    finally:
        if changed:
            torch.set_flush_denormal(False)


def _array(value: Any) -> np.ndarray:
    """Return a tensor as an array; a view where torch can."""
    if isinstance(value, Tensor):
        if reason := obstacle([value]):
            raise InputError(f"a stream reads NumPy arrays and plain tensors on the CPU, and {reason}")
        if not value.is_cpu:
            raise InputError(f"got a tensor on {value.device}; a stream reads NumPy arrays and tensors on the CPU")
        return value.detach().numpy()
    return np.asarray(value)


@dataclass(frozen=True)
class StreamPart:
    """A layer of a stack, or a head: its cell, and its sizes and parameters as they are now."""

    cell: Cell
    direction: Callable[[], Direction]
    layer: Stacked | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes by name."""
        return dict(self.direction().sizes)

    @property
    def output_size(self) -> int:
        """The number of features that it puts out."""
        return number_of(self.cell.output_size, self.sizes)

    def parameters(self) -> Parameters:
        """Return the parameters as they are now."""
        return known_parameters(self.cell, self.cell.plans(EVALUATION), self.direction())

    @property
    def statistics(self) -> RunningStatistics | None:
        """The running statistics as they are now, if the cell has any."""
        return self.direction().statistics

    def stepper(self, batch: int, dtype: torch.dtype) -> Stepper:
        """Return what runs one step of it."""
        kernel = compiled_kernel_of(self.cell.plans(EVALUATION), "llvm")
        return kernel.stepper(self.sizes, self.parameters().parts, batch=batch, dtype=dtype)


def parts_of(module: nn.Module, width: int | None) -> Iterator[StreamPart]:
    """Yield what a module does at a step, given the number of features that it gets."""
    if isinstance(module, NOTHING):
        return
    if isinstance(module, Stacked):
        yield from _layer_parts(module, width)
    elif isinstance(module, nn.Sequential):
        for child in module:
            for part in parts_of(child, width):
                width = part.output_size
                yield part
    else:
        yield _head_part(module, width)


def _layer_parts(module: Stacked, width: int | None) -> Iterator[StreamPart]:
    stack = module.stack()
    if any(len(directions) > 1 for directions in stack.layers):
        raise InputError(f"{module}: a bidirectional layer reads the whole sequence, so it cannot run sample by sample")
    _check_width(module, stack.layers[0][0].sizes["input_size"], width)
    for number in range(len(stack.layers)):
        yield StreamPart(stack.cell, lambda number=number: module.stack().layers[number][0], module)


def _head_part(module: nn.Module, width: int | None) -> StreamPart:
    cell = HEADS[type(module)](module) if type(module) in HEADS else None
    if cell is None:
        known = [kind.__name__ for kind in (*HEADS, *NOTHING)]
        raise InputError(
            f"{module}: a stream runs recurra's recurrent layers and torch's {known} with their usual options"
        )
    if width is None:
        raise InputError(f"{module}: a stream begins with a recurrent layer")
    sizes = {"input_size": width}
    if isinstance(module, nn.Linear):
        _check_width(module, module.in_features, width)
        sizes["hidden_size"] = module.out_features
    elif isinstance(module, nn.LayerNorm):
        _check_width(module, module.normalized_shape[0], width)
    return StreamPart(cell, lambda: Direction(sizes, parameters_of(module), False))


def _check_width(module: nn.Module, expected: int, width: int | None) -> None:
    if width is not None and width != expected:
        raise InputError(f"{module}: got {width} features from the module before it, expected {expected}")


def _cell(name: str, function: Callable[..., Any], sizes: Mapping[str, tuple[str, ...]] | None = None) -> Cell:
    said = Declaration(name, sizes or {}, scalars=(), per_sequence=(), delays={}, stateless=True)
    return Cell(name, f"torch.nn.{name} as one step.", trace(function, said), {})


@functools.cache
def _linear(bias: bool) -> Cell:
    sizes = {"W": ("input_size", "hidden_size")}
    if bias:
        return _cell("Linear", lambda p, x: ((), x @ p.W + p.b), sizes)
    return _cell("Linear", lambda p, x: ((), x @ p.W), sizes)


@functools.cache
def _layer_norm(eps: float, weight: bool, bias: bool) -> Cell:
    def layer_norm(p: Any, x: Any) -> Any:
        centred = x - mean(x)
        y = centred / sqrt(mean(centred * centred) + eps)
        y = y * p.weight if weight else y
        return (), y + p.bias if bias else y

    return _cell("LayerNorm", layer_norm)


_ELEMENTWISE: Mapping[type[nn.Module], Callable[[Any], Any]] = {
    nn.ReLU: relu, nn.Sigmoid: sigmoid, nn.SiLU: lambda x: x * sigmoid(x), nn.Softplus: softplus, nn.Tanh: tanh,
}  # fmt: skip


@functools.cache
def _elementwise(kind: type[nn.Module]) -> Cell:
    return _cell(kind.__name__, lambda p, x: ((), _ELEMENTWISE[kind](x)))


def _softplus(module: nn.Softplus) -> Cell | None:
    return _elementwise(nn.Softplus) if module.beta == 1 else None


def _norm(module: nn.LayerNorm) -> Cell | None:
    if len(module.normalized_shape) != 1:
        return None
    return _layer_norm(module.eps, module.weight is not None, module.bias is not None)


HEADS: Mapping[type[nn.Module], Callable[[Any], Cell | None]] = {
    nn.Linear: lambda module: _linear(module.bias is not None),
    nn.LayerNorm: _norm,
    **{kind: lambda module: _elementwise(type(module)) for kind in _ELEMENTWISE},
    nn.Softplus: _softplus,
}
"""Kind of module -> its cell, or None where its options have none."""

NOTHING = (nn.Dropout, nn.Identity)
"""Modules that do nothing in evaluation."""


def parameters_of(module: nn.Module) -> Parameters:
    """Return a head's parameters, once their shapes are those of its options; torch keeps a matrix transposed."""
    names: list[str] = [name for name, _ in module.named_parameters(recurse=False)]
    tensors: list[Tensor] = list(module.parameters(recurse=False))
    if isinstance(module, nn.Linear):
        matrix, vector = (module.out_features, module.in_features), (module.out_features,)
        check_parameters(tensors, names=names, shapes=(matrix, vector)[: len(names)])
    elif isinstance(module, nn.LayerNorm):
        check_parameters(tensors, names=names, shapes=(tuple(module.normalized_shape),) * len(names))
    return Parameters(tensors, tuple(Part((k,), is_transposed=t.dim() == 2) for k, t in enumerate(tensors)))
