"""Quantisation: the matrices of a layer in bfloat16 or int8, each where its direction's parameters stand.

The numbers that are kept define the model: every backend computes with them, widened to float32, and compiled kernels
widen them in registers. An int8 matrix is symmetric and has one scale for each of its outputs (Jacob et al., 2018,
"Quantization and training of neural networks for efficient integer-arithmetic-only inference", CVPR, with zero points
of 0): a number is that of -127 to 127 which is nearest to it over the scale, and 127 times the scale is the largest.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from recurra.backends.parameters import Parameters, Part
from recurra.derive.plan import EVALUATION, ForwardPlan
from recurra.errors import InputError
from recurra.graph.node import Node, leaf, topological
from recurra.graph.step import map_step
from recurra.nn.checks import check_named, shape_or_kind
from recurra.nn.stack import Direction, DirectionLayout, known_parameters
from recurra.spec import Cell

__all__ = ["KINDS", "QuantisedDirection", "check_stored", "evaluated", "quantised_direction", "unlike_stored"]

KINDS = {"bfloat16": torch.bfloat16, "int8": torch.int8}
"""What weights may be kept in."""

_LARGEST = 127
"""The largest number of int8 that has a negative one."""


@dataclass(frozen=True)
class QuantisedDirection:
    """One direction of one layer.

    Attributes
    ----------
    layout : DirectionLayout
    values : mapping from the names of the layout to tensors
    is_uniform : bool
        Whether all matrices of products are quantised: kernels read weights of one storage.
    """

    layout: DirectionLayout
    values: Mapping[str, Tensor]
    is_uniform: bool


@functools.lru_cache(maxsize=64)
def evaluated(cell: Cell) -> Cell:
    """Return the cell as evaluation runs it, in which what is made of parameters alone is a parameter.

    So a matrix that is made of others, such as a normalised one, is quantised as it is multiplied by. A cell with
    running statistics, which are inputs in evaluation, stays as it is.
    """
    forward = cell.plans(EVALUATION).forward
    if cell.statistics or not forward.prelude.leaves:
        return cell
    new = {node: leaf("parameter", _named(node), node.shape) for node in forward.prelude.leaves}
    step = map_step(forward.step, new.get)
    parameters = tuple(new.get(each, each) for each in forward.step.parameters)
    read = set(topological(step.roots))
    step = replace(step, parameters=tuple(each for each in parameters if each in read))
    return cell._rewritten(step)


def _named(parameter: Node) -> str:
    """Return the name of a parameter of a plan as a layer may have it."""
    return parameter.name.replace(" ", "_")


def quantised_direction(cell: Cell, direction: Direction, layout: DirectionLayout, kind: str) -> QuantisedDirection:
    """Return a direction with its matrices quantised.

    Parameters
    ----------
    cell : Cell
        That of the layer.
    direction : Direction
        With float32 parameters on the CPU.
    layout : DirectionLayout
        Of the layer.
    kind : one of `KINDS`

    Raises
    ------
    InputError
        If the kind is another, the parameters are, or a weight is not finite.
    """
    check_named("weights", kind, known=list(KINDS))
    running, plans = evaluated(cell), cell.plans(EVALUATION)
    parameters, names = direction.parameters, layout.names
    _check_given(parameters.tensors, names)
    if running is not cell:  # what is made of parameters is one from here on, and what it is made of is none
        pairs = zip(plans.forward.step.parameters, known_parameters(cell, plans, direction), strict=True)
        known = {_named(each): value for each, value in pairs}
        names = tuple(f"{each.name}{layout.suffix}" for each in running.step.parameters)
        parameters = Parameters.of([known[each.name] for each in running.step.parameters])
    matrices = _matrices(running.plans(EVALUATION).forward)
    is_stored = [each in matrices for each in running.step.parameters]
    values, parts = _quantised(parameters, is_stored, names, layout.suffix, kind)
    shapes = tuple(tuple(value.shape) for value in values.values())
    new = DirectionLayout(layout.sizes, tuple(values), shapes, parts, layout.suffix)
    stored = {leaf for leaf, part in zip(running.step.parameters, parts, strict=True) if part.storage}
    return QuantisedDirection(new, values, stored.issuperset(_weights(running.plans(EVALUATION).forward)))


def _weights(plan: ForwardPlan) -> set[Node]:
    """Return what the products of a plan multiply by."""
    products = (p for part in (plan.before, plan.loop, plan.after) for stage in part.stages for p in stage.products)
    return {weight for product in products for line in product.weights for weight in line}


def _matrices(plan: ForwardPlan) -> set[Node]:
    """Return the parameters that products multiply by, and nothing else reads."""
    inner = [node for node in topological(plan.step.roots) if node.args]
    others = {a for node in inner for k, a in enumerate(node.args) if node.op != "matmul" or k == 0}
    return (_weights(plan) & set(plan.step.parameters)) - others


def _quantised(
    parameters: Parameters, is_stored: Sequence[bool], names: Sequence[str], suffix: str, kind: str
) -> tuple[dict[str, Tensor], tuple[Part, ...]]:
    """Return the tensors by name, and where in them the parameters stand."""
    parts = [[part for part in parameters.parts if number in part.tensors] for number, _ in enumerate(names)]
    stored = {part for part, wanted in zip(parameters.parts, is_stored, strict=True) if wanted}
    values: dict[str, Tensor] = {}
    place, scale_of = {}, {}
    for number, (name, tensor) in enumerate(zip(names, parameters.tensors, strict=True)):
        place[number] = len(values)
        # all of a tensor is quantised, or nothing: a layer of torch.nn keeps the matrices of all gates in one
        if not stored.issuperset(parts[number]) or not parts[number]:
            values[name] = tensor.detach().clone(memory_format=torch.contiguous_format)
            continue
        rows = tensor.detach() if parts[number][0].is_transposed else tensor.detach().T
        # another name than the layer's: neither loads the other's matrices, which lie the other way round
        values[f"{name.removesuffix(suffix)}_{kind}{suffix}"], scales = _stored(rows.contiguous(), name, kind)
        if scales is not None:
            scale_of[number] = len(values)
            values[f"{name.removesuffix(suffix)}_scale{suffix}"] = scales

    def moved(part: Part) -> Part:
        tensors, first = tuple(place[number] for number in part.tensors), part.tensors[0]
        is_stored = part in stored and stored.issuperset(parts[first])
        if not is_stored:
            return replace(part, tensors=tensors)
        return replace(part, tensors=tensors, is_transposed=True, storage=kind, scale=scale_of.get(first))

    return values, tuple(map(moved, parameters.parts))


def _stored(matrix: Tensor, name: str, kind: str) -> tuple[Tensor, Tensor | None]:
    """Return a matrix (outputs, inputs) in fewer bits, and the scale of each output for int8."""
    if kind == "bfloat16":
        found = matrix.bfloat16()
        if not found.isfinite().all():
            raise InputError(f"{name}: its largest number, {matrix.abs().max():g}, is beyond those of bfloat16")
        return found, None
    scales = matrix.abs().amax(1) / _LARGEST
    scales = torch.where(scales == 0, 1.0, scales)  # rows of zeros, and of numbers so small that they are none here
    return (matrix / scales[:, None]).round().clamp(-_LARGEST, _LARGEST).to(torch.int8), scales


def _check_given(tensors: Sequence[Tensor], names: Sequence[str]) -> None:
    """Refuse parameters that are not finite, in another dtype or on another device."""
    for name, tensor in zip(names, tensors, strict=True):
        if tensor.dtype != torch.float32 or not tensor.is_cpu:
            raise InputError(
                f"{name}: got {tensor.dtype} on {tensor.device}; weights of float32 on the CPU are quantised, and "
                "quantised layers run there: convert the layer with .to('cpu', torch.float32)"
            )
        wrong = tensor.numel() - int(tensor.isfinite().sum())
        if wrong:
            raise InputError(
                f"{name}: {wrong} of {tensor.numel()} numbers are NaN or infinite: no other is near to them"
            )


def unlike_stored(layout: DirectionLayout, given: Collection[str]) -> tuple[str, str] | None:
    """Return a matrix of a quantised direction that is not among given names, and its name in another storage."""
    for part in layout.parts:
        if part.storage and (name := layout.names[part.tensors[0]]) not in given:
            own = name.removesuffix(f"_{part.storage}{layout.suffix}")
            for kind in ("", *(f"_{kind}" for kind in KINDS)):
                if (other := f"{own}{kind}{layout.suffix}") in given:
                    return name, other
    return None


def check_stored(tensors: Sequence[Tensor], layout: DirectionLayout) -> None:
    """Raise `InputError` unless the tensors of a quantised direction have their shapes and dtypes."""
    storage = {number: KINDS[part.storage] for part in layout.parts if part.storage for number in part.tensors}
    for number, (name, shape, tensor) in enumerate(zip(layout.names, layout.shapes, tensors, strict=True)):
        expected = storage.get(number, torch.float32)
        if not isinstance(tensor, Tensor) or tensor.shape != shape or tensor.dtype != expected or not tensor.is_cpu:
            got = f"{tensor.dtype} {shape_or_kind(tensor)} on {tensor.device}" if isinstance(tensor, Tensor) else tensor
            raise InputError(f"{name}: got {got}, expected {expected} {shape} on the CPU")
