"""The functions of JavaScript that exported code has of its own; numbers are double precision until they are stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["CHECKS", "FUNCTIONS", "PANEL", "SPELLING", "called"]

SPELLING: Mapping[str, str] = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}",
    "less": "{} < {}", "less_equal": "{} <= {}", "greater": "{} > {}", "greater_equal": "{} >= {}",
    "where": "{} ? {} : {}", "mod": "r_mod({}, {})", "pow": "r_pow({}, {})",
    "maximum": "Math.max({}, {})", "minimum": "Math.min({}, {})",
    **{name: f"Math.{name}({{}})" for name in ("abs", "exp", "log", "sqrt", "sin", "cos", "sign", "floor")},
    **{name: f"r_{name}({{}})" for name in ("sigmoid", "tanh", "relu", "softplus", "erf", "heaviside")},
}  # fmt: skip
"""Operation -> its expression in JavaScript."""

CHECKS = """
function counted(name, given, count) {
  if (given?.length !== count) {
    throw new RangeError(`${name}: got ${given?.length ?? "no array of"} numbers, expected ${count}`);
  }
  return given;
}

function floats(name, given, count, Kind = Float32Array) {
  return counted(name, given, count) instanceof Kind ? given : Kind.from(given);
}

function stepsOf(x, size, least = 0) {
  const steps = x?.length / size;
  if (!(Number.isInteger(steps) && steps >= least)) {
    throw new RangeError(`x: got ${x?.length ?? "no array of"} numbers, expected ${size} for each step`);
  }
  return steps;
}

function named(inputs, names) {
  for (const name in inputs) {
    if (!names.includes(name)) {
      throw new RangeError(`${name}: no input is called so; beside x there is ${names.join(", ") || "none"}`);
    }
  }
  return inputs;
}
"""
"""What is given to a model is held against what it expects."""

PANEL = 8
"""Columns whose sums stay in registers over all rows; their weights lie side by side, row after row."""


def _products(kind: str, head: str, scaled: str) -> str:
    """Return the function that adds a vector times a matrix, whose columns lie in panels, to `y` from `at` on."""
    columns, panel = range(PANEL), PANEL
    sums = ", ".join(f"s{k} = 0" for k in columns)
    added = " ".join(f"s{k} += a * w[p{f' + {k}' if k else ''}];" for k in columns)
    stored = " ".join(
        f"y[at{f' + {k}' if k else ''}] += s{k}{scaled.format(f'j + {k}' if k else 'j')};" for k in columns
    )
    return f"""function r_product_{kind}(x, from, rows, w, width, y, at{head}) {{
  let p = 0, j = 0;
  for (; j + {panel} <= width; j += {panel}, at += {panel}) {{
    let {sums};
    for (let i = from, end = from + rows; i < end; i++, p += {panel}) {{
      const a = x[i];
      {added}
    }}
    {stored}
  }}
  for (const rest = width - j; j < width; j++, p++, at++) {{
    let s = 0;
    for (let i = 0, q = p; i < rows; i++, q += rest) s += x[from + i] * w[q];
    y[at] += s{scaled.format("j")};
  }}
}}"""


_SOURCE = f"""
function r_bytes(text) {{
  const code = new Uint8Array(128);
  for (let i = 0; i < 64; i++) {{
    code["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charCodeAt(i)] = i;
  }}
  const letters = text.replace(/[\\s=]/g, ""), bytes = new Uint8Array((letters.length * 3) >> 2);
  for (let i = 0, at = 0, held = 0, bits = 0; i < letters.length; i++) {{
    held = ((held << 6) | code[letters.charCodeAt(i)]) & 0xffff;
    if ((bits += 6) >= 8) bytes[at++] = held >> (bits -= 8);
  }}
  return bytes;
}}

{_products("float32", "", "")}

{_products("int8", ", scales", " * scales[{}]")}

// a row of a table: for any number beyond its rows the last one
function r_row(number, rows) {{ return number >= 0 && number < rows ? number : rows - 1; }}

function r_sigmoid(x) {{ return 1 / (1 + Math.exp(-x)); }}

function r_tanh(x) {{
  const e = Math.exp(-2 * Math.abs(x)), y = (1 - e) / (1 + e), square = x * x;
  return square < 1e-6 ? x - x * square / 3 : x < 0 ? -y : y;
}}

function r_softplus(x) {{ return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))); }}

function r_relu(x) {{ return x <= 0 ? 0 : x; }}

function r_heaviside(x) {{ return x > 0 ? 1 : x !== x ? x : 0; }}

function r_mod(x, y) {{ return x - y * Math.floor(x / y); }}

// where JavaScript has NaN and all others have 1
function r_pow(x, y) {{ return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y); }}

// by its power series up to 2.5, beyond by the continued fraction of 1 - erf
function r_erf(x) {{
  const size = Math.abs(x), square = x * x;
  if (!(size > 2.5)) {{
    let sum = x, term = x;
    for (let n = 1; n < 48; n++) {{
      term *= -square / n;
      sum += term / (2 * n + 1);
    }}
    return sum * 1.1283791670955126;
  }}
  let fraction = 0;
  for (let n = 24; n > 0; n--) fraction = n / 2 / (size + fraction);
  const rest = Math.exp(-square) / ((size + fraction) * 1.7724538509055159);
  return size > 6 ? Math.sign(x) : Math.sign(x) * (1 - rest);
}}
"""

FUNCTIONS: Mapping[str, str] = {
    re.findall(r"^function (r_\w+)\(", text, re.MULTILINE)[0]: text for text in _SOURCE.strip().split("\n\n")
}
"""Name -> the function's text."""


def called(text: str) -> str:
    """Return those of `FUNCTIONS` that a text calls."""
    names = set(re.findall(r"\b(r_\w+)\(", text))
    return "\n".join(function for name, function in FUNCTIONS.items() if name in names)
