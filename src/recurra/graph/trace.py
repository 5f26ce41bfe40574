"""Tracing: run a cell's function on symbols and return its step as a graph; what does not fit is quoted."""

from __future__ import annotations

import inspect
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from types import CodeType, FrameType
from typing import Any

from recurra.errors import CellError
from recurra.graph.compound import Size, read_size
from recurra.graph.node import COMPARISONS, Node, leaf, make, size_of
from recurra.graph.quote import Quote
from recurra.graph.sizes import ShapeVariable, SizeError, unify
from recurra.graph.state_lists import one_by_one, state_names
from recurra.graph.step import Delay, Step
from recurra.graph.symbol import ParameterSymbols, Symbol, Tracing
from recurra.graph.values import Given
from recurra.graph.verify import LARGEST_NUMBER, LONGEST_NAME, MOST_AXES

__all__ = ["Declaration", "trace"]


@dataclass(frozen=True)
class Declaration:
    """What `@cell(...)` says beside the equations; its fields are explained at `recurra.spec.cell`.

    `stateless` is for what is no recurrent cell but shall run as one.
    """

    name: str
    sizes: Mapping[str, Size | tuple[Size, ...]]
    scalars: tuple[str, ...]
    per_sequence: tuple[str, ...]
    delays: Mapping[str, Delay]
    stateless: bool = False
    fixed: Mapping[str, Given] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Signature:
    """The arguments of a cell's function, by their part."""

    x: str
    states: tuple[str, ...]
    further: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.x, *self.states, *self.further)


def trace(function: Callable[..., Any], declaration: Declaration) -> Step:
    """Return the graph of one step; raise `CellError`, with the equation quoted, if something does not fit."""
    signature = _signature(function, declaration)
    run = one_by_one(function, declaration.lists)
    tracing = Tracing(function.__code__, _parameter_shapes(declaration, signature))
    quote = Quote(function, declaration.name, tracing)
    arguments = _arguments(tracing, signature, declaration)
    further = {name: arguments[name] for name in signature.further}
    positional = [arguments[name] for name in (signature.x, *signature.states)]
    with _names(function.__code__) as names, quote.errors():
        result = run(ParameterSymbols(tracing), *positional, **further)
    _check_constants(run, tracing, quote, declaration, signature)
    next_states, output = _returned(result, signature, quote)
    for argument, following in zip(positional[1:], next_states, strict=True):
        _unify_state(argument, following, quote)
    return _resolve(tracing, arguments, signature, (*next_states, output), names, quote, declaration)


def _signature(function: Callable[..., Any], declaration: Declaration) -> Signature:
    """Split the arguments into p, x, states and further inputs."""
    arguments = inspect.signature(function).parameters.values()
    plain = [a.name for a in arguments if a.kind not in (a.KEYWORD_ONLY, a.VAR_KEYWORD)]
    further = [a.name for a in arguments if a.kind is a.KEYWORD_ONLY]
    states = tuple(state for name in plain[2:] for state in state_names(name, declaration.lists))
    start = f"{declaration.name}{inspect.signature(function).replace(return_annotation=inspect.Signature.empty)}"
    if any(a.kind is a.VAR_KEYWORD or a.default is not a.empty for a in arguments):
        raise CellError(f"{start}: a cell's arguments are named one by one, without defaults")
    if len(plain) < (2 if declaration.stateless else 3):
        raise CellError(f"{start}: a cell takes p, x and at least one state, as in `def Elman(p, x, h)`")
    if twice := [state for state, count in Counter((plain[1], *states, *further)).items() if count > 1]:
        raise CellError(f"{start}: two arguments are called {twice[0]!r}: the states of a list have a number each")
    _check_said(declaration)
    signature = Signature(plain[1], states, tuple(further))
    _check_declared(declaration, signature, start)
    return signature


def _check_said(declaration: Declaration) -> None:
    """Refuse sizes and delays that are none."""
    for name, said in declaration.sizes.items():
        if isinstance(said, tuple) and not 1 <= len(said) <= MOST_AXES:
            raise CellError(
                f"{declaration.name}: sizes={{{name!r}: {said!r}}}: expected a shape of one to {MOST_AXES} sizes, such "
                f"as ('input_size', 'hidden_size'); got {len(said)}"
            )
        for size in said if isinstance(said, tuple) else (said,):
            if not _is_size(size):
                raise CellError(
                    f"{declaration.name}: sizes={{{name!r}: {said!r}}}: expected a name, such as 'inner_size', a "
                    "whole number from 1 on, or a product or quotient of these, such as 'hidden_size/heads'; for the "
                    "shape of a parameter or a state, a tuple of these"
                )
    for name, given in declaration.fixed.items():
        if not callable(given) and (name in declaration.sizes or name in declaration.scalars):
            raise CellError(
                f"{declaration.name}: fixed={{{name!r}: ...}}: an array of shape {given.shape} says its sizes itself; "
                f"leave {name!r} out of sizes= and scalars="
            )
    for name, delay in declaration.delays.items():
        if type(delay.lag) is not int or name in declaration.sizes or name in declaration.per_sequence:
            raise CellError(
                f"{declaration.name}: the delay {name!r}: expected (state, whole number of steps), and no size of its "
                "own and nothing per sequence, for it is a state"
            )


def _is_size(said: object) -> bool:
    if not isinstance(said, str):
        return type(said) is int and said > 0
    try:
        read_size(said)
    except ValueError:
        return False
    return True


def _shape_said(said: Size | tuple[Size, ...]) -> tuple[Size, ...]:
    """Return a declared shape, its sizes in the one spelling that each has."""
    sizes = said if isinstance(said, tuple) else (said,)
    return tuple(read_size(size) if isinstance(size, str) else size for size in sizes)


def _check_declared(declaration: Declaration, signature: Signature, start: str) -> None:
    """Refuse declarations of what is no argument, and further inputs of unsaid size."""
    for name in (*declaration.per_sequence, *declaration.delays):
        if name not in signature.further:
            raise CellError(
                f"{start}: {name!r} is declared but is no keyword-only argument; those are {list(signature.further)}"
            )
    for name, delay in declaration.delays.items():
        if delay.state not in signature.states or delay.lag < 1:
            raise CellError(
                f"{start}: the delay {name!r} of {delay.lag} steps of {delay.state!r}: expected a state of "
                f"{list(signature.states)} and at least 1 step"
            )
    state = signature.states[0] if signature.states else "h"
    for name in signature.further:
        if name not in declaration.sizes and name not in declaration.delays:
            raise CellError(
                f"{start}: the further input {name!r} has no size; say it: sizes={{{name!r}: 1}} for one number a "
                f"step, {{{name!r}: 'input_size'}} for as many as x has, or a name of its own; an older state is a "
                f"delay: delays={{{name!r}: ({state!r}, 2)}}"
            )


def _parameter_shapes(declaration: Declaration, signature: Signature) -> dict[str, ShapeVariable]:
    """Return the shapes that `sizes=` and `scalars=` give to parameters, and those of fixed arrays."""
    shapes = {name: ShapeVariable(()) for name in declaration.scalars}
    shapes |= {name: ShapeVariable.of(*each.shape) for name, each in declaration.fixed.items() if not callable(each)}
    for name, sizes in declaration.sizes.items():
        if name not in signature.names:
            shapes[name] = ShapeVariable.of(*_shape_said(sizes))
    return shapes


def _arguments(tracing: Tracing, signature: Signature, declaration: Declaration) -> dict[str, Symbol]:
    """Return a symbol for every argument after p."""

    def shape(name: str) -> tuple[Size, ...]:
        if name in declaration.delays:
            name = declaration.delays[name].state
        said = declaration.sizes.get(name, "input_size" if name == signature.x else "hidden_size")
        if isinstance(said, tuple) and name not in signature.states:
            raise CellError(
                f"{declaration.name}: sizes={{{name!r}: {said}}}: an input is a vector, give one size; split(x, n) "
                "makes a matrix of it"
            )
        return _shape_said(said)

    ops = dict.fromkeys(signature.states, "state")
    return {
        name: Symbol(tracing, ops.get(name, "input"), (), ShapeVariable.of(*shape(name)), rows=True, name=name)
        for name in signature.names
    }


@contextmanager
def _names(code: CodeType) -> Iterator[dict[Symbol, str]]:
    """Watch the local variables of the function of this code; yield symbol -> the first name it was given."""
    names: dict[Symbol, str] = {}

    # Python does not tell a value to which variable it is bound: so the local variables are looked at as each line of
    # the function begins, and when it returns. The tracer of a debugger or of coverage goes on afterwards.
    def watch(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code is not code:
            return None
        for name, value in frame.f_locals.items():
            if isinstance(value, Symbol):
                names.setdefault(value, name)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield names
    finally:
        sys.settrace(before)


def _returned(result: Any, signature: Signature, quote: Quote) -> tuple[tuple[Symbol, ...], Symbol]:
    """Return the next states and the output from what the function returned."""
    values = result if isinstance(result, tuple) else (result,)
    states, output = values, values[0] if values else None
    if len(values) == 2 and isinstance(values[0], (tuple, list)):
        states, output = values
    if isinstance(states, list) or isinstance(result, list):
        raise quote.at_return("a list is returned: expected a tuple, as in `return h, c` or `return (h, c), y`")
    if isinstance(output, (tuple, list)) and states is not values:
        raise quote.at_return(
            f"the output is a {type(output).__name__} of {len(output)}: a cell has one output; what else shall come "
            "out is a state, which nobody needs to read, and layer(x, return_states=True) gives it at every step"
        )
    if len(states) != len(signature.states):
        raise quote.at_return(
            f"next states: got {len(states)}, expected {len(signature.states)}, for {list(signature.states)}; "
            "return them in the order of the arguments, and an output y that is no state as `return (h,), y`"
        )
    found = _row_value(output, quote)
    if len(found.shape.sizes or ()) > 1:
        raise quote.at_return(
            f"the output `{found!r}` has the shape {found.shape}: a layer puts out vectors; flatten(value) is one, and "
            "`return (states), y` tells it from the states"
        )
    return tuple(_row_value(state, quote) for state in states), found


def _row_value(value: object, quote: Quote) -> Symbol:
    """Return a value that the function returned; raise `CellError` unless it is a value of the step."""
    if isinstance(value, Symbol) and value.rows and value.op not in COMPARISONS:
        return value
    raise quote.at_return(f"`{value!r}` is returned: expected values of the step")


def _unify_state(before: Symbol, after: Symbol, quote: Quote) -> None:
    try:
        unify(before.shape, after.shape)
    except SizeError as conflict:
        message = f"the next value of {before.attributes['name']} has the wrong size: {conflict}"
        if after.shape.sizes and after.shape.sizes[-1].value == 1:
            message += "; what is added to a 1-wide product is 1 wide, unless sizes= gives it another width"
        raise quote.at(after, message) from None


def _resolve(
    tracing: Tracing,
    arguments: Mapping[str, Symbol],
    signature: Signature,
    roots: tuple[Symbol, ...],
    names: Mapping[Symbol, str],
    quote: Quote,
    declaration: Declaration,
) -> Step:
    """Turn symbols into nodes, now that the sizes are known."""
    nodes: dict[Symbol, Node] = {}

    for symbol in _needed(tracing.symbols, (*arguments.values(), *roots)):
        nodes[symbol] = _node(symbol, tuple(nodes[argument] for argument in symbol.args), quote)
    parameters = {name: symbol for name, symbol in tracing.parameters.items() if symbol in nodes}
    _check_parameters(declaration, signature, parameters)
    for name, symbol in tracing.parameters.items():
        if name not in parameters:
            raise quote.at(symbol, f"p.{name} is read and not used: nothing that is returned depends on it")
    _check_further(declaration, signature, arguments, set(_needed(tracing.symbols, roots)))
    return Step(
        inputs=tuple(nodes[arguments[name]] for name in (signature.x, *signature.further)),
        states=tuple(nodes[arguments[name]] for name in signature.states),
        next_states=tuple(nodes[symbol] for symbol in roots[:-1]),
        outputs=(nodes[roots[-1]],),
        parameters=tuple(nodes[symbol] for symbol in parameters.values()),
        names={nodes[s]: name for s, name in names.items() if s in nodes and (s.args or s.op == "noise")},
        per_sequence=frozenset(declaration.per_sequence),
        delays=dict(declaration.delays),
        fixed=frozenset(declaration.fixed),
    )


def _check_constants(
    run: Callable[..., Any], tracing: Tracing, quote: Quote, declaration: Declaration, signature: Signature
) -> None:
    """Refuse a constant that is not a number, or another one each time, such as a random number or the time.

    A cell's function runs once, so such a number would be drawn once and hold for ever. Where constants do not stand
    in the function itself, it runs a second time, and both runs are compared.
    """
    written = {float(value) for value in tracing.code.co_consts if isinstance(value, (int, float))}
    constants = [symbol for symbol in tracing.symbols if symbol.op == "constant"]
    for symbol in constants:
        value = symbol.attributes["value"]
        if not abs(value) <= LARGEST_NUMBER:  # nor is NaN
            said, most = "NaN" if math.isnan(value) else f"{value:g}", f"{LARGEST_NUMBER:g}"
            raise quote.at(symbol, f"a constant of this equation is {said}: expected a number of up to {most}")
    for name, symbol in tracing.parameters.items():
        if not name.isidentifier() or len(name) > LONGEST_NAME:
            raise quote.at(symbol, f"the parameter {name[:40]!r}: expected letters, digits and underscores")
    if all(symbol.attributes["value"] in written for symbol in constants):
        return
    again = Tracing(tracing.code, _parameter_shapes(declaration, signature))
    arguments = _arguments(again, signature, declaration)
    with quote.errors():
        positional = (arguments[name] for name in (signature.x, *signature.states))
        run(ParameterSymbols(again), *positional, **{name: arguments[name] for name in signature.further})
    found = [symbol for symbol in again.symbols if symbol.op == "constant"]
    for one, other in zip_longest(constants, found):
        if one is None or other is None or one.attributes["value"] != other.attributes["value"]:
            drawn = [symbol for symbol in (one, other) if symbol is not None]
            values = " and then ".join(f"{symbol.attributes['value']:.17g}" for symbol in drawn)
            raise quote.at(
                drawn[0],
                f"the function gives another number each time it runs: {values}. It runs once, when the cell is "
                "defined, so a random number would hold for ever: use bernoulli(rate, like=value), or a further input",
            )


def _needed(traced: Sequence[Symbol], roots: Iterable[Symbol]) -> list[Symbol]:
    """Return what the roots need, in the order in which it was traced: arguments first."""
    needed = set(roots)
    for symbol in reversed(traced):
        if symbol in needed:
            needed.update(symbol.args)
    return [symbol for symbol in traced if symbol in needed]


def _check_parameters(declaration: Declaration, signature: Signature, used: Mapping[str, Symbol]) -> None:
    for name in (*declaration.scalars, *declaration.sizes, *declaration.fixed):
        if name not in used and (name not in signature.names or name in (*declaration.scalars, *declaration.fixed)):
            raise CellError(
                f"{declaration.name}: {name!r} is declared and not used; the parameters are {list(used)} and the "
                f"arguments {list(signature.names)}"
            )


def _check_further(
    declaration: Declaration, signature: Signature, arguments: Mapping[str, Symbol], read: set[Symbol]
) -> None:
    for name in signature.further:
        if arguments[name] not in read:
            kind = "delayed state" if name in declaration.delays else "further input"
            raise CellError(
                f"{declaration.name}: the {kind} {name!r} is not used: nothing that is returned depends on it"
            )


def _node(symbol: Symbol, args: tuple[Node, ...], quote: Quote) -> Node:
    shape = symbol.shape.resolved()
    if shape is None:
        raise quote.free_size(symbol)
    if symbol.op == "size":
        value = symbol.attributes["size"].value
        if value is None:
            raise quote.free_size(symbol)
        return size_of(value)
    if symbol.op in ("input", "state", "parameter"):
        return leaf(symbol.op, symbol.attributes["name"], shape)
    return make(symbol.op, args, shape=shape, rows=symbol.rows, attributes=symbol.attributes)
