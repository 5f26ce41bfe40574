"""Program: a plan as compiled functions.

Which function or product of torch each stage is, which nodes have an array of all rows, and which of several forms runs
at a shape.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recurra.backends.llvm.call_table import SCRIPT, Slots
from recurra.backends.llvm.common import common_module
from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.loops import Carried, Function, ModuleForm, module_of
from recurra.backends.llvm.module import Module
from recurra.backends.llvm.products import PACK, SUMS
from recurra.backends.llvm.storage import AS_COMPUTED, STORAGES, Storage
from recurra.backends.llvm.threads import openmp
from recurra.backends.parameters import Part
from recurra.derive.plan import BackwardPlan, ForwardPlan, Plans
from recurra.derive.schedule import Schedule, fused, inputs_of, schedule
from recurra.derive.stages import Product, Segment, Stage
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, depends_on, number_of, topological, width_of
from recurra.graph.ops import OPS

__all__ = [
    "Form",
    "Program",
    "RunShape",
    "StageOverRows",
    "backward_program",
    "distance_of",
    "form_for",
    "forward_program",
    "has_means",
    "is_worth_a_team",
    "read_by_backward",
    "storage_of",
]

NOTHING = Segment((), (), ())
_CACHE = 1 << 20  # bytes of weights that stay in a core's own cache beside the rest
_WORTH_WAITING = 1 << 18  # bytes of the numbers that weights become for so few rows that sharing pays for barriers
_WORTH_A_TEAM = 1 << 19  # multiply-adds, some 5 us
_OF_A_VALUE = 8  # multiply-adds that take as long as a value of an elementwise operation, functions among them
_FEW_ROWS = 8, 64  # to pack a number takes as long as to multiply it in so many: the farther it lies, the more
_BYTES_FOR_A_ROW = 1 << 15  # of weights
_FEW_ROWS_OF_STORED = 4  # of weights in another storage, of which fewer bytes are packed
_WORTH_COMPUTING_AGAIN = 1 << 23  # bytes of a state at all steps, more than caches keep beside the rest
_LEAST_SPAN, _LARGEST_SPAN = 4, 32  # pairs of steps that are computed again together
_WORTH_A_CALL = 1 << 27  # multiply-adds of products over all rows for which calls of torch pay


@dataclass(frozen=True)
class RunShape:
    """What decides how a run goes and where its memory lies; `names` and `numbers` are the sizes.

    `storage` is that of the weights.
    """

    names: tuple[str, ...]
    numbers: tuple[int, ...]
    batch_sizes: tuple[int, ...]
    backwards: bool
    threads: int
    bytes: int
    lanes: int
    storage: Storage = AS_COMPUTED

    @functools.cached_property
    def sizes(self) -> dict[str, int]:
        """The number behind each size."""
        return dict(zip(self.names, self.numbers, strict=True))

    @property
    def dtype(self) -> str:
        """The name of the dtype."""
        return "float64" if self.bytes == 8 else "float32"


@dataclass(frozen=True)
class Form:
    """How a plan becomes functions.

    Attributes
    ----------
    is_hoisted : bool
        Whether what runs before the loop is hoisted out of it. Otherwise it is computed step by step with the rest:
        its products stay in the cache, which pays where a thread has rows enough to fill a tile at each step.
    is_joint : bool
        Whether the threads share each step's work, rather than the sequences.
    by_columns : bool
        Whether the threads share the features rather than the sequences, in a loop in which none reads another.
    is_again : bool
        Whether the matrices of a plan are kept at some steps, and computed again from there in the backward pass.
    is_whole: bool
        Whether what runs after the loop is in it too, so that nothing is left to torch: a step by itself.
    by_torch: bool
        Whether products over all rows after the loop, and weight gradients, are left to torch, which is faster where
        there is much to multiply.
    is_packed: bool
        Whether weights are packed before they are read.
    storage: Storage
        Of the weights that products read.
    """

    is_hoisted: bool
    is_joint: bool = False
    by_columns: bool = False
    is_again: bool = False
    is_whole: bool = False
    by_torch: bool = True
    is_packed: bool = True
    storage: Storage = AS_COMPUTED


def form_for(plan: ForwardPlan | BackwardPlan, shape: RunShape, target: Target, *, is_again: bool = False) -> Form:
    """Return the form of a plan for a shape.

    Threads work jointly where each would otherwise read more weights at every step than its cache holds, where there
    are fewer sequences than threads and enough weights, and where a mean is over the whole batch. Products are hoisted
    out of the loop where the rows that are computed together do not fill a tile.
    """
    batch, threads = shape.batch_sizes[0], shape.threads
    weights = _weights(plan.loop, shape)
    is_large = weights * shape.bytes // shape.storage.per_word > _CACHE
    is_worth_waiting = weights * shape.bytes > _WORTH_WAITING if batch < threads else is_large
    is_joint = threads > 1 and openmp() and (is_worth_waiting or has_means(plan))
    together = batch if is_joint else batch // max(1, min(threads, batch))
    rows = sum(shape.batch_sizes)
    least, most = _FEW_ROWS
    few = min(most, max(least, weights * shape.bytes // _BYTES_FOR_A_ROW))
    few = _FEW_ROWS_OF_STORED if shape.storage.name else few
    return Form(
        is_hoisted=together < target.tile_rows, is_joint=is_joint,
        by_columns=not is_joint and batch < threads, is_again=is_again,
        by_torch=rows * _later_products(plan, shape) > _WORTH_A_CALL, is_packed=rows > few,
        storage=shape.storage,
    )  # fmt: skip


def distance_of(plan: BackwardPlan, shape: RunShape) -> int:
    """Return after how many steps the matrices of a plan are kept for its run after a forward one; 0: at every step.

    Those between are computed again by the backward pass: they stay in the cache then, and to keep all of them would
    take more memory than everything else.
    """
    batch, steps = shape.batch_sizes[0], len(shape.batch_sizes)
    bytes = shape.bytes * sum(width_of(state, shape.sizes) for state in plan.matrices)
    if sum(shape.batch_sizes) * bytes < _WORTH_COMPUTING_AGAIN:
        return 0
    if shape.backwards and batch > shape.batch_sizes[-1]:  # sequences that begin later have no value before the span
        return 0
    together = _CACHE * min(batch, shape.threads) // (batch * bytes)
    distance = 2 * min(max(together // 2, _LEAST_SPAN), _LARGEST_SPAN)
    return distance if steps > distance else 0


def storage_of(plan: ForwardPlan, parts: Sequence[Part]) -> Storage:
    """Return the storage of the weights that the products of a plan read, where its parameters stand in `parts`."""
    stored = {leaf: part.storage for leaf, part in zip(plan.step.parameters, parts, strict=True) if part.storage}
    if not stored:
        return AS_COMPUTED
    kinds = {stored.get(weight) for segment in (plan.before, plan.loop, plan.after) for weight in _matrices(segment)}
    if len(kinds) > 1:
        raise ValueError(f"the products of one plan read weights of several storages: {kinds}")
    return STORAGES[kinds.pop()] if kinds else AS_COMPUTED


def _later_products(plan: ForwardPlan | BackwardPlan, shape: RunShape) -> int:
    """Return the multiply-adds for each row of what is multiplied after the loop."""
    gradients = plan.weight_gradients if isinstance(plan, BackwardPlan) else ()
    sizes = shape.sizes
    found = _weights(plan.after, shape)
    return found + sum(width_of(g.operand, sizes) * width_of(d, sizes) for g in gradients for d in g.deltas)


def is_worth_a_team(plan: ForwardPlan, shape: RunShape) -> bool:
    """Return whether a forward run has so much to do that sharing it saves more than waking threads costs."""
    numbers = sum(_weights(segment, shape) for segment in (plan.before, plan.loop, plan.after))
    numbers += _OF_A_VALUE * sum(width_of(node, shape.sizes) for node in plan.loop.nodes)
    return sum(shape.batch_sizes) * numbers > _WORTH_A_TEAM


def has_means(plan: ForwardPlan | BackwardPlan) -> bool:
    """Return whether a step has a mean over the batch: then no thread can run a share of the sequences by itself."""
    return any(node.op == "batch_mean" for node in plan.loop.nodes)


def _weights(segment: Segment, shape: RunShape) -> int:
    """Return how many weights a step reads."""
    sizes = shape.sizes
    return sum(number_of(weight.shape[0], sizes) * number_of(weight.shape[1], sizes) for weight in _matrices(segment))


def _matrices(segment: Segment) -> Iterable[Node]:
    products = (product for stage in segment.stages for product in stage.products)
    return (weight for product in products for line in product.weights for weight in line)


@dataclass(frozen=True)
class StageOverRows:
    """A stage over all rows: products that torch computes, then a compiled function if anything is left."""

    products: tuple[Product, ...]
    function: Function | None


@dataclass(frozen=True, eq=False)
class Program:
    """What runs before, in and after the time loop.

    Attributes
    ----------
    arrays : tuple of nodes
        The row-wise values, beside leaves, that have an array of all rows.
    carried : tuple of Carried
    modules : tuple of Module
        Its own, and common ones.
    drawn : tuple of nodes
        The noises that a product reads: they have arrays; others are drawn in registers.
    has_noise : bool
        Whether anything is drawn.
    totals : frozenset of nodes
        Those of which only the sum over all rows is wanted: they have no array, but rows to which it is added up.
    again : Function or None
        A time loop that computes the states again that are kept at some steps only.
    """

    before: tuple[StageOverRows, ...]
    loop: Function
    after: tuple[StageOverRows, ...]
    arrays: tuple[Node, ...]
    carried: tuple[Carried, ...]
    modules: tuple[Module, ...]
    drawn: tuple[Node, ...]
    has_noise: bool
    totals: frozenset[Node]
    again: Function | None = None

    @property
    def text(self) -> str:
        """Its own module, as LLVM IR."""
        return self.modules[0].text

    def slots(self, function: Function) -> Slots:
        """Return the arrays that a function of its own is given."""
        return self.modules[0].slots(function.name)

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The functions of all modules."""
        return frozenset(name for module in self.modules for name in module.names)


def forward_program(
    plans: Plans, target: Target, dtype: str, sizes: Sequence[str], form: Form, *, tape: bool
) -> Program:
    """Compile a forward plan; with `tape`, it keeps what the backward plan reads."""
    plan, step = plans.forward, plans.forward.step
    wanted = {*step.outputs, *step.statistics, *(read_by_backward(plans) if tape else ())}
    wanted -= set(plans.backward.matrices) if form.is_again else set()
    carried = [Carried(s, n, s in wanted) for s, n in zip(step.states, step.next_states, strict=True)]
    return _program(plan, carried, wanted, frozenset(), target, dtype, sizes, form)


def backward_program(
    plans: Plans, target: Target, dtype: str, sizes: Sequence[str], form: Form, *, wanted: Sequence[bool]
) -> Program:
    """Compile a backward plan; `wanted` says of which inputs the gradient is."""
    plan = plans.backward
    inputs = [node for node, is_wanted in zip(plan.step.inputs, wanted, strict=True) if is_wanted and node.rows]
    wanted_nodes = {*inputs, *plan.step.observed.values(), *(node.args[0] for node in plan.row_sums)}
    wanted_nodes |= {node for g in plan.weight_gradients for node in (g.operand, *g.deltas)}
    pairs = zip(plan.step.incoming_states, plan.step.states, strict=True)
    carried = [Carried(leaf, following, leaf in wanted_nodes) for leaf, following in pairs]
    states = zip(plans.forward.step.states, plans.forward.step.next_states, strict=True)
    again = [Carried(*pair, kept=True) for pair in states if form.is_again and pair[0] in plan.matrices]
    others = {*inputs, *plan.step.states, *(n for g in plan.weight_gradients for n in (g.operand, *g.deltas))}
    return _program(plan, carried, wanted_nodes, _totals(plan, others), target, dtype, sizes, form, again)


def _totals(plan: BackwardPlan, others: set[Node]) -> frozenset[Node]:
    """Return the elementwise values of which nothing but the sum over all rows is wanted."""
    segments = (plan.before, plan.loop, plan.after)
    stages = [stage for segment in segments for stage in segment.stages]
    computed = {node for stage in stages for node in stage.pointwise if node.op not in REDUCTIONS}
    used = {argument for segment in segments for node in segment.nodes for argument in node.args}
    return frozenset(node.args[0] for node in plan.row_sums) & frozenset(computed - used - others)


def read_by_backward(plans: Plans) -> set[Node]:
    """Return the forward values that the backward plan reads."""
    plan = plans.backward
    own = {node for segment in (plan.before, plan.loop, plan.after) for node in segment.nodes}
    own |= {*plan.step.incoming_outputs, *plan.step.incoming_states}
    read = {node for segment in (plan.before, plan.loop, plan.after) for node in segment.reads}
    read |= {node for g in plan.weight_gradients for node in (g.operand, *g.deltas)}
    read |= (
        {*plan.again.reads}
        | {node.args[0] for node in plan.row_sums}
        | {n for n in (*plan.step.inputs, *plan.step.states) if n.rows}
    )
    return {node for node in _numbers(read - own) - own if node.op != "noise"}


def _program(
    plan: ForwardPlan | BackwardPlan,
    carried: Sequence[Carried],
    wanted: set[Node],
    totals: frozenset[Node],
    target: Target,
    dtype: str,
    sizes: Sequence[str],
    form: Form,
    again: Sequence[Carried] = (),
) -> Program:
    """Compile a plan; `again` are the states that a backward plan computes again."""
    wanted = _numbers(wanted)
    live = set(topological([*wanted, *(c.following for c in carried)]))
    before, loop, after = (_pruned(segment, live) for segment in (plan.before, plan.loop, plan.after))
    carried = [replace(c, kept=c.kept or c.leaf in {*before.reads, *after.reads}) for c in carried]
    if not form.is_hoisted:
        before, loop = NOTHING, _merged(before, loop)
    if form.is_whole:
        loop, after = _one_after_the_other(loop, after), NOTHING
    if not form.is_joint:  # there each loop ends with a barrier
        loop, after = _elementwise_in_the_loop(loop, after)
    following = [each.following for each in carried]
    before = fused(before, {*wanted, *loop.reads, *after.reads, *following})
    loop = fused(loop, {*wanted, *after.reads, *following})
    computed = {node for segment in (before, loop, after) for node in segment.nodes}
    later = _numbers((*wanted, *after.reads))
    from_loop = [node for node in loop.nodes if node in later]
    # A loop may pass a value on that was computed before it, and read it for nothing else.
    read = {*later, *_numbers(loop.reads), *following, *(c.leaf for c in carried if c.kept)}
    stored_before = _stored_before(before, read, {*wanted, *following})
    stored_after = _stored(after, wanted)
    read_again = plan.again.reads if again and isinstance(plan, BackwardPlan) else ()
    given = _numbers((*wanted, *before.reads, *loop.reads, *after.reads, *read_again)) - computed
    arrays = tuple(node for node in dict.fromkeys((*stored_before, *from_loop, *stored_after)) if node not in totals)
    has_sums = isinstance(plan, BackwardPlan) and not form.by_torch
    before_stages = _over_rows("before", before, set(stored_before), by_torch=False)
    steps = schedule(loop, from_loop, following)
    by_columns = form.by_columns and _is_columnwise(steps)
    in_loop = Function("loop", steps, True, tuple(carried), form.is_joint, by_columns)
    made_again = None
    if again and isinstance(plan, BackwardPlan):
        following = [each.following for each in again]
        steps, known = schedule(fused(plan.again, following), (), following), frozenset((*given, *stored_before))
        made_again = Function("again", steps, True, tuple(again), form.is_joint, arrays=known)
    after_stages = _over_rows("after", after, set(stored_after), by_torch=form.by_torch)
    written = (*(s.function for s in before_stages), in_loop, made_again, *(s.function for s in after_stages))
    functions = [function for function in written if function is not None]
    team = openmp()
    own = module_of(
        ModuleForm(
            target, dtype, tuple(sizes), form.is_packed, form.storage, team,
            arrays=frozenset((*arrays, *given)) - totals, totals=totals,
        ),
        functions,
    )  # fmt: skip
    packs = form.is_packed and any(function.products for function in functions)
    called = (SCRIPT, *([PACK] if packs else []), *([SUMS] if has_sums else []))
    common = (common_module(name, target, dtype, form.storage, team=team) for name in called)
    products = [p for segment in (before, loop, after) for stage in segment.stages for p in stage.products]
    operands = (*wanted, *(operand for product in products for operand in product.operands))
    drawn = tuple(dict.fromkeys(node for node in operands if node.op == "noise"))
    has_noise = any(node.op == "noise" for node in topological(live))
    return Program(
        before_stages,
        in_loop,
        after_stages,
        arrays,
        tuple(carried),
        (own, *common),
        drawn,
        has_noise,
        totals,
        made_again,
    )


def _is_columnwise(steps: Schedule) -> bool:
    """Return whether no feature of a step reads another: loops over one axis, all as wide, and nothing else."""
    groups = [group for stage in steps.stages for group in stage.groups]
    alone = REDUCTIONS | SCANS | {"batch_mean"}
    is_elementwise = all(len(g.shape) == 1 and all(node.op not in alone for node in g.stores) for g in groups)
    return is_elementwise and len({group.width for group in groups}) == 1 and not any(s.products for s in steps.stages)


def _numbers(nodes: Iterable[Node]) -> set[Node]:
    """Return nodes with what truth values compare in their place: these have no arrays, and are made anew."""
    return {number for node in nodes for number in (inputs_of(node) if node.op in COMPARISONS else (node,))}


def _pruned(segment: Segment, live: set[Node]) -> Segment:
    """Return a segment without the products and the values that nobody wants."""
    stages = tuple(
        Stage(
            tuple(product for product in stage.products if not live.isdisjoint(product.results)),
            tuple(node for node in stage.pointwise if node in live),
        )
        for stage in segment.stages
    )
    left = Segment((), stages, tuple(node for node in segment.writes if node in live))
    operands = [operand for stage in stages for product in stage.products for operand in product.operands]
    arguments = [a for stage in stages for node in stage.pointwise for a in node.args]
    computed = set(left.nodes)
    reads = dict.fromkeys(node for node in (*operands, *arguments) if node.rows and node not in computed)
    return replace(left, reads=tuple(reads))


def _merged(before: Segment, loop: Segment) -> Segment:
    """Return one segment of two; the last stage of the first shares its loops with the first of the second."""
    *earlier, last = before.stages or (Stage((), ()),)
    first, *later = loop.stages or (Stage((), ()),)
    joint = Stage(last.products + first.products, last.pointwise + first.pointwise)
    computed = set(before.nodes)
    reads = (*before.reads, *(node for node in loop.reads if node not in computed))
    return Segment(reads, (*earlier, joint, *later), before.writes + loop.writes)


def _elementwise_in_the_loop(loop: Segment, after: Segment) -> tuple[Segment, Segment]:
    """Return the segments with what the second makes elementwise of the first's values computed there.

    Its arguments are in registers, or in the cache, and many have no array then.
    """
    moved = _elementwise_of(loop, after)
    if not moved:
        return loop, after
    number_of = {node: number for number, stage in enumerate(loop.stages) for node in _nodes(stage)}
    added: list[list[Node]] = [[] for _ in loop.stages]
    for node in moved:
        if node in number_of:  # the loop computes it already: both need what depends on no state
            continue
        number_of[node] = max((number_of.get(argument, 0) for argument in node.args), default=0)
        added[number_of[node]].append(node)
    stages = [replace(s, pointwise=(*s.pointwise, *more)) for s, more in zip(loop.stages, added, strict=True)]
    left = [replace(s, pointwise=tuple(node for node in s.pointwise if node not in moved)) for s in after.stages]
    segments = replace(loop, stages=tuple(stages)), replace(after, stages=tuple(left))
    longer, shorter = (_pruned(segment, set(segment.nodes)) for segment in segments)
    return longer, replace(shorter, stages=tuple(s for s in shorter.stages if s.products or s.pointwise))


def _elementwise_of(loop: Segment, after: Segment) -> dict[Node, None]:
    """Return, in order, what of a segment is made of another's values, by itself or through others, and of no product.

    What it is made of beside them comes with it.
    """
    computed = set(loop.nodes)
    made = [node for stage in after.stages for node in stage.pointwise]
    products = [result for stage in after.stages for product in stage.products for result in product.results]
    apart, on_loop = depends_on(made, products), depends_on(made, computed)
    roots = [node for node in made if node in on_loop and node not in apart]
    needed = set(topological(roots, stop=computed.__contains__))
    return dict.fromkeys(node for node in made if node in needed and node not in apart)


def _nodes(stage: Stage) -> Iterable[Node]:
    yield from (result for product in stage.products for result in product.results)
    yield from stage.pointwise


def _one_after_the_other(loop: Segment, after: Segment) -> Segment:
    """Return one segment of two."""
    computed = set(loop.nodes)
    reads = (*loop.reads, *(node for node in after.reads if node not in computed))
    later = (_without(stage, computed) for stage in after.stages)  # both may need what depends on no state
    return Segment(reads, loop.stages + tuple(later), tuple(dict.fromkeys(loop.writes + after.writes)))


def _without(stage: Stage, computed: set[Node]) -> Stage:
    """Return a stage without what is computed already."""
    products = tuple(product for product in stage.products if not computed.issuperset(product.results))
    return Stage(products, tuple(node for node in stage.pointwise if node not in computed))


def _stored_before(segment: Segment, read: set[Node], always: set[Node]) -> list[Node]:
    """Return what is stored of a segment that others read: what is cheap is made anew, but not what is `always`."""
    wanted = {node for node in segment.nodes if node in read}
    products = {result for stage in segment.stages for p in stage.products for result in p.results}

    def cheap(node: Node) -> bool:
        if not node.rows or not node.args or node in products:
            return True
        if node.op == "reshape":  # of what is made anew, a loop over other axes would not know the place
            return not node.args[0].args or node.args[0] in products
        return OPS[node.op].cheap and node.op not in REDUCTIONS | SCANS and all(map(cheap, node.args))

    return _stored(segment, {node for node in wanted if node in always or not cheap(node)})


def _stored(segment: Segment, wanted: Iterable[Node]) -> list[Node]:
    """Return, in order, what of a segment has an array: what is wanted, products, their operands, sums and scans."""
    products = [product for stage in segment.stages for product in stage.products]
    kept = {*wanted, *(n for p in products for n in (*p.operands, *p.results))}
    return [node for node in segment.nodes if node in kept or node.op in REDUCTIONS | SCANS]


def _over_rows(name: str, segment: Segment, stored: set[Node], *, by_torch: bool) -> tuple[StageOverRows, ...]:
    """Return the stages of a segment that runs over all rows."""
    stages = []
    for number, stage in enumerate(segment.stages):
        written = [node for node in stage.pointwise if node in stored]
        products = () if by_torch else stage.products
        function = None
        if written or products:
            alone = Segment((), (Stage(products, stage.pointwise),), tuple(written))
            function = Function(f"{name}_{number}", schedule(alone, written, results_in_arrays=True))
        stages.append(StageOverRows(stage.products if by_torch else (), function))
    return tuple(stages)
