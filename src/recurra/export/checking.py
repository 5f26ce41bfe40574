"""Whether an artefact gives what its model gives: both are run on the same sequences, random and awkward ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from recurra.errors import ExportError, InputError
from recurra.export.description import Array, ExportedModel, TrainedDirection
from recurra.export.program import plain

__all__ = [
    "Artefact", "CheckedSequences", "ExportReport", "RunGradients", "RunValues", "TrainingArtefact",
    "checked_sequences", "compared", "compared_gradients", "expected", "expected_gradients", "gradient_rounding",
    "rounding_of", "short_sequences", "weighted_sequences",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class CheckedSequences:
    """Sequences that a model and its artefact are run on; arrays are float32, tokens int32.

    Attributes
    ----------
    name : str
    x : array (time, batch, input_size)
    inputs : mapping from the name of a further input to its array, (time, batch, size) or per sequence (batch, size)
    states : for each recurrent module and each of its states an array (layers * directions, batch, size), or None
    lengths : of the sequences, in steps, or None for all
    read : mapping from the name of a further input that another model makes to what that reads
        Tokens (time, batch, most) and how many each step has, (time, batch).
    """

    name: str
    x: Array
    inputs: Mapping[str, Array]
    states: Sequence[Sequence[Array]] | None = None
    lengths: Sequence[int] | None = None
    read: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RunValues:
    """What a run gives: the output (time, batch, size), zero after a sequence's end, and states as they are given.

    Of a sequence that gives one row, time is 1; states are none where the model keeps none.
    """

    y: Array
    states: Sequence[Sequence[Array]]


@dataclass(frozen=True, eq=False)
class RunGradients:
    """What backpropagation gives: of parameters by name, of inputs by name and of the states before the first step."""

    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    states: Sequence[Sequence[Array]]


class Artefact(Protocol):
    """What was exported, loaded so that it can be run."""

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run it on sequences."""
        ...


class TrainingArtefact(Artefact, Protocol):
    """What was exported for training."""

    def gradients(self, sequences: CheckedSequences, weights: RunValues) -> RunGradients:
        """Run it on sequences; return the gradients of a sum over all results, each times its weight."""
        ...


@dataclass(frozen=True)
class ExportReport:
    """How far an artefact is from its model.

    Attributes
    ----------
    format : str
    errors : mapping from the name of a case to its largest error
        The difference of two numbers, divided by the largest number of its array or of the input, if that is above 1.
    allowed : mapping from the name of a case to the largest error that is allowed
    """

    format: str
    errors: Mapping[str, float]
    allowed: Mapping[str, float]

    @property
    def agrees(self) -> bool:
        """Whether no error is larger than allowed."""
        return all(error <= self.allowed[name] for name, error in self.errors.items())

    @property
    def largest(self) -> float:
        """The largest error of all cases."""
        return max(self.errors.values())

    def __str__(self) -> str:
        lines = [f"{self.format}: the largest error is {self.largest:.1e}"]
        lines += [f"  {name}: {error:.1e}, allowed {self.allowed[name]:.0e}" for name, error in self.errors.items()]
        return "\n".join(lines)


def checked_sequences(model: ExportedModel, *, seed: int, is_ragged: bool = True) -> Iterator[CheckedSequences]:
    """Yield the cases of a check: random sequences, one step, zeros, large numbers, given states, several lengths.

    Tokens are any that there are, and numbers as large as those of the model's data.
    """
    generator = np.random.default_rng(seed)

    def draw(*shape: int) -> Array:
        return generator.standard_normal(shape).astype(np.float32)

    def read(reader: ExportedModel, steps: int, batch: int) -> tuple[Array, Array]:
        lengths = generator.integers(1, 8, (steps, batch))
        return _whole(generator.integers(0, reader.tokens or 1, (steps, batch, 8))), lengths

    def rows(steps: int, batch: int, scale: float) -> Array:
        if model.tokens is not None:
            return _whole(generator.integers(0, model.tokens, (steps, batch, 1)) * (scale != 0))
        if "x" in model.samples:
            return np.float32(scale) * sample("x", steps, batch)
        return scale * draw(steps, batch, model.input_size)

    def sample(name: str, *shape: int) -> Array:
        return model.samples[name][generator.integers(0, len(model.samples[name]), shape)]

    def given(name: str, size: int, steps: int, batch: int, scale: float) -> Array:
        shape = (batch,) if name in model.per_sequence else (steps, batch)
        if name in model.samples:
            return sample(name, *shape)
        return np.abs(draw(*shape, size)) * min(scale, 1.0)  # gaps in time, masks and amounts are not negative

    def case(name: str, steps: int, batch: int, scale: float = 1.0, **more: Any) -> CheckedSequences:
        steps = steps if model.unfolds_at is None else 1
        inputs = {
            key: given(key, size, steps, batch, scale) for key, size in model.inputs.items() if key not in model.readers
        }
        letters = {key: read(reader, steps, batch) for key, reader in model.readers.items()}
        return CheckedSequences(name, rows(steps, batch, scale), inputs, read=letters, **more)

    def states(batch: int) -> list[list[Array]] | None:
        if not model.keeps_state:
            return None
        return [
            [np.abs(0.5 * draw(len(group), batch, each.size)) for each in group[0].initial] for group in model.groups
        ]

    yield case("random", 12, 2)
    yield case("one step", 1, 1)
    yield case("zeros", 5, 1, 0.0)
    if model.tokens is None:
        yield case("large", 6, 2, 30.0)
    if model.keeps_state:
        yield case("given states", 4, 3, states=states(3))
    if is_ragged:
        yield case("lengths", 9, 3, lengths=[9, 4, 1], states=states(3))


def _whole(values: Any) -> Array:
    return np.asarray(values, np.int32)


def short_sequences(model: ExportedModel, *, seed: int = 0, steps: int = 4) -> CheckedSequences:
    """Return one short sequence, whose results an artefact may bring along."""
    first = next(checked_sequences(model, seed=seed))
    inputs = {k: v[:1] if k in model.per_sequence else v[:steps, :1] for k, v in first.inputs.items()}
    # the code of a language may have no constant that is no number
    x = np.nan_to_num(first.x[:steps, :1])
    read = {name: (tokens[:steps, :1], lengths[:steps, :1]) for name, (tokens, lengths) in first.read.items()}
    return CheckedSequences("test", x, inputs, read=read)


@torch.no_grad()
def expected(model: ExportedModel, sequences: CheckedSequences) -> RunValues:
    """Return what the module that was exported gives for sequences, in evaluation."""
    y, finals = _run(model, _Given(model, sequences))
    return RunValues(_array(y), [[*map(_array, group)] for group in finals])


class _Given:
    """Sequences as tensors like the module's parameters."""

    def __init__(self, model: ExportedModel, sequences: CheckedSequences) -> None:
        self.sequences = sequences
        like = next((p for p in model.module.parameters() if p.is_floating_point()), torch.empty(0))

        def tensor(value: Array) -> Tensor:
            made = torch.from_numpy(value).to(like.device)
            return made.to(like.dtype) if made.is_floating_point() else made.long()

        self.x = tensor(sequences.x if model.tokens is None else sequences.x[..., 0])
        self.read = {name: (tensor(tokens), tensor(lengths)) for name, (tokens, lengths) in sequences.read.items()}
        self.inputs = {name: tensor(value) for name, value in sequences.inputs.items()}
        self.states = None if sequences.states is None else [[*map(tensor, group)] for group in sequences.states]


def _run(model: ExportedModel, given: _Given) -> tuple[Tensor, list[list[Tensor]]]:
    """Return the output, (time, batch, size), and the last states of each recurrent module."""
    module, lengths = model.module, given.sequences.lengths
    is_alone = hasattr(module, "stack")
    steps, batch = given.sequences.x.shape[:2]
    if lengths is None and not model.keeps_state:
        lengths = [steps] * batch

    def laid_out(tensor: Tensor) -> Any:
        if lengths is not None:
            return pack_padded_sequence(tensor, torch.tensor(lengths))
        return tensor.transpose(0, 1) if model.batch_first else tensor

    states: Any = None
    if given.states is not None:
        states = tuple(group[0] if len(group) == 1 else tuple(group) for group in given.states)
        states = states[0] if is_alone else states
    inputs = {k: v if k in model.per_sequence else laid_out(v) for k, v in given.inputs.items()}
    inputs |= {name: tuple(map(laid_out, both)) for name, both in given.read.items()}
    with _evaluating(module):
        y, finals = module(laid_out(given.x), states, **({"inputs": inputs} if inputs else {}))
    if isinstance(y, PackedSequence):
        y = pad_packed_sequence(y)[0]
    elif model.is_pooled:
        y = y.unsqueeze(0)
    elif model.batch_first:
        y = y.transpose(0, 1)
    if not model.keeps_state:
        return y, []
    groups = [finals] if is_alone else finals
    return y, [list(g) if isinstance(g, (tuple, list)) else [g] for g in groups]


@torch.enable_grad()
def expected_gradients(model: ExportedModel, sequences: CheckedSequences, weights: RunValues) -> RunGradients:
    """Return the gradients that the module has of a sum over all results, each times its weight."""
    given = _Given(model, sequences)
    states = [state for group in given.states or [] for state in group]
    asked = [given.x, *given.inputs.values(), *states]
    for tensor in asked:
        tensor.requires_grad_()
    y, finals = _run(model, given)
    results = [y, *(state for group in finals for state in group)]
    factors = [weights.y, *(state for group in weights.states for state in group)]
    products = [(a * torch.from_numpy(b).to(a)).sum() for a, b in zip(results, factors, strict=True)]
    parameters = dict(_parameters(model))
    tensors = [*asked, *(tensor for tensor, _ in parameters.values())]
    found = torch.autograd.grad(torch.stack(products).sum(), tensors, allow_unused=True)
    arrays = [_array(torch.zeros_like(t) if g is None else g) for t, g in zip(tensors, found, strict=True)]
    inputs = dict(zip(["x", *given.inputs], arrays, strict=False))
    at = 1 + len(given.inputs)
    groups = [[arrays.pop(at) for _ in group] for group in given.states or []]
    pairs = zip(parameters.items(), arrays[at:], strict=True)
    return RunGradients({name: part(array) for (name, (_, part)), array in pairs}, inputs, groups)


def _parameters(model: ExportedModel) -> Iterator[tuple[str, tuple[Tensor, Callable[[Array], Array]]]]:
    """Yield the name of each trained parameter, its tensor, and what takes its part from the tensor's gradient."""
    for direction in model.directions:
        assert isinstance(direction.trained, TrainedDirection)
        source, fixed = direction.trained.source, direction.trained.fixed
        for node, part in zip(direction.trained.parameters, source.parts, strict=True):
            if node.name not in fixed:
                yield f"{plain(node.name)}_{direction.name}", (source.tensors[part.tensors[0]], part.of)
        for name, tensor in direction.trained.learnt.values():
            yield f"{plain(name)}_{direction.name}", (tensor, np.asarray)


def rounding_of(model: ExportedModel, sequences: CheckedSequences) -> float:
    """Return how far the module in float32 is from itself in float64; 0 where it has no float64."""
    wide = _widened(model)
    return compared(expected(model, sequences), expected(wide, sequences), sequences) if wide else 0.0


def _widened(model: ExportedModel) -> ExportedModel | None:
    try:
        return replace(model, module=copy.deepcopy(model.module).double())
    except InputError:
        return None


def weighted_sequences(model: ExportedModel, *, seed: int) -> Iterator[tuple[CheckedSequences, RunValues]]:
    """Yield the cases of a check of gradients, with the weights of the results in the sum that they are of."""
    generator = np.random.default_rng(seed)
    for each in checked_sequences(model, seed=seed, is_ragged=False):
        shape = each.x.shape[:2]
        y = generator.standard_normal((*shape, model.output_size)).astype(np.float32)
        states = [
            [generator.standard_normal((len(g), shape[1], s.size)).astype(np.float32) for s in g[0].initial]
            for g in model.groups
        ]
        yield each, RunValues(y, states)


def gradient_rounding(model: ExportedModel, sequences: CheckedSequences, weights: RunValues) -> float:
    """Return how far the module's gradients in float32 are from those in float64; 0 where it has no float64."""
    wide = _widened(model)
    if wide is None:
        return 0.0
    # a copy has parameters of its own, which it describes anew
    wide = wide.module.exported()
    narrow = expected_gradients(model, sequences, weights)
    return compared_gradients(narrow, expected_gradients(wide, sequences, weights), sequences)


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """Let a module and its parts be in evaluation meanwhile."""
    before = [(part, part.training) for part in module.modules() if part.training]
    try:
        for part, _ in before:
            part.training = False
        yield
    finally:
        for part, _ in before:
            part.training = True


def _array(tensor: Tensor) -> Array:
    """Return a tensor's numbers; NumPy has none of 16 bits that torch has."""
    return (tensor.float() if tensor.element_size() < 4 else tensor).detach().cpu().numpy()


def compared(found: RunValues, wanted: RunValues, sequences: CheckedSequences) -> float:
    """Return the largest difference, relative to the largest number around; what is NaN or infinite in both agrees.

    float32 rounds a sum by the size of its terms, so that a small number beside large ones has few right digits.
    """
    pairs = [(found.y, wanted.y)]
    for mine, theirs in zip(found.states, wanted.states, strict=True):
        pairs += zip(mine, theirs, strict=True)
    return _largest_error(pairs, sequences)


def compared_gradients(found: RunGradients, wanted: RunGradients, sequences: CheckedSequences) -> float:
    """Return the largest difference, as `compared` does."""
    pairs = [(found.inputs[name], each) for name, each in wanted.inputs.items()]
    pairs += [(found.parameters[name].reshape(each.shape), each) for name, each in wanted.parameters.items()]
    for mine, theirs in zip(found.states, wanted.states, strict=True):
        pairs += zip(mine, theirs, strict=True)
    return _largest_error(pairs, sequences)


def _largest_error(pairs: Iterable[tuple[Array, Array]], sequences: CheckedSequences) -> float:
    worst, least = 0.0, max(1.0, float(np.nanmax(np.abs(sequences.x), initial=0.0)))
    for mine, theirs in pairs:
        if mine.shape != theirs.shape:
            raise ExportError(f"the artefact gives an array of shape {mine.shape}, the model one of {theirs.shape}")
        a, b = mine.astype(np.float64), theirs.astype(np.float64)
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        size = max(least, float(np.abs(b[np.isfinite(b)]).max(initial=0.0)))
        with np.errstate(all="ignore"):
            error = np.where(same, 0.0, np.abs(a - b) / size)
        worst = max(worst, float(np.nan_to_num(error, nan=np.inf).max(initial=0.0)))
    return worst
