"""What becomes of a cell, stage by stage, as text: graph, plans, loops, LLVM's IR, assembly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from recurra.backends.listing import PLAN_STAGES, plan_stage
from recurra.backends.llvm.compiler import Target, assembly, optimised
from recurra.backends.llvm.loops import Function
from recurra.backends.llvm.program import Program
from recurra.derive.equations import adjoint_names, forward_names
from recurra.derive.plan import Plans
from recurra.derive.schedule import StartedProduct
from recurra.derive.stages import Product
from recurra.errors import InputError
from recurra.graph.node import Node
from recurra.graph.printing import TEXT, ExpressionWriter

__all__ = ["STAGES", "VARIABLE", "listing", "say_stages"]

STAGES = (*PLAN_STAGES, "loops", "ir", "optimised", "assembly")
"""From the equations to the machine."""

VARIABLE = "RECURRA_DEBUG"
"""The environment variable that names stages, divided by commas: each program prints them when it is made."""


def listing(stage: str, plans: Plans, program: Program, target: Target) -> str:
    """Return a stage as text; raise `InputError` for one that there is not."""
    match stage:
        case "graph" | "plans":
            return plan_stage(stage, plans)
        case "loops":
            return _Loops(plans).text(program)
        case "ir":
            return program.text
        case "optimised":
            return str(optimised(program.text, target))
        case "assembly":
            return assembly(program.text, target)
    raise InputError(f"stage: got {stage!r}, expected one of {list(STAGES)}")


def say_stages(name: str, plans: Plans, program: Program, target: Target) -> None:
    """Print the stages that the environment asks for, to the standard error stream."""
    for stage in filter(None, os.environ.get(VARIABLE, "").split(",")):
        sys.stderr.write(f"--- {name}: {stage}\n{listing(stage.strip(), plans, program, target)}\n")


class _Loops:
    """Writes the loops of a program, with the names that the plans have."""

    def __init__(self, plans: Plans) -> None:
        self.names = {
            **forward_names(plans.forward.step, TEXT, named=plans.forward.names),
            **adjoint_names(plans.forward, plans.backward),
        }
        self.writer = ExpressionWriter(TEXT, self.names)
        self.made = 0

    def text(self, program: Program) -> str:
        """Return what runs before, in and after the time loop."""
        lines = []
        for stage in program.before:
            lines += ["before, over all rows", *self._function(stage.function)]
        lines += ["time loop", *self._function(program.loop)]
        for carried in program.carried:
            place = "every step's value is kept" if carried.kept else "two places in turns"
            lines.append(f"  carried: {self.writer.write(carried.leaf)}, {place}")
        for stage in program.after:
            lines += ["after, over all rows", *(self._product(product, "torch: ") for product in stage.products)]
            lines += self._function(stage.function)
        return "\n".join(lines) + "\n"

    def _function(self, function: Function | None) -> Iterator[str]:
        for stage in function.schedule.stages if function else ():
            for product in stage.products:
                yield self._product(product, "product: ")
            for group in stage.groups:
                yield f"  loop over {group.width}:"
                for node in group.stores:
                    yield f"    {self._name(node)} = {self.writer.define(node)}"

    def _product(self, product: Product, kind: str) -> str:
        lines = zip(product.operands, product.weights, strict=True)
        terms = [f"{self.writer.write(operand)} [{self._side(line)}]" for operand, line in lines]
        if isinstance(product, StartedProduct) and any(product.start):
            terms.insert(0, f"[{' '.join(self.writer.write(node) if node else '0' for node in product.start)}]")
        results = " ".join(self._name(result) for result in product.results)
        return f"  {kind}[{results}] = {' + '.join(terms)}"

    def _side(self, line: tuple[Node, ...]) -> str:
        return " ".join(self.writer.write(weight) for weight in line)

    def _name(self, node: Node) -> str:
        """Return the name of a value; one that has none is numbered."""
        if node not in self.names:
            self.made += 1
            self.names[node] = f"v{self.made}"
        return self.names[node]
