"""The passes of a workload as the CPU's kernels run them: programs and where their arrays lie, without compiling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recurra.backends.kernels import kernel_of
from recurra.backends.llvm.form import form_for
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.memory_plan import Arrangement, Shape
from recurra.backends.llvm.places import Place, width_of
from recurra.backends.llvm.program import Form, read_by_backward
from recurra.backends.llvm.weight_gradients import ParameterSums, sums_of
from recurra.backends.parameters import Part
from recurra.derive.plan import Plans
from recurra.graph.node import Node
from recurra.nn.stack import Direction, known_parameters
from recurra.plan.workload import Kind, Workload

__all__ = ["Pass", "passes"]


@dataclass(frozen=True)
class Pass:
    """One run of a kernel.

    Attributes
    ----------
    name
        "inference", "forward", "backward" or "stream".
    layer, direction
        Whose it is, from 0.
    plans
        The plans of the cell.
    arrangement
        Where everything of the run lies.
    tensors
        How many tensors the parameters are.
    sums
        How the parameters' gradients are summed; None forward.
    """

    name: str
    layer: int
    direction: int
    plans: Plans
    arrangement: Arrangement
    tensors: int
    sums: ParameterSums | None = None


def passes(workload: Workload, kind: Kind) -> tuple[Pass, ...]:
    """Return the runs in their order: the forward ones, then, in training, the backward ones."""
    if kind == "stream":
        return tuple(_streamed(workload))
    forward: list[Pass] = []
    backward: list[Pass] = []
    for layer, directions in enumerate(workload.stack.layers):
        for number, direction in enumerate(directions):
            one = _Direction(workload, direction, kind)
            forward.append(one.forward(layer, number))
            if kind == "training":
                backward.append(one.backward(layer, number, forward[-1].arrangement))
    return (*forward, *reversed(backward))


class _Direction:
    """One direction of one layer, as its kernel sees it."""

    def __init__(self, workload: Workload, direction: Direction, kind: Kind) -> None:
        self.workload, self.direction, self.kind = workload, direction, kind
        self.plans = workload.plans(kind)
        self.step = self.plans.forward.step
        self.kernel = _kernel(self.plans)
        self.parameters = known_parameters(workload.stack.cell, self.plans, direction)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self.parameters.parts)

    def shape(self, *, backwards: bool, batch_sizes: tuple[int, ...], threads: int) -> Shape:
        numbers = tuple(self.direction.sizes[name] for name in self.kernel.sizes)
        lanes = self.kernel.target.lanes(self.workload.dtype)
        return Shape(self.kernel.sizes, numbers, batch_sizes, backwards, threads, self.workload.bytes, lanes)

    def forward(self, layer: int, number: int) -> Pass:
        shape = self._whole(backwards=self.direction.reverse)
        form = form_for(self.plans.forward, shape, self.kernel.target)
        which = "forward" if self.kind == "training" else "inference"
        arrangement = self._arranged(which, shape, form)
        return Pass(which, layer, number, self.plans, arrangement, len(self.parameters.tensors))

    def stepping(self, layer: int) -> Pass:
        shape = self.shape(backwards=False, batch_sizes=(self.workload.batch,), threads=1)
        arrangement = self._arranged("inference", shape, Form(is_hoisted=False, is_whole=True))
        return Pass("stream", layer, 0, self.plans, arrangement, len(self.parameters.tensors))

    def _whole(self, *, backwards: bool) -> Shape:
        return self.shape(backwards=backwards, batch_sizes=self.workload.batch_sizes, threads=self.workload.threads)

    def _arranged(self, which: str, shape: Shape, form: Form) -> Arrangement:
        program = self.kernel.program(which, self.workload.dtype, form)
        return Arrangement(
            program, shape, apart=self.step.outputs, code=None,
            saved=read_by_backward(self.plans) if which == "forward" else None,
            given={leaf: _given(leaf, shape) for leaf in self.step.inputs},
            parameters=dict(zip(self.step.parameters, self.parts, strict=True)),
        )  # fmt: skip

    def backward(self, layer: int, number: int, forward: Arrangement) -> Pass:
        """Return the backward run; the gradient of the first layer's input is not wanted."""
        shape, plan = self._whole(backwards=not self.direction.reverse), self.plans.backward
        form = form_for(plan, shape, self.kernel.target)
        program = self.kernel.program("backward", self.workload.dtype, form, wanted=self.workload.wanted(layer))
        kept = forward.memory_of(read_by_backward(self.plans))
        given = {node: place for node, place in forward.places.items() if place.memory in kept}
        given |= {leaf: _given(leaf, shape) for leaf in plan.step.incoming_outputs}
        sums = sums_of(self.plans, self.parts, len(self.parameters.tensors))
        arrangement = Arrangement(
            program, shape, given=given, name="backward", code=None, together=sums.together,
            apart=[node for node in plan.step.inputs if node.rows], parameters=forward.parameters,
        )  # fmt: skip
        return Pass("backward", layer, number, self.plans, arrangement, len(self.parameters.tensors), sums)


def _streamed(workload: Workload) -> Iterator[Pass]:
    for layer, directions in enumerate(workload.stack.layers):
        yield _Direction(workload, directions[0], "stream").stepping(layer)


def _kernel(plans: Plans) -> LLVMKernel:
    kernel = kernel_of(plans, "llvm")
    assert isinstance(kernel, LLVMKernel)
    return kernel


def _given(leaf: Node, shape: Shape) -> Place:
    """Return the place of an array of rows that a caller gives."""
    width = width_of(leaf, shape.sizes)
    return Place(("row", leaf), 0, width, width)
