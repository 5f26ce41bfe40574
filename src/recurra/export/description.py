"""What is exported: a model as its layers, each direction a forward plan with arrays. All formats begin here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from recurra.backends.parameters import Parameters
from recurra.derive.plan import BackwardPlan, ForwardPlan
from recurra.graph.node import Node, number_of

__all__ = [
    "WEIGHTS", "Exportable", "ExportedArrangement", "ExportedAttention", "ExportedDecoder", "ExportedDirection",
    "ExportedEmbedding", "ExportedInput", "ExportedLayer", "ExportedModel", "ExportedPart", "ExportedPiece",
    "ExportedSelfAttention", "Framing", "TrainedDirection", "Unfolding",
]  # fmt: skip

Array = np.ndarray[Any, Any]

WEIGHTS = ("float32", "int8")
"""What weights of products are exported in."""


@dataclass(frozen=True, eq=False)
class TrainedDirection:
    """What training needs of a direction beside its forward plan.

    Attributes
    ----------
    plan : BackwardPlan
    parameters : mapping from a parameter of the cell, before expressions of them are made, to its values
    fixed : frozenset of str
        Names of those that are not trained.
    learnt : mapping from the name of a state to the name and the tensor of what it begins with, where that is learnt
        The name is without what a direction's parameters end with.
    source : Parameters
        The module's tensors, and where in them the cell's parameters stand, in the order of `parameters`.
    """

    plan: BackwardPlan
    parameters: Mapping[Node, Array]
    fixed: frozenset[str]
    learnt: Mapping[str, tuple[str, Any]]
    source: Parameters


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
    begin : int
        The first feature of the layer's input that it reads.
    trained : TrainedDirection or str
        What training needs, or why it cannot be trained as it stands.
    """

    name: str
    plan: ForwardPlan
    sizes: Mapping[str, int]
    arrays: Mapping[Node, Array]
    scales: Mapping[Node, Array]
    tables: Mapping[Node, Array]
    initial: tuple[Array, ...]
    reverse: bool = False
    begin: int = 0
    trained: TrainedDirection | str = "there is no backward plan of it"

    def width(self, node: Node) -> int:
        """Return the number of features of a value, over all its axes."""
        return number_of(node.width, self.sizes)

    @property
    def further_inputs(self) -> tuple[Node, ...]:
        """The inputs that a caller gives beside `x`."""
        return tuple(leaf for leaf in self.plan.step.inputs[1:] if leaf not in self.tables)

    @property
    def input_size(self) -> int:
        """How many features its layer has up to the last one that it reads."""
        return self.begin + self.width(self.plan.step.inputs[0])

    @property
    def output_size(self) -> int:
        """The number of features that it puts out."""
        return self.width(self.plan.step.output)


@dataclass(frozen=True, eq=False)
class ExportedEmbedding:
    """Vectors of tokens: what it reads is one whole number a step, the row of its vector.

    Attributes
    ----------
    name : str
    vectors : array (tokens, size), float32
    """

    name: str
    vectors: Array
    input_size = 1

    @property
    def output_size(self) -> int:
        """The size of a vector."""
        return self.vectors.shape[1]


@dataclass(frozen=True)
class ExportedInput:
    """An input beside `x` that goes on as it is, such as features that another model has made of a word's letters."""

    name: str
    output_size: int
    input_size = 0


@dataclass(frozen=True)
class ExportedPiece:
    """A part of an arrangement: numbers in some shape, so far apart in what is read, and so far in what comes out.

    Attributes
    ----------
    shape : tuple of int
    source, target : int
        Where its first number is.
    source_strides, target_strides : tuple of int
        How far the next number is along each axis.
    """

    shape: tuple[int, ...]
    source: int
    source_strides: tuple[int, ...]
    target: int
    target_strides: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ExportedArrangement:
    """A row whose numbers are those of the row that it reads in another order, or constants.

    Attributes
    ----------
    name : str
    input_size : int
    constants : array (output_size,), float32
        What is there where no piece is.
    pieces : tuple of ExportedPiece
    """

    name: str
    input_size: int
    constants: Array
    pieces: tuple[ExportedPiece, ...]

    @property
    def output_size(self) -> int:
        """The length of the row."""
        return len(self.constants)

    def sources(self) -> Array:
        """Return for each number that comes out its place in the row that is read, -1 for a constant; int64."""
        found = np.full(self.output_size, -1)
        for piece in self.pieces:
            turns = np.indices(piece.shape).reshape(len(piece.shape), -1).T
            found[piece.target + turns @ piece.target_strides] = piece.source + turns @ piece.source_strides
        return found


@dataclass(frozen=True)
class Unfolding:
    """A row becomes a sequence: `steps` rows of `size` numbers, and behind them inputs of later layers beside `x`.

    Attributes
    ----------
    steps, size : int
    kept : mapping from the name of an input that is the same at all steps to its number of features
    beside : mapping from the name of an input with a row for each step to its number of features; these stand first
    """

    steps: int
    size: int
    kept: Mapping[str, int]
    beside: Mapping[str, int] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, int]:
        """Where each of the inputs begins in the row."""
        names, counts = (
            [*self.beside, *self.kept],
            [*(self.steps * n for n in self.beside.values()), *self.kept.values()],
        )
        ends = np.cumsum([self.steps * self.size, *counts]).tolist()
        return dict(zip(names, ends, strict=False))


@dataclass(frozen=True, eq=False)
class ExportedAttention:
    """Attention of queries over the rows of a sequence: softmax(scale * score(q W_q, k W_k)), of rows W_v.

    Attributes
    ----------
    arrays : mapping from a name to its values, float32
        Of queries ``W_q``, of keys ``W_k``, of values ``W_v`` and of what is found ``W_o``, a matrix (inputs, outputs)
        each, and beside them ``b_q`` and so on; what is not there does nothing. With ``v`` the score of a query and a
        key is tanh(q + k) · v, without it q · k.
    heads : int
        In so many parts, side by side, which are asked each by itself.
    scale : float
    """

    arrays: Mapping[str, Array]
    heads: int = 1
    scale: float = 1.0

    def size(self, part: str, features: int) -> int:
        """Return the width of ``"k"``, ``"v"`` or another part of rows with so many features."""
        return self.arrays[f"W_{part}"].shape[1] if f"W_{part}" in self.arrays else features


@dataclass(frozen=True, eq=False)
class ExportedSelfAttention:
    """Each step of a sequence and what it finds when it asks all others: x + attention(x, x, x)."""

    name: str
    attention: ExportedAttention
    input_size: int

    @property
    def output_size(self) -> int:
        """As wide as what it reads."""
        return self.input_size


ExportedPart = ExportedDirection | ExportedEmbedding | ExportedInput | ExportedArrangement | ExportedSelfAttention


@dataclass(frozen=True)
class Framing:
    """What step t of a convolution reads: `size` steps side by side, from t * stride - padding on, zeros outside."""

    size: int
    stride: int
    padding: int

    def steps(self, steps: int) -> int:
        """Return how many steps come out of so many."""
        return max(0, (steps + 2 * self.padding - self.size) // self.stride + 1)


@dataclass(frozen=True, eq=False)
class ExportedLayer:
    """One layer: its parts read the same input, and their outputs lie side by side.

    Attributes
    ----------
    parts : tuple
        Its directions; of a layer of embeddings these, and inputs beside them.
    group : int or None
        Which recurrent module it is a layer of, by number; None for a head.
    frame : Framing, optional
        Of a convolution, whose steps read several steps each; a direction without states.
    is_pooled : bool
        Whether one row goes on from a sequence: what each direction puts out last, which is its first state.
    unfolding : Unfolding, optional
        What its row becomes, where the model reads one row, and the layers behind this one a sequence.
    of_last : int, optional
        On how many steps, the last ones, it and the layers behind it run; on all by default.
    """

    parts: tuple[ExportedPart, ...]
    group: int | None
    frame: Framing | None = None
    is_pooled: bool = False
    unfolding: Unfolding | None = None
    of_last: int | None = None

    @cached_property
    def directions(self) -> tuple[ExportedDirection, ...]:
        """The parts that are directions."""
        return tuple(part for part in self.parts if isinstance(part, ExportedDirection))

    @property
    def reads_tokens(self) -> bool:
        """Whether it reads whole numbers."""
        return any(isinstance(part, ExportedEmbedding) for part in self.parts)

    @property
    def input_size(self) -> int:
        """The number of features that it reads of each step."""
        return max(part.input_size for part in self.parts) // (self.frame.size if self.frame else 1)

    @property
    def output_size(self) -> int:
        """The number of features that it puts out, of a sequence at each step."""
        return self.unfolding.size if self.unfolding else self.row_size

    @property
    def row_size(self) -> int:
        """How many numbers its parts put out at once."""
        return sum(part.output_size for part in self.parts)


@dataclass(frozen=True, eq=False)
class ExportedDecoder:
    """What writes tokens one after the other, and asks the rows of another sequence at each: see `AttentionDecoder`.

    Attributes
    ----------
    embedding, head : tuple of ExportedLayer
        From a token to what it reads, and from what it puts out to log p of the tokens.
    below, above : tuple of ExportedLayer
        Recurrent layers: those that ask, and those that read what these found.
    attention : ExportedAttention
    feeding : ``"none"``, ``"output"``, ``"context"`` or ``"above"``
        Where what was found goes.
    combine : array (context and hidden features, size), float32
    bridges : tuple of arrays, float32
        For each state (features of the other sequence's last layer, layers * size): the state begins as tanh of the
        product. Empty where the states begin as those of the other sequence end.
    """

    embedding: tuple[ExportedLayer, ...]
    below: tuple[ExportedLayer, ...]
    above: tuple[ExportedLayer, ...]
    head: tuple[ExportedLayer, ...]
    attention: ExportedAttention
    feeding: str
    combine: Array
    bridges: tuple[Array, ...]

    @property
    def recurrent(self) -> tuple[ExportedLayer, ...]:
        """The layers with states."""
        return (*self.below, *self.above)

    @property
    def layers(self) -> tuple[ExportedLayer, ...]:
        """All of them."""
        return (*self.embedding, *self.recurrent, *self.head)

    @property
    def states(self) -> dict[str, int]:
        """The states by name, and how wide each is."""
        first = self.recurrent[0].directions[0]
        return {leaf.name: begin.size for leaf, begin in zip(first.plan.step.states, first.initial, strict=True)}

    @property
    def tokens(self) -> int:
        """How many tokens there are."""
        return self.head[-1].output_size

    def known_tokens(self, steps: int) -> Array:
        """Return the tokens (steps,) that a check lets it read."""
        return 7 * np.arange(steps) % self.tokens


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """Layers one behind the other.

    Attributes
    ----------
    layers : tuple of ExportedLayer
    module : torch.nn.Module
        What computes the same: a check runs it beside the artefact. Where states are not kept it takes packed
        sequences, and returns what comes out, packed too or (batch, features).
    batch_first : bool
        Whether the model takes sequences as (batch, time, features).
    keeps_state : bool
        Whether states go in and come out, where whole sequences are run. Models of one step have them always.
    puts_out_classes : bool
        Whether its output is one whole number a step, that of a class.
    classes : tuple of str
        The names of the classes that its outputs are about, in order.
    tables : mapping
        What JSON can hold: all that is to be known to make inputs from data, and to read outputs; it comes in a file of
        its own. Empty where there is nothing to be known.
    readers : mapping from the name of an input beside `x` to the model that makes it
        That model reads tokens, and one sequence of them gives the input of one step.
    decoder : ExportedDecoder, optional
        What writes a sequence of its own, given the rows that come out: these are then no output themselves, and the
        module gives log p (steps, tokens) after each of the tokens that `known_tokens` says.
    samples : mapping from the name of an input to some rows of it, (rows, size)
        What a check draws from, of `x` and of inputs beside it; other numbers that it draws are about 1 large.
    inputs : mapping from the name of an input beside `x` to its number of features
    per_sequence : frozenset of str
        Those of them that are the same at every step of a sequence.
    """

    layers: tuple[ExportedLayer, ...]
    module: Any = field(repr=False)
    batch_first: bool = False
    keeps_state: bool = True
    puts_out_classes: bool = False
    classes: tuple[str, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    readers: Mapping[str, ExportedModel] = field(default_factory=dict)
    decoder: ExportedDecoder | None = None
    samples: Mapping[str, Array] = field(default_factory=dict, repr=False)
    inputs: Mapping[str, int] = field(init=False)
    per_sequence: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        leaves: dict[str, int] = {}
        once: set[str] = set()
        for number, layer in enumerate(self.layers):
            given = {part.name: part.output_size for part in layer.parts if isinstance(part, ExportedInput)}
            given |= {leaf.name: each.width(leaf) for each in layer.directions for leaf in each.further_inputs}
            leaves |= given
            once |= {name for each in layer.directions for name in each.plan.step.per_sequence}
            if self.unfolds_at is not None and number <= self.unfolds_at:
                once |= given.keys()
        for name in self.made:
            leaves.pop(name, None)
        object.__setattr__(self, "inputs", leaves)
        object.__setattr__(self, "per_sequence", frozenset(once & leaves.keys()))

    @property
    def unfolds_at(self) -> int | None:
        """The number of the layer whose row becomes a sequence; None where the model reads a sequence."""
        return next((k for k, layer in enumerate(self.layers) if layer.unfolding), None)

    @property
    def made(self) -> frozenset[str]:
        """The inputs beside `x` that are no caller's, as they are made of the row that becomes a sequence."""
        found = (layer.unfolding for layer in self.layers if layer.unfolding)
        return frozenset(name for each in found for name in each.places)

    @property
    def kept(self) -> frozenset[str]:
        """Those of them that are the same at all steps."""
        found = (layer.unfolding for layer in self.layers if layer.unfolding)
        return frozenset(name for each in found for name in each.kept)

    @property
    def directions(self) -> tuple[ExportedDirection, ...]:
        """All directions of all layers, in order."""
        return tuple(each for layer in self.layers for each in layer.directions)

    @property
    def tokens(self) -> int | None:
        """How many tokens there are, where `x` is whole numbers below that; None where it is features."""
        found = [len(part.vectors) for part in self.layers[0].parts if isinstance(part, ExportedEmbedding)]
        return found[0] if found else None

    @property
    def is_pooled(self) -> bool:
        """Whether a sequence gives one row."""
        return any(layer.is_pooled for layer in self.layers)

    def output_steps(self, steps: int) -> int:
        """Return how many rows come out of a sequence of so many steps."""
        for layer in self.layers:
            if layer.is_pooled:
                return 1
            steps = layer.of_last or (layer.unfolding.steps if layer.unfolding else steps)
            steps = layer.frame.steps(steps) if layer.frame else steps
        return steps

    @property
    def input_size(self) -> int:
        """The number of features of `x`."""
        return self.layers[0].input_size

    @property
    def output_size(self) -> int:
        """The number of features of the output."""
        return self.layers[-1].output_size

    @property
    def title(self) -> str:
        """What it was made of, in a line."""
        if self.tables:  # a whole model, whose modules are nobody's business
            return f"{self.tables['task']}: {', '.join(self.tables['artefact'])}"
        text = " ".join(repr(self.module).split())
        return text if len(text) < 200 else self.module._get_name()

    @property
    def attends(self) -> bool:
        """Whether a step asks all steps of a sequence."""
        parts = (part for layer in self.layers for part in layer.parts)
        return self.decoder is not None or any(isinstance(part, ExportedSelfAttention) for part in parts)

    @property
    def is_causal(self) -> bool:
        """Whether it can run step by step: nothing reads a sequence backwards, or several steps at once."""
        return not self.attends and not any(
            layer.frame or layer.unfolding or any(each.reverse for each in layer.directions) for layer in self.layers
        )

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
        """Return what is exported, with weights of products in float32 or int8, as one of `WEIGHTS`.

        Examples
        --------
        >>> from recurra.nn import GRU
        >>> model = GRU(3, 8).exported()
        >>> model.input_size, model.output_size, model.is_causal
        (3, 8, True)
        """
        ...
