"""The steps of a program in C99: each is a function, its statements are loops and calls of products."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

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
    StepCode,
    Store,
    TableRow,
    arrays_of,
    in_panels,
    offset_text,
)

__all__ = ["SPELLING", "StepWriter", "constant_text", "kind_of", "number", "numbers"]

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

The last panel takes eights more, up to 24, which leave registers free still; others go two by two, as one sum has to
wait for the one before it. Compilers take apart loops of 16 columns and fewer before they vectorise, so that those have
no panel. The first and the last row stand outside of the loop: without them sums would be copied from and to memory,
which compilers make a call of, or a move of bytes, that keeps them in memory throughout.
"""


class StepWriter:
    """Writes the steps of a model.

    Parameters
    ----------
    code : ModelCode
    name : str
        What the names of the functions begin with.
    """

    def __init__(self, code: ModelCode, name: str) -> None:
        self.code, self.name = code, name

    def functions(self) -> list[str]:
        """Return a function for each step."""
        return [self._step_function(step) for step in self.code.steps]

    def _products(self) -> list[MatrixProduct]:
        return [s for step in self.code.steps for s in step.statements if isinstance(s, MatrixProduct)]

    def product_functions(self) -> list[str]:
        """Return the functions that the products call, for each kind of weights and of columns."""
        made: dict[str, None] = {}
        for product in self._products():
            for term in product.terms:
                kind = "float" if term.scales is None else "int8_t"
                for panel, count in _panels(term.rows, term.width):
                    needed = [_COLUMNS] if not panel else [_OF_A_PANEL] if count == 1 else [_OF_A_PANEL, _OF_PANELS]
                    made |= dict.fromkeys(text.format(kind=kind, panel=panel) for text in needed)
        return list(made)

    def constants(self) -> Iterator[CodeArray]:
        """Yield the constants, weights of products panel by panel."""
        terms = {term.weights: term for product in self._products() for term in product.terms}
        for step in self.code.steps:
            for array in step.constants:
                if array in terms:
                    rows, width = terms[array].rows, terms[array].width
                    yield replace(array, values=in_panels(array.values, width, _panels(rows, width)))
                else:
                    yield array

    def _step_function(self, step: StepCode) -> str:
        arguments = [f"{self.name}_state *restrict state"]
        arguments += [f"const {kind_of(array)} *restrict {array.name}" for array in step.inputs]
        arguments.append("float *restrict y")
        body = [f"float {array.name}[{array.size}];" for array in step.scratch]
        used = {array for statement in step.statements for array in arrays_of(statement)}
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
            case TableRow(target, table, rows, place):
                at, size = f"(uint32_t){_access(place)}[0]", table.size // rows
                row = f"({at} < {rows}u ? {at} : {rows - 1}u)"
                yield f"for (size_t i = 0; i < {size}; i++) {self._at(target, 'i')} = {table.name}[{row} * {size} + i];"

    def _product(self, product: MatrixProduct) -> Iterator[str]:
        target = product.target
        begin = f"{product.start.name}[i]" if product.start is not None else "0.0f"
        yield f"for (size_t i = 0; i < {product.width}; i++) {self._at(target, 'i')} = {begin};"
        for term in product.terms:
            x, weights = f"{self._address(term.operand)}, {term.rows}", term.weights.name
            to = Location(target.array, target.offset + term.offset)
            if term.scales is None:
                yield from _product_calls("float", x, weights, term.rows, term.width, self._address(to))
            else:
                yield "{"
                yield f"  float sums[{term.width}] = {{0}};"
                yield from _product_calls("int8_t", x, weights, term.rows, term.width, "sums")
                scaled = f"sums[i] * {term.scales.name}[i]"
                yield f"  for (size_t i = 0; i < {term.width}; i++) {self._at(to, 'i')} += {scaled};"
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
                    text = f"const float v{place} = {self._at(source, offset_text(indices, strides))};"
                case Literal(value):
                    text = f"const float v{place} = {number(value)};"
                case Apply(op, arguments):
                    kind = "int" if op in _TRUTH else "float"
                    text = f"const {kind} v{place} = {SPELLING[op].format(*(f'v{k}' for k in arguments))};"
                case Store(target, strides, value, joined):
                    at = self._at(target, offset_text(indices, strides))
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


_OF_A_PANEL = """static inline void r_panel_{kind}_{panel}(
    const float *restrict x, size_t rows, const {kind} *restrict w, float *restrict y) {{
  const float first = x[0], last = x[rows - 1];
  float sums[{panel}];
  for (size_t j = 0; j < {panel}; j++) sums[j] = y[j] + first * (float)w[j];
  w += {panel};
  for (size_t i = 1; i < rows - 1; i++, w += {panel}) {{
    const float a = x[i];
    for (size_t j = 0; j < {panel}; j++) sums[j] += a * (float)w[j];
  }}
  for (size_t j = 0; j < {panel}; j++) y[j] = sums[j] + last * (float)w[j];
}}
"""
_OF_PANELS = """static inline void r_panels_{kind}_{panel}(
    const float *restrict x, size_t rows, const {kind} *restrict w, size_t panels, float *restrict y) {{
  for (; panels > 1; panels -= 2, y += 2 * {panel}) {{
    const {kind} *restrict v = w + rows * {panel};
    const float first = x[0], last = x[rows - 1];
    float sums[{panel}], more[{panel}];
    for (size_t j = 0; j < {panel}; j++) sums[j] = y[j] + first * (float)w[j];
    for (size_t j = 0; j < {panel}; j++) more[j] = y[{panel} + j] + first * (float)v[j];
    w += {panel};
    v += {panel};
    for (size_t i = 1; i < rows - 1; i++, w += {panel}, v += {panel}) {{
      const float a = x[i];
      for (size_t j = 0; j < {panel}; j++) sums[j] += a * (float)w[j];
      for (size_t j = 0; j < {panel}; j++) more[j] += a * (float)v[j];
    }}
    for (size_t j = 0; j < {panel}; j++) y[j] = sums[j] + last * (float)w[j];
    for (size_t j = 0; j < {panel}; j++) y[{panel} + j] = more[j] + last * (float)v[j];
    w = v + {panel};
  }}
  if (panels) r_panel_{kind}_{panel}(x, rows, w, y);
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


def _panels(rows: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the columns of a panel, 0 for those that fill none, and how many panels, or columns, there are."""
    whole, rest = divmod(width, _PANEL) if rows > 1 else (0, width)
    more = rest // 8 * 8 if rows > 1 and (whole or rest >= 24) else 0
    if more and whole:
        whole, more = whole - 1, more + _PANEL
    parts = ((_PANEL, whole), (more, 1 if more else 0), (0, width - whole * _PANEL - more))
    yield from ((panel, count) for panel, count in parts if count)


def _product_calls(kind: str, x: str, weights: str, rows: int, width: int, target: str) -> Iterator[str]:
    """Yield the calls that add a product to sums: panel by panel, and for what is left."""
    done = 0
    for panel, count in _panels(rows, width):
        of, to = (f"{weights} + {rows * done}", f"{target} + {done}") if done else (weights, target)
        if panel and count == 1:
            yield f"r_panel_{kind}_{panel}({x}, {of}, {to});"
        else:
            yield f"r_{f'panels_{kind}_{panel}' if panel else f'columns_{kind}'}({x}, {of}, {count}, {to});"
        done += panel * count or count


def kind_of(array: CodeArray) -> str:
    """Return the type of an array's numbers: tokens have a sign, what counts steps has none."""
    if not array.is_whole:
        return "float"
    return "uint32_t" if array.kind == "state" else "int32_t"


def _access(array: CodeArray) -> str:
    return f"state->{array.name}" if array.kind == "state" else array.name


def number(value: float) -> str:
    """Return a number as C has it; it keeps all digits of a float."""
    if np.isnan(value):
        return "R_NAN"
    if np.isinf(value):
        return "R_INFINITY" if value > 0 else "-R_INFINITY"
    return _literal(float(np.float32(value)))


def _literal(value: float) -> str:
    text = f"{value:.9g}"
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def numbers(values: np.ndarray[Any, Any]) -> str:
    """Return numbers as a list in C has them."""
    if values.dtype.kind == "i":
        return ", ".join(map(str, values.tolist()))
    return ", ".join(map(_literal if np.isfinite(values).all() else number, values.tolist()))


def constant_text(array: CodeArray) -> str:
    """Return a constant array in C."""
    assert array.values is not None
    kind = f"{array.values.dtype}_t" if array.values.dtype.kind == "i" else "float"
    in_a_line = 24 if kind == "int8_t" else 8
    parts = (array.values[first : first + in_a_line] for first in range(0, array.size, in_a_line))
    lines = ",\n".join(map(numbers, parts))
    return f"static const {kind} {array.name}[{array.size}] = {{\n{lines}\n}};\n"
