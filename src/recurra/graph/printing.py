"""Expressions as text and as LaTeX."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from recurra.graph.compound import Size, factors_of
from recurra.graph.node import Node, max_features, pointwise, sub, sum_features, topological, uses
from recurra.graph.step import Step

__all__ = [
    "LATEX",
    "MATMUL",
    "TEXT",
    "Dialect",
    "EquationNames",
    "ExpressionWriter",
    "is_silent",
    "matrix_product",
    "shared",
    "softmax_argument",
    "told_apart",
]

SUM, PRODUCT, MATMUL, POWER, ATOM = range(1, 6)
"""How tightly an expression binds: it is put in brackets inside one that binds more tightly."""


@dataclass(frozen=True)
class Dialect:
    """How one notation writes things; templates take the written arguments in order."""

    templates: Mapping[str, tuple[int, str]]
    brackets: str
    latex: bool

    def symbol(self, name: str, time: str = "") -> str:
        """Return a name with its time step, e.g. ``h[t-1]`` or ``h_{t-1}``."""
        return _latex_name(name, time) if self.latex else f"{name}[{time}]" if time else name

    def size(self, size: Size) -> str:
        """Return a size, which may be a product or a quotient."""
        above, *below = (
            (r" \, " if self.latex else "*").join(self.symbol(str(part)) for part in side)
            for side in factors_of(size)
            if side
        )
        return "/".join([above, *below])

    def number(self, value: float) -> str:
        """Return a number without a needless fraction."""
        if math.isinf(value):
            return f"{'-' if value < 0 else ''}{_INFINITY[self.latex]}"
        if value.is_integer() and abs(value) < 1e6:
            return str(int(value))
        digits, _, exponent = f"{value:g}".partition("e")
        return rf"{digits} \cdot 10^{{{int(exponent)}}}" if self.latex and exponent else f"{value:g}"


_INFINITY = ("∞", r"\infty")
_FUNCTIONS = ("tanh", "exp", "log", "sin", "cos")
_NAMED = ("erf", "sign", "floor", "cumsum")
_ALONG = ("sum", "max", "min", "softmax")
"""What has one axis or several to go along: of a value of several it says which, counted from the last, -1."""

_LONG = 24
"""From so many symbols on, what is used more than once is long."""

_MOST_PRIMES = 3
"""So many are written one by one."""

TEXT = Dialect(
    {
        "add": (SUM, "{} + {}"), "sub": (SUM, "{} - {}"), "neg": (SUM, "-{}"), "mul": (PRODUCT, "{} ⊙ {}"),
        "scale": (PRODUCT, "{} · {}"), "div": (PRODUCT, "{} / {}"), "matmul": (MATMUL, "{} {}"),
        "square": (POWER, "{}²"), "pow": (POWER, "{}^{}"), "mod": (PRODUCT, "{} mod {}"), "abs": (ATOM, "|{}|"),
        "reverse_cumsum": (ATOM, "reverse_cumsum({})"), "stop_gradient": (ATOM, "sg({})"),
        "heaviside": (ATOM, "H({})"), "surrogate": (ATOM, "surrogate({}, {})"),
        "transpose": (POWER, "{}ᵀ"), "outer": (MATMUL, "{}ᵀ {}"),
        "matmul_transposed": (MATMUL, "{} {}ᵀ"), "sigmoid": (ATOM, "σ({})"),
        "relu": (ATOM, "relu({})"), "sqrt": (ATOM, "sqrt({})"), "softplus": (ATOM, "softplus({})"),
        "maximum": (ATOM, "max({}, {})"), "minimum": (ATOM, "min({}, {})"), "sum": (ATOM, "sum({})"),
        "column": (ATOM, "col({})"), "row": (ATOM, "row({})"),
        **{f"{name}_along": (ATOM, f"{name}[{{}}]({{}})") for name in _ALONG},
        "max": (ATOM, "max({})"), "min": (ATOM, "min({})"), "softmax": (ATOM, "softmax({})"),
        "batch_mean": (ATOM, "mean_B({})"),
        "where": (ATOM, "where({}, {}, {})"), "less": (SUM, "{} < {}"), "less_equal": (SUM, "{} ≤ {}"),
        "greater": (SUM, "{} > {}"), "greater_equal": (SUM, "{} ≥ {}"), "noise": (ATOM, "Bernoulli({})"),
        "normal": (ATOM, "Normal(0, 1)"), "uniform": (ATOM, "Uniform(0, 1)"),
        **{name: (ATOM, f"{name}({{}})") for name in (*_FUNCTIONS, *_NAMED)},
    },
    "({})", latex=False,
)  # fmt: skip

LATEX = Dialect(
    {
        "add": (SUM, "{} + {}"), "sub": (SUM, "{} - {}"), "neg": (SUM, "-{}"), "mul": (PRODUCT, r"{} \odot {}"),
        "scale": (PRODUCT, r"{} \, {}"), "div": (ATOM, r"\frac{{{}}}{{{}}}"), "matmul": (MATMUL, r"{} \, {}"),
        "square": (POWER, "{{{}}}^2"), "pow": (POWER, "{{{}}}^{{{}}}"), "mod": (PRODUCT, r"{} \bmod {}"),
        "abs": (ATOM, r"\left|{}\right|"), "reverse_cumsum": (ATOM, r"\operatorname{{cumsum}}^\leftarrow({})"),
        "stop_gradient": (ATOM, r"\operatorname{{sg}}({})"),
        "heaviside": (ATOM, "H({})"), "surrogate": (ATOM, r"\operatorname{{surrogate}}({}, {})"),
        "transpose": (POWER, r"{{{}}}^\top"), "outer": (MATMUL, r"{{{}}}^\top {}"),
        "matmul_transposed": (MATMUL, r"{} \, {{{}}}^\top"),
        "sigmoid": (ATOM, r"\sigma({})"), "relu": (ATOM, r"\operatorname{{relu}}({})"), "sqrt": (ATOM, r"\sqrt{{{}}}"),
        "softplus": (ATOM, r"\operatorname{{softplus}}({})"), "maximum": (ATOM, r"\max({}, {})"),
        "minimum": (ATOM, r"\min({}, {})"), "sum": (ATOM, r"\operatorname{{sum}}({})"),
        "column": (ATOM, r"\operatorname{{col}}({})"),
        **{f"{name}_along": (ATOM, rf"\operatorname{{{{{name}}}}}_{{{{{{}}}}}}({{}})") for name in _ALONG},
        "row": (ATOM, r"\operatorname{{row}}({})"),
        "max": (ATOM, r"\max({})"), "min": (ATOM, r"\min({})"), "softmax": (ATOM, r"\operatorname{{softmax}}({})"),
        "batch_mean": (ATOM, r"\operatorname{{mean}}_B({})"),
        "where": (ATOM, r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"),
        "less": (SUM, "{} < {}"), "less_equal": (SUM, r"{} \le {}"), "greater": (SUM, "{} > {}"),
        "greater_equal": (SUM, r"{} \ge {}"), "noise": (ATOM, r"\mathrm{{Bernoulli}}({})"),
        "normal": (ATOM, r"\mathcal{{N}}(0, 1)"), "uniform": (ATOM, r"\mathcal{{U}}(0, 1)"),
        **{name: (ATOM, rf"\{name}({{}})") for name in _FUNCTIONS},
        **{name: (ATOM, rf"\operatorname{{{{{name}}}}}({{}})") for name in ("erf", "sign", "cumsum")},
        "floor": (ATOM, r"\left\lfloor {} \right\rfloor"),
    },
    "({})", latex=True,
)  # fmt: skip

# fmt: off
_GREEK = frozenset([
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
])
# fmt: on


def _latex_name(name: str, time: str) -> str:
    plain, mark, primes = name.partition("'")
    base, *parts = plain.split("_")
    prime = rf"^{{\prime {primes}}}" if primes.isdecimal() else mark + primes
    word = rf"\{base}" if base in _GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    parts = [rf"\{part}" if part in _GREEK and len(part) > 2 else part for part in parts]  # W_xi is x to i
    below = ",".join([*parts, time] if time else parts)
    return f"{word}{prime}_{{{below}}}" if below else f"{word}{prime}"


class ExpressionWriter:
    """Writes expressions; nodes that have a name are written by it.

    Parameters
    ----------
    dialect : TEXT or LATEX
    names : mapping from node to what is written for it
    """

    def __init__(self, dialect: Dialect, names: Mapping[Node, str]) -> None:
        self.dialect = dialect
        self.names = names

    def write(self, node: Node, *, inside: int = 0) -> str:
        """Return a node by name, or its expression, in brackets where `inside` binds more tightly."""
        if node in self.names:
            return self.names[node]
        return self.define(node, inside=inside)

    def define(self, node: Node, *, inside: int = 0) -> str:
        """Return the expression of a node, even if it has a name."""
        if is_silent(node) and not self._is_product(node):
            return self.write(node.args[0], inside=inside)
        if node.op == "constant":
            written = self.dialect.number(node["value"])
            return self.dialect.brackets.format(written) if written.startswith("-") and inside > SUM else written
        if node.op == "size":
            written = self.dialect.size(node.name)
            is_whole = len(factors_of(node.name)[0]) < 2 and not factors_of(node.name)[1]
            return written if is_whole or inside <= PRODUCT else self.dialect.brackets.format(written)
        if node.op in ("parameter", "input", "state", "gradient"):
            return self.dialect.symbol(node.name)
        op, args = self._spelled(node)
        binds, template = self.dialect.templates[op]
        written = template.format(*(self._argument(op, binds, k, a) for k, a in enumerate(args)))
        return self.dialect.brackets.format(written) if binds < inside else written

    def _spelled(self, node: Node) -> tuple[str, tuple[Node | float, ...]]:
        """Return the template for a node and its arguments; what is made of several nodes is one if none has a name."""
        if self._is_product(node) and (product := matrix_product(node)) is not None:
            vector, matrix, is_left = product
            return ("matmul", (vector, matrix)) if is_left else ("matmul_transposed", (vector, matrix))
        if node.op == "div" and node.args[0] not in self.names and (argument := softmax_argument(node)) is not None:
            return _along("softmax", argument)
        if node.op == "mul" and not {*node.args} & self.names.keys():
            left, right = node.args
            if _is_column(left) and _is_row(right):
                return "outer", (left.args[0], right.args[0])
        return _spelled(node)

    def _is_product(self, node: Node) -> bool:
        """Return whether a node is a product with a matrix of the step, of which no part has a name."""
        if matrix_product(node) is None or _is_column(node) or _is_row(node):  # the row or the column of a product
            return False
        return not {node.args[0], node.args[0].args[0]} & self.names.keys()

    def _argument(self, op: str, binds: int, position: int, argument: Node | float) -> str:
        if not isinstance(argument, Node):
            return self.dialect.number(argument)
        if binds == ATOM:
            return self.write(argument)
        if (op, position) in _TRANSPOSED:
            return self.write(argument, inside=ATOM)
        if position == 1 and op in ("div", "mod"):  # a / (b W), which a reader may take for (a / b) W
            return self.write(argument, inside=POWER)
        right = op in ("neg", "square", "transpose") or (op, position) in (("sub", 1), ("pow", 0))
        return self.write(argument, inside=binds + right)


_TRANSPOSED = (("outer", 0), ("matmul_transposed", 1))
"""Operation and argument that is written with a transposing mark behind it."""


def _spelled(node: Node) -> tuple[str, tuple[Node | float, ...]]:
    """Return the template for a node and its arguments: squares and products with a number have their own."""
    if node.op == "noise":
        kind = dict(node.attributes).get("kind")
        return (kind, ()) if kind else ("noise", (node["rate"],))
    if node.op in _ALONG:
        return _along(node.op, *node.args, axis=dict(node.attributes).get("axis", -1))
    if _is_row(node) or _is_column(node):
        return "column" if _is_column(node) else "row", node.args
    if node.op == "mul" and node.args[0] is node.args[1]:
        return "square", node.args[:1]
    if node.op == "mul" and any(a.shape in ((), (1,)) for a in node.args):
        return "scale", node.args
    return node.op, node.args


def _along(op: str, argument: Node, *, axis: int = -1) -> tuple[str, tuple[Node | float, ...]]:
    """Return the template of what goes along an axis, and its arguments: of a vector there is one axis to go along."""
    return (f"{op}_along", (float(axis), argument)) if len(argument.shape) > 1 else (op, (argument,))


def is_silent(node: Node) -> bool:
    """Return whether nothing is written of a node but its argument."""
    return node.op in ("broadcast", "sum_rows") or (node.op == "reshape" and not (_is_row(node) or _is_column(node)))


def shared(roots: Iterable[Node], names: Container[Node]) -> list[Node]:
    """Return what has no name, is used more than once and is long, arguments first.

    Whoever writes equations gives it names: written out at each use, a matrix that is squared twenty times would be a
    million symbols long.
    """
    roots = list(roots)
    count, lengths, found = uses(roots), dict[Node, int](), list[Node]()
    for node in topological(roots):
        length = 0 if is_silent(node) else 1
        if node not in names:
            length += sum(lengths[argument] for argument in node.args)
        if length >= _LONG and count[node] > 1 and node not in names:
            found.append(node)
            length = 1
        lengths[node] = length
    return found


class EquationNames(NamedTuple):
    """What the values of a step are called in its equations, and its output, if that is no state."""

    values: Mapping[Node, str]
    output: str


def told_apart(step: Step) -> EquationNames:
    """Return the names of a step's values, with primes where another value or a leaf is called so.

    Who rewrites the step asks before: one of two values called f may go, and the other is written f' all the same.
    """
    after = {node for node in step.next_states if node.args}  # these are written as the states
    taken = Counter({leaf.name: 1 for leaf in (*step.inputs, *step.states, *step.parameters)})
    found: dict[Node, str] = {}
    for node, name in step.names.items():
        primes = 0 if node in after else taken[name]
        found[node] = f"{name}'{primes}" if primes > _MOST_PRIMES else name + primes * "'"
        taken[name] += node not in after
    return EquationNames(found, _output_name(step))


def _output_name(step: Step) -> str:
    """Return what an output that is no state is called: y, if no argument and no other value is."""
    output = step.output
    own = (output, output.args[0]) if output.op == "reshape" and is_silent(output) else (output,)  # written alike
    taken = {leaf.name for leaf in (*step.inputs, *step.states)}
    taken |= {name for node, name in step.names.items() if node not in own}
    return next(name for name in ("y", "output", "output'") if name not in taken)


def softmax_argument(node: Node) -> Node | None:
    """Return a where a node is exp(a - max(a)) / sum(exp(a - max(a))), None where it is something else."""
    if node.op != "div" or node.args[0].op != "exp" or node.args[1] is not sum_features(node.args[0]):
        return None
    shifted = node.args[0].args[0]
    a = shifted.args[0] if shifted.op == "sub" else shifted
    return a if shifted in [sub(a, max_features(each)) for each in (a, pointwise("stop_gradient", a))] else None


def _is_column(node: Node) -> bool:
    """Return whether a node is `column(a)`, or of what `split` made of a, which becomes one reshape with it.

    What is 1 wide stretches over rows and columns, and is written as it is.
    """
    if node.op != "reshape" or len(node.shape) < 2:
        return False
    return node.shape[-1] == 1 and node.args[0].shape[-1:] not in ((), (1,))


def _is_row(node: Node) -> bool:
    """Return whether a node is `row(a)`, or of what `split` made of a."""
    if node.op != "reshape" or len(node.shape) < 2:
        return False
    return node.shape[-2] == 1 and node.shape[-1] != 1 and node.args[0].shape[-2:-1] != (1,)


def matrix_product(node: Node) -> tuple[Node, Node, bool] | None:
    """Return vector, matrix and True for `vecmat(a, M)`, False for `matvec(M, b)`, which are sums; else None."""
    if node.op != "reshape" or node.args[0].op != "sum" or node.args[0].args[0].op != "mul":
        return None
    total = node.args[0]
    a, b = total.args[0].args
    if total.attributes == (("axis", -2),) and _is_column(a):
        return a.args[0], b, True
    return (b.args[0], a, False) if not total.attributes and _is_row(b) else None
