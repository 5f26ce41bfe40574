"""C99: one source file and one header, which need no library and allocate nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from recurra import __version__
from recurra.export.c_functions import FUNCTIONS, LIBM, called
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
)

__all__ = ["SPELLING", "CWriter", "constant_text"]

SPELLING: Mapping[str, str] = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}",
    "less": "{} < {}", "less_equal": "{} <= {}", "greater": "{} > {}", "greater_equal": "{} >= {}",
    "where": "r_where({}, {}, {})", "abs": "r_abs({})", "mod": "r_mod({}, {})", "pow": "r_pow({}, {})",
    "maximum": "r_maximum({}, {})", "minimum": "r_minimum({}, {})",
    **{name: f"r_{name}({{}})" for name in (
        "sigmoid", "tanh", "relu", "exp", "log", "sqrt", "softplus", "sin", "cos", "erf", "sign", "floor", "heaviside",
    )},
}  # fmt: skip
"""Operation -> its expression in C."""

_TRUTH = {"less", "less_equal", "greater", "greater_equal"}

_PANEL = 32
"""Columns whose sums stay in registers over all rows; their weights lie side by side, row after row.

Compilers take apart shorter loops before they vectorise.
"""


class CWriter:
    """Writes a model as C.

    Parameters
    ----------
    code : ModelCode
    name : str
        What all names in the header begin with.
    made_of : str
        What the first line says that it was made of.
    """

    def __init__(self, code: ModelCode, name: str, made_of: str) -> None:
        self.code, self.name = code, name
        self._title = f"{made_of.replace('*/', '* /')}, exported by recurra {__version__}"
        self._further = list(code.inputs[1:])

    # header ------------------------------------------------------------------------------------------------------

    def header(self) -> str:
        """Return the header file."""
        name, upper, code = self.name, self.name.upper(), self.code
        fields = [f"  {_kind(array)} {array.name}[{array.size}];" for array in self._states()]
        sizes = [f"#define {upper}_{array.name.upper()}_SIZE {array.size}" for array in self._further]
        work = ""
        if code.work_size:
            work = f"\n/* how many numbers {name}_run needs to work with */\n"
            work += f"#define {upper}_WORK_SIZE(steps) ({code.work_size}ul * (steps))\n"
        step = ""
        if code.is_causal:
            step = f"/* One step: reads x, writes y, and goes on with the state. */\n{self._step_head()};\n\n"
        lines = [
            f"/* {self._title} */",
            f"#ifndef {upper}_H\n#define {upper}_H\n\n#include <stddef.h>\n#include <stdint.h>\n",
            '#ifdef __cplusplus\nextern "C" {\n#endif\n',
            f"#define {upper}_INPUT_SIZE {code.inputs[0].size}\n#define {upper}_OUTPUT_SIZE {self._output_size}",
            *sizes,
            work,
            "/* What goes from step to step; to be reset before the first one. A copy of it is a copy of the state. */",
            f"typedef struct {{\n{chr(10).join(fields) or '  char nothing;'}\n}} {name}_state;\n",
            f"/* Set the state to what a sequence begins with. */\nvoid {name}_reset({name}_state *state);\n",
            f"{step}/* So many steps, one behind the other: x and y have a row for each, and so has all else but what"
            f" is the same for a sequence. */\n{self._run_head()};\n",
            "#ifdef __cplusplus\n}\n#endif\n\n#endif",
        ]
        return "\n".join(line for line in lines if line) + "\n"

    @property
    def _output_size(self) -> int:
        return self.code.layers[-1].output_size

    def _states(self) -> list[CodeArray]:
        ages = [step.age for step in self.code.steps if step.age is not None]
        return [*(array for step in self.code.steps for array in step.states), *ages]

    def _arguments(self) -> list[str]:
        return [f"const float *{array.name}" for array in self.code.inputs]

    def _step_head(self) -> str:
        return f"void {self.name}_step({', '.join([f'{self.name}_state *state', *self._arguments(), 'float *y'])})"

    def _run_head(self) -> str:
        work = ["float *work"] if self.code.work_size else []
        arguments = [f"{self.name}_state *state", *self._arguments(), "float *y", "size_t steps", *work]
        return f"void {self.name}_run({', '.join(arguments)})"

    # source ------------------------------------------------------------------------------------------------------

    def source(self, vectors: str = "") -> str:
        """Return the source file, with the text of test vectors behind a macro."""
        upper, steps = self.name.upper(), [self._step_function(step) for step in self.code.steps]
        parts = [
            f"/* {self._title} */",
            f'#include "{self.name}.h"\n',
            _NOTES.format(upper=upper),
            *self._functions("\n".join(steps), upper),
            self._product_functions(),
            *map(constant_text, self._constants()),
            *steps,
            self._reset(),
            self._step() if self.code.is_causal else "",
            self._run(),
            vectors,
        ]
        return "\n".join(part for part in parts if part) + "\n"

    def _functions(self, steps: str, upper: str) -> Iterator[str]:
        """Yield the functions that the steps call: those of any platform, then a choice between its library and own."""
        own, common = called(steps), called(steps, without=LIBM)
        yield from (FUNCTIONS[name] for name in common)
        of_library = [name for name in own if name in LIBM]
        if of_library:
            yield f"#ifdef {upper}_LIBM\n#include <math.h>"
            # one that another calls, such as exp for softplus, is not asked for there
            asked = [name for name in of_library if f"r_{name}(" in steps]
            for name in asked:
                arguments = "float x, float y" if name == "pow" else "float x"
                yield f"static inline float r_{name}({arguments}) {{ return {LIBM[name]}; }}"
            yield "#else"
            yield from (FUNCTIONS[name] for name in own if name not in common)
            yield "#endif\n"

    def _products(self) -> list[MatrixProduct]:
        return [s for step in self.code.steps for s in step.statements if isinstance(s, MatrixProduct)]

    def _product_functions(self) -> str:
        """Return the functions that the products call, for each kind of weights and of columns."""
        made: dict[str, None] = {}
        for product in self._products():
            for term in product.terms:
                kind = "float" if term.scales is None else "int8_t"
                if product.width >= _PANEL:
                    made[_PANELS.format(kind=kind, panel=_PANEL)] = None
                if product.width % _PANEL:
                    made[_COLUMNS.format(kind=kind)] = None
        return "\n".join(made)

    def _constants(self) -> Iterator[CodeArray]:
        """Yield the constants, weights of products panel by panel."""
        widths = {term.weights: product.width for product in self._products() for term in product.terms}
        for step in self.code.steps:
            for array in step.constants:
                yield replace(array, values=_in_panels(array.values, widths[array])) if array in widths else array

    def _step_function(self, step: StepCode) -> str:
        arguments = [f"{self.name}_state *restrict state"]
        arguments += [f"const float *restrict {array.name}" for array in step.inputs]
        arguments.append("float *restrict y")
        body = [f"float {array.name}[{array.size}];" for array in step.scratch]
        used = {array for statement in step.statements for array in _arrays(statement)}
        body += [f"(void){array.name};" for array in step.inputs if array not in used]
        if not used & {*step.states, step.age}:
            body.append("(void)state;")
        body += [line for statement in step.statements for line in self._statement(statement)]
        if step.age is not None:
            body.append(f"state->{step.age.name}[0]++;")
        text = textwrap.indent("\n".join(body), "  ")
        return f"static void {self.name}_{step.name}({', '.join(arguments)}) {{\n{text}\n}}\n"

    def _statement(self, statement: Statement) -> Iterator[str]:
        match statement:
            case MatrixProduct():
                yield from self._product(statement)
            case Loop():
                yield from self._loop(statement)
            case Fill(target, size, value):
                yield f"for (size_t i = 0; i < {size}; i++) {self._at(target, 'i')} = {number(value)};"
            case Copy(target, source, size):
                yield f"for (size_t i = 0; i < {size}; i++) {self._at(target, 'i')} = {self._at(source, 'i')};"
            case TableRow(target, table, rows, age):
                counted, size = f"state->{age.name}[0]", table.size // rows
                row = f"({counted} < {rows} ? {counted} : {rows - 1})"
                place = f"{table.name}[{row} * {size} + i]"
                yield f"for (size_t i = 0; i < {size}; i++) {self._at(target, 'i')} = {place};"

    def _product(self, product: MatrixProduct) -> Iterator[str]:
        target, width = product.target, product.width
        begin = f"{product.start.name}[i]" if product.start is not None else "0.0f"
        yield f"for (size_t i = 0; i < {width}; i++) {self._at(target, 'i')} = {begin};"
        for term in product.terms:
            x, weights = f"{self._address(term.operand)}, {term.rows}", term.weights.name
            if term.scales is None:
                yield from _product_calls("float", x, weights, term.rows, width, self._address(target))
            else:
                yield "{"
                yield f"  float sums[{width}] = {{0}};"
                yield from _product_calls("int8_t", x, weights, term.rows, width, "sums")
                scaled = f"sums[i] * {term.scales.name}[i]"
                yield f"  for (size_t i = 0; i < {width}; i++) {self._at(target, 'i')} += {scaled};"
                yield "}"

    def _loop(self, loop: Loop) -> Iterator[str]:
        indices = [f"i{k}" if len(loop.shape) > 1 else "i" for k in range(len(loop.shape))]
        for depth, (index, size) in enumerate(zip(indices, loop.shape, strict=True)):
            head = f"for (size_t {index} = 0; {index} < {size}; {index}++) {{"
            if loop.is_reversed:
                head = f"for (size_t {index} = {size}; {index}-- > 0;) {{"
            yield "  " * depth + head
        inside = "  " * len(loop.shape)
        for place, instruction in enumerate(loop.instructions):
            match instruction:
                case Load(source, strides):
                    text = f"const float v{place} = {self._at(source, _index(indices, strides))};"
                case Literal(value):
                    text = f"const float v{place} = {number(value)};"
                case Apply(op, arguments):
                    kind = "int" if op in _TRUTH else "float"
                    text = f"const {kind} v{place} = {SPELLING[op].format(*(f'v{k}' for k in arguments))};"
                case Store(target, strides, value, joined):
                    at = self._at(target, _index(indices, strides))
                    text = f"{at} = {SPELLING[joined].format(at, f'v{value}') if joined else f'v{value}'};"
            yield inside + text
        for depth in reversed(range(len(loop.shape))):
            yield "  " * depth + "}"

    def _at(self, location: Location, index: str) -> str:
        array = _access(location.array)
        if not location.offset:
            return f"{array}[{index}]"
        return f"{array}[{location.offset}]" if index == "0" else f"{array}[{location.offset} + {index}]"

    def _address(self, location: Location) -> str:
        array = _access(location.array)
        return f"{array} + {location.offset}" if location.offset else array

    # the model ---------------------------------------------------------------------------------------------------

    def _reset(self) -> str:
        lines = []
        for array in self._states():
            values = np.zeros(1) if array.values is None else array.values
            if (values == values[0]).all():
                begin = number(float(values[0])) if array.values is not None else "0"
                lines.append(f"for (size_t i = 0; i < {array.size}; i++) state->{array.name}[i] = {begin};")
            else:
                lines.append(f"static const float {array.name}[] = {{{_numbers(values)}}};")
                lines.append(f"for (size_t i = 0; i < {array.size}; i++) state->{array.name}[i] = {array.name}[i];")
        body = textwrap.indent("\n".join(lines or ["state->nothing = 0;"]), "  ")
        return f"void {self.name}_reset({self.name}_state *state) {{\n{body}\n}}\n"

    def _call(self, step: StepCode, x: str, y: str, moved: Mapping[str, str]) -> str:
        further = [moved.get(array.name, array.name) for array in step.inputs[1:]]
        return f"{self.name}_{step.name}({', '.join(['state', x, *further, y])});"

    def _step(self) -> str:
        lines, source = [], "x"
        for number_, layer in enumerate(self.code.layers, 1):
            target = "y" if number_ == len(self.code.layers) else f"row{number_}"
            if target != "y":
                lines.append(f"float {target}[{layer.output_size}];")
            lines.append(self._call(layer.steps[0], source, target, {}))
            source = target
        return f"{self._step_head()} {{\n{textwrap.indent(chr(10).join(lines), '  ')}\n}}\n"

    def _moved(self) -> dict[str, str]:
        """Return the further inputs of step t of a sequence."""
        return {a.name: f"{a.name} + t * {a.size}" for a in self._further if a.name not in self.code.per_sequence}

    def _run(self) -> str:
        lines: list[str] = []
        if self.code.is_causal:
            inputs = [self.code.inputs[0], *self._further]
            moved = {inputs[0].name: f"x + t * {inputs[0].size}", **self._moved()}
            arguments = ["state", *(moved.get(array.name, array.name) for array in inputs)]
            step = f"{self.name}_step({', '.join([*arguments, f'y + t * {self._output_size}'])})"
            lines.append(f"for (size_t t = 0; t < steps; t++) {step};")
        else:
            source, half = "x", self.code.work_size // 2
            for number_, layer in enumerate(self.code.layers, 1):
                target = "y" if number_ == len(self.code.layers) else f"work{f' + {half} * steps' * (number_ % 2)}"
                lines += self._layer(layer, source, target)
                source = target
        return f"{self._run_head()} {{\n{textwrap.indent(chr(10).join(lines), '  ')}\n}}\n"

    def _layer(self, layer: LayerCode, source: str, target: str) -> Iterator[str]:
        """Yield the loops over a whole sequence, one for each direction."""
        offset = 0
        for step in layer.steps:
            head = "size_t t = steps; t-- > 0;" if step.reverse else "size_t t = 0; t < steps; t++"
            x, y = f"{source} + t * {layer.input_size}", f"{target} + t * {layer.output_size} + {offset}"
            yield f"for ({head}) {self._call(step, x, y, self._moved())}"
            offset += step.output.size


_NOTES = """/* Sums and functions are float32 in a fixed order: the results are the same bits where the compiler keeps
   to that (-ffp-contract=off, no -ffast-math). With -O3 the loops are vectorised. {upper}_LIBM takes exp, tanh and
   the others from the platform's <math.h>; {upper}_TEST adds a main that checks this file. */
#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ < 0 || __FLT_EVAL_METHOD__ > 1)
#error "float arithmetic is done in a wider type: compile with -msse2 -mfpmath=sse"
#endif
#define R_INFINITY r_float(0x7f800000u)
#define R_NAN r_float(0x7fc00000u)
"""


_PANELS = """static inline void r_panels_{kind}(
    const float *restrict x, size_t rows, const {kind} *restrict w, size_t panels, float *restrict y) {{
  for (size_t panel = 0; panel < panels; panel++, y += {panel}) {{
    float sums[{panel}];
    for (size_t j = 0; j < {panel}; j++) sums[j] = y[j];
    for (size_t i = 0; i < rows; i++, w += {panel}) {{
      const float a = x[i];
      for (size_t j = 0; j < {panel}; j++) sums[j] += a * (float)w[j];
    }}
    for (size_t j = 0; j < {panel}; j++) y[j] = sums[j];
  }}
}}
"""
_COLUMNS = """static inline void r_columns_{kind}(
    const float *restrict x, size_t rows, const {kind} *restrict w, size_t n, float *restrict y) {{
  for (size_t i = 0; i < rows; i++, w += n) {{
    const float a = x[i];
    for (size_t j = 0; j < n; j++) y[j] += a * (float)w[j];
  }}
}}
"""


def _product_calls(kind: str, x: str, weights: str, rows: int, width: int, target: str) -> Iterator[str]:
    """Yield the calls that add a product to sums: for whole panels of columns, and for what is left."""
    panels, rest = divmod(width, _PANEL)
    if panels:
        yield f"r_panels_{kind}({x}, {weights}, {panels}, {target});"
    if rest:
        done = panels * _PANEL
        weights, target = (f"{weights} + {rows * done}", f"{target} + {done}") if done else (weights, target)
        yield f"r_columns_{kind}({x}, {weights}, {rest}, {target});"


def _in_panels(values: np.ndarray[Any, Any] | None, width: int) -> np.ndarray[Any, Any]:
    """Return a matrix with its columns in panels, each row by row; those that fill none come last."""
    assert values is not None
    matrix, done = values.reshape(-1, width), width // _PANEL * _PANEL
    panels = matrix[:, :done].reshape(len(matrix), -1, _PANEL).transpose(1, 0, 2)
    return np.concatenate([panels.ravel(), matrix[:, done:].ravel()])


def _kind(array: CodeArray) -> str:
    """Return the type of a state's numbers: what counts steps is whole."""
    return "float" if array.values is not None else "uint32_t"


def _access(array: CodeArray) -> str:
    return f"state->{array.name}" if array.kind == "state" else array.name


def _index(indices: Sequence[str], strides: Sequence[int]) -> str:
    """Return the place that the indices of a nest of loops are at."""
    pairs = zip(indices, strides, strict=True)
    return " + ".join(f"{stride} * {i}" if stride != 1 else i for i, stride in pairs if stride) or "0"


def number(value: float) -> str:
    """Return a number as C has it; it keeps all digits of a float."""
    if np.isnan(value):
        return "R_NAN"
    if np.isinf(value):
        return "R_INFINITY" if value > 0 else "-R_INFINITY"
    text = f"{np.float32(value):.9g}"
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def _numbers(values: np.ndarray[Any, Any]) -> str:
    if values.dtype == np.int8:
        return ", ".join(map(str, values.tolist()))
    return ", ".join(map(number, values.tolist()))


def constant_text(array: CodeArray) -> str:
    """Return a constant array in C."""
    assert array.values is not None
    kind, in_a_line = ("int8_t", 24) if array.values.dtype == np.int8 else ("float", 8)
    parts = (array.values[first : first + in_a_line] for first in range(0, array.size, in_a_line))
    lines = ",\n".join(map(_numbers, parts))
    return f"static const {kind} {array.name}[{array.size}] = {{\n{lines}\n}};\n"


def _arrays(statement: Statement) -> Iterator[CodeArray]:
    """Yield the arrays that a statement reads or writes."""
    match statement:
        case MatrixProduct():
            yield statement.target.array
            yield from (term.operand.array for term in statement.terms)
        case Loop():
            for each in statement.instructions:
                if isinstance(each, Load):
                    yield each.source.array
                elif isinstance(each, Store):
                    yield each.target.array
        case Copy():
            yield from (statement.target.array, statement.source.array)
        case Fill():
            yield statement.target.array
        case TableRow():
            yield from (statement.target.array, statement.age)
