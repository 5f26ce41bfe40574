"""A model in LLVM's intermediate representation (IR), from which it makes objects for any processor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from recurra.export.description import Framing
from recurra.export.ir_numbers import BYTE, FLOAT, POINTER, WORD
from recurra.export.ir_steps import ALIGNMENT, CodeShape, Memory, StatementWriter, repeat
from recurra.export.program import CodeArray, Copy, Fill, Location, ModelCode, Statement, StepCode
from recurra.export.runs import ModelRun, RunCall, RunCount, RunFrame, RunPass, RunRow, run_of, step_of

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
        self.size_kind = ir.IntType(writer.shape.word_bits)
        self._states = state_offsets(code)

    def write(self) -> None:
        """Write all functions of the model."""
        self.steps = {step: self._step_function(step) for step in self.code.steps}
        self.reset = self._reset_function()
        if self.code.is_causal:
            self._function_of(step_of(self.code), "step")
        more = [*(["steps"] if self.code.unfolds_at is None else []), *(["work"] if self.code.work_size else [])]
        self._function_of(run_of(self.code), "run", *more)

    # functions ---------------------------------------------------------------------------------------------------

    def _function(self, name: str, arguments: Sequence[str], *, is_internal: bool = False) -> tuple[Any, Any]:
        """Return a function of pointers and, by the name `steps`, their number, and a builder inside it."""
        kinds = [self.size_kind if each == "steps" else POINTER for each in arguments]
        function = ir.Function(self.writer.module, ir.FunctionType(ir.VoidType(), kinds), self.name + name)
        for value, argument in zip(function.args, arguments, strict=True):
            value.name = argument
            if argument != "steps":
                value.add_attribute("noalias")
        function.linkage = "internal" if is_internal else "external"
        return function, ir.IRBuilder(function.append_basic_block())

    def statements(self, builder: Any, pointers: Mapping[Any, Any], *statements: Statement) -> StatementWriter:
        """Write statements."""
        writer = StatementWriter(builder, self.writer.shape, self.writer.memory, self.name, pointers, self._states)
        for statement in statements:
            writer.write(statement)
        return writer

    def _step_function(self, step: StepCode) -> Any:
        names = ["state", *(array.name for array in step.inputs), "y"]
        function, builder = self._function(step.name, names, is_internal=True)
        pointers = dict(zip((None, *step.inputs, step.output), function.args, strict=True))
        pointers |= {array: self.writer.memory.scratch(builder, array) for array in step.scratch}
        writer = self.statements(builder, pointers, *step.statements)
        if step.age is not None:
            count = writer.pointer(Location(step.age))
            builder.store(builder.add(builder.load(count, typ=WORD), ir.Constant(WORD, 1)), count)
        builder.ret_void()
        return function

    def _reset_function(self) -> Any:
        function, builder = self._function("reset", ["state"])
        for array in self._states:
            values, target = np.zeros(1, np.float32) if array.values is None else array.values, Location(array)
            if (values == values[0]).all():
                statement = Fill(target, array.size, float(values[0]))
            else:
                begin = CodeArray(f"{array.name}_begin", array.size, "constant", values)
                statement = Copy(target, Location(begin), array.size)
            self.statements(builder, {None: function.args[0]}, statement)
        builder.ret_void()
        return function

    # runs --------------------------------------------------------------------------------------------------------

    def _function_of(self, run: ModelRun, name: str, *more: str) -> None:
        """Write a run as a function of a state, all inputs and y."""
        names = ["state", *(array.name for array in self.code.inputs), "y", *more]
        function, builder = self._function(name, names)
        _RunWriter(self, run, builder, dict(zip(names, function.args, strict=True))).write()
        builder.ret_void()


class _RunWriter:
    """Writes a run into a function.

    Parameters
    ----------
    model : _ModelWriter
    run : ModelRun
    builder
        In the function.
    places : dict
        Pointers by name: the function's arguments, then what the run holds.
    """

    def __init__(self, model: _ModelWriter, run: ModelRun, builder: Any, places: dict[str, Any]) -> None:
        self.model, self.run, self.builder, self.places = model, run, builder, places
        self._counts: dict[RunCount, Any] = {"steps": places.get("steps")}

    def write(self) -> None:
        """Write its memory, then its passes."""
        code, builder = self.model.code, self.builder
        for each in self.run.memory:
            if each.number is not None:
                steps = self._count(self.run.steps or "steps")
                far = builder.mul(builder.add(steps, self._number(code.added_steps)), self._number(each.size))
                self.places[each.name] = self._moved(self.places["work"], far if each.number else None)
                continue
            array = CodeArray(each.name, each.size, "scratch")
            self.places[each.name] = place = self.model.writer.memory.scratch(builder, array)
            if each.is_zero:
                self.model.statements(builder, {array: place}, Fill(Location(array), array.size, 0.0))
        self.places |= {name: self._at(row, None) for name, row in self.run.made.items()}
        for name, (frame, before) in self.run.counts.items():
            self._counts[name] = self._framed_count(frame, self._count(before))
        if self.run.steps is not None:
            builder.call(self.model.reset, [self.places["state"]])
        for each in self.run.passes:
            self._pass(each)

    def _pass(self, each: RunPass) -> None:
        builder = self.builder
        if each.is_alone:
            for call in each.calls:
                self._call(call, None, None)
            return
        end, begin = self._count(each.end), self._number(each.begin)

        def turn(k: Any, _: list[Any]) -> list[Any]:
            t = builder.add(k, begin) if each.begin else k
            if each.is_reversed:
                t = builder.sub(builder.sub(end, k), self._number(1))
            if each.frame:
                self._framed(each.frame, t)
            for call in each.calls:
                self._call(call, t, builder.sub(t, begin) if each.begin else t)
            return []

        repeat(builder, builder.sub(end, begin) if each.begin else end, turn)

    def _call(self, call: RunCall, read: Any, written: Any) -> None:
        """Call a step that reads one row and writes another; there is but one, where they have no number."""
        given = [self.places["state"], self._at(call.x, read)]
        for array in call.step.inputs[1:]:
            apart = 0 if array.name in self.model.code.per_sequence else array.size
            given.append(self._at(RunRow(array.name, apart), read))
        self.builder.call(self.model.steps[call.step], [*given, self._at(call.y, written)])

    def _framed(self, frame: RunFrame, t: Any) -> None:
        """Write the loop that lays rows side by side, with zeros outside of the sequence."""
        builder, framing, width = self.builder, frame.framing, frame.source.apart
        whole = CodeArray("frame", framing.size * width, "scratch")
        laid = self.places[frame.memory]
        self.model.statements(builder, {whole: laid}, Fill(Location(whole), whole.size, 0.0))
        first = builder.sub(builder.mul(t, self._number(framing.stride)), self._number(framing.padding))
        steps = self._count(frame.rows)

        def row(k: Any, _: list[Any]) -> list[Any]:
            at = builder.add(first, k)
            with builder.if_then(builder.icmp_unsigned("<", at, steps)):  # before the beginning it is very large
                read, part = (CodeArray(name, width, "scratch") for name in ("read", "part"))
                places = {read: self._at(frame.source, at), part: self._at(RunRow(frame.memory, width), k)}
                self.model.statements(builder, places, Copy(Location(part), Location(read), width))
            return []

        repeat(builder, self._number(framing.size), row)

    def _framed_count(self, frame: Framing, steps: Any) -> Any:
        """Return how many rows a convolution gives of so many."""
        builder, number = self.builder, self._number
        padded = builder.add(steps, number(2 * frame.padding))
        many = builder.add(builder.udiv(builder.sub(padded, number(frame.size)), number(frame.stride)), number(1))
        return builder.select(builder.icmp_unsigned("<", padded, number(frame.size)), number(0), many)

    def _count(self, count: RunCount) -> Any:
        return self._number(count) if isinstance(count, int) else self._counts[count]

    def _number(self, value: int) -> Any:
        return ir.Constant(self.model.size_kind, value)

    def _at(self, row: RunRow, t: Any) -> Any:
        """Return a pointer to a row, at a step."""
        pointer = self._moved(self.places[row.memory], self._number(row.offset) if row.offset else None)
        far = None if t is None or not row.apart else self.builder.mul(t, self._number(row.apart))
        return self._moved(pointer, far)

    def _moved(self, pointer: Any, far: Any) -> Any:
        return pointer if far is None else self.builder.gep(pointer, [far], source_etype=FLOAT)
