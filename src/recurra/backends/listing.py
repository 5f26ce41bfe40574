"""What becomes of a cell before a backend has its own say, as text: the graph and the plans."""

from __future__ import annotations

from recurra.derive.equations import show
from recurra.derive.plan import Plans
from recurra.graph.node import Node, topological

__all__ = ["PLAN_STAGES", "plan_stage"]

PLAN_STAGES = ("graph", "plans")
"""From the equations to the plans."""


def plan_stage(stage: str, plans: Plans) -> str:
    """Return one of `PLAN_STAGES` as text."""
    return show(plans) if stage == "plans" else _graph(plans)


def _graph(plans: Plans) -> str:
    """Return every node of the step, arguments first."""
    step = plans.forward.step
    numbers: dict[Node, str] = {}
    lines = []
    for node in topological(step.roots):
        if not node.args and node.attributes and "name" in dict(node.attributes):
            numbers[node] = node["name"]
            continue
        numbers[node] = f"%{len(lines)}"
        inner = ", ".join([numbers[argument] for argument in node.args] or [str(value) for _, value in node.attributes])
        shape = " x ".join(map(str, node.shape)) or "1"
        lines.append(f"{numbers[node]} = {node.op}({inner}) : {'rows of ' if node.rows else ''}{shape}")
    pairs = zip(step.states, step.next_states, strict=True)
    return "\n".join([*lines, *(f"{state['name']} <- {numbers[node]}" for state, node in pairs)]) + "\n"
