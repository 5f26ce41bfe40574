"""A pass as a program: the text of its functions, and the module that Python makes of it.

A function is a phase for all rows, some phases for one step, or all phases for all steps. Triton reads the source of
what it compiles: the text is kept where Python looks for the source of a function, so that there is no file that
another user could write to; what Triton compiles of it, Triton keeps.
"""

from __future__ import annotations

import hashlib
import itertools
import linecache
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

from recurra.backends.triton.layout import BufferLayout, PassPlan, lay_out, outside_phases
from recurra.backends.triton.phases import Phase, arrange
from recurra.backends.triton.writer import Arguments, Names, SourceWriter
from recurra.derive.stages import Product, Stage
from recurra.graph.node import Node
from recurra.locks import cached

__all__ = ["Function", "Outside", "Program", "Shape", "load", "write_program"]


@dataclass(frozen=True)
class Function:
    """One kernel: its name in the module, and what it is given, in order."""

    name: str
    arguments: Arguments
    parameters: tuple[str, ...]
    text: str
    needs_rows: bool = False
    width: int | str = 1


def rows_function(writer: SourceWriter, phase: Phase, name: str) -> Function:
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


def step_function(writer: SourceWriter, phases: Sequence[Phase], name: str) -> Function:
    """Return the function of some phases for one step."""
    lines = [*writer.phase(phases[0])]
    for phase in phases[1:]:
        lines += ["tl.debug_barrier()", *writer.phase(phase)]
    opening = [*_TILE, *_STEP, *_sequence(lines)]
    numbers = ("batch", "first", "running", "turn", "time", *_seed(lines))
    return _function(writer, name, numbers, opening, lines)


def loop_function(writer: SourceWriter, phases: Sequence[Phase]) -> Function:
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
    writer: SourceWriter,
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


_HEADER = '''"""{title}"""

import triton
import triton.language as tl

from recurra.backends.triton.operations import (
    cross_barrier, hashed, heaviside, larger, power, rectified, remainder, sigmoid, signed, smaller, softplus, tanh,
)
'''


@dataclass(frozen=True)
class Outside:
    """A stage that is run for all steps at once: products by torch, then functions, one for each phase."""

    products: tuple[Product, ...]
    phases: tuple[Phase, ...]
    functions: tuple[Function, ...]


@dataclass(frozen=True)
class Program:
    """A pass.

    Attributes
    ----------
    run : PassPlan
    layout : BufferLayout
    before, after : tuple of Outside
    phases : tuple of Phase
        Those of the loop.
    loop : tuple of Function
        One for the whole loop if it is persistent, otherwise one for the phases between two barriers.
    text : str
    """

    run: PassPlan
    layout: BufferLayout
    before: tuple[Outside, ...]
    phases: tuple[Phase, ...]
    loop: tuple[Function, ...]
    after: tuple[Outside, ...]
    text: str

    @property
    def barriers(self) -> int:
        """How often, at each step of a persistent loop, programs that share rows wait for each other."""
        return sum(phase.begins_with_barrier for phase in self.phases)


@dataclass(frozen=True)
class Shape:
    """What decides the text of a program beside its plans; see `recurra.backends.triton.kernel_choice.Form`."""

    is_persistent: bool
    has_all_columns: bool
    is_resident: bool


def write_program(run: PassPlan, names: Names, *, shape: Shape, per_sequence: frozenset[Node], title: str) -> Program:
    """Return a pass as a program."""
    return _Author(run, names, shape, per_sequence).program(title)


class _Author:
    """Writes the functions of a pass."""

    def __init__(self, run: PassPlan, names: Names, shape: Shape, per_sequence: frozenset[Node]) -> None:
        self.run, self.names, self.shape, self.per_sequence = run, names, shape, per_sequence
        self.loop = arrange(
            run.loop, has_all_columns=shape.has_all_columns, is_one_function=shape.is_persistent, carried=run.carried,
            keeps=run.keeps,
        )  # fmt: skip
        after_before = {*run.wanted, *run.after.reads, *run.loop.reads, *(value for _, value in run.carried)}
        self.before = outside_phases(run.before, read_later=after_before)
        self.after = outside_phases(run.after, read_later=run.wanted)
        self.layout = lay_out(run, self.loop, outside=[*self.before, *self.after])

    def program(self, title: str) -> Program:
        """Return the program with its text."""
        before, loop, after = self._outside("before", self.before), self._loop(), self._outside("after", self.after)
        first, last = (itertools.chain(*(stage.functions for stage in stages)) for stages in (before, after))
        texts = [function.text for function in (*first, *loop, *last)]
        text = "\n\n".join([_HEADER.format(title=title), *texts])
        return Program(self.run, self.layout, before, self.loop, loop, after, text)

    def _outside(self, part: str, stages: Sequence[tuple[Stage, Sequence[Phase]]]) -> tuple[Outside, ...]:
        number = itertools.count()

        def function(phase: Phase) -> Function:
            writer = SourceWriter(self.names, self.layout, self.per_sequence, in_loop=False)
            return rows_function(writer, phase, f"{part}_{next(number)}")

        return tuple(Outside(stage.products, tuple(phases), tuple(map(function, phases))) for stage, phases in stages)

    def _loop(self) -> tuple[Function, ...]:
        if not self.shape.is_persistent:
            pairs = enumerate(sections(self.loop))
            return tuple(step_function(self._writer(), section, f"step_{number}") for number, section in pairs)
        return (loop_function(self._writer(), self.loop),) if self.loop else ()

    def _writer(self) -> SourceWriter:
        """Return the writer of a function of the loop."""
        shared = frozenset(node for phase in self.loop for node in phase.loads) if self.shape.is_persistent else None
        return SourceWriter(
            self.names, self.layout, self.per_sequence, True, self.shape.has_all_columns, self.shape.is_resident, shared
        )


@cached(maxsize=512)
def load(text: str) -> ModuleType:
    """Return a module made of a text that `recurra.backends.triton.program` has written."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    name = f"<recurra triton {digest}>"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    module = ModuleType(f"recurra_triton_{digest}")
    exec(compile(text, name, "exec"), module.__dict__)
    return module
