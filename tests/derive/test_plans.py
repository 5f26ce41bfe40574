"""What the plans promise: hoisted projections, products by level, one product a weight gradient, a sufficient tape."""

from __future__ import annotations

import pytest

from recurra import Cell, bernoulli, cell, sigmoid, tanh, where
from recurra.cells import GRU, LSTM, Elman, FullPeepholeLSTM, OriginalGRU, PeepholeLSTM, ProjectedLSTM, all_cells
from recurra.derive.plan import BackwardPlan, ForwardPlan, Variant
from recurra.derive.stages import Segment
from recurra.graph.node import Node, depends_on, topological
from recurra.testing import check_cell


@cell(sizes={"U": ("hidden_size", "rank")})
def LowRank(p, x, h):
    return tanh(x @ p.W + (h @ p.U) @ p.V)


@cell(sizes={"V": ("hidden_size", "readout")})
def Late(p, x, h):
    h = tanh(x @ p.W + h @ p.U)
    return (h,), sigmoid(h @ p.V + x @ p.R)


@cell
def Deep(p, x, h):
    """The input goes through a product, a nonlinearity and another product."""
    u = tanh(tanh(x @ p.A + p.a * x) @ p.B)
    return tanh(u + h @ p.U)


@cell
def Partial(p, x, h, c):
    """Sums of products of which a part is wanted by itself: as the output, in another sum."""
    a, b = h @ p.A, h @ p.B
    return (tanh(a + c @ p.C + x @ p.W), tanh(b + c @ p.D) - tanh(b + c @ p.E)), a


@cell(sizes={"x": "hidden_size"})
def Twice(p, x, h):
    """What needs no state is used in the loop and after it."""
    z = p.a * x
    h = tanh(z * h)
    return (h,), z * h


OWN = (LowRank, Late, Deep, Partial, Twice)
every_cell = pytest.mark.parametrize("cell", [*all_cells.values(), *OWN], ids=lambda c: c.name)


def products(segment: Segment) -> list[list[str]]:
    """Return, for each stage, its products as "operand, operand -> number of results"."""

    def name(node: Node) -> str:
        return node.name or node.op

    return [
        [f"{', '.join(map(name, p.operands))} -> {len(p.results)}" for p in stage.products]
        for stage in segment.stages
        if stage.products
    ]


def segments(plan: ForwardPlan | BackwardPlan) -> tuple[Segment, Segment, Segment]:
    return plan.before, plan.loop, plan.after


@every_cell
def test_everything_is_computed_once_and_after_what_it_needs(cell: Cell) -> None:
    """Each segment reads what leaves, saved values or earlier segments hold; what is carried is not computed twice."""
    plans = cell.plans()
    core = plans.forward.step
    at_hand = {*core.inputs, *core.states, *core.noises}
    for plan in (plans.forward, plans.backward):
        known = set(at_hand)
        sources = core.states if isinstance(plan, ForwardPlan) else plan.step.incoming_states
        dependent = depends_on(plan.step.roots, sources)
        if isinstance(plan, BackwardPlan):
            known |= {*core.next_states, *core.outputs, *plans.forward.saved}
            known |= {*plan.step.incoming_outputs, *plan.step.incoming_states}
        for segment in segments(plan):
            assert set(segment.reads) <= known
            for stage in segment.stages:
                for product in stage.products:
                    assert {operand for operand in product.operands if operand.rows} <= known
                known |= {result for product in stage.products for result in product.results}
                for node in stage.pointwise:
                    assert {a for a in node.args if a.rows} <= known, node
                    assert node not in known or node not in dependent
                    known.add(node)
            assert set(segment.writes) <= known


@every_cell
def test_nothing_in_the_loop_could_be_outside(cell: Cell) -> None:
    """A product in the forward loop depends on a state; in the backward loop, on a gradient that is carried."""
    plans = cell.plans()
    core, backward = plans.forward.step, plans.backward.step
    for segment, roots, sources in (
        (plans.forward.loop, core.roots, core.states),
        (plans.backward.loop, backward.roots, backward.incoming_states),
    ):
        dependent = depends_on(roots, sources)
        for stage in segment.stages:
            for product in stage.products:
                assert any(result in dependent for result in product.results)
    needed = set(topological(backward.states))
    assert {n for n in plans.backward.loop.nodes if n.op == "matmul"} <= needed


@every_cell
def test_the_loop_stores_nothing_that_needs_no_state(cell: Cell) -> None:
    """It is made again after the loop, for all steps at once."""
    plan = cell.plans().forward
    assert set(plan.loop.writes) <= depends_on(plan.step.roots, plan.step.states) | set(plan.step.next_states)


@every_cell
def test_each_weight_has_one_product_for_its_gradient(cell: Cell) -> None:
    """Weight gradients leave the loop: grouped by operand, each matrix of the step in exactly one of them."""
    plans = cell.plans()
    outers = [node for node in topological(plans.backward.step.parameters) if node.op == "outer"]
    grouped = [result for gradient in plans.backward.weight_gradients for result in gradient.results]
    assert sorted(map(id, grouped)) == sorted(map(id, dict.fromkeys(outers)))
    operands = [gradient.operand for gradient in plans.backward.weight_gradients]
    assert len(operands) == len(set(operands))
    assert not any(node.op == "outer" for segment in segments(plans.backward) for node in segment.nodes)


@pytest.mark.parametrize(
    ("cell", "before", "loop", "after"),
    [
        (Elman, [["x -> 1"]], [["h -> 1"]], []),
        (LSTM, [["x -> 4"]], [["h -> 4"]], []),
        (GRU, [["x -> 3"]], [["h -> 3"]], []),
        (OriginalGRU, [["x -> 3"]], [["h -> 2"], ["mul -> 1"]], []),
        (PeepholeLSTM, [["x -> 4"]], [["h -> 4"]], []),
        (LowRank, [["x -> 1"]], [["h -> 1"], ["matmul -> 1"]], []),
        (Deep, [["x -> 1"], ["tanh -> 1"]], [["h -> 1"]], []),
        (Late, [["x -> 2"]], [["h -> 1"]], [["tanh -> 1"]]),
    ],
    ids=lambda value: value.name if isinstance(value, Cell) else "",
)
def test_products_by_level(cell: Cell, before: list[list[str]], loop: list[list[str]], after: list[list[str]]) -> None:
    """Input projections as one product before the loop; state products as one for each level."""
    plan = cell.plans().forward
    assert [products(segment) for segment in segments(plan)] == [before, loop, after]


def test_several_operands_are_one_product() -> None:
    """Full peepholes: h and c side by side against one block of weights, then the new c alone."""
    loop = products(FullPeepholeLSTM.plans().forward.loop)
    assert sum(len(stage) for stage in loop) <= 4
    assert any("h" in product for product in loop[0])


SAVED = {
    "Elman": 0, "ElmanReLU": 0, "LSTM": 4, "CoupledLSTM": 3, "PeepholeLSTM": 4, "FullPeepholeLSTM": 4,
    "ProjectedLSTM": 4, "GRU": 4, "OriginalGRU": 3,
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_the_saved_set_is_the_gates(name: str) -> None:
    """Beside inputs, states and output: each gate once, what a GRU multiplies with its reset gate."""
    saved = all_cells[name].plans().forward.saved
    assert len(saved) == SAVED[name], [str(node) for node in saved]


def test_products_with_transposed_weights_merge_in_the_backward_loop() -> None:
    """The four gates' gradients lie side by side against one block of transposed weights."""
    assert [len(stage) for stage in products(LSTM.plans().backward.loop)] == [1]
    assert [len(stage) for stage in products(ProjectedLSTM.plans().backward.loop)] == [1, 1]


def test_what_is_cheap_is_found_in_one_pass() -> None:
    """Each square uses the one before twice; going down every way would take 2^60 visits."""

    @cell
    def C(p, x, h):
        for _ in range(60):
            h = h * h
        return h

    assert C.plans().forward.saved == ()


def test_a_comparison_of_parameters_is_no_parameter_of_the_kernel() -> None:
    """Truth values are no numbers: the two sides are computed once per call, the comparison where it is used."""

    @cell
    def C(p, x, h):
        return where(p.a * p.a > p.b, h, x @ p.W)

    prelude = C.plans().forward.prelude
    assert [value.op for value in prelude.values] == ["mul"]


def test_an_expression_of_numbers_is_no_parameter() -> None:
    """In evaluation noise is its mean: a cell without parameters stays one."""

    @cell
    def C(p, x, h):
        return h + bernoulli(0.5, like=h) * bernoulli(0.5, like=h)

    for training in (True, False):
        assert C.plans(Variant(training=training)).forward.prelude.leaves == ()
    check_cell(C)


def test_plans_are_derived_once() -> None:
    assert LSTM.plans() is LSTM.plans()
