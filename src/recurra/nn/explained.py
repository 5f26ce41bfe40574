"""What every layer says about itself: which backend runs it, and what is compiled for it."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from recurra.derive.plan import Plans
from recurra.nn.choice import Explanation, choose, source

__all__ = ["Explained"]


class Explained(torch.nn.Module):
    """A layer that says which backend runs it."""

    backend: str

    @abstractmethod
    def plans(self) -> Plans:
        """Return what runs now: in training with its noises, in evaluation without."""

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

    @property
    def _example(self) -> Tensor:
        return next(self.parameters(), torch.empty(0))
