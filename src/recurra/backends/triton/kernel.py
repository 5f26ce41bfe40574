"""The Triton kernel: both passes of a cell as launches of generated functions."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import torch
from torch import Tensor

from recurra.backends.cost import CallShape, Limits, limits_of
from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Gradients, Result, Wanted, kernel_of
from recurra.backends.listing import PLAN_STAGES, plan_stage
from recurra.backends.parameters import Parameters, Part
from recurra.backends.tensors import in_rows, like_call, number_beside, tensor_of
from recurra.backends.triton.axes import TileError
from recurra.backends.triton.device import check, check_together, compiler, is_too_big, out_of_memory
from recurra.backends.triton.kernel_choice import Form, choose_form, choose_tiles
from recurra.backends.triton.layout import PassPlan, backward_pass, forward_pass, read_by_backward
from recurra.backends.triton.nests import Nest, nest_of
from recurra.backends.triton.phases import Phase, arrange
from recurra.backends.triton.program import Program, Shape, write_program
from recurra.backends.triton.run import Run, parameter_gradients, steps_of
from recurra.backends.triton.work import UNITS, TritonPassCost
from recurra.backends.triton.writer import Names
from recurra.derive.plan import Plans
from recurra.errors import BackendError, InputError
from recurra.graph.node import Node
from recurra.graph.ops import torch_spelling
from recurra.locks import making

__all__ = ["UNITS", "TritonKernel", "check", "compile", "compiler", "without_kernel"]

STAGES = (*PLAN_STAGES, "triton")
"""From the equations to the source that Triton compiles."""

PASSES = ("inference", "forward", "backward")

_SMALLEST = 1024
"""Bytes of shared memory in which not even the smallest tile fits."""

_ANY_SHAPE = Shape(is_persistent=False, has_all_columns=True, is_resident=False)
"""What the forward pass keeps lies at the same place in programs of all shapes."""


def compile(plans: Plans) -> TritonKernel:
    """Return the kernel of these plans; Triton compiles its functions at their first launch."""
    return TritonKernel(plans)


def without_kernel(plans: Plans, sizes: Mapping[str, int] | None = None) -> str:
    """Return why there is no kernel of these plans, or none for these sizes; empty if there is one."""
    if not plans.has_axes:
        return ""
    kernel: Any = kernel_of(plans, "triton")
    missing = kernel.missing(sizes)
    return missing and f"no kernel on a GPU runs it: {missing}"


@contextlib.contextmanager
def _asked_by_name() -> Iterator[None]:
    """Turn why programs cannot have their tiles into an error that says what can."""
    try:
        yield
    except TileError as error:
        raise BackendError(f"backend='triton': {error}; backend='torch' can") from error


@dataclass(frozen=True)
class Tape:
    """What the forward pass keeps: the buffers that the backward pass reads, by name."""

    names: tuple[str, ...]
    arrays: tuple[Tensor, ...]

    def having(self, arrays: Sequence[Tensor]) -> Tape:
        """Return this tape with these pieces of memory."""
        return dataclasses.replace(self, arrays=tuple(arrays))


class TritonKernel:
    """Runs a pair of plans as Triton kernels.

    Parameters
    ----------
    plans : Plans
    only : ``"persistent"``, ``"step-wise"``, or "" to let sizes decide
        The form of the time loops.
    """

    def __init__(self, plans: Plans, *, only: str = "") -> None:
        self.plans, self.only = plans, only
        self.names = Names(plans)
        self.per_sequence = frozenset(
            leaf for leaf in plans.forward.step.inputs if leaf.name in plans.forward.step.per_sequence
        )
        self.read_by_backward = read_by_backward(plans)
        self._programs: dict[tuple[Any, ...], Program] = {}
        self._phases: dict[str, tuple[Phase, ...]] = {}
        self._nests: dict[tuple[str, bool], Nest] = {}
        self._missing: dict[tuple[tuple[str, int], ...], str] = {}
        self._too_big: set[tuple[str, Form]] = set()

    # what is made once -------------------------------------------------------------------------------------------

    def program(self, which: str, shape: Shape) -> Program:
        """Return "inference", "forward" or "backward" as a program; the first keeps nothing for the last."""
        if (which, shape) not in self._programs:
            with making:
                self._programs[which, shape] = write_program(
                    self._written(which, shape), self.names, shape=shape, per_sequence=self.per_sequence,
                    title=f"The {which} pass, {'all steps' if shape.is_persistent else 'a step'} a launch.",
                )  # fmt: skip
        return self._programs[which, shape]

    def _pass(self, which: str) -> PassPlan:
        if which != "backward":
            return forward_pass(self.plans, has_tape=which == "forward")
        return backward_pass(self.plans, self.program("forward", _ANY_SHAPE).layout)

    def _written(self, which: str, shape: Shape) -> PassPlan | Nest:
        """Return what a program of this shape is written from."""
        if not self.plans.has_axes:
            return self._pass(which)
        with _asked_by_name():
            return self.nest(which, is_parted=bool(shape.parted))

    def nest(self, which: str, *, is_parted: bool = False) -> Nest:
        """Return a pass of values with several axes; raise `TileError` if no program can have its tiles."""
        key = which, is_parted
        if key not in self._nests:
            with making:
                self._nests[key] = nest_of(self._pass(which), is_parted=is_parted)
        return self._nests[key]

    def missing(self, sizes: Mapping[str, int] | None = None) -> str:
        """Return why programs cannot have the tiles of values with several axes, of any or these sizes; or nothing."""
        key = tuple((sizes or {}).items())
        if key not in self._missing:
            try:
                for which in PASSES:
                    nests = [self.nest(which, is_parted=is_parted) for is_parted in (False, True)]
                    if sizes:
                        choose_tiles(nests, sizes, batch=1, limits=Limits(1, 0))
                self._missing[key] = ""
            except TileError as error:
                self._missing[key] = str(error)
        return self._missing[key]

    def form(self, which: str, sizes: Mapping[str, int], *, batch: int, dtype: torch.dtype, limits: Limits) -> Form:
        """Return how a pass is launched for these sizes."""
        if self.plans.has_axes:
            return self._tiles(which, sizes, batch, limits)
        if which not in self._phases:
            with making:
                run = self._pass(which)
                self._phases[which] = arrange(
                    run.loop, has_all_columns=False, is_one_function=True, carried=run.carried, keeps=run.keeps
                )
        options: dict[str, Any] = {"batch": batch, "bytes": dtype.itemsize, "limits": limits}
        form = choose_form(self._phases[which], sizes, **options, only=self.only)
        # what was too big all the same is divided further: as for a device with half the shared memory, and so on
        while (which, form) in self._too_big:
            if form.name == "step-wise":
                options["limits"] = limits = replace(limits, shared=limits.shared // 2)
            smaller = choose_form(self._phases[which], sizes, **options, only="step-wise")
            if smaller == form and limits.shared < _SMALLEST:
                return form
            form = smaller
        return form

    def _tiles(self, which: str, sizes: Mapping[str, int], batch: int, limits: Limits) -> Form:
        """Return the form of tiles with several axes; what was too big is divided further."""
        with _asked_by_name():
            nests = [self.nest(which, is_parted=is_parted) for is_parted in (False, True)]
            divisor, form = 1, choose_tiles(nests, sizes, batch=batch, limits=limits)
            while (which, form) in self._too_big:
                divisor *= 2
                smaller = choose_tiles(nests, sizes, batch=batch, limits=limits, divisor=divisor)
                if smaller == form:
                    break
                form = smaller
            return form

    def explain(self, sizes: Mapping[str, int], *, batch: int, like: Tensor) -> tuple[str, str]:
        """Return how the forward pass is launched for a batch of so many sequences, and why."""
        form = self.form("forward", sizes, batch=batch, dtype=like.dtype, limits=limits_of(like.device))
        return form.description, form.reason

    def source(
        self, stage: str = "", *, which: str = "forward", dtype: str = "float32", sizes: Mapping[str, int] | None = None
    ) -> str:
        """Return what becomes of the plans, as text.

        Parameters
        ----------
        stage : one of `STAGES`, by default ``"triton"``
        which : ``"inference"``, ``"forward"`` (which keeps what the backward pass reads) or ``"backward"``
        dtype : a dtype's name
        sizes : by default, what is written for sizes at which programs share rows
        """
        if which not in PASSES:
            raise InputError(f"which: got {which!r}, expected one of {list(PASSES)}")
        shape = Shape(is_persistent=True, has_all_columns=False, is_resident=True)
        if sizes is not None:
            limits = limits_of(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
            shape = self.form(which, sizes, batch=1, dtype=getattr(torch, dtype), limits=limits).shape
        stage = stage or "triton"
        if stage not in STAGES:
            raise InputError(f"stage: got {stage!r}, expected one of {list(STAGES)}")
        return self.program(which, shape).text if stage == "triton" else plan_stage(stage, self.plans)

    def stepper(self, sizes: Mapping[str, int], parts: Sequence[Part], *, batch: int, dtype: torch.dtype) -> NoReturn:
        """Raise `BackendError`: single steps are run by `recurra.backends.llvm`."""
        raise BackendError("backend='triton' runs whole sequences; one step at a time runs on the CPU, backend 'llvm'")

    def direct(self, call: Call, *, is_taped: bool) -> None:
        """Return nothing: what a call costs on a GPU is queued, and seldom waited for."""

    def costs(self, kind: str, shape: CallShape) -> tuple[TritonPassCost, ...]:
        """Return what a call takes; see `recurra.backends.kernel.CompiledKernel`. Neither device nor Triton is needed.

        Raises
        ------
        InputError
            For a stream.
        """
        if kind == "stream":
            raise InputError("a stream runs on the processor: ask without the GPU")
        return tuple(
            self._cost(which, shape) for which in (("forward", "backward") if kind == "training" else ("inference",))
        )

    def _cost(self, which: str, shape: CallShape) -> TritonPassCost:
        assert shape.gpu is not None
        form = self.form(which, shape.sizes, batch=shape.batch_sizes[0], dtype=shape.dtype, limits=shape.gpu)
        program = self.program(which, form.shape)
        return TritonPassCost(which, self.plans, program, form, self.taped(program), shape)

    # passes ------------------------------------------------------------------------------------------------------

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; see `recurra.backends.kernel.Kernel`."""
        step = self.plans.forward.step
        inputs, states = [*map(in_rows, call.inputs)], [*map(in_rows, call.states)]
        buffers = {f"input_{number}": value for number, value in enumerate(inputs)}
        with out_of_memory(call):
            run = self._executed("forward" if tape else "inference", call, buffers, states, reverse=call.reverse)
        taken: set[str] = set()
        outputs = tuple(_own(run, node, taken) for node in step.outputs)
        kept = self._tape(run) if tape else None
        statistics = tuple(run.first_rows(node) for node in step.statistics)
        return Result(
            like_call(call, outputs), like_call(call, run.final(states[0].dtype)), kept, like_call(call, statistics)
        )

    def taped(self, program: Program) -> tuple[str, ...]:
        """Return the buffers of a forward program that the backward pass reads; none of an inference."""
        places = program.layout.places
        return tuple(dict.fromkeys(places[node].buffer for node in self.read_by_backward if node in places))

    def _tape(self, run: Run) -> Tape:
        names = self.taped(run.program)
        return Tape(names, tuple(run.buffers[name] for name in names))

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
        plan, step, parameters = self.plans.backward, self.plans.forward.step, Parameters.of(call.parameters)
        wanted = wanted or Wanted.everything(parameters=len(parameters.tensors), inputs=len(step.inputs))
        buffers = dict(zip(tape.names, tape.arrays, strict=True))
        buffers |= {f"input_{k}": in_rows(value) for k, value in enumerate(call.inputs)}
        buffers |= {f"d_output_{k}": in_rows(value) for k, value in enumerate(outputs)}
        with out_of_memory(call):
            carried = [*map(in_rows, states)]
            run = self._executed("backward", call, buffers, carried, reverse=not call.reverse)
            found = parameter_gradients(run, plan, parameters, wanted.parameters)
        taken: set[str] = set()
        inputs = tuple(
            self._input_gradient(run, leaf, node, taken) if is_wanted else None
            for leaf, node, is_wanted in zip(step.inputs, plan.step.inputs, wanted.inputs, strict=True)
        )
        observed = tuple(run.rows(node).clone() for node in plan.step.observed.values())
        return Gradients(
            like_call(call, found),
            like_call(call, inputs),
            like_call(call, run.final(carried[0].dtype)),
            like_call(call, observed),
        )

    def _executed(
        self, which: str, call: Call, given: dict[str, Tensor], states: Sequence[Tensor], *, reverse: bool
    ) -> Run:
        """Return a run that is over; what is too big for a persistent program is run step by step."""
        run = self._run(which, call, dict(given), reverse=reverse)
        try:
            run.execute(states)
        except Exception as error:
            if not is_too_big(error):
                raise
            if (which, run.form) in self._too_big:
                raise BackendError(
                    f"sizes {dict(call.sizes)} in {run.like.dtype} are too big for a kernel on {run.like.device}: "
                    f"backend='torch' runs them ({error})"
                ) from error
            self._too_big.add((which, run.form))
            return self._executed(which, call, given, states, reverse=reverse)
        return run

    def _run(self, which: str, call: Call, buffers: dict[str, Tensor], *, reverse: bool) -> Run:
        like = buffers["input_0"]
        check(like.device, like.dtype)
        steps = steps_of(tuple(call.batch_sizes), like.device)
        form = self.form(which, call.sizes, batch=steps.batch, dtype=like.dtype, limits=limits_of(like.device))
        given = [tensor_of(value) for value in _gathered(call.parameters)]
        check_together([*given, *buffers.values()])
        known = dict(zip(self.plans.forward.step.parameters, given, strict=True))
        evaluator = Evaluator(torch_spelling(), call.sizes, number=number_beside(like), known=known)
        program = self.program(which, form.shape)
        return Run(program, form, steps, call.sizes, evaluator, buffers, reverse, call.seed, self.per_sequence)

    def _input_gradient(self, run: Run, leaf: Node, node: Node, taken: set[str]) -> Tensor:
        """Return the gradient of an input; that of a per-sequence input is summed over the sequence's steps."""
        number = self.plans.forward.step.inputs.index(leaf)
        given = run.buffers[f"input_{number}"]
        if not node.rows:
            return torch.zeros_like(given)
        if leaf in self.per_sequence:
            return torch.zeros_like(given).index_add_(0, run.steps.sequences, run.rows(node))
        return _own(run, node, taken)


def _own(run: Run, node: Node, taken: set[str]) -> Tensor:
    """Return the rows of a value as a tensor that is nobody else's."""
    rows = run.rows(node)
    place = run.program.layout.places.get(node)
    if place and place.buffer not in taken and not place.buffer.startswith(("input", "d_output", "kept")):
        buffer = run.buffers[place.buffer]
        if rows.shape == buffer.shape:
            taken.add(place.buffer)
            return buffer
    return rows.clone(memory_format=torch.contiguous_format)


def _gathered(given: Parameters | Sequence[Any]) -> list[Any]:
    """Return the value of each parameter; tensors that stand for a sum are added once, not part by part."""
    parameters = Parameters.of(given)
    if any(part.storage for part in parameters.parts):
        return [*parameters]
    sums: dict[tuple[int, ...], Any] = {}
    found = []
    for part in parameters.parts:
        if part.tensors not in sums:
            whole = [parameters.tensors[number] for number in part.tensors]
            sums[part.tensors] = whole[0] if len(whole) == 1 else sum(whole[1:], whole[0])
        found.append(part.of(sums[part.tensors]))
    return found
