"""A trial of a search: the values that were tried, what came out, and what it cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from recurra.report import plain
from recurra.tasks.cost import Cost

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["TRAINED", "Ending", "Trial", "value_text"]

Ending = Literal["complete", "pruned", "diverged", "over budget", "refused", "lost", "running"]
"""How a trial ended; "lost" is one whose training was cut, which is tried again."""

TRAINED: frozenset[Ending] = frozenset({"complete", "pruned", "diverged"})
"""Those that count."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One training of a search.

    Attributes
    ----------
    number
        From 0.
    values
        The options that were searched.
    ended
        "complete", "pruned" (worse than the median of the others), "diverged" (a loss that is not finite), "over
        budget" and "refused" (values that do not go together), which were never trained, "lost" (cut, by Ctrl-C or
        worse, and tried again), "running".
    value
        The best validation; None where there was none.
    course
        Validation (from 1) -> the best value so far, at those at which it was compared with the others.
    cost
        What the training cost, None if it did not come so far.
    epochs, seconds
        How long it was trained.
    reason
        Why it ended as it did, where that needs words.

    Examples
    --------
    >>> from recurra.tune import Trial
    >>> trial = Trial(number=0, values={"hidden_size": 16}, ended="pruned", value=1.5, epochs=3)
    >>> trial.row()["hidden_size"], trial.row()["value"], trial.ended
    (16, 1.5, 'pruned')
    """

    number: int
    values: Mapping[str, Any]
    ended: Ending
    value: float | None = None
    course: Mapping[int, float] = field(default_factory=dict)
    cost: Cost | None = None
    epochs: int = 0
    seconds: float = 0.0
    reason: str = ""

    @classmethod
    def of(cls, kept: FrozenTrial, /) -> Trial:
        """Return a trial as the storage has it."""
        known = kept.user_attrs
        cost = known.get("cost")
        return cls(
            number=kept.number,
            values=dict(kept.params),
            ended=_ended(kept),
            value=known.get("value"),
            course=dict(kept.intermediate_values),
            cost=Cost(**cost) if cost else None,
            epochs=known.get("epochs", 0),
            seconds=known.get("seconds", 0.0),
            reason=known.get("reason", ""),
        )

    def row(self) -> dict[str, Any]:
        """Return all but the course, flat, as a table has it."""
        figures = [each.name for each in dataclasses.fields(Cost)]
        cost = dataclasses.asdict(self.cost) if self.cost else dict.fromkeys(figures)
        return {
            "number": self.number, "ended": self.ended, "value": self.value, **self.values, **cost,
            "epochs": self.epochs, "seconds": self.seconds, "reason": self.reason,
        }  # fmt: skip


def _ended(kept: FrozenTrial) -> Ending:
    if not kept.state.is_finished():
        return "running"
    return kept.user_attrs.get("ended", "lost")


def value_text(value: Any, /) -> str:
    """Return a value in words."""
    return plain(value, digits=3) if isinstance(value, float) else str(value)
