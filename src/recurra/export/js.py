"""JavaScript: one ES module with a class, which needs nothing else; weights are in it."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from recurra import __version__
from recurra.export.js_functions import PANEL, called
from recurra.export.program import (
    Apply,
    CodeArray,
    Copy,
    Fill,
    LayerCode,
    Literal,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ModelCode,
    Statement,
    StepCode,
    Store,
    TableRow,
    in_panels,
    offset_text,
)

__all__ = [
    "SPELLING", "JsWriter", "Place", "class_name", "data_text", "indented", "index", "key_of", "statement_text",
    "title_text",
]  # fmt: skip

SPELLING: Mapping[str, str] = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}",
    "less": "{} < {}", "less_equal": "{} <= {}", "greater": "{} > {}", "greater_equal": "{} >= {}",
    "where": "{} ? {} : {}", "mod": "r_mod({}, {})", "pow": "r_pow({}, {})",
    "maximum": "Math.max({}, {})", "minimum": "Math.min({}, {})",
    **{name: f"Math.{name}({{}})" for name in ("abs", "exp", "log", "sqrt", "sin", "cos", "sign", "floor")},
    **{name: f"r_{name}({{}})" for name in ("sigmoid", "tanh", "relu", "softplus", "erf", "heaviside")},
}  # fmt: skip
"""Operation -> its expression in JavaScript."""

Place = Mapping[CodeArray, str]
"""Array -> an expression of where in its typed array it begins; an array that is not in it begins at 0."""


class JsWriter:
    """Writes a model as an ES module.

    Parameters
    ----------
    code : ModelCode
    name : str
        What the class is called by: ``gates`` gives `Gates`.
    made_of : str
        What the first line says that it was made of.
    """

    def __init__(self, code: ModelCode, name: str, made_of: str) -> None:
        self.code, self.name, self.made_of = code, class_name(name), made_of

    def source(self) -> str:
        """Return the module."""
        code = self.code
        steps = [self._step_function(step) for step in code.steps]
        model = self._class()
        scratch = ((step, array) for step in code.steps for array in step.scratch)
        parts = [
            title_text(self.made_of),
            called("\n".join([*steps, model, "r_bytes("])),
            data_text([*self._constants(), *self._begun()]),
            *(f"const {step.name}_{array.name} = new Float32Array({array.size});" for step, array in scratch),
            *steps,
            model,
            f"\nexport default {self.name};",
        ]
        return "\n".join(part for part in parts if part) + "\n"

    # memory --------------------------------------------------------------------------------------------------------

    def _constants(self) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
        """Yield the constants, weights of products panel by panel."""
        products = [s for step in self.code.steps for s in step.statements if isinstance(s, MatrixProduct)]
        widths = {term.weights: product.width for product in products for term in product.terms}
        for step in self.code.steps:
            for array in step.constants:
                assert array.values is not None
                yield array.name, _in_panels(array.values, widths[array]) if array in widths else array.values

    def _begun(self) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
        """Yield what states begin with that are vectors."""
        for array in self._states():
            if array.values is not None and (array.values != array.values[0]).any():
                yield f"begin_{array.name}", array.values

    def _states(self) -> list[CodeArray]:
        ages = [step.age for step in self.code.steps if step.age is not None]
        return [*(array for step in self.code.steps for array in step.states), *ages]

    # steps ---------------------------------------------------------------------------------------------------------

    def _step_function(self, step: StepCode) -> str:
        place = {array: f"at_{array.name}" for array in (*step.inputs, step.output)}
        arguments = [part for array, at in place.items() for part in (array.name, at)]
        held = [*step.states, *([step.age] if step.age is not None else [])]
        body = [f"const {array.name} = state.{array.name};" for array in held]
        body += [f"const {array.name} = {step.name}_{array.name};" for array in step.scratch]
        body += [line for statement in step.statements for line in statement_text(statement, place)]
        if step.age is not None:
            body.append(f"{step.age.name}[0]++;")
        return f"\nfunction {step.name}(state, {', '.join(arguments)}) {{\n{indented(body)}\n}}"

    # the class -----------------------------------------------------------------------------------------------------

    def _class(self) -> str:
        inputs = ", ".join(f"{key_of(array)}: {array.size}" for array in self.code.inputs)
        states = self._states()
        new = ", ".join(f"{array.name}: new {_kind(array)}({array.size})" for array in states)
        members = [
            f"/** How many numbers each input has at a step. */\nstatic inputs = {{ {inputs} }};\n",
            f"/** How many numbers the output has at a step. */\nstatic outputSize = {self._output_size};\n",
            f"#state = {{ {new} }};\n" if new else "#state = {};\n",
            "constructor() {\n  this.reset();\n}\n",
            f"/** Set the state to what a sequence begins with. */\nreset() {{\n{indented(self._reset())}\n}}\n",
            _STATE,
            self._step() if self.code.is_causal else "",
            self._run(),
        ]
        return f"{_CHECK}\nexport class {self.name} {{\n{indented(member for member in members if member)}\n}}"

    def _reset(self) -> Iterator[str]:
        for array in self._states():
            values = np.zeros(1) if array.values is None else array.values
            if (values == values[0]).all():
                yield f"this.#state.{array.name}.fill({number(float(values[0]))});"
            else:
                yield f"this.#state.{array.name}.set(begin_{array.name});"

    def _step(self) -> str:
        body = [_given(array, str(array.size)) for array in self.code.inputs]
        body += [*self._rows(), f"const y = new Float32Array({self._output_size});", *self._calls("0"), "return y;"]
        text = "/** One step: goes on with the state, and returns the output. */"
        return f"{text}\n{self._head('step')} {{\n{indented(body)}\n}}\n"

    def _run(self) -> str:
        code, size = self.code, self.code.inputs[0].size
        body = [f"const steps = stepsOf(x, {size});"]
        for array in code.inputs:
            count = str(array.size) if array.name in code.per_sequence else f"steps * {array.size}"
            body.append(_given(array, count))
        if code.is_causal:
            body += self._rows()
        body.append(f"const y = new Float32Array(steps * {self._output_size});")
        if code.is_causal:
            body += ["for (let t = 0; t < steps; t++) {", indented(self._calls("t")), "}"]
        else:
            body += self._passes()
        body.append("return y;")
        text = "/** So many steps, one behind the other: x has a row for each, and so has what is returned. */"
        return f"{text}\n{self._head('run')} {{\n{indented(body)}\n}}"

    @property
    def _output_size(self) -> int:
        return self.code.layers[-1].output_size

    def _head(self, name: str) -> str:
        """Return a method with its arguments: `x`, then the further inputs as an object."""
        given = ", ".join(f"{key_of(array)}: {array.name}" for array in self.code.inputs[1:])
        return f"{name}(x, {{ {given} }})" if given else f"{name}(x)"

    def _moved(self, array: CodeArray, t: str) -> str:
        """Return where an input's numbers of step t begin."""
        return "0" if t == "0" or array.name in self.code.per_sequence else f"{t} * {array.size}"

    def _rows(self) -> Iterator[str]:
        """Yield memory for what goes from layer to layer in a step."""
        for number_, layer in enumerate(self.code.layers[:-1], 1):
            yield f"const row{number_} = new Float32Array({layer.output_size});"

    def _calls(self, t: str) -> Iterator[str]:
        """Yield the calls of all layers for one step of a sequence."""
        source, at = "x", self._moved(self.code.inputs[0], t)
        for number_, layer in enumerate(self.code.layers, 1):
            is_last = number_ == len(self.code.layers)
            target = "y" if is_last else f"row{number_}"
            into = f"{t} * {layer.output_size}" if t != "0" and is_last else "0"
            yield self._call(layer.steps[0], source, at, target, into, t)
            source, at = target, "0"

    def _passes(self) -> Iterator[str]:
        """Yield the passes over a whole sequence, layer by layer, one for each direction."""
        source = "x"
        for number_, layer in enumerate(self.code.layers, 1):
            target = "y" if number_ == len(self.code.layers) else f"rows{number_}"
            if target != "y":
                yield f"const {target} = new Float32Array(steps * {layer.output_size});"
            yield from self._directions(layer, source, target)
            source = target

    def _directions(self, layer: LayerCode, source: str, target: str) -> Iterator[str]:
        offset = 0
        for step in layer.steps:
            head = "let t = steps - 1; t >= 0; t--" if step.reverse else "let t = 0; t < steps; t++"
            into = f"t * {layer.output_size} + {offset}" if offset else f"t * {layer.output_size}"
            call = self._call(step, source, f"t * {layer.input_size}", target, into, "t")
            yield f"for ({head}) {call}"
            offset += step.output.size

    def _call(self, step: StepCode, x: str, at: str, y: str, into: str, t: str) -> str:
        at = f"{at} + {step.begin}" if step.begin else at
        further = [part for array in step.inputs[1:] for part in (array.name, self._moved(array, t))]
        return f"{step.name}({', '.join(['this.#state', x, at, *further, y, into])});"


_CHECK = """
function floats(name, given, count) {
  if (given?.length !== count) {
    throw new RangeError(`${name}: got ${given?.length ?? given} numbers, expected ${count}`);
  }
  return given instanceof Float32Array ? given : Float32Array.from(given);
}

function stepsOf(x, size) {
  const steps = x?.length / size;
  if (!Number.isInteger(steps)) {
    throw new RangeError(`x: got ${x?.length ?? x} numbers, expected ${size} for each step`);
  }
  return steps;
}
"""

_STATE = """/** The state as a value: a copy of its arrays by name. What is set is copied too. */
get state() {
  return Object.fromEntries(Object.entries(this.#state).map(([name, values]) => [name, values.slice()]));
}
set state(given) {
  const held = Object.entries(this.#state);
  for (const [name, values] of held) floats(`state.${name}`, given[name], values.length);
  for (const [name, values] of held) values.set(given[name]);
}
"""


# statements ---------------------------------------------------------------------------------------------------------


def statement_text(statement: Statement, place: Place) -> Iterator[str]:
    """Yield the lines of a statement on one row."""
    match statement:
        case MatrixProduct():
            yield from _product(statement, place)
        case Loop():
            yield from _loop(statement, place)
        case Fill(target, size, value):
            at = index(target, place)
            text = f"[{at}] = {number(value)}" if size == 1 else f".fill({number(value)}, {at}, {at} + {size})"
            yield f"{target.array.name}{text};"
        case Copy(target, source, size):
            to, at = index(target, place, "i"), index(source, place, "i")
            yield f"for (let i = 0; i < {size}; i++) {target.array.name}[{to}] = {source.array.name}[{at}];"
        case TableRow(target, table, rows, place_of):
            size = table.size // rows
            row = f"r_row({place_of.name}[{place.get(place_of, '0')}], {rows}) * {size}"
            to = index(target, place, "i")
            yield f"for (let i = 0; i < {size}; i++) {target.array.name}[{to}] = {table.name}[{row} + i];"


def _product(product: MatrixProduct, place: Place) -> Iterator[str]:
    y, at, width = product.target.array.name, index(product.target, place), product.width
    if product.start is None:
        yield f"{y}.fill(0, {at}, {at} + {width});"
    else:
        yield f"{y}.set({product.start.name}, {at});"
    for term in product.terms:
        x = f"{term.operand.array.name}, {index(term.operand, place)}, {term.rows}"
        kind, more = ("float32", "") if term.scales is None else ("int8", f", {term.scales.name}")
        yield f"r_product_{kind}({x}, {term.weights.name}, {width}, {y}, {at}{more});"


def _loop(loop: Loop, place: Place) -> Iterator[str]:
    """Yield the lines of a nest of loops."""
    indices = [f"i{k}" if len(loop.shape) > 1 else "i" for k in range(len(loop.shape))]
    for depth, (index_, size) in enumerate(zip(indices, loop.shape, strict=True)):
        head = f"let {index_} = {size - 1}; {index_} >= 0; {index_}--" if loop.is_reversed else None
        yield "  " * depth + f"for ({head or f'let {index_} = 0; {index_} < {size}; {index_}++'}) {{"
    inside = "  " * len(loop.shape)
    for number_, instruction in enumerate(loop.instructions):
        match instruction:
            case Load(source, strides):
                text = f"const v{number_} = {source.array.name}[{index(source, place, offset_text(indices, strides))}];"
            case Literal(value):
                text = f"const v{number_} = {number(value)};"
            case Apply(op, arguments):
                text = f"const v{number_} = {SPELLING[op].format(*(f'v{k}' for k in arguments))};"
            case Store(target, strides, value, joined):
                at = f"{target.array.name}[{index(target, place, offset_text(indices, strides))}]"
                text = f"{at} = {SPELLING[joined].format(at, f'v{value}') if joined else f'v{value}'};"
        yield inside + text
    for depth in reversed(range(len(loop.shape))):
        yield "  " * depth + "}"


def _in_panels(values: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    """Return a matrix, flat, with its columns in panels; those that fill none come last."""
    panels = ((PANEL, width // PANEL), (0, width % PANEL))
    return in_panels(values, width, (each for each in panels if each[1]))


def index(location: Location, place: Place, more: str = "0") -> str:
    """Return where in its typed array something is: where the array begins, the offset, and what a loop adds."""
    parts = [place.get(location.array, "0"), str(location.offset), more]
    return " + ".join(part for part in parts if part != "0") or "0"


def number(value: float) -> str:
    """Return a number as JavaScript has it, a negative one in brackets; it keeps all digits of a float32."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{np.float32(value):.9g}"


def _given(array: CodeArray, count: str) -> str:
    """Return the line that checks an input of a call."""
    return f'{array.name} = floats("{key_of(array)}", {array.name}, {count});'


def key_of(array: CodeArray) -> str:
    """Return what a caller calls an input."""
    return array.name.removeprefix("x_")


def _kind(array: CodeArray) -> str:
    """Return the typed array of a state: what counts steps is whole."""
    return "Float32Array" if array.values is not None else "Uint32Array"


# what modules have in common -------------------------------------------------------------------------------------


def class_name(name: str) -> str:
    """Return how the class of a name is called."""
    found = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    return f"{found}Model" if found in _TAKEN else found


_TAKEN = {
    "Math",
    "Object",
    "Number",
    "Float32Array",
    "Uint32Array",
    "Int8Array",
    "Uint8Array",
    "RangeError",
    "Infinity",
    "NaN",
    "DATA",
}
"""Names that mean something else in a module."""


def title_text(made_of: str) -> str:
    """Return the first line of a module."""
    return f"// {' '.join(made_of.split())}, exported by recurra {__version__}"


def data_text(arrays: Iterable[tuple[str, np.ndarray[Any, Any]]]) -> str:
    """Return typed arrays with these numbers, float32 or int8, which stand in one text as base64."""
    lines, pieces, at = [], [], 0
    for name, values in sorted(arrays, key=lambda pair: pair[1].dtype == np.int8):  # float32 begins at a multiple of 4
        kind, bits = (
            ("Int8Array", values.tobytes())
            if values.dtype == np.int8
            else ("Float32Array", values.astype("<f4").tobytes())
        )
        lines.append(f"const {name} = new {kind}(DATA, {at}, {values.size});")
        pieces.append(bits)
        at += len(bits)
    text = "\n".join(textwrap.wrap(base64.b64encode(b"".join(pieces)).decode(), 120))
    return f"\nconst DATA = r_bytes(`\n{text}\n`).buffer;\n" + "\n".join(lines) if lines else ""


def indented(lines: Iterable[str]) -> str:
    """Return lines further to the right."""
    return textwrap.indent("\n".join(lines), "  ")
