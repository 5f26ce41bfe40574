"""JavaScript that trains: an ES module whose class runs a batch forward, and its derived backpropagation through time.

The statements of a pass are of one row; a function of a pass carries them out for so many rows from one on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from recurra.export.js import class_name, data_text, indented, index, key_of, statement_text, title_text
from recurra.export.js_functions import CHECKS, called
from recurra.export.js_runtime import BATCH_FUNCTIONS, ROW_PANEL, training_class
from recurra.export.program import CodeArray, Location, MatrixProduct, Statement, arrays_of
from recurra.export.training import OuterSum, TrainedState, TrainingCode, TrainingLayer, TrainingPass, TrainingStep

__all__ = ["JsTrainingWriter"]


class JsTrainingWriter:
    """Writes a model's training as an ES module.

    Parameters
    ----------
    code : TrainingCode
    name : str
        What the class is called by.
    made_of : str
        What the first line says that it was made of.
    """

    def __init__(self, code: TrainingCode, name: str, made_of: str) -> None:
        self.code, self.name, self.made_of = code, class_name(name), made_of

    def source(self) -> str:
        """Return the module."""
        steps = [
            part for layer in self.code.layers for offset, step in _beside(layer)
            for part in _StepWriter(step, layer, offset).source()
        ]  # fmt: skip
        inputs = ", ".join(f"{key_of(array)}: {array.size}" for array in self.code.inputs)
        once = (array for array in self.code.inputs if array.name in self.code.per_sequence)
        per_sequence = ", ".join(f'"{key_of(array)}"' for array in once)
        layers = ", ".join(f"[{', '.join(step.name for step in layer.steps)}]" for layer in self.code.layers)
        body = "\n".join(steps)
        parts = [
            title_text(self.made_of),
            called(f"{body} r_bytes("),
            BATCH_FUNCTIONS,
            data_text(self._data()),
            *steps,
            CHECKS,
            f"const LAYERS = [{layers}];",
            training_class(
                name=self.name,
                inputs=f"{{ {inputs} }}",
                per_sequence=per_sequence,
                output=self.code.layers[-1].output_size,
            ),
        ]
        return "\n".join(part for part in parts if part) + "\n"

    def _data(self) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
        """Yield what parameters and states begin with."""
        for layer in self.code.layers:
            for step in layer.steps:
                for each in step.parameters:
                    assert each.array.values is not None
                    yield f"begin_{each.name}", each.array.values
                for state in step.states:
                    if state.learnt is None and state.values.any():
                        yield f"begin_state_{state.name}", state.values


def _beside(layer: TrainingLayer) -> Iterator[tuple[int, TrainingStep]]:
    """Yield the directions of a layer, and where in its rows the output of each begins."""
    offset = 0
    for step in layer.steps:
        yield offset, step
        offset += step.output.size


class _StepWriter:
    """Writes one direction of one layer: the functions of its passes, and an object that says what they need."""

    def __init__(self, step: TrainingStep, layer: TrainingLayer, offset: int) -> None:
        self.step, self.layer, self.offset = step, layer, offset

    def source(self) -> Iterator[str]:
        """Yield the functions, then the object."""
        step = self.step
        names = []
        yield self._once("prepare", step.prepared, panels=True)
        yield self._once("finish", step.finished)
        for kind, each in (("forward", step.forward), ("backward", step.backward)):
            for part, statements in (("before", each.before), ("loop", each.loop), ("after", each.after)):
                name = f"{step.name}_{kind}_{part}"
                names.append(f"{kind}_{part}: {name if statements else 'null'}")
                if statements:
                    yield self._pass(name, statements)
        yield self._object(names)

    # functions -----------------------------------------------------------------------------------------------------

    def _pass(self, name: str, statements: Sequence[Statement | OuterSum]) -> str:
        """Return a function of the rows at hand; what follows products is carried out row by row."""
        used = dict.fromkeys(array.name for each in statements for array in self._arrays(each))
        lines = [f"const {{ {', '.join(used)} }} = m;"]
        together: list[Statement] = []
        for statement in statements:
            if isinstance(statement, MatrixProduct | OuterSum):
                lines += self._row_by_row(together)
                together = []
                lines += self._product(statement) if isinstance(statement, MatrixProduct) else self._outer(statement)
            else:
                together.append(statement)
        lines += self._row_by_row(together)
        return f"\nfunction {name}(m, row, n) {{\n{indented(lines)}\n}}"

    def _arrays(self, statement: Statement | OuterSum) -> Iterable[CodeArray]:
        if isinstance(statement, OuterSum):
            return statement.operand.array, statement.delta.array, statement.target
        if isinstance(statement, MatrixProduct):
            panels = [_panels(term.weights) for term in statement.terms]
            begin = [statement.start] if statement.start is not None else []
            return *arrays_of(statement), *panels, *begin
        return arrays_of(statement)

    def _row_by_row(self, statements: Sequence[Statement]) -> Iterator[str]:
        if not statements:
            return
        used = dict.fromkeys(array for each in statements for array in arrays_of(each))
        place = {array: f"at_{array.name}" for array in used if self._stride(array)}
        yield "for (let r = 0; r < n; r++) {"
        yield indented(f"const {at} = {self._begin(array, 'r')};" for array, at in place.items())
        yield indented(line for each in statements for line in statement_text(each, place))
        yield "}"

    def _stride(self, array: CodeArray) -> int:
        """Return how far the rows of an array are apart; 0 of what has no rows."""
        if array.kind == "output":
            return self.layer.output_size
        return 0 if array.kind in ("parameter", "whole", "total") else array.size

    def _begin(self, array: CodeArray, r: str = "") -> str:
        """Return where the first row at hand begins, or that row."""
        row = "row" if array.kind != "scratch" else ""
        row = f"({row} + {r})" if row and r else row or r
        text = f"{row} * {self._stride(array)}" if row else "0"
        return f"{text} + {self.offset}" if array.kind == "output" and self.offset else text

    def _product(self, product: MatrixProduct) -> Iterator[str]:
        target, width = product.target, product.width
        y = f"{target.array.name}, {self._at(target)}, {self._stride(target.array)}"
        start = product.start.name if product.start is not None else "null"
        yield f"r_start({start}, {width}, {y}, n);"
        for term in product.terms:
            operand = term.operand
            x = f"{operand.array.name}, {self._at(operand)}, {self._stride(operand.array)}, {term.rows}"
            yield f"r_rows({x}, {_panels(term.weights).name}, {width}, {y}, n);"

    def _outer(self, outer: OuterSum) -> Iterator[str]:
        a, d = outer.operand, outer.delta
        first = f"{a.array.name}, {self._at(a)}, {self._stride(a.array)}, {outer.rows}"
        second = f"{d.array.name}, {self._at(d)}, {self._stride(d.array)}, {outer.width}"
        yield f"r_outer({first}, {second}, n, {outer.target.name});"

    def _at(self, location: Location) -> str:
        return index(location, {location.array: self._begin(location.array)})

    def _once(self, name: str, statements: Sequence[Statement], *, panels: bool = False) -> str:
        """Return a function that computes what has no rows; before the forward pass, products' weights as panels."""
        terms = list(self._terms()) if panels else []
        used = dict.fromkeys(array.name for each in statements for array in arrays_of(each))
        used |= dict.fromkeys(_panels(weights).name for weights, _, _ in terms)
        lines = [f"const {{ {', '.join(used)} }} = m;"] if used else []
        lines += [line for each in statements for line in statement_text(each, {})]
        lines += [f"r_panels({w.name}, {rows}, {width}, {_panels(w).name});" for w, rows, width in terms]
        return f"\nfunction {self.step.name}_{name}(m) {{\n{indented(lines)}\n}}"

    def _terms(self) -> Iterator[tuple[CodeArray, int, int]]:
        """Yield the weights of products, once each, with rows and columns."""
        passes: tuple[TrainingPass, ...] = (self.step.forward, self.step.backward)
        statements = (each for found in passes for part in (found.before, found.loop, found.after) for each in part)
        products = [each for each in statements if isinstance(each, MatrixProduct)]
        yield from dict.fromkeys((term.weights, term.rows, each.width) for each in products for term in each.terms)

    # the object ----------------------------------------------------------------------------------------------------

    def _object(self, functions: Sequence[str]) -> str:
        step = self.step
        panels = {_panels(w).name: rows * -(-width // ROW_PANEL) * ROW_PANEL for w, rows, width in self._terms()}
        wholes = {array.name: array.size for array in step.wholes if array.kind == "whole"}
        parameters = ", ".join(
            f'["{each.name}", "{each.array.name}", begin_{each.name}, {_quoted(each.gradient)}]'
            for each in step.parameters
        )
        further = ", ".join(f'"{key_of(array)}"' for array in step.inputs[1:])
        fields = [
            f'name: "{step.name}"', f"isReversed: {str(step.reverse).lower()}", f"further: [{further}]",
            f"inputSize: {step.inputs[0].size}", f"outputSize: {self.layer.output_size}",
            f"parameters: [{parameters}]",
            f"states: [{', '.join(map(_state_text, step.states))}]",
            f"kept: {_sizes({array.name: array.size for array in step.kept})}",
            f"scratch: {_sizes({array.name: array.size for array in step.scratch})}",
            f"panels: {_sizes(panels)}", f"wholes: {_sizes(wholes)}",
            f"totals: {_sizes({array.name: array.size for array in step.wholes if array.kind == 'total'})}",
            f"prepare: {step.name}_prepare, finish: {step.name}_finish",
            *functions,
        ]  # fmt: skip
        return f"\nconst {step.name} = {{\n{indented(f'{field},' for field in fields)}\n}};"


def _state_text(state: TrainedState) -> str:
    begin = "null"
    if state.learnt is not None:
        begin = f'"{state.learnt.name}"'
    elif state.values.any():
        begin = f"begin_state_{state.name}"
    key = state.before.name.removeprefix("before_")
    return f'["{state.name}", "{key}", {state.before.size}, {begin}]'


def _panels(weights: CodeArray) -> CodeArray:
    """Return the array that has a product's weights in panels; there is one for each array of weights."""
    return CodeArray(f"panels_{weights.name}", weights.size, "whole")


def _sizes(sizes: dict[str, int]) -> str:
    return f"{{ {', '.join(f'{name}: {size}' for name, size in sizes.items())} }}" if sizes else "{}"


def _quoted(array: CodeArray | None) -> str:
    return "null" if array is None else f'"{array.name}"'
