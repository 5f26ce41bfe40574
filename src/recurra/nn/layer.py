"""What every recurrent layer can: say which backend runs it and what is compiled for it, and run sample by sample."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from recurra.derive.plan import Plans
from recurra.nn.choice import Explanation, choose, source
from recurra.nn.outside import opaque_to_compile
from recurra.nn.sequences import Sequences, State, run
from recurra.nn.stack import Stack
from recurra.nn.watch import Watch

if TYPE_CHECKING:
    from recurra.nn.stream import Stream

__all__ = ["Layer", "tensors_of"]


class Layer(torch.nn.Module):
    """A recurrent layer."""

    backend: str
    batch_first: bool
    watch: Watch | None = None

    @abstractmethod
    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""

    @opaque_to_compile
    def forward(
        self,
        input: Sequences,
        hx: State | None = None,
        *,
        inputs: Mapping[str, Sequences] | None = None,
        return_states: bool = False,
        reset: Sequences | None = None,
    ) -> tuple[Any, ...]:
        """Run the layers over sequences.

        Parameters
        ----------
        input : tensor (time, batch, input_size), with `batch_first` (batch, time, input_size), unbatched
            (time, input_size), or a PackedSequence
        hx : tensor or tuple of tensors, optional
            The initial states in the cell's order, each (num_layers * directions, batch, size), unbatched without
            the batch axis; zeros by default.
        inputs : mapping, optional
            The cell's further inputs by name, laid out as `input`; a per-sequence one is (batch, size).
        return_states : bool
            Whether every state at every step is returned too.
        reset : bool tensor (time, batch), with `batch_first` (batch, time), unbatched (time,), or a PackedSequence
            Before which steps the state is zero, as where episodes follow each other in a sequence. A direction that
            runs backwards restarts at the same boundaries.

        Returns
        -------
        output : laid out as `input`, with directions * output size features
        states : shaped as `hx`: a tensor where the cell has one state, otherwise a tuple
        every_state : only with `return_states`
            A mapping: state -> a tuple with, for each layer, the state after every step, laid out as `input`, with
            directions * size features. Gradients flow through it.

        Raises
        ------
        InputError
            If the shape, dtype or device of anything does not fit.
        """
        stack = self.stack(return_states=return_states)
        output, finals, every = run(stack, input, hx, further=inputs or {}, batch_first=self.batch_first, reset=reset)
        states = finals[0] if len(finals) == 1 else finals
        return (output, states, every) if return_states else (output, states)

    def plans(self) -> Plans:
        """Return what runs now: in training with the noises, in evaluation without."""
        return self.stack().cell.plans(training=self.training, shifted=True)

    def explain(self, *, batch: int = 1) -> Explanation:
        """Return which backend runs this layer, in which form, and why; on a GPU the form depends on the batch."""
        first = self.stack().layers[0][0]
        return choose(self.backend, like=self._example, plans=self.plans(), sizes=first.sizes, batch=batch)

    def source(self, stage: str = "", *, which: str = "forward") -> str:
        """Return what is compiled for this layer, as text.

        Parameters
        ----------
        stage : ``"graph"``, ``"plans"``, and on the CPU ``"loops"``, ``"ir"``, ``"optimised"`` or ``"assembly"``, on a
            GPU ``"triton"``; by default the one that is read most easily, loops or Triton
        which : ``"inference"``, ``"forward"`` or ``"backward"``

        Raises
        ------
        BackendError
            If the layer's backend compiles nothing.
        """
        sizes = self.stack().layers[0][0].sizes
        return source(self.plans(), self.backend, like=self._example, stage=stage, which=which, sizes=sizes)

    def stream(self, batch: int = 1) -> Stream:
        """Return what runs this layer one sample at a time; see `recurra.nn.Stream`."""
        from recurra.nn.stream import Stream  # it has to know what a layer is

        return Stream(self, batch=batch)

    @property
    def _example(self) -> Tensor:
        return next(self.parameters(), torch.empty(0))


def tensors_of(module: torch.nn.Module, names: Sequence[str]) -> list[Any]:
    """Return a module's parameters by name; `getattr` alone takes longer, and finds those that are computed."""
    own = module._parameters
    return [own[name] if name in own else getattr(module, name) for name in names]
