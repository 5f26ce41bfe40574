"""Direct stacks: the layers of a stack as foreign calls and little else, for sequences of one shape.

What of a call depends on shapes alone is kept here: `DirectStack` holds the kernels' passes, and a call of it allocates
the results, hands over addresses, and is one node of autograd, whatever the number of layers and directions. Which
calls are such ones decides `recurra.nn.direct`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import add
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import Function
from torch.nn.utils.rnn import PackedSequence

from recurra.backends import torch as eager
from recurra.backends.direct import DirectPasses
from recurra.backends.kernel import COMPILED, Call, compiled_kernel_of
from recurra.backends.parameters import Parameters
from recurra.derive.plan import ForwardPlan, Variant
from recurra.errors import InputError
from recurra.graph.node import number_of
from recurra.locks import made_once
from recurra.nn.batch import Sequences
from recurra.nn.bridge import reference_gradients
from recurra.nn.choice import backend_for
from recurra.nn.direct_expressions import DirectExpressions
from recurra.nn.guards import is_plain, is_undisturbed, without_autocast
from recurra.nn.run import draw_seed
from recurra.nn.stack import Direction, Stack, known_parameters

__all__ = ["DirectStack", "Shapes"]


@dataclass(frozen=True)
class Shapes:
    """The shapes of a call.

    Attributes
    ----------
    input : tuple of int
        Of a packed batch that of its rows.
    batch_sizes : tuple of int
        The number of sequences at each step.
    batch_first : bool
        Whether the input is (batch, steps, features).
    state : shape of a state without its features
    is_step : bool
        Whether the call is a single step, of which nothing but the states is handed out.
    """

    input: tuple[int, ...]
    batch_sizes: tuple[int, ...]
    batch_first: bool
    state: tuple[int, ...]
    is_step: bool = False

    @classmethod
    def of_sequences(cls, sequences: Sequences, *, batch_first: bool, count: int) -> Shapes:
        """Return those of a layer's input; there are `count` layers times directions."""
        if isinstance(sequences, PackedSequence):
            sizes = tuple(sequences.batch_sizes.tolist())
            return cls(tuple(sequences.data.shape), sizes, False, (count, sizes[0]))
        shape = tuple(sequences.shape)
        if len(shape) == 2:
            return cls(shape, (1,) * shape[0], False, (count,))
        steps, batch = (shape[1], shape[0]) if batch_first else shape[:2]
        return cls(shape, (batch,) * steps, batch_first, (count, batch))

    @classmethod
    def of_step(cls, x: Sequences) -> Shapes:
        """Return those of a single step's input, (batch, features) or (features,)."""
        assert isinstance(x, Tensor)
        shape = tuple(x.shape)
        return cls(shape, (shape[0] if len(shape) == 2 else 1,), False, shape[:-1], True)

    def output(self, features: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the shape of an output, and the strides with which its rows are in the order of the steps."""
        shape = (*self.input[:-1], features)
        batch = self.batch_sizes[0]
        if self.batch_first:
            return shape, (features, batch * features, 1)
        return shape, (batch * features, features, 1)[-len(shape) :]

    def rows(self, sequences: Tensor) -> Tensor:
        """Return sequences as an array of rows, those of a step after each other."""
        return (sequences.transpose(0, 1) if self.batch_first else sequences).contiguous()

    def restored(self, rows: Tensor) -> Tensor:
        """Return an array of rows in the shape of the input."""
        if self.batch_first:
            return rows.view(len(self.batch_sizes), self.batch_sizes[0], -1).transpose(0, 1)
        return rows.view(*self.input[:-1], -1)


@dataclass(frozen=True)
class _Part:
    """One direction of one layer.

    Attributes
    ----------
    passes : DirectPasses
    number : int
        Of the layers times directions.
    direction : Direction
        Without tensors.
    expressions : DirectExpressions, optional
        What makes what its plan reads of its parameters, where it reads more than these.
    given : slice
        Its tensors among those of the stack.
    own : slice
        What its plan reads of them, among what all parts read.
    moved : tuple of int
        How many bytes behind the first one of each state its own begins.
    output : Tensor
        One like its output, (rows, features); nobody reads its values.
    """

    passes: DirectPasses
    number: int
    direction: Direction
    expressions: DirectExpressions | None
    given: slice
    own: slice
    moved: tuple[int, ...]
    output: Tensor


class _Drawn(NamedTuple):
    """What a call draws from torch's generator, in the order of its layers.

    Attributes
    ----------
    seeds : for each part the seed of its noise
    masks : for each layer above the first by what its rows are multiplied, if any are dropped
    """

    seeds: Sequence[int]
    masks: Sequence[Tensor]


class DirectStack:
    """The passes of a stack for sequences of one shape.

    Parameters
    ----------
    stack : Stack
        As it ran.
    plan : ForwardPlan
        Of its cell.
    layers : for each layer the parts that are its directions
    shapes : Shapes
    like : tensor of the dtype

    Attributes
    ----------
    zeros : for each state a tensor of zeros, to which nobody writes
    """

    def __init__(
        self, stack: Stack, plan: ForwardPlan, layers: Sequence[Sequence[_Part]], *, shapes: Shapes, like: Tensor
    ) -> None:
        sizes = stack.layers[0][0].sizes
        self.shapes, self._cell, self._plan = shapes, stack.cell, plan
        self._layers, self._dtype, self._rows = layers, like.dtype, sum(shapes.batch_sizes)
        self._parts = [part for layer in layers for part in layer]
        self._directions = len(stack.layers[0])
        self._features = sum(part.output.shape[1] for part in layers[-1])
        widths = [number_of(leaf.width, sizes) for leaf in stack.cell.step.states]
        self._states = [(*shapes.state, width) for width in widths]
        self.zeros = [torch.zeros(shape, dtype=like.dtype, device="cpu") for shape in self._states]
        # `empty_like` of what is there takes half the time of `empty` with a shape and a dtype
        self._output = torch.empty_strided(*shapes.output(self._features), dtype=like.dtype, device="cpu")
        self._has_prelude = plan.step.parameters != stack.cell.step.parameters
        # expressions of parameters are computed by kernels too, or else by torch, outside of the node
        self._is_inside = all(part.expressions is not None for part in self._parts)
        self._is_outside = self._has_prelude and not self._is_inside
        self._has_noise = bool(plan.step.noises or plan.prelude.noises)
        self._dropped = stack.dropout if stack.training and len(layers) > 1 else 0.0
        self._nothing = _Drawn((0,) * len(self._parts), ())

    @made_once
    def _no_gradient(self) -> Tensor:
        """The gradient of an output that nobody read."""
        return torch.zeros(self._rows, self._features, dtype=self._dtype, device="cpu")

    @made_once
    def _unread(self) -> list[Tensor]:
        """Where the gradients of initial states go that nobody wants."""
        return [*map(torch.empty_like, self.zeros)]

    @classmethod
    def of(cls, stack: Stack, *, shapes: Shapes, like: Tensor, is_taped: bool) -> DirectStack | None:
        """Return the passes of a stack, or None where something beside kernels takes part in a call."""
        cell = stack.cell
        if stack.observer is not None or stack.return_states:
            return None
        plans = cell.plans(Variant(training=stack.training, shifted=True))
        step = plans.forward.step
        backend = backend_for(stack.backend, like=like)
        if cell.shifts or len(step.inputs) > 1 or backend not in COMPILED:
            return None
        kernel = compiled_kernel_of(plans, backend)
        widths = [number_of(leaf.width, stack.layers[0][0].sizes) for leaf in step.states]
        state_bytes = [shapes.batch_sizes[0] * width * like.element_size() for width in widths]
        layers, first, begin, number = [], 0, 0, 0
        for directions in stack.layers:
            parts = []
            for direction in directions:
                with torch.no_grad():
                    read = known_parameters(cell, plans, direction)
                call = Call(direction.sizes, read, (), (like,), shapes.batch_sizes, direction.reverse)
                passes = kernel.direct(call, is_taped=is_taped)
                if passes is None:
                    return None
                expressions = None
                if step.parameters != cell.step.parameters:
                    expressions = DirectExpressions.of(
                        cell, plans, direction, backend=backend, like=like, is_taped=is_taped
                    )
                last, end = first + len(direction.parameters.tensors), begin + len(read.tensors)
                moved = tuple(number * size for size in state_bytes)
                output = like.new_empty(sum(shapes.batch_sizes), number_of(cell.output_size, direction.sizes))
                bare = replace(direction, parameters=Parameters((), direction.parameters.parts))
                given, own = slice(first, last), slice(begin, end)
                parts.append(_Part(passes, number, bare, expressions, given, own, moved, output))
                first, begin, number = last, end, number + 1
            layers.append(parts)
        return cls(stack, plans.forward, layers, shapes=shapes, like=like)

    def __call__(
        self, sequences: Tensor, states: Sequence[Tensor], tensors: Sequence[Tensor], *, is_taped: bool
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Run; return the output and the last states. `tensors` are those of all parameters.

        Of a single step, the first state stands for the output.
        """
        drawn = self._draw() if self._has_noise or self._dropped else self._nothing
        if self._is_outside:
            if 0 in map(_address, tensors):
                raise InputError("a parameter has no memory: its storage was freed")
            tensors = without_autocast(self._read, tensors, drawn.seeds)
        if is_taped:
            found = _apply(self, drawn, sequences, *states, *tensors)
            return found[0], found if self.shapes.is_step else found[1:]
        output, finals, _ = self.run(drawn, sequences, states, tensors, is_taped=False)
        return output, finals

    def _draw(self) -> _Drawn:
        """Draw in the order in which a stack draws that runs layer by layer."""
        seeds, masks, below = [], [], None
        for parts in self._layers:
            if self._dropped and below is not None:
                masks.append(_mask(self._rows, below, self._dropped, self._dtype))
            seeds += [draw_seed(torch.device("cpu")) if self._has_noise else 0 for _ in parts]
            below = sum(part.output.shape[1] for part in parts)
        return _Drawn(seeds, masks)

    def _read(self, tensors: Sequence[Tensor], seeds: Sequence[int]) -> list[Tensor]:
        """Return what the plan reads of the parameters of every part: expressions of them too."""
        found: list[Tensor] = []
        for part in self._parts:
            given = Parameters(tensors[part.given], part.direction.parameters.parts)
            known = dict(zip(self._cell.step.parameters, given, strict=True))
            known = eager.prelude(self._plan.prelude, known, dict(part.direction.sizes), seed=seeds[part.number])
            found += [known[leaf].contiguous() for leaf in self._plan.step.parameters]
        return found

    def run(
        self,
        drawn: _Drawn,
        sequences: Tensor,
        states: Sequence[Tensor],
        tensors: Sequence[Tensor],
        *,
        is_taped: bool,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Run forward; return the output, the last states, and what the backward pass reads."""
        output, finals = torch.empty_like(self._output), [*map(torch.empty_like, self.zeros)]
        initial = [each.contiguous() for each in states]  # alive until the end
        firsts, lasts = [*map(_address, initial)], [*map(_address, finals)]
        addresses = [*map(_address, tensors)]
        rows, kept, made = self.shapes.rows(sequences), [], []
        if 0 in (*addresses, *firsts, rows.data_ptr()):
            raise InputError("the input, a state or a parameter has no memory: its storage was freed")
        if self._is_inside:
            read, made = self._made(drawn, tensors, is_taped=is_taped)
            addresses = [*map(_address, read)]
        top, directions, masks = self._layers[-1], self._directions, iter(drawn.masks)
        for parts in self._layers:
            if drawn.masks and parts is not self._layers[0]:
                rows = rows * next(masks)
            outputs = []
            for part in parts:
                out = output if parts is top and directions == 1 else torch.empty_like(part.output)
                outputs.append(out)
                given = (
                    *addresses[part.own], rows.data_ptr(), *map(add, firsts, part.moved), drawn.seeds[part.number],
                    out.data_ptr(), *map(add, lasts, part.moved),
                )  # fmt: skip
                if is_taped:
                    array = part.passes.forward(given)
                    kept += [rows, out if part.passes.reads_output else array, array]
                else:
                    part.passes.inference(given)
            if directions > 1:
                size = (self._rows, self._features)
                rows = torch.cat(outputs, 1, out=output.as_strided(size, (size[1], 1)) if parts is top else None)
            else:
                rows = outputs[0]
        if is_taped and directions == 1 and self._parts[-1].passes.reads_output and not self.shapes.is_step:
            # who writes to an output, as by `relu_`, would write to the tape
            kept[-2] = self.shapes.rows(output).clone()
        return output, finals, [*kept, *drawn.masks, *made]

    def _made(self, drawn: _Drawn, tensors: Sequence[Tensor], *, is_taped: bool) -> tuple[list[Tensor], list[Tensor]]:
        """Return what the plans read of the parameters' tensors, and what the backward pass reads of that."""
        read, made = [], []
        for part in self._parts:
            assert part.expressions is not None
            seed = drawn.seeds[part.number]
            values, saved = part.expressions.forward(tensors[part.given], seed, is_taped=is_taped)
            read += values
            made += saved
        return read, made

    def backward(
        self,
        seeds: Sequence[int],
        tensors: Sequence[Tensor],
        kept: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        wanted: Sequence[bool],
    ) -> list[Tensor | None]:
        """Return the gradients of the sequences, the initial states and the tensors; `wanted` says of which."""
        output, *finals = gradients
        above = self._no_gradient if output is None else self.shapes.rows(output).view(self._rows, -1)
        given = [zeros if each is None else each.contiguous() for each, zeros in zip(finals, self.zeros, strict=True)]
        of_states, of_tensors = wanted[1 : 1 + len(finals)], wanted[1 + len(finals) :]
        initial = [*map(torch.empty_like, self.zeros)] if any(of_states) else self._unread
        read, of_read = tensors, of_tensors
        if self._is_inside:
            read, of_read = self._read_again(tensors, kept, of_tensors)
        lasts, firsts, addresses = [*map(_address, given)], [*map(_address, initial)], [*map(_address, read)]
        found: list[Tensor | None] = [
            torch.empty_like(tensor) if is_wanted else None for tensor, is_wanted in zip(read, of_read, strict=True)
        ]
        into = [0 if each is None else each.data_ptr() for each in found]
        masks = list(self.masks(kept))
        for parts in reversed(self._layers):
            is_wanted = wanted[0] or parts is not self._layers[0]
            below: list[Tensor] = []
            begin = 0
            for part in parts:
                rows, out, array = kept[3 * part.number : 3 * part.number + 3]
                gradient, own = above, part.own
                if len(parts) > 1:
                    end = begin + part.output.shape[1]
                    gradient, begin = above[:, begin:end].contiguous(), end
                into_rows = 0
                if is_wanted:
                    below.append(torch.empty_like(rows))
                    into_rows = below[-1].data_ptr()
                addressed = (
                    *addresses[own], rows.data_ptr(), out.data_ptr(), array.data_ptr(), gradient.data_ptr(),
                    *map(add, lasts, part.moved), seeds[part.number], *map(add, firsts, part.moved), into_rows,
                    *into[own],
                )  # fmt: skip
                part.passes.backward(addressed, parameters=tuple(of_read[own]), rows=(is_wanted,))
            if is_wanted:
                above = below[0] if len(below) == 1 else below[0].add_(below[1])
            if masks:
                above = above.mul_(masks.pop())
        if self._is_inside:
            found = self._of_tensors(seeds, tensors, kept, found, of_tensors)
        of_initial = initial if any(of_states) else [None] * len(initial)
        return [self.shapes.restored(above) if wanted[0] else None, *of_initial, *found]

    def _saved(self, kept: Sequence[Tensor]) -> Iterator[tuple[_Part, DirectExpressions, Sequence[Tensor]]]:
        """Yield for each part what makes what it reads, and what that saved."""
        begin = 3 * len(self._parts) + len(self.masks(kept))
        for part in self._parts:
            assert part.expressions is not None
            end = begin + part.expressions.saved
            yield part, part.expressions, kept[begin:end]
            begin = end

    def _read_again(
        self, tensors: Sequence[Tensor], kept: Sequence[Tensor], wanted: Sequence[bool]
    ) -> tuple[list[Tensor], list[bool]]:
        """Return what the plans read of the parameters' tensors, and of which of it gradients are wanted."""
        read, of_read = [], []
        for part, expressions, saved in self._saved(kept):
            read += expressions.read(tensors[part.given], saved)
            of_read += expressions.wanted(wanted[part.given])
        return read, of_read

    def _of_tensors(
        self,
        seeds: Sequence[int],
        tensors: Sequence[Tensor],
        kept: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        wanted: Sequence[bool],
    ) -> list[Tensor | None]:
        """Return the gradients of the parameters' tensors from those of what the plans read of them."""
        found: list[Tensor | None] = []
        for part, expressions, saved in self._saved(kept):
            found += expressions.backward(
                tensors[part.given], saved, gradients[part.own], seeds[part.number], wanted[part.given]
            )
        return found

    def masks(self, kept: Sequence[Tensor]) -> Sequence[Tensor]:
        """Return the masks between layers of what the backward pass reads."""
        begin = 3 * len(self._parts)
        return kept[begin : begin + (len(self._layers) - 1 if self._dropped else 0)]

    def reference(self, drawn: _Drawn, sequences: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        count, shapes = len(self._states), self.shapes
        states, tensors = rest[:count], rest[count:]
        if self._is_inside:
            tensors = self._read(tensors, drawn.seeds)
        rows = shapes.rows(sequences).reshape(self._rows, sequences.shape[-1])
        shaped = [state.reshape(len(self._parts), shapes.batch_sizes[0], state.shape[-1]) for state in states]
        finals: list[tuple[Tensor, ...]] = []
        for number, parts in enumerate(self._layers):
            if number and drawn.masks:
                rows = rows * drawn.masks[number - 1]
            outputs = []
            for part in parts:
                own = tensors[part.own]
                read = own if self._has_prelude else Parameters(own, part.direction.parameters.parts)
                call = Call(
                    part.direction.sizes, read, [rows], [state[part.number] for state in shaped], shapes.batch_sizes,
                    part.direction.reverse, drawn.seeds[part.number],
                )  # fmt: skip
                result = eager.run(self._plan, call)
                outputs.append(result.outputs[0])
                finals.append(result.states)
            rows = outputs[0] if len(outputs) == 1 else torch.cat(outputs, -1)
        by_state = zip(*finals, strict=True)
        stacked = (torch.stack(each).reshape(shape) for each, shape in zip(by_state, self._states, strict=True))
        return shapes.restored(rows), *stacked


def _mask(rows: int, features: int, share: float, dtype: torch.dtype) -> Tensor:
    """Draw what torch's dropout multiplies by, with the same numbers of its generator."""
    if share == 1:
        return torch.zeros(rows, features, dtype=dtype, device="cpu")
    return torch.empty(rows, features, dtype=dtype, device="cpu").bernoulli_(1 - share).div_(1 - share)


class _Direct(Function):
    """A stack as one autograd node. Higher derivatives go through the eager reference."""

    @staticmethod
    def forward(ctx: Any, direct: DirectStack, drawn: _Drawn, sequences: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        count = len(direct.zeros)
        output, finals, kept = direct.run(drawn, sequences, rest[:count], rest[count:], is_taped=True)
        ctx.direct, ctx.seeds, ctx.count = direct, drawn.seeds, 1 + len(rest)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(sequences, *rest, *kept)
        return tuple(finals) if direct.shapes.is_step else (output, *finals)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        direct, wanted = ctx.direct, ctx.needs_input_grad[2:]
        gradients = (None, *gradients) if direct.shapes.is_step else gradients
        saved = [*map(Tensor.contiguous, ctx.saved_tensors)]  # hooks may have given others in their place
        given, kept = saved[: ctx.count], saved[ctx.count :]
        if torch.is_grad_enabled() or not is_undisturbed() or not all(is_plain(g) for g in gradients if g is not None):
            reference = functools.partial(direct.reference, _Drawn(ctx.seeds, direct.masks(kept)))
            return None, None, *reference_gradients(reference, given, gradients, wanted)
        found = direct.backward(ctx.seeds, given[1 + len(direct.zeros) :], kept, gradients, wanted)
        return None, None, *found


# without what `Function.apply` does for transforms of torch.func, of which none is active here: 3 us
_parent: Any = super(Function, _Direct)
_apply: Callable[..., tuple[Tensor, ...]] = _parent.apply
_address = torch.Tensor.data_ptr
