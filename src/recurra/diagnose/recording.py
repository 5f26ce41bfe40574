"""What the layers of a model ran on: their inputs and first states, as the model itself gave them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from torch import nn

from recurra.diagnose.layer_names import Place, recurrent_layers
from recurra.nn.watch import Flow, Ran, watched

__all__ = ["Recorded", "recorded_runs"]


@dataclass(frozen=True)
class Recorded:
    """The longest run of each layer and direction, of several the first."""

    runs: dict[Place, Ran] = field(default_factory=dict)


class _Recording:
    wants_gradients = False

    def __init__(self, module: str, recorded: Recorded) -> None:
        self._module, self._recorded = module, recorded

    def ran(self, run: Ran, /) -> None:
        """Keep a run that is longer than those before."""
        place, runs = Place(self._module, run.layer, run.direction.reverse), self._recorded.runs
        if place not in runs or len(run.batch_sizes) > len(runs[place].batch_sizes):
            runs[place] = run

    def flowed(self, flow: Flow, /) -> None:
        """Ignore backward passes."""


@contextmanager
def recorded_runs(model: nn.Module, /) -> Iterator[Recorded]:
    """Record what each recurrent layer of a model runs on inside."""
    recorded = Recorded()
    with watched([(layer, _Recording(name, recorded)) for name, layer in recurrent_layers(model)]):
        yield recorded
