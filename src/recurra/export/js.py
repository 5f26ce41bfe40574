"""JavaScript: one ES module with a class, which needs nothing else; weights are in it."""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from recurra import __version__
from recurra.export.description import Framing
from recurra.export.js_functions import CHECKS, PANEL, SPELLING, called
from recurra.export.program import (
    Apply,
    CodeArray,
    Copy,
    Fill,
    Literal,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ModelCode,
    Statement,
    Store,
    TableRow,
    in_panels,
    offset_text,
)
from recurra.export.runs import ModelRun, RunCall, RunCount, RunFrame, RunPass, RunRow, run_of, step_of

__all__ = [
    "JsWriter", "Place", "class_name", "data_text", "indented", "index", "key_of", "statement_text",
    "title_text",
]  # fmt: skip

Place = Mapping[CodeArray, str]
"""Array -> an expression of where in its typed array it begins; an array that is not in it begins at 0."""


class JsWriter:
    """Writes a model as an ES module, and before it the models that make its further inputs.

    Parameters
    ----------
    code : ModelCode
    name : str
        What the class is called by: ``gates`` gives `Gates`.
    made_of : str
        What the first line says that it was made of.
    """

    def __init__(self, code: ModelCode, name: str, made_of: str) -> None:
        self.name, self._title = class_name(name), title_text(made_of)
        keys = {key: key.removeprefix("x_") for key in code.readers}
        readers = {keys[key]: (reader, class_name(f"{name}_{keys[key]}")) for key, reader in code.readers.items()}
        self._models = [_ModelWriter(reader, called, {}) for reader, called in readers.values()]
        self._models.append(_ModelWriter(code, self.name, {key: called for key, (_, called) in readers.items()}))

    def source(self) -> str:
        """Return the module."""
        steps = [text for model in self._models for text in model.steps()]
        classes = [model.text() for model in self._models]
        scratch = ((step, array) for model in self._models for step in model.code.steps for array in step.scratch)
        parts = [
            self._title,
            called("\n".join([*steps, *classes, "r_bytes("])),
            data_text(pair for model in self._models for pair in (*model.constants(), *model.begun())),
            *(f"const {step.name}_{array.name} = new Float32Array({array.size});" for step, array in scratch),
            *steps,
            CHECKS,
            *classes,
            f"\nexport {{ {self.name}, {self.name} as default }};",
        ]
        return "\n".join(part for part in parts if part) + "\n"


class _ModelWriter:
    """Writes a model as functions of its steps and a class."""

    def __init__(self, code: ModelCode, name: str, readers: Mapping[str, str]) -> None:
        self.code, self.name, self._readers = code, name, readers

    # memory --------------------------------------------------------------------------------------------------------

    def constants(self) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
        """Yield the constants, weights of products panel by panel."""
        products = [s for step in self.code.steps for s in step.statements if isinstance(s, MatrixProduct)]
        widths = {term.weights: product.width for product in products for term in product.terms}
        for step in self.code.steps:
            for array in step.constants:
                assert array.values is not None
                yield array.name, _in_panels(array.values, widths[array]) if array in widths else array.values

    def begun(self) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
        """Yield what states begin with that are vectors."""
        for array in self._states():
            if array.values is not None and (array.values != array.values[0]).any():
                yield f"begin_{array.name}", array.values

    def _states(self) -> list[CodeArray]:
        ages = [step.age for step in self.code.steps if step.age is not None]
        return [*(array for step in self.code.steps for array in step.states), *ages]

    # steps ---------------------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[str]:
        """Yield the functions of the steps."""
        for step in self.code.steps:
            place = {array: f"at_{array.name}" for array in (*step.inputs, step.output)}
            arguments = [part for array, at in place.items() for part in (array.name, at)]
            held = [*step.states, *([step.age] if step.age is not None else [])]
            body = [f"const {array.name} = state.{array.name};" for array in held]
            body += [f"const {array.name} = {step.name}_{array.name};" for array in step.scratch]
            body += [line for statement in step.statements for line in statement_text(statement, place)]
            if step.age is not None:
                body.append(f"{step.age.name}[0]++;")
            yield f"\nfunction {step.name}(state, {', '.join(arguments)}) {{\n{indented(body)}\n}}"

    # the class -----------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """Return the class."""
        inputs = ", ".join(f"{key_of(array)}: {array.size}" for array in self.code.inputs)
        states = self._states()
        new = ", ".join(f"{array.name}: new {_kind(array)}({array.size})" for array in states)
        readers = ", ".join(f"{key}: new {called}()" for key, called in self._readers.items())
        members = [
            f"/** How many numbers each input has at a step. */\nstatic inputs = {{ {inputs} }};\n",
            f"/** How many numbers the output has at a step. */\nstatic outputSize = {self._output_size};\n",
            f"/** What the outputs are about. */\nstatic classes = {json.dumps(self.code.classes)};\n"
            if self.code.classes else "",
            f"/** The kind of array that x is. */\nInput = {_kind_of_x(self.code)};\n",
            f"/** What makes a step's row of an input, of one sequence of tokens. */\nreaders = {{ {readers} }};\n"
            if readers else "",
            f"#state = {{ {new} }};\n" if new else "#state = {};\n",
            "constructor() {\n  this.reset();\n}\n",
            f"/** Set the state to what a sequence begins with. */\nreset() {{\n{indented(self._reset())}\n}}\n",
            _STATE,
            self._step() if self.code.is_causal else "",
            self._run(),
        ]  # fmt: skip
        return f"\nclass {self.name} {{\n{indented(member for member in members if member)}\n}}"

    def _reset(self) -> Iterator[str]:
        for array in self._states():
            values = np.zeros(1) if array.values is None else array.values
            if (values == values[0]).all():
                yield f"this.#state.{array.name}.fill({number(float(values[0]))});"
            else:
                yield f"this.#state.{array.name}.set(begin_{array.name});"

    def _step(self) -> str:
        body = [_given(array, str(array.size)) for array in self.code.inputs]
        body += [f"const y = new Float32Array({self._output_size});", *self._lines(step_of(self.code)), "return y;"]
        so_far = ", which is of all steps so far" if self.code.is_pooled else ""
        text = f"/** One step: goes on with the state, and returns the output{so_far}. */"
        return f"{text}\n{self._head('step')}\n{indented(body)}\n}}\n"

    def _run(self) -> str:
        code, run, size = self.code, run_of(self.code), self.code.inputs[0].size
        body = [f"const steps = stepsOf(x, {size});"] if run.steps is None else []
        if code.is_pooled:
            body.append('if (!steps) throw new RangeError("x: got no steps, of which the output would be");')
        for array in code.inputs:
            is_one = run.steps is not None or array.name in code.per_sequence
            body.append(_given(array, str(array.size) if is_one else f"steps * {array.size}"))
        counts = (f"const {name} = {_steps_after(*each)};" for name, each in run.counts.items())
        body += [*counts, f"const y = new Float32Array({run.rows} * {self._output_size});"]
        body += [*self._lines(run), "return y;"]
        text = "/** So many steps, one behind the other: x has a row for each, and so has what is returned. */"
        if run.steps is not None:
            text = "/** Reads x, which is one row, and returns a row for each step ahead. */"
        elif code.is_pooled:
            text = "/** So many steps, one behind the other: x has a row for each; one row is returned. */"
        return f"{text}\n{self._head('run')}\n{indented(body)}\n}}"

    @property
    def _output_size(self) -> int:
        return self.code.layers[-1].output_size

    def _head(self, name: str) -> str:
        """Return a method with its arguments, `x` and an object of further inputs, and the line that takes these."""
        further = self.code.inputs[1:]
        given = f"named(inputs, {json.dumps([key_of(array) for array in further])})"
        if further:
            taken = ", ".join(f"{key_of(array)}: {array.name}" for array in further)
            return f"{name}(x, inputs = {{}}) {{\n  let {{ {taken} }} = {given};"
        return f"{name}(x, inputs) {{\n  {given};"

    def _lines(self, run: ModelRun) -> Iterator[str]:
        """Yield the memory of a run, and its passes."""
        steps = str(run.steps or "steps")
        for each in run.memory:
            size = str(each.size)
            if each.number is not None:
                size += f" * ({steps} + {self.code.added_steps})" if self.code.added_steps else f" * {steps}"
            yield f"const {each.name} = new Float32Array({size});"
        if run.steps is not None:
            yield "this.reset();"
        for each in run.passes:
            calls = [self._call(run, call, each) for call in each.calls]
            if each.is_alone:
                yield from calls
                continue
            head = f"let t = {each.begin}; t < {each.end}; t++"
            if each.is_reversed:
                head = f"let t = {each.end} - 1; t >= {each.begin}; t--"
            yield f"for ({head}) {{"
            yield indented([*(_framed(each.frame) if each.frame else ()), *calls])
            yield "}"

    def _call(self, run: ModelRun, call: RunCall, of: RunPass) -> str:
        """Return the call of a step in a pass."""
        t = "" if of.is_alone else "t"
        given = ["this.#state", *_at(call.x, t)]
        for array in call.step.inputs[1:]:
            row = run.made.get(array.name, RunRow(array.name))
            given += _at(replace(row, apart=0 if array.name in self.code.per_sequence else array.size), t)
        given += _at(call.y, f"(t - {of.begin})" if of.begin else t)
        return f"{call.step.name}({', '.join(given)});"


def _at(row: RunRow, t: str) -> tuple[str, str]:
    """Return the array of a row, and where in it the row of a step begins."""
    moved = f"{t} * {row.apart}" if t and row.apart else ""
    return row.memory, " + ".join(part for part in (moved, str(row.offset or "")) if part) or "0"


def _framed(frame: RunFrame) -> Iterator[str]:
    """Yield the loop that lays rows side by side, with zeros outside of the sequence."""
    framing, width, source = frame.framing, frame.source.apart, frame.source.memory
    yield f"{frame.memory}.fill(0);"
    yield f"for (let k = 0; k < {framing.size}; k++) {{"
    yield f"  const at = t * {framing.stride} + k - {framing.padding};"
    yield f"  if (at < 0 || at >= {frame.rows}) continue;"
    yield f"  for (let i = 0; i < {width}; i++) {frame.memory}[k * {width} + i] = {source}[at * {width} + i];"
    yield "}"


def _steps_after(frame: Framing, steps: RunCount) -> str:
    """Return how many steps come out of so many."""
    return f"Math.max(0, Math.floor(({steps} + {2 * frame.padding - frame.size}) / {frame.stride}) + 1)"


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
    kind = ", Int32Array" if array.is_whole else ""
    return f'{array.name} = floats("{key_of(array)}", {array.name}, {count}{kind});'


def key_of(array: CodeArray) -> str:
    """Return what a caller calls an input."""
    return array.name.removeprefix("x_")


def _kind_of_x(code: ModelCode) -> str:
    return "Int32Array" if code.inputs[0].is_whole else "Float32Array"


def _kind(array: CodeArray) -> str:
    """Return the typed array of a state: what counts steps is whole."""
    return "Float32Array" if array.values is not None else "Uint32Array"


# what modules have in common -------------------------------------------------------------------------------------


def class_name(name: str) -> str:
    """Return how the class of a name is called."""
    found = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    return f"{found}Model" if found in _TAKEN else found


_TAKEN = {
    "Math", "Object", "Number", "Float32Array", "Float64Array", "Uint32Array", "Int32Array", "Int8Array", "Uint8Array",
    "RangeError", "Error", "Infinity", "NaN", "DATA", "LAYERS", "BLOCK", "Direction",
}  # fmt: skip
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
    letters = base64.b64encode(b"".join(pieces)).decode()
    text = "\n".join(letters[first : first + 120] for first in range(0, len(letters), 120))
    return f"\nconst DATA = r_bytes(`\n{text}\n`).buffer;\n" + "\n".join(lines) if lines else ""


def indented(lines: Iterable[str]) -> str:
    """Return lines further to the right."""
    return textwrap.indent("\n".join(lines), "  ")
