"""What is measured of one direction of one layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from recurra.diagnose.bands import SingularBands, singular_bands
from recurra.diagnose.gates import Gate, Units, gates, state_units
from recurra.diagnose.layer_names import Place
from recurra.diagnose.memory import Memory, memory_of
from recurra.diagnose.nonfinite import NonFinite, first_non_finite
from recurra.diagnose.rerun import Rerun, few_sequences
from recurra.diagnose.retention import Retention, retentions
from recurra.nn.watch import Ran
from recurra.spec import Cell

__all__ = ["LayerDiagnosis", "diagnose_run", "where_numbers_end"]


@dataclass(frozen=True)
class LayerDiagnosis:
    """One direction of one layer along real sequences.

    Attributes
    ----------
    place : Place
    cell : Cell
    steps : int
        Of the longest sequence.
    memory : Memory
        How far back the state reaches.
    bands : SingularBands
        The singular values of its steps.
    gates : tuple of Gate
    retentions : tuple of Retention
        Forget gates: what the states keep of themselves.
    units : tuple of Units
    """

    place: Place
    cell: Cell
    steps: int
    memory: Memory
    bands: SingularBands
    gates: tuple[Gate, ...]
    retentions: tuple[Retention, ...]
    units: tuple[Units, ...]


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
    )


def where_numbers_end(run: Ran, /) -> NonFinite | None:
    """Return where a run left the finite numbers, computed in its own dtype."""
    dtype = run.states[0].dtype
    known = dtype if dtype in (torch.float32, torch.float64) else torch.float32
    return first_non_finite(Rerun(few_sequences(run, run.batch_sizes[0]), dtype=known))
