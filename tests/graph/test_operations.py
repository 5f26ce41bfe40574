"""The table of operations: values at awkward points, and every derivative against central differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from recurra.backends.evaluator import Evaluator
from recurra.derive.backward import pull_back
from recurra.graph.functions import cumsum, heaviside, max, min, softmax, stop_gradient
from recurra.graph.node import (
    COMPARISONS,
    Node,
    accumulated,
    batch_mean,
    leaf,
    make,
    pointwise,
    sum_features,
    topological,
    transpose,
)
from recurra.graph.ops import OPS, numpy_spelling, torch_spelling
from recurra.graph.verify import verify

INF, NAN = float("inf"), float("nan")
AWKWARD = [0.0, -0.0, 1.0, -1.0, 0.5, -21.0, 21.0, -100.0, 100.0, -800.0, 800.0, 1e-30, -1e-30, INF, -INF, NAN]
OTHERS = (
    "matmul", "sum", "max", "min", "cumsum", "reverse_cumsum", "batch_mean", "transpose", "broadcast", "sum_rows",
    "outer", "reshape",
)  # fmt: skip
ELEMENTWISE = [name for name in OPS if name not in OTHERS]
SMOOTH = [name for name in ELEMENTWISE if name not in (*COMPARISONS, "stop_gradient", "surrogate")]


def arguments(name: str) -> list[Node]:
    """Return a row-wise leaf for each argument; the first of `where` is a comparison."""
    leaves = [leaf("input", f"a{k}", ("n",)) for k in range(OPS[name].arity)]
    return [pointwise("less", leaves[1], leaves[2]), *leaves[1:]] if name == "where" else leaves


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numpy_and_torch_agree_at_awkward_points(name: str, dtype: str) -> None:
    """Zeros, infinities, NaN, large and tiny numbers: both libraries' spellings give the same, NaN for NaN."""
    columns = np.array(list(itertools.product(AWKWARD, repeat=OPS[name].arity)), dtype).T
    first = columns[0] > 0 if name == "where" else columns[0]
    with np.errstate(all="ignore"):
        expected = numpy_spelling()[name](first, *columns[1:])
    found = torch_spelling()[name](torch.tensor(first), *map(torch.tensor, columns[1:])).numpy()
    assert found.dtype == expected.dtype == (np.dtype(bool) if name in COMPARISONS else np.dtype(dtype))
    tolerance = {"float32": 1e-6, "float64": 1e-13}[dtype]
    tiny = {"float32": 1e-37, "float64": 1e-300}[dtype]  # below the normal numbers libraries differ
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tiny)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("sigmoid", -800.0, 0.0), ("sigmoid", 800.0, 1.0), ("sigmoid", -INF, 0.0), ("sigmoid", INF, 1.0),
        ("sigmoid", -20.0, 2.0611536181902037e-09), ("tanh", INF, 1.0), ("tanh", -800.0, -1.0), ("relu", -INF, 0.0),
        ("softplus", 800.0, 800.0), ("softplus", -800.0, 0.0), ("softplus", INF, INF), ("log", 0.0, -INF),
        ("erf", 3.0, 0.9999779095030014), ("erf", -INF, -1.0), ("sign", NAN, NAN), ("sign", -3.0, -1.0),
        ("sign", 0.0, 0.0), ("floor", -0.5, -1.0), ("floor", INF, INF), ("abs", -INF, INF), ("sin", INF, NAN),
        ("cos", 1e22, 0.5232147853951389), ("sqrt", -1.0, NAN),
        ("exp", 800.0, INF), ("sigmoid", NAN, NAN), ("relu", NAN, NAN), ("softplus", NAN, NAN),
    ],
)  # fmt: skip
def test_values_without_overflow(name: str, x: float, y: float) -> None:
    """In the tails a sigmoid keeps its digits and nothing turns into NaN that should not."""
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(numpy_spelling()[name](np.array([x]))[0], y, rtol=1e-12)


def evaluate(root: Node, values: dict[Node, np.ndarray]) -> np.ndarray:
    evaluator = Evaluator(numpy_spelling(), {"n": 5}, number=np.float64, known={})
    rows = dict(values)
    for node in topological([root]):
        if node not in rows and node.rows:
            rows[node] = evaluator.compute(node, [rows[a] if a.rows else evaluator.once(a) for a in node.args])
    return rows[root]


@pytest.mark.parametrize("name", SMOOTH)
def test_derivatives_against_differences(name: str) -> None:
    """The adjoint of each argument, evaluated as a graph, against (f(x + e) - f(x - e)) / 2e."""
    args = arguments(name)
    node = pointwise(name, *args)
    seed = leaf("gradient", "g", ("n",))
    adjoints = pull_back([(node, seed)])
    verify(adjoints.values())
    generator = np.random.default_rng(0)
    leaves = [n for n in topological([node]) if not n.args]
    values = {n: generator.uniform(0.3, 2.0, (4, 5)) for n in leaves}  # where log, sqrt and div are smooth
    weight = generator.standard_normal((4, 5))
    step = 1e-6
    for argument in leaves:
        ahead, behind = (evaluate(node, {**values, argument: values[argument] + sign * step}) for sign in (1, -1))
        expected = weight * (ahead - behind) / (2 * step)
        found = evaluate(adjoints[argument], {**values, seed: weight}) if argument in adjoints else np.zeros((4, 5))
        np.testing.assert_allclose(np.broadcast_to(found, (4, 5)), expected, atol=1e-8)


def test_the_mean_over_a_batch_is_its_own_adjoint() -> None:
    """<g, mean(a)> = <mean(g), a>; and what is the same in every row is its own mean."""
    a, g = leaf("input", "a", ("n",)), leaf("gradient", "g", ("n",))
    values = dict(zip((a, g), np.random.default_rng(0).standard_normal((2, 4, 5)), strict=True))
    mean = batch_mean(a)
    found = evaluate(pull_back([(mean, g)])[a], values)
    np.testing.assert_allclose(evaluate(mean, values), np.tile(values[a].mean(0), (4, 1)))
    np.testing.assert_allclose((values[g] * evaluate(mean, values)).sum(), (found * values[a]).sum())
    assert batch_mean(leaf("parameter", "b", ("n",))).op == "parameter"


def test_equal_arguments_of_maximum_share_the_adjoint() -> None:
    """Half each, as in torch; at zero the derivative of relu is zero."""
    a, b, g = leaf("input", "a", ("n",)), leaf("input", "b", ("n",)), leaf("gradient", "g", ("n",))
    same = {a: np.ones((1, 5)), b: np.ones((1, 5)), g: np.full((1, 5), 3.0)}
    for name in ("maximum", "minimum"):
        adjoints = pull_back([(pointwise(name, a, b), g)])
        np.testing.assert_allclose(evaluate(adjoints[a], same), 1.5)
        np.testing.assert_allclose(evaluate(adjoints[b], same), 1.5)
    relu = pull_back([(pointwise("relu", a), g)])
    np.testing.assert_allclose(evaluate(relu[a], {**same, a: np.zeros((1, 5))}), 0.0)


@pytest.mark.parametrize("row", OPS.values(), ids=lambda row: row.name)
def test_every_row_has_a_contract_and_a_spelling(row) -> None:
    assert row.contract
    assert row.arity >= 1
    if row.name not in ("broadcast", "reshape"):  # these need the sizes
        assert row.name in numpy_spelling()
        assert row.name in torch_spelling()
    assert "." not in row.contract


def test_a_sum_over_features_spreads_its_adjoint() -> None:
    a, g = leaf("input", "a", ("n",)), leaf("gradient", "g", (1,))
    adjoint = pull_back([(sum_features(a), g)])[a]
    found = evaluate(adjoint, {a: np.ones((2, 5)), g: np.array([[2.0], [3.0]])})
    np.testing.assert_allclose(np.broadcast_to(found, (2, 5)), [[2.0] * 5, [3.0] * 5])


@pytest.mark.parametrize(("name", "function"), [("max", max), ("min", min)])
def test_the_largest_and_the_smallest_feature(name: str, function: Callable[[Any], Any]) -> None:
    """NaN is handed on; equal ones share the adjoint evenly, as in torch's amax and amin."""
    rows = np.array([[1.0, 3.0, 2.0], [NAN, 3.0, 2.0], [-INF, -INF, -INF]])
    expected = [[3.0 if name == "max" else 1.0], [NAN], [-INF]]
    np.testing.assert_array_equal(function(rows), expected)
    np.testing.assert_array_equal(function(torch.tensor(rows)), expected)
    a, g = leaf("input", "a", ("n",)), leaf("gradient", "g", (1,))
    values = {a: np.array([[1.0, 3, 3, -2, -2], [5, 4, 3, 2, 1]]), g: np.array([[2.0], [3.0]])}
    found = evaluate(pull_back([(make(name, (a,), shape=(1,), rows=True), g)])[a], values)
    given = torch.tensor(values[a], requires_grad=True)
    (by_torch,) = torch.autograd.grad(function(given), given, torch.tensor(values[g]))
    np.testing.assert_array_equal(found, by_torch.numpy())
    half = [[0, 1, 1, 0, 0], [3, 0, 0, 0, 0]] if name == "max" else [[0, 0, 0, 1, 1], [0, 0, 0, 0, 3]]
    np.testing.assert_array_equal(found, half)


@pytest.mark.parametrize("reverse", [False, True])
def test_sums_up_to_each_feature(reverse: bool) -> None:
    a, g = leaf("input", "a", ("n",)), leaf("gradient", "g", ("n",))
    values = dict(zip((a, g), np.random.default_rng(0).standard_normal((2, 4, 5)), strict=True))
    node = accumulated(a, reverse=reverse)
    expected = values[a][:, ::-1].cumsum(1)[:, ::-1] if reverse else values[a].cumsum(1)
    np.testing.assert_allclose(evaluate(node, values), expected)
    given = torch.tensor(values[a], requires_grad=True)
    found = cumsum(given, reverse=reverse)
    np.testing.assert_allclose(found.detach().numpy(), expected)
    (by_torch,) = torch.autograd.grad(found, given, torch.tensor(values[g]))
    np.testing.assert_allclose(evaluate(pull_back([(node, g)])[a], values), by_torch.numpy())


def test_no_gradient_goes_through_where_it_is_stopped() -> None:
    a, g = leaf("input", "a", ("n",)), leaf("gradient", "g", ("n",))
    stopped = pointwise("stop_gradient", a)
    assert a not in pull_back([(stopped, g)])
    assert pull_back([(pointwise("mul", stopped, a), g)])[a] is pointwise("mul", g, stopped)
    assert not stop_gradient(torch.ones(3, requires_grad=True)).requires_grad
    np.testing.assert_array_equal(stop_gradient(np.ones(3)), np.ones(3))


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")  # torch's own, in jvp
def test_a_chosen_derivative_takes_the_place_of_its_own() -> None:
    """In the derived graph, by torch's autograd, forward-mode and `vmap`, and twice."""
    a, b, g = leaf("input", "a", ("n",)), leaf("input", "b", ("n",)), leaf("gradient", "g", ("n",))
    adjoints = pull_back([(pointwise("surrogate", a, b), g)])
    assert a not in adjoints
    assert adjoints[b] is g

    def step(v: torch.Tensor) -> torch.Tensor:
        return heaviside(v, derivative=lambda v: torch.exp(-v * v))

    v = torch.tensor([-1.5, 0.0, 0.5, INF], dtype=torch.float64)
    slope = torch.exp(-v * v)
    np.testing.assert_array_equal(step(v).numpy(), [0, 0, 1, 1])
    np.testing.assert_allclose(torch.func.vmap(torch.func.grad(step))(v[:3]).numpy(), slope[:3].numpy())
    np.testing.assert_allclose(torch.func.jvp(step, (v[:3],), (torch.ones(3).double(),))[1].numpy(), slope[:3].numpy())
    np.testing.assert_array_equal(heaviside(v[:3].numpy(), derivative=np.cos), [0, 0, 1])
    assert step(v.float()).dtype == torch.float32


@pytest.mark.parametrize(
    ("base", "exponent"), [(0.0, 2.0), (0.0, 0.0), (-2.0, 3.0), (1.5, 0.0), (0.0, 1.5), (3.0, -0.5)]
)
def test_the_derivatives_of_a_power_at_its_edges_are_those_of_torch(base: float, exponent: float) -> None:
    a, b, g = leaf("input", "a", ("n",)), leaf("input", "b", ("n",)), leaf("gradient", "g", ("n",))
    values = {a: np.full((1, 5), base), b: np.full((1, 5), exponent), g: np.ones((1, 5))}
    adjoints = pull_back([(pointwise("pow", a, b), g)])
    given = [torch.tensor(values[n], requires_grad=True) for n in (a, b)]
    expected = torch.autograd.grad((given[0] ** given[1]).sum(), given)
    with np.errstate(all="ignore"):
        for node, gradient in zip((a, b), expected, strict=True):
            np.testing.assert_allclose(evaluate(adjoints[node], values), gradient.numpy(), rtol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e4, 1e37])
def test_a_softmax_never_overflows(scale: float) -> None:
    rows = torch.tensor([[3.0, -2.0, 1.0], [-3.0, -3.0, -3.0]]) * scale
    expected = torch.softmax(rows, -1)
    for given in (rows.clone().requires_grad_(), rows.numpy()):
        found = torch.as_tensor(softmax(given))
        torch.testing.assert_close(found.detach(), expected)
    found = softmax(leafed := rows.clone().requires_grad_())
    weight = torch.tensor([1.0, -2.0, 0.5])
    (gradient,) = torch.autograd.grad((found * weight).sum(), leafed)
    torch.testing.assert_close(gradient, expected * (weight - (expected * weight).sum(-1, keepdim=True)))


def test_a_transpose_transposes_its_adjoint() -> None:
    w, g = leaf("parameter", "W", ("m", "n")), leaf("gradient", "g", ("n", "m"))
    assert pull_back([(transpose(w), g)])[w] is transpose(g)
