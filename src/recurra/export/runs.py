"""How a model runs: over a sequence, or one row, as loops of calls of its steps, which the code formats spell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from recurra.export.description import Framing
from recurra.export.lowering import further_name
from recurra.export.program import LayerCode, ModelCode, StepCode

__all__ = ["ModelRun", "RunCall", "RunCount", "RunFrame", "RunMemory", "RunPass", "RunRow", "run_of", "step_of"]

RunCount = int | str
"""How many rows: a number, `"steps"` for those that come in, or the name of one of `ModelRun.counts`."""


@dataclass(frozen=True)
class RunMemory:
    """Memory of a run, between its layers.

    Attributes
    ----------
    name : str
    size : int
    number : int, optional
        Of memory that has so many numbers for each step, its place in the working memory, 0 or 1; else it is one row.
    is_zero : bool
        Whether it begins with zeros.
    """

    name: str
    size: int
    number: int | None = None
    is_zero: bool = False


@dataclass(frozen=True)
class RunRow:
    """The row that a call reads or writes.

    Attributes
    ----------
    memory : str
        Its name; `"x"` and `"y"` are the model's.
    apart : int
        How far the next step's row is; 0 where there is one row.
    offset : int
    """

    memory: str
    apart: int = 0
    offset: int = 0

    def moved(self, offset: int) -> RunRow:
        """Return the row from a number on."""
        return RunRow(self.memory, self.apart, self.offset + offset)


@dataclass(frozen=True)
class RunCall:
    """A step is called; its further inputs are those of the same place in the sequence."""

    step: StepCode
    x: RunRow
    y: RunRow


@dataclass(frozen=True)
class RunFrame:
    """What a convolution reads, side by side in `memory`: rows of `source`, which has so many, with zeros outside."""

    framing: Framing
    memory: str
    source: RunRow
    rows: RunCount


@dataclass(frozen=True)
class RunPass:
    """Calls one behind the other at each step from `begin` on and before `end`: they read row t, write t - begin.

    A pass of one step, `is_alone`, has no t: it reads and writes the only row.
    """

    calls: tuple[RunCall, ...]
    begin: int = 0
    end: RunCount = 1
    is_reversed: bool = False
    frame: RunFrame | None = None
    is_alone: bool = False


@dataclass(frozen=True)
class ModelRun:
    """Passes one behind the other.

    Attributes
    ----------
    passes : tuple of RunPass
    memory : tuple of RunMemory
    rows : RunCount
        How many rows come out.
    counts : mapping from a name to what is counted: the rows that a convolution gives of so many
    steps : int, optional
        Into how many rows the one that comes in unfolds; the state begins anew then.
    made : mapping from a further input to its first row, where the run makes it itself
    """

    passes: tuple[RunPass, ...]
    memory: tuple[RunMemory, ...]
    rows: RunCount = 1
    counts: Mapping[str, tuple[Framing, RunCount]] = field(default_factory=dict)
    steps: int | None = None
    made: Mapping[str, RunRow] = field(default_factory=dict)


def step_of(code: ModelCode) -> ModelRun:
    """Return how one row goes through all layers."""
    maker = _Maker(code)
    maker.alone(range(len(code.layers)), RunRow("x"), RunRow("y"))
    return ModelRun(tuple(maker.passes), tuple(maker.memory.values()))


def run_of(code: ModelCode) -> ModelRun:
    """Return how a sequence goes through all layers: step by step, where all layers can, else layer by layer."""
    maker, layers = _Maker(code), code.layers
    first, source, steps, made, begun = 0, RunRow("x", layers[0].input_size), "steps", {}, None
    if code.unfolds_at is not None:
        first = code.unfolds_at + 1
        unfolding = layers[first - 1].unfolding
        assert unfolding is not None
        row = maker.held("unfolded", layers[first - 1].row_size)
        maker.alone(range(first), RunRow("x"), row)
        made = {further_name(name): row.moved(place) for name, place in unfolding.places.items()}
        source, steps = RunRow(row.memory, unfolding.size), unfolding.steps
        begun = unfolding.steps
    pooling = code.of_steps
    behind = range(pooling + 1, len(layers))
    middle, target = range(first, len(layers) - len(behind)), RunRow("y", layers[-1].output_size)
    if code.is_pooled:
        target = maker.held("pooled", layers[pooling].output_size, is_zero=True) if behind else RunRow("y")
    follow = maker.step_by_step if code.goes_by_steps else maker.layer_by_layer
    rows = follow(middle, source, target, steps)
    maker.alone(behind, target, RunRow("y"))
    count = 1 if code.is_pooled else rows
    return ModelRun(tuple(maker.passes), tuple(maker.memory.values()), count, maker.counts, begun, made)


class _Maker:
    """The passes of a run while they are made."""

    def __init__(self, code: ModelCode) -> None:
        self.code = code
        self.passes: list[RunPass] = []
        self.memory: dict[str, RunMemory] = {}
        self.counts: dict[str, tuple[Framing, RunCount]] = {}

    def held(self, name: str, size: int, *, number: int | None = None, is_zero: bool = False) -> RunRow:
        """Return the row of a memory."""
        self.memory[name] = RunMemory(name, size, number, is_zero)
        return RunRow(name)

    def calls(self, layer: LayerCode, x: RunRow, y: RunRow) -> Iterable[RunCall]:
        """Yield the calls of a layer's parts, whose outputs lie side by side."""
        offset = 0
        for step in layer.steps:
            yield RunCall(step, x.moved(step.begin), y.moved(offset))
            offset += step.output.size

    def chain(self, numbers: Sequence[int], x: RunRow, y: RunRow) -> tuple[RunCall, ...]:
        """Return the calls of layers one behind the other, given their numbers."""
        found: list[RunCall] = []
        for k in numbers:
            layer = self.code.layers[k]
            target = y if k == numbers[-1] else self.held(f"row{k + 1}", layer.output_size)
            found += self.calls(layer, x, target)
            x = target
        return tuple(found)

    def alone(self, numbers: Sequence[int], x: RunRow, y: RunRow) -> None:
        """Let one row go through layers."""
        if numbers:
            self.passes.append(RunPass(self.chain(numbers, x, y), is_alone=True))

    def step_by_step(self, numbers: range, x: RunRow, y: RunRow, steps: RunCount) -> RunCount:
        """Let all layers run at one step after the other; return how many rows come out."""
        late = next((k for k in numbers if self.code.layers[k].of_last), None)
        if late is None:
            self.passes.append(RunPass(self.chain(numbers, x, y), 0, steps))
            return steps
        last = self.code.layers[late].of_last
        assert isinstance(steps, int)  # a row unfolds into as many as are known
        assert last is not None
        if before := range(numbers.start, late):
            row = self.held(f"row{late}", self.code.layers[late].input_size)
            self.passes.append(RunPass(self.chain(before, x, row), 0, steps - last))
        self.passes.append(RunPass(self.chain(numbers, x, y), steps - last, steps))
        return last

    def layer_by_layer(self, numbers: range, x: RunRow, y: RunRow, steps: RunCount) -> RunCount:
        """Let each layer run over the whole sequence, direction by direction; return how many rows come out."""
        for k in numbers:
            layer, target, begin = self.code.layers[k], y, 0
            if k != numbers[-1]:
                name = self.held(f"work{k % 2}", self.code.work_size // 2, number=k % 2).memory
                target = RunRow(name, layer.output_size)
            if layer.of_last:
                assert isinstance(steps, int)
                begin = steps - layer.of_last
            if layer.frame:
                row, count = self.held(f"frame{k + 1}", layer.frame.size * layer.input_size), f"steps{k + 1}"
                self.counts[count] = layer.frame, steps
                frame = RunFrame(layer.frame, row.memory, x, steps)
                self.passes.append(RunPass(tuple(self.calls(layer, row, target)), 0, count, frame=frame))
                steps = count
            else:
                for call in self.calls(layer, x, target):
                    self.passes.append(RunPass((call,), begin, steps, call.step.reverse))
            steps, x = layer.of_last or steps, target
        return steps
