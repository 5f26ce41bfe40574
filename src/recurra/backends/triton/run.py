"""One run of a program: tables of its steps, buffers on the device, products by torch, launches, weight gradients."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.backends.noise import drawn
from recurra.backends.parameters import Parameters
from recurra.backends.tensors import DeviceTable, joined
from recurra.backends.triton.axes import unshaped
from recurra.backends.triton.device import precision
from recurra.backends.triton.kernel_choice import Form
from recurra.backends.triton.layout import SLICES, BufferColumns
from recurra.backends.triton.program import Function, Outside, Program, load
from recurra.derive.plan import BackwardPlan
from recurra.derive.stages import Product
from recurra.graph.node import Node, Size, number_of

__all__ = ["Run", "StepTables", "parameter_gradients", "steps_of"]


@dataclass(frozen=True)
class StepTables:
    """How the rows of a batch are divided into steps.

    Attributes
    ----------
    sizes : tuple of int
        The sequences at each step, never rising.
    device : torch.device
    """

    sizes: tuple[int, ...]
    device: torch.device

    @property
    def batch(self) -> int:
        """The sequences of the batch."""
        return self.sizes[0]

    @property
    def is_ragged(self) -> bool:
        """Whether some sequences end earlier than others."""
        return self.sizes[-1] != self.sizes[0]

    @functools.cached_property
    def starts(self) -> list[int]:
        """The first row of each step, and the number of all rows."""
        return [0, *itertools.accumulate(self.sizes)]

    @functools.cached_property
    def lengths(self) -> list[int]:
        """The steps of each sequence."""
        found = [0] * self.batch
        running = self.batch
        for step, size in enumerate((*self.sizes[1:], 0), start=1):
            found[size:running] = [step] * (running - size)
            running = size
        return found

    @property
    def table(self) -> Tensor:
        """`starts`, then `lengths`."""
        return self._table.read()

    @property
    def sequences(self) -> Tensor:
        """The sequence of each row."""
        return self._sequences.read()

    @property
    def times(self) -> Tensor:
        """The step of each row."""
        return self._times.read()

    @property
    def last(self) -> Tensor:
        """For each sequence the line of the carried values, two for each in turns, that holds its last one."""
        return self._last.read()

    @functools.cached_property
    def _table(self) -> DeviceTable:
        return self._made([*self.starts, *self.lengths])

    @functools.cached_property
    def _sequences(self) -> DeviceTable:
        return self._made([number for size in self.sizes for number in range(size)])

    @functools.cached_property
    def _times(self) -> DeviceTable:
        return self._made([step for step, size in enumerate(self.sizes) for _ in range(size)])

    @functools.cached_property
    def _last(self) -> DeviceTable:
        return self._made([length % 2 * self.batch + number for number, length in enumerate(self.lengths)])

    def _made(self, numbers: Sequence[int]) -> DeviceTable:
        return DeviceTable(torch.tensor(numbers, dtype=torch.int64, device="cpu"), self.device)


@functools.lru_cache(maxsize=64)
def steps_of(sizes: tuple[int, ...], device: torch.device) -> StepTables:
    """Return the steps of a batch; those of sizes that come again are kept."""
    return StepTables(sizes, device)


_ELEMENTS = 4096
"""Numbers of a tile of rows, all columns of each, where no product is made."""


@dataclass
class Run:
    """A program with the memory that it works on.

    Attributes
    ----------
    program : Program
    form : Form
    steps : StepTables
    sizes : size -> number
    evaluator : gives the values without rows
    buffers : buffer -> tensor
    reverse : bool
        Whether the loop goes from the last step to the first.
    seed : int, or an integer tensor on the device
    per_sequence : leaves that have one line for each sequence
    """

    program: Program
    form: Form
    steps: StepTables
    sizes: Mapping[str, int]
    evaluator: Evaluator
    buffers: dict[str, Tensor]
    reverse: bool
    seed: int | Tensor
    per_sequence: frozenset[Node]
    made: dict[Node, Tensor] = field(default_factory=dict)
    bound: dict[str, dict[str, Any]] = field(default_factory=dict)

    # memory ------------------------------------------------------------------------------------------------------

    def wide(self, size: Size) -> int:
        """Return the number behind a size."""
        if size == SLICES:
            return self.form.slices
        return number_of(size, self.sizes)

    def _allocate(self, states: Sequence[Tensor]) -> None:
        """Make the buffers that are not given, and put the initial states where the first step reads them."""
        like, rows, batch = self.like, self.steps.starts[-1], self.steps.batch
        accuracy, layout = _accuracy(like.dtype), self.program.layout
        sums = dict.fromkeys(layout.totals.values(), batch)
        sums |= {name: rows * self._parts(node) for node, name in layout.partial.items()}
        for name, columns in self.program.layout.columns.items():
            width = sum(map(self.wide, columns))
            if name in ("carry", "scratch"):
                self.buffers[name] = torch.empty(2, batch, width, dtype=accuracy, device=like.device)
            elif name in sums:
                self.buffers[name] = torch.empty(sums[name], width, dtype=accuracy, device=like.device)
            elif name not in self.buffers and "product" not in name:
                self.buffers[name] = torch.empty(rows, width, dtype=like.dtype, device=like.device)
        if "carry" in self.buffers:
            self.buffers["carry"].copy_(torch.cat([*states], 1) if len(states) > 1 else states[0])

    def _parts(self, node: Node) -> int:
        """Return in how many parts programs have a partial sum."""
        assert self.program.nest is not None
        return self.program.nest.parts(node, self.form.blocks, self.wide)

    def final(self, dtype: torch.dtype) -> tuple[Tensor, ...]:
        """Return what is carried out of the last step of each sequence, in the dtype of what was carried in."""
        carry = self.buffers["carry"]
        if self.program.nest:
            last = carry[1]
        elif self.reverse or not self.steps.is_ragged:
            last = carry[len(self.steps.sizes) % 2]
        else:
            last = carry.view(-1, carry.shape[2]).index_select(0, self.steps.last)
        widths = [self.wide(size) for size in self.program.layout.columns["carry"]]
        parts = last.split(widths, 1)
        return tuple(part.to(dtype, memory_format=torch.contiguous_format, copy=True) for part in parts)

    def rows(self, node: Node) -> Tensor:
        """Return the rows of a value, (sum of batch_sizes, width)."""
        if node in self.made:
            return self.made[node]
        node = unshaped(node) if unshaped(node).op == "noise" else node
        if node.op == "noise":
            self.made[node] = self._drawn(node)
            return self.made[node]
        found = self._columns(self.program.layout.places[node])
        if unshaped(node) in self.per_sequence:
            self.made[node] = found = found.index_select(0, self.steps.sequences)
        return found

    def first_rows(self, node: Node) -> Tensor:
        """Return the first row of a value at each step, (steps, width)."""
        rows, steps = self.rows(node), self.steps
        if steps.is_ragged:
            return rows.index_select(0, steps.table[: len(steps.sizes)])
        return rows[:: steps.batch].clone(memory_format=torch.contiguous_format)

    def _columns(self, place: BufferColumns) -> Tensor:
        begin = sum(map(self.wide, place.before))
        return self.buffers[place.buffer][:, begin : begin + self.wide(place.width)]

    def _drawn(self, noise: Node) -> Tensor:
        """Return the draws of a noise that a product reads."""
        features = torch.arange(self.wide(noise.shape[0]), device=self.steps.device)
        values = drawn(
            noise, seed=self.seed, steps=self.steps.times[:, None], sequences=self.steps.sequences[:, None],
            features=features,
        )  # fmt: skip
        return values.to(self.like.dtype)

    @functools.cached_property
    def seed_on_device(self) -> Tensor:
        """The seed where kernels read it: so a captured graph, in which it is drawn too, has another at each replay."""
        if isinstance(self.seed, Tensor):
            return self.seed
        return torch.full((), self.seed, dtype=torch.int64, device=self.steps.device)

    @property
    def like(self) -> Tensor:
        """A tensor of the dtype of rows."""
        return self.buffers["input_0"]

    # passes ------------------------------------------------------------------------------------------------------

    def execute(self, states: Sequence[Tensor]) -> None:
        """Run what is before, in and after the loop, which begins with these states, or gradients by them."""
        self._allocate(states)
        interpreted = np.errstate(all="ignore") if self.steps.device.type == "cpu" else nullcontext()
        on_device = torch.cuda.device(self.steps.device) if self.steps.device.type == "cuda" else nullcontext()
        with interpreted, on_device:
            self._outside(self.program.before)
            if self.form.shape.is_persistent:
                self._persistent()
            else:
                self._step_wise()
            self._add_parts()
            self._outside(self.program.after)

    def _add_parts(self) -> None:
        """Add up the sums of which programs have parts."""
        for node, name in self.program.layout.partial.items():
            if name in self.buffers:
                parts = self.buffers[name].unflatten(0, (-1, self._parts(node)))
                self._columns(self.program.layout.places[node]).copy_(parts.sum(1))

    def _outside(self, stages: Iterable[Outside]) -> None:
        for stage in stages:
            for product in stage.products:
                self._multiply(product)
            for function in stage.functions:
                self._all_rows(function)

    def _multiply(self, product: Product) -> None:
        """Compute a product for all rows of all steps."""
        name = self.program.layout.places[product.results[0]].buffer
        total: Tensor | None = None
        for operand, line in zip(product.operands, product.weights, strict=True):
            weights = joined([self.evaluator.once(weight) for weight in line], 1).to(self.like.dtype)
            rows = self.rows(operand).to(self.like.dtype)
            total = torch.mm(rows, weights) if total is None else total.addmm_(rows, weights)
        assert total is not None
        self.buffers[name] = total

    def _all_rows(self, function: Function) -> None:
        rows = self.steps.starts[-1]
        blocks = [1 << (self.wide(size) - 1).bit_length() for size in function.axes or [function.width]]
        columns = math.prod(blocks)
        tile = max(1, _ELEMENTS // columns)
        along = {f"BLOCK_{number}": block for number, block in enumerate(blocks)} if function.axes else {}
        self._launch(function, (-(-rows // tile),), {"count": rows}, BLOCK_ROWS=tile, BLOCK_COLUMNS=columns, **along)

    def _persistent(self) -> None:
        steps, form = self.steps, self.form
        numbers = {"batch": steps.batch, "steps": len(steps.sizes)}
        waits = self.program.barriers > 0
        tables = {
            "table": steps.table if steps.is_ragged else None,
            "arrived": torch.zeros(form.tiles, dtype=torch.int32, device=steps.device) if waits else None,
        }
        for function in self.program.loop:
            self._launch(
                function, (form.tiles, form.slices), {**tables, **numbers}, launch_cooperative_grid=waits,
                IS_RAGGED=steps.is_ragged, IS_REVERSED=self.reverse, SLICES=form.slices,
            )  # fmt: skip

    def _step_wise(self) -> None:
        steps, count = self.steps, len(self.steps.sizes)
        for turn in range(count):
            time = count - 1 - turn if self.reverse else turn
            running = steps.sizes[time]
            numbers = {
                "batch": steps.batch, "first": steps.starts[time], "running": running, "turn": turn, "time": time,
            }  # fmt: skip
            tiles = -(-running // self.form.block_rows)
            for function in self.program.loop:
                self._launch(function, (tiles, self.form.slices), numbers)

    def _launch(self, function: Function, grid: tuple[int, ...], numbers: Mapping[str, Any], **options: Any) -> None:
        """Launch a kernel; `options` are constants of the compiler and settings of the launch."""
        if function.name not in self.bound:
            self.bound[function.name] = self._values(function)
        values = {**self.bound[function.name], **numbers, **options}
        settings = {name: value for name, value in options.items() if name not in function.parameters}
        kernel = getattr(load(self.program.text), function.name)
        given = [values[name] for name in function.parameters]
        kernel[grid](*given, num_warps=self.form.warps, num_stages=self.form.stages, enable_fp_fusion=True, **settings)

    def _values(self, function: Function) -> dict[str, Any]:
        """Return what a kernel is given at every launch, by name."""
        form, arguments = self.form, function.arguments
        values: dict[str, Any] = {name: self.buffers[name] for name in arguments.buffers}
        for name, node in arguments.vectors.items():
            values[name] = self.evaluator.once(node).contiguous()
        for name, node in arguments.weights.items():
            weight = self.evaluator.once(node)
            values |= {name: weight, f"{name[:-3]}_down": weight.stride(0), f"{name[:-3]}_across": weight.stride(1)}
        if "seed" in function.parameters:
            values["seed"] = self.seed_on_device
        if function.needs_rows:
            values |= {"sequences": self.steps.sequences, "times": self.steps.times}
        values |= {name: self.wide(size) for size, name in arguments.sizes.items()}
        return values | {
            **{f"BLOCK_{atom}": block for atom, block in enumerate(form.blocks)},
            "BLOCK_ROWS": form.block_rows, "BLOCK_COLUMNS": form.block_columns, "BLOCK_INNER": form.block_inner,
            "BLOCK_SLICES": 1 << (form.slices - 1).bit_length(), "ACCURACY": triton_dtype(_accuracy(self.like.dtype)),
            "WEIGHTS": triton_dtype(_multiplied(self.like.dtype, self.steps.device)),
            "PRECISION": precision(self.like.dtype),
        }  # fmt: skip


def _accuracy(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype of what is computed between loads and stores."""
    return torch.float64 if dtype == torch.float64 else torch.float32


def _multiplied(dtype: torch.dtype, device: torch.device) -> torch.dtype:
    """Return the dtype in which operands are multiplied; the interpreter multiplies the bits of a bfloat16."""
    return torch.float32 if dtype == torch.bfloat16 and device.type == "cpu" else dtype


@functools.cache
def triton_dtype(dtype: torch.dtype) -> Any:
    """Return a dtype as Triton has it."""
    import triton.language as tl

    return getattr(tl, str(dtype).removeprefix("torch."))


def parameter_gradients(
    run: Run, plan: BackwardPlan, parameters: Parameters, wanted: Sequence[bool]
) -> tuple[Tensor | None, ...]:
    """Return the gradients of the tensors of parameters, None where it is not wanted."""
    if not any(wanted):
        return (None,) * len(wanted)
    known = run.evaluator.known
    for gradient in plan.weight_gradients:
        deltas = joined([run.rows(delta) for delta in gradient.deltas], 1)
        together = torch.mm(run.rows(gradient.operand).to(deltas.dtype).T, deltas)
        known.update(zip(gradient.results, _parted(run, together, gradient.deltas), strict=True))
    totals = run.program.layout.totals
    stored = [node for node in plan.row_sums if node.args[0] not in totals]
    if stored:
        summed = [node.args[0] for node in stored]
        total = joined([run.rows(node) for node in summed], 1).sum(0)
        known.update(zip(stored, _parted(run, total, summed), strict=True))
    for node in plan.row_sums:
        if name := totals.get(node.args[0]):
            known[node] = run.buffers[name].sum(0).to(run.like.dtype)
    for node in plan.row_sums:
        known[node] = known[node].reshape([run.wide(size) for size in node.shape])
    nodes = zip(plan.step.parameters, parameters, strict=True)
    found = [run.evaluator.once(node).expand(value.shape).to(value.dtype) for node, value in nodes]
    every = parameters.gathered(found, _joined)
    return tuple(each if is_wanted else None for each, is_wanted in zip(every, wanted, strict=True))


def _parted(run: Run, together: Tensor, deltas: Sequence[Node]) -> list[Tensor]:
    """Divide columns that lie side by side as the values that they belong to."""
    return [*together.split([run.rows(delta).shape[1] for delta in deltas], -1)]


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0].contiguous() if len(parts) == 1 else torch.cat(parts)
