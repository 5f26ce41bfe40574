"""What is exported: a model as its layers, each direction a forward plan with arrays. All formats begin here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from recurra.derive.plan import ForwardPlan
from recurra.graph.node import Node, number_of

__all__ = ["WEIGHTS", "Exportable", "ExportedDirection", "ExportedLayer", "ExportedModel"]

Array = np.ndarray[Any, Any]

WEIGHTS = ("float32", "int8")
"""What weights of products are exported in."""


@dataclass(frozen=True, eq=False)
class ExportedDirection:
    """One direction of one layer, as evaluation runs it; a head behind the layers is one without states.

    Attributes
    ----------
    name : str
        As parameters end: ``"l0"``, ``"l1_reverse"``, for a head ``"head2"``.
    plan : ForwardPlan
        Of evaluation: there is no noise in it.
    sizes : mapping from the name of a size to its number
    arrays : mapping from a parameter of the plan's step to its values
        float32, a matrix (inputs, outputs); int8 for those in `scales`.
    scales : mapping from a parameter to what each output of an int8 matrix is multiplied with, (outputs,)
    tables : mapping from an input to its values, (steps, size)
        Running statistics, the last inputs of the step: a step reads its own row, those beyond the last row that one.
    initial : for each state what a sequence begins with, (size,)
    reverse : bool
        Whether sequences are read backwards.
    """

    name: str
    plan: ForwardPlan
    sizes: Mapping[str, int]
    arrays: Mapping[Node, Array]
    scales: Mapping[Node, Array]
    tables: Mapping[Node, Array]
    initial: tuple[Array, ...]
    reverse: bool = False

    def width(self, node: Node) -> int:
        """Return the number of features of a value, over all its axes."""
        return number_of(node.width, self.sizes)

    @property
    def further_inputs(self) -> tuple[Node, ...]:
        """The inputs that a caller gives beside `x`."""
        return tuple(leaf for leaf in self.plan.step.inputs[1:] if leaf not in self.tables)


@dataclass(frozen=True, eq=False)
class ExportedLayer:
    """One layer: its directions read the same input, and their outputs lie side by side.

    Attributes
    ----------
    directions : tuple of ExportedDirection
    group : int or None
        Which recurrent module it is a layer of, by number; None for a head.
    """

    directions: tuple[ExportedDirection, ...]
    group: int | None

    @property
    def input_size(self) -> int:
        """The number of features that it reads."""
        first = self.directions[0]
        return first.width(first.plan.step.inputs[0])

    @property
    def output_size(self) -> int:
        """The number of features that it puts out."""
        return sum(each.width(each.plan.step.output) for each in self.directions)


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """Layers one behind the other.

    Attributes
    ----------
    layers : tuple of ExportedLayer
    module : torch.nn.Module
        What computes the same: a check runs it beside the artefact.
    batch_first : bool
        Whether the model takes sequences as (batch, time, features).
    inputs : mapping from the name of an input beside `x` to its number of features
    per_sequence : frozenset of str
        Those of them that are the same at every step of a sequence.
    """

    layers: tuple[ExportedLayer, ...]
    module: Any = field(repr=False)
    batch_first: bool = False
    inputs: Mapping[str, int] = field(init=False)
    per_sequence: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        leaves = {leaf.name: each.width(leaf) for each in self.directions for leaf in each.further_inputs}
        once = {name for each in self.directions for name in each.plan.step.per_sequence}
        object.__setattr__(self, "inputs", leaves)
        object.__setattr__(self, "per_sequence", frozenset(once & leaves.keys()))

    @property
    def directions(self) -> tuple[ExportedDirection, ...]:
        """All directions of all layers, in order."""
        return tuple(each for layer in self.layers for each in layer.directions)

    @property
    def input_size(self) -> int:
        """The number of features of `x`."""
        return self.layers[0].input_size

    @property
    def output_size(self) -> int:
        """The number of features of the output."""
        return self.layers[-1].output_size

    @property
    def is_causal(self) -> bool:
        """Whether it can run step by step: no direction reads a sequence backwards."""
        return not any(each.reverse for each in self.directions)

    @property
    def groups(self) -> tuple[tuple[ExportedDirection, ...], ...]:
        """For each recurrent module the directions of its layers: its states lie in this order."""
        found: dict[int, list[ExportedDirection]] = {}
        for layer in self.layers:
            if layer.group is not None:
                found.setdefault(layer.group, []).extend(layer.directions)
        return tuple(tuple(directions) for directions in found.values())


class Exportable(Protocol):
    """A model that can be exported."""

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what is exported, with weights of products in float32 or int8, as one of `WEIGHTS`."""
        ...
