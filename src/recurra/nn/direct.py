"""Direct calls: a stack of layers that has run at a shape before runs again as foreign calls and little else.

A call of a small layer is mostly Python: checks, records, one operation of torch after the other. What of it depends on
shapes alone is kept after the second call: `DirectStack` holds the kernels' passes for one shape, and a call of it
allocates the results, hands over addresses, and is one node of autograd, whatever the number of layers and directions.
`DirectCalls` decides whether a call is one of those; every other one goes the way of `recurra.nn.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from operator import add
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import Function

from recurra.backends.direct import DirectPasses
from recurra.backends.kernel import COMPILED, Call, compiled_kernel_of
from recurra.backends.parameters import Parameters
from recurra.derive.plan import Variant
from recurra.graph.node import number_of
from recurra.locks import made_once, making
from recurra.nn.bridge import reference_gradients
from recurra.nn.choice import backend_for
from recurra.nn.guards import is_plain, is_undisturbed
from recurra.nn.run import run_rows
from recurra.nn.stack import Stack

__all__ = ["DirectCalls", "DirectStack", "Shapes"]

_MOST = 256
"""Shapes for which a layer keeps its passes: as many as the lengths of sentences."""

_MOST_WAYS = 4
"""For each shape: what requires a gradient, and the modes of torch that are on."""


@dataclass(frozen=True)
class _Part:
    """One direction of one layer.

    Attributes
    ----------
    passes : DirectPasses
    number : int
        Of the layers times directions.
    own : slice
        Its tensors among those of the stack.
    moved : tuple of int
        How many bytes behind the first one of each state its own begins.
    """

    passes: DirectPasses
    number: int
    own: slice
    moved: tuple[int, ...]


@dataclass(frozen=True)
class Shapes:
    """The shapes of a call.

    Attributes
    ----------
    input : tuple of int
    steps, batch : int
    batch_first : bool
        Whether the input is (batch, steps, features).
    state : shape of a state without its features
    """

    input: tuple[int, ...]
    steps: int
    batch: int
    batch_first: bool
    state: tuple[int, ...]

    @classmethod
    def of_sequences(cls, shape: tuple[int, ...], *, batch_first: bool, count: int) -> Shapes:
        """Return those of a layer's input; there are `count` layers times directions."""
        if len(shape) == 2:
            return cls(shape, shape[0], 1, False, (count,))
        steps, batch = (shape[1], shape[0]) if batch_first else shape[:2]
        return cls(shape, steps, batch, batch_first, (count, batch))

    @classmethod
    def of_step(cls, shape: tuple[int, ...]) -> Shapes:
        """Return those of a single step's input, (batch, features) or (features,)."""
        return cls(shape, 1, shape[0] if len(shape) == 2 else 1, False, shape[:-1])

    def output(self, features: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the shape of an output, and the strides with which its rows are in the order of the steps."""
        shape = (*self.input[:-1], features)
        if self.batch_first:
            return shape, (features, self.batch * features, 1)
        return shape, (self.batch * features, features, 1)[-len(shape) :]

    def rows(self, sequences: Tensor) -> Tensor:
        """Return sequences as an array of rows, those of a step after each other."""
        return (sequences.transpose(0, 1) if self.batch_first else sequences).contiguous()

    def restored(self, rows: Tensor) -> Tensor:
        """Return an array of rows in the shape of the input."""
        if self.batch_first:
            return rows.view(self.steps, self.batch, -1).transpose(0, 1)
        return rows.view(*self.input[:-1], -1)


class DirectStack:
    """The passes of a stack for sequences of one shape.

    Parameters
    ----------
    stack : Stack
        As it ran.
    layers : for each layer the parts that are its directions
    shapes : Shapes
    like : tensor of the dtype

    Attributes
    ----------
    zeros : for each state a tensor of zeros, to which nobody writes
    """

    def __init__(self, stack: Stack, layers: Sequence[Sequence[_Part]], *, shapes: Shapes, like: Tensor) -> None:
        sizes = stack.layers[0][0].sizes
        self._stack, self.shapes = _without_tensors(stack), shapes
        self._layers, self._dtype, self._rows = layers, like.dtype, shapes.steps * shapes.batch
        self._parts = [part for layer in layers for part in layer]
        self._width, self._directions = number_of(stack.cell.output_size, sizes), len(stack.layers[0])
        widths = [number_of(leaf.shape[0], sizes) for leaf in stack.cell.step.states]
        self._states = [(*shapes.state, width) for width in widths]
        self.zeros = [torch.zeros(shape, dtype=like.dtype) for shape in self._states]
        # `empty_like` of what is there takes half the time of `empty` with a shape and a dtype
        self._output = torch.empty_strided(*shapes.output(self._width * self._directions), dtype=like.dtype)
        self._inner = torch.empty(self._rows, self._width, dtype=like.dtype)

    @made_once
    def _no_gradient(self) -> Tensor:
        """The gradient of an output that nobody read."""
        return torch.zeros(self._rows, self._width * self._directions, dtype=self._dtype)

    @classmethod
    def of(cls, stack: Stack, *, shapes: Shapes, like: Tensor, is_taped: bool) -> DirectStack | None:
        """Return the passes of a stack, or None where something beside kernels takes part in a call."""
        cell, is_dropped = stack.cell, stack.dropout and stack.training and len(stack.layers) > 1
        if stack.observer is not None or stack.return_states or is_dropped:
            return None
        plans = cell.plans(Variant(training=stack.training, shifted=True))
        step = plans.forward.step
        backend = backend_for(stack.backend, like=like)
        if cell.shifts or len(step.inputs) > 1 or step.parameters != cell.step.parameters or backend not in COMPILED:
            return None
        kernel = compiled_kernel_of(plans, backend)
        widths = [number_of(leaf.shape[0], stack.layers[0][0].sizes) for leaf in step.states]
        state_bytes = [shapes.batch * width * like.element_size() for width in widths]
        layers, begin, number = [], 0, 0
        for directions in stack.layers:
            parts = []
            for direction in directions:
                batch_sizes = (shapes.batch,) * shapes.steps
                call = Call(direction.sizes, direction.parameters, (), (like,), batch_sizes, direction.reverse)
                passes = kernel.direct(call, is_taped=is_taped)
                if passes is None:
                    return None
                end = begin + len(direction.parameters.tensors)
                moved = tuple(number * size for size in state_bytes)
                parts.append(_Part(passes, number, slice(begin, end), moved))
                begin, number = end, number + 1
            layers.append(parts)
        return cls(stack, layers, shapes=shapes, like=like)

    def __call__(
        self, sequences: Tensor, states: Sequence[Tensor], tensors: Sequence[Tensor], *, is_taped: bool
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Run; return the output and the last states. `tensors` are those of all parameters."""
        if is_taped:
            output, *finals = _apply(self, sequences, *states, *tensors)
            return output, finals
        output, finals, _ = self.run(sequences, states, tensors, is_taped=False)
        return output, finals

    def run(
        self, sequences: Tensor, states: Sequence[Tensor], tensors: Sequence[Tensor], *, is_taped: bool
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Run forward; return the output, the last states, and what the backward pass reads."""
        output, finals = torch.empty_like(self._output), [*map(torch.empty_like, self.zeros)]
        initial = [each.contiguous() for each in states]  # alive until the end
        firsts, lasts = [*map(_address, initial)], [*map(_address, finals)]
        addresses = [*map(_address, tensors)]
        rows, kept = self.shapes.rows(sequences), []
        top, directions = self._layers[-1], self._directions
        for parts in self._layers:
            outputs = []
            for part in parts:
                out = output if parts is top and directions == 1 else torch.empty_like(self._inner)
                outputs.append(out)
                given = (
                    *addresses[part.own], rows.data_ptr(), *map(add, firsts, part.moved), out.data_ptr(),
                    *map(add, lasts, part.moved),
                )  # fmt: skip
                if is_taped:
                    array = part.passes.forward(given)
                    kept += [rows, out if part.passes.reads_output else array, array]
                else:
                    part.passes.inference(given)
            if directions > 1:
                size = (self._rows, directions * self._width)
                rows = torch.cat(outputs, 1, out=output.as_strided(size, (size[1], 1)) if parts is top else None)
            else:
                rows = outputs[0]
        if is_taped and directions == 1 and self._parts[-1].passes.reads_output:
            kept[-2] = self.shapes.rows(
                output
            ).clone()  # who writes to an output, as by `relu_`, would write to the tape
        return output, finals, kept

    def backward(
        self,
        tensors: Sequence[Tensor],
        kept: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        wanted: Sequence[bool],
    ) -> list[Tensor | None]:
        """Return the gradients of the sequences, the initial states and the tensors; `wanted` says of which."""
        output, *finals = gradients
        above = self._no_gradient if output is None else self.shapes.rows(output).view(self._rows, -1)
        given = [zeros if each is None else each.contiguous() for each, zeros in zip(finals, self.zeros, strict=True)]
        initial = [*map(torch.empty_like, self.zeros)]
        lasts, firsts, addresses = [*map(_address, given)], [*map(_address, initial)], [*map(_address, tensors)]
        of_tensors = wanted[1 + len(initial) :]
        found: list[Tensor | None] = [
            torch.empty_like(tensor) if is_wanted else None
            for tensor, is_wanted in zip(tensors, of_tensors, strict=True)
        ]
        into = [0 if each is None else each.data_ptr() for each in found]
        for parts in reversed(self._layers):
            is_wanted = wanted[0] or parts is not self._layers[0]
            below: list[Tensor] = []
            for direction, part in enumerate(parts):
                rows, out, array = kept[3 * part.number : 3 * part.number + 3]
                gradient, own = above, part.own
                if len(parts) > 1:
                    gradient = above[:, direction * self._width :][:, : self._width].contiguous()
                into_rows = 0
                if is_wanted:
                    below.append(torch.empty_like(rows))
                    into_rows = below[-1].data_ptr()
                addressed = (
                    *addresses[own], rows.data_ptr(), out.data_ptr(), array.data_ptr(), gradient.data_ptr(),
                    *map(add, lasts, part.moved), *map(add, firsts, part.moved), into_rows, *into[own],
                )  # fmt: skip
                part.passes.backward(addressed, parameters=tuple(of_tensors[own]), rows=is_wanted)
            if is_wanted:
                above = below[0] if len(below) == 1 else below[0].add_(below[1])
        return [self.shapes.restored(above) if wanted[0] else None, *initial, *found]

    def reference(self, sequences: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        count, shapes = len(self._states), self.shapes
        states, tensors = rest[:count], rest[count:]
        layers = [
            [
                replace(direction, parameters=Parameters(tensors[part.own], direction.parameters.parts))
                for direction, part in zip(directions, parts, strict=True)
            ]
            for directions, parts in zip(self._stack.layers, self._layers, strict=True)
        ]
        rows = shapes.rows(sequences).reshape(self._rows, sequences.shape[-1])
        shaped = [state.reshape(len(self._parts), shapes.batch, state.shape[-1]) for state in states]
        sizes = (shapes.batch,) * shapes.steps
        output, found, _ = run_rows(replace(self._stack, layers=layers), [rows], states=shaped, batch_sizes=sizes)
        finals = (state.reshape(shape) for state, shape in zip(found, self._states, strict=True))
        return shapes.restored(output), *finals


def _without_tensors(stack: Stack) -> Stack:
    """Return a stack that keeps no tensor alive, to be run by the reference."""
    layers = [
        [replace(each, parameters=Parameters((), each.parameters.parts)) for each in layer] for layer in stack.layers
    ]
    return replace(stack, layers=layers, backend="torch")


class _Direct(Function):
    """A stack as one autograd node. Higher derivatives go through the eager reference."""

    @staticmethod
    def forward(ctx: Any, direct: DirectStack, sequences: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        count = len(direct.zeros)
        output, finals, kept = direct.run(sequences, rest[:count], rest[count:], is_taped=True)
        ctx.direct, ctx.count = direct, 1 + len(rest)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(sequences, *rest, *kept)
        return output, *finals

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        direct, wanted = ctx.direct, ctx.needs_input_grad[1:]
        saved = [each.contiguous() for each in ctx.saved_tensors]  # hooks may have given others in their place
        given = saved[: ctx.count]
        if torch.is_grad_enabled() or not is_undisturbed() or not all(is_plain(g) for g in gradients if g is not None):
            return None, *reference_gradients(direct.reference, given, gradients, wanted)
        return None, *direct.backward(given[1 + len(direct.zeros) :], saved[ctx.count :], gradients, wanted)


# without what `Function.apply` does for transforms of torch.func, of which none is active here: 3 us
_parent: Any = super(Function, _Direct)
_apply: Callable[..., tuple[Tensor, ...]] = _parent.apply


class DirectCalls:
    """The direct calls of one module, which has them in its attribute ``_direct``, by what decides them."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Known] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return DirectCalls, ()  # machine code does not travel with a module that is copied or saved

    @staticmethod
    def run(
        module: nn.Module,
        key: Callable[[Tensor], Hashable],
        sequences: object,
        states: object,
        *,
        tensors: Sequence[Tensor] | None = None,
    ) -> tuple[Tensor, Sequence[Tensor]] | None:
        """Return the output and the last states, or None where no such call has been made twice before.

        Parameters
        ----------
        key : returns what decides a call beside the tensors, for the sequences
        sequences, states : as a caller gave them, right or wrong
        tensors : the parameters; by default those that the module has now
        """
        calls: DirectCalls | None = module.__dict__.get("_direct")
        if calls is None or not is_undisturbed() or (given := _tensors_of(sequences, states)) is None:
            return None
        known = calls._known.get((key(given[0]), len(given)))
        if known is None:
            return None
        own = module._parameters
        now: Sequence[Any] = tensors or [own[name] if name in own else getattr(module, name) for name in known.names]
        guarded = known.fitting(now, given)
        if guarded is None:
            return None
        is_taped = guarded.requires_grad and torch.is_grad_enabled()
        direct = guarded.stacks.get(is_taped)
        if direct is None:
            return None
        return direct(given[0], given[1:] or direct.zeros, now, is_taped=is_taped)

    @staticmethod
    def keep(
        module: nn.Module,
        key: Callable[[Tensor], Hashable],
        sequences: object,
        states: object,
        *,
        names: Sequence[str],
        stack: Stack,
        shapes: Callable[[torch.Size], Shapes],
    ) -> None:
        """Keep the passes of a call that has been made twice.

        Parameters
        ----------
        names : of the parameters, in the order of the stack
        stack : as it ran
        shapes : returns those of the call, for the shape of the sequences
        """
        if not is_undisturbed() or (given := _tensors_of(sequences, states)) is None:
            return
        tensors = [tensor for layer in stack.layers for each in layer for tensor in each.parameters.tensors]
        if not tensors or not all(map(is_plain, (*tensors, *given))) or not all(map(Tensor.is_contiguous, tensors)):
            return
        calls: DirectCalls = module.__dict__.setdefault("_direct", DirectCalls())
        with making:
            guarded = calls._noted((key(given[0]), len(given)), tuple(names), tensors, given)
            is_taped = torch.is_grad_enabled() and any(each.requires_grad for each in (*tensors, *given))
            if guarded is not None and is_taped not in guarded.stacks:
                guarded.stacks[is_taped] = DirectStack.of(
                    stack, shapes=shapes(given[0].shape), like=tensors[0], is_taped=is_taped
                )

    def _noted(
        self, key: Hashable, names: tuple[str, ...], tensors: Sequence[Tensor], given: Sequence[Tensor]
    ) -> _Guarded | None:
        """Return what is known of a call; None at its first time: if it never comes again, there is nothing to do."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(names)
            while len(self._known) > _MOST:
                self._known.pop(next(iter(self._known)))
        found = known.fitting(tensors, given)
        if found is None and _TensorGuards is not None:
            known.ways = (*known.ways[1 - _MOST_WAYS :], _Guarded.of(tensors, given))
        return found


def _tensors_of(sequences: object, states: object) -> tuple[Tensor, ...] | None:
    """Return what a call is given as tensors of the processor; None if it is something else, as a PackedSequence is."""
    if type(sequences) is not Tensor or not sequences.is_cpu:
        return None
    if states is None:
        return (sequences,)
    if isinstance(states, Tensor):
        return sequences, states
    if not isinstance(states, (tuple, list)):
        return None
    for each in states:
        if not isinstance(each, Tensor):
            return None
    return sequences, *states


_address = torch.Tensor.data_ptr

# torch's own guard on its compiled code: one call that compares the kinds, dtypes, devices, shapes and strides of all
# tensors, and the modes that are on. It is private; a torch without it makes calls slower, and no more.
_TensorGuards = getattr(getattr(getattr(torch._C, "_dynamo", None), "guards", None), "TensorGuards", None)


@dataclass(frozen=True)
class _Guarded:
    """Passes, and what tells whether tensors may be handed to them: those of other kinds or in other modes may not.

    Attributes
    ----------
    fits : returns whether tensors, the parameters and what is given, are as those were
    requires_grad : bool
        Whether any of them does.
    stacks : the passes, with a tape and without; None where there are none
    """

    fits: Callable[..., bool]
    requires_grad: bool
    stacks: dict[bool, DirectStack | None]

    @classmethod
    def of(cls, tensors: Sequence[Tensor], given: Sequence[Tensor]) -> _Guarded:
        """Return a guard on these, plain ones; of what is given, strides may be any."""
        together = (*tensors, *given)
        assert _TensorGuards is not None
        guards = _TensorGuards(
            *together, dynamic_dims_sizes=[list(each.shape) for each in together],
            dynamic_dims_strides=[*(list(each.stride()) for each in tensors), *([None] * each.dim() for each in given)],
        )  # fmt: skip
        return cls(guards.check, any(each.requires_grad for each in together), {})


@dataclass
class _Known:
    """What is known of a call: the names of the parameters, and the ways in which it was made."""

    names: tuple[str, ...]
    ways: tuple[_Guarded, ...] = ()

    def fitting(self, tensors: Sequence[Tensor], given: Sequence[Tensor]) -> _Guarded | None:
        """Return the way in which tensors of this kind were given before, if they were."""
        for each in self.ways:
            if each.fits(*tensors, *given):
                return each
        return None
