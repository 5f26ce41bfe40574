"""The seam between layers and backends: what a kernel is given and what it gives back."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from recurra.backends.parameters import Parameters

__all__ = ["Call", "Gradients", "Kernel", "Result", "Tape", "Wanted"]


@dataclass(frozen=True)
class Call:
    """One run over a batch of sequences, in the packed layout. Arrays are NumPy's, or tensors of torch.

    The rows of step 0 come first, then those of step 1, and so on; the sequences are sorted by falling length, so
    that the rows of step t are the first `batch_sizes[t]` sequences. A padded batch has equal `batch_sizes`.

    Attributes
    ----------
    sizes : mapping from the name of a size to its number
    parameters : the plan's `step.parameters` (the prelude's values among them), in their order: `Parameters`, or an
        array each
    inputs : arrays (sum of batch_sizes, size), `x` first, in the order of `step.inputs`
        A per-sequence input is (batch_sizes[0], size).
    states : arrays (batch_sizes[0], size), in the order of `step.states`
    batch_sizes : sequence of int, never rising
    reverse : bool
        Whether time runs backwards: a second direction.
    seed : int, or an integer tensor on the device of the states
        For noise; see `recurra.backends.noise`.
    """

    sizes: Mapping[str, int]
    parameters: Parameters | Sequence[Any]
    inputs: Sequence[Any]
    states: Sequence[Any]
    batch_sizes: Sequence[int]
    reverse: bool = False
    seed: Any = 0

    @property
    def first_rows(self) -> list[int]:
        """The row with which each step begins."""
        return [0, *itertools.accumulate(self.batch_sizes[:-1])]


class Tape(Protocol):
    """What a backward pass needs of its forward pass.

    `arrays` may be taken from it and kept elsewhere, as autograd keeps what it saves, and given back with `having`.
    """

    @property
    def arrays(self) -> tuple[Any, ...]:
        """The arrays that take memory."""
        ...

    def having(self, arrays: Sequence[Any]) -> Tape:
        """Return this tape with its arrays."""
        ...


@dataclass(frozen=True)
class Result:
    """Outputs of a forward pass.

    Attributes
    ----------
    outputs : arrays (sum of batch_sizes, size), in the order of the step's outputs
    states : arrays (batch_sizes[0], size), each sequence's after its last step
    tape : what the backward pass of the same kernel needs, None if it was not asked for
    statistics : arrays (steps, size), in the order of the step's statistics
    """

    outputs: tuple[Any, ...]
    states: tuple[Any, ...]
    tape: Tape | None = None
    statistics: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Gradients:
    """Gradients of the tensors of a `Call`'s parameters, of its inputs and states, in their order and shapes.

    What was not wanted may be None. `observed` has the backward step's observed values, (sum of batch_sizes, 1) each.
    """

    parameters: tuple[Any, ...]
    inputs: tuple[Any, ...]
    states: tuple[Any, ...]
    observed: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """For each tensor of the parameters, and each input, whether its gradient is wanted."""

    parameters: tuple[bool, ...]
    inputs: tuple[bool, ...]

    @classmethod
    def everything(cls, *, parameters: int, inputs: int) -> Wanted:
        """Return that all of so many are wanted."""
        return cls((True,) * parameters, (True,) * inputs)


class Kernel(Protocol):
    """What ``compile(plans)`` of a backend returns."""

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; keep what the backward pass needs if `tape` is true."""
        ...

    def backward(
        self,
        call: Call,
        tape: Any,
        *,
        outputs: Sequence[Any],
        states: Sequence[Any],
        wanted: Wanted | None = None,
    ) -> Gradients:
        """Run the backward plan, given the loss's gradients by the outputs and the final states.

        By default every gradient is wanted.
        """
        ...
