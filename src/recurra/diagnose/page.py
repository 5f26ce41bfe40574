"""The page about a diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from recurra.diagnose.diagnosis import Diagnosis
from recurra.diagnose.findings import Finding
from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.gates import Gate
from recurra.diagnose.heat import heat_picture
from recurra.diagnose.layer import LayerDiagnosis
from recurra.diagnose.pictures import bands_picture, distance_picture, gates_picture, history_picture, memory_picture
from recurra.diagnose.places import Place
from recurra.report import Block, Headline, Report, Section, Table, Text
from recurra.report.language import position_picture
from recurra.report.numbers import counted, percent, plain

__all__ = ["diagnosis_report"]

_AT_ONCE = 4
"""Gates in a picture."""


def diagnosis_report(diagnosis: Diagnosis, /) -> Report:
    """Return the page: verdicts, gradients through time, each layer, the parameters."""
    sections = [
        Section(title="Verdict", blocks=tuple(_finding(each, diagnosis.where(each)) for each in diagnosis.findings))
    ]
    if diagnosis.flow:
        sections.append(Section(title="Gradients through time", blocks=tuple(_gradients(diagnosis))))
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
    for function, word in (("sigmoid", "Sigmoid gates"), ("tanh", "Values of tanh"), ("relu", "Values of ReLU")):
        found = [gate for gate in layer.gates if gate.function == function]
        for begin in range(0, len(found), 1 if function == "relu" else _AT_ONCE):
            part = found[begin : begin + (1 if function == "relu" else _AT_ONCE)]
            yield gates_picture(f"{word}, {name}{f', {begin + 1} on' if begin else ''}", part)
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
