"""What C has of a model beside its steps: the state, and the functions that reset it, make a step, run sequences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from recurra.export.c_steps import kind_of, number, numbers
from recurra.export.description import Framing
from recurra.export.lowering import further_name
from recurra.export.program import CodeArray, LayerCode, ModelCode, StepCode

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
        rows = "a row for each"
        if code.is_pooled:
            rows, sizes = "a row for each, of which there has to be one; y has one row", [*sizes]
        elif code.unfolds_at is not None:
            sizes.append(f"#define {upper}_OUTPUT_STEPS {self._output_steps('')}")
        elif any(layer.frame for layer in code.layers):
            rows = f"a row for each, y as many as {upper}_OUTPUT_STEPS says"
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
        what = (
            f"/* So many steps, one behind the other: x and y have {rows}, and so has all else but what is the same for"
            " a sequence. */"
        )
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

    def _call(self, step: StepCode, x: str, y: str, *, at_step: str = "") -> str:
        """Return the call of a step; of a sequence at a step, what is not the same at all of them moves on."""
        further = [
            f"{array.name} + {at_step} * {array.size}" if at_step and array.name not in self.code.per_sequence
            else array.name for array in step.inputs[1:]
        ]  # fmt: skip
        return f"{self.name}_{step.name}({', '.join(['state', _moved(x, step.begin), *further, y])});"

    def _calls(self, layer: LayerCode, x: str, y: str, *, at_step: str = "") -> Iterator[str]:
        """Yield the calls of a layer for one row."""
        offset = 0
        for step in layer.steps:
            yield self._call(step, x, _moved(y, offset), at_step=at_step)
            offset += step.output.size

    def _chain(self, layers: Sequence[LayerCode], first: int, x: str, y: str, *, at_step: str = "") -> Iterator[str]:
        """Yield the calls of layers one behind the other, of which the first has this number."""
        for k, layer in enumerate(layers, first):
            target = y if k == first + len(layers) - 1 else f"row{k}"
            if target != y:
                yield f"float {target}[{layer.output_size}];"
            yield from self._calls(layer, x, target, at_step=at_step)
            x = target

    def _step(self) -> str:
        return _function(self._step_head(), self._chain(self.code.layers, 1, "x", "y"))

    def _run(self) -> str:
        code = self.code
        if code.is_causal and not code.is_pooled:
            arguments = ["state"] + [
                array.name if array.name in code.per_sequence else f"{array.name} + t * {array.size}"
                for array in code.inputs
            ]
            step = f"{self.name}_step({', '.join([*arguments, f'y + t * {self._output_size}'])})"
            return _function(self._run_head(), [f"for (size_t t = 0; t < steps; t++) {step};"])
        lines: list[str] = []
        first, source = 0, "x"
        if code.unfolds_at is not None:
            first, source = code.unfolds_at + 1, "unfolded"
            lines += self._unfolded(code.layers[:first])
        pooling = code.of_steps
        pooled, behind = code.layers[pooling : pooling + 1], code.layers[pooling + 1 :]
        one = "pooled" if behind else "y"
        if behind:
            lines.append(f"float pooled[{pooled[0].output_size}] = {{0}};")
        lines += (self._step_by_step if code.goes_by_steps else self._layer_by_layer)(first, source, one)
        lines += self._chain(behind, pooling + 2, one, "y")
        return _function(self._run_head(), lines)

    def _unfolded(self, layers: Sequence[LayerCode]) -> Iterator[str]:
        """Yield the lines that make a sequence of a row, whose state begins anew."""
        last = layers[-1]
        assert last.unfolding is not None
        yield f"const size_t steps = {last.unfolding.steps};"
        yield f"float unfolded[{last.row_size}];"
        for name, place in last.unfolding.places.items():
            yield f"const float *const {further_name(name)} = unfolded + {place};"
        yield f"{self.name}_reset(state);"
        yield from self._chain(layers, 1, "x", "unfolded")

    def _step_by_step(self, first: int, source: str, one: str) -> Iterator[str]:
        """Yield the loop over a sequence in which layers, from one on, run at each step up to what pools."""
        code = self.code
        layers = code.layers[first : code.of_steps + 1]
        x, y = f"{source} + t * {layers[0].input_size}", one if code.is_pooled else f"y + t * {self._output_size}"
        late = next((k for k, layer in enumerate(layers) if layer.of_last), len(layers))
        yield "for (size_t t = 0; t < steps; t++) {"
        if late == len(layers):
            calls = self._chain(layers, first + 1, x, y, at_step="t")
            yield from (f"  {line}" for line in calls)
        else:
            before = layers[late - 1].output_size
            yield f"  float before[{before}];"
            yield from (f"  {line}" for line in self._chain(layers[:late], first + 1, x, "before", at_step="t"))
            yield f"  if (t + {layers[late].of_last} < steps) continue;"
            y = f"y + (t + {layers[late].of_last} - steps) * {self._output_size}"
            calls = self._chain(layers[late:], first + late + 1, "before", y, at_step="t")
            yield from (f"  {line}" for line in calls)
        yield "}"

    def _layer_by_layer(self, first: int, source: str, one: str) -> Iterator[str]:
        """Yield the loops of each layer, from one on, over the whole sequence, up to the one that pools."""
        code, steps = self.code, "steps"
        if code.work_size:
            added = f"(steps + {code.added_steps})" if code.added_steps else "steps"
            yield f"float *const halves[2] = {{work, work + {code.work_size // 2} * {added}}};"
        for k, layer in enumerate(code.layers[first : code.of_steps + 1], first + 1):
            target, row = f"halves[{k % 2}]", layer.output_size
            if layer.is_pooled:
                target, row = one, 0
            elif k == len(code.layers):
                target = "y"
            if layer.of_last:
                source = f"({source} + ({steps} - {layer.of_last}) * {layer.input_size})"
                steps = str(layer.of_last)
            if layer.frame:
                yield f"const size_t steps{k} = {_steps_after(layer.frame, steps)};"
                yield from self._framed(layer, layer.frame, source, target, (steps, f"steps{k}"))
                steps = f"steps{k}"
            else:
                yield from self._directions(layer, source, target, row, steps)
            source = target

    def _directions(self, layer: LayerCode, source: str, target: str, row: int, steps: str) -> Iterator[str]:
        offset = 0
        for step in layer.steps:
            head = f"size_t t = {steps}; t-- > 0;" if step.reverse else f"size_t t = 0; t < {steps}; t++"
            y = _moved(f"{target} + t * {row}" if row else target, offset)
            yield f"for ({head}) {self._call(step, f'{source} + t * {layer.input_size}', y, at_step='t')}"
            offset += step.output.size

    def _framed(
        self, layer: LayerCode, frame: Framing, source: str, target: str, steps: tuple[str, str]
    ) -> Iterator[str]:
        """Yield the loop of a layer that reads several rows at once, with zeros outside of the sequence."""
        before, after = steps
        yield f"for (size_t t = 0; t < {after}; t++) {{"
        yield f"  float frame[{frame.size * layer.input_size}];"
        yield f"  for (size_t k = 0; k < {frame.size}; k++) {{"
        yield f"    const size_t at = t * {frame.stride} + k;"
        yield f"    const int inside = at >= {frame.padding} && at < {before} + {frame.padding};"
        value = f"inside ? {source}[(at - {frame.padding}) * {layer.input_size} + i] : 0.0f"
        yield f"    for (size_t i = 0; i < {layer.input_size}; i++) frame[k * {layer.input_size} + i] = {value};"
        yield "  }"
        for line in self._calls(layer, "frame", f"{target} + t * {layer.output_size}"):
            yield f"  {line}"
        yield "}"


def _function(head: str, lines: Iterator[str] | Sequence[str]) -> str:
    return f"{head} {{\n{textwrap.indent(chr(10).join(lines), '  ')}\n}}\n"


def _moved(place: str, offset: int) -> str:
    return f"{place} + {offset}" if offset else place


def _steps_after(frame: Framing, steps: str) -> str:
    """Return how many steps come out of so many."""
    padded = f"{steps} + {2 * frame.padding}"
    return f"{padded} < {frame.size} ? 0 : ({padded} - {frame.size}) / {frame.stride} + 1"


def _string(text: str) -> str:
    """Return a text as C has it: its bytes in UTF-8, all but plain ones by their numbers."""
    plain = set(range(32, 127)) - {ord(letter) for letter in '"\\?'}
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in text.encode()) + '"'
