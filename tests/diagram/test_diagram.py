"""Diagrams of steps: what has a box, and that the drawn lines say which box reads which."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from reading import read

from recurra import Cell, bernoulli, cell, relu, sigmoid, tanh
from recurra.cells import LSTM, Elman, all_cells
from recurra.diagram.boxes import Box, boxes
from recurra.diagram.layout import drawing
from recurra.diagram.render import COLOURS, to_text


@cell
def Zoned(p, x, h):
    kept = bernoulli(0.1, like=h)
    return kept * h + (1 - kept) * tanh(x @ p.W + h @ p.U)


@cell(delays={"h_d": ("h", 3)}, sizes={"dt": 1, "W_y": ("hidden_size", "output_size")})
def Everything(p, x, h, c, *, dt, h_d):
    """A delay, a further input, a state that is passed on as it is, an output that is none, many crossings."""
    a = tanh(x @ p.W + h_d @ p.U + p.b)
    e = (x @ p.V + h @ p.R) * sigmoid(a + c)
    return (relu(e * dt) + a, h), e @ p.W_y + c @ p.W_c


@cell
def Tangled(p, x, a, b, c, d):
    """Each state goes where another one was."""
    return tanh(d + x @ p.W), tanh(c * a), tanh(b * d), tanh(a + b)


SVG = "{http://www.w3.org/2000/svg}"
CELLS = [*all_cells.values(), Zoned, Everything, Tangled]


def label(box: Box) -> str:
    return f"{box.name}: {box.text}" if box.kind == "value" else box.text


@pytest.mark.parametrize("made", CELLS, ids=lambda c: c.name)
def test_the_lines_of_the_text_are_the_wires_of_the_graph(made: Cell) -> None:
    """The diagram is read back from its characters; nothing lies on anything else, or it could not be."""
    drawn = boxes(made.written)
    expected = {(label(read), label(box), port) for box in drawn for port, read in enumerate(box.reads)}
    assert read(to_text(drawing(made.written))) == expected


@pytest.mark.parametrize("made", CELLS, ids=lambda c: c.name)
def test_frames_do_not_overlap(made: Cell) -> None:
    taken: set[tuple[int, int]] = set()
    drawn = drawing(made.written)
    for frame in drawn.frames:
        cells = {
            (row, column)
            for row in range(frame.top, frame.top + frame.height)
            for column in range(frame.left, frame.left + frame.width)
        }
        assert not cells & taken
        assert max(row for row, _ in cells) < drawn.height
        assert max(column for _, column in cells) < drawn.width
        taken |= cells


@pytest.mark.parametrize("made", CELLS, ids=lambda c: c.name)
def test_boxes_follow_what_they_read_and_nothing_is_left_out(made: Cell) -> None:
    drawn = boxes(made.written)
    for index, box in enumerate(drawn):
        assert all(drawn.index(read) < index for read in box.reads)
    written = " ".join(box.text for box in drawn)
    assert all(parameter.name in written for parameter in made.parameters)
    results = [box.text for box in drawn if box.kind == "result"]
    assert results[: len(made.written.states)] == [f"{state.name}[t]" for state in made.written.states]


def test_the_boxes_of_an_lstm() -> None:
    """Four gates, the two products, the cell state, the output: as it is drawn in textbooks."""
    drawn = boxes(LSTM.written)
    found = {(box.name, box.text): {label(read) for read in box.reads} for box in drawn if box.kind == "value"}
    gates = {name: f"{name}: {f}(x W_x{p} + h[t-1] W_h{p} + b_{p})"
             for name, f, p in (("i", "σ", "i"), ("f", "σ", "f"), ("o", "σ", "o"), ("g", "tanh", "c"))}  # fmt: skip
    expected = {tuple(gate.split(": ")): {"x[t]", "h[t-1]"} for gate in gates.values()}
    expected |= {
        ("", "f ⊙ c[t-1]"): {gates["f"], "c[t-1]"},
        ("", "i ⊙ g"): {gates["i"], gates["g"]},
        ("c", "□ + □"): {": f ⊙ c[t-1]", ": i ⊙ g"},
        ("h", "o ⊙ tanh(c)"): {gates["o"], "c: □ + □"},
    }
    assert found == expected


def test_an_elman_network_as_text() -> None:
    assert to_text(drawing(Elman.written)).splitlines() == [
        "         ┌ h ────────────────┐",
        "x[t] ───▶│ tanh(x W_x        │",
        "h[t-1] ─▶│ + h[t-1] W_h + b) ├─▶ h[t]",
        "         └───────────────────┘",
    ]


@pytest.mark.parametrize("made", CELLS, ids=lambda c: c.name)
def test_the_svg_has_every_box_wire_and_tip_within_its_page(made: Cell) -> None:
    drawn = drawing(made.written)
    root = ElementTree.fromstring(made.diagram(svg=True))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes_drawn = [r for r in root.iter(f"{SVG}rect") if "stroke-edge" in r.attrib["class"]]
    assert len(boxes_drawn) == sum(frame.box.kind == "value" for frame in drawn.frames)
    tips = [p for p in root.iter(f"{SVG}path") if p.attrib["class"].startswith("fill-")]
    assert (
        len(tips) == sum(len(wire.tips) for wire in drawn.wires) == sum(len(box.reads) for box in boxes(made.written))
    )
    shown = [text.text for text in root.iter(f"{SVG}text")]
    legend = ["from an input", "from a state", "a value of this step"]
    written = [
        line
        for frame in drawn.frames
        for line in ((frame.box.name,) if frame.box.kind == "value" and frame.box.name else ()) + frame.lines
    ]
    assert shown == [f"{made.name}, one step", *written, *legend]
    for shape in boxes_drawn:
        x, y, w, h = (float(shape.attrib[key]) for key in ("x", "y", "width", "height"))
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height


def test_the_svg_needs_nothing_else() -> None:
    """No script, no font or image from elsewhere."""
    made = LSTM.diagram(svg=True)
    assert "http" not in made.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in made
    assert "prefers-color-scheme: dark" in made
    assert "<desc>The dataflow of one step, from left to right: inputs x[t]; states h[t-1], c[t-1]; values" in made
    assert "<title>LSTM, one step</title>" in made


@pytest.mark.parametrize("made", CELLS, ids=lambda c: c.name)
def test_the_svg_has_its_colours_without_a_style_sheet(made: Cell) -> None:
    """Where no style sheet is read each shape has a light colour; in a dark viewer each changes."""
    found = made.diagram(svg=True)
    light = {light for light, _ in COLOURS.values()}
    for shape in ElementTree.fromstring(found).iter():
        if shape.tag.removeprefix(SVG) in ("rect", "text", "path", "circle"):
            painted = {shape.attrib.get("fill", "none"), shape.attrib.get("stroke", "none")} - {"none"}
            assert painted
            assert painted <= light
            assert all(f".{name} {{" in found for name in shape.attrib["class"].split())
    assert "var(" not in found
    assert "style=" not in found
