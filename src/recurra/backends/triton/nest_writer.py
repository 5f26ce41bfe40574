"""A nest as lines of Triton: tiles of rows and of all axes of a value, loads, sums along axes, products, stores.

The first axis of every tile is that of the rows, and the others are the parts of the value's axes, whatever shape the
equations see it in. What is stretched along an axis is 1 wide in its tile until something asks for all of it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recurra.backends.triton.axes import Axes, unshaped
from recurra.backends.triton.layout import BufferColumns
from recurra.backends.triton.writer import SPELLING, BaseWriter, bracketed, is_atomic, is_inline
from recurra.derive.stages import Product
from recurra.graph.compound import product_of
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, topological

__all__ = ["NestWriter"]

_LONGEST = 60  # characters of an expression that is written inside of another one
_NEUTRAL = {"sum": "0.0", "max": "float('-inf')", "min": "float('inf')"}


@dataclass
class NestWriter(BaseWriter):
    """Writes what a program does with the tiles of one row of programs.

    Attributes
    ----------
    axes : Axes
    divided : the parts of axes of which a program has some
    parted : the parts of axes that programs do divide, over which sums are partial
    partial : mapping from a sum to the parts of axes that it goes over and that may be divided
    is_resident : bool
        Whether arrays of parameters are loaded once, before the time loop.
    """

    axes: Axes
    divided: tuple[int, ...] = ()
    parted: tuple[int, ...] = ()
    partial: Mapping[Node, tuple[int, ...]] = field(default_factory=dict)
    is_resident: bool = True
    values: dict[Node, str] = field(default_factory=dict, init=False)
    """What a value is written as: its name, or what it is made of."""
    nested: set[Node] = field(default_factory=set, init=False)
    """What is written where it is used."""
    computed: set[Node] = field(default_factory=set, init=False)
    """What is in no memory before it is stored."""
    arrays: dict[str, str] = field(default_factory=dict, init=False)
    """Name of an array of parameters -> the line that loads it at each step."""

    # what is written -----------------------------------------------------------------------------------------------

    def opening(self) -> list[str]:
        """Return the lines that say where a program is along each part of the axes."""
        lines = [f"# axis_{atom}: {size}" for atom, size in enumerate(self.axes.sizes)]
        if self.divided:
            lines.append("tile = tl.program_id(1)")
        for atom in reversed(self.divided):
            lines += [f"tile_{atom} = tile % {self._tiles(atom)}", f"tile = tile // {self._tiles(atom)}"]
        for atom in range(len(self.axes.sizes)):
            begin = f"tile_{atom} * BLOCK_{atom} + " if atom in self.divided else ""
            lines.append(f"axis_{atom} = {begin}tl.arange(0, BLOCK_{atom})")
        return lines

    def body(
        self,
        nodes: Sequence[Node],
        products: Sequence[Product],
        stores: Iterable[Node],
        *,
        given: Collection[Node] = (),
    ) -> list[str]:
        """Return the lines that load what some values are made of, compute them and store some.

        Parameters
        ----------
        nodes : what is computed elementwise, in order
        products : what is multiplied with matrices, when its operands are there
        stores : what has a place
        given : what has a name already, such as carried states
        """
        self.values.update((leaf, self.names[leaf]) for leaf in given)
        self.computed = {*given, *nodes, *(result for product in products for result in product.results)}
        of = {result: product for product in products for result in product.results}
        stores = [*dict.fromkeys(self._source(node) for node in stores)]
        operands = {self._source(operand) for product in products for operand in product.operands}
        args = [self._source(argument) for node in nodes for argument in node.args]
        uses = Counter(args)
        totals = [self._source(node) for node in self.layout.totals] if self.in_loop else []
        kept = {*stores, *operands, *totals, *self.names.named}
        lines: list[str] = []
        for node in dict.fromkeys((*args, *stores, *totals)):
            if node.rows and node not in self.computed:
                lines += self._load(node)
        waiting = [*products]
        for node in nodes:
            for product in [p for p in waiting if any(of.get(self._source(a)) is p for a in node.args)]:
                waiting.remove(product)
                lines += self._product(product)
            if self._source(node) is not node:
                continue  # the same tile in another shape
            text = self._operation(node)
            is_long = len(text) > _LONGEST or node.op in REDUCTIONS | SCANS
            if uses[node] == 1 and node not in kept and not is_long:
                self.values[node] = text
                self.nested.add(node)
            else:
                lines.append(f"{self.names[node]} = {text}")
                self.values[node] = self.names[node]
        for product in waiting:
            lines += self._product(product)
        return lines + [self.store(node) for node in stores if node in self.computed]

    def store(self, node: Node) -> str:
        """Return the line that stores a value at its place; that stores a program's part of a sum if it has one."""
        atoms = [atom for atom in self.partial.get(node, ()) if atom in self.parted]
        if not atoms:
            return self._stored(self._address(self.layout.places[node], node, "rows"), node)
        buffer = self.layout.partial[node]
        counts = [self._tiles(atom) for atom in atoms]
        part = f"tile_{atoms[0]}"
        for atom, count in zip(atoms[1:], counts[1:], strict=True):
            part = f"({part} * {count} + tile_{atom})"
        line = f"(rows * ({' * '.join(counts)}) + {part})"
        return self._stored(self._address(BufferColumns(buffer, (), node.width), node, line), node)

    def keep(self, leaf: Node) -> str:
        """Return the line that stores the value of a state before the step."""
        return self._stored(self._address(self.layout.places[leaf], leaf, "rows"), leaf)

    def begun(self, carried: Sequence[tuple[Node, Node]]) -> Iterator[str]:
        """Yield the lines that load the states before the first step."""
        yield "present = member < batch"
        for leaf, _ in carried:
            address = self._address(self.layout.steps[leaf], leaf, "member")
            mask = self._mask(leaf, "present")
            yield f"{self.names[leaf]} = tl.load({address}, mask={mask}, other=0.0).to(ACCURACY)"

    def moved_on(self, carried: Sequence[tuple[Node, Node]]) -> Iterator[str]:
        """Yield the lines that make the states those of the next step, of the sequences that are running."""
        live = [f"live{self._rows(leaf)}" for leaf, _ in carried]
        for number, (leaf, value) in enumerate(carried):
            text = self._aligned(value, leaf)
            yield f"next_{number} = tl.where({live[number]}, {text}, {self.names[leaf]})"
        for number, (leaf, _) in enumerate(carried):
            yield f"{self.names[leaf]} = next_{number}"

    def ended(self, carried: Sequence[tuple[Node, Node]]) -> Iterator[str]:
        """Yield the lines that store the states after the last step."""
        for leaf, _ in carried:
            address = self._address(self.layout.steps[leaf], leaf, "(batch + member)")
            yield f"tl.store({address}, {self.names[leaf]}, mask={self._mask(leaf, 'present')})"

    def totals_begun(self) -> Iterator[str]:
        """Yield the lines that begin the sums over a program's steps."""
        for node, name in self.layout.totals.items():
            blocks = ["BLOCK_ROWS", *(f"BLOCK_{atom}" for atom in self.axes.atoms(node))]
            yield f"sum_of_{name} = tl.zeros([{', '.join(blocks)}], ACCURACY)"

    def totals_added(self) -> Iterator[str]:
        """Yield the lines that add a step to these sums."""
        for node, name in self.layout.totals.items():
            yield f"sum_of_{name} += tl.where(live{self._rows(node)}, {self._value(node)}, 0.0)"

    def totals_ended(self) -> Iterator[str]:
        """Yield the lines that store these sums."""
        for node, name in self.layout.totals.items():
            address = self._address(BufferColumns(name, (), node.width), node, "member")
            yield f"tl.store({address}, sum_of_{name}, mask={self._mask(node, 'present')})"

    # places -------------------------------------------------------------------------------------------------------

    def _source(self, node: Node) -> Node:
        """Return the value of which a node is the same tile."""
        other = unshaped(node)
        is_same = other in self.axes and node in self.axes and self.axes.atoms(other) == self.axes.atoms(node)
        return other if is_same else node

    def _tiles(self, atom: int) -> str:
        return f"tl.cdiv({self._size(self.axes.sizes[atom])}, BLOCK_{atom})"

    def _rows(self, node: Node) -> str:
        """Return the index that gives something by rows the axes of a value's tile."""
        return _index([0], 1 + len(self.axes.atoms(node)))

    def _at(self, node: Node) -> str:
        """Return the name of the places of a value's tile in a row, which is flat; empty if it is 1 wide."""
        atoms = self.axes.atoms(node)
        if not atoms:
            return ""
        name = f"at_{'_'.join(map(str, atoms))}"
        terms = []
        for place, atom in enumerate(atoms):
            stride = product_of(self.axes.sizes[each] for each in atoms[place + 1 :])
            times = "" if stride == 1 else f" * {self._size(stride)}"
            terms.append(f"axis_{atom}{_index([1 + place], 1 + len(atoms))}{times}")
        self.once.setdefault(name, f"{name} = {' + '.join(terms)}")
        return name

    def _inside(self, node: Node, places: Iterable[int] | None = None) -> str:
        """Return the mask of the places of a value's tile that there are, along some of the tile's axes or all."""
        atoms = self.axes.atoms(node)
        name = f"in_{'_'.join(map(str, atoms))}"
        masks = []
        for place in range(len(atoms)) if places is None else places:
            self.once.setdefault(f"in_{atoms[place]}", f"in_{atoms[place]} = axis_{atoms[place]} < "
                                 f"{self._size(self.axes.sizes[atoms[place]])}")  # fmt: skip
            masks.append(f"in_{atoms[place]}{_index([1 + place], 1 + len(atoms))}")
        text = " & ".join(masks)
        if places is not None:
            return text
        self.once.setdefault(f"{name}_all", f"{name}_all = {text}")
        return f"{name}_all"

    def _mask(self, node: Node, rows: str) -> str:
        whole = f"{rows}{self._rows(node)}"
        return f"{whole} & {self._inside(node)}" if self.axes.atoms(node) else whole

    def _address(self, place: BufferColumns, node: Node, line: str, column: str | None = None) -> str:
        """Return the address of a tile: a line of a buffer, the place's columns, the value's places among them."""
        self.arguments.buffers[place.buffer] = None
        stride = self._extent(self.layout.columns.get(place.buffer, [place.width]))
        before = [self._extent(place.before)] if place.before else []
        index = self._rows(node) if column is None else "[:, None]"
        column = self._at(node) if column is None else column
        return " + ".join([place.buffer, f"{line}{index} * ({stride})", *before, *([column] if column else [])])

    # loads --------------------------------------------------------------------------------------------------------

    def _load(self, node: Node) -> Iterator[str]:
        name = self.values[node] = self.names[node]
        if node.op == "noise":
            rows = self._rows(node)
            column = self._at(node) or "tl.zeros([1], tl.int32)"
            yield from self._noise(node, name, column, sequence=f"sequence{rows}",
                                   time="time" if self.in_loop else f"time{rows}")  # fmt: skip
            return
        line = "sequence" if unshaped(node) in self.per_sequence else "rows"
        address = self._address(self.layout.places[unshaped(node)], node, line)
        test = " != 0" if node.op in COMPARISONS else ""
        yield f"{name} = tl.load({address}, mask={self._mask(node, 'live')}, other=0.0).to(ACCURACY){test}"

    def _stored(self, address: str, node: Node) -> str:
        value = self._value(node)
        value = f"tl.where({value}, 1.0, 0.0)" if node.op in COMPARISONS else value
        return f"tl.store({address}, {value}, mask={self._mask(node, 'live')})"

    def _value(self, node: Node) -> str:
        """Return what a value is written as."""
        node = self._source(node)
        if node.rows:
            return self.values[node]
        if is_inline(node):
            return self._numbers(node)
        if node.op == "reshape":
            return self._value(node.args[0])
        if node.args and node.op in SPELLING and any(leaf.op == "parameter" for leaf in topological([node])):
            return self._operation(node)
        return self._parameter(node)

    def _parameter(self, node: Node) -> str:
        """Return the name of an array that is the same for all rows."""
        name = self.names[node]
        self.arguments.vectors[f"{name}_at"] = node
        at = self._at(node)
        if not at:
            self.once.setdefault(name, f"{name} = tl.load({name}_at).to(ACCURACY)")
            return name
        line = f"{name} = tl.load({name}_at + {at}, mask={self._inside(node)}, other=0.0).to(ACCURACY)"
        is_small = len(self.axes.atoms(node)) == 1
        (self.once if self.is_resident or is_small else self.arrays).setdefault(name, line)
        return name

    def _aligned(self, argument: Node, node: Node) -> str:
        """Return a value with the axes of the tile of one that it is an argument of: 1 wide where it has none."""
        text, source = self._value(argument), self._source(argument)
        given, axes = self.axes.of(argument), self.axes.of(node)
        index = ""
        if argument.rows or any(given):
            shift, places, total = len(axes) - len(given), [0], 1
            for number, atoms in enumerate(axes):
                own = number >= shift and given[number - shift]
                places += range(total, total + len(atoms)) if own else []
                total += len(atoms)
            index = _index(places, total)
        is_made_here = source in self.nested or not source.rows
        return (bracketed(source, text) if is_made_here and (index or not is_atomic(node)) else text) + index

    # operations ---------------------------------------------------------------------------------------------------

    def _operation(self, node: Node) -> str:
        if node.op in REDUCTIONS | SCANS:
            return self._summed(node)
        return SPELLING[node.op].format(*(self._aligned(argument, node) for argument in node.args))

    def _summed(self, node: Node) -> str:
        """Return the sum along an axis, the largest or smallest value of one, or the sums up to each."""
        argument = node.args[0]
        before = list(itertools.chain.from_iterable(self.axes.of(argument)[: _axis_of(node)]))
        places = range(len(before), len(before) + len(self.axes.summed(node)))
        if not places:
            return self._value(argument)
        text = self._value(argument)
        text = f"tl.where({self._inside(argument, places)}, {text}, {_NEUTRAL.get(node.op, '0.0')})"
        if node.op in SCANS:
            return f"tl.cumsum({text}, {1 + places[0]}{', reverse=True' if node.op == 'reverse_cumsum' else ''})"
        for place in reversed(places):
            if node.op == "sum":
                text = f"tl.sum({text}, {1 + place})"
            else:  # tl.max would lose a NaN
                text = f"tl.reduce({text}, {1 + place}, {'larger' if node.op == 'max' else 'smaller'})"
        return text

    # products -----------------------------------------------------------------------------------------------------

    def _product(self, product: Product) -> Iterator[str]:
        """Yield the lines of a product with matrices: operands pass through memory, where every column can be read."""
        for result in product.results:
            blocks = ["BLOCK_ROWS", *(f"BLOCK_{atom}" for atom in self.axes.atoms(result))]
            yield f"{self.names[result]} = tl.zeros([{', '.join(blocks)}], ACCURACY)"
            self.values[result] = self.names[result]
        for operand, line in zip(product.operands, product.weights, strict=True):
            yield from self._term(operand, tuple(zip(product.results, line, strict=True)))

    def _term(self, operand: Node, columns: Sequence[tuple[Node, Node]]) -> Iterator[str]:
        depth, source = self._size(operand.width), self._source(operand)
        place, line = self._operand_place(operand)
        if source in self.computed:
            yield self._stored(self._address(place, source, line), source)
            yield "tl.debug_barrier()"
        yield f"for start in range(0, {depth}, BLOCK_INNER):"
        yield "    inner = start + tl.arange(0, BLOCK_INNER)"
        if source.op == "noise":
            yield from (f"    {line}" for line in self._noise(source, "operand", "inner[None, :]",
                                                              sequence="sequence[:, None]"))  # fmt: skip
        else:
            address = self._address(place, source, line, "inner[None, :]")
            mask = f"live[:, None] & (inner < {depth})[None, :]"
            yield f"    operand = tl.load({address}, mask={mask}, other=0.0).to(ACCURACY)"
        for result, weight in columns:
            yield f"    {self._multiplied(result, weight, depth)}"

    def _operand_place(self, operand: Node) -> tuple[BufferColumns, str]:
        """Return where an operand lies, and in which line."""
        source = self._source(operand)
        if source.op == "noise":
            return BufferColumns("", (), source.width), ""
        if source in self.layout.steps:
            return self.layout.steps[source], "(slot * batch + member)"
        return self.layout.places[source], "sequence" if unshaped(source) in self.per_sequence else "rows"

    def _multiplied(self, result: Node, weight: Node, depth: str) -> str:
        """Return the line that adds some columns of an operand times their weights to a result."""
        name, atoms = self.names[weight], self.axes.atoms(result)
        self.arguments.weights[f"{name}_at"] = weight
        first = _index([0], 1 + len(atoms))
        address, mask = f"{name}_at + inner{first} * {name}_down", f"(inner < {depth}){first}"
        if atoms:
            address, mask = f"{address} + {self._at(result)} * {name}_across", f"{mask} & {self._inside(result)}"
        tile = f"tl.load({address}, mask={mask}, other=0.0).to(ACCURACY)"
        total = 2 + len(atoms)
        term = f"operand{_index([0, 1], total)} * {tile}{_index([*range(1, total)], total)}"
        return f"{self.names[result]} += tl.sum({term}, 1)"


def _axis_of(node: Node) -> int:
    return len(node.args[0].shape) + dict(node.attributes).get("axis", -1)


def _index(places: Sequence[int], total: int) -> str:
    """Return the index that puts a tile's axes at these places of so many; empty where they are all."""
    if [*places] == [*range(total)]:
        return ""
    return f"[{', '.join(':' if place in places else 'None' for place in range(total))}]"
