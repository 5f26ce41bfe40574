"""How many floating-point operations the two passes of a cell take, counted over their plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recurra.derive.facts import count
from recurra.derive.plan import BackwardPlan, ForwardPlan
from recurra.derive.stages import Product, Segment
from recurra.graph.build import REDUCTIONS
from recurra.graph.node import Node, topological
from recurra.graph.ops import OPS

__all__ = ["Flops", "backward_flops", "forward_flops"]


@dataclass(frozen=True)
class Flops:
    """Floating-point operations of one step of one sequence; a multiply-add is two.

    Attributes
    ----------
    products
        Of matrix products, as `torch.utils.flop_counter` counts them.
    elementwise
        Of all else: sums of products, biases, gates. A function counts as `recurra.graph.ops` says, a sigmoid as 4.
    """

    products: int = 0
    elementwise: int = 0

    @property
    def all(self) -> int:
        """Both together."""
        return self.products + self.elementwise

    def __add__(self, other: Flops) -> Flops:
        return Flops(self.products + other.products, self.elementwise + other.elementwise)

    def __mul__(self, times: int) -> Flops:
        return Flops(self.products * times, self.elementwise * times)


def forward_flops(plan: ForwardPlan, sizes: Mapping[str, int]) -> Flops:
    """Return what a forward step takes.

    Examples
    --------
    >>> from recurra.cells import LSTM
    >>> forward_flops(LSTM.plans().forward, {"input_size": 3, "hidden_size": 5}).products == 2 * 4 * 5 * (3 + 5)
    True
    """
    return _segments((plan.before, plan.loop, plan.after), sizes, None)


def backward_flops(plan: BackwardPlan, sizes: Mapping[str, int], *, wanted: Sequence[bool] | None = None) -> Flops:
    """Return what a backward step takes, its share of the weights' gradients included.

    Parameters
    ----------
    plan
        The backward plan.
    sizes
        The number behind each size.
    wanted
        Of which inputs the gradient is wanted; of all by default.
    """
    step = plan.step
    inputs = [node for k, node in enumerate(step.inputs) if node.rows and (wanted is None or wanted[k])]
    summed = [node.args[0] for node in plan.row_sums]
    roots = [*step.states, *inputs, *summed]
    roots += [node for gradient in plan.weight_gradients for node in (gradient.operand, *gradient.deltas)]
    loop = _segments((plan.before, plan.loop, plan.after), sizes, set(topological(roots)))
    outers = sum(
        2 * count([(gradient.operand.shape[-1], delta.shape[-1])], sizes)
        for gradient in plan.weight_gradients
        for delta in gradient.deltas
    )
    return loop + Flops(outers, count([node.shape for node in summed], sizes))


def _segments(parts: Iterable[Segment], sizes: Mapping[str, int], live: set[Node] | None) -> Flops:
    stages = [stage for part in parts for stage in part.stages]
    products = [p for stage in stages for p in stage.products if live is None or not live.isdisjoint(p.results)]
    nodes = [node for stage in stages for node in stage.pointwise if live is None or node in live]
    pointwise = sum(OPS[node.op].flops * count([_computed(node)], sizes) for node in nodes)
    return sum((_product(each, sizes) for each in products), Flops(0, pointwise))


def _computed(node: Node) -> tuple[str | int, ...]:
    """Return the shape over which a node is computed: a sum over features, that of what it adds up."""
    return node.args[0].shape if node.op in REDUCTIONS else node.shape


def _product(product: Product, sizes: Mapping[str, int]) -> Flops:
    """Return what a product takes; what its operands give is added up."""
    multiplied = 2 * count([weight.shape for line in product.weights for weight in line], sizes)
    return Flops(multiplied, (len(product.operands) - 1) * count([each.shape for each in product.results], sizes))
