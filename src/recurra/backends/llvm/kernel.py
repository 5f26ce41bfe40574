"""The LLVM kernel: both passes of a cell as runs of compiled programs."""

from __future__ import annotations

import functools
import os
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import llvmlite
import torch
from torch import Tensor

from recurra.backends.buffer_pool import empty_cache, take
from recurra.backends.cost import CallShape
from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Gradients, Result, Wanted
from recurra.backends.llvm.calls import Calls
from recurra.backends.llvm.common import common_module
from recurra.backends.llvm.compiler import MachineCode, Target, host
from recurra.backends.llvm.denormals import FLUSH
from recurra.backends.llvm.direct import LLVMDirectPasses
from recurra.backends.llvm.listing import VARIABLE, listing, say_stages
from recurra.backends.llvm.memory_plan import ArrayPlace, MemoryPlan
from recurra.backends.llvm.program import (
    Form,
    Program,
    RunShape,
    backward_program,
    distance_of,
    form_for,
    forward_program,
    has_means,
    is_worth_a_team,
    read_by_backward,
    storage_of,
)  # fmt: skip
from recurra.backends.llvm.run import Memory, Run
from recurra.backends.llvm.step_kernel import LLVMStepper
from recurra.backends.llvm.storage import AS_COMPUTED, Storage
from recurra.backends.llvm.threads import openmp
from recurra.backends.llvm.weight_gradients import WeightGradients, weight_gradients_of
from recurra.backends.llvm.work import UNITS, LLVMPassCost
from recurra.backends.parameters import Parameters, Part
from recurra.backends.tensors import in_rows, like_call, tensor_of
from recurra.derive.plan import Plans
from recurra.errors import InputError
from recurra.graph.node import Node, width_of
from recurra.graph.ops import torch_spelling
from recurra.locks import Recent, making

__all__ = ["UNITS", "LLVMKernel", "compile", "compiler", "empty_cache", "flush_denormals"]

_CALLS = 512  # kept for shapes that come again: as many as the lengths of sentences, both ways
_STEP = Form(is_hoisted=False, is_whole=True)


def compiler() -> tuple[str, str]:
    """Return what LLVM calls this machine's processor, and the version of the compiler."""
    return host().cpu, f"llvmlite {llvmlite.__version__}"


def flush_denormals(*, is_wanted: bool) -> None:
    """See `recurra.backends.kernel.flush_denormals`."""
    code = common_module(FLUSH, host(), "float32", AS_COMPUTED, team=openmp()).code()
    code.run(FLUSH, int(is_wanted), torch.get_num_threads() if openmp() else 1)


def compile(plans: Plans) -> LLVMKernel:
    """Return the kernel of these plans; its code is compiled at its first use."""
    return LLVMKernel(plans)


@dataclass(frozen=True)
class Tape:
    """What the forward pass keeps: where everything is, and the memory itself."""

    memory_plan: MemoryPlan
    names: tuple[Hashable, ...]
    arrays: tuple[Tensor, ...]

    def having(self, arrays: Sequence[Tensor]) -> Tape:
        """Return this tape with these pieces of memory."""
        return Tape(self.memory_plan, self.names, tuple(arrays))

    @property
    def memory(self) -> Memory:
        """The pieces of memory by name."""
        return dict(zip(self.names, self.arrays, strict=True))


class LLVMKernel:
    """Runs a pair of plans as machine code."""

    def __init__(self, plans: Plans, target: Target | None = None) -> None:
        self.plans, self.target = plans, target or host()
        self.sizes = tuple(plans.forward.step.sizes())
        self._programs: dict[tuple[Any, ...], Program] = {}
        self._code: dict[Program, MachineCode] = {}
        self._calls: Recent[Calls] = Recent(_CALLS)
        self._read_by_backward = read_by_backward(plans)
        self._weight_gradients: dict[Sequence[Part], WeightGradients] = {}

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
        if which == "backward":
            made = backward_program(*options, wanted=wanted)
        else:
            made = forward_program(*options, tape=which == "forward")
        if os.environ.get(VARIABLE):
            say_stages(which, self.plans, made, self.target)
        return made

    def source(
        self,
        stage: str = "",
        *,
        which: str = "forward",
        dtype: str = "float32",
        sizes: Mapping[str, int] | None = None,
        form: Form | None = None,
    ) -> str:
        """Return what becomes of the plans, as text; the same for all sizes.

        Parameters
        ----------
        stage : one of `recurra.backends.llvm.listing.STAGES`, by default ``"loops"``
        which : ``"inference"``, ``"forward"`` (which keeps what the backward pass reads) or ``"backward"``
        dtype : ``"float32"`` or ``"float64"``
        form : by default products stay in the time loop and each thread has its own sequences
        """
        passes = ("inference", "forward", "backward")
        if which not in passes:
            raise InputError(f"which: got {which!r}, expected one of {list(passes)}")
        wanted = tuple(True for _ in self.plans.forward.step.inputs)
        program = self.program(which, dtype, form or Form(is_hoisted=False), wanted=wanted)
        return listing(stage or "loops", self.plans, program, self.target)

    def explain(self, sizes: Mapping[str, int], *, batch: int, like: Tensor) -> None:
        """Say nothing: the time loop is one call, whatever the sizes."""

    def code(self, program: Program) -> MachineCode:
        """Return a program's code, compiled at its first run."""
        if program not in self._code:
            with making:
                if program not in self._code:
                    self._code[program] = MachineCode.of([each.code() for each in program.modules])
        return self._code[program]

    # where everything is, and what is called --------------------------------------------------------------------

    def _shape(
        self, sizes: Mapping[str, int], batch_sizes: tuple[int, ...], dtype: str, *, backwards: bool, threads: int,
        storage: Storage = AS_COMPUTED,
    ) -> RunShape:  # fmt: skip
        numbers = tuple(sizes[name] for name in self.sizes)
        lanes, bytes = self.target.lanes(dtype), 8 if dtype == "float64" else 4
        threads = threads if openmp() or not has_means(self.plans.forward) else 1
        shape = RunShape(self.sizes, numbers, batch_sizes, backwards, threads, bytes, lanes, storage)
        is_shared = threads > 1 and is_worth_a_team(self.plans.forward, shape)
        return shape if is_shared or threads == 1 else replace(shape, threads=1)

    def _forward_calls(
        self, which: str, shape: RunShape, parts: Sequence[Part], *, form: Form | None = None, is_run: bool = True
    ) -> Calls:
        """Return the calls of a forward pass; of "forward", what the backward pass reads stays."""
        step, distance = self.plans.forward.step, 0
        if form is None:
            distance = distance_of(self.plans.backward, shape) if which == "forward" else 0
            form = form_for(self.plans.forward, shape, self.target, is_again=distance > 0)
        program = self.program(which, shape.dtype, form)
        memory_plan = MemoryPlan(
            program, shape, apart=step.outputs, saved=self._read_by_backward if which == "forward" else None,
            given={leaf: _given(leaf, shape) for leaf in step.inputs},
            parameters=dict(zip(step.parameters, parts, strict=True)), matrices=self.plans.backward.matrices,
            distance=distance,
        )  # fmt: skip
        return Calls(
            memory_plan,
            self.code(program) if is_run else None,
            handed=None if form.is_whole or step.statistics else step.outputs,
            is_kept=which == "forward",
        )

    def _backward_calls(
        self, shape: RunShape, forward: MemoryPlan, sums: WeightGradients, wanted: Wanted, *, is_run: bool = True
    ) -> Calls:
        """Return the calls of the backward pass after a forward one."""
        plan, kept = self.plans.backward, forward.memory_of(self._read_by_backward)
        given = {node: place for node, place in forward.places.items() if place.memory in kept}
        given |= {leaf: _given(leaf, shape) for leaf in plan.step.incoming_outputs}
        form = form_for(plan, shape, self.target, is_again=forward.checkpoints is not None)
        program = self.program("backward", shape.dtype, form, wanted=wanted.inputs)
        memory_plan = MemoryPlan(
            program, shape, given=given, name="backward", together=sums.together, checkpoints=forward.checkpoints,
            apart=[node for node in plan.step.inputs if node.rows], parameters=forward.parameters,
        )  # fmt: skip
        handed = [n for n, is_wanted in zip(plan.step.inputs, wanted.inputs, strict=True) if is_wanted and n.rows]
        is_whole = not (self.plans.forward.step.per_sequence or plan.step.observed)
        return Calls(
            memory_plan,
            self.code(program) if is_run else None,
            handed=handed if is_whole else None,
            sums=sums.of(wanted.parameters),
        )

    def costs(self, kind: str, shape: CallShape) -> tuple[LLVMPassCost, ...]:
        """Return what a call takes; see `recurra.backends.kernel.CompiledKernel`. Nothing is compiled."""
        dtype, storage = name_of(shape.dtype), storage_of(self.plans.forward, shape.parts)

        def shaped(*, backwards: bool, threads: int) -> RunShape:
            return self._shape(
                shape.sizes, shape.batch_sizes, dtype, backwards=backwards, threads=threads, storage=storage
            )

        if kind == "stream":
            one = shaped(backwards=False, threads=1)
            form = replace(_STEP, storage=storage)
            calls = self._forward_calls("inference", one, shape.parts, form=form, is_run=False)
            return (LLVMPassCost("stream", calls, shape.tensors),)
        which = "forward" if kind == "training" else "inference"
        forward = shaped(backwards=shape.reverse, threads=shape.threads)
        calls = self._forward_calls(which, forward, shape.parts, is_run=False)
        if kind != "training":
            return (LLVMPassCost(which, calls, shape.tensors),)
        kept = calls.memory_plan.memory_of(self._read_by_backward)
        sums = weight_gradients_of(self.plans, shape.parts, shape.tensors)
        backward = shaped(backwards=not shape.reverse, threads=shape.threads)
        wanted = Wanted((True,) * shape.tensors, shape.wanted)
        after = self._backward_calls(backward, calls.memory_plan, sums, wanted, is_run=False)
        return LLVMPassCost(which, calls, shape.tensors, kept), LLVMPassCost(
            "backward", after, shape.tensors, sums=sums
        )

    def stepper(
        self, sizes: Mapping[str, int], parts: Sequence[Part], *, batch: int, dtype: torch.dtype
    ) -> LLVMStepper:
        """Return what runs one step at a time; see `recurra.backends.kernel.CompiledKernel`."""
        storage = storage_of(self.plans.forward, parts)
        shape = self._shape(sizes, (batch,), name_of(dtype), backwards=False, threads=1, storage=storage)
        calls = self._forward_calls("inference", shape, parts, form=replace(_STEP, storage=storage))
        return LLVMStepper(self.plans.forward.step, calls, functools.partial(self._run, calls))

    def direct(self, call: Call, *, is_taped: bool, is_output_read: bool = True) -> LLVMDirectPasses | None:
        """Return the passes of a call at one shape; see `recurra.backends.kernel.CompiledKernel`."""
        step = self.plans.forward.step
        if step.statistics or step.per_sequence:
            return None
        parameters = Parameters.of(call.parameters)
        threads, dtype, count = torch.get_num_threads(), name_of(call.states[0].dtype), len(parameters.tensors)
        calls = self._calls_of("forward" if is_taped else "inference", call, parameters.parts, dtype, threads)
        if not calls.is_complete:
            return None
        plan = calls.memory_plan
        if not is_taped:
            reads = (False,) * len(step.outputs)
            return LLVMDirectPasses(self.plans, calls, tensors=count, puts_output=is_output_read, reads=reads)
        back, sums = self.plans.backward, self._weight_gradients_of(parameters)
        sizes = tuple(call.batch_sizes)
        shape = self._shape(call.sizes, sizes, dtype, backwards=not call.reverse, threads=threads)
        is_left_to_torch = sums.rest or form_for(back, shape, self.target).by_torch
        if is_left_to_torch or back.step.observed:
            return None

        def backward(wanted: Wanted) -> Calls:
            return self._calls.get(
                ("backward", wanted, threads, plan), lambda: self._backward_calls(shape, plan, sums, wanted)
            )

        kept = plan.memory_of(self._read_by_backward)
        reads = tuple(name in kept for name in calls.handed)
        return LLVMDirectPasses(
            self.plans, calls, tensors=count, puts_output=is_output_read or any(reads), reads=reads, backward=backward
        )

    def _calls_of(self, which: str, call: Call, parts: Sequence[Part], dtype: str, threads: int) -> Calls:
        """Return the calls of a forward pass, made at the first time."""
        batch_sizes = tuple(call.batch_sizes)

        def made() -> Calls:
            shape = self._shape(
                call.sizes, batch_sizes, dtype, backwards=call.reverse, threads=threads,
                storage=storage_of(self.plans.forward, parts),
            )  # fmt: skip
            return self._forward_calls(which, shape, parts)

        numbers = tuple([call.sizes[name] for name in self.sizes])
        return self._calls.get((which, dtype, threads, numbers, batch_sizes, call.reverse, parts), made)

    # passes ------------------------------------------------------------------------------------------------------

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; see `recurra.backends.kernel.Kernel`."""
        step, states = self.plans.forward.step, [in_rows(state) for state in call.states]
        parameters = Parameters.of(call.parameters)
        dtype, threads = name_of(states[0].dtype), torch.get_num_threads()
        calls = self._calls_of("forward" if tape else "inference", call, parameters.parts, dtype, threads)
        memory = self._given(calls, call, parameters)
        if calls.is_complete:
            memory |= {("initial", leaf): state for leaf, state in zip(step.states, states, strict=True)}
            _launch(calls, memory, seed=call.seed)
            outputs = tuple(memory[name] for name in calls.handed)
            finals = tuple(memory["final", leaf] for leaf in step.states)
            kept = self._tape(calls.memory_plan, memory) if tape else None
            return Result(like_call(call, outputs), like_call(call, finals), kept)
        run = self._run(calls, memory, parameters, seed=call.seed)
        finals = run.execute(states)
        outputs = tuple(self._output(run, node, k) for k, node in enumerate(step.outputs))
        kept = self._tape(run.memory_plan, run.memory) if tape else None
        statistics = _of_steps(run, step.statistics, call) if step.statistics else ()
        run.release(kept.names if kept else ())
        return Result(like_call(call, outputs), like_call(call, finals), kept, like_call(call, statistics))

    def _given(self, calls: Calls, call: Call, parameters: Parameters) -> Memory:
        """Return the memory that a call gives: of its parameters, and the rows of its inputs."""
        step, memory = self.plans.forward.step, _of_tensors(parameters)
        for leaf, value in zip(step.inputs, call.inputs, strict=True):
            rows = in_rows(value)
            if leaf.name in step.per_sequence:
                rows = rows[torch.from_numpy(calls.memory_plan.sequences)]
            memory["row", leaf] = rows
        return memory

    def _tape(self, memory_plan: MemoryPlan, memory: Memory) -> Tape:
        """Return what the backward pass reads."""
        names = memory_plan.memory_of(self._read_by_backward)
        return Tape(memory_plan, names, tuple(memory[name] for name in names))

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
        sums = self._weight_gradients_of(parameters)

        def made() -> Calls:
            sizes = tuple(call.batch_sizes)
            shape = self._shape(call.sizes, sizes, dtype, backwards=not call.reverse, threads=threads)
            return self._backward_calls(shape, tape.memory_plan, sums, wanted)

        calls = self._calls.get(("backward", wanted, threads, tape.memory_plan), made)
        memory = tape.memory | _of_tensors(parameters)
        pairs = zip(plan.step.incoming_outputs, outputs, strict=True)
        memory |= {("row", leaf): in_rows(gradient) for leaf, gradient in pairs}
        if calls.is_complete:
            return self._launched_backward(calls, call, memory, gradients, wanted)
        run = self._run(calls, memory, parameters, seed=call.seed)
        finals = run.execute(gradients)
        inputs = tuple(
            self._input_gradient(run, node, value, once=leaf.name in step.per_sequence) if is_wanted else None
            for leaf, node, value, is_wanted in zip(
                step.inputs, plan.step.inputs, call.inputs, wanted.inputs, strict=True
            )
        )
        found = run.weight_gradients(sums, parameters, wanted.parameters)
        observed = tuple(_copied(run, node) for node in plan.step.observed.values())
        run.release()
        return Gradients(
            like_call(call, found), like_call(call, inputs), like_call(call, finals), like_call(call, observed)
        )

    def _launched_backward(
        self, calls: Calls, call: Call, memory: Memory, gradients: Sequence[Tensor], wanted: Wanted
    ) -> Gradients:
        """Run calls that are complete, of a backward pass."""
        step = self.plans.backward.step
        memory |= {("initial", leaf): each for leaf, each in zip(step.incoming_states, gradients, strict=True)}
        _launch(calls, memory, seed=call.seed)
        found = [memory["gradient", k] if is_wanted else None for k, is_wanted in enumerate(wanted.parameters)]
        handed = iter(calls.handed)
        inputs = [
            None if not is_wanted else memory[next(handed)] if node.rows else torch.zeros_like(tensor_of(value))
            for node, value, is_wanted in zip(step.inputs, call.inputs, wanted.inputs, strict=True)
        ]
        finals = [memory["final", leaf] for leaf in step.incoming_states]
        return Gradients(like_call(call, found), like_call(call, inputs), like_call(call, finals))

    def _weight_gradients_of(self, parameters: Parameters) -> WeightGradients:
        """Return how gradients are summed for tensors of this layout."""
        known = self._weight_gradients
        if parameters.parts not in known:
            with making:  # equal, if two threads make them: these hold no address
                known[parameters.parts] = weight_gradients_of(self.plans, parameters.parts, len(parameters.tensors))
        return known[parameters.parts]

    def _run(self, calls: Calls, memory: Memory, parameters: Parameters, *, seed: int = 0) -> Run:
        """Return a run with these parameters, to which further pieces of memory belong."""

        def evaluator() -> Evaluator:
            leaves = self.plans.forward.step.parameters
            known = {leaf: in_rows(parameters[leaves.index(leaf)]) for leaf in calls.leaves}
            dtype = torch.float64 if calls.shape.bytes == 8 else torch.float32
            return Evaluator(
                torch_spelling(),
                calls.memory_plan.sizes,
                number=lambda value: torch.tensor(value, dtype=dtype, device="cpu"),
                known=known,
            )

        return Run(calls, memory, evaluator, seed=seed)

    def _output(self, run: Run, node: Node, number: int) -> Tensor:
        """Return the rows of an output, as an array that is nobody else's."""
        if node in run.memory_plan.apart and node not in self.plans.forward.step.outputs[:number]:
            return run.memory["row", node]  # no view: torch lets its owner write to it
        return _copied(run, node)

    def _input_gradient(self, run: Run, node: Node, given: Any, *, once: bool) -> Tensor:
        """Return the gradient of an input; that of a per-sequence input is summed over the sequence's steps."""
        if not node.rows:
            return torch.zeros(given.shape, dtype=run.memory[run.memory_plan.work.name].dtype, device="cpu")
        if once:
            rows = run.rows(node)
            return rows.new_zeros(given.shape).index_add_(0, run.sequences, rows)
        if node in run.memory_plan.apart:
            return run.memory["row", node]
        return _copied(run, node)


def _of_tensors(parameters: Parameters) -> Memory:
    return {("tensor", number): in_rows(tensor) for number, tensor in enumerate(parameters.tensors)}


def _launch(calls: Calls, memory: Memory, *, seed: int) -> None:
    """Run calls that are complete, in the memory that is given, to which that of the results is added."""
    dtype = memory["initial", calls.program.carried[0].leaf].dtype
    memory |= {name: take(shape, dtype) for name, shape in calls.results}
    memory |= {("gradient", k): torch.empty_like(memory["tensor", k]) for k in calls.summed}
    launch = calls.launch
    launch.run(*(seed if name == "seed" else memory[name].data_ptr() for name in launch.given))


def _of_steps(run: Run, nodes: Sequence[Node], call: Call) -> tuple[Tensor, ...]:
    """Return what is the same in all rows of a step, once for each step."""
    first = torch.tensor(call.first_rows, device="cpu")
    return tuple(run.rows(node).index_select(0, first) for node in nodes)


def _given(leaf: Node, shape: RunShape) -> ArrayPlace:
    """Return the place of an array of rows that a caller gives."""
    width = width_of(leaf, shape.sizes)
    return ArrayPlace(("row", leaf), 0, width, width)


def _copied(run: Run, node: Node) -> Tensor:
    return run.rows(node).clone(memory_format=torch.contiguous_format)


@functools.cache
def name_of(dtype: torch.dtype) -> str:
    """Return a dtype's name without torch's."""
    return str(dtype).removeprefix("torch.")
