"""The functions of a module as text: a phase for all rows, some phases for one step, all phases for all steps."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recurra.backends.triton.phases import Phase
from recurra.backends.triton.writer import Arguments, Writer

__all__ = ["Function", "loop_function", "rows_function", "sections", "step_function"]


@dataclass(frozen=True)
class Function:
    """One kernel: its name in the module, and what it is given, in order."""

    name: str
    arguments: Arguments
    parameters: tuple[str, ...]
    text: str
    needs_rows: bool = False
    width: int | str = 1


def rows_function(writer: Writer, phase: Phase, name: str) -> Function:
    """Return the function of a phase for all rows of all steps."""
    lines = [*writer.phase(phase)]
    needs_rows = any("sequence" in line or "(time + 1)" in line for line in lines)
    opening = [
        "rows = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)[:, None]",
        "column = tl.arange(0, BLOCK_COLUMNS)[None, :]",
        "live = rows < count",
    ]
    if needs_rows:
        opening += ["sequence = tl.load(sequences + rows, mask=live, other=0)",
                    "time = tl.load(times + rows, mask=live, other=0)"]  # fmt: skip
    numbers = ("count", *_seed(lines))
    return _function(writer, name, numbers, opening, lines, needs_rows=needs_rows, width=phase.width)


_TILE = (
    "member = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)[:, None]",
    "column = tl.program_id(1) * BLOCK_COLUMNS + tl.arange(0, BLOCK_COLUMNS)[None, :]",
)
_STEP = ("rows = first.to(tl.int64) + member", "live = member < running", "slot = turn % 2")


def sections(phases: Sequence[Phase]) -> list[list[Phase]]:
    """Divide the phases of a step at its barriers: a launch ends where programs wait for each other."""
    sections: list[list[Phase]] = []
    for phase in phases:
        if phase.begins_with_barrier or not sections:
            sections.append([])
        sections[-1].append(phase)
    return sections


def step_function(writer: Writer, phases: Sequence[Phase], name: str) -> Function:
    """Return the function of some phases for one step."""
    lines = [*writer.phase(phases[0])]
    for phase in phases[1:]:
        lines += ["tl.debug_barrier()", *writer.phase(phase)]
    opening = [*_TILE, *_STEP, *_sequence(lines)]
    numbers = ("batch", "first", "running", "turn", "time", *_seed(lines))
    return _function(writer, name, numbers, opening, lines)


def loop_function(writer: Writer, phases: Sequence[Phase]) -> Function:
    """Return the function of all phases for all steps."""
    lines = []
    for number, phase in enumerate(phases):
        lines += [*_barrier(phase, is_first=number == 0), *writer.phase(phase)]
    lines.append("tl.debug_barrier()")
    body = ["time = steps - 1 - turn if IS_REVERSED else turn", *_ROWS_OF_STEP, *_STEP, *_sequence(lines), *lines]
    loop = [*_STEPS_OF_TILE, "for turn in tl.range(begin, end, num_stages=1):", *(f"    {line}" for line in body)]
    return _function(writer, "loop", ("batch", "steps", *_seed(lines)), [*_TILE], loop, is_loop=True)


_STEPS_OF_TILE = (
    "begin, end = 0, steps",
    "if IS_RAGGED:",
    "    length = tl.load(table + steps + 1 + tl.program_id(0) * BLOCK_ROWS).to(tl.int32)",
    "    if IS_REVERSED:",
    "        begin = steps - length",
    "    else:",
    "        end = length",
    "waited = 0",
)
_ROWS_OF_STEP = (
    "first, running = time.to(tl.int64) * batch, batch",
    "if IS_RAGGED:",
    "    first = tl.load(table + time)",
    "    running = (tl.load(table + time + 1) - first).to(tl.int32)",
)


def _barrier(phase: Phase, *, is_first: bool) -> Iterator[str]:
    if phase.begins_with_barrier:
        yield "waited += SLICES"
        yield "cross_barrier(arrived + tl.program_id(0), waited)"
    elif not is_first:
        yield "tl.debug_barrier()"


def _sequence(lines: Iterable[str]) -> list[str]:
    return ["sequence = member"] if any("sequence" in line for line in lines) else []


def _seed(lines: Iterable[str]) -> list[str]:
    return ["seed"] if any("seed" in line for line in lines) else []


def _function(
    writer: Writer,
    name: str,
    numbers: tuple[str, ...],
    opening: Sequence[str],
    lines: Sequence[str],
    *,
    needs_rows: bool = False,
    is_loop: bool = False,
    width: int | str = 1,
) -> Function:
    """Return a function: its arguments in order, what is made once, and its lines."""
    arguments = writer.arguments
    weights = [f"{at[:-3]}{end}" for at in arguments.weights for end in ("_at", "_down", "_across")]
    tables = (["sequences", "times"] if needs_rows else []) + (["table", "arrived"] if is_loop else [])
    given = [*arguments.buffers, *arguments.vectors, *weights, *tables, *numbers]
    constants = [*dict.fromkeys((*arguments.sizes.values(), *_CONSTANTS, *(_OF_LOOPS if is_loop else ())))]
    body = [*opening, *writer.once.values(), *lines]
    head = [f"@triton.jit(do_not_specialize={list(numbers)})", f"def {name}("]
    head += [*_wrapped(given), *_wrapped([f"{constant}: tl.constexpr" for constant in constants]), "):"]
    text = "\n".join([*head, *(f"    {line}" for line in body)]) + "\n"
    return Function(name, arguments, (*given, *constants), text, needs_rows, width)


def _wrapped(parameters: Sequence[str]) -> list[str]:
    """Return parameters as lines of a signature."""
    return textwrap.wrap(", ".join(parameters) + ",", width=116, initial_indent="    ", subsequent_indent="    ",
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


_CONSTANTS = ("BLOCK_ROWS", "BLOCK_COLUMNS", "BLOCK_INNER", "BLOCK_SLICES", "ACCURACY", "WEIGHTS", "PRECISION")
_OF_LOOPS = ("SLICES", "IS_RAGGED", "IS_REVERSED")
