"""Expressions as text and LaTeX: brackets where they are needed, and nowhere else."""

from __future__ import annotations

import pytest

from recurra.cells import all_cells
from recurra.graph.node import (
    Node,
    add,
    constant,
    div,
    leaf,
    matmul,
    max_features,
    mul,
    neg,
    pointwise,
    reshape,
    sub,
    sum_features,
    transpose,
    where,
)
from recurra.graph.printing import LATEX, TEXT, ExpressionWriter

A, B, C = (leaf("input", name, ("n",)) for name in "abc")
W = leaf("parameter", "W_xi", ("n", "n"))
S = leaf("parameter", "beta", ())
M, K, V, G = (
    leaf("state", name, shape) for name, shape in zip("Mkvg", (("m", "n"), ("m",), ("n",), (1,)), strict=True)
)


def column(a: Node) -> Node:
    return reshape(a, (*a.shape, 1))


def row(a: Node) -> Node:
    return reshape(a, (*a.shape[:-1], 1, a.shape[-1]))


def outer(a: Node, b: Node) -> Node:
    return mul(column(a), row(b))


def vecmat(a: Node, matrix: Node) -> Node:
    return reshape(sum_features(mul(column(a), matrix), -2), matrix.shape[1:])


def matvec(matrix: Node, b: Node) -> Node:
    return reshape(sum_features(mul(matrix, row(b))), matrix.shape[:1])


CASES: list[tuple[Node, str, str]] = [
    (sub(A, sub(B, C)), "a - (b - c)", "a - (b - c)"),
    (sub(sub(A, B), C), "a - b - c", "a - b - c"),
    (add(A, sub(B, C)), "a + b - c", "a + b - c"),
    (sub(A, add(B, C)), "a - (b + c)", "a - (b + c)"),
    (mul(A, add(B, C)), "a ⊙ (b + c)", r"a \odot (b + c)"),
    (mul(mul(A, B), C), "a ⊙ b ⊙ c", r"a \odot b \odot c"),
    (div(A, mul(B, C)), "a / (b ⊙ c)", r"\frac{a}{b \odot c}"),
    (div(div(A, B), C), "a / b / c", r"\frac{\frac{a}{b}}{c}"),
    (div(add(A, B), C), "(a + b) / c", r"\frac{a + b}{c}"),
    (neg(add(A, B)), "-(a + b)", "-(a + b)"),
    (neg(A), "-a", "-a"),
    (mul(neg(A), B), "(-a) ⊙ b", r"(-a) \odot b"),
    (matmul(add(A, B), W), "(a + b) W_xi", r"(a + b) \, W_{xi}"),
    (matmul(mul(A, B), W), "(a ⊙ b) W_xi", r"(a \odot b) \, W_{xi}"),
    (add(matmul(A, W), B), "a W_xi + b", r"a \, W_{xi} + b"),
    (matmul(A, transpose(W)), "a W_xiᵀ", r"a \, {W_{xi}}^\top"),
    (transpose(sub(W, transpose(W))), "(W_xi - W_xiᵀ)ᵀ", r"{(W_{xi} - {W_{xi}}^\top)}^\top"),
    (mul(A, A), "a²", "{a}^2"),
    (mul(add(A, B), add(A, B)), "(a + b)²", "{(a + b)}^2"),
    (mul(S, A), "beta · a", r"\beta \, a"),
    (mul(constant(0.5), A), "0.5 · a", r"0.5 \, a"),
    (add(constant(2.0), A), "2 + a", "2 + a"),
    (sub(A, constant(-2.0)), "a - (-2)", "a - (-2)"),
    (mul(A, constant(-2.0)), "a · (-2)", r"a \, (-2)"),
    (add(constant(-2.0), A), "-2 + a", "-2 + a"),
    (mul(constant(1e-5), A), "1e-05 · a", r"1 \cdot 10^{-5} \, a"),
    (mul(constant(1e30), A), "1e+30 · a", r"1 \cdot 10^{30} \, a"),
    (pointwise("maximum", A, constant(float("-inf"))), "max(a, -∞)", r"\max(a, -\infty)"),
    (add(A, constant(float("nan"))), "a + nan", "a + nan"),
    (pointwise("sigmoid", add(A, B)), "σ(a + b)", r"\sigma(a + b)"),
    (pointwise("tanh", A), "tanh(a)", r"\tanh(a)"),
    (pointwise("sqrt", sum_features(mul(A, A))), "sqrt(sum(a²))", r"\sqrt{\operatorname{sum}({a}^2)}"),
    (outer(K, V), "kᵀ v", r"{k}^\top v"),
    (outer(matmul(A, W), B), "(a W_xi)ᵀ b", r"{(a \, W_{xi})}^\top b"),
    (outer(K, matmul(A, W)), "kᵀ a W_xi", r"{k}^\top a \, W_{xi}"),
    (div(M, outer(K, V)), "M / (kᵀ v)", r"\frac{M}{{k}^\top v}"),
    (div(A, matmul(B, W)), "a / (b W_xi)", r"\frac{a}{b \, W_{xi}}"),
    (vecmat(K, M), "k M", r"k \, M"),
    (matvec(M, V), "v Mᵀ", r"v \, {M}^\top"),
    (matvec(outer(K, V), V), "v (kᵀ v)ᵀ", r"v \, {({k}^\top v)}^\top"),
    (mul(column(K), M), "col(k) ⊙ M", r"\operatorname{col}(k) \odot M"),
    (mul(row(V), M), "row(v) ⊙ M", r"\operatorname{row}(v) \odot M"),
    (mul(row(G), M), "g ⊙ M", r"g \odot M"),
    (sum_features(M), "sum[-1](M)", r"\operatorname{sum}_{-1}(M)"),
    (sum_features(M, -2), "sum[-2](M)", r"\operatorname{sum}_{-2}(M)"),
    (sum_features(reshape(M, ("m*n",))), "sum(M)", r"\operatorname{sum}(M)"),
    (max_features(M), "max[-1](M)", r"\operatorname{max}_{-1}(M)"),
    (pointwise("maximum", A, sub(B, C)), "max(a, b - c)", r"\max(a, b - c)"),
    (
        where(pointwise("less_equal", A, B), C, A),
        "where(a ≤ b, c, a)",
        r"\begin{cases} c & a \le b \\ a & \text{otherwise} \end{cases}",
    ),
]


@pytest.mark.parametrize(("node", "text", "latex"), CASES, ids=[text for _, text, _ in CASES])
def test_an_expression(node: Node, text: str, latex: str) -> None:
    assert ExpressionWriter(TEXT, {}).write(node) == text
    assert ExpressionWriter(LATEX, {}).write(node) == latex


@pytest.mark.parametrize(
    ("name", "time", "latex"),
    [
        ("h", "t-1", "h_{t-1}"), ("W_xi", "", "W_{xi}"), ("b_hn", "", "b_{hn}"), ("gate", "t", r"\mathrm{gate}_{t}"),
        ("alpha", "", r"\alpha"), ("W_gamma", "", r"W_{\gamma}"), ("h_old", "t", "h_{old,t}"), ("h'", "t", "h'_{t}"),
    ],
)  # fmt: skip
def test_a_name(name: str, time: str, latex: str) -> None:
    assert LATEX.symbol(name, time) == latex


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_latex_of_every_cell_is_balanced(cell) -> None:
    """Braces and environments open and close, and each line is aligned at one place."""
    for text in (cell.equations(latex=True), cell.backward_equations(latex=True)):
        depth = 0
        for character in text:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0
        assert depth == 0
        assert text.count(r"\begin{aligned}") == text.count(r"\end{aligned}") == 1
        lines = text.splitlines()[1:-1]
        assert all(line.count("&=") == 1 for line in lines)
        assert all(line.endswith(r"\\") for line in lines[:-1])
