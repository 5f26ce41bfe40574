"""`Stream`: recurrent layers and what stands behind them, one sample at a time."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from recurra.arguments import checked
from recurra.backends.parameters import Parameters
from recurra.errors import BackendError, InputError
from recurra.nn.checks import check_size, check_states
from recurra.nn.choice import backend_for
from recurra.nn.guards import obstacle
from recurra.nn.run import State
from recurra.nn.stack import Stacked
from recurra.nn.stream_parts import StreamPart, compute_weights, parts_of

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
        self._module = module
        self._parts = list(parts_of(module, None))
        self._like = next((part.layer.example for part in self._parts if part.layer), torch.empty(0, device="cpu"))
        backend_for("llvm", like=self._like)
        if reason := obstacle(list(module.parameters())):
            raise BackendError(f"a stream runs compiled code on plain tensors, and {reason}; call the module itself")
        self._blocks: dict[int, _Block] = {}
        self._reserve(batch)

    def _reserve(self, batch: int) -> None:
        """Make the memory of so many sequences, and begin each of them."""
        self.batch = batch
        self._steppers = [part.stepper(batch, self._like.dtype) for part in self._parts]
        self._run_step = self._steppers[0].followed_by(self._steppers[1:])
        self._hold([stepper.states for stepper in self._steppers])
        self._further = self._shared_inputs()
        self._dtype = self._steppers[0].inputs[0].numpy().dtype
        self._widths = (self._steppers[0].inputs[0].shape[1], *(each.shape[1] for each in self._further.values()))
        self._output_size = self._steppers[-1].output.shape[1]
        self._views = self._arrays(self._steppers[0].inputs[0], self._steppers[-1].output)
        self._outputs = {shape: torch.from_numpy(out) for shape, (_, out) in self._views.items()}
        self._ages = np.zeros(batch, dtype=np.int64)
        self.refresh()
        self.reset()

    def _hold(self, states: Sequence[Sequence[Tensor]]) -> None:
        """Take these as the memory of the states, for each part its own, (batch, size) each."""
        self._states, self._layers = states, _layers(self._parts, states)
        self._matrices = [state.numpy() for each in states for state in each]

    def _complete(self) -> bool:
        """Make what a step of all sequences needs beside their states; return False if it is there already."""
        if self._views:
            return False
        states, ages = self._states, self._ages
        self._reserve(self.batch)
        for into, state in zip(itertools.chain(*self._states), itertools.chain(*states), strict=True):
            into.copy_(state)
        self._ages[:] = ages
        return True

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
            if self._complete():
                return self.step(x, **inputs)
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

    def run(self, block: Array, **inputs: Array) -> Any:
        """Run the steps of a block one after the other, and go on from there.

        Parameters
        ----------
        block : array or tensor (time, batch, input_size); (time, input_size) for a batch of one
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
        self._complete()
        arrays = {name: _array(value) for name, value in inputs.items()}
        steps = _array(block)
        if steps.ndim < 2 or any(len(value) != len(steps) for value in arrays.values()):
            lengths = {name: value.shape for name, value in {"block": steps, **arrays}.items()}
            raise InputError(f"block: got {lengths}, expected (time, batch, features), of one length")
        shape = self._views[steps.shape[1:]][1].shape if steps.shape[1:] in self._views else steps.shape[1:]
        output = np.empty((len(steps), *shape), dtype=self._dtype)
        for number, x in enumerate(steps):
            output[number] = self.step(x, **{name: value[number] for name, value in arrays.items()})
        return torch.from_numpy(output) if isinstance(block, Tensor) else output

    def step_many(self, x: Array, rows: Array | Sequence[int], **inputs: Array) -> Any:
        """Run one step of some of the sequences; the others stay where they are.

        The states of all sequences are one matrix for each state, with a row a sequence. The given rows are gathered,
        go one step as a batch, and are scattered: many times cheaper than a step of each by itself. What one row has,
        NaN among it, never reaches another. Other threads run meanwhile, for the GIL is released; of one stream they
        may not use anything then.

        Parameters
        ----------
        x : array or tensor (count, input_size)
        rows : whole numbers (count,), each at most once
            Which sequences, 0 to `batch` - 1, in the order of `x`.
        inputs : the cell's further inputs by name, (count, size)

        Returns
        -------
        output : array or tensor, as `x` is, (count, size of the output)
            The caller's own: later steps do not write over it.

        Raises
        ------
        InputError
            If a row is there twice or is none of the stream's, or the shape or dtype of anything does not fit.

        Examples
        --------
        >>> import numpy as np
        >>> from recurra.nn import LSTM
        >>> stream = LSTM(3, 8).stream(batch=100)
        >>> stream.step_many(np.zeros((2, 3), dtype=np.float32), [41, 7]).shape
        (2, 8)
        """
        places = self._places(rows)
        self._check_names(inputs)
        arrays = [_array(x), *(_array(inputs[name]) for name in self._further)]
        for name, array, width in zip(("x", *self._further), arrays, self._widths, strict=True):
            if array.shape != (len(places), width) or array.dtype != self._dtype:
                raise self._misfit(name, array, (len(places), width))
        output = np.empty((len(places), self._output_size), dtype=self._dtype)
        begin = 0
        for count, size in _blocks(len(places)):
            share = slice(begin, begin + count)
            chosen, given = places[share], [array[share] for array in arrays]
            output[share] = self._block(size).step(self._matrices, chosen, given, self._ages[chosen])
            begin += count
        if self._running:
            self._ages[places] += 1
        return torch.from_numpy(output) if isinstance(x, Tensor) else output

    def _block(self, size: int) -> _Block:
        """Return what makes a step of so many rows; it is made once."""
        if size not in self._blocks:
            self._blocks[size] = _Block(Stream(self._module, batch=size))
        return self._blocks[size]

    def _places(self, rows: Array | Sequence[int], *, name: str = "rows", repeated: bool = False) -> np.ndarray:
        """Return row numbers that have been checked."""
        places = _array(rows)
        if places.ndim != 1 or not (places.dtype.kind in "iu" or not places.size):
            raise InputError(f"{name}: got {places.dtype} of shape {places.shape}, expected whole numbers (count,)")
        places = places.astype(np.int64, copy=False)
        if not places.size:
            return places
        ordered = places.copy()
        ordered.sort()
        if ordered[0] < 0 or ordered[-1] >= self.batch:
            wrong = ordered[0] if ordered[0] < 0 else ordered[-1]
            raise InputError(f"{name}: got row {wrong}; the stream has {self.batch}, from 0 to {self.batch - 1}")
        if not repeated and (same := ordered[1:] == ordered[:-1]).any():
            raise InputError(f"{name}: got row {ordered[1:][same][0]} twice; a row goes one step at a time")
        return places

    def _tensor_step(self, x: object, inputs: dict[str, Array]) -> Tensor:
        if not isinstance(x, Tensor):
            raise self._misfit("x", x)
        array = _array(x)
        self.step(array, **inputs)
        return self._outputs[array.shape]

    def _set_further(self, inputs: dict[str, Array]) -> None:
        self._check_names(inputs)
        for name, value in inputs.items():
            into, array = self._further[name], _array(value)
            if array.shape != into.shape or array.dtype != self._dtype:
                raise self._misfit(name, value, into.shape)
            into[...] = array

    def _check_names(self, inputs: dict[str, Array]) -> None:
        if inputs.keys() == self._further.keys():
            return
        names = sorted(self._further)
        by_name = f", each by its name, as in step(x, {names[0]}=...)" if names else ""
        raise InputError(f"inputs: got {sorted(inputs)}; the stream takes {names} beside x{by_name}")

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
        for block in self._blocks.values():
            block.refresh()

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
        for tensors, group in zip(self._checked_states(given, count=self.batch), self._layers, strict=True):
            for tensor, each in zip(tensors, zip(*group, strict=True), strict=True):
                for value, into in zip(tensor.detach(), each, strict=True):
                    into.copy_(value)

    def _checked_states(self, given: State | tuple[State, ...], *, count: int) -> list[tuple[Tensor, ...]]:
        """Return the states of so many sequences, for each recurrent layer a tuple, once their shapes fit."""
        states = [given] if self._is_layer else given
        if not isinstance(states, (tuple, list)) or len(states) != len(self._layers):
            raise InputError(f"state: expected a tuple of {len(self._layers)} states, one for each recurrent layer")
        found = []
        for state, group in zip(states, self._layers, strict=True):
            names = [f"state {number}" for number, _ in enumerate(group[0])]
            shapes = [(len(group), count, *each.shape[1:]) for each in group[0]]
            found.append(check_states(state, names=names, shapes=shapes, like=self._steppers[0].output))
        return found

    @property
    def _is_layer(self) -> bool:
        return isinstance(self._module, Stacked)

    def state_of(self, rows: Array | Sequence[int]) -> State | tuple[State, ...]:
        """Return a copy of the state of some of the sequences, as `state` has it: (num_layers, count, size) each.

        Parameters
        ----------
        rows : whole numbers (count,), as in `step_many`

        Raises
        ------
        InputError
            If a row is there twice, or is none of the stream's.

        Examples
        --------
        >>> from recurra.nn import GRU
        >>> stream = GRU(3, 8, num_layers=2).stream(batch=100)
        >>> stream.state_of([41, 7]).shape
        torch.Size([2, 2, 8])
        """
        places = torch.from_numpy(self._places(rows))
        found = [
            _alone(tuple(torch.stack([state[places] for state in each]) for each in zip(*group, strict=True)))
            for group in self._layers
        ]
        return found[0] if self._is_layer else tuple(found)

    def set_state(self, rows: Array | Sequence[int], state: State | tuple[State, ...]) -> None:
        """Set the state of some of the sequences, as `state_of` returns it; the others stay as they are.

        Parameters
        ----------
        rows : whole numbers (count,), as in `step_many`
        state : as `state_of` returns it, (num_layers, count, size) each

        Raises
        ------
        InputError
            If a row is there twice or is none of the stream's, or the state's shape or dtype does not fit.
        """
        places = self._places(rows)
        for tensors, group in zip(self._checked_states(state, count=len(places)), self._layers, strict=True):
            for tensor, each in zip(tensors, zip(*group, strict=True), strict=True):
                for value, into in zip(tensor.detach(), each, strict=True):
                    into[torch.from_numpy(places)] = value

    def copy_rows(self, source: Array | Sequence[int], into: Array | Sequence[int]) -> None:
        """Let some of the sequences go on from where others are: forks of them.

        Parameters
        ----------
        source : whole numbers (count,)
            The rows that are copied, some of them more than once if need be.
        into : whole numbers (count,), each at most once
            The rows that are written over.

        Raises
        ------
        InputError
            If they are not equally many, or a row is none of the stream's, or is written twice.
        """
        of, to = self._places(source, name="source", repeated=True), self._places(into, name="into")
        if len(of) != len(to):
            raise InputError(f"copy_rows: got {len(of)} rows of source and {len(to)} of into, expected as many")
        for matrix in self._matrices:
            matrix[to] = matrix[of]
        self._ages[to] = self._ages[of]

    def add_rows(self, count: int) -> range:
        """Make room for further sequences, each at its beginning; the others keep their states and numbers.

        It takes memory anew for all, so add many at once.

        Parameters
        ----------
        count : int

        Returns
        -------
        range
            The numbers of the new rows.

        Raises
        ------
        InputError
            If `count` is no size.
        """
        check_size("count", count)
        before, self.batch = self.batch, self.batch + count
        # the states alone: what a step of all needs besides is ten times as much, and made when there is one
        self._hold([[torch.cat([state, state.new_zeros(count, state.shape[1])]) for state in each]
                    for each in self._states])  # fmt: skip
        self._ages = np.concatenate([self._ages, np.zeros(count, dtype=np.int64)])
        self._views, self._outputs = {}, {}
        self.reset(np.arange(self.batch) >= before)
        return range(before, self.batch)

    @property
    def matrices(self) -> tuple[np.ndarray, ...]:
        """The states as matrices (batch, size), layer by layer: the memory itself, until `add_rows`."""
        return tuple(self._matrices)

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of features of `x`, and of each further input."""
        return self._widths

    @property
    def further(self) -> dict[str, int]:
        """The further inputs by name, with their sizes."""
        return {name: each.shape[1] for name, each in self._further.items()}

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
            for part, states in zip(self._parts, self._states, strict=True):
                begun = part.direction().begun(states, anew) if part.layer is not None else []
                for state, value in zip(states, begun, strict=part.layer is not None):
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


_LARGEST = 256
"""Rows of a block: with more, what a step of a usual layer reads and writes is in no near cache any more."""


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks that make a step of so many rows: how many rows each takes, and its size, a power of two.

    A block may have up to a quarter of its rows to spare: two calls more cost as much.
    """
    while count:
        size = 1 << min(count - 1, _LARGEST - 1).bit_length()
        if count < 0.75 * size:
            size //= 2
        yield min(count, size), size
        count -= min(count, size)


class _Block:
    """A step of a fixed number of rows, some of which may stay unused; each size has a stream of its own."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._run = stream._steppers[0].followed_by(stream._steppers[1:], is_free=True)
        self._inputs = [stream._steppers[0].inputs[0].numpy(), *stream._further.values()]
        self._output = stream._steppers[-1].output.numpy()
        self._used: dict[int, _Used] = {}

    def refresh(self) -> None:
        """Read the weights anew."""
        self._stream.refresh()

    def step(
        self, matrices: Sequence[np.ndarray], rows: np.ndarray, given: Sequence[np.ndarray], ages: np.ndarray
    ) -> np.ndarray:
        """Gather rows of the states, run a step of them, scatter them; return their outputs (count, size)."""
        stream, count = self._stream, len(rows)
        if not stream._is_fresh():
            stream.refresh()
        used = self._used.get(count) or self._use(count)
        for state, matrix in zip(used.states, matrices, strict=True):
            matrix.take(rows, 0, state, "clip")  # they have been checked
        for into, array in zip(used.inputs, given, strict=True):
            into[...] = array
        for rest, first in used.spare:  # what is finite where the rows are: a step of NaN or of tiny numbers is slow
            rest[...] = first
        if stream._running:
            stream._ages[:count], stream._ages[count:] = ages, ages[0]
            stream._set_statistics()
        self._run()
        for state, matrix in zip(used.states, matrices, strict=True):
            matrix[rows] = state
        return used.output

    def _use(self, count: int) -> _Used:
        """Return the memory of the first rows, so many, and of those to spare."""
        states = self._stream._matrices
        spare = [(array[count:], array[:1]) for array in (*states, *self._inputs) if count < len(array)]
        self._used[count] = used = _Used(
            states=[state[:count] for state in states], inputs=[array[:count] for array in self._inputs],
            spare=spare, output=self._output[:count],
        )  # fmt: skip
        return used


@dataclass(frozen=True)
class _Used:
    """Memory of a block: of the rows in use, and pairs of the rows to spare and a first one."""

    states: Sequence[np.ndarray]
    inputs: Sequence[np.ndarray]
    spare: Sequence[tuple[np.ndarray, np.ndarray]]
    output: np.ndarray


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


def _layers(parts: Sequence[StreamPart], states: Sequence[Sequence[Tensor]]) -> list[list[Sequence[Tensor]]]:
    """Return the states: for each recurrent layer, for each layer of its stack, for each state a tensor."""
    groups: dict[int, list[Sequence[Tensor]]] = {}
    for part, each in zip(parts, states, strict=True):
        if part.layer is not None:
            groups.setdefault(id(part.layer), []).append(each)
    return list(groups.values())


def _alone(states: tuple[Tensor, ...]) -> State:
    return states[0] if len(states) == 1 else states


def _array(value: Any) -> np.ndarray:
    """Return a tensor as an array; a view where torch can."""
    if isinstance(value, Tensor):
        if reason := obstacle([value]):
            raise InputError(f"a stream reads NumPy arrays and plain tensors on the CPU, and {reason}")
        if not value.is_cpu:
            raise InputError(f"got a tensor on {value.device}; a stream reads NumPy arrays and tensors on the CPU")
        return value.detach().numpy()
    return np.asarray(value)
