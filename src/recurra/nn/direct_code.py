"""Direct code: both passes of a stack at one shape, written as Python functions without a loop or a question.

What a call of a small layer does is the same at every call of a shape: allocate, hand addresses to foreign functions,
return. Loops over layers, directions and tensors take longer than the arithmetic, so these functions are written out
for each stack: every line is one allocation, one address or one foreign call. For an RNN cell the forward pass reads::

    def forward(drawn, x, s0, w0, w1, w2, w3):
        f0 = empty_like(like_f0)
        ...
        run0(a0, a1, a2, a3, r0, b0, 0, y0, e0, t0 + kept0)
        return (f0,), (m0,)

The text has no shape in it: stacks that differ in shapes alone share what Python compiled. `direct_stack` calls them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, NoReturn

import torch
from torch import Tensor

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
    features : int
        Of its output.
    """

    passes: DirectPasses
    number: int
    direction: Direction
    expressions: DirectExpressions | None
    given: slice
    own: slice
    moved: tuple[int, ...]
    features: int


class DirectCode:
    """Writes the passes of a stack.

    Of a part's memory, what its backward pass reads is one allocation, ``m``: its output, unless somebody is handed
    that as a tensor, and what the kernel keeps.

    Parameters
    ----------
    layers : for each layer the parts that are its directions
    rows : int
        Of the input.
    output : tensor like the output; nobody reads its values
    zeros : for each state a tensor of zeros
    tensors : int
        How many the parameters are.
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
        rows: int,
        output: Tensor,
        zeros: Sequence[Tensor],
        tensors: int,
        batch_first: bool,
        is_step: bool,
        is_masked: bool,
        has_noise: bool,
        is_taped: bool,
    ) -> None:
        self._layers, self._rows, self._zeros, self._like = layers, rows, zeros, output
        self._parts = [part for parts in layers for part in parts]
        self._batch_first, self._is_step, self._has_noise = batch_first, is_step, has_noise
        self._is_taped = is_taped
        self._tensors = [f"w{number}" for number in range(tensors)]
        self._states = [f"s{number}" for number in range(len(zeros))]
        self._is_inside = self._parts[0].expressions is not None
        self.masks = len(layers) - 1 if is_masked else 0
        self._kept: list[str] = []
        """What the backward pass reads beside what the forward pass was given."""

    # forward ------------------------------------------------------------------------------------------------------

    def forward(self) -> Callable[..., Any]:
        """Return forward(drawn, input, *states, *tensors), which gives the results, and with a tape what is kept.

        The results are the output, unless the call is a step, and the states.
        """
        values: dict[str, Any] = {
            "empty_like": torch.empty_like, "address": Tensor.data_ptr, "cat": torch.cat, "refuse": _refuse,
            "like_out": self._like,
        }  # fmt: skip
        self._kept = [f"k{number}" for number in range(self.masks)]
        lines = [f"{mask} = drawn.masks[{number}]" for number, mask in enumerate(self._kept)]
        if not self._is_step:
            lines.append("out = empty_like(like_out)")
        finals = [f"f{number}" for number in range(len(self._states))]
        for number, (state, final) in enumerate(zip(self._states, finals, strict=True)):
            values[f"like_{final}"] = self._zeros[number]
            lines += [f"{final} = empty_like(like_{final})", f"e{number} = address({final})"]
            lines += [f"{state} = {state}.contiguous()", f"b{number} = address({state})"]  # alive until the end
        lines += [f"rows0 = x{self._in_order}.contiguous()", "r0 = address(rows0)"]
        addresses = [f"a{number}" for number in range(len(self._tensors))]
        lines += [f"{name} = address({each})" for name, each in zip(addresses, self._tensors, strict=True)]
        given = [*addresses, "r0", *(f"b{number}" for number in range(len(self._states)))]
        lines.append(f"if not ({' and '.join(given)}): refuse()")
        if self._batch_first:
            self._kept.append("rows0")
        for number, parts in enumerate(self._layers):
            lines += self._forward_layer(number, parts, values)
        kept = [*self._kept, *(f"*i{part.number}" for part in self._parts if self._is_inside)]
        results = _tuple([*finals] if self._is_step else ["out", *finals])
        lines.append(f"return {results}, {_tuple(kept)}" if self._is_taped else f"return {results}")
        return _function("forward", ["drawn", "x", *self._states, *self._tensors], lines, values)

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
            outputs = [f"y{p}"] if part.passes.puts_output else []
            tape = [self._tape(part, values)] if self._is_taped else []
            run = [
                *self._read(part), f"r{number}", *self._moved("b", part, values), self._seed(p, "drawn.seeds"),
                *outputs, *self._moved("e", part, values), *tape,
            ]  # fmt: skip
            values[f"run{p}"] = part.passes.forward
            lines.append(f"run{p}({', '.join(run)})")
        is_top = number + 1 == len(self._layers)
        names = ", ".join(f"o{part.number}" for part in parts)
        if len(parts) > 1 and is_top:
            width = sum(part.features for part in parts)
            values["size"], values["strides"] = (self._rows, width), (width, 1)
            lines.append(f"cat(({names}), 1, out=out.as_strided(size, strides))")
        elif len(parts) > 1:
            lines.append(f"rows = cat(({names}), 1)")
        elif is_top and self._is_taped and self._reads_output(parts[0]) and not self._is_step:
            # who writes to an output, as by `relu_`, would write to the tape
            lines.append(f"o{parts[0].number} = out{self._in_order}.clone()")
        if is_top:
            return lines
        if self.masks:
            rows = "rows" if len(parts) > 1 else f"o{parts[0].number}"
            lines.append(f"rows = {rows} * k{number}")
        if self.masks or len(parts) > 1:
            self._kept.append(f"rows{number + 1}")
            return [*lines, f"rows{number + 1} = rows", f"r{number + 1} = address(rows)"]
        return [*lines, f"r{number + 1} = y{parts[0].number}"]

    def _memory_of(self, part: DirectPart, values: dict[str, Any]) -> list[str]:
        """Return the lines that give a part its memory: ``y`` is where its output goes, ``t`` where its own begins."""
        p, lines, length = part.number, [], self._own_length(part)
        if length:
            values[f"like_m{p}"] = _like((length,), self._like.dtype)
            lines += [f"m{p} = empty_like(like_m{p})", f"t{p} = address(m{p})"]
            self._kept.append(f"m{p}")
        if not part.passes.puts_output:
            return lines
        if self._is_own(part):
            return [*lines, f"y{p} = t{p}"]
        if self._reads_output(part):
            self._kept.append(f"o{p}")
        if self._is_handed_out(part):
            return [*lines, f"o{p} = out", f"y{p} = address(out)"]
        values[f"like_o{p}"] = _like((self._rows, part.features), self._like.dtype)
        return [*lines, f"o{p} = empty_like(like_o{p})", f"y{p} = address(o{p})"]

    # backward -----------------------------------------------------------------------------------------------------

    def backward(self, wanted: Sequence[bool]) -> Callable[..., Any]:
        """Return backward(seeds, saved, gradients), which gives the gradients of input, states and tensors.

        It gives None where it is given a gradient that no kernel can read.

        Parameters
        ----------
        wanted : of the input, the states and the tensors, whether their gradient is
        saved : input, states, tensors and what `forward` kept, all contiguous
        gradients : those of the results; None is zeros
        """
        of_input, count = wanted[0], len(self._states)
        of_states, of_tensors = any(wanted[1 : 1 + count]), wanted[1 + count :]
        values: dict[str, Any] = {"empty_like": torch.empty_like, "address": Tensor.data_ptr, "is_plain": is_plain}
        inside = [f"*i{part.number}" for part in self._parts if self._is_inside]
        above = [f"g{number}" for number in range(count)]
        saved = ["x", *self._states, *self._tensors, *self._kept]
        lines = [
            f"{', '.join(saved)}, *made = saved" if inside else f"{_tuple(saved)} = saved",
            f"{_tuple(above if self._is_step else ['g', *above])} = gradients",
            *self._gradient_of_output(values),
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
            lines += self._backward_layer(number, parts, values, wanted_of, is_wanted=bool(number) or of_input)
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
        of_x = f"z{self._in_order}" if of_input else "None"
        of_initial = [f"d{number}" if of_states else "None" for number in range(count)]
        lines.append(f"return {_tuple(['None', 'None', of_x, *of_initial, *found])}")
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
    ) -> list[str]:
        """Return the lines of a layer, which turn the gradient of its output, ``g``, into that of its rows."""
        lines, begin = [], 0
        rows = self._rows_at(number)
        for part in parts:
            p, end = part.number, begin + part.features
            gradient = "g" if len(parts) == 1 else f"g[..., {begin}:{end}].contiguous()"
            lines += [f"above{p} = {gradient}", f"o = address(above{p})"]
            begin = end
            if is_wanted:
                like = ("rows0" if self._batch_first else "x") if number == 0 else f"like_rows{number}"
                lines += [f"z{p} = empty_like({like})", f"into = address(z{p})"]
            length = self._own_length(part)
            lines += [f"t{p} = address(m{p})"] if length else []
            output = f"t{p}" if self._is_own(part) else f"address(o{p})" if self._reads_output(part) else "0"
            wanted = wanted_of[p]
            run = [
                *self._read(part), rows, output, self._tape(part, values), "o", *self._moved("e", part, values),
                self._seed(p, "seeds"), *self._moved("b", part, values), "into" if is_wanted else "0",
                *(f"n{name}" if each else "0" for name, each in zip(self._read(part), wanted, strict=True)),
            ]  # fmt: skip
            values[f"run{p}"] = part.passes.backward(tuple(wanted), (is_wanted,))
            lines.append(f"run{p}({', '.join(run)})")
        if not is_wanted:
            return lines
        lines.append(
            f"z = z{parts[0].number}" if len(parts) == 1 else f"z = z{parts[0].number}.add_(z{parts[1].number})"
        )
        if number:
            below = sum(part.features for part in self._layers[number - 1])
            values[f"like_rows{number}"] = _like((self._rows, below), self._like.dtype)
            lines.append(f"g = z.mul_(k{number - 1})" if self.masks else "g = z")
        return lines

    # both ---------------------------------------------------------------------------------------------------------

    @property
    def _in_order(self) -> str:
        """What brings the input's axes into the order of the rows, and back."""
        return ".transpose(0, 1)" if self._batch_first else ""

    def _rows_at(self, number: int) -> str:
        """Return the address of the rows of a layer in the backward pass."""
        if number == 0:
            return "r0"
        below = self._layers[number - 1]
        is_tensor = self.masks or len(below) > 1
        return f"address(rows{number})" if is_tensor else f"address(m{below[0].number})"

    def _is_handed_out(self, part: DirectPart) -> bool:
        return not self._is_step and self._layers[-1] == [part]

    def _is_own(self, part: DirectPart) -> bool:
        """Return whether nobody needs the output of a part as a tensor, so that it lies in the part's own memory."""
        layer = next(parts for parts in self._layers if part in parts)
        is_top = layer is self._layers[-1]
        return part.passes.puts_output and len(layer) == 1 and not (self._is_handed_out(part) if is_top else self.masks)

    def _reads_output(self, part: DirectPart) -> bool:
        return self._is_taped and part.passes.reads_output

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


def _like(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Return a tensor for `empty_like`, which takes half the time of `empty`; it has no memory."""
    found = torch.empty(shape, dtype=dtype, device="cpu")
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
