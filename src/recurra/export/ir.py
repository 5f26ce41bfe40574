"""A model in LLVM's intermediate representation (IR), from which it makes objects for any processor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from recurra.export.description import Framing
from recurra.export.ir_numbers import BYTE, FLOAT, POINTER, WORD
from recurra.export.ir_steps import ALIGNMENT, CodeShape, Memory, StatementWriter, repeat
from recurra.export.program import CodeArray, Copy, Fill, LayerCode, Location, ModelCode, Statement, StepCode

__all__ = ["IRWriter", "InModule", "state_offsets"]


class InModule:
    """Constants of the object, and scratch on the stack."""

    def __init__(self, module: ir.Module) -> None:
        self._module = module

    def constant(self, name: str, content: bytes) -> Any:
        """Return a pointer to bytes that never change."""
        value: Any = ir.GlobalVariable(self._module, ir.ArrayType(BYTE, len(content)), name)
        value.linkage, value.global_constant, value.align = "internal", True, ALIGNMENT
        value.initializer = ir.Constant(value.value_type, bytearray(content))
        value.type = POINTER  # llvmlite's has the type of what it points to
        return value

    def scratch(self, builder: ir.IRBuilder, array: CodeArray) -> Any:
        """Return a pointer to floats of one step, where its function begins."""
        value: Any = builder.alloca(ir.ArrayType(FLOAT, array.size), name=array.name)
        value.align = 16
        value.type = POINTER
        return value


def state_offsets(code: ModelCode) -> dict[CodeArray, int]:
    """Return where each state lies in the struct of all, in numbers of four bytes; those that count steps are last."""
    ages = [step.age for step in code.steps if step.age is not None]
    states = [*(array for step in code.steps for array in step.states), *ages]
    ends = np.cumsum([array.size for array in states]).tolist()
    return {array: end - array.size for array, end in zip(states, ends, strict=True)}


class IRWriter:
    """Writes models as functions NAME_reset, NAME_step and NAME_run, as the header of C declares them.

    Parameters
    ----------
    shape : CodeShape
    memory : function from the module to its Memory
    """

    def __init__(self, shape: CodeShape, memory: Callable[[ir.Module], Memory] = InModule) -> None:
        self.shape, self.module = shape, ir.Module()
        self.memory = memory(self.module)

    def write(self, code: ModelCode, name: str) -> None:
        """Write a model, whose names begin so."""
        _ModelWriter(self, code, f"{name}_").write()

    def write_texts(self, texts: Sequence[str], name: str) -> None:
        """Write an array of pointers to texts, which C declares as `const char *const NAME[]`."""
        contents = [self.memory.constant(f"{name}_{k}", text.encode() + b"\0") for k, text in enumerate(texts)]
        value: Any = ir.GlobalVariable(self.module, ir.ArrayType(POINTER, len(contents)), name)
        value.global_constant, value.initializer = True, ir.Constant(value.value_type, contents)

    def text(self) -> str:
        """Return the module."""
        for function in self.module.functions:
            # nothing becomes a call of memset or memcpy, which nobody may have; llvmlite knows no attributes in quotes
            set.add(function.attributes, '"no-builtins"')
            function.attributes.add("nounwind")
        return str(self.module)


class _ModelWriter:
    """Writes what `CModel` writes in C."""

    def __init__(self, writer: IRWriter, code: ModelCode, name: str) -> None:
        self.writer, self.code, self.name = writer, code, name
        self._size = ir.IntType(writer.shape.word_bits)
        self._states = state_offsets(code)

    def write(self) -> None:
        """Write all functions of the model."""
        self._steps = {step: self._step_function(step) for step in self.code.steps}
        self._reset()
        step = self._step() if self.code.is_causal else None
        if step is not None and not self.code.is_pooled:
            self._step_by_step(step)
        else:
            self._run()

    # functions ---------------------------------------------------------------------------------------------------

    def _function(self, name: str, arguments: Sequence[str], *, is_internal: bool = False) -> tuple[Any, Any]:
        """Return a function of pointers and, by the name `steps`, their number, and a builder inside it."""
        kinds = [self._size if each == "steps" else POINTER for each in arguments]
        function = ir.Function(self.writer.module, ir.FunctionType(ir.VoidType(), kinds), self.name + name)
        for value, argument in zip(function.args, arguments, strict=True):
            value.name = argument
            if argument != "steps":
                value.add_attribute("noalias")
        function.linkage = "internal" if is_internal else "external"
        return function, ir.IRBuilder(function.append_basic_block())

    def _statements(self, builder: Any, pointers: Mapping[Any, Any], *statements: Statement) -> StatementWriter:
        """Write statements."""
        writer = StatementWriter(builder, self.writer.shape, self.writer.memory, self.name, pointers, self._states)
        for statement in statements:
            writer.write(statement)
        return writer

    def _scratch(self, builder: Any, name: str, size: int) -> Any:
        return self.writer.memory.scratch(builder, CodeArray(name, size, "scratch"))

    def _step_function(self, step: StepCode) -> Any:
        names = ["state", *(array.name for array in step.inputs), "y"]
        function, builder = self._function(step.name, names, is_internal=True)
        pointers = dict(zip((None, *step.inputs, step.output), function.args, strict=True))
        pointers |= {array: self.writer.memory.scratch(builder, array) for array in step.scratch}
        writer = self._statements(builder, pointers, *step.statements)
        if step.age is not None:
            count = writer.pointer(Location(step.age))
            builder.store(builder.add(builder.load(count, typ=WORD), ir.Constant(WORD, 1)), count)
        builder.ret_void()
        return function

    def _reset(self) -> None:
        function, builder = self._function("reset", ["state"])
        for array in self._states:
            values, target = np.zeros(1, np.float32) if array.values is None else array.values, Location(array)
            if (values == values[0]).all():
                statement = Fill(target, array.size, float(values[0]))
            else:
                begin = CodeArray(f"{array.name}_begin", array.size, "constant", values)
                statement = Copy(target, Location(begin), array.size)
            self._statements(builder, {None: function.args[0]}, statement)
        builder.ret_void()

    # rows --------------------------------------------------------------------------------------------------------

    def _number(self, value: int) -> Any:
        return ir.Constant(self._size, value)

    def _moved(self, builder: Any, pointer: Any, size: int, t: Any = None) -> Any:
        """Return a pointer so many numbers, or t times so many, further on."""
        place = self._number(size) if t is None else builder.mul(t, self._number(size))
        return builder.gep(pointer, [place], source_etype=FLOAT) if size else pointer

    def _calls(self, builder: Any, layer: LayerCode, given: Mapping[str, Any], x: Any, y: Any, t: Any = None) -> None:
        """Call the steps of a layer for one row; of a sequence at step t, further inputs move on."""
        offset = 0
        for step in layer.steps:
            self._call(builder, step, given, x, self._moved(builder, y, offset), t)
            offset += step.output.size

    def _call(self, builder: Any, step: StepCode, given: Mapping[str, Any], x: Any, y: Any, t: Any = None) -> None:
        further = [
            given[array.name] if t is None or array.name in self.code.per_sequence
            else self._moved(builder, given[array.name], array.size, t) for array in step.inputs[1:]
        ]  # fmt: skip
        x = self._moved(builder, x, step.begin)
        builder.call(self._steps[step], [given["state"], x, *further, y])

    def _rows(self, builder: Any, layers: Sequence[LayerCode], first: int) -> list[Any]:
        """Return where the rows between layers are that follow each other in one step."""
        return [
            self._scratch(builder, f"row{k}", layer.output_size) for k, layer in enumerate(layers[:-1], first)
        ]  # fmt: skip

    def _chain(
        self, builder: Any, layers: Sequence[LayerCode], rows: Sequence[Any], given: Mapping[str, Any], x: Any, y: Any,
        t: Any = None,
    ) -> None:  # fmt: skip
        """Call layers one behind the other, with `rows` between them."""
        for layer, target in zip(layers, [*rows, y][: len(layers)], strict=True):
            self._calls(builder, layer, given, x, target, t)
            x = target

    # the model ---------------------------------------------------------------------------------------------------

    def _arguments(self, name: str, *more: str) -> tuple[Any, Any, dict[str, Any]]:
        """Return a function of a state, all inputs and y, a builder inside it and its arguments by name."""
        names = ["state", *(array.name for array in self.code.inputs), "y", *more]
        function, builder = self._function(name, names)
        return function, builder, dict(zip(names, function.args, strict=True))

    def _step(self) -> Any:
        function, builder, given = self._arguments("step")
        layers = self.code.layers
        self._chain(builder, layers, self._rows(builder, layers, 1), given, given["x"], given["y"])
        builder.ret_void()
        return function

    def _step_by_step(self, step: Any) -> None:
        _, builder, given = self._arguments("run", "steps")

        def row(t: Any, _: list[Any]) -> list[Any]:
            inputs = [
                given[array.name] if array.name in self.code.per_sequence
                else self._moved(builder, given[array.name], array.size, t) for array in self.code.inputs
            ]  # fmt: skip
            y = self._moved(builder, given["y"], self.code.layers[-1].output_size, t)
            builder.call(step, [given["state"], *inputs, y])
            return []

        repeat(builder, given["steps"], row)
        builder.ret_void()

    def _run(self) -> None:
        code, first = self.code, self.code.of_steps
        _, builder, given = self._arguments("run", "steps", *(["work"] if code.work_size else []))
        pooled, behind = code.layers[first : first + 1], code.layers[first + 1 :]
        one, after = given["y"], self._rows(builder, behind, first + 2)
        if behind:
            array = CodeArray("pooled", pooled[0].output_size, "scratch")
            one = self.writer.memory.scratch(builder, array)
            self._statements(builder, {array: one}, Fill(Location(array), array.size, 0.0))
        if code.is_causal:
            layers = code.layers[: first + 1]
            rows = self._rows(builder, layers, 1)

            def step(t: Any, _: list[Any]) -> list[Any]:
                x = self._moved(builder, given["x"], code.inputs[0].size, t)
                self._chain(builder, layers, rows, given, x, one, t)
                return []

            repeat(builder, given["steps"], step)
        else:
            self._layer_by_layer(builder, given, one)
        self._chain(builder, behind, after, given, one, given["y"])
        builder.ret_void()

    def _layer_by_layer(self, builder: Any, given: Mapping[str, Any], one: Any) -> None:
        """Write the loops of each layer over the whole sequence, up to the one that pools into one row."""
        code, source, steps = self.code, given["x"], given["steps"]
        halves = []
        if code.work_size:
            most = builder.add(steps, self._number(code.added_steps))
            halves = [given["work"], self._moved(builder, given["work"], code.work_size // 2, most)]
        for k, layer in enumerate(code.layers[: code.of_steps + 1], 1):
            target = given["y"]
            if layer.is_pooled:
                target = one
            elif k < len(code.layers):
                target = halves[k % 2]
            if layer.frame:
                steps = self._framed(builder, layer, layer.frame, given, source, target, steps)
            else:
                self._directions(builder, layer, given, source, target, steps)
            source = target

    def _directions(
        self, builder: Any, layer: LayerCode, given: Mapping[str, Any], source: Any, target: Any, steps: Any
    ) -> None:
        """Write the loops of a layer's directions over a sequence."""
        offset, row = 0, 0 if layer.is_pooled else layer.output_size
        for step in layer.steps:

            def turn(t: Any, _: list[Any], step: StepCode = step, offset: int = offset) -> list[Any]:
                if step.reverse:
                    t = builder.sub(builder.sub(steps, t), self._number(1))
                y = self._moved(builder, self._moved(builder, target, row, t), offset)
                self._call(builder, step, given, self._moved(builder, source, layer.input_size, t), y, t)
                return []

            repeat(builder, steps, turn)
            offset += step.output.size

    def _framed(
        self, builder: Any, layer: LayerCode, frame: Framing, given: Mapping[str, Any], source: Any, target: Any,
        steps: Any,
    ) -> Any:  # fmt: skip
        """Write the loop of a layer that reads several rows at once, zeros outside; return how many rows come out."""
        width, number = layer.input_size, self._number
        array = CodeArray("frame", frame.size * width, "scratch")
        rows = self.writer.memory.scratch(builder, array)
        padded = builder.add(steps, number(2 * frame.padding))
        many = builder.add(builder.udiv(builder.sub(padded, number(frame.size)), number(frame.stride)), number(1))
        after = builder.select(builder.icmp_unsigned("<", padded, number(frame.size)), number(0), many)

        def turn(t: Any, _: list[Any]) -> list[Any]:
            self._statements(builder, {array: rows}, Fill(Location(array), array.size, 0.0))

            def row(k: Any, _: list[Any]) -> list[Any]:
                at = builder.sub(builder.add(builder.mul(t, number(frame.stride)), k), number(frame.padding))
                with builder.if_then(builder.icmp_unsigned("<", at, steps)):  # before the beginning it is very large
                    read, part = (CodeArray(name, width, "scratch") for name in ("read", "part"))
                    places = {
                        read: self._moved(builder, source, width, at), part: self._moved(builder, rows, width, k)
                    }  # fmt: skip
                    self._statements(builder, places, Copy(Location(part), Location(read), width))
                return []

            repeat(builder, number(frame.size), row)
            self._calls(builder, layer, given, rows, self._moved(builder, target, layer.output_size, t))
            return []

        repeat(builder, after, turn)
        return after
