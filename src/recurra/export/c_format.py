"""C as a format of `export`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from recurra.export.c import CWriter, reader_name
from recurra.export.c_artefact import CArtefact, compiled
from recurra.export.c_steps import constant_text
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.formats import ExportOptions
from recurra.export.lowering import further_name, lowered
from recurra.export.program import CodeArray, ModelCode

__all__ = ["CFormat"]


class CFormat:
    """One .c and one .h; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".c", ".h")
    options = frozenset({"weights"})
    tolerance = 1e-6
    has_attention = False

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        code = lowered(model)
        writer = CWriter(code, options.name, options.file, model.title)
        source, header = writer.files(_check(code, options.name, *test))
        return {".c": source.encode(), ".h": header.encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> CArtefact:
        """Return the file, compiled for this machine."""
        return CArtefact(compiled(file), options.name, model, lowered(model))


def _check(code: ModelCode, name: str, sequences: CheckedSequences, values: RunValues) -> str:
    """Return the part of a source file that runs it on one sequence and compares the results."""
    steps, upper = len(sequences.x), name.upper()
    given = {"x": sequences.x, **{further_name(key): value for key, value in sequences.inputs.items()}}
    finals = np.concatenate([
        state[k, 0] for group in values.states for k in range(len(group[0])) for state in group
    ] or [np.zeros(0, np.float32)])  # fmt: skip
    wanted = np.concatenate([values.y.ravel(), finals]).astype(np.float32)
    count, size = values.y.size, float(max(1.0, np.abs(wanted).max(initial=0.0)))
    arrays = [CodeArray(f"test_{key}", value.size, "constant", value.ravel()) for key, value in given.items()]
    arrays.append(CodeArray("test_wanted", wanted.size, "constant", wanted))
    reading = []
    for key, (tokens, lengths) in sequences.read.items():
        letters = [tokens[t, 0, :length] for t, length in enumerate(lengths[:, 0])]
        arrays.append(CodeArray(f"test_{key}", sum(map(len, letters)), "constant", np.concatenate(letters)))
        reading.append(_reading(code, name, further_name(key), f"test_{key}", lengths[:, 0].tolist()))
    inputs = ", ".join(f"test_{array.name}" for array in code.inputs)
    work, work_argument = "", ""
    if code.work_size:
        work, work_argument = f"\n  static float work[{code.work_size * (steps + code.added_steps)}];", ", work"
    length = f", {steps}" if code.unfolds_at is None else ""
    fields = [array for step in code.steps for array in step.states] if values.states else []
    ends = np.cumsum([count, *(array.size for array in fields)]).tolist()
    compare = "\n".join(
        f"  for (size_t i = 0; i < {array.size}; i++) largest = test_larger(largest, state.{array.name}[i], "
        f"test_wanted[{first} + i]);"
        for array, first in zip(fields, ends[:-1], strict=True)
    )
    return f"""#ifdef {upper}_TEST
{"".join(map(constant_text, arrays))}
static float test_larger(float largest, float a, float b) {{
  const float error = a > b ? a - b : b - a;
  return largest != largest || error <= largest ? largest : error;
}}

/* The largest difference from what the model gave, over all outputs and last states of {steps} steps. */
float {name}_test(void);
float {name}_test(void) {{
  static float y[{count}];{work}
  {name}_state state;
  float largest = 0.0f;
{"".join(reading)}  {name}_reset(&state);
  {name}_run(&state, {inputs}, y{length}{work_argument});
  for (size_t i = 0; i < {count}; i++) largest = test_larger(largest, y[i], test_wanted[i]);
{compare}
  return largest;
}}

#if defined(__STDC_HOSTED__) && __STDC_HOSTED__
#include <stdio.h>
#endif
int main(void) {{
  const float largest = {name}_test();
#if defined(__STDC_HOSTED__) && __STDC_HOSTED__
  printf("{name}: the largest difference is %g\\n", (double)largest);
#endif
  return !(largest <= {2e-6 * size:.3g}f);
}}
#endif
"""


def _reading(code: ModelCode, name: str, further: str, tokens: str, lengths: list[int]) -> str:
    """Return the lines that make an input beside `x` by the model that reads its tokens."""
    reader, called = code.readers[further], reader_name(name, further)
    size = reader.layers[-1].output_size
    work, argument = "", ""
    if reader.work_size:
        work, argument = f" float work[{reader.work_size * (max(lengths) + reader.added_steps)}];", ", work"
    return f"""  static float test_{further}[{size * len(lengths)}];
  static const size_t lengths_{further}[] = {{{", ".join(map(str, lengths))}}};
  for (size_t t = 0, first = 0; t < {len(lengths)}; first += lengths_{further}[t], t++) {{
    {called}_state reading;{work}
    {called}_reset(&reading);
    {called}_run(&reading, {tokens} + first, test_{further} + t * {size}, lengths_{further}[t]{argument});
  }}
"""
