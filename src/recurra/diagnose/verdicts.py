"""From what was measured to verdicts: which of the known failures it is, with its numbers, and what to try."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from recurra.diagnose.gates import Gate, forget_bias
from recurra.diagnose.layer import LayerDiagnosis

__all__ = ["Advice", "Finding", "Kind", "verdicts_of"]

Kind = Literal["not finite", "exploding", "vanishing", "short memory", "saturated", "dead", "healthy"]
"""In the order of how much they matter."""


@dataclass(frozen=True)
class Advice:
    """Something to try.

    Attributes
    ----------
    text : str
    options : mapping
        Options of a task that do it, such as ``{"clip": 0.5}``.
    init : mapping
        Initialisations of the cell that do it, such as ``{"b_f": 4.6}``.
    transform : str
        The name of one of `recurra.transforms` that does it.
    """

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    init: Mapping[str, float | str] = field(default_factory=dict)
    transform: str = ""

    @property
    def can_be_tried(self) -> bool:
        """Whether a training can be run with it."""
        return bool(self.options or self.init or self.transform)


@dataclass(frozen=True)
class Finding:
    """A verdict.

    Attributes
    ----------
    kind : Kind
    where : str
        The layer, empty for the whole model.
    evidence : str
        A sentence with the numbers.
    numbers : mapping
        The same numbers by name.
    advice : tuple of Advice
        The most promising first.

    Examples
    --------
    >>> from recurra.diagnose import Advice, Finding
    >>> tried, said = Advice("clip the gradient", options={"clip": 0.5}), Advice("look at the data")
    >>> finding = Finding("exploding", where="", evidence="the norm grows 1,000 times", advice=(tried, said))
    >>> [each.text for each in finding.advice if each.can_be_tried]
    ['clip the gradient']
    """

    kind: Kind
    where: str
    evidence: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()


_GROWS, _EXPLODES = 0.01, 100.0
_LOST = 1e-6
_SATURATED = 0.8
"""In trainings that went well up to 0.72 of a gate's values were at the ends (an LSTM on characters, whose loss still
fell); in networks that did not learn for it, or hardly, 0.9 and more: benchmarks/results/saturation.json."""

_DEAD = 0.1
_LONG = 10.0
"""Steps: a forget gate with such a time constant is open."""


def verdicts_of(
    layers: Sequence[LayerDiagnosis], /, *, dependence: int | None, gradient_norms: Sequence[float]
) -> tuple[Finding, ...]:
    """Return the findings, the gravest first; "healthy" where there is none.

    Parameters
    ----------
    layers
        What was measured.
    dependence
        Over how many steps the data depend on themselves, None if it is not known.
    gradient_norms
        Of the parameters' gradients, batch by batch.
    """
    order = ("exploding", "vanishing", "short memory", "saturated", "dead")
    found = [finding for layer in layers for finding in _of_layer(layer, dependence, gradient_norms)]
    found.sort(key=lambda finding: order.index(finding.kind))
    return tuple(found) or (_healthy(layers, dependence),)


def _of_layer(layer: LayerDiagnosis, dependence: int | None, norms: Sequence[float]) -> Iterator[Finding]:
    yield from _exploding(layer, norms)
    yield from _forgetting(layer, dependence)
    yield from _saturated(layer)
    yield from _dead(layer)


def _exploding(layer: LayerDiagnosis, norms: Sequence[float]) -> Iterator[Finding]:
    memory = layer.memory
    grown, rate = float(memory.gains.max()), math.exp(min(float(memory.exponents[0]), 50.0))
    if float(memory.exponents[0]) < _GROWS or grown < _EXPLODES:
        return
    clip = _typical(norms)
    yield Finding(
        "exploding", str(layer.place),
        f"a gradient grows by {rate:.3g} a step, {grown:.3g}-fold over {memory.lags} steps; the parameters' gradient "
        f"has the norm {clip:.3g} in a typical batch, {max(norms, default=0.0):.3g} at most",
        {"growth": rate, "gain": grown, "typical_norm": clip, "largest_norm": max(norms, default=0.0)},
        (
            Advice(f"clip gradients at the norm {clip:.2g}, that of a typical batch", {"clip": _two_digits(clip)}),
            *_orthogonal_advice(layer),
            *([] if layer.retentions else [Advice("take a cell with gates, such as LSTM", {"cell": "LSTM"})]),
            Advice("shorten what the gradient goes back through (truncation)"),
        ),
    )  # fmt: skip


def _forgetting(layer: LayerDiagnosis, dependence: int | None) -> Iterator[Finding]:
    """Find what does not reach back far enough: a plain recurrence vanishes, a gate forgets."""
    memory = layer.memory
    reach = dependence or layer.steps
    left, horizon = memory.gain_at(reach), memory.horizon
    is_short = horizon is not None and horizon < reach and (dependence is not None or left < _LOST)
    if not is_short:
        return
    needed = f"the data depend on {dependence}" if dependence else f"the sequences have {layer.steps}"
    evidence = (
        f"after {horizon} steps a state has under 1 % of its influence, and {needed}: {left:.2g} of the gradient goes "
        f"back so far"
    )
    numbers = {"horizon": float(horizon or 0), "needed": float(reach), "gain": left}
    if _can_keep(layer):
        constant = max(float(each.time_constants.median()) for each in layer.retentions)
        evidence += f"; half of the units of {layer.retentions[0].factor} forget within {constant:.3g} steps"
        if dependence is not None:
            numbers["time_constant"] = constant
            yield Finding("short memory", str(layer.place), evidence, numbers, _keep_longer(layer, reach))
        return
    yield Finding("vanishing", str(layer.place), evidence, numbers, _reach_back(layer, reach))


def _can_keep(layer: LayerDiagnosis) -> bool:
    return bool(layer.retentions)


def _keep_longer(layer: LayerDiagnosis, reach: int) -> tuple[Advice, ...]:
    found = forget_bias(layer.cell)
    if found is None:
        said = "take a cell whose forget gate has a bias to begin with, such as LSTM or GRU"
        return Advice(said, {"cell": "LSTM"}), *_reach_back(layer, reach)[1:]
    name, sign = found
    bias = round(sign * math.log(max(reach - 1, 2)), 2)
    return (
        Advice(f"begin with {name} = {bias:g}, which keeps for about {reach} steps; or, so that units differ, with "
               f"chrono({reach}, ...) (recurra.nn.chrono: Tallec & Ollivier 2018)", init={name: bias}),
        Advice(f"give the cell less to remember: fewer, longer steps, or a window shorter than {reach}"),
    )  # fmt: skip


def _reach_back(layer: LayerDiagnosis, reach: int) -> tuple[Advice, ...]:
    return (
        Advice("take a cell with gates, such as LSTM or GRU", {"cell": "LSTM"}),
        *_orthogonal_advice(layer),
        Advice(f"shorten the sequences: most of {reach} steps teach nothing"),
    )


def _orthogonal_advice(layer: LayerDiagnosis) -> list[Advice]:
    """Return the advice to begin with orthogonal matrices on the state, where the cell does not."""
    others = [each.name for each in layer.cell.parameters if each.role == "state matrix" and each.init != "orthogonal"]
    said = "begin with orthogonal matrices on the state, which neither shrink nor stretch"
    return [Advice(said, init=dict.fromkeys(others, "orthogonal"))] if others else []


def _saturated(layer: LayerDiagnosis) -> Iterator[Finding]:
    for gate in layer.gates:
        if gate.function != "relu" and gate.saturated > _SATURATED and not _is_meant(gate, layer):
            yield Finding(
                "saturated", str(layer.place),
                f"{100 * gate.saturated:.0f} % of the values of {gate.name} are at an end of its range, where its "
                f"derivative is all but zero ({100 * gate.low:.0f} % low, {100 * gate.high:.0f} % high)",
                {"low": gate.low, "high": gate.high},
                (Advice("normalise what goes into the gates: recurra.transforms.layer_norm", transform="layer_norm"),
                 Advice("scale the inputs to about 1, or begin with smaller matrices on them"),
                 Advice("take a lower learning rate; large steps push gates to their ends")),
            )  # fmt: skip


def _is_meant(gate: Gate, layer: LayerDiagnosis) -> bool:
    """Return whether a gate is at an end for a memory's sake: it keeps the state, or shuts what is new out of it."""
    if any(each.factor == gate.name for each in layer.retentions):
        return True
    keeps_long = any(float(each.time_constants.median()) > _LONG for each in layer.retentions)
    return keeps_long and gate.function == "sigmoid" and gate.low > gate.high


def _dead(layer: LayerDiagnosis) -> Iterator[Finding]:
    for gate in layer.gates:
        if gate.function == "relu" and gate.dead > _DEAD:
            yield _dead_finding(
                layer, f"{100 * gate.dead:.0f} % of the units of {gate.name} are zero throughout", gate.dead
            )
    zero = {gate.name for gate in layer.gates if gate.function == "relu" and gate.dead > _DEAD}
    for units in layer.units:
        if units.state not in zero and units.constant > _DEAD and layer.steps > 1:
            said = f"{100 * units.constant:.0f} % of the units of the state {units.state} never move"
            yield _dead_finding(layer, said, units.constant)


def _dead_finding(layer: LayerDiagnosis, evidence: str, share: float) -> Finding:
    return Finding(
        "dead", str(layer.place), evidence, {"share": share},
        (Advice("take a lower learning rate: a large step can push a unit where it has no gradient"),
         Advice("take a tanh or gated cell instead of ReLU", {"cell": "LSTM"}),
         Advice("begin with the identity on the state (IRNN: Le, Jaitly & Hinton 2015)")),
    )  # fmt: skip


def _healthy(layers: Sequence[LayerDiagnosis], dependence: int | None) -> Finding:
    reach = dependence or max(layer.steps for layer in layers)
    gain = max(layer.memory.gain_at(reach) for layer in layers)
    growth = max(math.exp(min(float(layer.memory.exponents[0]), 50.0)) for layer in layers)
    return Finding(
        "healthy", "", f"gradients neither vanish nor explode: {gain:.2g} of one goes back {reach} steps, and it grows "
        f"by {growth:.3g} a step at most; gates move and no unit is dead", {"gain": gain, "growth": growth},
    )  # fmt: skip


def _typical(norms: Sequence[float]) -> float:
    return sorted(norms)[len(norms) // 2] if norms else 1.0


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
