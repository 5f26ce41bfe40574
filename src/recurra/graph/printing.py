"""Expressions as text and as LaTeX."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from recurra.graph.compound import Size, factors_of
from recurra.graph.node import Node, max_features, pointwise, sub, sum_features

__all__ = ["LATEX", "MATMUL", "TEXT", "Dialect", "ExpressionWriter", "softmax_argument"]

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
        "sum_along": (ATOM, "sum[{}]({})"), "column": (ATOM, "col({})"), "row": (ATOM, "row({})"),
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
        "sum_along": (ATOM, r"\operatorname{{sum}}_{{{}}}({})"), "column": (ATOM, r"\operatorname{{col}}({})"),
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
        if node.op in ("broadcast", "sum_rows") or (node.op == "reshape" and _spelled(node)[0] == "reshape"):
            return self.write(node.args[0], inside=inside)
        if node.op == "constant":
            written = self.dialect.number(node["value"])
            return self.dialect.brackets.format(written) if written.startswith("-") and inside > SUM else written
        if node.op == "size":
            return self.dialect.size(node.name)
        if node.op in ("parameter", "input", "state", "gradient"):
            return self.dialect.symbol(node.name)
        op, args = self._spelled(node)
        binds, template = self.dialect.templates[op]
        written = template.format(*(self._argument(op, binds, k, a) for k, a in enumerate(args)))
        return self.dialect.brackets.format(written) if binds < inside else written

    def _spelled(self, node: Node) -> tuple[str, tuple[Node | float, ...]]:
        """Return the template for a node and its arguments; a softmax of which no part has a name is written as one."""
        if node.op == "div" and node.args[0] not in self.names and (argument := softmax_argument(node)) is not None:
            return "softmax", (argument,)
        return _spelled(node)

    def _argument(self, op: str, binds: int, position: int, argument: Node | float) -> str:
        if not isinstance(argument, Node):
            return self.dialect.number(argument)
        if binds == ATOM:
            return self.write(argument)
        right = position == 1 and op in ("sub", "div", "mod", "matmul_transposed")
        right = right or op in ("neg", "square", "transpose")
        right = right or (op == "pow" and position == 0)
        return self.write(argument, inside=binds + right)


def _spelled(node: Node) -> tuple[str, tuple[Node | float, ...]]:
    """Return the template for a node and its arguments: squares and products with a number have their own."""
    if node.op == "noise":
        kind = dict(node.attributes).get("kind")
        return (kind, ()) if kind else ("noise", (node["rate"],))
    if _is_matrix_product(node):
        a, b = node.args[0].args[0].args
        return ("matmul", (a.args[0], b)) if node.args[0].attributes else ("matmul_transposed", (b.args[0], a))
    if node.op == "sum" and node.attributes:
        return "sum_along", (float(node["axis"]), *node.args)
    if _is_row(node) or _is_column(node):
        return "column" if _is_column(node) else "row", node.args
    if node.op == "mul" and _is_column(node.args[0]) and _is_row(node.args[1]):
        return "outer", (node.args[0].args[0], node.args[1].args[0])
    if node.op == "mul" and node.args[0] is node.args[1]:
        return "square", node.args[:1]
    if node.op == "mul" and any(a.shape in ((), (1,)) for a in node.args):
        return "scale", node.args
    return node.op, node.args


def softmax_argument(node: Node) -> Node | None:
    """Return a where a node is exp(a - max(a)) / sum(exp(a - max(a))), None where it is something else."""
    if node.op != "div" or node.args[0].op != "exp" or node.args[1] is not sum_features(node.args[0]):
        return None
    shifted = node.args[0].args[0]
    a = shifted.args[0] if shifted.op == "sub" else shifted
    return a if shifted in [sub(a, max_features(each)) for each in (a, pointwise("stop_gradient", a))] else None


def _is_column(node: Node) -> bool:
    """Return whether a node is `column(a)`."""
    return node.op == "reshape" and node.shape == (*node.args[0].shape, 1)


def _is_row(node: Node) -> bool:
    """Return whether a node is `row(a)`."""
    if node.op != "reshape" or not node.args[0].shape:
        return False
    *leading, last = node.args[0].shape
    return node.shape == (*leading, 1, last)


def _is_matrix_product(node: Node) -> bool:
    """Return whether a node is `vecmat(a, M)` or `matvec(M, b)`, of which these are made of sums."""
    if node.op != "reshape" or node.args[0].op != "sum" or node.args[0].args[0].op != "mul":
        return False
    total = node.args[0]
    a, b = total.args[0].args
    return _is_column(a) if total.attributes == (("axis", -2),) else not total.attributes and _is_row(b)
