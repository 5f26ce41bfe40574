"""What C has of a model beside its steps: the state, and the functions that reset it, make a step, run sequences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from recurra.export.c_steps import kind_of, number, numbers
from recurra.export.description import Framing
from recurra.export.program import CodeArray, ModelCode
from recurra.export.runs import ModelRun, RunCall, RunFrame, RunPass, RunRow, run_of, step_of

__all__ = ["CModel"]


class CModel:
    """Writes what drives the steps of a model.

    Parameters
    ----------
    code : ModelCode
    name : str
        What all its names begin with.
    """

    def __init__(self, code: ModelCode, name: str) -> None:
        self.code, self.name = code, name
        self._further = list(code.inputs[1:])

    # header ------------------------------------------------------------------------------------------------------

    def declarations(self) -> str:
        """Return what the header has of the model."""
        name, upper, code = self.name, self.name.upper(), self.code
        fields = [f"  {kind_of(array)} {array.name}[{array.size}];" for array in self._states()]
        sizes = [f"#define {upper}_{array.name.upper()}_SIZE {array.size}" for array in self._further]
        rows = "x and y have a row for each"
        if code.is_pooled:
            rows = "x has a row for each, and there has to be one; y is one row"
        elif code.unfolds_at is not None:
            sizes.append(f"#define {upper}_OUTPUT_STEPS {self._output_steps('')}")
        elif any(layer.frame for layer in code.layers):
            rows = f"x has a row for each, y as many as {upper}_OUTPUT_STEPS says"
            sizes.append(f"#define {upper}_OUTPUT_STEPS(steps) {self._output_steps('(steps)')}")
        work = ""
        if code.work_size:
            steps = f"((steps) + {code.added_steps})" if code.added_steps else "(steps)"
            work = f"\n/* how many numbers {name}_run needs to work with */\n"
            work += f"#define {upper}_WORK_SIZE(steps) ({code.work_size}ul * {steps})\n"
        step = ""
        if code.is_causal:
            so_far = ", which is of all steps so far," if code.is_pooled else ","
            step = f"/* One step: reads x, writes y{so_far} and goes on with the state. */\n{self._step_head()};\n\n"
        rest = ", and so has all else but what is the same for a sequence" if self._further else ""
        what = f"/* So many steps, one behind the other: {rows}{rest}. */"
        if code.unfolds_at is not None:
            what = f"/* Reads x, which is one row, and writes y, which is {upper}_OUTPUT_STEPS rows. */"
        classes = ""
        if code.classes:
            classes = f"#define {upper}_CLASSES {len(code.classes)}\n/* what they are called, in UTF-8 */\n"
            classes += f"extern const char *const {name}_classes[{upper}_CLASSES];\n"
        lines = [
            f"#define {upper}_INPUT_SIZE {code.inputs[0].size}\n#define {upper}_OUTPUT_SIZE {self._output_size}",
            *sizes,
            work,
            classes,
            "/* What goes from step to step; to be reset before the first one. A copy of it is a copy of the state. */",
            f"typedef struct {{\n{chr(10).join(fields) or '  char nothing;'}\n}} {name}_state;\n",
            f"/* Set the state to what a sequence begins with. */\nvoid {name}_reset({name}_state *state);\n",
            f"{step}{what}\n{self._run_head()};\n",
        ]
        return "\n".join(line for line in lines if line)

    @property
    def _output_size(self) -> int:
        return self.code.layers[-1].output_size

    def _states(self) -> list[CodeArray]:
        ages = [step.age for step in self.code.steps if step.age is not None]
        return [*(array for step in self.code.steps for array in step.states), *ages]

    def _output_steps(self, steps: str) -> str:
        for layer in self.code.layers:
            steps = str(layer.of_last or (layer.unfolding.steps if layer.unfolding else steps))
            steps = f"({_steps_after(layer.frame, steps)})" if layer.frame else steps
        return steps

    def _arguments(self) -> list[str]:
        return [f"const {kind_of(array)} *{array.name}" for array in self.code.inputs]

    def _step_head(self) -> str:
        return f"void {self.name}_step({', '.join([f'{self.name}_state *state', *self._arguments(), 'float *y'])})"

    def _run_head(self) -> str:
        work = ["float *work"] if self.code.work_size else []
        steps = ["size_t steps"] if self.code.unfolds_at is None else []
        arguments = [f"{self.name}_state *state", *self._arguments(), "float *y", *steps, *work]
        return f"void {self.name}_run({', '.join(arguments)})"

    # source ------------------------------------------------------------------------------------------------------

    def definitions(self) -> str:
        """Return what the source has of the model, behind the functions of its steps."""
        step = self._step() if self.code.is_causal else ""
        return "\n".join(part for part in (self._classes(), self._reset(), step, self._run()) if part)

    def _classes(self) -> str:
        if not self.code.classes:
            return ""
        names = ",\n".join(map(_string, self.code.classes))
        return f"const char *const {self.name}_classes[{len(self.code.classes)}] = {{\n{names}\n}};\n"

    def _reset(self) -> str:
        lines = []
        for array in self._states():
            values = np.zeros(1) if array.values is None else array.values
            if (values == values[0]).all():
                begin = number(float(values[0])) if array.values is not None else "0"
                lines.append(f"for (size_t i = 0; i < {array.size}; i++) state->{array.name}[i] = {begin};")
            else:
                lines.append(f"static const float {array.name}[] = {{{numbers(values)}}};")
                lines.append(f"for (size_t i = 0; i < {array.size}; i++) state->{array.name}[i] = {array.name}[i];")
        return _function(f"void {self.name}_reset({self.name}_state *state)", lines or ["state->nothing = 0;"])

    def _step(self) -> str:
        return _function(self._step_head(), self._lines(step_of(self.code)))

    def _run(self) -> str:
        return _function(self._run_head(), self._lines(run_of(self.code)))

    def _lines(self, run: ModelRun) -> Iterator[str]:
        """Yield the lines of a run."""
        code, steps = self.code, run.steps or "steps"
        many = f"({steps} + {code.added_steps})" if code.added_steps else steps
        for each in run.memory:
            if each.number is None:
                yield f"float {each.name}[{each.size}]{' = {0}' if each.is_zero else ''};"
            else:
                yield f"float *const {each.name} = work{f' + {each.size} * {many}' if each.number else ''};"
        yield from (f"const float *const {name} = {_at(row)};" for name, row in run.made.items())
        for name, (frame, before) in run.counts.items():
            yield f"const size_t {name} = {_steps_after(frame, str(before))};"
        if run.steps is not None:
            yield f"{self.name}_reset(state);"
        for each in run.passes:
            yield from self._pass(each)

    def _pass(self, each: RunPass) -> Iterator[str]:
        if each.is_alone:
            yield from (self._call(call, "", "") for call in each.calls)
            return
        head = f"size_t t = {each.begin}; t < {each.end}; t++"
        if each.is_reversed:
            head = f"size_t t = {each.end}; t-- > {each.begin};"
        written = f"(t - {each.begin})" if each.begin else "t"
        yield f"for ({head}) {{"
        if each.frame:
            yield from (f"  {line}" for line in _framed(each.frame))
        yield from (f"  {self._call(call, 't', written)}" for call in each.calls)
        yield "}"

    def _call(self, call: RunCall, read: str, written: str) -> str:
        """Return the call of a step that reads one row and writes another, none where there is but one."""
        further = [
            f"{array.name} + {read} * {array.size}" if read and array.name not in self.code.per_sequence
            else array.name for array in call.step.inputs[1:]
        ]  # fmt: skip
        arguments = ["state", _at(call.x, read), *further, _at(call.y, written)]
        return f"{self.name}_{call.step.name}({', '.join(arguments)});"


def _framed(frame: RunFrame) -> Iterator[str]:
    """Yield the loop that lays rows side by side, with zeros outside of the sequence."""
    framing, width = frame.framing, frame.source.apart
    yield f"for (size_t k = 0; k < {framing.size}; k++) {{"
    yield f"  const size_t at = t * {framing.stride} + k;"
    yield f"  const int inside = at >= {framing.padding} && at < {frame.rows} + {framing.padding};"
    value = f"inside ? {frame.source.memory}[(at - {framing.padding}) * {width} + i] : 0.0f"
    yield f"  for (size_t i = 0; i < {width}; i++) {frame.memory}[k * {width} + i] = {value};"
    yield "}"


def _at(row: RunRow, t: str = "") -> str:
    """Return where a row begins, at a step."""
    moved = f" + {t} * {row.apart}" if t and row.apart else ""
    return f"{row.memory}{moved}{f' + {row.offset}' if row.offset else ''}"


def _function(head: str, lines: Iterator[str] | Sequence[str]) -> str:
    return f"{head} {{\n{textwrap.indent(chr(10).join(lines), '  ')}\n}}\n"


def _steps_after(frame: Framing, steps: str) -> str:
    """Return how many steps come out of so many."""
    padded = f"{steps} + {2 * frame.padding}"
    return f"{padded} < {frame.size} ? 0 : ({padded} - {frame.size}) / {frame.stride} + 1"


def _string(text: str) -> str:
    """Return a text as C has it: its bytes in UTF-8, all but plain ones by their numbers."""
    plain = set(range(32, 127)) - {ord(letter) for letter in '"\\?'}
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in text.encode()) + '"'
