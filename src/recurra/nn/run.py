"""A layer's call: arguments are checked, run as rows through layers and directions, and given back in their shape."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence
from torch.utils._python_dispatch import _disable_current_modes

from recurra.backends import newton
from recurra.backends import torch as eager
from recurra.backends.kernel import Call, Result, kernel_of
from recurra.derive.plan import Plans, Variant
from recurra.errors import BackendError, InputError
from recurra.graph.node import number_of
from recurra.graph.step import with_states_out
from recurra.nn.batch import Batch, MaskedSteps, Resets, Sequences, arrange, final_states, input_states, is_shifted
from recurra.nn.bridge import run_kernel
from recurra.nn.checks import check_input, check_like, check_states, shape_or_kind
from recurra.nn.choice import EAGER, computed_in, runs_on
from recurra.nn.guards import say_once, without_autocast
from recurra.nn.stack import BackwardPass, Direction, ForwardPass, Observer, Stack, known_parameters
from recurra.spec import Cell

__all__ = ["EveryState", "Rows", "State", "draw_seed", "run", "run_any_length", "run_rows", "shown_outputs"]

State = Tensor | tuple[Tensor, ...]
EveryState = dict[str, tuple[Sequences, ...]]
"""State -> for each layer its values at every step, laid out as the input."""

Rows = tuple[Tensor, tuple[Tensor, ...], tuple[tuple[Tensor, ...], ...]]
"""What `run_rows` returns: the output, the states after the last step, and every state."""


def run(
    stack: Stack,
    sequences: Sequences,
    initial: State | None,
    *,
    further: Mapping[str, Sequences],
    batch_first: bool,
    reset: Sequences | None = None,
    mask: Sequences | None = None,
    kept_runner: Callable[..., Rows] | None = None,
) -> tuple[Sequences, tuple[Tensor, ...], EveryState]:
    """Check the arguments of a layer and run it; see `Recurrent.forward` for shapes and errors.

    `kept_runner` is `run_rows`, or what does the same, for the steps that a mask keeps.
    """
    first = stack.layers[0][0]
    like = _like(first, sequences)
    check_input(sequences, name="input", features=first.sizes["input_size"], batch_first=batch_first, like=like)
    batch = arrange(sequences, batch_first=batch_first)
    if initial is None and stack.training:
        _check_delays(stack.cell, len(batch.batch_sizes))
    states = _initial_states(stack, initial, batch, like)
    inputs = [batch.rows, *_further_rows(stack, further, batch, like, batch_first=batch_first)]
    dtype = computed_in(stack.backend, like=like)
    resets = None if reset is None else _flags(reset, "reset", batch, like)
    rows = [each.to(dtype) for each in inputs]
    if mask is not None:
        kept = MaskedSteps.of(_flags(mask, "mask", batch, like), batch.batch_sizes)
        output, finals, every = _run_kept(stack, rows, states, kept, resets, like.dtype, kept_runner or run_rows)
    else:
        given = None if resets is None else Resets(resets, batch.batch_sizes, like.dtype)
        output, finals, every = without_autocast(
            run_rows, stack, rows, states=states, batch_sizes=batch.batch_sizes, reset=given
        )
    by_state = zip(stack.cell.states, zip(*every, strict=True), strict=False)  # nothing if they are not wanted
    restored = {name: tuple(batch.restore(rows) for rows in layers) for name, layers in by_state}
    return batch.restore(output), tuple(batch.unsort(state) for state in finals), restored


def run_any_length(
    stack: Stack, sequences: Tensor, initial: State | None, *, batch_first: bool
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a layer in evaluation while a graph is recorded whose lengths and batches are not known yet; as `run` does.

    Raises
    ------
    BackendError
        If the layer is in training, or has running statistics, which are of each step.
    """
    directions = [direction for layer in stack.layers for direction in layer]
    if stack.training or any(direction.statistics for direction in directions):
        raise BackendError(
            f"{stack.cell.name}: a graph for any length is one of evaluation, without running statistics of each step: "
            "call eval() before, or export for the length of the example alone"
        )
    like = _like(directions[0], sequences)
    check_input(sequences, name="input", features=directions[0].sizes["input_size"], batch_first=batch_first, like=like)
    is_alone, places = sequences.dim() == 2, 0 if batch_first else 1
    x = sequences.unsqueeze(places) if is_alone else sequences
    x = x.transpose(0, 1) if batch_first else x
    widths = [number_of(leaf.width, directions[0].sizes) for leaf in stack.cell.step.states]
    if initial is None:
        given = [x.new_zeros(len(directions), x.shape[1], width) for width in widths]
    else:
        given = [*initial] if isinstance(initial, (tuple, list)) else [initial]
        given = [(state.unsqueeze(1) if is_alone else state).contiguous() for state in given]  # as a step leaves them
    plans, finals = stack.cell.plans(Variant(training=False)), list[Sequence[Tensor]]()
    for layer in stack.layers:
        outputs = []
        for direction in layer:
            parameters, first = known_parameters(stack.cell, plans, direction), [each[len(finals)] for each in given]
            output, after = eager.scanned(
                plans.forward, [*parameters], direction.sizes, [x], first, reverse=direction.reverse
            )
            outputs.append(output)
            finals.append(after)
        x = outputs[0] if len(outputs) == 1 else torch.cat(outputs, -1)
    y = x.transpose(0, 1) if batch_first else x
    states = tuple(torch.stack(each) for each in zip(*finals, strict=True))
    return (y.squeeze(places), tuple(state.squeeze(1) for state in states)) if is_alone else (y, states)


def _check_delays(cell: Cell, steps: int) -> None:
    """Refuse to train on sequences in which a delayed state would never be read: it would be zero throughout."""
    for argument, delay in cell.written.delays.items():
        if delay.lag > steps:
            raise InputError(
                f"{cell.name} reads {delay.state} of {delay.lag} steps before ({argument}), and the longest sequence "
                f"has {steps}: expected longer sequences, a shorter delay, as in {cell.name}.delayed({{{argument!r}: "
                f"{steps}}}), or, where these go on from others, the state after those"
            )


def _like(first: Direction, sequences: object) -> Tensor:
    """Return a tensor of the layer's dtype and device: a parameter, or where a cell has none, the input."""
    for tensor in first.parameters.computed_with:
        return tensor
    rows = sequences.data if isinstance(sequences, PackedSequence) else sequences
    return rows if isinstance(rows, Tensor) else torch.empty(0, device="cpu")


def _initial_states(stack: Stack, initial: State | None, batch: Batch, like: Tensor) -> list[Tensor]:
    """Return the initial states in the order of the rows, (layers * directions, batch, size) each."""
    sizes, count = stack.layers[0][0].sizes, sum(map(len, stack.layers))
    widths = [number_of(leaf.width, sizes) for leaf in stack.cell.step.states]
    if initial is None:
        return [torch.zeros(count, batch.size, width, dtype=like.dtype, device=like.device) for width in widths]
    shapes = [(count, batch.size, width) if batch.batched else (count, width) for width in widths]
    names = [f"initial state {name}" for name in stack.cell.states]
    given = check_states(initial, names=names, shapes=shapes, like=like)
    return [batch.sort(state).to(like.dtype) for state in given]


def _further_rows(
    stack: Stack, further: Mapping[str, Sequences], batch: Batch, like: Tensor, *, batch_first: bool
) -> list[Tensor]:
    """Return the cell's further inputs as rows, in its order."""
    wanted = [leaf.name for leaf in stack.cell.further_inputs]
    if set(further) != set(wanted):
        raise InputError(f"inputs: got {sorted(further)}; the cell {stack.cell.name} takes {sorted(wanted)} beside x")
    sizes = stack.layers[0][0].sizes
    rows = []
    for leaf in stack.cell.further_inputs:
        name, value, width = f"inputs[{leaf.name!r}]", further[leaf.name], number_of(leaf.width, sizes)
        if leaf.name in stack.cell.step.per_sequence:
            rows.append(_one_per_sequence(value, name=name, width=width, batch=batch, like=like))
        else:
            check_input(value, name=name, features=width, batch_first=batch_first, like=like)
            arranged = arrange(value, batch_first=batch_first, name=name)
            if arranged.batch_sizes != batch.batch_sizes:
                raise InputError(f"{name}: its sequences have other lengths than those of `input`")
            _check_order(value, name, batch)
            rows.append(arranged.rows)
    return rows


def _check_order(value: object, name: str, batch: Batch) -> None:
    """Refuse rows that are packed in another order than those of the batch: they would go to other sequences."""
    if isinstance(value, PackedSequence) and not batch.is_ordered_as(value):
        raise InputError(
            f"{name}: its sequences are packed in another order than those of `input`; expected the same order, with "
            "the same lengths"
        )


def _one_per_sequence(value: Sequences, *, name: str, width: int, batch: Batch, like: Tensor) -> Tensor:
    shape = (batch.size, width) if batch.batched else (width,)
    if not isinstance(value, Tensor) or tuple(value.shape) != shape:
        raise InputError(f"{name}: got {shape_or_kind(value)}, expected a tensor {shape}: one row for each sequence")
    check_like(value, name=name, like=like)
    return batch.sort(value.unsqueeze(0)).reshape(batch.size, width)


def _run_kept(
    stack: Stack,
    rows: Sequence[Tensor],
    states: Sequence[Tensor],
    kept: MaskedSteps,
    resets: Tensor | None,
    dtype: torch.dtype,
    runner: Callable[..., Rows],
) -> Rows:
    """Run the steps that a mask keeps; the others leave the state as it is, and put out zeros."""
    if not len(kept.rows):
        return _nothing_kept(stack, rows[0], states, resets, kept)
    names = ["x", *(leaf.name for leaf in stack.cell.further_inputs)]
    inputs = [
        each.index_select(0, kept.sequences) if name in stack.cell.step.per_sequence else kept.select(each)
        for name, each in zip(names, rows, strict=True)
    ]
    anew, ends, initial = None, None, states
    if resets is not None:
        anew, *ends = kept.resets(resets)  # and which sequences are reset ahead, and behind
        initial = _begun(stack, initial, ends[1], reverse=True)
    output, finals, every = without_autocast(
        runner, stack, inputs, states=[state.index_select(1, kept.sequences) for state in initial],
        batch_sizes=kept.batch_sizes, reset=None if anew is None else Resets(anew, kept.batch_sizes, dtype),
    )  # fmt: skip
    after = [kept.states(before, state) for before, state in zip(initial, finals, strict=True)]
    if ends is not None:
        after = _begun(stack, _begun(stack, after, ends[1], reverse=False), ends[0], reverse=True)
    every = tuple(tuple(map(kept.restore, layer)) for layer in every)
    return kept.restore(output), tuple(after), every


def _nothing_kept(
    stack: Stack, rows: Tensor, states: Sequence[Tensor], resets: Tensor | None, kept: MaskedSteps
) -> Rows:
    """Return what a batch gives of which no step is kept."""
    directions = stack.layers[0]
    width = number_of(stack.cell.output_size, directions[0].sizes) * len(directions)
    after = [state.clone() for state in states]  # those given are the caller's
    if resets is not None:
        _, _, is_reset = kept.resets(resets)
        after = _begun(stack, after, is_reset, reverse=False)
        _, _, is_reset = kept.resets(resets & (torch.arange(len(resets), device=resets.device) >= kept.size))
        after = _begun(stack, after, is_reset, reverse=True)
    every = tuple(
        tuple(rows.new_zeros(len(rows), state.shape[-1] * len(directions)) for state in states)
        for _ in stack.layers if stack.return_states
    )  # fmt: skip
    return rows.new_zeros(len(rows), width), tuple(after), every


def _begun(stack: Stack, states: Sequence[Tensor], which: Tensor, *, reverse: bool) -> list[Tensor]:
    """Set states (layers, batch, size) of some sequences to the initial ones, in those directions that run this way."""
    directions = [each for layer in stack.layers for each in layer]
    parts = [
        each.begun([state[number] for state in states], which) if each.reverse == reverse
        else [state[number] for state in states]
        for number, each in enumerate(directions)
    ]  # fmt: skip
    return [torch.stack(each) for each in zip(*parts, strict=True)]


_FLAGS = {
    "reset": "for each step whether the state is the initial one before it",
    "mask": "for each step whether it is run",
}


def _flags(flags: Sequences, name: str, batch: Batch, like: Tensor) -> Tensor:
    """Return what says yes or no for each step as rows; raise `InputError` unless it is one of the batch's shape."""
    if batch.packed is not None:
        fits = isinstance(flags, PackedSequence) and torch.equal(flags.batch_sizes, batch.packed.batch_sizes)
        fits = fits and flags.data.dim() == 1
        expected = f"a PackedSequence with the lengths of the input and data of shape ({len(batch.rows)},)"
    else:
        steps = len(batch.batch_sizes)
        shape = (batch.size, steps) if batch.batch_first else (steps, batch.size)
        shape = shape if batch.batched else (steps,)
        fits = isinstance(flags, Tensor) and tuple(flags.shape) == shape
        expected = f"a tensor of shape {shape}: {_FLAGS[name]}"
    rows = flags.data if isinstance(flags, PackedSequence) else flags
    if not fits:
        raise InputError(f"{name}: got {shape_or_kind(rows)}, expected {expected}")
    if rows.dtype != torch.bool or rows.device != like.device:
        raise InputError(f"{name}: got {rows.dtype} on {rows.device}, expected torch.bool on {like.device}")
    _check_order(flags, name, batch)
    if batch.packed is None:
        rows = arrange(rows.unsqueeze(-1), batch_first=batch.batch_first).rows.flatten()
    return rows


def run_rows(
    stack: Stack,
    inputs: Sequence[Tensor],
    *,
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    reset: Resets | None = None,
) -> Rows:
    """Run a stack on rows in the packed layout.

    Parameters
    ----------
    inputs : tensors (sum of batch_sizes, size)
        `x`, then the cell's further inputs, which every layer is given.
    states : for each state of the cell a tensor (layers * directions, batch, size)
    batch_sizes : sequence of int
    reset : Resets, optional
        Where sequences begin anew.

    Returns
    -------
    output : tensor (sum of batch_sizes, directions * size of the output)
    states : for each state a tensor (layers * directions, batch, size)
    every_state : for each layer and each state a tensor (sum of batch_sizes, directions * size); empty if not wanted
    """
    rows, *further = inputs
    final: list[tuple[Tensor, ...]] = []
    every: list[tuple[Tensor, ...]] = []
    for number, directions in enumerate(stack.layers):
        if number and stack.dropout:
            rows = functional.dropout(rows, stack.dropout, stack.training)
        outputs = []
        for direction in directions:
            initial = [state[len(final)] for state in states]
            out, after = _run_direction(stack, number, direction, [rows, *further], initial, batch_sizes, reset)
            outputs.append(out)
            final.append(after)
        rows, *history = (each[0] if len(each) == 1 else torch.cat(each, -1) for each in zip(*outputs, strict=True))
        every.append(tuple(history))
    return rows, tuple(_stacked(each) for each in zip(*final, strict=True)), tuple(every)


def _stacked(parts: Sequence[Tensor]) -> Tensor:
    return parts[0].unsqueeze(0) if len(parts) == 1 else torch.stack([*parts])


def _run_direction(
    stack: Stack,
    number: int,
    direction: Direction,
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    reset: Resets | None,
) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """Return the output, with every state after it if these are wanted, and the last states."""
    cell, observer, reverse = stack.cell, stack.observer, direction.reverse
    # some states may become inputs, but not where anybody is shown every state, or sets one inside a sequence
    is_plain = reset is None and observer is None and not stack.return_states
    is_plain = is_plain and is_shifted(cell, direction.sizes, len(inputs[0]))
    variant = Variant(
        training=stack.training, return_states=stack.return_states, restarts=reset is not None,
        observed=observer is not None and observer.wants_gradients, shifted=is_plain,
    )  # fmt: skip
    plans = cell.plans(variant)
    if reset is not None:
        vectors = [begin for begin in direction.initial if isinstance(begin, Tensor)]
        rows = [begin.to(states[0].dtype).expand(batch_sizes[0], -1).contiguous() for begin in vectors]
        inputs = [*inputs, reset.after(reverse=reverse), *rows]
        states = states if reverse else direction.begun(states, reset.at_first())
    shifts = cell.shifts if is_plain else ()
    if shifts:
        inputs, states = input_states(shifts, inputs, states, batch_sizes, reverse=reverse)
    if direction.statistics and not stack.training:
        inputs = [*inputs, *direction.statistics.rows(batch_sizes, reverse=reverse)]
    noises = (*plans.forward.step.noises, *plans.forward.prelude.noises)
    seed = draw_seed(states[0].device) if noises else 0
    parameters = known_parameters(cell, plans, direction, seed=seed)
    call = Call(direction.sizes, parameters, inputs, states, batch_sizes, reverse, seed)
    if observer is not None:
        observer.on_forward(
            ForwardPass(cell, number, direction, tuple(inputs), tuple(states), tuple(batch_sizes), variant)
        )
    result = _run_plans(plans, call, stack, number)
    if direction.statistics and result.statistics:
        direction.statistics.update(result.statistics, batch_sizes, reverse=reverse)
    finals = final_states(shifts, inputs, result.states, batch_sizes, reverse=reverse) if shifts else result.states
    return _in_order(stack, result.outputs), tuple(finals)


def draw_seed(device: torch.device) -> int | Tensor:
    """Return a seed from torch's generator, of the device's own in a CUDA graph, so that each replay draws another."""
    if device.type == "cuda" and torch.cuda.is_current_stream_capturing():
        return torch.randint(2**31 - 1, (), device=device)
    with _disable_current_modes():  # a fake tensor is no number
        return int(torch.randint(2**31 - 1, ()))


def _run_plans(plans: Plans, call: Call, stack: Stack, number: int) -> Result:
    """Run the plans of one direction of layer `number` on the backend; an observer is told of the backward pass."""
    backend, told = runs_on(stack.backend, call, plans), None
    if stack.observer is not None and stack.observer.wants_gradients:
        # not the call itself, whose tensors would then stay as long as the graph
        told = functools.partial(_tell, stack.observer, number, call.reverse, tuple(call.batch_sizes))
    if backend == "newton" and told is None:
        return newton.run(plans.forward, call, told=say_once)
    if backend in EAGER:
        return eager.run(plans.forward, call, noted=told and eager.Noted.of(plans.forward, call, told))
    return run_kernel(
        kernel_of(plans, backend), plans.forward, call,
        observer=told and (lambda values: told(dict(zip(plans.backward.step.observed, values, strict=True)))),
        # what another kernel alone reads, nobody writes to
        is_inner=not stack.return_states and (number + 1 < len(stack.layers) or len(stack.layers[number]) > 1),
    )  # fmt: skip


def _tell(
    observer: Observer, number: int, reverse: bool, batch_sizes: tuple[int, ...], squares: Mapping[str, Tensor]
) -> None:
    by_name = {name: each.squeeze(1) for name, each in squares.items()}
    observer.on_backward(BackwardPass(number, reverse, batch_sizes, by_name))


def _in_order(stack: Stack, outputs: Sequence[Tensor]) -> list[Tensor]:
    """Return the output, then, if they are wanted, each state's rows; an output may be a state."""
    if not stack.return_states:
        return list(outputs)
    numbers = shown_outputs(stack.cell)
    return [outputs[0], *(outputs[number] if number else outputs[0].clone() for number in numbers)]


def shown_outputs(cell: Cell) -> list[int]:
    """Return for each state which of the outputs it is, where every state is put out."""
    place = {node: number for number, node in enumerate(with_states_out(cell.step).outputs)}
    return [place[node] for node in cell.step.next_states]
