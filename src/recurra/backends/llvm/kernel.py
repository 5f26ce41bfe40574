"""The LLVM kernel: it gives compiled functions their memory and calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Gradients, Result
from recurra.backends.llvm.arrays import Order, allocate, order_of, pack, width_of
from recurra.backends.llvm.engine import Code, build
from recurra.backends.llvm.frames import LINE, Frame, frame_of
from recurra.backends.llvm.loops import Function
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.program import Flat, Program, backward_program, forward_program
from recurra.backends.llvm.slots import HEADER, Slot
from recurra.backends.llvm.target import Target, host
from recurra.backends.noise import bernoulli
from recurra.derive.plan import Plans
from recurra.derive.stages import Product
from recurra.graph.node import Node
from recurra.graph.spellings import numpy_spelling

__all__ = ["LLVMKernel", "compile"]

Rows = dict[Node, Tensor]
_SCRATCH, _TABLES = HEADER.index("scratch"), HEADER.index("sequence_table")


def compile(plans: Plans) -> LLVMKernel:
    """Return the kernel of these plans; its code is compiled at its first use."""
    return LLVMKernel(plans)


@dataclass(frozen=True)
class Tape:
    """What the forward pass keeps: arrays of all rows, and the values that are computed once."""

    rows: Mapping[Node, Tensor]
    known: Mapping[Node, np.ndarray]


class LLVMKernel:
    """Runs a pair of plans as machine code."""

    def __init__(self, plans: Plans, target: Target | None = None) -> None:
        self.plans, self.target = plans, target or host()
        self.sizes = tuple(plans.forward.step.sizes())
        self._programs: dict[tuple[Any, ...], Program] = {}
        self._code: dict[int, Code] = {}
        self._frames: dict[tuple[Any, ...], Frame] = {}

    def program(self, which: str, dtype: str, *, hoisted: bool, wanted: tuple[bool, ...] = ()) -> Program:
        """Return the compiled "inference", "forward" or "backward"; see `recurra.backends.llvm.program`."""
        key = (which, dtype, hoisted, wanted)
        if key not in self._programs:
            options: tuple[Plans, Target, str, tuple[str, ...]] = (self.plans, self.target, dtype, self.sizes)
            if which == "backward":
                made = backward_program(*options, hoisted=hoisted, wanted=wanted)
            else:
                made = forward_program(*options, tape=which == "forward", hoisted=hoisted)
            self._programs[key] = made
        return self._programs[key]

    def code(self, program: Program) -> Code:
        """Return a program's code, compiled at its first run."""
        if id(program) not in self._code:
            self._code[id(program)] = build(program.text, self.target, program.names)
        return self._code[id(program)]

    def _run(self, which: str, call: Call, wanted: tuple[bool, ...] = ()) -> _Run:
        """Return a run of a program. Few rows at a step do not fill a tile: then products are hoisted."""
        threads = max(1, min(torch.get_num_threads(), call.batch_sizes[0]))
        hoisted = call.batch_sizes[0] < threads * self.target.tile_rows
        return _Run(self, self.program(which, str(call.states[0].dtype), hoisted=hoisted, wanted=wanted), call)

    def frame(self, function: Function, sizes: Mapping[str, int], **options: int) -> Frame:
        """Return the frame of a function for these sizes, made once."""
        key = (id(function), *sizes.values(), *options.values())
        if key not in self._frames:
            self._frames[key] = frame_of(function, sizes, **options)
        return self._frames[key]

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; see `recurra.backends.kernel.Kernel`."""
        step = self.plans.forward.step
        run = self._run("forward" if tape else "inference", call)
        known = dict(zip(step.parameters, call.parameters, strict=True))
        run.evaluator = _evaluator(call, known)
        for leaf, value in zip(step.inputs, call.inputs, strict=True):
            rows = _tensor(value)
            run.rows[leaf] = rows[run.sequences] if leaf.name in step.per_sequence else rows
        finals = run.execute([_tensor(state) for state in call.states], backwards=call.reverse)
        outputs = tuple(run.rows[node].numpy() for node in step.outputs)
        outputs = tuple(_own(array, given=(*call.inputs, *outputs[:k])) for k, array in enumerate(outputs))
        kept = Tape(run.rows, run.evaluator.known) if tape else None
        return Result(outputs, tuple(state.numpy() for state in finals), kept)

    def backward(
        self,
        call: Call,
        tape: Tape,
        *,
        outputs: Sequence[Any],
        states: Sequence[Any],
        wanted: Sequence[bool] | None = None,
    ) -> Gradients:
        """Run the backward plan; see `recurra.backends.kernel.Kernel`."""
        plan, step = self.plans.backward, self.plans.forward.step
        which = tuple(wanted or [True] * len(step.inputs))
        run = self._run("backward", call, which)
        run.evaluator = _evaluator(call, tape.known)
        run.rows.update(tape.rows)
        run.rows.update(zip(plan.step.incoming_outputs, map(_tensor, outputs), strict=True))
        finals = run.execute(
            [_tensor(gradient) for gradient in states], backwards=not call.reverse,
            together=[gradient.deltas for gradient in plan.weight_gradients],
        )  # fmt: skip
        run.accumulate()
        pairs = zip(plan.step.parameters, call.parameters, strict=True)
        parameters = tuple(np.broadcast_to(run.evaluator.once(node), np.shape(value)) for node, value in pairs)
        inputs = tuple(
            run.input_gradient(node, value, once=leaf.name in step.per_sequence) if is_wanted else None
            for leaf, node, value, is_wanted in zip(step.inputs, plan.step.inputs, call.inputs, which, strict=True)
        )
        return Gradients(parameters, inputs, tuple(state.numpy() for state in finals))


class _Run:
    """One run of a program: its arrays, and the calls of its functions."""

    evaluator: Evaluator

    def __init__(self, kernel: LLVMKernel, program: Program, call: Call) -> None:
        self.kernel, self.program, self.call = kernel, program, call
        self.dtype = _tensor(call.states[0]).dtype
        self.count = sum(call.batch_sizes)
        self.rows: Rows = {}
        self.threads = torch.get_num_threads()
        self.bytes = self.dtype.itemsize
        self.panel = PANEL_VECTORS * kernel.target.lanes(str(call.states[0].dtype))

    @property
    def sequences(self) -> Tensor:
        """The sequence of each row."""
        return torch.from_numpy(np.concatenate([np.arange(size) for size in self.call.batch_sizes]))

    def execute(
        self, initial: Sequence[Tensor], *, backwards: bool, together: Sequence[Sequence[Node]] = ()
    ) -> list[Tensor]:
        """Run everything; return the carried values of each sequence after its last step."""
        program, sizes = self.program, self.call.sizes
        flat = [product for stage in (*program.before, *program.after) for product in stage.products]
        side_by_side = [*(p.results for p in flat), *together]
        self.rows.update(allocate(program.arrays, side_by_side, self.count, sizes, self.dtype))
        self.rows.update((noise, self._drawn(noise)) for noise in program.drawn)
        for stage in program.before:
            self._flat(stage)
        finals = self._loop(initial, order_of(tuple(self.call.batch_sizes), backwards))
        for stage in program.after:
            self._flat(stage)
        return finals

    def _drawn(self, noise: Node) -> Tensor:
        """Return the draws of a noise for all rows."""
        steps = np.repeat(np.arange(len(self.call.batch_sizes)), self.call.batch_sizes)
        features = np.arange(width_of(noise, self.call.sizes))
        places = {"steps": steps[:, None], "sequences": self.sequences.numpy()[:, None], "features": features}
        return torch.from_numpy(bernoulli(noise, seed=self.call.seed, **places)).to(self.dtype)

    # over all rows -----------------------------------------------------------------------------------------------

    def _flat(self, stage: Flat) -> None:
        for product in stage.products:
            self._product(product)
        if stage.function is not None and self.count:
            threads = max(1, min(self.threads, self.count // 64))
            bounds = np.linspace(0, self.count, threads + 1).astype(np.int64)
            rows = int(np.diff(bounds).max())
            self._call(stage.function, {"bounds": bounds.ctypes.data}, {}, threads, rows)

    def _product(self, product: Product) -> None:
        """Compute [results] = [operands] @ [weights] with torch."""
        into = _joined([self.rows[result] for result in product.results])
        left = [self.rows[operand] for operand in product.operands]
        joined = _joined(left) if len(left) > 1 else left[0]
        if joined is not None:
            left, blocks = [joined], [self._weights(product)]
        else:
            blocks = [self._block(line) for line in product.weights]
        total = torch.mm(left[0], blocks[0], out=into) if into is not None else torch.mm(left[0], blocks[0])
        for operand, block in zip(left[1:], blocks[1:], strict=True):
            total.addmm_(operand, block)
        if into is None:
            widths = [self.rows[result].shape[1] for result in product.results]
            for result, part in zip(product.results, total.split(widths, 1), strict=True):
                self.rows[result].copy_(part)

    def _block(self, line: Sequence[Node]) -> Tensor:
        """Return weights side by side."""
        parts = [torch.from_numpy(self.evaluator.once(weight)) for weight in line]
        return parts[0] if len(parts) == 1 else torch.cat(parts, 1)

    # the time loop -----------------------------------------------------------------------------------------------

    def _loop(self, initial: Sequence[Tensor], order: Order) -> list[Tensor]:
        carried, batch = self.program.carried, self.call.batch_sizes[0]
        finals = [torch.empty_like(state, memory_format=torch.contiguous_format) for state in initial]
        if not batch:
            self.rows.update((c.leaf, s.new_empty(0, s.shape[1])) for c, s in zip(carried, initial, strict=True))
            return finals
        given: dict[tuple[str, Node], Tensor] = {}
        for each, state, final in zip(carried, initial, finals, strict=True):
            place = self._started(state, order, kept=each.kept)
            given["state", each.leaf], given["final", each.leaf] = place, final
            if each.kept:
                self.rows[each.leaf] = place
        threads = max(1, min(self.threads, batch))
        bounds, rows = order.bounds(threads)
        header = {
            "steps": len(self.call.batch_sizes), "row_base": order.row_base.ctypes.data,
            "count": order.count.ctypes.data, "batch": batch, "bounds": bounds.ctypes.data,
        }  # fmt: skip
        self._call(self.program.loop, header, given, threads, rows)
        return finals

    def _started(self, state: Tensor, order: Order, *, kept: bool) -> Tensor:
        """Return the memory of a carried value with its initial values in it."""
        if not kept:
            return torch.cat([state, state])
        place = state.new_empty(self.count, state.shape[1])
        if order.start_rows is None:
            place[order.row_base[0] : order.row_base[0] + len(state)] = state
        else:
            place.index_copy_(0, order.start_rows, state)
        return place

    # calls -------------------------------------------------------------------------------------------------------

    def _call(
        self,
        function: Function,
        header: Mapping[str, int],
        given: Mapping[tuple[str, Node], Tensor],
        threads: int,
        rows: int,
    ) -> None:
        """Fill in the arguments of a function and run it; a thread has at most `rows` rows."""
        frame = self.kernel.frame(function, self.call.sizes, rows=rows, panel=self.panel, bytes=self.bytes)
        arguments = frame.arguments.copy()
        scratch = torch.empty(frame.scratch_bytes * threads + LINE, dtype=torch.uint8)
        arguments[_SCRATCH], arguments[_SCRATCH + 1] = -(-scratch.data_ptr() // LINE) * LINE, frame.scratch_bytes
        for name, value in header.items():
            arguments[HEADER.index(name)] = value
        keep: list[Any] = []  # what the code reads lives until it has run
        if self.kernel.plans.forward.step.noises:
            keep = [self.sequences.numpy(), np.repeat(np.arange(len(self.call.batch_sizes)), self.call.batch_sizes)]
            arguments[_TABLES : _TABLES + 3] = keep[0].ctypes.data, keep[1].ctypes.data, self.call.seed
        for slot in frame.addressed:
            value = self._array(slot, given)
            keep.append(value)
            arguments[slot.place] = value.data_ptr()
            arguments[slot.place + 1] = value.stride(0) if value.dim() == 2 else 0
        for place, product in frame.products:
            packed = pack(self._weights(product), self.panel)
            keep.append(packed)
            arguments[place], arguments[place + 1] = packed.data_ptr(), len(packed)
        self.kernel.code(self.program).run(function.name, arguments.ctypes.data, threads)

    def _array(self, slot: Slot, given: Mapping[tuple[str, Node], Tensor]) -> Tensor:
        """Return what stands at a slot."""
        node = slot.node
        assert isinstance(node, Node)
        if slot.kind == "once":
            return torch.from_numpy(np.ascontiguousarray(self.evaluator.once(node)))
        return given[slot.kind, node] if slot.kind in ("state", "final") else self.rows[node]

    def _weights(self, product: Product) -> Tensor:
        blocks = [self._block(line) for line in product.weights]
        return blocks[0] if len(blocks) == 1 else torch.cat(blocks)

    # gradients ---------------------------------------------------------------------------------------------------

    def accumulate(self) -> None:
        """Compute the sums over all rows of all steps, each weight gradient as one product."""
        plan = self.kernel.plans.backward
        for gradient in plan.weight_gradients:
            deltas = [self.rows[delta] for delta in gradient.deltas]
            side = _joined(deltas)
            together = torch.mm(self.rows[gradient.operand].T, torch.cat(deltas, 1) if side is None else side)
            parts = together.split([delta.shape[1] for delta in deltas], 1)
            self.evaluator.known.update((r, p.numpy()) for r, p in zip(gradient.results, parts, strict=True))
        for node in plan.row_sums:
            self.evaluator.known[node] = self.rows[node.args[0]].sum(0).numpy()

    def input_gradient(self, node: Node, given: Any, *, once: bool) -> np.ndarray:
        """Return the gradient of an input; that of a per-sequence input is summed over the sequence's steps."""
        if not node.rows:
            return np.zeros_like(given)
        found = self.rows[node]
        if once:
            return torch.zeros(np.shape(given), dtype=self.dtype).index_add_(0, self.sequences, found).numpy()
        return found.numpy()


def _tensor(value: Any) -> Tensor:
    tensor = torch.from_numpy(value) if isinstance(value, np.ndarray) else value
    return tensor if tensor.is_contiguous() else tensor.contiguous()


def _own(array: np.ndarray, *, given: Sequence[np.ndarray]) -> np.ndarray:
    """Return an array that is no view of another that the caller has."""
    return array.copy() if any(np.shares_memory(array, other) for other in given) else array


def _joined(parts: Sequence[Tensor]) -> Tensor | None:
    """Return the array of which these are neighbouring columns, None if they are not."""
    first, total = parts[0], 0
    for part in parts:
        expected = first.data_ptr() + total * first.element_size()
        if part.stride() != first.stride() or part.data_ptr() != expected:
            return None
        total += part.shape[1]
    if first.dim() != 2 or (total > first.stride(0) and len(first) > 1):
        return None
    return first.as_strided((len(first), total), first.stride())


def _evaluator(call: Call, known: Mapping[Node, Any]) -> Evaluator:
    return Evaluator(numpy_spelling(), call.sizes, number=call.states[0].dtype.type, known=known)
