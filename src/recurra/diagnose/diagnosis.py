"""`Diagnosis`: everything that was measured of a model on some data, with the verdicts; its page and its files."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recurra.diagnose.connectivity import Connectivity
from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.gates import Gate
from recurra.diagnose.layer import LayerDiagnosis, NonFinite
from recurra.diagnose.layer_names import Place, layer_names
from recurra.diagnose.parameter_sizes import ParameterSize
from recurra.diagnose.pictures import (
    bands_picture,
    connectivity_picture,
    distance_picture,
    gates_picture,
    heat_picture,
    history_picture,
    memory_picture,
)
from recurra.diagnose.verdicts import Finding
from recurra.errors import InputError
from recurra.report import (
    Block,
    Headline,
    Picture,
    Report,
    Section,
    Table,
    Text,
    counted,
    percent,
    plain,
    position_picture,
    rastered,
    render,
    standalone_svg,
)

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
    connectivity : Connectivity or None
        What each output depends on, in a sequence of the first batch.
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
    connectivity: Connectivity | None = None

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
            "layers": [_layer_to_dictionary(layer) for layer in self.layers],
            "gradient_by_step": [_curve_to_dictionary(curve) for curve in self.flow],
            "gradient_by_distance": [_curve_to_dictionary(curve) for curve in self.flow_back],
            "parameters": [{**asdict(each), "ratio": each.ratio} for each in self.parameters],
            "connectivity": _connectivity_to_dictionary(self.connectivity),
            "not_finite": [{"layer": str(place), **_plain(asdict(found))} for place, found in self.not_finite],
        }

    def to_json(self) -> str:
        """Return `to_dictionary` as JSON."""
        return json.dumps(_plain(self.to_dictionary()), allow_nan=False)

    def report(self) -> Report:
        """Return the page about it, for `recurra.report.render`."""
        return _report(self)

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
        return _write(self, Path(folder))


def _layer_to_dictionary(layer: LayerDiagnosis) -> dict[str, Any]:
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
            {"state": each.state, "factor": each.factor, "time_constants": each.time_constants.tolist()}
            for each in layer.retentions
        ],
        "states": [
            {"state": each.state, "norms": each.norms.tolist(), "constant": each.constant} for each in layer.units
        ],
    }


def _connectivity_to_dictionary(found: Connectivity | None) -> dict[str, Any] | None:
    return found and {"outputs": list(found.outputs), "inputs": list(found.inputs), "norms": found.norms.tolist()}


def _curve_to_dictionary(curve: FlowCurve) -> dict[str, Any]:
    return {"layer": str(curve.place), "name": curve.name, "norms": curve.norms.tolist()}


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


_AT_ONCE = 4
"""Gates in a picture."""


def _report(diagnosis: Diagnosis, /) -> Report:
    """Return the page: verdicts, gradients through time, each layer, the parameters."""
    sections = [
        Section(title="Verdict", blocks=tuple(_finding(each, diagnosis.where(each)) for each in diagnosis.findings))
    ]
    if diagnosis.flow:
        sections.append(Section(title="Gradients through time", blocks=tuple(_gradients(diagnosis))))
    if diagnosis.connectivity is not None:
        blocks = (connectivity_picture(diagnosis.connectivity),)
        sections.append(Section(title="What an output depends on", blocks=blocks))
    for layer in diagnosis.layers:
        title = diagnosis.name_of(layer.place)
        title = f"{title[:1].upper()}{title[1:]}, {layer.cell.name}"
        sections.append(Section(title=title, blocks=tuple(_layer(layer, diagnosis))))
    if diagnosis.parameters:
        sections.append(Section(title="Parameters", blocks=(_parameters(diagnosis),)))
    return Report(
        title=f"Diagnosis of {diagnosis.model}",
        subtitle=f"{', '.join(diagnosis.kinds).capitalize()}. Measured on "
        f"{counted(len(diagnosis.losses), 'batch', several='batches')}.",
        headlines=tuple(_headlines(diagnosis)),
        sections=tuple(sections),
    )


def _headlines(diagnosis: Diagnosis) -> Iterator[Headline]:
    yield Headline(label="verdict", value=diagnosis.findings[0].kind)
    for layer in diagnosis.layers[:2]:
        horizon = layer.memory.horizon
        value = plain(horizon) if horizon else f"over {layer.memory.lags}"
        yield Headline(label=f"memory, {diagnosis.name_of(layer.place)}", value=value, detail="steps until 1 % is left")
    if diagnosis.dependence is not None:
        how = "given" if diagnosis.is_dependence_given else "estimated from the inputs"
        yield Headline(label="the data depend on", value=f"{diagnosis.dependence}", detail=f"steps, {how}")
    if diagnosis.gradient_norms:
        typical = sorted(diagnosis.gradient_norms)[len(diagnosis.gradient_norms) // 2]
        yield Headline(label="gradient norm", value=plain(typical, digits=3), detail="of a typical batch")


def _finding(finding: Finding, where: str) -> Text:
    where = f" in {where}" if where else ""
    parts = [f"{finding.kind.capitalize()}{where}: {finding.evidence}."]
    if finding.advice:
        parts.append("To try: " + "; ".join(f"({n}) {a.text}" for n, a in enumerate(finding.advice, start=1)) + ".")
    return Text("\n\n".join(parts), is_note=finding.kind != "healthy")


def _gradients(diagnosis: Diagnosis) -> Iterator[Block]:
    yield heat_picture(_states(diagnosis.flow, diagnosis), names=_names(diagnosis))
    yield distance_picture(_states(diagnosis.flow_back, diagnosis), names=_names(diagnosis))
    if len(diagnosis.history) > 1:
        yield history_picture(diagnosis.history, in_use=diagnosis.history_in_use)
    if diagnosis.loss_by_step:
        yield position_picture(np.array(diagnosis.loss_by_step), position="step")


def _names(diagnosis: Diagnosis) -> dict[Place, str]:
    return {curve.place: diagnosis.name_of(curve.place) for curve in diagnosis.flow}


def _states(curves: tuple[FlowCurve, ...], diagnosis: Diagnosis) -> list[FlowCurve]:
    """Return the curves of states, without those of gates."""
    states = {(layer.place, name) for layer in diagnosis.layers for name in layer.cell.states}
    return [curve for curve in curves if (curve.place, curve.name) in states] or list(curves)


def _layer(layer: LayerDiagnosis, diagnosis: Diagnosis) -> Iterator[Block]:
    name = diagnosis.name_of(layer.place)
    yield memory_picture(layer, name=name, dependence=diagnosis.dependence)
    yield bands_picture(layer, name=name)
    titles = {"sigmoid": f"Sigmoid gates, {name}", "tanh": f"Values of tanh, {name}", "relu": f"Values of ReLU, {name}"}
    for function, title in titles.items():
        found = [gate for gate in layer.gates if gate.function == function]
        for begin in range(0, len(found), 1 if function == "relu" else _AT_ONCE):
            part = found[begin : begin + (1 if function == "relu" else _AT_ONCE)]
            yield gates_picture(f"{title}{f', {begin + 1} on' if begin else ''}", part)
    if layer.gates:
        yield _gates_table(layer.gates)
    if layer.retentions:
        yield _retentions_table(layer)


def _gates_table(found: tuple[Gate, ...]) -> Table:
    rows = tuple((gate.equation, percent(gate.low), percent(gate.high), percent(gate.dead)) for gate in found)
    return Table(
        title="Gates", header=("equation", "low end", "high end", "units always there"), rows=rows,
        caption="A sigmoid is at an end under .05 or over .95, a tanh beyond ±.95, a ReLU at 0.",
    )  # fmt: skip


def _retentions_table(layer: LayerDiagnosis) -> Table:
    rows = []
    for each in layer.retentions:
        constants = each.time_constants.sort().values
        count = len(constants)
        points = (constants[count // 10], constants[count // 2], constants[(9 * count) // 10], constants[-1])
        rows.append((f"{each.state}[t] = {each.factor} ⊙ {each.state}[t-1] + …", *(_steps(float(p)) for p in points)))
    return Table(
        title="Time constants", header=("forget gate", "shortest tenth", "half", "longest tenth", "longest"),
        rows=tuple(rows),
        caption="Steps after which a unit has shrunk to 1/e by its forget gate alone: -1 / log f, with the geometric "
        "mean of f over all steps.",
    )  # fmt: skip


def _steps(constant: float) -> str:
    return plain(constant, digits=3) if constant < 1e9 else "never"


def _parameters(diagnosis: Diagnosis) -> Table:
    rows = tuple(
        (each.name, plain(each.weight, digits=3), plain(each.gradient, digits=3), plain(each.ratio, digits=3))
        for each in diagnosis.parameters
    )
    return Table(
        title="Norms", header=("parameter", "weights", "gradient", "gradient / weights"), rows=rows,
        caption="Of the last batch. With plain SGD, the rate times the last column is the share of a weight that a "
        "step changes; parameters far below the others learn slowly.",
    )  # fmt: skip


def _write(diagnosis: Diagnosis, folder: Path, /) -> Path:
    """Write the files into a folder, which is made; see `Diagnosis.save`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before anything is drawn
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as beside:
            new = Path(beside)
            for name, content in _files(diagnosis).items():
                (new / name).write_bytes(content)
            for path in sorted(new.iterdir()):  # only when all are written
                path.replace(folder / path.name)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}") from error
    return folder


def _files(diagnosis: Diagnosis) -> dict[str, bytes]:
    with rastered() as pixels:
        report = _report(diagnosis)
    texts = {"report.html": render(report), "diagnosis.json": diagnosis.to_json(), **_pictures(report)}
    files = {name: text.encode() for name, text in texts.items()}
    return {**files, **{f"{_file_name(title)}.png": content for title, content in pixels.items()}}


def _pictures(report: Report) -> dict[str, str]:
    blocks = [block for section in report.sections for block in section.blocks]
    return {f"{_file_name(block.title)}.svg": standalone_svg(block) for block in blocks if isinstance(block, Picture)}


def _file_name(title: str) -> str:
    return "-".join(re.findall(r"\w+", title.lower()))
