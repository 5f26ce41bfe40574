"""An artefact that runs one sequence at a time, and so do the models that make its inputs beside `x`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import Array, ExportedModel

__all__ = ["OneByOne", "RunSequence"]

RunSequence = Callable[[Sequence[Array], Sequence[Array] | None], tuple[Array, Sequence[Array]]]
"""From all inputs, `x` first, and first states, or None, to the output rows and the last states.

States are those of all directions in their order.
"""


class OneByOne:
    """Runs the sequences of a batch one after the other; see `recurra.export.checking.Artefact`.

    Parameters
    ----------
    model : ExportedModel
    run : RunSequence
    readers : mapping from the name of an input beside `x` to what runs the model that makes it
    """

    def __init__(self, model: ExportedModel, run: RunSequence, readers: Mapping[str, RunSequence]) -> None:
        self.model, self._run, self._readers = model, run, readers

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run sequences."""
        steps, batch = sequences.x.shape[:2]
        model = self.model
        y = np.zeros((model.output_steps(steps), batch, model.output_size), np.float32)
        states = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in model.groups]
        for b in range(batch):
            length = steps if sequences.lengths is None else sequences.lengths[b]
            inputs = [np.ascontiguousarray(sequences.x[:length, b])]
            for name in model.inputs:
                if name in self._readers:
                    tokens, lengths = sequences.read[name]
                    rows = [self._readers[name]([tokens[t, b, : lengths[t, b]]], None)[0] for t in range(length)]
                    inputs.append(np.concatenate(rows))
                    continue
                values = sequences.inputs[name]
                inputs.append(np.ascontiguousarray(values[b] if name in model.per_sequence else values[:length, b]))
            given = None if sequences.states is None else _of_sequence(sequences.states, b)
            output, finals = self._run(inputs, given)
            y[: len(output), b] = output
            for final, into in zip(finals, _of_sequence(states, b), strict=True):
                into[:] = final
        return RunValues(y, states if model.keeps_state else [])


def _of_sequence(states: Sequence[Sequence[Array]], b: int) -> list[Array]:
    """Return views of the states of one sequence as they lie in a state: direction by direction."""
    return [state[k, b] for group in states for k in range(len(group[0])) for state in group]
