"""The LLVM kernel: both passes of a cell as runs of compiled programs."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Gradients, Result, Wanted
from recurra.backends.llvm.arrangement import Arrangement, Shape
from recurra.backends.llvm.engine import Code, build, openmp
from recurra.backends.llvm.form import form_for, has_means
from recurra.backends.llvm.listing import VARIABLE, listing, say_stages
from recurra.backends.llvm.places import Place, width_of
from recurra.backends.llvm.program import Form, Program, backward_program, forward_program, read_by_backward
from recurra.backends.llvm.run import Memory, Run
from recurra.backends.llvm.sums import ParameterSums, sums_of
from recurra.backends.llvm.target import Target, host
from recurra.backends.parameters import Parameters, Part
from recurra.backends.tensors import in_rows, like_call
from recurra.derive.plan import Plans
from recurra.errors import InputError
from recurra.graph.node import Node
from recurra.graph.ops import torch_spelling
from recurra.locks import Recent, making

__all__ = ["LLVMKernel", "compile", "name_of"]

_ARRANGEMENTS = 64  # kept for shapes that come again


def compile(plans: Plans) -> LLVMKernel:
    """Return the kernel of these plans; its code is compiled at its first use."""
    return LLVMKernel(plans)


@dataclass(frozen=True)
class Tape:
    """What the forward pass keeps: where everything is, and the memory itself."""

    arrangement: Arrangement
    names: tuple[Hashable, ...]
    arrays: tuple[Tensor, ...]

    def having(self, arrays: Sequence[Tensor]) -> Tape:
        """Return this tape with these pieces of memory."""
        return Tape(self.arrangement, self.names, tuple(arrays))

    @property
    def memory(self) -> Memory:
        """The pieces of memory by name."""
        return dict(zip(self.names, self.arrays, strict=True))


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Let no garbage collection in: code is many small objects, and each collection would go through all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class LLVMKernel:
    """Runs a pair of plans as machine code."""

    def __init__(self, plans: Plans, target: Target | None = None) -> None:
        self.plans, self.target = plans, target or host()
        self.sizes = tuple(plans.forward.step.sizes())
        self._programs: dict[tuple[Any, ...], Program] = {}
        self._code: dict[Program, Code] = {}
        self._arrangements: Recent[Arrangement] = Recent(_ARRANGEMENTS)
        self._read_by_backward = read_by_backward(plans)
        self._sums: dict[Sequence[Part], ParameterSums] = {}

    # what is made once -------------------------------------------------------------------------------------------

    def program(self, which: str, dtype: str, form: Form, *, wanted: tuple[bool, ...] = ()) -> Program:
        """Return the compiled "inference", "forward" or "backward"; see `recurra.backends.llvm.program`."""
        key = (which, dtype, form, wanted)
        if key not in self._programs:
            with making:
                if key not in self._programs:
                    self._programs[key] = self._made(which, dtype, form, wanted)
        return self._programs[key]

    def _made(self, which: str, dtype: str, form: Form, wanted: tuple[bool, ...]) -> Program:
        options: tuple[Any, ...] = (self.plans, self.target, dtype, self.sizes, form)
        with _collecting_nothing():
            if which == "backward":
                made = backward_program(*options, wanted=wanted)
            else:
                made = forward_program(*options, tape=which == "forward")
        if os.environ.get(VARIABLE):
            say_stages(which, self.plans, made, self.target)
        return made

    def source(self, stage: str, *, which: str = "forward", dtype: str = "float32", form: Form | None = None) -> str:
        """Return what becomes of the plans, as text.

        Parameters
        ----------
        stage : one of `recurra.backends.llvm.listing.STAGES`
        which : ``"inference"``, ``"forward"`` (which keeps what the backward pass reads) or ``"backward"``
        dtype : ``"float32"`` or ``"float64"``
        form : by default products stay in the time loop and each thread has its own sequences
        """
        passes = ("inference", "forward", "backward")
        if which not in passes:
            raise InputError(f"which: got {which!r}, expected one of {list(passes)}")
        wanted = tuple(True for _ in self.plans.forward.step.inputs)
        program = self.program(which, dtype, form or Form(is_hoisted=False), wanted=wanted)
        return listing(stage, self.plans, program, self.target)

    def code(self, program: Program) -> Code:
        """Return a program's code, compiled at its first run."""
        if program not in self._code:
            with making:
                if program not in self._code:
                    self._code[program] = build(program.text, self.target, program.names)
        return self._code[program]

    def _shape(self, call: Call, dtype: str, *, backwards: bool, threads: int) -> Shape:
        numbers = tuple(call.sizes[name] for name in self.sizes)
        lanes, bytes = self.target.lanes(dtype), 8 if dtype == "float64" else 4
        sizes = tuple(call.batch_sizes)
        threads = threads if openmp() or not has_means(self.plans.forward) else 1
        return Shape(self.sizes, numbers, sizes, backwards, threads, bytes, lanes)

    def _program_for(self, which: str, shape: Shape, dtype: str, wanted: tuple[bool, ...] = ()) -> Program:
        plan = self.plans.backward if which == "backward" else self.plans.forward
        return self.program(which, dtype, form_for(plan, shape, self.target), wanted=wanted)

    def _key(self, call: Call) -> tuple[Any, ...]:
        """Return what decides an arrangement, beside the program and the threads."""
        sizes = tuple([call.sizes[name] for name in self.sizes])
        return sizes, tuple(call.batch_sizes), call.reverse

    # passes ------------------------------------------------------------------------------------------------------

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; see `recurra.backends.kernel.Kernel`."""
        step, states = self.plans.forward.step, [in_rows(state) for state in call.states]
        parameters = Parameters.of(call.parameters)
        which, dtype = "forward" if tape else "inference", name_of(states[0].dtype)
        threads = torch.get_num_threads()

        def made() -> Arrangement:
            shape = self._shape(call, dtype, backwards=call.reverse, threads=threads)
            return self.arranged_forward(self._program_for(which, shape, dtype), shape, parameters.parts, tape=tape)

        arrangement = self._arrangements.get((which, dtype, threads, *self._key(call), parameters.parts), made)
        run = self.run(arrangement, {}, parameters, seed=call.seed)
        for leaf, value in zip(step.inputs, call.inputs, strict=True):
            rows = in_rows(value)
            run.memory["row", leaf] = rows[run.sequences] if leaf.name in step.per_sequence else rows
        finals = run.execute(states)
        outputs = tuple(self._output(run, node, k) for k, node in enumerate(step.outputs))
        kept = self._tape(run) if tape else None
        statistics = _of_steps(run, step.statistics, call) if step.statistics else ()
        run.release(kept.names if kept else ())
        return Result(like_call(call, outputs), like_call(call, finals), kept, like_call(call, statistics))

    def arranged_forward(
        self, program: Program, shape: Shape, parts: Sequence[Part], *, tape: bool = False
    ) -> Arrangement:
        """Return where everything of a forward run is; with `tape`, what the backward pass reads stays."""
        step = self.plans.forward.step
        return Arrangement(
            program, shape, apart=step.outputs, code=self.code(program),
            saved=self._read_by_backward if tape else None,
            given={leaf: self._given(leaf, shape) for leaf in step.inputs},
            parameters=dict(zip(step.parameters, parts, strict=True)),
        )  # fmt: skip

    def _tape(self, run: Run) -> Tape:
        """Return what the backward pass reads."""
        names = run.arrangement.memory_of(self._read_by_backward)
        return Tape(run.arrangement, names, tuple(run.memory[name] for name in names))

    def backward(
        self,
        call: Call,
        tape: Tape,
        *,
        outputs: Sequence[Any],
        states: Sequence[Any],
        wanted: Wanted | None = None,
    ) -> Gradients:
        """Run the backward plan; see `recurra.backends.kernel.Kernel`."""
        plan, step = self.plans.backward, self.plans.forward.step
        parameters = Parameters.of(call.parameters)
        wanted = wanted or Wanted.everything(parameters=len(parameters.tensors), inputs=len(step.inputs))
        gradients = [in_rows(gradient) for gradient in states]
        dtype, threads = name_of(gradients[0].dtype), torch.get_num_threads()
        sums = self._sums_of(parameters)

        def made() -> Arrangement:
            shape = self._shape(call, dtype, backwards=not call.reverse, threads=threads)
            given = {node: place for node, place in tape.arrangement.places.items() if place.memory in tape.names}
            given |= {leaf: self._given(leaf, shape) for leaf in plan.step.incoming_outputs}
            program = self._program_for("backward", shape, dtype, wanted.inputs)
            return Arrangement(
                program, shape, given=given, name="backward", code=self.code(program),
                apart=[node for node in plan.step.inputs if node.rows], together=sums.together,
                parameters=tape.arrangement.parameters,
            )  # fmt: skip

        arrangement = self._arrangements.get(("backward", wanted.inputs, threads, tape.arrangement), made)
        run = self.run(arrangement, tape.memory, parameters, seed=call.seed)
        pairs = zip(plan.step.incoming_outputs, outputs, strict=True)
        run.memory.update((("row", leaf), in_rows(gradient)) for leaf, gradient in pairs)
        finals = run.execute(gradients)
        inputs = tuple(
            self._input_gradient(run, node, value, once=leaf.name in step.per_sequence) if is_wanted else None
            for leaf, node, value, is_wanted in zip(
                step.inputs, plan.step.inputs, call.inputs, wanted.inputs, strict=True
            )
        )
        found = sums.compute(run, parameters, wanted.parameters)
        observed = tuple(_copied(run, node) for node in plan.step.observed.values())
        run.release()
        return Gradients(
            like_call(call, found), like_call(call, inputs), like_call(call, finals), like_call(call, observed)
        )

    def _sums_of(self, parameters: Parameters) -> ParameterSums:
        """Return how gradients are summed for tensors of this layout."""
        if parameters.parts not in self._sums:
            with making:  # equal, if two threads make them: these hold no address
                self._sums[parameters.parts] = sums_of(self.plans, parameters.parts, len(parameters.tensors))
        return self._sums[parameters.parts]

    def _given(self, leaf: Node, shape: Shape) -> Place:
        """Return the place of an array of rows that a caller gives."""
        width = width_of(leaf, shape.sizes)
        return Place(("row", leaf), 0, width, width)

    def run(self, arrangement: Arrangement, memory: Memory, parameters: Parameters, *, seed: int = 0) -> Run:
        """Return a run with these parameters, to which further pieces of memory belong."""

        def evaluator() -> Evaluator:
            leaves = self.plans.forward.step.parameters
            known = {leaf: in_rows(parameters[leaves.index(leaf)]) for leaf in arrangement.leaves}
            dtype = torch.float64 if arrangement.shape.bytes == 8 else torch.float32
            return Evaluator(
                torch_spelling(), arrangement.sizes, number=lambda value: torch.tensor(value, dtype=dtype), known=known
            )

        tensors = {("tensor", number): in_rows(tensor) for number, tensor in enumerate(parameters.tensors)}
        return Run(arrangement, memory | tensors, evaluator, seed=seed)

    def _output(self, run: Run, node: Node, number: int) -> Tensor:
        """Return the rows of an output, as an array that is nobody else's."""
        if node in run.arrangement.apart and node not in self.plans.forward.step.outputs[:number]:
            return run.memory["row", node]  # no view: torch lets its owner write to it
        return _copied(run, node)

    def _input_gradient(self, run: Run, node: Node, given: Any, *, once: bool) -> Tensor:
        """Return the gradient of an input; that of a per-sequence input is summed over the sequence's steps."""
        if not node.rows:
            return torch.zeros(given.shape, dtype=run.memory[run.arrangement.work.name].dtype)
        if once:
            rows = run.rows(node)
            return rows.new_zeros(given.shape).index_add_(0, run.sequences, rows)
        if node in run.arrangement.apart:
            return run.memory["row", node]
        return _copied(run, node)


def _of_steps(run: Run, nodes: Sequence[Node], call: Call) -> tuple[Tensor, ...]:
    """Return what is the same in all rows of a step, once for each step."""
    first = torch.tensor(call.first_rows)
    return tuple(run.rows(node).index_select(0, first) for node in nodes)


def _copied(run: Run, node: Node) -> Tensor:
    return run.rows(node).clone(memory_format=torch.contiguous_format)


@functools.cache
def name_of(dtype: torch.dtype) -> str:
    """Return a dtype's name without torch's."""
    return str(dtype).removeprefix("torch.")
