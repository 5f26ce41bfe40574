"""A pass as the text of a module: its functions, where values lie, and in which order all is run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from recurra.backends.triton.functions import Function, loop_function, rows_function, sections, step_function
from recurra.backends.triton.layout import Layout, Pass, lay_out, outside_phases
from recurra.backends.triton.names import Names
from recurra.backends.triton.phases import Phase, arrange
from recurra.backends.triton.writer import Writer
from recurra.derive.stages import Product, Stage
from recurra.graph.node import Node

__all__ = ["Outside", "Program", "Shape", "write_program"]

_HEADER = '''"""{title}"""

import triton
import triton.language as tl

from recurra.backends.triton.operations import (
    cross_barrier, hashed, larger, rectified, sigmoid, smaller, softplus, tanh,
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
    run : Pass
    layout : Layout
    before, after : tuple of Outside
    phases : tuple of Phase
        Those of the loop.
    loop : tuple of Function
        One for the whole loop if it is persistent, otherwise one for the phases between two barriers.
    text : str
    """

    run: Pass
    layout: Layout
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


def write_program(run: Pass, names: Names, *, shape: Shape, per_sequence: frozenset[Node], title: str) -> Program:
    """Return a pass as a program."""
    return _Author(run, names, shape, per_sequence).program(title)


class _Author:
    """Writes the functions of a pass."""

    def __init__(self, run: Pass, names: Names, shape: Shape, per_sequence: frozenset[Node]) -> None:
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
            writer = Writer(self.names, self.layout, self.per_sequence, in_loop=False)
            return rows_function(writer, phase, f"{part}_{next(number)}")

        return tuple(Outside(stage.products, tuple(phases), tuple(map(function, phases))) for stage, phases in stages)

    def _loop(self) -> tuple[Function, ...]:
        if not self.shape.is_persistent:
            pairs = enumerate(sections(self.loop))
            return tuple(step_function(self._writer(), section, f"step_{number}") for number, section in pairs)
        return (loop_function(self._writer(), self.loop),) if self.loop else ()

    def _writer(self) -> Writer:
        """Return the writer of a function of the loop."""
        shared = frozenset(node for phase in self.loop for node in phase.loads) if self.shape.is_persistent else None
        return Writer(
            self.names, self.layout, self.per_sequence, True, self.shape.has_all_columns, self.shape.is_resident, shared
        )
