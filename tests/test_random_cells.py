"""Random cells in the forms of a kernel against autograd, and what such cells have found: each was wrong once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from random_cells import BATCHES, Form, check_form, compiled_at_low_cost, made_from, random_cell, random_form

COUNT = 100


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with compiled_at_low_cost():
        yield


@settings(max_examples=COUNT, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_random_cell_in_a_random_form(seed: int) -> None:
    """One form for each cell here; `python tests/random_cells.py` runs more of both."""
    chance = random.Random(seed)
    check_form(random_cell(chance), random_form(chance))


FOUND = {
    "a next value from before the loop": """
@cell()
def Random(p, x, h, a):
    return tanh(h @ p.U + a @ p.R), tanh(x @ p.V)
""",
    "a product of two from before the loop": """
@cell()
def Random(p, x, h, a):
    return tanh(h @ p.U + a @ p.R), sigmoid(x @ p.V) * tanh(x @ p.Q)
""",
    "a cheap next value from before the loop": """
@cell()
def Random(p, x, h, a):
    return tanh(h @ p.U + a @ p.R), relu(x @ p.V)
""",
    "a comparison of what is known before the loop": """
@cell(sizes={"u": 1}, per_sequence=("u",))
def Random(p, x, h, *, u):
    v = softplus(u @ p.W1)
    return tanh(where(u @ p.W2 + v @ p.W3 <= u @ p.W4 + p.b, maximum(u @ p.W5, v + p.c), v - h * p.d))
""",
    "a comparison in the output alone": """
@cell()
def Random(p, x, h):
    v = log(softplus(h @ p.W1) + 0.5)
    return (tanh(h @ p.U + x @ p.W),), where(v < h * p.d + p.b, h @ p.W2, x @ p.W3)
""",
    "a sum in and after the loop": """
@cell()
def Random(p, x, h):
    return tanh(h * p.s * tanh(sum(x)))
""",
    "an output that is the state before": """
@cell()
def Random(p, x, h):
    return (tanh(h @ p.U + x @ p.W),), h
""",
    "an output that is the input": """
@cell(sizes={"a": "input_size"})
def Random(p, x, h, a):
    return (tanh(h @ p.U + x @ p.W), x), x
""",
    "an adjoint that is passed on": """
@cell()
def Random(p, x, h, a):
    v = relu(x @ p.W1)
    return (tanh(v @ p.W2), sigmoid(x @ p.W3) * tanh(x @ p.W4)), (a @ p.W5 + v * p.d) * tanh(a + h @ p.W6)
""",
    "parameters of a choice between equals": """
@cell()
def Random(p, x, h, a):
    return tanh(where(h @ p.W1 < x @ p.W2 + p.b, a, a) + x @ p.W3), tanh(h @ p.U + a @ p.W4)
""",
}


@pytest.mark.parametrize("kind", ["inference", "training", "stream", "layer"])
@pytest.mark.parametrize("what", FOUND)
def test_what_random_cells_have_found(what: str, kind: str) -> None:
    source = FOUND[what].lstrip("\n")
    drawn = made_from(source.replace("@cell()", "@cell(scalars=('s',))") if "p.s " in source else source)
    for batch_sizes in BATCHES:
        if kind in ("training", "inference") or batch_sizes[0] == batch_sizes[-1]:
            check_form(drawn, Form(kind, batch_sizes, (3, 5, 2)))
