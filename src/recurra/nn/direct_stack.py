"""Direct stacks: the layers of a stack as foreign calls and little else, for sequences of one shape.

What of a call depends on shapes alone is kept here: `DirectStack` holds the kernels' passes, and a call of it allocates
the results, hands over addresses, and is one node of autograd, whatever the number of layers and directions. Which
calls are such ones decides `recurra.nn.direct`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import Function
from torch.nn.utils.rnn import PackedSequence

from recurra.backends import torch as eager
from recurra.backends.kernel import COMPILED, Call, compiled_kernel_of
from recurra.backends.parameters import Parameters
from recurra.derive.plan import ForwardPlan, Variant
from recurra.errors import InputError
from recurra.graph.node import number_of
from recurra.locks import making
from recurra.nn.batch import Resets, Sequences, is_shifted
from recurra.nn.bridge import reference_gradients
from recurra.nn.choice import backend_for
from recurra.nn.direct_code import DirectCode, DirectPart
from recurra.nn.direct_expressions import DirectExpressions
from recurra.nn.guards import is_undisturbed, without_autocast
from recurra.nn.run import draw_seed, shown_outputs
from recurra.nn.stack import Stack, known_parameters

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

    @property
    def steps_first(self) -> tuple[int, ...]:
        """The shape of the input, its steps before the batch."""
        return (*self.input[1::-1], self.input[2]) if self.batch_first else self.input

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
    shown : for each state that is returned at every step, which output of the plan it is
    like : tensor of the dtype
    is_taped : bool
    has_resets : bool
        Whether a call says where sequences begin anew.

    Attributes
    ----------
    further : int
        How many tensors a call gives beside the input: further inputs, and where sequences begin anew.
    shows : bool
        Whether states are returned at every step.
    zeros : for each state a tensor of zeros, to which nobody writes
    run : callable
        Runs with inputs, of which all but the first are rows, states, and the tensors of all parameters; returns the
        output, but of a single step, the last states, and for each layer the states that are shown.
    forward, backwards : see `DirectCode`; the latter by what `_Direct.forward` is given and gradients are wanted of
    """

    def __init__(
        self,
        stack: Stack,
        plan: ForwardPlan,
        layers: Sequence[Sequence[DirectPart]],
        *,
        shapes: Shapes,
        shown: Sequence[int],
        like: Tensor,
        is_taped: bool,
        has_resets: bool,
    ) -> None:
        sizes = stack.layers[0][0].sizes
        self.shapes, self._cell, self._plan = shapes, stack.cell, plan
        self._layers, self._dtype, self._rows = layers, like.dtype, sum(shapes.batch_sizes)
        self._parts = [part for layer in layers for part in layer]
        self._shown, self.shows = shown, bool(shown)
        self._ways = [each.reverse for each in stack.layers[0]] if has_resets else []
        self.further = len(stack.cell.further_inputs) + has_resets
        self._further = len(stack.cell.further_inputs) + len(self._ways)
        widths = [number_of(leaf.width, sizes) for leaf in stack.cell.step.states]
        self._states = [(*shapes.state, width) for width in widths]
        self.zeros = [torch.zeros(shape, dtype=like.dtype, device="cpu") for shape in self._states]
        self._initial = [float(begin) for begin in stack.layers[0][0].initial] if has_resets else []
        self._initial = self._initial or [0.0] * len(widths)
        self._runs_forwards = torch.tensor([[not part.direction.reverse] for part in self._parts], device="cpu")
        self._has_prelude = plan.step.parameters != stack.cell.step.parameters
        # expressions of parameters are computed by kernels too, or else by torch, outside of the node
        self._is_inside = all(part.expressions is not None for part in self._parts)
        self._is_outside = self._has_prelude and not self._is_inside
        self._has_noise = bool(plan.step.noises or plan.prelude.noises)
        self._dropped = stack.dropout if stack.training and len(layers) > 1 else 0.0
        self._draws = self._has_noise or bool(self._dropped)
        self._nothing = _Drawn((0,) * len(self._parts), ())
        features = sum(part.features for part in layers[-1])
        last = self._parts[-1]
        self._code = DirectCode(
            layers, input=shapes.steps_first, zeros=self.zeros, has_noise=self._has_noise, is_taped=is_taped,
            output=torch.empty_strided(*shapes.output(features), dtype=like.dtype, device="cpu"),
            tensors=last.given.stop if self._is_inside else last.own.stop, batch_first=shapes.batch_first,
            is_step=shapes.is_step, is_masked=bool(self._dropped), further=self._further, shown=shown,
        )  # fmt: skip
        self.forward = self._code.forward()
        self._passes: Callable[..., tuple[Tensor, ...]] = functools.partial(_apply, self) if is_taped else self.forward
        is_plain = not (self._draws or self._is_outside)
        self.run = functools.partial(self._passes, self._nothing) if is_plain else self._run_drawing
        self.backwards: dict[tuple[bool, ...], Callable[..., tuple[Tensor | None, ...] | None]] = {}

    @classmethod
    def of(
        cls, stack: Stack, *, shapes: Shapes, like: Tensor, is_taped: bool, has_resets: bool = False
    ) -> DirectStack | None:
        """Return the passes of a stack, or None where something beside kernels takes part in a call.

        With `has_resets`, a call says where sequences begin anew.
        """
        cell = stack.cell
        if stack.observer is not None:
            return None
        is_plain = not (stack.return_states or has_resets)
        if is_plain and is_shifted(cell, stack.layers[0][0].sizes, sum(shapes.batch_sizes)):
            return None
        plans = cell.plans(Variant(training=stack.training, return_states=stack.return_states, restarts=has_resets))
        step = plans.forward.step
        backend = backend_for(stack.backend, like=like)
        further, ways = len(cell.further_inputs), [each.reverse for each in stack.layers[0]]
        if backend not in COMPILED or len(step.inputs) > 1 + further + has_resets:  # such as running statistics
            return None
        shown = shown_outputs(cell) if stack.return_states else []
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
                passes = kernel.direct(call, is_taped=is_taped, is_output_read=not shapes.is_step)
                if passes is None:
                    return None
                expressions = None
                if step.parameters != cell.step.parameters:
                    expressions = DirectExpressions.of(
                        cell, plans, direction, backend=backend, like=like, is_taped=is_taped
                    )
                last, end = first + len(direction.parameters.tensors), begin + len(read.tensors)
                moved = tuple(number * size for size in state_bytes)
                features = tuple(number_of(node.width, direction.sizes) for node in step.outputs)
                inputs = (*range(further), *((further + ways.index(direction.reverse),) if has_resets else ()))
                bare = replace(direction, parameters=Parameters((), direction.parameters.parts))
                given, own = slice(first, last), slice(begin, end)
                parts.append(DirectPart(passes, number, bare, expressions, given, own, moved, features, inputs))
                first, begin, number = last, end, number + 1
            layers.append(parts)
        if any(part.expressions is None for layer in layers for part in layer):  # all by kernels, or none
            layers = [[replace(part, expressions=None) for part in layer] for layer in layers]
        return cls(
            stack, plans.forward, layers, shapes=shapes, shown=shown, like=like, is_taped=is_taped,
            has_resets=has_resets,
        )  # fmt: skip

    def run_with(
        self, sequences: Tensor, further: Sequence[Tensor], states: Sequence[Tensor], tensors: Sequence[Tensor]
    ) -> tuple[Tensor, ...]:
        """Run with further inputs laid out as the sequences, and behind them where these begin anew."""
        if not self._ways:
            return self.run(sequences, *map(self.shapes.rows, further), *states, *tensors)
        *inputs, last = further
        resets = Resets(self.shapes.rows(last).flatten(), self.shapes.batch_sizes, self._dtype)
        begun = (self._begun(number, state, resets.at_first()) for number, state in enumerate(states))
        afters = (resets.after(reverse=way) for way in self._ways)
        return self.run(sequences, *map(self.shapes.rows, inputs), *afters, *begun, *tensors)

    def _begun(self, number: int, state: Tensor, anew: Tensor) -> Tensor:
        """Return a state before the first step; some sequences begin anew with it, in the layers that run forwards."""
        begin = self._initial[number]
        if state is self.zeros[number] and not begin:
            return state
        which = (self._runs_forwards & anew).view(*self.shapes.state, 1)
        return state.masked_fill(which, begin)

    def _run_drawing(self, sequences: Tensor, *given: Tensor) -> tuple[Tensor, ...]:
        """Run where something beside the passes is to be done before."""
        drawn = self._draw() if self._draws else self._nothing
        if self._is_outside:
            count = self._further + len(self._states)
            states, tensors = given[:count], given[count:]
            if 0 in map(Tensor.data_ptr, tensors):
                raise InputError("a parameter has no memory: its storage was freed")
            given = (*states, *without_autocast(self._read, tensors, drawn.seeds))
        return self._passes(drawn, sequences, *given)

    def _draw(self) -> _Drawn:
        """Draw in the order in which a stack draws that runs layer by layer."""
        seeds, masks, below = [], [], None
        for parts in self._layers:
            if self._dropped and below is not None:
                masks.append(_mask(self._rows, below, self._dropped, self._dtype))
            seeds += [draw_seed(torch.device("cpu")) if self._has_noise else 0 for _ in parts]
            below = sum(part.features for part in parts)
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

    def backward(self, wanted: tuple[bool, ...]) -> Callable[..., tuple[Tensor | None, ...] | None]:
        """Return the backward pass where these gradients are wanted: of what `_Direct.forward` is given."""
        with making:
            if wanted not in self.backwards:
                self.backwards[wanted] = self._code.backward(wanted[2:])
            return self.backwards[wanted]

    def reference_backward(
        self,
        seeds: Sequence[int],
        saved: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        wanted: Sequence[bool],
    ) -> tuple[Tensor | None, ...]:
        """Return what `backward` gives, by the eager reference: gradients that have gradients themselves."""
        count = len(wanted) - 2
        gradients = (None, *gradients) if self.shapes.is_step else gradients
        drawn = _Drawn(seeds, saved[count : count + self._code.masks])
        reference = functools.partial(self.reference, drawn)
        return None, None, *reference_gradients(reference, saved[:count], gradients, wanted[2:])

    def reference(self, drawn: _Drawn, sequences: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        begin, end, shapes = self._further, self._further + len(self._states), self.shapes
        states, tensors = rest[begin:end], rest[end:]
        further = [each.reshape(self._rows, -1) for each in rest[:begin]]
        if self._is_inside:
            tensors = self._read(tensors, drawn.seeds)
        rows = shapes.rows(sequences).reshape(self._rows, sequences.shape[-1])
        shaped = [state.reshape(len(self._parts), shapes.batch_sizes[0], state.shape[-1]) for state in states]
        finals: list[tuple[Tensor, ...]] = []
        every: list[Tensor] = []
        for number, parts in enumerate(self._layers):
            if number and drawn.masks:
                rows = rows * drawn.masks[number - 1]
            outputs = []
            for part in parts:
                own = tensors[part.own]
                read = own if self._has_prelude else Parameters(own, part.direction.parameters.parts)
                call = Call(
                    part.direction.sizes, read, [rows, *(further[k] for k in part.inputs)],
                    [state[part.number] for state in shaped], shapes.batch_sizes, part.direction.reverse,
                    drawn.seeds[part.number],
                )  # fmt: skip
                result = eager.run(self._plan, call)
                outputs.append(result.outputs)
                finals.append(result.states)
            rows, *others = (torch.cat(each, -1) for each in zip(*outputs, strict=True))
            every += [shapes.restored((rows, *others)[k]) for k in self._shown]
        by_state = zip(*finals, strict=True)
        stacked = (torch.stack(each).reshape(shape) for each, shape in zip(by_state, self._states, strict=True))
        return shapes.restored(rows), *stacked, *every


def _mask(rows: int, features: int, share: float, dtype: torch.dtype) -> Tensor:
    """Draw what torch's dropout multiplies by, with the same numbers of its generator."""
    if share == 1:
        return torch.zeros(rows, features, dtype=dtype, device="cpu")
    return torch.empty(rows, features, dtype=dtype, device="cpu").bernoulli_(1 - share).div_(1 - share)


class _Direct(Function):
    """A stack as one autograd node. Higher derivatives go through the eager reference."""

    @staticmethod
    def forward(ctx: Any, direct: DirectStack, drawn: _Drawn, *given: Tensor) -> tuple[Tensor, ...]:
        results, kept = direct.forward(drawn, *given)
        ctx.direct, ctx.seeds = direct, drawn.seeds
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*given, *kept)
        return results

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        direct, wanted = ctx.direct, ctx.needs_input_grad
        saved = [*map(Tensor.contiguous, ctx.saved_tensors)]  # hooks may have given others in their place
        found = None
        if is_undisturbed() and not torch.is_grad_enabled():
            backward = direct.backwards.get(wanted) or direct.backward(wanted)
            found = backward(ctx.seeds, saved, gradients)
        return found or direct.reference_backward(ctx.seeds, saved, gradients, wanted)


# without what `Function.apply` does for transforms of torch.func, of which none is active here: 3 us
_parent: Any = super(Function, _Direct)
_apply: Callable[..., tuple[Tensor, ...]] = _parent.apply
