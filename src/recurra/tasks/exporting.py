"""What the tasks' exported models have in common: the network as a check calls it, and the file of tables beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

__all__ = ["Answering", "front_named", "layers_named", "tables", "typical"]


class Answering(nn.Module):
    """A network as a check of an export calls it: packed sequences in, what the model says of them out.

    Parameters
    ----------
    network
        Of the task.
    answer
        What the model says of packed sequences, given the network, these, and further inputs by name.
    """

    def __init__(self, network: nn.Module, answer: Callable[..., Tensor | PackedSequence], /) -> None:
        super().__init__()
        self.network, self._answer = network, answer

    def forward(
        self, sequences: PackedSequence, states: None = None, *, inputs: Mapping[str, Any] | None = None
    ) -> tuple[Tensor | PackedSequence, tuple[()]]:
        """Return the answer, and no states."""
        return self._answer(self.network, sequences, **(inputs or {})), ()

    def _get_name(self) -> str:
        return self.network._get_name()


def tables(
    task: str, *, artefact: Sequence[str], outside: Sequence[str], inputs: Mapping[str, Any], output: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stands in the file beside an artefact.

    Parameters
    ----------
    task
        Its name.
    artefact
        What the artefact computes, in order.
    outside
        What is to be done before and after it.
    inputs, output
        What is to be known to make the artefact's inputs, each by its name, and to read its output.
    """
    return {"task": task, "artefact": [*artefact], "outside": [*outside], "inputs": {**inputs}, "output": {**output}}


def typical(level: np.ndarray, spread: np.ndarray, *, rows: int = 64) -> np.ndarray:
    """Return drawn rows (rows, channels) float32 of data of such a level and spread (channels,)."""
    drawn = np.random.default_rng(0).standard_normal((rows, len(level)))
    return (level + spread * drawn).astype(np.float32)


def front_named(network: Any) -> list[str]:
    """Return what stands before the recurrent layers of a network that may have a scale and convolutions, as words."""
    scales = {"running": "of the recording so far", "recording": "of the whole recording"}
    found = [] if network.standardise is None else [f"each feature at the scale {scales[network.standardise.kind]}"]
    if network.front is not None:
        count = len(network.front.convolutions)
        found.append(f"{count} convolution{'s' * (count > 1)}")
    return found


def layers_named(layer: Any) -> str:
    """Return recurrent layers as words: "2 layers of LSTM, both directions"."""
    count = f"{layer.num_layers} layer{'s' * (layer.num_layers > 1)} of {layer.cell.name}"
    return f"{count}, both directions" if layer.bidirectional else count
