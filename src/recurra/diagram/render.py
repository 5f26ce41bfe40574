"""From a step to its diagram, in either form."""

from __future__ import annotations

from recurra.diagram.drawing import drawing
from recurra.diagram.svg import svg as to_svg
from recurra.diagram.text import text as to_text
from recurra.graph.step import Step

__all__ = ["render"]


def render(step: Step, *, title: str, svg: bool) -> str:
    """Return the diagram of a step as text, or as an SVG document with this title."""
    made = drawing(step)
    return to_svg(made, title=title) if svg else to_text(made)
