"""Products that read the same vectors one behind the other become one, whose columns lie side by side.

A GRU has three: the gates', of the input and the state, the candidate's of the input, and the candidate's of the state.
Side by side, with the gates in the middle, the input meets all but the last columns, and the state all but the first.
So there are two products of many columns, where there were four of few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from recurra.export.program import (
    CodeArray,
    Copy,
    Fill,
    Instruction,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ModelCode,
    ProductTerm,
    Statement,
    StepCode,
    Store,
    TableRow,
)

__all__ = ["with_joined_products"]


def with_joined_products(code: ModelCode) -> ModelCode:
    """Return a model whose products are joined where they can be; each sum has its terms in the same order."""
    layers = tuple(replace(layer, steps=tuple(map(_joined, layer.steps))) for layer in code.layers)
    return replace(code, layers=layers, readers={k: with_joined_products(each) for k, each in code.readers.items()})


def _joined(step: StepCode) -> StepCode:
    """Return a step with each group of products joined."""
    moved: dict[CodeArray, Location] = {}
    statements: list[Statement] = []
    for group in _groups(step.statements):
        if not isinstance(group, list):
            statements.append(group)
            continue
        one = _one(step.name, group, moved) if len(group) > 1 else None
        statements += [one] if one else group
    statements = [_relocated(each, moved) for each in statements]
    before, after = _constants(step.statements), _constants(statements)
    return replace(
        step,
        statements=tuple(statements),
        scratch=(*(a for a in step.scratch if a not in moved), *dict.fromkeys(place.array for place in moved.values())),
        constants=(*(array for array in step.constants if array not in before), *after),
    )


def _constants(statements: Sequence[Statement]) -> list[CodeArray]:
    """Return the constants of products."""
    found: dict[CodeArray, None] = {}
    for each in statements:
        if isinstance(each, MatrixProduct):
            arrays = [each.start, *(array for term in each.terms for array in (term.weights, term.scales))]
            found |= dict.fromkeys(array for array in arrays if array is not None)
    return list(found)


def _groups(statements: Sequence[Statement]) -> Iterator[Statement | list[MatrixProduct]]:
    """Yield statements one by one, and together products that follow each other and read nothing of each other."""
    group: list[MatrixProduct] = []
    for each in statements:
        product = each if isinstance(each, MatrixProduct) and _has_own_target(each) else None
        made = {other.target.array for other in group}
        if group and (product is None or any(term.operand.array in made for term in product.terms)):
            yield group
            group = []
        if product is None:
            yield each
        else:
            group.append(product)
    if group:
        yield group


def _has_own_target(product: MatrixProduct) -> bool:
    return product.target.array.kind == "scratch" and product.width == product.target.array.size


def _one(step: str, products: Sequence[MatrixProduct], moved: dict[CodeArray, Location]) -> MatrixProduct | None:
    """Return one product instead of several, and say where their results are moved; None if they share no operand."""
    columns: Counter[Location] = Counter()
    for product in products:
        for term in product.terms:
            columns[term.operand] += product.width
    operands = list(columns)
    orders = [[operands.index(term.operand) for term in product.terms] for product in products]
    is_shared = len(operands) < sum(map(len, orders))
    if not is_shared or any(order != sorted(set(order)) for order in orders):
        return None

    def place(product: MatrixProduct) -> int:
        """Those that read the first of two operands alone, then both, then the second alone, then others."""
        first, second = (any(term.operand == most for term in product.terms) for most, _ in common)
        return 1 - first + second if first or second else 3

    common = columns.most_common(2) if len(columns) > 1 else [*columns.items()] * 2
    ordered = sorted(products, key=place)
    array = CodeArray(ordered[0].target.array.name, sum(each.width for each in ordered), "scratch")
    offsets = np.cumsum([0, *(each.width for each in ordered)]).tolist()
    moved |= {each.target.array: Location(array, at) for each, at in zip(ordered, offsets, strict=False)}
    start = None
    if any(each.start for each in ordered):
        parts = [np.zeros(each.width, np.float32) if each.start is None else each.start.values for each in ordered]
        start = _constant(f"{step}_{array.name}_begin", parts)
    terms = []
    for operand in operands:
        run: list[ProductTerm] = []
        for product, at in zip([*ordered, None], offsets, strict=True):
            term = next((each for each in product.terms if each.operand == operand), None) if product else None
            if run and (term is None or bool(term.scales) != bool(run[0].scales)):
                terms.append(_side_by_side(run))
                run = []
            if term is not None:
                run.append(replace(term, offset=at))
    return MatrixProduct(Location(array), array.size, start, tuple(terms))


def _side_by_side(terms: Sequence[ProductTerm]) -> ProductTerm:
    """Return one term of several whose columns follow each other."""
    first = terms[0]
    matrices = [term.weights.values.reshape(term.rows, -1) for term in terms if term.weights.values is not None]
    weights = _constant(first.weights.name, [np.concatenate(matrices, axis=1).ravel()])
    scales = (
        _constant(first.scales.name, [term.scales.values for term in terms if term.scales]) if first.scales else None
    )
    return replace(first, weights=weights, scales=scales)


def _constant(name: str, parts: Sequence[np.ndarray[Any, Any] | None]) -> CodeArray:
    values = np.concatenate([part for part in parts if part is not None])
    return CodeArray(name, values.size, "constant", values)


def _relocated(statement: Statement, moved: Mapping[CodeArray, Location]) -> Statement:
    """Return a statement that reads and writes where arrays are now."""

    def at(location: Location) -> Location:
        place = moved.get(location.array)
        return Location(place.array, place.offset + location.offset) if place else location

    def instruction(each: Instruction) -> Instruction:
        if isinstance(each, Load):
            return replace(each, source=at(each.source))
        return replace(each, target=at(each.target)) if isinstance(each, Store) else each

    match statement:
        case Loop():
            return replace(statement, instructions=tuple(map(instruction, statement.instructions)))
        case Copy():
            return replace(statement, target=at(statement.target), source=at(statement.source))
        case Fill() | TableRow():
            return replace(statement, target=at(statement.target))
        case MatrixProduct():
            terms = tuple(replace(term, operand=at(term.operand)) for term in statement.terms)
            return replace(statement, target=at(statement.target), terms=terms)
