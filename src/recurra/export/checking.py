"""Whether an artefact gives what its model gives: both are run on the same sequences, random and awkward ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from recurra.errors import ExportError, InputError
from recurra.export.description import Array, ExportedModel

__all__ = [
    "Artefact", "CheckedSequences", "ExportReport", "RunValues", "checked_sequences", "compared", "expected",
    "rounding_of",
    "short_sequences",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class CheckedSequences:
    """Sequences that a model and its artefact are run on; all arrays are float32.

    Attributes
    ----------
    name : str
    x : array (time, batch, input_size)
    inputs : mapping from the name of a further input to its array, (time, batch, size) or per sequence (batch, size)
    states : for each recurrent module and each of its states an array (layers * directions, batch, size), or None
    lengths : of the sequences, in steps, or None for all
    """

    name: str
    x: Array
    inputs: Mapping[str, Array]
    states: Sequence[Sequence[Array]] | None = None
    lengths: Sequence[int] | None = None


@dataclass(frozen=True, eq=False)
class RunValues:
    """What a run gives: the output (time, batch, size), zero after a sequence's end, and states as they are given."""

    y: Array
    states: Sequence[Sequence[Array]]


class Artefact(Protocol):
    """What was exported, loaded so that it can be run."""

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run it on sequences."""
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
    """Yield the cases of a check: random sequences, one step, zeros, large numbers, given states, several lengths."""
    generator = np.random.default_rng(seed)

    def draw(*shape: int) -> Array:
        return generator.standard_normal(shape).astype(np.float32)

    def case(name: str, steps: int, batch: int, scale: float = 1.0, **more: Any) -> CheckedSequences:
        inputs = {
            # gaps in time, masks and amounts are not negative
            key: np.abs(draw(*(() if key in model.per_sequence else (steps,)), batch, size)) * min(scale, 1.0)
            for key, size in model.inputs.items()
        }
        return CheckedSequences(name, scale * draw(steps, batch, model.input_size), inputs, **more)

    def states(batch: int) -> list[list[Array]]:
        return [
            [np.abs(0.5 * draw(len(group), batch, each.size)) for each in group[0].initial] for group in model.groups
        ]

    yield case("random", 12, 2)
    yield case("one step", 1, 1)
    yield case("zeros", 5, 1, 0.0)
    yield case("large", 6, 2, 30.0)
    yield case("given states", 4, 3, states=states(3))
    if is_ragged:
        yield case("lengths", 9, 3, lengths=[9, 4, 1], states=states(3))


def short_sequences(model: ExportedModel, *, seed: int = 0, steps: int = 4) -> CheckedSequences:
    """Return one short sequence, whose results an artefact may bring along."""
    first = next(checked_sequences(model, seed=seed))
    inputs = {k: v[:1] if k in model.per_sequence else v[:steps, :1] for k, v in first.inputs.items()}
    return CheckedSequences("test", first.x[:steps, :1], inputs)


@torch.no_grad()
def expected(model: ExportedModel, sequences: CheckedSequences) -> RunValues:
    """Return what the module that was exported gives for sequences, in evaluation."""
    module = model.module
    like = next((p for p in module.parameters() if p.is_floating_point()), torch.empty(0))
    device, dtype = like.device, like.dtype
    is_alone = hasattr(module, "stack")

    def given(value: Array, *, is_sequence: bool = True) -> Any:
        tensor = torch.from_numpy(value).to(device, dtype)
        if not is_sequence:
            return tensor
        if sequences.lengths is not None:
            return pack_padded_sequence(tensor, torch.tensor(sequences.lengths))
        return tensor.transpose(0, 1) if model.batch_first else tensor

    def as_states(states: Sequence[Array]) -> Any:
        tensors = tuple(given(state, is_sequence=False) for state in states)
        return tensors[0] if len(tensors) == 1 else tensors

    states = None
    if sequences.states is not None:
        states = tuple(map(as_states, sequences.states))
        states = states[0] if is_alone else states
    inputs = {k: given(v, is_sequence=k not in model.per_sequence) for k, v in sequences.inputs.items()}
    with _evaluating(module):
        y, finals = module(given(sequences.x), states, **({"inputs": inputs} if inputs else {}))
    if sequences.lengths is not None:
        y = pad_packed_sequence(y)[0]
    elif model.batch_first:
        y = y.transpose(0, 1)
    groups = [finals] if is_alone else finals
    return RunValues(_array(y), [[_array(s) for s in (g if isinstance(g, (tuple, list)) else (g,))] for g in groups])


def rounding_of(model: ExportedModel, sequences: CheckedSequences) -> float:
    """Return how far the module in float32 is from itself in float64; 0 where it has no float64."""
    try:
        wide = replace(model, module=copy.deepcopy(model.module).double())
    except InputError:
        return 0.0
    return compared(expected(model, sequences), expected(wide, sequences), sequences)


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
    return tensor.detach().cpu().numpy()


def compared(found: RunValues, wanted: RunValues, sequences: CheckedSequences) -> float:
    """Return the largest difference, relative to the largest number around; what is NaN or infinite in both agrees.

    float32 rounds a sum by the size of its terms, so that a small number beside large ones has few right digits.
    """
    pairs = [(found.y, wanted.y)]
    for mine, theirs in zip(found.states, wanted.states, strict=True):
        pairs += zip(mine, theirs, strict=True)
    worst, least = 0.0, max(1.0, float(np.abs(sequences.x).max(initial=0.0)))
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
