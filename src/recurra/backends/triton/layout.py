"""Where every value lies in memory during a pass, in sizes that the compiler puts numbers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recurra.backends.triton.axes import unshaped
from recurra.backends.triton.phases import Carried, Phase, width_of
from recurra.derive.plan import Plans
from recurra.derive.stages import Segment, Stage
from recurra.graph.node import Node, Size
from recurra.graph.ops import OPS

__all__ = [
    "SLICES",
    "BufferColumns",
    "BufferLayout",
    "PassPlan",
    "backward_pass",
    "forward_pass",
    "lay_out",
    "read_by_backward",
]

SLICES = "slices"
"""The size that is the number of programs that share rows, among columns."""


@dataclass(frozen=True)
class PassPlan:
    """What forward and backward have in common.

    Attributes
    ----------
    before, loop, after : Segment
    carried : tuple of Carried
    given : mapping from a leaf, or a value of the forward pass, to its place
    columns : mapping from a buffer that is given to the widths of its columns, if it has more than a value's
    prefix : str
        How the names of its own buffers begin.
    results : tuple of Node
        Each is wanted as an array of its own.
    taped : tuple of Node
        What the backward pass reads.
    together : tuple of tuples of Node
        Values that are wanted side by side.
    summed : tuple of Node
        Those of which the sum over all rows is wanted.
    """

    before: Segment
    loop: Segment
    after: Segment
    carried: tuple[Carried, ...]
    given: Mapping[Node, BufferColumns]
    results: tuple[Node, ...]
    columns: Mapping[str, list[Size]] = field(default_factory=dict)
    prefix: str = ""
    taped: tuple[Node, ...] = ()
    together: tuple[tuple[Node, ...], ...] = ()
    summed: tuple[Node, ...] = ()

    @property
    def wanted(self) -> set[Node]:
        """What is read when the pass is over."""
        return {*self.results, *self.taped, *self.summed, *(node for group in self.together for node in group)}

    @property
    def keeps(self) -> tuple[Node, ...]:
        """The carried leaves of which the value at every step is read outside of the loop."""
        read = {unshaped(node) for node in (*self.before.reads, *self.after.reads, *self.wanted)}
        return tuple(leaf for leaf, _ in self.carried if leaf in read)


@dataclass(frozen=True)
class BufferColumns:
    """Columns of a buffer: those after columns of the widths `before`."""

    buffer: str
    before: tuple[Size, ...]
    width: Size


@dataclass
class BufferLayout:
    """Where values lie.

    Attributes
    ----------
    places : mapping from a value to its place in a buffer with a line for each row
    steps : mapping from a value of the loop to its place in a buffer with two lines for each sequence, in turns
    parts : the same for the parts of sums over features
    columns : mapping from a buffer to the widths of its columns
    partial : mapping from a sum to the buffer with a line of each program's part of it for each row
    totals : mapping from a value to the buffer with the sum over the rows of each sequence
    """

    places: dict[Node, BufferColumns] = field(default_factory=dict)
    steps: dict[Node, BufferColumns] = field(default_factory=dict)
    parts: dict[Node, BufferColumns] = field(default_factory=dict)
    columns: dict[str, list[Size]] = field(default_factory=dict)
    partial: dict[Node, str] = field(default_factory=dict)
    totals: dict[Node, str] = field(default_factory=dict)

    def put(self, buffer: str, width: Size) -> BufferColumns:
        """Return a new place at the end of a buffer."""
        columns = self.columns.setdefault(buffer, [])
        columns.append(width)
        return BufferColumns(buffer, tuple(columns[:-1]), width)

    def add(self, nodes: Iterable[Node], buffer: str) -> None:
        """Put values that have no place yet at the end of a buffer; another shape of a value is where that is."""
        for node in nodes:
            source = unshaped(node)
            if source.op == "noise" and source is not node:
                continue  # it is drawn where it is read
            if source not in self.places:
                self.places[source] = self.places.get(node) or self.put(buffer, width_of(source))
            self.places[node] = self.places[source]


def forward_pass(plans: Plans, *, has_tape: bool) -> PassPlan:
    """Return the forward pass; with a tape, what the backward pass reads is kept."""
    plan, step = plans.forward, plans.forward.step
    run = PassPlan(
        plan.before, plan.loop, plan.after,
        carried=tuple(zip(step.states, step.next_states, strict=True)),
        given={leaf: BufferColumns(f"input_{number}", (), width_of(leaf)) for number, leaf in enumerate(step.inputs)},
        results=(*step.outputs, *step.statistics),
        taped=read_by_backward(plans) if has_tape else (),
    )  # fmt: skip
    return run if plans.has_axes else _sunk(run)


def backward_pass(plans: Plans, forward: BufferLayout) -> PassPlan:
    """Return the backward pass over what the forward pass has kept where its layout says."""
    plan, backward = plans.backward, plans.backward.step
    tape = {node: forward.places[node] for node in read_by_backward(plans)}
    outputs = {
        leaf: BufferColumns(f"d_output_{number}", (), width_of(leaf))
        for number, leaf in enumerate(backward.incoming_outputs)
    }
    run = PassPlan(
        plan.before, plan.loop, plan.after,
        carried=tuple(zip(backward.incoming_states, backward.states, strict=True)),
        given={**tape, **outputs},
        results=tuple(node for node in backward.inputs if node.rows),
        columns={place.buffer: forward.columns.get(place.buffer, [place.width]) for place in tape.values()},
        prefix="d_",
        together=(
            *(gradient.deltas for gradient in plan.weight_gradients),
            *((gradient.operand,) for gradient in plan.weight_gradients),
            tuple(backward.observed.values()),
        ),
        summed=tuple(node.args[0] for node in plan.row_sums),
    )  # fmt: skip
    return run if plans.has_axes else _sunk(run)


def _sunk(run: PassPlan) -> PassPlan:
    """Return the pass with what it need not store left out.

    What only the next step reads is carried and not stored. What is cheaply made of one value before the loop, as a
    sum with a bias, is made in the loop: to write it and read it again would cost more.
    """
    outside = {*run.after.reads, *run.wanted, *(value for _, value in run.carried)}
    multiplied = {operand for stage in run.before.stages for each in stage.products for operand in each.operands}
    moved: list[Node] = []
    inside = set(run.before.nodes)
    for node in reversed([node for stage in run.before.stages for node in stage.pointwise]):
        kept = {a for other in inside for a in other.args} | multiplied  # no argument of a sum of two products
        if node not in outside and node not in kept and OPS[node.op].cheap and sum(a.rows for a in node.args) == 1:
            inside.remove(node)
            moved.insert(0, node)
    loop = _with(run.loop, moved, wanted={*run.before.reads, *run.after.reads, *run.wanted})
    return replace(run, before=_without(run.before, set(moved), read=set(loop.reads) | outside), loop=loop)


def _without(segment: Segment, nodes: set[Node], *, read: set[Node]) -> Segment:
    stages = (Stage(s.products, tuple(n for n in s.pointwise if n not in nodes)) for s in segment.stages)
    return Segment(segment.reads, tuple(stages), tuple(n for n in segment.nodes if n in read))


def _with(segment: Segment, nodes: Sequence[Node], *, wanted: set[Node]) -> Segment:
    """Return a segment that begins with these nodes, and writes only what is wanted."""
    stages = segment.stages
    if nodes:
        first, *rest = stages or (Stage((), ()),)
        stages = (Stage(first.products, (*nodes, *first.pointwise)), *rest)
    reads = dict.fromkeys((*segment.reads, *(a for node in nodes for a in node.args if a.rows)))
    made = {*nodes, *segment.nodes}
    return Segment(tuple(n for n in reads if n not in made), stages, tuple(n for n in segment.writes if n in wanted))


def read_by_backward(plans: Plans) -> tuple[Node, ...]:
    """Return the row-wise values of the forward pass that the backward pass reads."""
    plan, made = plans.backward, set[Node]()
    read: dict[Node, None] = {}
    for segment in (plan.before, plan.loop, plan.after):
        read.update(dict.fromkeys(segment.reads))
        made.update(segment.nodes)
    for gradient in plan.weight_gradients:
        read.update(dict.fromkeys((gradient.operand, *gradient.deltas)))
    read.update(dict.fromkeys(node.args[0] for node in plan.row_sums))
    own = {*made, *plan.step.incoming_outputs, *plan.step.incoming_states}
    return tuple(node for node in read if node.rows and node.op != "noise" and node not in own)


def lay_out(run: PassPlan, loop: Sequence[Phase], *, outside: Sequence[tuple[Stage, Sequence[Phase]]]) -> BufferLayout:
    """Return where everything of a pass lies, given its phases in the loop and outside of it."""
    given = {**run.given, **{unshaped(node): place for node, place in run.given.items()}}
    layout = BufferLayout(places=given, columns={name: [*widths] for name, widths in run.columns.items()})
    product, result, work = (f"{run.prefix}{name}" for name in ("product", "result", "work"))
    products = (each for stage, _ in outside for each in stage.products)
    for number, each in enumerate(products):
        layout.add(each.results, f"{product}_{number}")
    computed = {node for segment in (run.before, run.loop, run.after) for node in segment.nodes}
    for number, node in enumerate(run.results):
        layout.add([node] if node in computed else [], f"{result}_{number}")
    stored = dict.fromkeys(n for segment in (run.before, run.loop, run.after) for n in segment.writes)
    kept = set(run.keeps)
    layout.add([node for node in run.taped if node in kept or node in stored], "kept")
    for group in (*run.together, run.summed):
        layout.add([node for node in group if node in computed or node in kept], work)
    layout.add((*stored, *run.keeps), work)
    for _, phases in outside:
        layout.add([node for phase in phases for node in phase.stores], work)
    for leaf, _ in run.carried:
        layout.steps[leaf] = layout.put("carry", width_of(leaf))
    for phase in loop:
        for node in phase.stores:
            if node not in layout.places:
                layout.steps[node] = layout.put("scratch", width_of(node))
        for node in phase.parts:
            layout.parts[node] = layout.put("scratch", SLICES)
    return layout


def outside_phases(
    segment: Segment, *, read_later: set[Node], arranged: Callable[[Segment], tuple[Phase, ...]]
) -> list[tuple[Stage, tuple[Phase, ...]]]:
    """Return the stages of a segment that is run for all steps at once, each with its elementwise phases."""
    found: list[tuple[Stage, tuple[Phase, ...]]] = []
    later = set(read_later)
    for stage in reversed(segment.stages):
        writes = tuple(node for node in stage.pointwise if node in later)
        alone = Segment((), (Stage((), stage.pointwise),), writes)
        found.append((stage, arranged(alone) if stage.pointwise else ()))
        later.update(operand for product in stage.products for operand in product.operands)
        later.update(argument for node in stage.pointwise for argument in node.args)
    return found[::-1]
