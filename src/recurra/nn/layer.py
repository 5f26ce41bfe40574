"""What every recurrent layer can: say which backend runs it and what is compiled for it, and run sample by sample."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from recurra.derive.plan import Plans
from recurra.nn.choice import Explanation, choose, source
from recurra.nn.stack import Stack
from recurra.nn.stream import Stream

__all__ = ["Layer"]


class Layer(torch.nn.Module):
    """A recurrent layer."""

    backend: str

    @abstractmethod
    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""

    def plans(self) -> Plans:
        """Return what runs now: in training with the noises, in evaluation without."""
        return self.stack().cell.plans(training=self.training)

    def explain(self) -> Explanation:
        """Return which backend runs this layer, in which form, and why."""
        return choose(self.backend, like=self._example)

    def source(self, stage: str = "loops", *, which: str = "forward") -> str:
        """Return what is compiled for this layer, as text.

        Parameters
        ----------
        stage : ``"graph"``, ``"plans"``, ``"loops"``, ``"ir"``, ``"optimised"`` or ``"assembly"``
        which : ``"inference"``, ``"forward"`` or ``"backward"``

        Raises
        ------
        BackendError
            If the layer's backend compiles nothing.
        """
        return source(self.plans(), self.backend, like=self._example, stage=stage, which=which)

    def stream(self, batch: int = 1) -> Stream:
        """Return what runs this layer one sample at a time; see `recurra.nn.Stream`."""
        return Stream(self, batch=batch)

    @property
    def _example(self) -> Tensor:
        return next(self.parameters(), torch.empty(0))
