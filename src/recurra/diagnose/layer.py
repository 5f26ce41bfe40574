"""What is measured of one direction of one layer; and where NaN or infinity began, if it did."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.gates import Gate, Retention, UnitNorms, gates, retentions, state_units
from recurra.diagnose.jacobian import MemoryCurve, SingularBands, memory_of, singular_bands
from recurra.diagnose.layer_names import Place
from recurra.diagnose.rerun import Rerun, Spelled, few_sequences
from recurra.graph.node import Node, topological
from recurra.nn.stack import ForwardPass
from recurra.spec import Cell

__all__ = ["LayerDiagnosis", "NonFinite", "diagnose_run", "first_non_finite", "where_numbers_end"]


@dataclass(frozen=True)
class LayerDiagnosis:
    """One direction of one layer along real sequences.

    Attributes
    ----------
    place : Place
    cell : Cell
    steps : int
        Of the longest sequence.
    memory : MemoryCurve
        How far back the state reaches.
    bands : SingularBands
        The singular values of its steps.
    gates : tuple of Gate
    retentions : tuple of Retention
        Forget gates: what the states keep of themselves.
    units : tuple of UnitNorms
    values : tuple of (str, tensor (steps, size))
        What the equations name, and the states, at each step of the first sequence.
    """

    place: Place
    cell: Cell
    steps: int
    memory: MemoryCurve
    bands: SingularBands
    gates: tuple[Gate, ...]
    retentions: tuple[Retention, ...]
    units: tuple[UnitNorms, ...]
    values: tuple[tuple[str, Tensor], ...]


def diagnose_run(place: Place, again: Rerun, /) -> LayerDiagnosis:
    """Measure a layer's run."""
    return LayerDiagnosis(
        place,
        again.run.cell,
        max(map(len, again.paths)),
        memory_of(again),
        singular_bands(again),
        gates(again),
        retentions(again),
        state_units(again),
        _values(again),
    )


def _values(again: Rerun) -> tuple[tuple[str, Tensor], ...]:
    after = zip(again.step.states, again.step.next_states, strict=True)
    named = {leaf.name: node for leaf, node in after if node.rows}
    named |= {name: node for node, name in again.step.names.items() if node.rows and node.args}
    rows = again.paths[0].sort().values
    return tuple((name, value[rows]) for name, value in zip(named, again.values(named.values()), strict=True))


def where_numbers_end(run: ForwardPass, /) -> NonFinite | None:
    """Return where a run left the finite numbers, computed in its own dtype."""
    dtype = run.states[0].dtype
    known = dtype if dtype in (torch.float32, torch.float64) else torch.float32
    return first_non_finite(Rerun(few_sequences(run, run.batch_sizes[0]), dtype=known))


@dataclass(frozen=True)
class NonFinite:
    """The first value of a layer that is not finite.

    Attributes
    ----------
    step, sequence, feature : int, from 0
        The step counts from the first that is run; the sequence is that of the longest-first order.
    value : float
    equation : str
        What gave it; an input or an initial state is named.
    """

    step: int
    sequence: int
    feature: int
    value: float
    equation: str


def first_non_finite(again: Rerun, /) -> NonFinite | None:
    """Return where a run first left the finite numbers, None if it never did; the run has the dtype that it had."""
    nodes = [node for node in _in_order(again) if node.rows]
    values = again.values(nodes)
    wrong = torch.stack([~torch.isfinite(value).all(1).expand(_count(again)) for value in values])
    for step in range(max(map(len, again.paths))):
        for sequence, path in enumerate(again.paths):
            if len(path) > step and bool(wrong[:, path[step]].any()):
                first = int(wrong[:, path[step]].nonzero()[0])
                return _found(again, nodes[first], values[first][path[step]], step, sequence)
    return None


def _in_order(again: Rerun) -> list[Node]:
    """Return the values of a step, leaves first."""
    leaves = (*again.step.inputs, *again.step.states)
    return list(dict.fromkeys((*leaves, *topological(again.step.roots))))


def _count(again: Rerun) -> int:
    return sum(again.run.batch_sizes)


def _found(again: Rerun, node: Node, value: Tensor, step: int, sequence: int) -> NonFinite:
    feature = int((~torch.isfinite(value)).nonzero()[0])
    what = {"input": f"the input {node.name}", "state": f"the state {node.name} before the step"}.get(node.op)
    return NonFinite(step, sequence, feature, float(value[feature]), what or Spelled(again.plans.forward).place(node))
