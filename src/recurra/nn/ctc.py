"""Connectionist temporal classification, after the loss: the best text, the best of many, and where its labels are.

Graves, Fernández, Gomez and Schmidhuber (2006), Connectionist Temporal Classification. Label 0 is the blank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np

from recurra.errors import InputError

__all__ = ["Labelling", "PriorOfLabels", "ctc_align", "ctc_beam", "ctc_greedy"]

_NEVER = -np.inf

_LEAST = 1e-3
"""Probability at a step below which a label is not gone on with."""


class PriorOfLabels(Protocol):
    """What knows which labels follow which, such as an n-gram model.

    Examples
    --------
    >>> from recurra.nn import ctc_beam
    >>> class NotTwice:
    ...     def begin(self):
    ...         return 0
    ...     def next(self, state, label):
    ...         return (-5.0 if label == state else 0.0), label
    ...     def end(self, state):
    ...         return 0.0
    >>> steps = np.log([[0.1, 0.8, 0.1], [0.9, 0.05, 0.05], [0.2, 0.5, 0.3]])
    >>> ctc_beam(steps)[0].labels, ctc_beam(steps, prior=NotTwice())[0].labels
    ((1, 1), (1, 2))
    """

    def begin(self) -> Any:
        """Return the state before the first label."""
        ...

    def next(self, state: Any, label: int, /) -> tuple[float, Any]:
        """Return the logarithm of a label's probability after a state, and the state after it."""
        ...

    def end(self, state: Any, /) -> float:
        """Return the logarithm of the probability that nothing follows."""
        ...


@final
@dataclass(frozen=True, kw_only=True)
class Labelling:
    """Labels, the logarithm of their probability by CTC alone, and with the prior."""

    labels: tuple[int, ...]
    log_probability: float
    score: float


def ctc_greedy(log_probabilities: np.ndarray, /) -> list[int]:
    """Return the labels of the likeliest path: repeats are one label, blanks none.

    Parameters
    ----------
    log_probabilities
        (steps, labels), or any scores.

    Examples
    --------
    >>> import numpy
    >>> from recurra.nn import ctc_greedy
    >>> ctc_greedy(numpy.eye(3)[[1, 1, 0, 1, 2, 2]])
    [1, 1, 2]
    """
    path = _checked(log_probabilities).argmax(1)
    begins = np.concatenate([[True], path[1:] != path[:-1]])
    return path[begins & (path > 0)].tolist()


def ctc_beam(
    log_probabilities: np.ndarray,
    /,
    *,
    beam: int = 16,
    prior: PriorOfLabels | None = None,
    weight: float = 0.5,
    bonus: float = 0.0,
) -> list[Labelling]:
    """Return the likeliest label sequences, the best first: prefix beam search (Hannun et al. 2014).

    Paths that give the same labels count together, as they do in the loss.

    Parameters
    ----------
    log_probabilities
        (steps, labels).
    beam
        How many sequences are kept at each step.
    prior
        What knows which labels follow which; its logarithms count `weight`.
    weight, bonus
        How much the prior counts, and what each label adds, as a prior prefers short sequences.

    Examples
    --------
    >>> import numpy
    >>> from recurra.nn import ctc_beam
    >>> steps = numpy.log([[0.6, 0.4], [0.6, 0.4]])  # the likeliest path is empty, the likeliest labels are not
    >>> ctc_beam(steps, beam=4)[0].labels
    (1,)
    """
    values = _checked(log_probabilities)
    if beam < 1:
        raise InputError(f"beam: got {beam}, expected a number from 1 on")
    # of each prefix: the logarithms of ending in a blank and in its last label, what the prior says, and its state
    kept: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, _NEVER)}
    known: dict[tuple[int, ...], tuple[float, Any]] = {(): (0.0, prior.begin() if prior is not None else None)}

    def judged(prefix: tuple[int, ...]) -> float:
        return (weight * known[prefix][0] if prior is not None else 0.0) + bonus * len(prefix)

    for row in values:
        likely = [label for label in np.flatnonzero(row > np.log(_LEAST)).tolist() if label]
        likely = likely or [int(row[1:].argmax()) + 1]
        found: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [_NEVER, _NEVER])
        for prefix, (blank, label) in kept.items():
            both, last = float(np.logaddexp(blank, label)), prefix[-1] if prefix else 0
            same = found[prefix]
            same[0] = float(np.logaddexp(same[0], both + row[0]))
            if last:
                same[1] = float(np.logaddexp(same[1], label + row[last]))
            for new in likely:
                longer = found[(*prefix, new)]
                # the same label twice needs a blank between
                longer[1] = float(np.logaddexp(longer[1], (blank if new == last else both) + row[new]))
                if (*prefix, new) not in known:
                    total, state = known[prefix]
                    added, after = prior.next(state, new) if prior is not None else (0.0, None)
                    known[(*prefix, new)] = total + added, after
        ranked = sorted(found.items(), key=lambda each: -(np.logaddexp(each[1][0], each[1][1]) + judged(each[0])))
        kept = {prefix: (blank, label) for prefix, (blank, label) in ranked[:beam]}
    ended = [
        Labelling(
            labels=prefix,
            log_probability=(own := float(np.logaddexp(blank, label))),
            score=own + judged(prefix) + (weight * prior.end(known[prefix][1]) if prior is not None else 0.0),
        )
        for prefix, (blank, label) in kept.items()
    ]
    return sorted(ended, key=lambda each: -each.score)


def ctc_align(log_probabilities: np.ndarray, labels: Sequence[int], /) -> list[tuple[int, int]]:
    """Return of each label the first step and the one after its last, on the likeliest path that gives the labels.

    Parameters
    ----------
    log_probabilities
        (steps, labels).
    labels
        The labels, without blanks.

    Raises
    ------
    InputError
        If there are too few steps for the labels.

    Examples
    --------
    >>> import numpy
    >>> from recurra.nn import ctc_align
    >>> ctc_align(numpy.log(numpy.eye(3)[[0, 1, 1, 0, 2]] + 0.01), [1, 2])
    [(1, 3), (4, 5)]
    """
    values = _checked(log_probabilities)
    repeats = sum(a == b for a, b in zip(labels, list(labels)[1:], strict=False))
    if len(labels) + repeats > len(values):
        raise InputError(f"labels: got {len(labels)} with {repeats} repeats for {len(values)} steps; expected fewer")
    if not len(labels):
        return []
    # states: a blank, a label, a blank, ..., a blank
    states = np.zeros(2 * len(labels) + 1, np.int64)
    states[1::2] = labels
    skipping = np.full(len(states), _NEVER)
    skipping[3::2][states[3::2] != states[1:-2:2]] = 0.0  # the blank between two different labels may be left out
    gains = values[:, states]
    padded = np.full(len(states) + 2, _NEVER)  # two states that are none, then the best way to each state
    best, from_before, from_two = padded[2:], padded[1:-1], padded[:-2]
    best[:2] = gains[0, :2]
    came = np.zeros((len(values), len(states)), np.int64)
    for step in range(1, len(values)):
        of_two = from_two + skipping
        nearer = np.maximum(best, from_before)
        came[step] = np.where(of_two > nearer, 2, from_before > best)
        best[:] = np.maximum(nearer, of_two) + gains[step]
    state = len(states) - 1 if best[-1] > best[-2] else len(states) - 2
    path = [state]
    for step in range(len(values) - 1, 0, -1):
        state -= int(came[step, state])
        path.append(state)
    steps = np.array(path[::-1])
    places = [np.flatnonzero(steps == 2 * number + 1) for number in range(len(labels))]
    return [(int(each[0]), int(each[-1]) + 1) for each in places]


def _checked(scores: np.ndarray) -> np.ndarray:
    values = np.asarray(scores)
    if values.ndim != 2 or not len(values) or values.shape[1] < 2:
        raise InputError(f"log_probabilities: got shape {values.shape}, expected (steps, labels), the blank first")
    return values
