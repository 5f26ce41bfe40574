"""A phase as lines of Triton: what its values are called, loads, products, elementwise operations, stores."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from recurra.backends.noise import DROPPED_BITS, STRIDE, UNIFORM_STEP, kind_of, mix, threshold
from recurra.backends.triton.layout import SLICES, BufferColumns, BufferLayout
from recurra.backends.triton.phases import Phase, width_of
from recurra.derive.equations import adjoint_names
from recurra.derive.plan import Plans
from recurra.derive.stages import Product
from recurra.graph.compound import factors_of, named_in
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Size, topological

__all__ = [
    "REDUCED", "SPELLING", "Arguments", "BaseWriter", "Names", "SourceWriter", "bracketed", "extent", "is_atomic",
    "is_inline", "size_name",
]  # fmt: skip

_TAKEN = frozenset({
    "tl", "rows", "member", "live", "column", "here", "first", "running", "seed", "table", "steps", "turn", "time",
    "times", "sequence", "sequences", "begin", "end", "slot", "carry", "scratch", "kept", "work", "d_work", "arrived",
    "inner", "all_inner", "start", "operand", "key", "part", "count", "length", "is_first", "sigmoid", "tanh",
    "softplus", "rectified", "larger", "smaller", "hashed", "waited", "cross_barrier", "batch", "power", "remainder",
    "signed", "heaviside", "draw", "tile", "present",
})  # fmt: skip
_BUFFER = re.compile(
    r"(d_)?(input|output|product|result|part|total)_\d+|.*_(at|down|across)|inside_.*|(axis|tile|at|in|next)_[\d_]+(all)?"
)


def size_name(size: Size) -> str:
    """Return a size as the source names it: a constant of the compiler, what is made of some, or a number."""
    above, below = factors_of(size)
    if len(above) == 1 and not below:
        return str(above[0]).upper()
    return f"({' // '.join([' * '.join(str(part).upper() for part in above), *(str(part).upper() for part in below)])})"


def extent(sizes: Sequence[Size]) -> str:
    """Return a sum of sizes, e.g. ``"2 * HIDDEN_SIZE + 1"``."""
    counts: dict[str, int] = {}
    number = sum(size for size in sizes if isinstance(size, int))
    for size in sizes:
        if isinstance(size, str):
            counts[size_name(size)] = counts.get(size_name(size), 0) + 1
    terms = [name if count == 1 else f"{count} * {name}" for name, count in counts.items()]
    return " + ".join([*terms, str(number)] if number or not terms else terms)


class Names:
    """Gives each node a name of its own, the same one every time."""

    def __init__(self, plans: Plans) -> None:
        self.given: dict[Node, str] = {}
        self.taken = set(_TAKEN)
        step, backward = plans.forward.step, plans.backward
        for state, after in zip(step.states, step.next_states, strict=True):
            self.name(state, f"{state.name}_before")
            if after.args and after.rows:
                self.name(after, state.name)
        for node in (*step.inputs, *step.parameters):
            self.name(node, node.name)
        for node, name in step.names.items():
            self.name(node, name)
        for leaf in (*backward.step.incoming_outputs, *backward.step.incoming_states):
            self.name(leaf, f"d_{leaf.name}{'_after' if leaf in backward.step.incoming_states else ''}")
        for node, adjoint in backward.step.adjoints.items():
            if node in self.given and adjoint.args and adjoint.rows:
                self.name(adjoint, f"d_{self.given[node]}")
        for node, text in adjoint_names(plans.forward, plans.backward).items():
            if node.args and node.rows:
                self.name(node, text.replace("δ", "d_").replace("[t]", ""))
        for node in topological(backward.step.roots):
            if node.op == "transpose" and node.args[0] in self.given:
                self.name(node, f"{self.given[node.args[0]]}_T")
        self.named = frozenset(self.given)
        for node in topological((*step.roots, *backward.step.roots)):
            self.name(node, f"{node.op}_{len(self.given) - len(self.named) + 1}")

    def name(self, node: Node, wish: str) -> str:
        """Return the node's name; it gets one like the wish if it has none."""
        if node not in self.given:
            wish = re.sub(r"\W+", "_", wish).strip("_") or "value"
            wish = (
                f"v_{wish}" if not wish.isidentifier() or keyword.iskeyword(wish) or _BUFFER.fullmatch(wish) else wish
            )
            name, number = wish, 1
            while name in self.taken:
                number += 1
                name = f"{wish}_{number}"
            self.taken.add(name)
            self.given[node] = name
        return self.given[node]

    def __getitem__(self, node: Node) -> str:
        return self.given[node]


SPELLING: dict[str, str] = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0} * {1}",
    "div": "{0} / {1}",
    "neg": "-{0}",
    "sigmoid": "sigmoid({0})",
    "tanh": "tanh({0})",
    "relu": "rectified({0})",
    "exp": "tl.exp({0})",
    "log": "tl.log({0})",
    "sqrt": "tl.sqrt({0})",
    "softplus": "softplus({0})",
    "sin": "tl.sin({0})",
    "cos": "tl.cos({0})",
    "erf": "tl.erf({0})",
    "abs": "tl.abs({0})",
    "sign": "signed({0})",
    "floor": "tl.floor({0})",
    "mod": "remainder({0}, {1})",
    "pow": "power({0}, {1}).to(ACCURACY)",
    "stop_gradient": "{0}",
    "heaviside": "heaviside({0})",
    "surrogate": "{0}",
    "maximum": "larger({0}, {1})",
    "minimum": "smaller({0}, {1})",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "where": "tl.where({0}, {1}, {2})",
    "broadcast": "{0}",
}

_ATOMIC = frozenset({
    "sigmoid", "tanh", "relu", "exp", "log", "sqrt", "softplus", "sin", "cos", "erf", "abs", "sign", "floor", "mod",
    "pow", "heaviside", "maximum", "minimum", "where",
})  # fmt: skip
_SAME = frozenset({"broadcast", "stop_gradient", "surrogate"})
"""What is its first argument, as it is written."""
_OF_NUMBERS = frozenset({"constant", "size", "broadcast", "add", "sub", "mul", "div", "neg"})


def number(node: Node) -> str:
    """Return a constant as the source has it."""
    value = node["value"]
    return f"float({str(value)!r})" if value != value or value in (float("inf"), float("-inf")) else repr(value)


def is_inline(node: Node) -> bool:
    """Return whether a value without rows is written where it is used: arithmetic of numbers and sizes."""
    return node.op in _OF_NUMBERS and all(map(is_inline, node.args))


def is_atomic(node: Node) -> bool:
    """Return whether an operation is spelled as a call, which needs no brackets around it or its arguments."""
    return node.op in _ATOMIC


def bracketed(node: Node, text: str) -> str:
    """Return an expression as it may stand inside of another one."""
    return text if is_atomic(node) or not node.args or node.op in _SAME else f"({text})"


REDUCED = {
    "sum": ("0.0", "tl.sum({}, 1, keep_dims=True)"),
    "max": ("float('-inf')", "tl.reduce({}, 1, larger, keep_dims=True)"),  # tl.max would lose a NaN
    "min": ("float('inf')", "tl.reduce({}, 1, smaller, keep_dims=True)"),
}
"""Reduction -> the number that changes no other, and what makes one column of a tile."""

_LONGEST = 60  # characters of an expression that is written inside of another one


@dataclass
class Arguments:
    """What a function is given, found while it is written.

    Attributes
    ----------
    buffers : name -> its own name; ordered
    vectors, weights : name -> the value without rows that it points to
    sizes : the names of the sizes that it knows
    """

    buffers: dict[str, None] = field(default_factory=dict)
    vectors: dict[str, Node] = field(default_factory=dict)
    weights: dict[str, Node] = field(default_factory=dict)
    sizes: dict[str, str] = field(default_factory=dict)


@dataclass
class BaseWriter:
    """What writers of phases and of nests share.

    Attributes
    ----------
    names : Names
    layout : BufferLayout
    per_sequence : set of leaves that have one line for each sequence
    in_loop : bool
        Whether rows are those of one step, rather than of all steps.
    arguments : Arguments
    once : name -> the line that makes what nothing changes
    """

    names: Names
    layout: BufferLayout
    per_sequence: frozenset[Node]
    in_loop: bool
    arguments: Arguments = field(default_factory=Arguments, init=False)
    once: dict[str, str] = field(default_factory=dict, init=False)

    def _size(self, size: Size) -> str:
        for name in named_in(size):
            self.arguments.sizes[name] = size_name(name)
        return size_name(size)

    def _extent(self, sizes: Iterable[Size]) -> str:
        sizes = tuple(sizes)
        for size in sizes:
            self._size(size)
        return extent(sizes)

    def _place(self, node: Node) -> BufferColumns:
        if self.in_loop and node in self.layout.steps:
            return self.layout.steps[node]
        return self.layout.places[node]

    def _noise(
        self, node: Node, name: str, column: str, *, sequence: str = "sequence", time: str = "time"
    ) -> Iterator[str]:
        """Yield the draws of a noise, as `recurra.backends.noise.drawn` makes them."""
        yield f"key = hashed(tl.load(seed).to(tl.uint32) + {mix(node['index'] + 1)})"
        if node["per"] == "step":
            yield f"key = hashed(key + ({time} + 1).to(tl.uint32) * {STRIDE})"
        yield f"key = hashed(key + {sequence}.to(tl.uint32) * {STRIDE} + 1)"
        drawn = f"hashed(key + ({column}).to(tl.uint32) * {STRIDE})"
        if kind_of(node) == "bernoulli":
            yield f"{name} = ({drawn}.to(tl.int64) < {threshold(node['rate'])}).to(ACCURACY)"
            return
        yield f"draw = {drawn}"
        uniform = f"(((draw >> {DROPPED_BITS}).to(ACCURACY) + 0.5) * {UNIFORM_STEP!r})"
        if kind_of(node) == "uniform":
            yield f"{name} = {uniform}"
            return
        yield f"{name} = tl.sqrt(-2.0 * tl.log({uniform}))"
        yield f"draw = hashed(draw + {STRIDE})"
        yield f"{name} *= tl.cos({2 * math.pi!r} * {uniform})"

    def _numbers(self, node: Node) -> str:
        match node.op:
            case "constant":
                return number(node)
            case "size":
                return self._size(node.name)
        inner = [bracketed(argument, self._numbers(argument)) for argument in node.args]
        return SPELLING[node.op].format(*inner)


@dataclass
class SourceWriter(BaseWriter):
    """Writes the phases of one function.

    Attributes
    ----------
    has_all_columns : bool
        Whether one program has all columns.
    is_resident : bool
        Whether weights are loaded once, before the time loop.
    shared : set of nodes
        Where a function goes through all phases of a step, what phases read of each other: it stays at hand.
    """

    has_all_columns: bool = True
    is_resident: bool = False
    shared: frozenset[Node] | None = None
    nested: dict[Node, str] = field(default_factory=dict)
    """What is written where it is used."""
    width: Size | None = None
    """That of the phase before."""
    at_hand: set[Node] = field(default_factory=set)
    """Values of earlier phases of the step."""

    def phase(self, phase: Phase) -> Iterator[str]:
        """Yield the lines of a phase."""
        self.nested.clear()
        if phase.width != self.width:
            yield f"here = live & {self._inside(phase.width)}"
        self.width = phase.width
        for product in phase.products:
            yield from self._product(product)
        for node in phase.loads:
            if node not in self.at_hand:
                yield from self._load(node)
        yield from self._pointwise(phase)
        if self.shared is not None:
            self.at_hand.update((*phase.loads, *phase.tiles))
        for node in phase.parts:
            total = self._reduced("sum" if node.op in SCANS else node.op, node)
            yield f"tl.store({self._at(self.layout.parts[node], 'tl.program_id(1)')}, {total}, mask=live)"
        yield from self._stores(phase)

    # arguments ---------------------------------------------------------------------------------------------------

    def _inside(self, width: Size) -> str:
        """Return the name of the mask of the columns that there are."""
        name = f"inside_{str(width).replace('*', '_times_').replace('/', '_by_')}"
        self.once.setdefault(name, f"{name} = column < {self._size(width)}")
        return name

    # addresses ---------------------------------------------------------------------------------------------------

    def _at(self, place: BufferColumns, column: str, *, line: str = "", by_sequence: bool = False) -> str:
        """Return the address of a tile: of the rows at hand, of this column of the place."""
        self.arguments.buffers[place.buffer] = None
        if place.buffer in ("carry", "scratch"):
            line = line or "(slot * batch + member)"
        else:
            line = "sequence" if by_sequence else "rows"
        stride = self._extent(self.layout.columns.get(place.buffer, [place.width]))
        stride = stride if stride.isidentifier() or stride.isdigit() else f"({stride})"
        before = [self._extent(place.before)] if place.before else []
        return " + ".join([place.buffer, f"{line} * {stride}", *before, *([column] if column else [])])

    def _address(self, node: Node, column: str) -> str:
        return self._at(self._place(node), column, by_sequence=node in self.per_sequence)

    # loads -------------------------------------------------------------------------------------------------------

    def _load(self, node: Node) -> Iterator[str]:
        """Yield the lines that give a row-wise value its name."""
        name, is_narrow = self.names[node], width_of(node) == 1
        if node.op == "noise":
            yield from self._noise(node, name, "column")
            return
        mask = "live" if is_narrow else "here"
        test = " != 0" if node.op in COMPARISONS else ""
        address = self._address(node, "" if is_narrow else "column")
        yield f"{name} = tl.load({address}, mask={mask}, other=0.0).to(ACCURACY){test}"

    def _value(self, node: Node) -> str:
        """Return the name of a value, or what it is made of if it has no rows and is made of numbers."""
        if node.rows:
            return self.nested.get(node) or self.names[node]
        if is_inline(node):
            return bracketed(node, self._numbers(node))
        return self._vector(node)

    def _vector(self, node: Node) -> str:
        """Return the name of a vector or number that is the same for all rows; it is loaded before the phases."""
        if node.args and node.op in SPELLING and any(leaf.op == "parameter" for leaf in topological([node])):
            return bracketed(node, SPELLING[node.op].format(*map(self._value, node.args)))
        name = self.names[node]
        self.arguments.vectors[f"{name}_at"] = node
        width = width_of(node)
        if width == 1:
            line = f"{name} = tl.load({name}_at).to(ACCURACY)"
        else:
            line = f"{name} = tl.load({name}_at + column, mask={self._inside(width)}, other=0.0).to(ACCURACY)"
        self.once.setdefault(name, line)
        return name

    # products ----------------------------------------------------------------------------------------------------

    def _product(self, product: Product) -> Iterator[str]:
        for result in product.results:
            yield f"{self.names[result]} = tl.zeros([BLOCK_ROWS, BLOCK_COLUMNS], ACCURACY)"
        for operand, line in zip(product.operands, product.weights, strict=True):
            yield from self._term(operand, tuple(zip(product.results, line, strict=True)))
        for result in product.results:
            if width_of(result) == 1:  # tl.dot makes a whole tile; what is 1 wide has one column
                yield f"{self.names[result]} = {self._one_column('sum', self.names[result], 1)}"

    def _term(self, operand: Node, columns: tuple[tuple[Node, Node], ...]) -> Iterator[str]:
        """Yield the lines that add an operand times its weights to the results."""
        depth = self._size(width_of(operand))
        inner = "all_inner" if self.is_resident else "inner"
        lines = [*self._operand(operand, inner, depth)]
        for result, weight in columns:
            tile = self._resident(weight, depth) if self.is_resident else self._tile(weight, inner, depth)
            name = self.names[result]
            lines.append(f"{name} = tl.dot(operand.to(WEIGHTS), {tile}, {name}, input_precision=PRECISION, "
                         "out_dtype=ACCURACY)")  # fmt: skip
        if self.is_resident:
            self.once.setdefault(inner, f"{inner} = tl.arange(0, BLOCK_INNER)")
            yield from lines
            return
        yield f"for start in range(0, {depth}, BLOCK_INNER):"
        yield "    inner = start + tl.arange(0, BLOCK_INNER)"
        yield from (f"    {line}" for line in lines)

    def _operand(self, operand: Node, inner: str, depth: str) -> Iterator[str]:
        """Yield the lines that load all columns of an operand."""
        if operand.op == "noise":
            yield from self._noise(operand, "operand", f"{inner}[None, :]")
            return
        mask = f"live & ({inner}[None, :] < {depth})"
        yield f"operand = tl.load({self._address(operand, f'{inner}[None, :]')}, mask={mask}, other=0.0)"

    def _tile(self, weight: Node, inner: str, depth: str) -> str:
        """Return the expression that loads a tile of a weight."""
        name = self.names[weight]
        self.arguments.weights[f"{name}_at"] = weight
        mask = f"({inner}[:, None] < {depth}) & {self._inside(weight.shape[1])}"
        address = f"{name}_at + {inner}[:, None] * {name}_down + column * {name}_across"
        return f"tl.load({address}, mask={mask}, other=0.0).to(WEIGHTS)"

    def _resident(self, weight: Node, depth: str) -> str:
        """Return the name of a tile of a weight that is loaded before the loop."""
        name = self.names[weight]
        self.once.setdefault("all_inner", "all_inner = tl.arange(0, BLOCK_INNER)")
        line = f"{name} = {self._tile(weight, 'all_inner', depth)}"
        self.once.setdefault(name, line)
        return name

    # elementwise operations --------------------------------------------------------------------------------------

    def _pointwise(self, phase: Phase) -> Iterator[str]:
        """Yield a line for each value that is named, stored or used more than once."""
        used = [argument for node in (*phase.pointwise, *phase.parts) for argument in node.args]
        stored = {*phase.stores, *phase.parts, *(self.shared or ()), *(value for _, value in phase.carried)}
        for node in phase.pointwise:
            text = self._operation(node, phase)
            if node in stored or node in self.names.named or used.count(node) > 1 or len(text) > _LONGEST:
                yield f"{self.names[node]} = {text}"
                self.nested.pop(node, None)
            else:
                self.nested[node] = text

    def _operation(self, node: Node, phase: Phase) -> str:
        if node in phase.totals:
            return self._from_parts(node)
        if node.op in REDUCTIONS:
            return self._reduced(node.op, node)
        if node.op in SCANS:
            return self._scanned(node)
        if node.op == "batch_mean":
            return self._mean(node.args[0])
        values = [*map(self._value, node.args)]
        if not is_atomic(node):
            values = [bracketed(argument, value) if argument in self.nested else value
                      for argument, value in zip(node.args, values, strict=True)]  # fmt: skip
        return SPELLING[node.op].format(*values)

    def _reduced(self, reduction: str, node: Node) -> str:
        """Return the sum over the columns of a tile, or the largest or smallest of them."""
        argument = node.args[0]
        return self._one_column(reduction, self._value(argument), width_of(argument))

    def _scanned(self, node: Node) -> str:
        """Return the sums over the columns of a tile up to each, or from each on."""
        argument = node.args[0]
        tile = f"tl.where({self._inside(width_of(argument))}, {self._value(argument)}, 0.0)"
        return f"tl.cumsum({tile}, 1{', reverse=True' if node.op == 'reverse_cumsum' else ''})"

    def _one_column(self, reduction: str, tile: str, width: Size) -> str:
        neutral, reduced = REDUCED[reduction]
        return reduced.format(f"tl.where({self._inside(width)}, {tile}, {neutral})")

    def _mean(self, argument: Node) -> str:
        """Return the mean over the rows of a tile, which has all of a step."""
        return f"tl.sum(tl.where(live, {self._value(argument)}, 0.0), 0, keep_dims=True) / running"

    def _from_parts(self, node: Node) -> str:
        self.once.setdefault("part", "part = tl.arange(0, BLOCK_SLICES)[None, :]")
        address = self._at(self.layout.parts[node], "part")
        there = f"(part < {self._size(SLICES)})"
        if node.op in SCANS:  # what the programs before this one have summed, or those after it
            there = "(part < tl.program_id(1))" if node.op == "cumsum" else f"{there} & (part > tl.program_id(1))"
            before = REDUCED["sum"][1].format(f"tl.load({address}, mask=live & {there}, other=0.0)")
            return f"{self._scanned(node)} + {before}"
        neutral, reduced = REDUCED[node.op]
        return reduced.format(f"tl.load({address}, mask=live & {there}, other={neutral})")

    # stores ------------------------------------------------------------------------------------------------------

    def _stores(self, phase: Phase) -> Iterator[str]:
        for node in phase.stores:
            yield self._store(self._address(node, self._column(node)), node)
        for leaf in phase.keeps:
            yield self._store(self._at(self.layout.places[leaf], self._column(leaf)), leaf)
        for leaf, value in phase.carried:
            place = self.layout.steps[leaf]
            column = self._column(leaf)
            yield self._store(self._at(place, column, line="((1 - slot) * batch + member)"), value, like=leaf)

    def _column(self, node: Node) -> str:
        return "" if width_of(node) == 1 else "column"

    def _store(self, address: str, node: Node, *, like: Node | None = None) -> str:
        """Return the line that stores a value; one that is 1 wide is stored by one program."""
        value = self._value(node)
        value = f"tl.where({value}, 1.0, 0.0)" if node.op in COMPARISONS else value
        mask = "here" if width_of(like or node) != 1 else "live" if self.has_all_columns else "live & is_first"
        if mask.endswith("is_first"):
            self.once.setdefault("is_first", "is_first = tl.full([1, 1], 0, tl.int32) == tl.program_id(1)")
        return f"tl.store({address}, {value}, mask={mask})"
