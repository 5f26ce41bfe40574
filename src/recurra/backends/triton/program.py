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
from dataclasses import dataclass, replace
from types import ModuleType

from recurra.backends.triton.axes import Axes, unshaped
from recurra.backends.triton.layout import BufferLayout, PassPlan, lay_out, outside_phases
from recurra.backends.triton.nest_writer import NestWriter
from recurra.backends.triton.nests import Nest
from recurra.backends.triton.phases import Phase, arrange
from recurra.backends.triton.writer import Arguments, BaseWriter, Names, SourceWriter
from recurra.derive.stages import Product, Segment, Stage
from recurra.graph.node import Node, Size
from recurra.locks import cached

__all__ = ["Function", "Outside", "Program", "Shape", "load", "write_program"]


@dataclass(frozen=True)
class Function:
    """One kernel: its name in the module, and what it is given, in order.

    `width` is that of its columns; one whose tiles have several axes has their sizes, `axes`, instead.
    """

    name: str
    arguments: Arguments
    parameters: tuple[str, ...]
    text: str
    needs_rows: bool = False
    width: Size = 1
    axes: tuple[Size, ...] = ()


def rows_function(writer: SourceWriter, phase: Phase, name: str) -> Function:
    """Return the function of a phase for all rows of all steps."""
    lines = [*writer.phase(phase)]
    opening = [
        "rows = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)[:, None]",
        "column = tl.arange(0, BLOCK_COLUMNS)[None, :]",
        "live = rows < count",
    ]
    return _rows_function(writer, name, opening, lines, width=phase.width)


def nest_rows_function(writer: NestWriter, phase: Phase, name: str) -> Function:
    """Return the function of a phase of values with several axes, for all rows of all steps."""
    lines = writer.body(phase.pointwise, (), phase.stores)
    opening = [
        "rows = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)",
        *writer.opening(),
        "live = rows < count",
    ]
    return _rows_function(writer, name, opening, lines, axes=tuple(writer.axes.sizes))


def _rows_function(
    writer: BaseWriter, name: str, opening: list[str], lines: Sequence[str], *, width: Size = 1,
    axes: tuple[Size, ...] = (),
) -> Function:  # fmt: skip
    needs_rows = any("sequence" in line or "(time" in line for line in lines)
    if needs_rows:
        opening += ["sequence = tl.load(sequences + rows, mask=live, other=0)",
                    "time = tl.load(times + rows, mask=live, other=0)"]  # fmt: skip
    numbers = ("count", *_seed(lines))
    return _function(writer, name, numbers, opening, lines, needs_rows=needs_rows, width=width, axes=axes)


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


def nest_loop_function(writer: NestWriter, run: PassPlan) -> Function:
    """Return the function of all steps of a nest: what is carried stays in registers."""
    (stage,) = run.loop.stages
    leaves = [leaf for leaf, _ in run.carried]
    partial = [node for node in writer.layout.partial if node not in run.loop.writes]
    lines = writer.body(stage.pointwise, stage.products, (*run.loop.writes, *partial), given=leaves)
    kept = [writer.keep(leaf) for leaf in run.keeps]
    lines = [*kept, *lines, *writer.totals_added(), *writer.moved_on(run.carried)]
    step = ["time = steps - 1 - turn if IS_REVERSED else turn", *_ROWS_OF_STEP, *_STEP, *_sequence(lines)]
    step += [*writer.arrays.values(), *lines]
    loop = [
        *_STEPS_OF_TILE, *writer.begun(run.carried), *writer.totals_begun(),
        "for turn in tl.range(begin, end, num_stages=1):", *(f"    {line}" for line in step),
        "tl.debug_barrier()", *writer.ended(run.carried), *writer.totals_ended(),
    ]  # fmt: skip
    opening = [
        "member = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)", *writer.opening(),
    ]  # fmt: skip
    numbers = ("batch", "steps", *_seed(lines))
    return _function(writer, "loop", numbers, opening, loop, is_loop=True, axes=tuple(writer.axes.sizes))


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
    writer: BaseWriter,
    name: str,
    numbers: tuple[str, ...],
    opening: Sequence[str],
    lines: Sequence[str],
    *,
    needs_rows: bool = False,
    is_loop: bool = False,
    width: Size = 1,
    axes: tuple[Size, ...] = (),
) -> Function:
    """Return a function: its arguments in order, what is made once, and its lines."""
    arguments = writer.arguments
    weights = [f"{at[:-3]}{end}" for at in arguments.weights for end in ("_at", "_down", "_across")]
    tables = (["sequences", "times"] if needs_rows else []) + (["table", "arrived"] if is_loop else [])
    given = [*arguments.buffers, *arguments.vectors, *weights, *tables, *numbers]
    blocks = [f"BLOCK_{atom}" for atom in range(len(axes))]
    constants = [*dict.fromkeys((*arguments.sizes.values(), *_CONSTANTS, *blocks, *(_OF_LOOPS if is_loop else ())))]
    body = [*opening, *writer.once.values(), *lines]
    head = [f"@triton.jit(do_not_specialize={list(numbers)})", f"def {name}("]
    head += [*_wrapped(given), *_wrapped([f"{constant}: tl.constexpr" for constant in constants]), "):"]
    text = "\n".join([*head, *(f"    {line}" for line in body)]) + "\n"
    return Function(name, arguments, (*given, *constants), text, needs_rows, width, axes)


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
    nest : Nest
        If the loop's tiles have several axes.
    """

    run: PassPlan
    layout: BufferLayout
    before: tuple[Outside, ...]
    phases: tuple[Phase, ...]
    loop: tuple[Function, ...]
    after: tuple[Outside, ...]
    text: str
    nest: Nest | None = None

    @property
    def barriers(self) -> int:
        """How often, at each step of a persistent loop, programs that share rows wait for each other."""
        return sum(phase.begins_with_barrier for phase in self.phases)


@dataclass(frozen=True)
class Shape:
    """What decides the text of a program beside its plans; see `recurra.backends.triton.kernel_choice.Form`.

    `parted` are the parts of axes that programs divide though sums go over them; see `Nest`.
    """

    is_persistent: bool
    has_all_columns: bool
    is_resident: bool
    parted: tuple[int, ...] = ()


def write_program(
    run: PassPlan | Nest, names: Names, *, shape: Shape, per_sequence: frozenset[Node], title: str
) -> Program:
    """Return a pass as a program."""
    if isinstance(run, Nest):
        return _NestAuthor(run, names, shape, per_sequence).program(title)
    return _Author(run, names, shape, per_sequence).program(title)


class _Author:
    """Writes the functions of a pass."""

    def __init__(self, run: PassPlan, names: Names, shape: Shape, per_sequence: frozenset[Node]) -> None:
        self.run, self.names, self.shape, self.per_sequence = run, names, shape, per_sequence
        self.loop = self._phases()
        after_before = {*run.wanted, *run.after.reads, *run.loop.reads, *(value for _, value in run.carried)}
        self.before = outside_phases(run.before, read_later=after_before, arranged=self._outside_phases)
        self.after = outside_phases(run.after, read_later=run.wanted, arranged=self._outside_phases)
        self.layout = lay_out(run, self.loop, outside=[*self.before, *self.after])

    def _phases(self) -> tuple[Phase, ...]:
        """Return the phases of the loop."""
        run, shape = self.run, self.shape
        return arrange(
            run.loop, has_all_columns=shape.has_all_columns, is_one_function=shape.is_persistent, carried=run.carried,
            keeps=run.keeps,
        )  # fmt: skip

    def _outside_phases(self, segment: Segment) -> tuple[Phase, ...]:
        """Return the phases of a stage that is run for all steps at once."""
        return arrange(segment, has_all_columns=True)

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
            return self._rows_function(phase, f"{part}_{next(number)}")

        return tuple(Outside(stage.products, tuple(phases), tuple(map(function, phases))) for stage, phases in stages)

    def _rows_function(self, phase: Phase, name: str) -> Function:
        writer = SourceWriter(self.names, self.layout, self.per_sequence, in_loop=False)
        return rows_function(writer, phase, name)

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


class _NestAuthor(_Author):
    """Writes the functions of a pass whose values have several axes."""

    def __init__(self, nest: Nest, names: Names, shape: Shape, per_sequence: frozenset[Node]) -> None:
        self.nest = nest
        super().__init__(nest.run, names, shape, per_sequence)
        prefix = nest.run.prefix
        partial = dict.fromkeys(unshaped(node) for node in nest.partial if node in self.layout.places)
        for number, node in enumerate(partial):
            self.layout.partial[node] = f"{prefix}part_{number}"
        for number, node in enumerate(nest.totals):
            self.layout.totals[node] = f"{prefix}total_{number}"
        self.layout.columns |= {name: [node.width] for node, name in (*self.layout.totals.items(), *self._parts())}

    def _parts(self) -> Iterator[tuple[Node, str]]:
        """Yield the sums of which programs have parts, and the buffers of the parts."""
        atoms = {*self.shape.parted}
        return (pair for pair in self.layout.partial.items() if not atoms.isdisjoint(self.nest.partial[pair[0]]))

    def _phases(self) -> tuple[Phase, ...]:
        """Return one phase; it also stores what products read."""
        (stage,) = self.run.loop.stages
        operands = dict.fromkeys(unshaped(o) for product in stage.products for o in product.operands)
        stores = tuple(node for node in operands if node in stage.pointwise)
        stores = tuple(dict.fromkeys((*self.run.loop.writes, *stores)))
        return (Phase("", stage.products, stage.pointwise, stores=stores, keeps=self.run.keeps),)

    def _outside_phases(self, segment: Segment) -> tuple[Phase, ...]:
        (stage,) = segment.stages
        return (Phase("", pointwise=stage.pointwise, stores=segment.writes),)

    def program(self, title: str) -> Program:
        return replace(super().program(title), nest=self.nest)

    def _rows_function(self, phase: Phase, name: str) -> Function:
        writer = NestWriter(self.names, self.layout, self.per_sequence, False, Axes(phase.pointwise))
        return nest_rows_function(writer, phase, name)

    def _loop(self) -> tuple[Function, ...]:
        nest, shape = self.nest, self.shape
        writer = NestWriter(
            self.names, self.layout, self.per_sequence, True, nest.axes, (*nest.free, *nest.parted), shape.parted,
            nest.partial, shape.is_resident,
        )  # fmt: skip
        return (nest_loop_function(writer, self.run),)


@cached(maxsize=512)
def load(text: str) -> ModuleType:
    """Return a module made of a text that `recurra.backends.triton.program` has written."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    name = f"<recurra triton {digest}>"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    module = ModuleType(f"recurra_triton_{digest}")
    exec(compile(text, name, "exec"), module.__dict__)
    return module
