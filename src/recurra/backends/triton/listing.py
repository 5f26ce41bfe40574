"""What becomes of a cell on a GPU, stage by stage, as text: graph, plans, Triton."""

from __future__ import annotations

from recurra.backends.triton.program import Program
from recurra.derive.equations import show
from recurra.derive.plan import Plans
from recurra.errors import InputError

__all__ = ["STAGES", "listing"]

STAGES = ("graph", "plans", "triton")
"""From the equations to the source that Triton compiles."""


def listing(stage: str, plans: Plans, program: Program) -> str:
    """Return a stage as text; raise `InputError` for one that there is not."""
    match stage:
        case "graph":
            from recurra.backends.llvm.listing import graph_listing  # it brings a compiler along

            return graph_listing(plans)
        case "plans":
            return show(plans)
        case "triton":
            return program.text
    raise InputError(f"stage: got {stage!r}, expected one of {list(STAGES)}")
