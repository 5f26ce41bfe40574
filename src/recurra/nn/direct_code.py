"""Direct code: both passes of a stack at one shape, written as Python functions without a loop or a question.

What a call of a small layer does is the same at every call of a shape: allocate, hand addresses to foreign functions,
return. Loops over layers, directions and tensors take longer than the arithmetic, so these functions are written out
for each stack: every line is one allocation, one address or one foreign call. For an RNN cell the forward pass reads::

    def forward(drawn, x, s0, w0, w1, w2, w3):
        out = new_out()
        f0 = empty_like(like_f0)
        ...
        run0(a0, a1, a2, a3, r0, b0, 0, y0, e0, t0 + kept0)
        return (f0,), (m0,)

The text has no shape in it: stacks that differ in shapes alone share what Python compiled. `direct_stack` calls them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, NoReturn

import torch
from torch import Tensor

from recurra.backends.buffer_pool import LEAST, take
from recurra.backends.direct import DirectPasses
from recurra.errors import InputError
from recurra.nn.direct_expressions import DirectExpressions
from recurra.nn.guards import is_plain, matching
from recurra.nn.stack import Direction

__all__ = ["DirectCode", "DirectPart"]

_LINE = 64
"""Bytes of a cache line, with which what shares an allocation begins."""


@dataclass(frozen=True)
class DirectPart:
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
    widths : tuple of int
        Of its outputs; the first is that of the layer, others are states that are shown.
    inputs : tuple of int
        Its inputs beside the rows of its layer, among those that are given.
    """

    passes: DirectPasses
    number: int
    direction: Direction
    expressions: DirectExpressions | None
    given: slice
    own: slice
    moved: tuple[int, ...]
    widths: tuple[int, ...]
    inputs: tuple[int, ...] = ()

    @property
    def features(self) -> int:
        """Of its layer's output."""
        return self.widths[0]


class DirectCode:
    """Writes the passes of a stack.

    Of a part's memory, what its backward pass reads is one allocation, ``m``: its output, unless somebody is handed
    that as a tensor, and what the kernel keeps.

    Parameters
    ----------
    layers : for each layer the parts that are its directions
    input : tuple of int
        The shape of the input, steps first.
    output : tensor like the output; nobody reads its values
    zeros : for each state a tensor of zeros
    tensors : int
        How many the parameters are.
    further : int
        How many inputs are given beside the first one, as rows.
    shown : for each state that is shown at every step, which output of a part it is
    batch_first : bool
    is_step : bool
        Whether the states alone are handed out.
    is_masked : bool
        Whether the rows between layers are multiplied by masks that are drawn.
    has_noise : bool
    is_taped : bool

    Attributes
    ----------
    masks : int
        How many tensors the masks are, the first of what `forward` keeps.
    """

    def __init__(
        self,
        layers: Sequence[Sequence[DirectPart]],
        *,
        input: tuple[int, ...],
        output: Tensor,
        zeros: Sequence[Tensor],
        tensors: int,
        further: int,
        shown: Sequence[int],
        batch_first: bool,
        is_step: bool,
        is_masked: bool,
        has_noise: bool,
        is_taped: bool,
    ) -> None:
        self._layers, self._input, self._zeros, self._like = layers, input, zeros, output
        self._rows = math.prod(input[:-1])
        self._parts = [part for parts in layers for part in parts]
        self._batch_first, self._is_step, self._has_noise = batch_first, is_step, has_noise
        self._is_taped, self._shown = is_taped, shown
        self._further = [f"q{number}" for number in range(further)]
        self._tensors = [f"w{number}" for number in range(tensors)]
        self._states = [f"s{number}" for number in range(len(zeros))]
        self._is_inside = self._parts[0].expressions is not None
        self.masks = len(layers) - 1 if is_masked else 0
        self._kept: list[str] = []
        """What the backward pass reads beside what the forward pass was given."""

    # forward ------------------------------------------------------------------------------------------------------

    def forward(self) -> Callable[..., Any]:
        """Return forward(drawn, *inputs, *states, *tensors), which gives the results, and with a tape what is kept.

        The results are the output, unless the call is a step, the states, and for each layer those that are shown.
        """
        values: dict[str, Any] = {
            "empty_like": torch.empty_like, "address": Tensor.data_ptr, "cat": torch.cat, "refuse": _refuse,
        }  # fmt: skip
        self._kept = [f"k{number}" for number in range(self.masks)]
        lines = [f"{mask} = drawn.masks[{number}]" for number, mask in enumerate(self._kept)]
        if not self._is_step:
            lines.append(f"out = {self._new('out', self._like, values)}")
        finals = [f"f{number}" for number in range(len(self._states))]
        for number, (state, final) in enumerate(zip(self._states, finals, strict=True)):
            values[f"like_{final}"] = self._zeros[number]
            lines += [f"{final} = empty_like(like_{final})", f"e{number} = address({final})"]
            lines += [f"{state} = {state}.contiguous()", f"b{number} = address({state})"]  # alive until the end
        lines += [f"rows0 = x{self._in_order}.contiguous()", "r0 = address(rows0)"]
        for number, name in enumerate(self._further):
            lines += [f"{name} = {name}.contiguous()", f"p{number} = address({name})"]
        addresses = [f"a{number}" for number in range(len(self._tensors))]
        lines += [f"{name} = address({each})" for name, each in zip(addresses, self._tensors, strict=True)]
        given = [*addresses, "r0", *(f"b{number}" for number in range(len(self._states)))]
        given += [f"p{number}" for number in range(len(self._further))]
        lines.append(f"if not ({' and '.join(given)}): refuse()")
        if self._batch_first:
            self._kept.append("rows0")
        for number, parts in enumerate(self._layers):
            lines += self._forward_layer(number, parts, values)
        kept = [*self._kept, *(f"*i{part.number}" for part in self._parts if self._is_inside)]
        shown = [f"v{number}_{s}" for number in range(len(self._layers)) for s in range(len(self._shown))]
        results = _tuple([*finals] if self._is_step else ["out", *finals, *shown])
        lines.append(f"return {results}, {_tuple(kept)}" if self._is_taped else f"return {results}")
        return _function("forward", ["drawn", "x", *self._further, *self._states, *self._tensors], lines, values)

    def _forward_layer(self, number: int, parts: Sequence[DirectPart], values: dict[str, Any]) -> list[str]:
        """Return the lines of a layer, which leave what it puts out in ``rows`` or at ``r`` with the layer's number."""
        lines: list[str] = []
        for part in parts:
            p = part.number
            if self._is_inside:
                values[f"expressions{p}"] = part.expressions
                given = f"{_tuple(self._tensors[part.given])}, {self._seed(p, 'drawn.seeds')}"
                lines += [
                    f"v{p}, i{p} = expressions{p}.forward({given}, is_taped={self._is_taped})",
                    f"{_tuple(self._read(part))} = map(address, v{p})",
                ]
            lines += self._memory_of(part, values)
            outputs = [f"y{p}", *(f"address(o{p}_{k})" for k in range(1, len(part.widths)))]
            outputs = outputs if part.passes.puts_output else []
            tape = [self._tape(part, values)] if self._is_taped else []
            run = [
                *self._read(part), *self._inputs(part, f"r{number}"), *self._moved("b", part, values),
                self._seed(p, "drawn.seeds"), *outputs, *self._moved("e", part, values), *tape,
            ]  # fmt: skip
            values[f"run{p}"] = part.passes.forward
            lines.append(f"run{p}({', '.join(run)})")
        is_top = number + 1 == len(self._layers)
        names = ", ".join(f"o{part.number}" for part in parts)
        for s, k in enumerate(self._shown):
            shown = f"v{number}_{s}"
            lines.append(
                f"{shown} = {self._new(shown, self._like_shown(sum(part.widths[k] for part in parts)), values)}"
            )
            lines.append(self._joined(shown, parts, k, values))
        if is_top and (len(parts) > 1 or self._shown):
            lines.append(self._joined("out", parts, 0, values))
        elif len(parts) > 1:
            lines.append(f"rows = cat(({names}), 1)")
        elif is_top and self._is_taped and self._reads_output(parts[0]) and not self._is_step:
            # who writes to an output, as by `relu_`, would write to the tape
            lines.append(f"o{parts[0].number} = {self._copied('out', values)}")
        if is_top:
            return lines
        if self.masks or (self._shown and len(parts) == 1):
            rows = "rows" if len(parts) > 1 else f"o{parts[0].number}"
            lines.append(f"rows = {rows} * k{number}" if self.masks else f"rows = {rows}")
        if self._has_rows(number + 1):
            self._kept.append(f"rows{number + 1}")
            return [*lines, f"rows{number + 1} = rows", f"r{number + 1} = address(rows)"]
        return [*lines, f"r{number + 1} = y{parts[0].number}"]

    def _joined(self, into: str, parts: Sequence[DirectPart], output: int, values: dict[str, Any]) -> str:
        """Return the line that writes an output of each part of a layer side by side to a result."""
        widths = [part.widths[output] for part in parts]
        values[f"size_{into}"], values[f"strides_{into}"] = (self._rows, sum(widths)), (sum(widths), 1)
        names = [f"o{part.number}_{output}" if output else f"o{part.number}" for part in parts]
        return f"cat({_tuple(names)}, 1, out={into}.as_strided(size_{into}, strides_{into}))"

    def _like_shown(self, width: int) -> Tensor:
        """Return a tensor like a state at every step, laid out as the output."""
        features = self._like.shape[-1]
        strides = [each // features * width for each in self._like.stride()[:-1]]
        return _like((*self._like.shape[:-1], width), self._like.dtype, strides=[*strides, 1])

    def _memory_of(self, part: DirectPart, values: dict[str, Any]) -> list[str]:
        """Return the lines that give a part its memory: ``y`` is where its output goes, ``t`` where its own begins."""
        p, lines, length = part.number, [], self._own_length(part)
        if length:
            lines += [f"m{p} = {self._new(f'm{p}', self._like_of(length), values)}", f"t{p} = address(m{p})"]
            self._kept.append(f"m{p}")
        if not part.passes.puts_output:
            return lines
        for k in range(1, len(part.widths)):
            name = f"o{p}_{k}"
            lines.append(f"{name} = {self._new(name, self._like_of(self._rows, part.widths[k]), values)}")
            if self._is_taped and part.passes.reads[k]:
                self._kept.append(f"o{p}_{k}")
        if self._is_own(part):
            return [*lines, f"y{p} = t{p}"]
        if self._reads_output(part):
            self._kept.append(f"o{p}")
        if self._is_handed_out(part):
            return [*lines, f"o{p} = out", f"y{p} = address(out)"]
        new = self._new(f"o{p}", self._like_of(self._rows, part.features), values)
        return [*lines, f"o{p} = {new}", f"y{p} = address(o{p})"]

    # backward -----------------------------------------------------------------------------------------------------

    def backward(self, wanted: Sequence[bool]) -> Callable[..., Any]:
        """Return backward(seeds, saved, gradients), which gives the gradients of inputs, states and tensors.

        It gives None where it is given a gradient that no kernel can read.

        Parameters
        ----------
        wanted : of the inputs, the states and the tensors, whether their gradient is
        saved : inputs, states, tensors and what `forward` kept, all contiguous
        gradients : those of the results; None is zeros
        """
        first, count = 1 + len(self._further), len(self._states)
        of_inputs, of_states, of_tensors = wanted[:first], any(wanted[first : first + count]), wanted[first + count :]
        values: dict[str, Any] = {
            "empty_like": torch.empty_like, "zeros_like": torch.zeros_like, "address": Tensor.data_ptr,
            "is_plain": is_plain,
        }  # fmt: skip
        inside = [f"*i{part.number}" for part in self._parts if self._is_inside]
        above = [f"g{number}" for number in range(count)]
        shown = [f"h{number}_{s}" for number in range(len(self._layers)) for s in range(len(self._shown))]
        saved = ["x", *self._further, *self._states, *self._tensors, *self._kept]
        lines = [
            f"{', '.join(saved)}, *made = saved" if inside else f"{_tuple(saved)} = saved",
            f"{_tuple(above if self._is_step else ['g', *above, *shown])} = gradients",
            *self._gradient_of_output(values),
            *self._gradients_of_shown(values),
        ]
        for number, gradient in enumerate(above):
            zeros = values[f"zeros{number}"] = self._zeros[number]
            values[f"unread{number}"] = None if of_states else torch.empty_like(zeros)  # gradients that nobody wants
            values[f"fits_{gradient}"] = matching((), (zeros,)) or is_plain
            lines += [
                *_readable(gradient, f"zeros{number}"),
                f"e{number} = address({gradient})",
                f"d{number} = empty_like(zeros{number})" if of_states else f"d{number} = unread{number}",
                f"b{number} = address(d{number})",
            ]
        lines.append("r0 = address(rows0)" if self._batch_first else "r0 = address(x)")
        lines += [f"p{number} = address({name})" for number, name in enumerate(self._further)]
        begin = 0
        wanted_of: dict[int, Sequence[bool]] = {}
        for part in self._parts:
            if part.expressions is not None:
                values[f"expressions{part.number}"] = part.expressions
                end = begin + part.expressions.saved
                given = f"{_tuple(self._tensors[part.given])}, i{part.number}"
                lines += [
                    f"i{part.number} = made[{begin}:{end}]",
                    f"{_tuple(self._read(part, 'v'))} = expressions{part.number}.read({given})",
                ]
                begin, wanted_of[part.number] = end, part.expressions.wanted(of_tensors[part.given])
            else:
                wanted_of[part.number] = of_tensors[part.own]
            lines += self._gradients_of_read(part, wanted_of[part.number])
        for number, parts in reversed([*enumerate(self._layers)]):
            lines += self._backward_layer(
                number, parts, values, wanted_of, is_wanted=bool(number) or of_inputs[0], of_further=of_inputs[1:]
            )
        found = []
        for part in self._parts:
            names = self._gradient_names(part, wanted_of[part.number])
            if part.expressions is None:
                found += names
                continue
            values[f"wanted{part.number}"] = tuple(of_tensors[part.given])
            found.append(
                f"*expressions{part.number}.backward({_tuple(self._tensors[part.given])}, i{part.number}, "
                f"{_tuple(names)}, {self._seed(part.number, 'seeds')}, wanted{part.number})"
            )
        of_x = [f"z{self._in_order}" if of_inputs[0] else "None"]
        of_x += [self._sum_of_gradients(number) if each else "None" for number, each in enumerate(of_inputs[1:])]
        of_initial = [f"d{number}" if of_states else "None" for number in range(count)]
        lines.append(f"return {_tuple(['None', 'None', *of_x, *of_initial, *found])}")
        return _function("backward", ["seeds", "saved", "gradients"], lines, values)

    def _gradient_of_output(self, values: dict[str, Any]) -> list[str]:
        """Return the lines that leave the gradient of the output in ``g``, by rows."""
        shape = self._rows, sum(part.features for part in self._layers[-1])
        values["zeros"] = functools.partial(torch.zeros, shape, dtype=self._like.dtype, device="cpu")
        if self._is_step:
            values["no_gradient"] = values["zeros"]()
            return ["g = no_gradient"]
        values["fits_g"] = matching((), (self._like,)) or is_plain
        return _readable("g", "zeros()", self._in_order)

    def _gradients_of_shown(self, values: dict[str, Any]) -> list[str]:
        """Return the lines that leave the gradients of what is shown in ``h``, as rows; None if there is none."""
        lines = []
        for number, parts in enumerate(self._layers):
            for s, k in enumerate(self._shown):
                name, width = f"h{number}_{s}", sum(part.widths[k] for part in parts)
                values[f"size_{name}"] = size = self._rows, width
                values[f"fits_{name}"] = matching((), (self._like_shown(width),)) or is_plain
                if k == 0:  # it is added to that of the output
                    lines += [*_readable(name, "None", self._in_order), f"if {name} is not None:"]
                    lines.append(f"    {name} = {name}.view(size_{name})")
                else:
                    values[f"zeros_{name}"] = torch.zeros(size, dtype=self._like.dtype, device="cpu")
                    lines += _readable(name, f"zeros_{name}", self._in_order)
                    lines.append(f"{name} = {name}.view(size_{name})")
        return lines

    def _sum_of_gradients(self, further: int) -> str:
        """Return the sum of the gradients of a further input, of all parts that read it."""
        first, *others = (
            f"c{part.number}_{k}" for part in self._parts for k, number in enumerate(part.inputs) if number == further
        )
        return first + "".join(f".add_({each})" for each in others)

    def _gradients_of_read(self, part: DirectPart, wanted: Sequence[bool]) -> list[str]:
        """Return the lines that find what a part reads, and make room for the gradients of that."""
        lines, names = [], self._read(part, "v") if self._is_inside else self._tensors[part.own]
        for name, address, is_wanted in zip(names, self._read(part), wanted, strict=True):
            lines.append(f"{address} = address({name})")
            if is_wanted:
                lines += [f"d{address} = empty_like({name})", f"n{address} = address(d{address})"]
        return lines

    def _gradient_names(self, part: DirectPart, wanted: Sequence[bool]) -> list[str]:
        pairs = zip(self._read(part), wanted, strict=True)
        return [f"d{address}" if is_wanted else "None" for address, is_wanted in pairs]

    def _backward_layer(
        self,
        number: int,
        parts: Sequence[DirectPart],
        values: dict[str, Any],
        wanted_of: Mapping[int, Sequence[bool]],
        *,
        is_wanted: bool,
        of_further: Sequence[bool],
    ) -> list[str]:
        """Return the lines of a layer, which turn the gradient of its output, ``g``, into that of its rows."""
        lines, begins = [], [0] * len(parts[0].widths)
        rows = self._rows_at(number)
        for s, k in enumerate(self._shown):
            name, first = f"h{number}_{s}", self._shown.index(k)
            if k == 0:  # the output itself is shown
                lines.append(f"g = g if {name} is None else g.view(size_{name}) + {name}")
            elif first != s:
                lines.append(f"h{number}_{first} = h{number}_{first} + {name}")
        for part in parts:
            p, above, outputs = part.number, [], []
            for k, width in enumerate(part.widths):
                shown = self._shown.index(k) if k else 0
                gradient, begins[k] = f"h{number}_{shown}" if k else "g", begins[k] + width
                if len(parts) > 1:
                    gradient = f"{gradient}[..., {begins[k] - width}:{begins[k]}].contiguous()"
                name = f"above{p}_{k}" if k else f"above{p}"
                lines.append(f"{name} = {gradient}")
                above.append(f"address({name})")
                if k:
                    outputs.append(f"address(o{p}_{k})" if part.passes.reads[k] else "0")
            flows = part.passes.flows
            wanted_rows = [is_wanted and flows[0]]
            if is_wanted:
                lines.append(f"z{p} = {self._new(f'z{p}', self._like_rows(number), values)}")
                if not flows[0]:
                    lines.append(f"z{p}.zero_()")
            for k, further in enumerate(part.inputs):
                wanted_rows.append(of_further[further] and flows[1 + k])
                if of_further[further]:
                    new = "empty_like" if flows[1 + k] else "zeros_like"
                    lines.append(f"c{p}_{k} = {new}({self._further[further]})")
            into = [f"z{p}", *(f"c{p}_{k}" for k in range(len(part.inputs)))]
            length = self._own_length(part)
            lines += [f"t{p} = address(m{p})"] if length else []
            output = f"t{p}" if self._is_own(part) else f"address(o{p})" if self._reads_output(part) else "0"
            wanted = wanted_of[p]
            run = [
                *self._read(part), *self._inputs(part, rows), output, *outputs, self._tape(part, values), *above,
                *self._moved("e", part, values), self._seed(p, "seeds"), *self._moved("b", part, values),
                *(f"address({name})" if each else "0" for name, each in zip(into, wanted_rows, strict=True)),
                *(f"n{name}" if each else "0" for name, each in zip(self._read(part), wanted, strict=True)),
            ]  # fmt: skip
            values[f"run{p}"] = part.passes.backward(tuple(wanted), tuple(wanted_rows))
            lines.append(f"run{p}({', '.join(run)})")
        if not is_wanted:
            return lines
        lines.append(
            f"z = z{parts[0].number}" if len(parts) == 1 else f"z = z{parts[0].number}.add_(z{parts[1].number})"
        )
        if number:
            lines.append(f"g = z.mul_(k{number - 1})" if self.masks else "g = z")
        return lines

    # both ---------------------------------------------------------------------------------------------------------

    @property
    def _in_order(self) -> str:
        """What brings the input's axes into the order of the rows, and back."""
        return ".transpose(0, 1)" if self._batch_first else ""

    def _new(self, name: str, like: Tensor, values: dict[str, Any]) -> str:
        """Return the text that makes a tensor like another one; large memory comes from the pool."""
        if not _is_large(like):
            values[f"like_{name}"] = like
            return f"empty_like(like_{name})"
        values[f"new_{name}"] = functools.partial(
            take, tuple(like.shape), like.dtype, is_swapped=not like.is_contiguous()
        )
        return f"new_{name}()"

    def _copied(self, name: str, values: dict[str, Any]) -> str:
        """Return the text that copies a tensor like the output, its rows in the order of the steps."""
        if not _is_large(self._like):
            return f"{name}{self._in_order}.clone()"
        like = self._like.transpose(0, 1) if self._batch_first else self._like
        return f"{self._new(f'copy_of_{name}', like, values)}.copy_({name}{self._in_order})"

    def _like_of(self, *shape: int) -> Tensor:
        return _like(shape, self._like.dtype)

    def _like_rows(self, number: int) -> Tensor:
        """Return a tensor like the rows of a layer."""
        if number == 0:
            return self._like_of(*self._input)
        return self._like_of(self._rows, sum(part.features for part in self._layers[number - 1]))

    def _rows_at(self, number: int) -> str:
        """Return the address of the rows of a layer in the backward pass."""
        if number == 0:
            return "r0"
        return f"address(rows{number})" if self._has_rows(number) else f"address(m{self._layers[number - 1][0].number})"

    def _has_rows(self, number: int) -> bool:
        """Return whether the rows of a layer above the first are a tensor, and not in the memory of a part below."""
        return bool(self.masks or self._shown) or len(self._layers[number - 1]) > 1

    def _inputs(self, part: DirectPart, rows: str) -> list[str]:
        """Return the addresses of the inputs of a part, `rows` that of the first one."""
        return [rows, *(f"p{number}" for number in part.inputs)]

    def _is_handed_out(self, part: DirectPart) -> bool:
        return not self._is_step and not self._shown and self._layers[-1] == [part]

    def _is_own(self, part: DirectPart) -> bool:
        """Return whether nobody needs the output of a part as a tensor, so that it lies in the part's own memory."""
        layer = next(parts for parts in self._layers if part in parts)
        is_top = layer is self._layers[-1]
        is_alone = part.passes.puts_output and len(layer) == 1 and not self._shown
        return is_alone and not (self._is_handed_out(part) if is_top else self.masks)

    def _reads_output(self, part: DirectPart) -> bool:
        return self._is_taped and part.passes.reads[0]

    def _own_begin(self, part: DirectPart) -> int:
        """Return where, in a part's own memory, begins what its kernel keeps."""
        per_line = _LINE // self._like.element_size()
        return -(-self._rows * part.features // per_line) * per_line if self._is_own(part) else 0

    def _own_length(self, part: DirectPart) -> int:
        return self._own_begin(part) + (part.passes.tape if self._is_taped else 0)

    def _tape(self, part: DirectPart, values: dict[str, Any]) -> str:
        """Return the address of what the kernel of a part keeps."""
        if not part.passes.tape:
            return "0"
        begin = values[f"kept{part.number}"] = self._own_begin(part) * self._like.element_size()
        return f"t{part.number} + kept{part.number}" if begin else f"t{part.number}"

    def _read(self, part: DirectPart, letter: str = "a") -> list[str]:
        """Return the names of what the plan of a part reads of its parameters; ``a`` of the addresses."""
        return [f"{letter}{number}" for number in range(part.own.start, part.own.stop)]

    def _seed(self, number: int, seeds: str) -> str:
        return f"{seeds}[{number}]" if self._has_noise else "0"

    def _moved(self, letter: str, part: DirectPart, values: dict[str, Any]) -> list[str]:
        """Return the addresses of a part's states, behind those of the parts before."""
        found = []
        for number, bytes in enumerate(part.moved):
            values[f"behind{part.number}_{number}"] = bytes
            found.append(f"{letter}{number} + behind{part.number}_{number}" if bytes else f"{letter}{number}")
        return found


def _refuse() -> NoReturn:
    raise InputError("the input, a state or a parameter has no memory: its storage was freed")


def _readable(name: str, zeros: str, in_order: str = "") -> list[str]:
    """Return the lines that make a gradient one that a kernel can read; under autocast torch's guard differs."""
    return [
        f"if {name} is None: {name} = {zeros}",
        f"elif (fits_{name}({name}) or is_plain({name})) and address({name}): {name} = {name}{in_order}.contiguous()",
        "else: return None",
    ]


def _is_large(like: Tensor) -> bool:
    return like.numel() * like.element_size() >= LEAST


def _like(shape: tuple[int, ...], dtype: torch.dtype, strides: Sequence[int] | None = None) -> Tensor:
    """Return a tensor for `empty_like`, which takes half the time of `empty`; it has no memory."""
    found = torch.empty(shape, dtype=dtype, device="cpu")
    found = found if strides is None else torch.empty_strided(shape, strides, dtype=dtype, device="cpu")
    found.untyped_storage().resize_(0)
    return found


def _tuple(names: Sequence[str]) -> str:
    """Return the text of a tuple."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _function(name: str, arguments: Sequence[str], lines: Sequence[str], values: dict[str, Any]) -> Callable[..., Any]:
    """Return a function of these lines, which read the values."""
    text = "\n    ".join([f"def {name}({', '.join(arguments)}):", *lines])
    exec(_compiled(text), values)
    return values[name]


@functools.lru_cache(maxsize=256)
def _compiled(text: str) -> CodeType:
    return compile(text, "<direct code of recurra>", "exec")
