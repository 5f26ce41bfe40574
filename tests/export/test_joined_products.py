"""Products that are joined give the bits of those that are not, in fewer calls."""

from __future__ import annotations

import pytest
from export_cases import layer_of, uncompiled

from recurra.cells import all_cells
from recurra.export.joined_products import with_joined_products
from recurra.export.lowering import lowered
from recurra.export.program import MatrixProduct, ModelCode
from recurra.nn import GRU


def shapes(code: ModelCode) -> list[list[tuple[int, int, int]]]:
    """Return rows, columns and where these begin, of each term of each product."""
    return [
        [(term.rows, term.width, term.offset) for term in each.terms]
        for step in code.steps for each in step.statements if isinstance(each, MatrixProduct)
    ]  # fmt: skip


@pytest.mark.parametrize("weights", ["float32", "int8"])
def test_a_gru_has_one_product_of_each_vector(weights: str) -> None:
    code = lowered(uncompiled(GRU(3, 16)).exported(weights=weights))
    assert shapes(code) == [[(3, 32, 0), (16, 32, 0)], [(3, 16, 0)], [(16, 16, 0)]]
    joined = with_joined_products(code)
    assert shapes(joined) == [[(3, 48, 0), (16, 48, 16)]]
    # of arrays those are left that are read, each once
    (step,) = joined.steps
    assert len({array.name for array in step.constants}) == len(step.constants)
    assert sum(array.size for array in step.scratch) == sum(array.size for array in code.steps[0].scratch)


def test_what_is_one_product_already_stays() -> None:
    code = lowered(layer_of(all_cells["LSTM"]).exported())
    assert with_joined_products(code).steps[0].statements == code.steps[0].statements
