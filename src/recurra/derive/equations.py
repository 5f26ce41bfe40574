"""A cell's equations, those of its derived backward step, and its plans, as text to read and to teach from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

from recurra.derive.backward import pull_back
from recurra.derive.plan import BackwardPlan, ForwardPlan, Plans
from recurra.derive.stages import Product, Segment
from recurra.graph.node import Node, depends_on, make, topological, uses
from recurra.graph.printing import LATEX, TEXT, Dialect, EquationNames, ExpressionWriter, is_silent, shared, told_apart
from recurra.graph.rewrite import simplify
from recurra.graph.step import Step

__all__ = ["adjoint_names", "backward", "forward", "forward_names", "show"]

Equation = tuple[str, str]


def forward(step: Step, *, latex: bool = False) -> str:
    """Return a step as equations, one for each name that its function gave, and for what is long and repeated."""
    dialect = LATEX if latex else TEXT
    names = forward_names(step, dialect)
    repeated = _name_shared(step.roots, names, _fresh(names, dialect, "v"))
    writer = ExpressionWriter(dialect, names)
    written: dict[Node, None] = {}
    wanted = {*step.names, *repeated, *(node for node in step.next_states if node.args)}
    for node in (*step.names, *step.next_states, *step.roots):
        within = topological([node], stop=written.__contains__)  # what it is made of comes first
        written |= dict.fromkeys(inner for inner in within if inner in wanted)
    lines = [
        (dialect.symbol(name, "0"), dialect.symbol(f"initial_{name}") if value is None else dialect.number(value))
        for name, value in step.initial.items()
    ]
    lines += [(names[node], writer.define(node)) for node in written]
    for state, following in zip(step.states, step.next_states, strict=True):
        target = dialect.symbol(state.name, "t")
        if names.get(following) != target:
            lines.append((target, writer.write(following)))
    target = dialect.symbol(told_apart(step).output, "t")
    if step.output is not step.next_states[0] and names.get(step.output) != target:
        lines.append((target, writer.write(step.output)))
    return _block([line for line in lines if line[0] != line[1]], dialect)  # the flat form of a value is itself


def forward_names(step: Step, dialect: Dialect, *, named: EquationNames | None = None) -> dict[Node, str]:
    """Return what is written for the leaves, the next states, the output and the named values of a step.

    `named` are the names that a plan has for the values of its step, where it is a plan's.
    """
    names = {parameter: dialect.symbol(parameter.name) for parameter in step.parameters}
    for node in step.inputs:
        delay = step.delays.get(node.name)
        time = f"t-{delay.lag}" if delay else "" if node.name in step.per_sequence else "t"
        names[node] = dialect.symbol(delay.state if delay else node.name, time)
    names |= {state: dialect.symbol(state.name, "t-1") for state in step.states}
    for state, following in zip(step.states, step.next_states, strict=True):
        if following.args:
            names.setdefault(following, dialect.symbol(state.name, "t"))
    for node, name in (named or told_apart(step)).values.items():
        names.setdefault(node, dialect.symbol(name, "t" if node.rows else ""))
    return names


def _fresh(names: Mapping[Node, str], dialect: Dialect, letter: str) -> Callable[[Node], str]:
    """Return what gives names that are not taken: ``u_1[t]``, ``u_2[t]``, ..."""
    taken, numbers = set(names.values()), itertools.count(1)

    def name(node: Node) -> str:
        symbols = (dialect.symbol(f"{letter}_{number}", "t" if node.rows else "") for number in numbers)
        return next(symbol for symbol in symbols if symbol not in taken)

    return name


def _name_shared(roots: Iterable[Node], names: dict[Node, str], fresh: Callable[[Node], str]) -> dict[Node, None]:
    """Name what would be written at length more than once; return it, arguments first."""
    found = dict.fromkeys(shared(roots, names))
    for node in found:
        names[node] = fresh(node)
    return found


def backward(plan: ForwardPlan, derived: BackwardPlan, *, latex: bool = False) -> str:
    """Return the derived backpropagation through time as equations, in the order in which they are computed."""
    return _Backward(plan, derived, LATEX if latex else TEXT).text()


def adjoint_names(plan: ForwardPlan, derived: BackwardPlan) -> dict[Node, str]:
    """Return what is written, as text, for the incoming gradients and for the adjoints that have a name."""
    return _Backward(plan, derived, TEXT).names


class _Backward:
    """Names the adjoints after what they are the adjoints of, and writes the equations between them."""

    def __init__(self, plan: ForwardPlan, derived: BackwardPlan, dialect: Dialect) -> None:
        self.plan, self.step, self.derived, self.dialect = plan, plan.step, derived.step, dialect
        self.names = forward_names(self.step, dialect, named=plan.names)
        self._name_arguments_of_reshapes()
        own = {leaf: dialect.symbol(leaf.name) for leaf in topological(plan.prelude.values) if not leaf.args}
        self.fresh = _fresh({**own, **self.names}, dialect, "u")
        self.writer = ExpressionWriter(dialect, self.names)
        # a long value of parameters alone counts as used twice: it stands for a parameter, which is used often
        own = _name_shared(2 * plan.prelude.values, self.names, self.fresh)
        for parameter, value in zip(plan.prelude.leaves, plan.prelude.values, strict=True):
            self.names[parameter] = self.names[value] if value in own else self._in_brackets(value)
        self._name_incoming()
        self.helpers = [*own, *self._name_adjoints()]
        self.between: set[Node] = set()

    def _name_arguments_of_reshapes(self) -> None:
        """Give the name of a value that another shape was made of to the value: both are written alike.

        Some of what reads it may read it in another shape again, so that the whole adjoint is that of the value.
        """
        for node, name in [*self.names.items()]:
            if node.op == "reshape" and is_silent(node) and node.args[0].args:
                self.names.setdefault(node.args[0], name)

    def _in_brackets(self, node: Node) -> str:
        return self.dialect.brackets.format(self.writer.define(node))

    def _name_incoming(self) -> None:
        state_of = {after: state.name for state, after in zip(self.step.states, self.step.next_states, strict=True)}
        for output, incoming in zip(self.step.outputs, self.derived.incoming_outputs, strict=True):
            name = state_of.get(output) or self.plan.names.output
            self.names[incoming] = self._derivative(self.dialect.symbol(name, "t"))
        for state, incoming in zip(self.step.states, self.derived.incoming_states, strict=True):
            self.names[incoming] = self._later(state.name, "t")

    def _derivative(self, of: str) -> str:
        return rf"\frac{{\partial L}}{{\partial {of}}}" if self.dialect.latex else f"∂L/∂{of}"

    def _later(self, state: str, time: str) -> str:
        symbol = self.dialect.symbol(state, time)
        return rf"\Delta {symbol}" if self.dialect.latex else f"Δ{symbol}"

    def _delta(self, symbol: str) -> str:
        return rf"\delta {symbol}" if self.dialect.latex else f"δ{symbol}"

    def _name_adjoints(self) -> list[Node]:
        """Name the adjoints of named values, of the arguments of their functions, and of what is used often.

        Return the values that got names for their adjoints' sake.
        """
        adjoints = self.derived.adjoints
        forward = [node for node in topological(self.step.roots) if node.args and node.rows and node in adjoints]
        forward = [node for node in forward if node.op != "reshape" or node in self.step.next_states]
        before = {adjoint: node for node, adjoint in adjoints.items() if not node.args}
        plain = self._plain_names()
        for node in forward:
            if node in self.names:
                self._name(adjoints[node], self.names[node])
        for node in forward:
            if len(node.args) == 1 and node in self.names and node.args[0] not in self.names:
                own = plain.get(node)
                if own and node.args[0] in adjoints:
                    self._name(adjoints[node.args[0]], self.dialect.symbol(f"a_{own}", "t"))
        count, found = uses(self.derived.roots), []
        for node in forward:
            adjoint = adjoints[node]
            if adjoint.args and adjoint not in self.names and adjoint not in before and count.get(adjoint, 0) > 1:
                found.append(node)
                self.names[node] = self.fresh(node)
                self._name(adjoint, self.names[node])
        return found

    def _name_repeated(self) -> None:
        """Name what is left that is long and used more than once."""
        incoming = (*self.derived.incoming_outputs, *self.derived.incoming_states)
        repeated = _name_shared((*self.derived.roots, *self.helpers), self.names, self.fresh)
        self.between = repeated.keys() & depends_on(repeated, incoming)
        helpers = {*self.helpers, *repeated} - self.between
        self.helpers = [node for node in topological([*self.helpers, *repeated]) if node in helpers]

    def _plain_names(self) -> dict[Node, str]:
        """Return the names of values without a time: those of states, and those of the function with their primes."""
        names = {after: state.name for state, after in zip(self.step.states, self.step.next_states, strict=True)}
        known = names.keys() | {*self.step.inputs, *self.step.states}
        names |= {node: name for node, name in self.plan.names.values.items() if node not in known}
        within = {node.args[0]: name for node, name in names.items() if node.op == "reshape" and is_silent(node)}
        return {**within, **names}

    def _name(self, adjoint: Node, symbol: str) -> None:
        """Name an adjoint that is computed, unless the name is another's, such as that of a value called a_f."""
        if adjoint.args and self._delta(symbol) not in self.names.values():
            self.names.setdefault(adjoint, self._delta(symbol))

    def text(self) -> str:
        """Return all equations, with a legend in the text form."""
        self._name_repeated()
        derived = [*self._deltas(), *self._carried(), *self._inputs(), *self._begins(), *self._parameters()]
        if self.dialect.latex:
            return _block([*self._auxiliary(), *derived], self.dialect)
        return "\n".join([*self._legend(), "", _block(derived, self.dialect)])

    def _legend(self) -> Iterable[str]:
        states = ", ".join(state.name for state in self.step.states)
        yield "For t = T, ..., 1. δv is the derivative of the loss L by v; ⊙ is elementwise."
        yield f"Δ is what the later steps hand back for {states}; at t = T it is L's derivative by the final state."
        if any(name.startswith("δa_") for name in self.names.values()):
            yield "a_v is the argument of the function that gives v."
        yield from (f"{left} = {right}" for left, right in self._auxiliary())

    def _auxiliary(self) -> list[Equation]:
        return [(self.names[node], self.writer.define(node)) for node in self.helpers]

    def _deltas(self) -> list[Equation]:
        order = topological(self.derived.roots)
        adjoints = {*self.derived.adjoints.values(), *self.between}
        return [(self.names[n], self.writer.define(n)) for n in order if n in adjoints and n in self.names and n.args]

    def _carried(self) -> list[Equation]:
        pairs = zip(self.step.states, self.derived.states, strict=True)
        return [(self._later(state.name, "t-1"), self.writer.write(node)) for state, node in pairs]

    def _inputs(self) -> list[Equation]:
        pairs = zip(self.step.inputs, self.derived.inputs, strict=True)
        written = (
            (leaf, self._over_steps(node) if leaf.name in self.step.per_sequence else self.writer.write(node))
            for leaf, node in pairs
        )
        return [(self._derivative(self.names[leaf]), right) for leaf, right in written]

    def _begins(self) -> list[Equation]:
        """Return the gradients of what sequences begin with, where that is no number."""
        symbol, names = self.dialect.symbol, [name for name, value in self.step.initial.items() if value is None]
        return [(self._derivative(symbol(f"initial_{name}")), self._later(name, "0")) for name in names]

    def _over_steps(self, node: Node) -> str:
        total = r"\sum_t " if self.dialect.latex else "Σ_t "
        summed = node.args[0] if node.op == "sum_rows" else node
        is_bare = summed.op in ("add", "sub") and summed not in self.names
        return total + (self.dialect.brackets if is_bare else "{}").format(self.writer.write(node))

    def _parameters(self) -> list[Equation]:
        """Return the gradients of parameters; of one that is used in the step and through expressions, the sum."""
        fixed, expressions = self.step.fixed, self._expressions()
        later, lines = dict(expressions), []
        for parameter, node in zip(self.step.parameters, self.derived.parameters, strict=True):
            left = self._derivative(self.names[parameter])
            if left in later:
                later[left] += f" + {self._over_steps(node)}"
            elif parameter.name not in fixed:
                lines.append((left, self._over_steps(node)))
        return lines + [(left, later[left]) for left, _ in expressions]

    def _expressions(self) -> list[Equation]:
        """Return the gradients of the parameters that are used through expressions of parameters alone."""
        prelude = self.plan.prelude
        seeds = []
        for parameter, value in zip(prelude.leaves, prelude.values, strict=True):
            if parameter.name in self.step.fixed:  # as all that it is made of
                continue
            seed = make("gradient", shape=value.shape, rows=False, attributes={"name": parameter.name})
            self.names[seed] = self._derivative(self.names[parameter])
            seeds.append((value, seed))
        adjoints = pull_back(seeds)
        found = [(node, adjoint) for node, adjoint in adjoints.items() if node.op == "parameter"]
        written = simplify(adjoint for _, adjoint in found)
        symbol = self.dialect.symbol
        repeated = _name_shared(written, self.names, self.fresh)
        pairs = zip(found, written, strict=True)
        lines = [(self.names[node], self.writer.define(node)) for node in repeated]
        return lines + [(self._derivative(symbol(n.name)), self.writer.write(a)) for (n, _), a in pairs]


def _block(lines: Sequence[Equation], dialect: Dialect) -> str:
    if dialect.latex:
        rows = " \\\\\n".join(f"{left} &= {right}" for left, right in lines)
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"
    width = max(len(left) for left, _ in lines)
    return "\n".join(f"{left:<{width}} = {right}" for left, right in lines)


ALL_STEPS = "for all steps at once"


def show(plans: Plans) -> str:
    """Return both plans, a line for each product and each value that is named, shared or stored."""
    names = {
        **forward_names(plans.forward.step, TEXT, named=plans.forward.names),
        **adjoint_names(plans.forward, plans.backward),
    }
    forward = _Lines(names, _segments(plans.forward), plans.forward.step.roots).forward(plans.forward)
    backward = _Lines(names, _segments(plans.backward), plans.backward.step.roots).backward(plans.backward)
    return "\n".join(["forward plan", *forward, "", "backward plan", *backward]) + "\n"


def _segments(plan: ForwardPlan | BackwardPlan) -> tuple[Segment, Segment, Segment]:
    return plan.before, plan.loop, plan.after


class _Lines:
    """Numbers what has no name and needs one, and writes the lines of a plan."""

    def __init__(self, names: dict[Node, str], segments: Iterable[Segment], roots: Iterable[Node]) -> None:
        self.names = names
        self.writer = ExpressionWriter(TEXT, names)
        count = uses(roots)
        for segment in segments:
            made = [result for stage in segment.stages for p in stage.products for result in p.results]
            shared = [node for node in segment.nodes if count.get(node, 0) > 1 or node in segment.writes]
            for node in (*made, *shared):
                names.setdefault(node, self._number(node))

    def _number(self, node: Node) -> str:
        """Return a name for what has none."""
        return f"v{sum(name.startswith('v') for name in self.names.values()) + 1}"

    def forward(self, plan: ForwardPlan) -> Iterable[str]:
        """Yield the lines of a forward plan."""
        if plan.prelude.leaves:
            yield "  once"
        helpers = [node for node in topological(plan.prelude.values) if node.args and node in self.names]
        yield from (f"    {self.names[node]} = {self.writer.define(node)}" for node in helpers)
        for parameter, value in zip(plan.prelude.leaves, plan.prelude.values, strict=True):
            if value not in helpers:
                yield f"    {parameter.name} = {self.writer.define(value)}"
        yield from self._parts(plan)
        pairs = zip(plan.step.states, plan.step.next_states, strict=True)
        yield f"  carried: {', '.join(f'{self.names[s]} <- {self.writer.write(n)}' for s, n in pairs)}"
        yield f"  output: {', '.join(map(self.writer.write, plan.step.outputs))}"
        yield f"  saved: {', '.join(self.names[node] for node in plan.saved) or 'nothing'}"

    def backward(self, plan: BackwardPlan) -> Iterable[str]:
        """Yield the lines of a backward plan."""
        yield from self._parts(plan)
        pairs = zip(plan.step.incoming_states, plan.step.states, strict=True)
        yield f"  carried: {', '.join(f'{self.names[s]} <- {self.writer.write(n)}' for s, n in pairs)}"
        if plan.matrices:
            yield f"  may be kept at some steps only: {', '.join(self.names[state] for state in plan.matrices)}"
        yield "  sums over all rows of all steps"
        for gradient in plan.weight_gradients:
            deltas = " ".join(self.writer.write(delta) for delta in gradient.deltas)
            yield f"    ({self.writer.write(gradient.operand)})ᵀ @ [{deltas}]"
        for node in plan.row_sums:
            yield f"    sum of {self.writer.write(node.args[0])}"

    def _parts(self, plan: ForwardPlan | BackwardPlan) -> Iterable[str]:
        titles = (f"before the loop, {ALL_STEPS}", "in the loop, step by step", f"after the loop, {ALL_STEPS}")
        for title, segment in zip(titles, _segments(plan), strict=True):
            yield f"  {title}{'' if segment.nodes else ': nothing'}"
            for stage in segment.stages:
                yield from map(self._product, stage.products)
                named = [node for node in stage.pointwise if node in self.names]
                yield from map(self._value, named)

    def _value(self, node: Node) -> str:
        name, value = self.names[node], self.writer.define(node)
        shape = f", as ({', '.join(map(TEXT.size, node.shape))})" if name == value else ""
        return f"    {name} = {value}{shape}"

    def _product(self, product: Product) -> str:
        results = " ".join(self.names[result] for result in product.results)
        operands = " ".join(self.writer.write(operand) for operand in product.operands)
        weights = "; ".join(" ".join(self.writer.write(weight) for weight in line) for line in product.weights)
        return f"    [{results}] = [{operands}] @ [{weights}]"
