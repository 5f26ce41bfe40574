"""`Diagnosis`: everything that was measured of a model on some data, with the verdicts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recurra.diagnose.findings import Finding
from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.layer import LayerDiagnosis
from recurra.diagnose.layer_names import Place, layer_names
from recurra.diagnose.nonfinite import NonFinite
from recurra.diagnose.parameter_sizes import ParameterSize

if TYPE_CHECKING:
    from recurra.report import Report

__all__ = ["Diagnosis"]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What `recurra.diagnose.diagnose` found.

    Attributes
    ----------
    model : str
    findings : tuple of Finding
        The verdicts, the gravest first.
    losses, gradient_norms : tuple of float
        Batch by batch.
    layers : tuple of LayerDiagnosis
        Empty where values are not finite.
    flow, flow_back : tuple of FlowCurve
        The norm of the whole gradient by step; and, by the number of steps before the end of a sequence, of what comes
        back from the last step alone.
    parameters : tuple of ParameterSize
    dependence : int or None
        Over how many steps the data depend on themselves: given, or estimated; None if it is not known.
    is_dependence_given : bool
    history : tuple of (int, float)
        The loss where each step has had so many steps of history, itself counted.
    history_in_use : int or None
        The shortest history with which the loss is as good as with all.
    loss_by_step : tuple of float
        The mean loss at each step of a sequence, where there is one for each.
    not_finite : tuple of (Place, NonFinite)
        Where NaN or infinity began.
    """

    model: str
    findings: tuple[Finding, ...]
    losses: tuple[float, ...]
    gradient_norms: tuple[float, ...]
    layers: tuple[LayerDiagnosis, ...] = ()
    flow: tuple[FlowCurve, ...] = ()
    flow_back: tuple[FlowCurve, ...] = ()
    parameters: tuple[ParameterSize, ...] = ()
    dependence: int | None = None
    is_dependence_given: bool = False
    history: tuple[tuple[int, float], ...] = ()
    history_in_use: int | None = None
    loss_by_step: tuple[float, ...] = ()
    not_finite: tuple[tuple[Place, NonFinite], ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the findings."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))

    def name_of(self, place: Place, /) -> str:
        """Return what people call a layer."""
        known = [layer.place for layer in self.layers] or [each for each, _ in self.not_finite]
        return layer_names(known).get(place, str(place))

    def where(self, finding: Finding, /) -> str:
        """Return what people call the layer of a finding; empty for the whole model."""
        places = (*(layer.place for layer in self.layers), *(place for place, _ in self.not_finite))
        return {str(place): self.name_of(place) for place in places}.get(finding.where, finding.where)

    def text(self) -> str:
        """Return the verdicts for a terminal."""
        lines = []
        for number, finding in enumerate(self.findings):
            where = f" ({self.where(finding)})" if finding.where else ""
            lines.append(f"{finding.kind}{where}: {finding.evidence}")
            following = self.findings[number + 1].advice if number + 1 < len(self.findings) else ()
            if finding.advice != following:  # the same for the next layer is said once
                lines += (f"  try: {each.text}" for each in finding.advice)
        return "\n".join(lines)

    def to_dictionary(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dictionaries; what is not finite is None."""
        return {
            "model": self.model,
            "findings": [asdict(finding) for finding in self.findings],
            "losses": _plain(self.losses),
            "gradient_norms": _plain(self.gradient_norms),
            "dependence": {"steps": self.dependence, "is_given": self.is_dependence_given},
            "history": [{"steps": steps, "loss": _plain(loss)} for steps, loss in self.history],
            "history_in_use": self.history_in_use,
            "loss_by_step": list(self.loss_by_step),
            "layers": [_layer(layer) for layer in self.layers],
            "gradient_by_step": [_curve(curve) for curve in self.flow],
            "gradient_by_distance": [_curve(curve) for curve in self.flow_back],
            "parameters": [{**asdict(each), "ratio": each.ratio} for each in self.parameters],
            "not_finite": [{"layer": str(place), **_plain(asdict(found))} for place, found in self.not_finite],
        }

    def to_json(self) -> str:
        """Return `to_dictionary` as JSON."""
        return json.dumps(_plain(self.to_dictionary()), allow_nan=False)

    def report(self) -> Report:
        """Return the page about it, for `recurra.report.render`."""
        from recurra.diagnose.page import diagnosis_report

        return diagnosis_report(self)

    def _repr_html_(self) -> str:
        """Return the page about it, with its pictures, for notebooks."""
        return self.report()._repr_html_()

    def save(self, folder: str | Path, /) -> Path:
        """Write `report.html`, `diagnosis.json` and the pictures as SVG and PNG files into a folder; return its path.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        from recurra.diagnose.files import write_diagnosis

        return write_diagnosis(self, Path(folder))


def _layer(layer: LayerDiagnosis) -> dict[str, Any]:
    memory, bands = layer.memory, layer.bands
    return {
        "layer": str(layer.place),
        "cell": layer.cell.name,
        "steps": layer.steps,
        "memory": {
            "horizon": memory.horizon,
            "gains": memory.gains.tolist(),
            "by_state": {name: gains.tolist() for name, gains in memory.by_state},
            "lyapunov_exponents": memory.exponents.tolist(),
            "is_whole": memory.is_whole,
        },
        "singular_values": {
            name: getattr(bands, name).tolist() for name in ("steps", "largest", "upper", "median", "lower", "smallest")
        },
        "gates": [{**asdict(gate), "histogram": gate.histogram.tolist()} for gate in layer.gates],
        "forget_gates": [
            _retention(each.state, each.factor, each.time_constants.tolist()) for each in layer.retentions
        ],
        "states": [
            {"state": each.state, "norms": each.norms.tolist(), "constant": each.constant} for each in layer.units
        ],
    }


def _retention(state: str, factor: str, constants: Sequence[float]) -> dict[str, Any]:
    return {"state": state, "factor": factor, "time_constants": constants}


def _curve(curve: FlowCurve) -> dict[str, Any]:
    return {"layer": str(curve.place), "name": curve.name, "norms": curve.norms.tolist()}


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
