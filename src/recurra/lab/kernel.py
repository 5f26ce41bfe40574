"""Plans as JavaScript whose sizes are arguments: what the lab's page runs, forward and derived backward.

An export has its sizes in it; here one text serves all of them, so that a page can change them. Numbers are of double
precision, and every value that is kept has a row for each step of each sequence, so that a page can look at it. What
takes the most time, products, sigmoid and tanh, a kernel calls by name for many rows at once: see `web/vectors.js`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from recurra.derive.backward import pull_back
from recurra.derive.stages import Product, Segment
from recurra.errors import ExportError
from recurra.export.js_functions import SPELLING
from recurra.graph.node import REDUCTIONS, SCANS, Node, Size, add, leaf, topological
from recurra.spec import Cell

__all__ = ["kernel_source", "lacking"]

_PASSED_THROUGH = frozenset({"broadcast", "stop_gradient", "surrogate"})
"""What is its first argument, in another shape or with another derivative."""
_ROWWISE = frozenset({*SPELLING, *_PASSED_THROUGH})
_IN_PLACE = frozenset({"sigmoid", "tanh"})
"""What the runtime computes of a whole array, in which its arguments are: it takes longer than all else in a nest."""


def kernel_source(cell: Cell) -> str:
    """Return a function of the sizes and of the runtime's functions, as text, that gives a cell's kernel.

    Raises
    ------
    ExportError
        If a page has no place for what the cell needs: noise, or numbers that are functions of the sizes.
    """
    needed = lacking(cell)
    if needed:
        raise ExportError(f"{cell.name}: the lab does not run {_NEEDS[needed]}")
    return _KernelWriter(cell).source()


_NEEDS = {
    "noise": "noise or statistics of a batch",
    "arrays": "arrays of numbers beside the equations",
    "learnt": "initial states that are learnt",
}


def lacking(cell: Cell) -> str:
    """Return what a cell needs that the page has no place for: "noise", "arrays", "learnt", or ""."""
    given = {**cell.init, **cell.fixed, **cell.initial}.values()
    if cell.random or cell.statistics:
        return "noise"
    if any(not isinstance(each, (float, str)) for each in given):
        return "arrays"
    return "learnt" if "learnt" in cell.initial.values() else ""


@dataclass
class _Group:
    """Operations of one shape, one after the other: a nest of loops computes them together.

    `level` says how many of `_IN_PLACE` come before them, one of the other.
    """

    shape: tuple[Size, ...]
    level: int
    nodes: list[Node] = field(default_factory=list)


class _KernelWriter:
    def __init__(self, cell: Cell) -> None:
        self.cell, self.plans = cell, cell.plans()
        self.forward, self.backward = self.plans.forward, self.plans.backward
        self.arrays: dict[Node, str] = {}
        self.rows: dict[str, Node] = {}  # arrays with a row for each step and sequence
        self.scratch: dict[str, Node] = {}  # arrays with a row for each row at hand
        self.once: dict[str, Node] = {}  # arrays without rows
        self.panels: dict[Node, str] = {}
        self.after_step: set[Node] = set()  # leaves whose rows are those of the next step
        self.views: dict[str, str] = {}  # arrays that are states: those after a step, or gradients of those before it
        self.totals: list[str] = []  # arrays without rows that the rows are summed into
        self.prepared: list[str] = []
        self.made: set[Node] = set()  # what has no rows and is computed
        self._name_leaves()

    def source(self) -> str:
        """Return the text."""
        forward, backward, step = self.forward, self.backward, self.forward.step
        ahead, behind = ((plan.before, plan.loop, plan.after) for plan in (forward, backward))
        wanted = {_unshaped(node) for segment in behind for node in segment.writes}
        kept = {_unshaped(node) for segment in ahead for node in segment.writes} | wanted
        kept |= set(map(_unshaped, (*forward.saved, *step.outputs, *step.next_states, *step.names)))
        known = kept & {node for segment in ahead for node in segment.nodes}
        for node in topological([*step.roots, *backward.step.roots]):
            if node.rows and node.args and node in known | wanted:
                self.arrays[node] = f"v{len(self.rows)}"
                self.rows[self.arrays[node]] = node
        passes = [self._pass(segment, known) for segment in ahead]
        passes += [self._pass(segment, wanted, known) for segment in behind]
        carried = self._handed_on("s", step.next_states, "(row + n)")
        back = self._handed_on("g", backward.step.states, "row")
        for place, lines in ((1, carried), (4, back)):
            passes[place] = "\n".join([passes[place], *lines]).strip()
        return self._text(passes, self._gather(), self._finish())

    # names ---------------------------------------------------------------------------------------------------------

    def _name_leaves(self) -> None:
        step, back = self.forward.step, self.backward.step
        self.arrays |= {leaf: f"e{number - 1}" if number else "x" for number, leaf in enumerate(step.inputs)}
        self.arrays[back.incoming_outputs[0]] = "dy"
        for number, (state, incoming) in enumerate(zip(step.states, back.incoming_states, strict=True)):
            self.arrays[state], self.arrays[incoming] = f"s{number}", f"g{number}"
            self.after_step.add(incoming)
        for number, parameter in enumerate(self.cell.step.parameters):
            self.arrays[parameter] = f"p{number}"
            self.made.add(parameter)

    def _array(self, node: Node, kind: dict[str, Node]) -> str:
        """Return the name of a node's array, a new one of a kind if it has none."""
        if node not in self.arrays:
            self.arrays[node] = f"v{len(self.rows) + len(self.scratch) + len(self.once)}"
            kind[self.arrays[node]] = node
        return self.arrays[node]

    # the passes ----------------------------------------------------------------------------------------------------

    def _pass(self, segment: Segment, wanted: Iterable[Node], known: Iterable[Node] = ()) -> str:
        """Return the lines of a segment for the rows at hand; "" where there is nothing to do."""
        known, needed = set(known), set(wanted)
        for stage in reversed(segment.stages):
            for node in reversed(stage.pointwise):
                if node in needed and node not in known:
                    needed.update(node.args)
            for product in stage.products:
                if any(result in needed for result in product.results):
                    needed.update(product.operands)
        lines: list[str] = []
        for stage in segment.stages:
            for product in stage.products:
                if any(result in needed and result not in known for result in product.results):
                    lines += self._product(product)
            todo = [node for node in stage.pointwise if node in needed and node not in known]
            lines += self._pointwise(todo, needed, self._read_later(segment, todo))
        return "\n".join(lines)

    def _read_later(self, segment: Segment, group: Sequence[Node]) -> set[Node]:
        """Return what other parts of a segment read, so that it is to be stored."""
        inside = set(group)
        read = {a for s in segment.stages for p in s.products for a in p.operands}
        read |= {a for node in segment.nodes if node not in inside for a in node.args}
        return read

    def _product(self, product: Product) -> Iterator[str]:
        for number, result in enumerate(product.results):
            y, width, apart = self._array(result, self.scratch), _text(result.shape[-1]), _text(result.width)
            count, first = _rows_of(result), f"{self._row(result)} * {apart}"
            yield f"{y}.fill(0, {first}, {first} + n * {apart});"
            for operand, line in zip(product.operands, product.weights, strict=True):
                weights, rows = self._panel(line[number]), _text(operand.shape[-1])
                source = f"{self._stored(operand)}, {self._row(operand)} * {_text(operand.width)}, {rows}, {rows}"
                yield f"r_rows({source}, {weights}, {width}, {y}, {first}, {width}, {count});"

    def _panel(self, weight: Node) -> str:
        if weight not in self.panels:
            name = self._once(weight, self.prepared)
            self.panels[weight] = f"w{len(self.panels)}"
            rows, width = map(_text, weight.shape)
            self.prepared.append(f"r_panels({name}, {rows}, {width}, {self.panels[weight]});")
        return self.panels[weight]

    def _row(self, node: Node, r: str = "") -> str:
        """Return the number of a node's first row at hand, or of row r of those at hand."""
        base = _unshaped(node)
        if self.arrays.get(base) in self.scratch:
            return r or "0"
        first = "row + batch" if base in self.after_step else "row"
        return f"({first}{f' + {r}' if r else ''})"

    def _stored(self, node: Node) -> str:
        """Return the array that a row-wise node is in."""
        return self._array(_unshaped(node), self.scratch)

    def _pointwise(self, nodes: Sequence[Node], needed: set[Node], read_later: set[Node]) -> Iterator[str]:
        """Yield the lines of what is computed element by element, and of sums over features."""
        levels: dict[Node, int] = {}
        for node in nodes:
            levels[node] = max((levels[a] + (a.op in _IN_PLACE) for a in node.args if a in levels), default=0)
        groups: list[_Group | Node] = []
        for node in sorted(nodes, key=levels.__getitem__):
            if node.op == "reshape":
                continue  # another view of the same memory
            last = groups[-1] if groups else None
            if node.op not in _ROWWISE:
                groups.append(node)
            elif isinstance(last, _Group) and (last.shape, last.level) == (node.shape, levels[node]):
                last.nodes.append(node)
            else:
                groups.append(_Group(node.shape, levels[node], [node]))
        group_of = {
            node: number for number, g in enumerate(groups) for node in (g.nodes if isinstance(g, _Group) else [g])
        }
        stored = {_unshaped(a) for node in nodes for a in node.args if group_of.get(node) != group_of.get(a, -1)}
        stored |= {_unshaped(a) for a in read_later}
        stored |= {_unshaped(node) for node in nodes if node.op == "reshape" and node in needed}
        for group in groups:
            if isinstance(group, _Group):
                keep = [n for n in group.nodes if n in stored or self.arrays.get(n) in self.rows]
                yield from self._group(group, keep)
            else:
                yield from self._over_features(group)

    def _group(self, group: _Group, keep: Sequence[Node]) -> Iterator[str]:
        """Yield a nest of loops over rows and axes, and what then is computed in place."""
        loop = _Loop(self, group.shape, self.prepared)
        body = [f"const {loop.local(node)} = {loop.expression(node)};" for node in group.nodes]
        body = [*loop.loads, *body]
        for node in keep:
            array = self._array(node, self.scratch)
            body.append(f"{array}[{loop.at(node)}] = +{loop.local(node)};")
        yield "for (let r = 0; r < n; r++) {"
        yield from (f"  {line}" for line in loop.bases)
        yield from _nest(group.shape, body, "  ")
        yield "}"
        for node in keep:
            if node.op in _IN_PLACE:
                width = _text(node.width)
                yield f"r_{node.op}s({self.arrays[node]}, {self._row(node)} * {width}, n * {width});"

    def _over_features(self, node: Node) -> Iterator[str]:
        """Yield what gives a sum, a largest, or running sums of a row."""
        (argument,) = node.args
        source, target = self._operand(argument, "r"), self._array(node, self.scratch)
        yield "for (let r = 0; r < n; r++) {"
        to = f"{self._row(node, 'r')} * {_text(node.width)}"
        yield from (f"  {line}" for line in _reduced(node, source, target, to))
        yield "}"

    def _operand(self, node: Node, r: str) -> tuple[str, str]:
        """Return a node's array and where in it row r begins."""
        if not node.rows:
            return self._once(node, self.prepared), "0"
        return self._stored(node), f"{self._row(node, r)} * {_text(node.width)}"

    # from step to step ---------------------------------------------------------------------------------------------

    def _handed_on(self, kind: str, values: Sequence[Node], row: str) -> list[str]:
        """Let the states of another step, s, or their gradients, g, be these values; return the lines that copy."""
        lines = []
        for number, (state, value) in enumerate(zip(self.forward.step.states, values, strict=True)):
            (array, at), target, width = self._operand(value, ""), f"{kind}{number}", _text(state.width)
            if array in self.rows and array not in self.views:
                self.views[array] = target
                continue
            index = f"{at} + k" if value.rows else f"k % {width}"
            lines.append(f"for (let k = 0; k < n * {width}; k++) {target}[{row} * {width} + k] = {array}[{index}];")
        return lines

    # what has no rows ----------------------------------------------------------------------------------------------

    def _once(self, node: Node, lines: list[str]) -> str:
        """Return the array of a node without rows; what computes it is added to the lines."""
        stands_for = dict(zip(self.forward.prelude.leaves, self.forward.prelude.values, strict=True))
        for each in topological([stands_for.get(node, node)], stop=self.made.__contains__):
            if each not in self.made:
                self.made.add(each)
                lines += self._computed_once(each)
        node = _unshaped(stands_for.get(node, node))
        if node not in self.arrays:  # a number
            lines += self._computed_once(node)
        return self.arrays[node]

    def _computed_once(self, node: Node) -> Iterator[str]:
        if node in self.forward.prelude.leaves:
            self.arrays[node] = self._once(node, self.prepared)
            return
        if node.op == "reshape":
            if _unshaped(node) not in self.arrays:
                yield from self._computed_once(_unshaped(node))
            return
        if node.op == "noise" or (node.op == "parameter" and not node.args):
            raise ExportError(f"{self.cell.name}: the lab does not run {node.op} of parameters alone")
        target = self._array(node, self.once)
        match node.op:
            case "constant" | "size":
                yield f"{target}[0] = {_literal(node)};"
            case "transpose":
                rows, columns = map(_text, node.shape)
                source = self.arrays[_unshaped(node.args[0])]
                yield f"for (let i = 0; i < {rows}; i++) for (let j = 0; j < {columns}; j++)"
                yield f"  {target}[i * {columns} + j] = {source}[j * {rows} + i];"
            case "matmul":
                first, second = (self.arrays[_unshaped(a)] for a in node.args)
                rows, inner, columns = _text(node.shape[0]), _text(node.args[1].shape[0]), _text(node.shape[1])
                yield f"r_matmul({first}, {rows}, {inner}, {second}, {columns}, {target});"
            case "sum_rows":  # the first axis
                source = self.arrays[_unshaped(node.args[0])]
                yield f"{target}.fill(0);"
                yield f"for (let k = 0; k < {source}.length; k++) {target}[k % {target}.length] += {source}[k];"
            case op if op in REDUCTIONS | SCANS:
                yield from _reduced(node, (self.arrays[_unshaped(node.args[0])], "0"), target, "0")
            case op if op in _ROWWISE:
                lines: list[str] = []
                loop = _Loop(self, node.shape, lines)
                expression = loop.expression(node)
                yield from lines
                yield from _nest(node.shape, [*loop.loads, f"{target}[{loop.at(node)}] = +({expression});"], "")
            case op:
                raise ExportError(f"{self.cell.name}: the lab does not run {op} of parameters alone")

    def _gather(self) -> list[str]:
        """Return the lines that add what the rows at hand give to the gradients of weights and biases."""

        def side(node: Node) -> str:
            return f"{', '.join(self._operand(node, ''))}, {_text(node.width)}, {_text(node.width)}"

        lines = []
        for group in self.backward.weight_gradients:
            for delta, result in zip(group.deltas, group.results, strict=True):
                lines.append(self._outer(side(group.operand), side(delta), "n", result))
        for result in self.backward.row_sums:  # the outer product with 1
            (source,), width = result.args, _text(result.width)
            rows = "n" if source.width == result.width else f"n * {_text(source.width)} / {width}"
            delta = f"{', '.join(self._operand(source, ''))}, {width}, {width}"
            lines.append(self._outer("one, 0, 0, 1", delta, rows, result))
        return lines

    def _outer(self, operand: str, delta: str, count: str, result: Node) -> str:
        self.made.add(result)
        target = self._array(result, self.once)
        self.totals.append(target)
        return f"r_outer({operand}, {delta}, {count}, {target});"

    def _finish(self) -> list[str]:
        """Return the lines that give the gradients of all parameters; what is gathered next begins at 0."""
        plan, prelude, lines = self.backward, self.forward.prelude, list[str]()
        direct = dict(zip(self.forward.step.parameters, plan.step.parameters, strict=True))
        seeds = []
        for stands_for_it, value in zip(prelude.leaves, prelude.values, strict=True):
            if stands_for_it in direct:
                seed = leaf("parameter", f"(gradient of {stands_for_it.name})", stands_for_it.shape)
                self.arrays[seed] = self._once(direct[stands_for_it], lines)
                self.made.add(seed)
                seeds.append((value, seed))
        adjoints = pull_back(seeds)
        for number, parameter in enumerate(self.cell.step.parameters):
            parts = [each for each in (direct.get(parameter), adjoints.get(parameter)) if each is not None]
            if parts:
                total = self._once(add(*parts) if len(parts) == 2 else parts[0], lines)
                lines.append(f"d{number}.set({total});")
        return [*lines, *(f"{total}.fill(0);" for total in self.totals)]

    # the text ------------------------------------------------------------------------------------------------------

    def _text(self, passes: Sequence[str], gather: Sequence[str], finish: Sequence[str]) -> str:
        step, cell = self.forward.step, self.cell
        fields = {
            "parameters": [
                f"{{ name: {json.dumps(p.name)}, role: {json.dumps(p.role)}, "
                f"shape: [{', '.join(map(_text, p.shape))}], begins: {json.dumps(p.init)} }}"
                for p in cell.parameters
            ],
            "states": [
                f"{{ name: {json.dumps(s.name)}, size: {_text(s.width)}, "
                f"begins: {cell.written.initial.get(s.name) or 0.0} }}"
                for s in step.states
            ],
            "further": [f"{{ name: {json.dumps(leaf.name)}, size: {_text(leaf.width)} }}" for leaf in step.inputs[1:]],
        }
        named = [
            f"{json.dumps(name)}: [{json.dumps(self.arrays[node])}, {_text(node.width)}]"
            for node, name in dict.fromkeys(step.names.items())
            if self.arrays.get(node) in self.rows
        ]
        output, x_gradient = self._stored(step.output), self._input_gradient()
        output_state = step.next_states.index(step.output) if step.output in step.next_states else -1
        sizes = dict.fromkeys(("input_size", "hidden_size", *cell.sizes))
        names = ("forwardBefore", "forwardStep", "forwardAfter", "backwardBefore", "backwardStep", "backwardAfter")
        lines = [
            "(S, R) => {",
            f"  const {{ {', '.join(_FUNCTIONS)} }} = R;",
            f"  const {{ {', '.join(f'{name}: {_text(name)}' for name in sizes)} }} = S;",
            "  return {",
            *(f"    {key}: [{', '.join(values)}]," for key, values in fields.items()),
            f"    named: {{ {', '.join(named)} }},",
            f"    output: {json.dumps(output)}, outputSize: {_text(step.output.width)}, outputState: {output_state},",
            f"    dx: {json.dumps(x_gradient)},",
            f"    rows: {self._sizes({name: node for name, node in self.rows.items() if name not in self.views})},",
            f"    views: {json.dumps(self.views)},",
            f"    scratch: {self._sizes(self.scratch)},",
            f"    once: {self._sizes(self.once)},",
            "    panels: {"
            + ", ".join(
                f"{name}: {_text(w.shape[0])} * Math.ceil({_text(w.shape[1])} / 4) * 4"
                for w, name in self.panels.items()
            )
            + "},",
            self._function("prepare", "m", self.prepared),
            *(
                self._function(name, "m, row, n, batch", body.split("\n")) if body else f"    {name}: null,"
                for name, body in zip(names, passes, strict=True)
            ),
            self._function("gather", "m, row, n, batch", gather),
            self._function("finish", "m", finish),
            "  };",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def _input_gradient(self) -> str | None:
        node = _unshaped(self.backward.step.inputs[0])
        return self.arrays[node] if node.rows and node in self.arrays else None

    def _sizes(self, arrays: dict[str, Node]) -> str:
        return "{" + ", ".join(f"{name}: {_text(node.width)}" for name, node in arrays.items()) + "}"

    def _function(self, name: str, arguments: str, body: Sequence[str]) -> str:
        text = "\n".join(body)
        known = [*self.rows, *self.scratch, *self.once, *self.panels.values(), "x", "dy", "one"]
        known += [f"e{k}" for k in range(len(self.forward.step.inputs) - 1)]
        known += [f"{kind}{k}" for kind in "sg" for k in range(len(self.forward.step.states))]
        known += [f"{kind}{k}" for kind in "pd" for k in range(len(self.cell.step.parameters))]
        words = set(re.findall(r"\w+", text))
        used = [each for each in known if each in words]
        head = [f"      const {{ {', '.join(used)} }} = m;"] if used else []
        return "\n".join([f"    {name}({arguments}) {{", *head, *(f"      {line}" for line in body), "    },"])


class _Loop:
    """The expressions of a nest of loops over the axes of a shape."""

    def __init__(self, writer: _KernelWriter, shape: tuple[Size, ...], once: list[str]) -> None:
        self.writer, self.shape, self.once = writer, shape, once
        self.bases: list[str] = []
        self.loads: list[str] = []
        self._locals: dict[Node, str] = {}
        self._loaded: dict[tuple[str, str], str] = {}
        self._base_of: dict[str, str] = {}

    def local(self, node: Node) -> str:
        """Return the name of a value that the nest computes."""
        return self._locals.setdefault(node, f"t{len(self._locals)}")

    def expression(self, node: Node) -> str:
        """Return a node's expression over what is loaded or computed before it."""
        arguments = [self._value(argument, node) for argument in node.args]
        is_argument = node.op in _PASSED_THROUGH or (node.rows and node.op in _IN_PLACE)
        return arguments[0] if is_argument else SPELLING[node.op].format(*arguments)

    def _value(self, node: Node, user: Node) -> str:
        if node in self._locals:
            return self._locals[node]
        number = _number_in(node)
        if number is not None:
            return number
        if not node.rows:
            array, base = self.writer._once(node, self.once), ""
        else:
            array, base = self.writer._stored(node), self._base(node)
        index = _index(node.shape, self.shape)
        at = " + ".join(part for part in (base, index) if part) or "0"
        if (array, at) not in self._loaded:
            self._loaded[array, at] = f"u{len(self._loaded)}"
            self.loads.append(f"const {self._loaded[array, at]} = {array}[{at}];")
        return self._loaded[array, at]

    def at(self, node: Node) -> str:
        """Return where an element of the nest is stored."""
        base = self._base(node) if node.rows else ""
        return " + ".join(part for part in (base, _index(node.shape, self.shape)) if part) or "0"

    def _base(self, node: Node) -> str:
        """Return the name of where a node's row begins."""
        text = f"{self.writer._row(node, 'r')} * {_text(node.width)}"
        if text not in self._base_of:
            self._base_of[text] = f"b{len(self._base_of)}"
            self.bases.append(f"const {self._base_of[text]} = {text};")
        return self._base_of[text]


_FUNCTIONS = (
    "r_panels", "r_rows", "r_outer", "r_sigmoids", "r_tanhs", "r_matmul", "r_sigmoid", "r_tanh", "r_softplus",
    "r_relu", "r_heaviside", "r_mod", "r_pow", "r_erf",
)  # fmt: skip
"""What a kernel calls of the runtime."""


def _unshaped(node: Node) -> Node:
    """Return the node whose memory a node is: what is only another shape moves nothing."""
    while node.op == "reshape":
        node = node.args[0]
    return node


def _text(size: Size) -> str:
    """Return a size as an expression; its names are apart from all others, whatever a person calls them."""
    text = re.sub(r"[^\W\d]\w*", r"z_\g<0>", str(size))
    return text if text.isidentifier() or text.isdecimal() else f"({text})"


def _rows_of(node: Node) -> str:
    """Return how many rows a product has for the rows at hand: a matrix has several each."""
    return " * ".join(["n", *map(_text, node.shape[:-1])])


def _literal(node: Node) -> str:
    if node.op == "size":
        return _text(node.name)
    value = node["value"]
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "(-Infinity)"
    return f"({value!r})" if value < 0 else repr(value)


def _number_in(node: Node) -> str | None:
    """Return the number that a node is everywhere, if it is one."""
    while node.op in ("broadcast", "reshape"):
        node = node.args[0]
    return _literal(node) if node.op in ("constant", "size") else None


def _index(shape: tuple[Size, ...], nest: tuple[Size, ...]) -> str:
    """Return where an array of a shape has the element of a nest of loops: axes that are 1 wide stay."""
    parts = []
    for axis, size in enumerate(shape):
        if size == 1:
            continue
        index = f"i{len(nest) - len(shape) + axis}"
        parts.append(" * ".join([index, *(_text(each) for each in shape[axis + 1 :] if each != 1)]))
    return " + ".join(parts)


def _nest(shape: tuple[Size, ...], body: Sequence[str], indent: str) -> Iterator[str]:
    for axis, size in enumerate(shape):
        yield f"{indent}for (let i{axis} = 0; i{axis} < {_text(size)}; i{axis}++) {{"
    yield from (f"{indent}  {line}" for line in body) if shape else (f"{indent}{{", *body, f"{indent}}}")
    yield indent + "}" * len(shape) if shape else ""


def _reduced(node: Node, source: tuple[str, str], target: str, to: str) -> Iterator[str]:
    """Yield the lines of a sum or a largest over an axis, or of running sums over the last one."""
    array, at = source
    shape = node.args[0].shape or (1,)
    axis = len(shape) + dict(node.attributes).get("axis", -1)
    outer, length = " * ".join(["1", *map(_text, shape[:axis])]), _text(shape[axis])
    inner = " * ".join(["1", *map(_text, shape[axis + 1 :])])
    if node.op in SCANS:
        order = "let k = 0; k < L; k++" if node.op == "cumsum" else "let k = L - 1; k >= 0; k--"
        yield f"for (let o = 0, L = {length}; o < {outer}; o++) {{"
        yield f"  let s = 0; for ({order}) {target}[{to} + o * L + k] = s += {array}[{at} + o * L + k];"
        yield "}"
        return
    begin, step = {"sum": ("0", "s + {}"), "max": ("-Infinity", "Math.max(s, {})")}.get(
        node.op, ("Infinity", "Math.min(s, {})")
    )
    yield f"for (let o = 0, L = {length}; o < {outer}; o++) for (let q = 0, I = {inner}; q < I; q++) {{"
    value = f"{array}[{at} + (o * L + k) * I + q]"
    yield f"  let s = {begin}; for (let k = 0; k < L; k++) s = {step.format(value)};"
    yield f"  {target}[{to} + o * I + q] = s;"
    yield "}"
