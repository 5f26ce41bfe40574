"""Compile a cell's kernels for devices that are not there: run by a test as a program of its own, without interpreter.

    python compiled.py CELL HIDDEN_SIZE BATCH DTYPE CAPABILITY ...

prints a line for each function: pass, function, form, bytes of its cubin, bytes of shared memory.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Any

import torch
import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from recurra import Cell, transforms
from recurra.backends.cost import Limits
from recurra.backends.triton.kernel import TritonKernel
from recurra.backends.triton.kernel_choice import Form
from recurra.backends.triton.program import Function, Program, load
from recurra.cells import all_cells
from recurra.graph.node import number_of

TYPES = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64"}
LIMITS = {80: Limits(108, 166912), 86: Limits(82, 101376), 89: Limits(128, 101376), 90: Limits(132, 232448)}
NUMBERS = ("count", "batch", "steps", "first", "running", "turn", "time", "seed")


def compiled(name: str, hidden: int, batch: int, dtype: str, capability: int, only: str = "") -> Iterator[str]:
    """Compile all functions of a cell's three passes, one for a ragged batch; yield a line for each."""
    cell = transforms.layer_norm(all_cells[name[10:]]) if name.startswith("layer_norm") else all_cells[name]
    kernel = TritonKernel(cell.plans(), only=only)
    sizes = sizes_of(cell, hidden)
    for which in ("inference", "forward", "backward"):
        form = kernel.form(
            which, sizes, batch=batch, dtype=getattr(torch, dtype), limits=LIMITS[capability]
        )  # fmt: skip
        program = kernel.program(which, form.shape)
        outside = [f for stage in (*program.before, *program.after) for f in stage.functions]
        for function in (*outside, *program.loop):
            source = _source(program, function, form, sizes, dtype, is_ragged=which == "forward")
            options = {"num_warps": form.warps, "num_stages": form.stages, "enable_fp_fusion": True}
            made = triton.compile(source, target=GPUTarget("cuda", capability, 32), options=options)
            yield f"{which} {function.name} {form.name} {len(made.asm['cubin'])} {made.metadata.shared}"


def sizes_of(cell: Cell, hidden: int) -> dict[str, int]:
    """Return a number for each size: heads of 64 units, and 16 for what else a matrix has."""
    sizes = dict.fromkeys(cell.sizes, 16 if cell.plans().has_axes else hidden)
    return sizes | {"input_size": hidden, "hidden_size": hidden} | ({"heads": hidden // 64} if "heads" in sizes else {})


def _source(
    program: Program, function: Function, form: Form, sizes: dict[str, int], dtype: str, *, is_ragged: bool
) -> ASTSource:
    """Return a function with the types that a run gives it: all pointers and line lengths multiples of 16."""
    signature: dict[str, str] = {}
    constants: dict[tuple[int], Any] = {}
    hints: dict[tuple[int], Any] = {}
    for place, name in enumerate(function.parameters):
        kind, value = _argument(program, function, form, sizes, dtype, name)
        if name == "table" and not is_ragged:
            kind, value = "constexpr", None
        if name == "IS_RAGGED":
            value = is_ragged
        signature[name] = kind
        if kind == "constexpr":
            constants[(place,)] = value
        elif kind.startswith("*") or name.endswith("_down"):
            hints[(place,)] = [["tt.divisibility", 16]]
    return ASTSource(getattr(load(program.text), function.name), signature, constants, hints)


def _argument(
    program: Program, function: Function, form: Form, sizes: dict[str, int], dtype: str, name: str
) -> tuple[str, Any]:
    """Return the type of an argument, and its value if it is a constant of the compiler."""
    arguments, accuracy = function.arguments, "float64" if dtype == "float64" else "float32"
    sums = (*program.layout.totals.values(), *program.layout.partial.values())
    if name in ("scratch", "carry", *sums):
        return f"*{TYPES[accuracy]}", None
    if name in (*arguments.buffers, *arguments.vectors, *arguments.weights):
        return f"*{TYPES[dtype]}", None
    if name in ("table", "sequences", "times", "arrived"):
        return "*i32" if name == "arrived" else "*i64", None
    if name.endswith("_across"):
        return "constexpr", 1
    if name in NUMBERS or name.endswith("_down"):
        return "i32", None
    blocks = [1 << (number_of(size, sizes) - 1).bit_length() for size in function.axes or [function.width]]
    columns = math.prod(blocks)
    if function in program.loop:
        blocks, columns = form.blocks, form.block_columns
    if name.startswith("BLOCK_") and name[6:].isdigit():
        return "constexpr", blocks[int(name[6:])]
    return "constexpr", {
        "BLOCK_ROWS": form.block_rows if function in program.loop else max(1, 4096 // columns),
        "BLOCK_COLUMNS": columns,
        "BLOCK_INNER": form.block_inner,
        "BLOCK_SLICES": 1 << (form.slices - 1).bit_length(),
        "SLICES": form.slices,
        "ACCURACY": getattr(tl, accuracy),
        "WEIGHTS": getattr(tl, dtype),
        "PRECISION": "tf32" if dtype == "float32" else "ieee",
        "IS_RAGGED": True,
        "IS_REVERSED": program.run.prefix == "d_",
    }.get(name, sizes.get(name.lower()))


if __name__ == "__main__":
    for case in sys.argv[1:]:
        name, hidden, batch, dtype, capability, *only = case.split(",")
        for line in compiled(name, int(hidden), int(batch), dtype, int(capability), *only):
            print(case, line, flush=True)
