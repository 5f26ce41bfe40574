"""What `recurra.export` is given of modules: their plans of evaluation, and their parameters as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from recurra.backends.parameters import Parameters
from recurra.derive.plan import Plans, Variant
from recurra.errors import ExportError
from recurra.export.description import Array, ExportedDirection, ExportedLayer, ExportedModel, TrainedDirection
from recurra.graph.node import Node, width_of
from recurra.graph.step import RESTART
from recurra.nn.dropout import LockedDropout
from recurra.nn.exported_parts import PARTS, array
from recurra.nn.stack import Direction, Stacked, known_parameters
from recurra.nn.statistics import SEEN, RunningStatistics
from recurra.nn.stream_parts import HEADS, NOTHING, compute_weights, parameters_of
from recurra.spec import Cell

__all__ = ["RESTART_INPUT", "exported", "exported_layers"]

RESTART_INPUT = RESTART.name
"""The input of recurrent layers with restarts: (1,), above 0 where the state begins anew after the step."""


_TORCHS = (nn.LSTM, nn.GRU, nn.RNN)


@torch.no_grad()
def exported(module: nn.Module) -> ExportedModel:
    """Return what is exported of a layer, or of modules one behind the other, as they run in evaluation.

    Raises
    ------
    ExportError
        If a module is neither a recurrent layer nor a head that runs step by step.
    """
    batch_first = any(isinstance(part, Stacked) and part.batch_first for part in module.modules())
    return ExportedModel(exported_layers([module]), module, batch_first)


@torch.no_grad()
def exported_layers(
    modules: Iterable[nn.Module | ExportedLayer], *, restarts: bool = False
) -> tuple[ExportedLayer, ...]:
    """Return the layers of modules one behind the other, as they run in evaluation; what is a layer already stays.

    With `restarts`, recurrent layers have a further input, `RESTART_INPUT`.

    Raises
    ------
    ExportError
        If no format has a module.
    """
    layers: list[ExportedLayer] = []
    given = list(modules)
    for module in given:
        for child in _modules(module):
            if isinstance(child, ExportedLayer):
                layers.append(child)
                continue
            compute_weights(child)
            layers += _layers(child, len(layers), layers[-1].output_size if layers else None, restarts)
    if not layers:
        raise ExportError(f"{given}: there is nothing in it that could be exported")
    return tuple(layers)


def _modules(module: nn.Module | ExportedLayer) -> Iterator[nn.Module | ExportedLayer]:
    if isinstance(module, nn.Sequential):
        for child in module:
            yield from _modules(child)
    elif not isinstance(module, (*NOTHING, LockedDropout)):
        yield module


def _layers(module: nn.Module, first: int, width: int | None, restarts: bool) -> Iterator[ExportedLayer]:
    """Yield the layers of a module, of which the first has this number in its model."""
    if isinstance(module, Stacked):
        stack = module.stack()
        for number, directions in enumerate(stack.layers, first):
            found = [_direction(stack.cell, each, number, restarts=restarts) for each in directions]
            if stack.dropout and len(stack.layers) > 1:
                found = [replace(each, trained="dropout between layers draws random numbers") for each in found]
            yield ExportedLayer(tuple(found), first)
        return
    if type(module) in PARTS:
        for number, each in enumerate(PARTS[type(module)](module, first, width), first):
            found = [each] if isinstance(each, ExportedLayer) else [*_layers(each, number, width, restarts)]
            yield from found
            width = found[-1].output_size
        return
    cell = HEADS[type(module)](module) if type(module) in HEADS else None
    if cell is None:
        known = dict.fromkeys(kind.__name__ for kind in (*HEADS, *PARTS, *NOTHING))
        own = (
            f"recurra.nn.{type(module).__name__} takes its weights, and is exported; "
            if isinstance(module, _TORCHS)
            else ""
        )
        raise ExportError(
            f"{module}: no format has it; {own}exported are recurra's recurrent layers, and before or behind them "
            f"{[*known]} with their usual options"
        )
    if width is None:
        raise ExportError(
            f"{module}: nothing stands before it; expected a recurrent layer of recurra.nn, or an Embedding"
        )
    sizes = {"input_size": width}
    if isinstance(module, nn.Linear):
        sizes["hidden_size"] = module.out_features
    head = Direction(sizes, parameters_of(module), False)
    yield ExportedLayer((_direction(cell, head, first, kind="head"),), None)


def _direction(
    cell: Cell, direction: Direction, number: int, *, kind: str = "l", restarts: bool = False
) -> ExportedDirection:
    plans = cell.plans(Variant(training=False, restarts=restarts))
    step, known = plans.forward.step, known_parameters(cell, plans, direction)
    arrays, scales = {}, {}
    for place, leaf in enumerate(step.parameters):
        stored = _int8(known, place)
        if stored is not None:
            arrays[leaf], scales[leaf] = stored
        else:
            arrays[leaf] = array(known[place])
    statistics = direction.statistics
    rows = _tables(statistics) if statistics else []
    if restarts:  # what states begin with is an input then, unless it is one number
        rows = [*(begin.flatten()[None] for begin in direction.initial if isinstance(begin, Tensor)), *rows]
    tables = zip(step.inputs[len(step.inputs) - len(rows) :], map(array, rows), strict=True)
    name = f"{kind}{number}{'_reverse' if direction.reverse else ''}"
    initial = _initial(direction.initial, step.states, [width_of(leaf, direction.sizes) for leaf in step.states])
    return ExportedDirection(
        name, plans.forward, dict(direction.sizes), arrays, scales, dict(tables), initial, direction.reverse,
        trained="it begins anew within sequences" if restarts else _trained(cell, direction, plans),
    )  # fmt: skip


def _trained(cell: Cell, direction: Direction, plans: Plans) -> TrainedDirection | str:
    """Return what training needs of a direction, or why it cannot be trained as evaluation runs it."""
    if cell.step.noises:
        return f"{cell.name} draws random numbers in training"
    if cell.statistics:
        return f"{cell.name} takes means over a batch in training"
    parameters = dict(zip(cell.step.parameters, map(array, direction.parameters), strict=True))
    learnt = {
        state: (f"initial_{name}", begin)
        for state, begin in zip(cell.states, direction.initial, strict=False)
        for name, given in cell.initial.items()
        if isinstance(given, str) and (state == name or state.startswith(f"{name}_lag"))
    }
    return TrainedDirection(plans.backward, parameters, cell.step.fixed, learnt, direction.parameters)


def _tables(statistics: RunningStatistics) -> list[Tensor]:
    """Return the running statistics of each step that has some."""
    seen = statistics.buffers[SEEN]
    return statistics.of_steps(torch.arange(max(1, int(seen)), device=seen.device))


def _int8(parameters: Parameters, place: int) -> tuple[Array, Array] | None:
    """Return a parameter (inputs, outputs) and the scale of each output, if it is kept in int8."""
    part = parameters.parts[place]
    if part.storage != "int8" or part.scale is None:
        return None
    scales = part.rows_of(parameters.tensors[part.scale])
    return part.of(parameters.tensors[part.tensors[0]]).numpy().copy(), scales.numpy().copy()


def _initial(given: Sequence[float | Tensor], states: Sequence[Node], widths: Sequence[int]) -> tuple[Array, ...]:
    """Return what each state begins with, (size,)."""
    begins = given or (0.0,) * len(states)
    return tuple(
        array(begin.flatten()) if isinstance(begin, Tensor) else np.full(width, begin, np.float32)
        for begin, width in zip(begins, widths, strict=True)
    )
