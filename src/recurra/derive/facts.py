"""What follows from a step and its plans: the roles of parameters, linearity in the state, how much there is to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, prod

from recurra.derive.plan import BackwardPlan, ForwardPlan
from recurra.derive.stages import Product, Segment
from recurra.graph.node import REDUCTIONS, Node, Size, depends_on, number_of, pointwise, topological
from recurra.graph.ops import OPS
from recurra.graph.printing import softmax_argument
from recurra.graph.step import Step, past_inputs

__all__ = [
    "Flops", "backward_flops", "count", "forward_flops", "has_chosen_derivative", "linear_in_state", "parameter_roles",
    "symbols", "values",
]  # fmt: skip


def parameter_roles(step: Step) -> dict[str, str]:
    """Return what each parameter is: "input matrix", "state matrix", "bias", "diagonal" or "scalar".

    A matrix is on a state if any value that it multiplies depends on one, which a past input does not; what is not
    multiplied as a matrix is a bias if it, or its sum with others, is only added.
    """
    on_state = depends_on(step.roots, set(step.states) - past_inputs(step))
    return {p.name: _role(p, topological(step.roots), on_state) for p in step.parameters}


def _role(parameter: Node, nodes: list[Node], on_state: set[Node]) -> str:
    if parameter.shape == ():
        return "scalar"
    carriers = depends_on([n for n in nodes if not n.rows], [parameter])
    users = [node for node in nodes if node.rows and any(a in carriers for a in node.args)]
    if len(parameter.shape) > 2 or (len(parameter.shape) == 2 and any(node.op == "matmul" for node in users)):
        is_on_state = any(argument in on_state for node in users for argument in node.args)
        return "state matrix" if is_on_state else "input matrix"
    sums = all(node.op in ("add", "sub", "neg") for node in (*users, *(carriers - {parameter})))
    return "bias" if sums else "diagonal"


def linear_in_state(step: Step) -> bool:
    """Return whether each next state is an affine function of the states, with coefficients from the inputs.

    A state that holds past inputs alone counts as an input.
    """
    degree: dict[Node, float] = dict.fromkeys(past_inputs(step), 0)
    for node in topological(step.next_states):
        degree.setdefault(node, 1 if node.op == "state" else _degree(node, [degree[a] for a in node.args]))
    return all(degree[node] <= 1 for node in step.next_states)


def has_chosen_derivative(step: Step) -> bool:
    """Return whether a derivative of the step is not that of its function, so that differences do not give it."""
    nodes = topological(step.roots)
    softmaxes = [a for node in nodes if (a := softmax_argument(node)) is not None]
    shifts = {pointwise("stop_gradient", a) for a in softmaxes}  # these make no difference
    return any(node.op == "surrogate" or (node.op == "stop_gradient" and node not in shifts) for node in nodes)


def _degree(node: Node, args: list[float]) -> float:
    """Return the degree in the states of a node from those of its arguments; infinite if it is no polynomial."""
    match node.op:
        case (
            "add"
            | "sub"
            | "neg"
            | "sum"
            | "cumsum"
            | "reverse_cumsum"
            | "stop_gradient"
            | "broadcast"
            | "reshape"
            | "batch_mean"
        ):
            return max(args)
        case "mul" | "matmul":
            return sum(args)
        case "div" if args[1] == 0:
            return args[0]
        case "where" if args[0] == 0:
            return max(args)
    return float("inf") if any(args) else 0


def symbols(step: Step) -> float:
    """Return how many symbols the equations have where a value without a name is repeated at each of its uses."""
    lengths: dict[Node, float] = {}
    total = 0.0
    for node in topological(step.roots):
        length = 1 + fsum(1.0 if argument in step.names else lengths[argument] for argument in node.args)
        lengths[node] = length
        total += length if node in step.names else 0
    return total + fsum(lengths[root] for root in step.roots)


def values(step: Step) -> int:
    """Return how many values a step has, from its leaves to its output."""
    return len(topological(step.roots))


def count(shapes: Iterable[tuple[Size, ...]], sizes: Mapping[str, int]) -> int:
    """Return the number of elements of arrays of these shapes."""
    return sum(prod(number_of(size, sizes) for size in shape) for shape in shapes)


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
        2 * count([(gradient.operand.width, delta.width)], sizes)
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
