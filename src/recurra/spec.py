"""`@cell`: from a function of one step to a frozen spec, from which everything else is derived."""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import math
import numbers
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, overload

from recurra.arguments import check_whole, checked
from recurra.citation import Source, read_source
from recurra.derive import equations, facts
from recurra.derive.plan import EVALUATION, TRAINING, Plans, Variant, derive
from recurra.errors import CellError
from recurra.graph.functions import (
    bernoulli,
    column,
    cos,
    cumsum,
    erf,
    exp,
    flatten,
    floor,
    heaviside,
    log,
    matvec,
    max,
    maximum,
    mean,
    min,
    minimum,
    normal,
    outer,
    relu,
    row,
    sigmoid,
    sign,
    sin,
    size,
    sizes_known,
    softmax,
    softplus,
    split,
    sqrt,
    stop_gradient,
    sum,
    surrogate,
    tanh,
    uniform,
    vecmat,
    where,
)  # fmt: skip
from recurra.graph.node import Node, Shape, Size
from recurra.graph.serial import step_from_data, step_to_data
from recurra.graph.state_lists import one_by_one, spread
from recurra.graph.step import Delay, Shift, Step, expand_delays, with_shifts_in, without_terms
from recurra.graph.trace import Declaration, trace
from recurra.graph.values import Given, checked_array, checked_function, made, sizes_read
from recurra.graph.verify import check_limits
from recurra.locks import made_once, making
from recurra.notebook import page, table, typeset

if TYPE_CHECKING:  # what is traced, derived and printed needs no NumPy
    import numpy as np

__all__ = [
    "Cell", "Parameter", "Variant", "bernoulli", "cell", "column", "cos", "cumsum", "erf", "exp", "flatten", "floor",
    "heaviside", "log", "matvec", "max", "maximum", "mean", "min", "minimum", "normal", "outer", "relu", "row",
    "sigmoid", "sign", "sin", "size", "softmax", "softplus", "split", "sqrt", "stop_gradient", "sum", "surrogate",
    "tanh", "uniform", "vecmat", "where",
]  # fmt: skip

FORMAT = 2
"""The newest version of `Cell.to_json`, of cells with numbers beside their equations; a reader refuses newer ones."""

_LARGEST_START = 1e30
"""What a parameter may begin with, as far as a stored cell says so."""

SCHEMES = ("xavier", "he", "orthogonal", "identity", "uniform", "normal")
"""Initialisations that a cell may name; `recurra.nn.initialise` carries them out."""

Init = float | str | Given
"""What a parameter begins with: a number, one of `SCHEMES`, an array, or a function of the sizes that gives one."""

_BY_ROLE: Mapping[str, float | str] = {
    "input matrix": "xavier", "state matrix": "orthogonal", "bias": 0.0, "diagonal": "uniform", "scalar": 0.0,
}  # fmt: skip


def _is_number(said: object) -> bool:
    return isinstance(said, numbers.Real) and not isinstance(said, bool)


def checked_init(said: object, *, where: str) -> Init:
    """Return an initialisation as it is kept; raise `CellError` if it is none of `Init`."""
    if isinstance(said, str) and said in SCHEMES:
        return said
    if isinstance(said, numbers.Real) and _is_number(said) and math.isfinite(said):
        return float(said)
    if callable(said) or hasattr(said, "__array__") or isinstance(said, (list, tuple)):
        return _given(said, where)
    raise CellError(
        f"{where}: expected a finite number, one of {list(SCHEMES)}, an array, or a function of the sizes that gives "
        "an array"
    )


@dataclass(frozen=True)
class Parameter:
    """A parameter of a cell: its shape in named sizes, its role and its initialisation."""

    name: str
    shape: Shape
    role: str
    init: Init

    @property
    def begins(self) -> str:
        """What it begins with, in words."""
        return str(self.init) if isinstance(self.init, (float, str)) else "numbers by its sizes"


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell: its equations and what follows from them. Made by `@cell`; never changed.

    Attributes
    ----------
    name : str
    doc : str
        The docstring of the function: what the cell is, and its source.
    written : Step
        The equations as a graph, as they were written.
    init : mapping from a parameter's name to a number, the name of a scheme, an array or a function of the sizes
        Only what the cell says itself; `parameters` holds the complete answer.
    function : callable or None
        The function that was written; None for a cell that was read from a file or made by a transform.
    fixed : mapping from a parameter's name to an array, or a function of the sizes that gives one
        What is not trained.
    initial : mapping from a state's name to a number, ``"learnt"``, an array or a function of the sizes
        What sequences begin with, where it is not zero.
    """

    name: str
    doc: str
    written: Step
    init: Mapping[str, Init]
    function: Callable[..., Any] | None = None
    fixed: Mapping[str, Given] = field(default_factory=dict)
    initial: Mapping[str, float | str | Given] = field(default_factory=dict)
    _expected: ClassVar[str] = "a cell, such as recurra.cells.LSTM or what @recurra.cell makes"

    def __post_init__(self) -> None:
        init = {name: checked_init(said, where=self._said("init", name, said)) for name, said in self.init.items()}
        object.__setattr__(self, "init", MappingProxyType(init))
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))
        object.__setattr__(self, "initial", MappingProxyType(dict(self.initial)))
        begins = {name: given if isinstance(given, float) else None for name, given in self.initial.items()}
        object.__setattr__(self, "written", replace(self.written, initial=begins))
        object.__setattr__(self, "__doc__", self.doc)
        try:
            check_limits(self.written)
        except ValueError as error:
            raise CellError(f"{self.name}: {error}") from None
        self._check_functions("fixed", self.fixed)
        self._check_functions("initial", self.initial)
        self._check_initial()
        self._check_init()

    def _said(self, option: str, name: str, said: object) -> str:
        """Quote what was given for a name; an array or a function is not written out."""
        return f"{self.name}: {option}={{{name!r}: {repr(said) if isinstance(said, (float, int, str)) else '...'}}}"

    def _check_init(self) -> None:
        shapes = {leaf.name: leaf.shape for leaf in self.written.parameters if leaf.name not in self.fixed}
        for name, given in self.init.items():
            where = self._said("init", name, given)
            if name not in shapes:
                raise CellError(f"{where}: there is no such parameter; there are {[*shapes]}")
            if (found := getattr(given, "shape", None)) is not None and len(found) != len(shapes[name]):
                expected = ", ".join(map(str, shapes[name]))
                raise CellError(f"{where}: its shape is {found}: expected ({expected})")
        self._check_functions("init", self.init)

    def _check_initial(self) -> None:
        states = [leaf.name for leaf in self.written.states]
        parameters = {leaf.name for leaf in self.written.parameters}
        for name, given in self.initial.items():
            where = self._said("initial", name, given)
            if name not in states:
                raise CellError(f"{where}: there is no such state; there are {states}")
            if isinstance(given, str) and given != "learnt":
                raise CellError(
                    f"{where}: expected a number, 'learnt', a vector, or a function of the sizes that gives one"
                )
            shape = next(leaf.shape for leaf in self.written.states if leaf.name == name)
            if (found := getattr(given, "shape", None)) is not None and len(found) != len(shape):
                raise CellError(f"{where}: its shape is {found}: expected ({', '.join(map(str, shape))},)")
            if not isinstance(given, float) and f"initial_{name}" in parameters:
                raise CellError(f"{where}: a layer calls it initial_{name}, and the equations read p.initial_{name}")

    def _check_functions(self, option: str, given: Mapping[str, object]) -> None:
        """Raise `CellError` where a function wants a size that the cell does not have."""
        known = [
            "input_size",
            "hidden_size",
            *(size for size in self.sizes if size not in ("input_size", "hidden_size")),
        ]
        for name, each in given.items():
            unknown = [size for size in sizes_read(each) if size not in known] if callable(each) else []
            if unknown:
                raise CellError(
                    f"{self.name}: {option}={{{name!r}: ...}}: its function takes {unknown}; the sizes are {known}"
                )

    def __call__(self, p: Any, x: Any, *states: Any, **inputs: Any) -> Any:
        """Run one step on NumPy arrays or torch tensors, rows first: the meaning of the cell.

        Parameters
        ----------
        p : object with the parameters as attributes, or a mapping; there fixed arrays may be left out
        x : array (..., input_size)
        states : arrays (..., size of the state), a matrix's (..., rows, columns)
        inputs : the further inputs and delayed states, by name

        Returns
        -------
        What the cell's function returns.

        Raises
        ------
        CellError
            If there is no function, or a state of several axes is given with fewer, such as a layer's, which are flat.
        """
        if self.function is None:
            raise CellError(f"{self.name}: its function was not stored with its equations; run it through a layer")
        fixed = {name: given for name, given in self.fixed.items() if not callable(given)}
        p = SimpleNamespace(**{**fixed, **p}) if isinstance(p, Mapping) else p
        batch_axes = len(getattr(x, "shape", ())[:-1])
        self._check_axes(states, batch_axes)
        with sizes_known(self._sizes_of(x, states), batch_axes=batch_axes):
            return self.function(p, x, *states, **inputs)

    def _check_axes(self, states: Sequence[Any], batch_axes: int) -> None:
        """Refuse a flat array where a state has several axes: what is computed with it would be something else."""
        for leaf, value in zip(self.written.states, states, strict=False):
            shape = tuple(getattr(value, "shape", ()))
            if len(leaf.shape) > 1 and len(shape) != batch_axes + len(leaf.shape):
                expected = ", ".join([*["batch"] * batch_axes, *map(str, leaf.shape)])
                raise CellError(
                    f"{self.name}: the state {leaf.name!r}: got an array of shape {shape}, expected ({expected}); a "
                    "layer's states are flat, row after row: reshape them"
                )

    def _sizes_of(self, *given: Any) -> dict[str, int]:
        """Return the numbers of the sizes that arrays show."""
        x, states = given
        found: dict[str, int] = {}
        for leaf, value in zip((self.step.inputs[0], *self.written.states), (x, *states), strict=False):
            shape = tuple(getattr(value, "shape", ()))
            for name, number in zip(leaf.shape, shape[-len(leaf.shape) :], strict=False):
                if isinstance(name, str) and name.isidentifier():
                    found[name] = number
        return found

    def __repr__(self) -> str:
        states = ", ".join(self.states)
        return f"<cell {self.name}: states {states}; {len(self.parameters)} parameters>"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.equations(latex=True)}\n$$"

    def _repr_html_(self) -> str:
        shapes = (f"({', '.join(map(str, leaf.shape))})" for leaf in self.parameters)
        rows = [(leaf.name, shape, leaf.role, leaf.begins) for leaf, shape in zip(self.parameters, shapes, strict=True)]
        return page(
            f"{self.name}: states {', '.join(self.states)}",
            self.doc,
            escape(self._repr_latex_()),
            self.diagram(svg=True),
            table(("parameter", "shape", "role", "initialisation"), rows),
        )

    def __deepcopy__(self, memo: object) -> Cell:
        return self

    def __reduce__(self) -> tuple[Callable[..., Cell], tuple[Any, ...]]:
        module = getattr(self.function, "__module__", None) or ""
        if module != "__main__" and getattr(sys.modules.get(module), self.name, None) is self:
            return _imported, (module, self.name)
        given = dict(self.init), dict(self.fixed), dict(self.initial)
        return _restored, (self.name, self.doc, step_to_data(self.written), *given)

    @made_once
    def step(self) -> Step:
        """The equations with delays made plain states: what plans and layers work on."""
        return expand_delays(self.written) if self.written.delays else self.written

    @made_once
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that are trained, in the order of their first use."""
        roles = facts.parameter_roles(self.step)
        return tuple(
            Parameter(node.name, node.shape, role := roles[node.name], self.init.get(node.name, _BY_ROLE[role]))
            for node in self.step.parameters
            if node.name not in self.fixed
        )

    @checked(CellError)
    def initial_parameters(self, sizes: Mapping[str, int], /) -> dict[str, float | str | np.ndarray]:
        """Return what each parameter begins with for these sizes, by name: a number, one of `SCHEMES`, or an array.

        Raises
        ------
        CellError
            If an array has another shape than the parameter, or is not finite.
        """
        found: dict[str, float | str | np.ndarray] = {}
        for each in self.parameters:
            try:
                found[each.name] = (
                    each.init if isinstance(each.init, (int, float, str)) else made(each.init, sizes, each.shape)
                )
            except ValueError as error:
                raise CellError(f"{self._said('init', each.name, each.init)}: {error}") from None
        return found

    @checked(CellError)
    def initial_states(self, sizes: Mapping[str, int], /) -> dict[str, float | str | np.ndarray]:
        """Return what each state begins with for these sizes, by name: a number, ``"learnt"`` or an array.

        Raises
        ------
        CellError
            If an array has another shape than the state, or is not finite, or its function raises an error.
        """
        found: dict[str, float | str | np.ndarray] = {}
        for leaf in self.written.states:
            given = self.initial.get(leaf.name, 0.0)
            try:
                known = given if isinstance(given, (int, float, str)) else made(given, sizes, leaf.shape)
            except ValueError as error:
                raise CellError(f"{self.name}: the initial state {leaf.name!r}: {error}") from error.__cause__
            found[leaf.name] = known
        return found

    @checked(CellError)
    def fixed_arrays(self, sizes: Mapping[str, int], /) -> dict[str, np.ndarray]:
        """Return the fixed arrays for these sizes, (``"input_size"``, ``"hidden_size"`` and the cell's own) -> number.

        Raises
        ------
        CellError
            If an array has another shape than the equations give it, or is not finite, or its function raises an error.
        """
        shapes = {leaf.name: leaf.shape for leaf in self.step.parameters}
        found = {}
        for name in self.fixed:
            try:
                found[name] = made(self.fixed[name], sizes, shapes[name])
            except ValueError as error:
                raise CellError(f"{self.name}: the fixed array {name!r}: {error}") from error.__cause__
        return found

    @property
    def symbols(self) -> float:
        """Return how many symbols the equations have where a value without a name is repeated at each of its uses."""
        return facts.symbols(self.step)

    @property
    def values(self) -> int:
        """How many values a step has, from its leaves to its output."""
        return facts.values(self.step)

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states, in order."""
        return tuple(state.name for state in self.step.states)

    @property
    def further_inputs(self) -> tuple[Node, ...]:
        """The per-step inputs beside `x`."""
        return self.step.inputs[1:]

    @property
    def output_size(self) -> Size:
        """The size of what a layer puts out, by name."""
        return self.step.output.shape[0]

    @made_once
    def sizes(self) -> tuple[str, ...]:
        """The names of all sizes that the cell has, e.g. ``("input_size", "hidden_size")``."""
        return tuple(self.step.sizes())

    @made_once
    def source(self) -> Source | None:
        """The paper that the docstring cites first; None if it cites none."""
        return read_source(self.doc)

    @made_once
    def linear_in_state(self) -> bool:
        """Whether each next state is affine in the states, with coefficients from the inputs alone."""
        return facts.linear_in_state(self.step)

    @made_once
    def random(self) -> bool:
        """Whether training draws noise."""
        return bool(self.step.noises)

    @made_once
    def shifts(self) -> tuple[Shift, ...]:
        """The states that are an input of the step before, such as QRNN's: all of their values are known beforehand."""
        return with_shifts_in(self.step)[1]

    @property
    def statistics(self) -> tuple[Node, ...]:
        """The statistics of a batch that training takes, and of which evaluation takes running ones."""
        return self.step.statistics

    def plans(self, variant: Variant = TRAINING, /) -> Plans:
        """Return the forward and backward plan in a variant, derived once for each."""
        known = self._plans
        if variant not in known:
            with making:
                if variant not in known:
                    known[variant] = self._derived(variant)
        return known[variant]

    def _derived(self, variant: Variant) -> Plans:
        """Return the plans of a variant: those of another that is the same for this cell, or new ones."""
        is_training = variant.training and (self.random or bool(self.statistics))
        same = variant._replace(training=is_training, shifted=variant.shifted and bool(self.shifts))
        return self._plans.get(same) or self._plans.setdefault(same, derive(self.step, same))

    @made_once
    def _plans(self) -> dict[Variant, Plans]:
        return {}

    @checked(CellError)
    def parameter_count(self, *, input_size: int, hidden_size: int, sizes: Mapping[str, int] | None = None) -> int:
        """Return the number of trainable numbers for these sizes."""
        given = self._numbers({"input_size": input_size, "hidden_size": hidden_size, **(sizes or {})})
        return facts.count([parameter.shape for parameter in self.parameters], given)

    @checked(CellError)
    def flops(self, *, input_size: int, hidden_size: int, sizes: Mapping[str, int] | None = None) -> int:
        """Return the floating-point operations of one forward step of one sequence (a multiply-add is two)."""
        given = self._numbers({"input_size": input_size, "hidden_size": hidden_size, **(sizes or {})})
        return facts.forward_flops(self.plans(EVALUATION).forward, given).all

    def _numbers(self, given: Mapping[str, int]) -> Mapping[str, int]:
        """Return the numbers of all sizes; raise `CellError` where one is none, missing, or of no size of the cell."""
        for name, number in given.items():
            check_whole(f"{self.name}: {name}", number, CellError)
        expected = {"input_size", "hidden_size", *self.sizes}
        if given.keys() != expected:
            own = sorted(expected - {"input_size", "hidden_size"})
            got = sorted(given.keys() - {"input_size", "hidden_size"})
            raise CellError(f"{self.name}: sizes: got {got}, expected {own}")
        try:
            self.step.check_sizes(given)
        except ValueError as error:
            raise CellError(f"{self.name}: {error}") from None
        return given

    @checked(CellError)
    def equations(self, *, latex: bool = False) -> str:
        """Return the step as equations, as text or as a LaTeX ``aligned`` block. A notebook typesets them."""
        return typeset(functools.partial(equations.forward, self.written), latex=latex)

    @checked(CellError)
    def backward_equations(self, *, latex: bool = False) -> str:
        """Return the derived backpropagation through time, as text or as a LaTeX ``aligned`` block, as `equations`."""
        plans = self.plans()
        return typeset(functools.partial(equations.backward, plans.forward, plans.backward), latex=latex)

    @checked(CellError)
    def diagram(self, *, svg: bool = False, ascii: bool = False) -> str:
        """Return the dataflow of a step as a diagram: as text in box-drawing characters, or as an SVG document.

        With `ascii` it is written in plain characters, for consoles and files without Unicode.
        """
        # What draws cells imports them: it stands above this module, and is loaded when a drawing is asked for.
        return importlib.import_module("recurra.diagram").draw(self, svg=svg, ascii=ascii)

    @checked(CellError)
    def show_plans(self, *, training: bool = True) -> str:
        """Return the forward and the derived backward plan as text: what a kernel is made from."""
        return equations.show(self.plans(Variant(training=training)))

    def without_biases(self) -> Cell:
        """Return the cell without its biases (the parameters that are only added)."""
        return self._without_biases

    @made_once
    def _without_biases(self) -> Cell:
        biases = {parameter.name for parameter in self.parameters if parameter.role == "bias"}
        return self._rewritten(without_terms(self.written, biases))

    @checked(CellError)
    def delayed(self, lags: Mapping[str, int]) -> Cell:
        """Return the cell with other delays: argument -> number of steps, at least 1."""
        known = self.written.delays
        for name, lag in lags.items():
            if name not in known or lag < 1:
                raise CellError(
                    f"{self.name}: a delay of {lag} steps for {name!r}: expected at least 1 and one of {list(known)}"
                )
        delays = {name: Delay(delay.state, lags.get(name, delay.lag)) for name, delay in known.items()}
        return self._rewritten(replace(self.written, delays=delays))

    def _rewritten(self, step: Step) -> Cell:
        kept = {node.name for node in step.parameters}
        init = {name: scheme for name, scheme in self.init.items() if name in kept}
        fixed = {name: given for name, given in self.fixed.items() if name in kept}
        return replace(self, written=step, init=init, fixed=fixed, function=None)

    def to_json(self, *, sizes: Mapping[str, int] | None = None) -> str:
        """Return the cell as JSON: its graph, names and initialisation; no code.

        Parameters
        ----------
        sizes : mapping, optional
            Size -> number: with it, functions of the sizes are stored by their values, and the cell that is read is one
            of these sizes.

        Raises
        ------
        CellError
            If there are such functions, and no sizes.
        """
        init = self._values("init", self.init, sizes, self.initial_parameters)
        plain = all(isinstance(said, (float, str)) for said in init.values())
        data = {"format": 1 if plain else FORMAT, "name": self.name, "doc": self.doc, "init": init}
        if self.fixed:
            data |= {"format": FORMAT, "fixed": self._values("fixed", self.fixed, sizes, self.fixed_arrays)}
        if self.initial:
            data |= {"format": FORMAT, "initial": self._values("initial", self.initial, sizes, self.initial_states)}
        return json.dumps({**data, "step": step_to_data(self.written)}, indent=1)

    def _values(
        self,
        option: str,
        given: Mapping[str, Any],
        sizes: Mapping[str, int] | None,
        at: Callable[[Mapping[str, int]], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """Return given numbers as lists; functions have values where there are sizes."""
        functions = [name for name, each in given.items() if callable(each)]
        if functions and sizes is None:
            raise CellError(
                f"{self.name}: {option} {functions} are functions of the sizes, and code is not stored: to_json(sizes="
                "{'input_size': ..., 'hidden_size': ...}) stores their values"
            )
        made = at(self._numbers(sizes)) if functions and sizes is not None else given
        return {name: made[name].tolist() if hasattr(made[name], "tolist") else made[name] for name in given}

    @classmethod
    def from_json(cls, text: str) -> Cell:
        """Return the cell that `to_json` wrote; raise `CellError` if the text is none, or from a newer version."""
        return _from_json(text)


def _from_json(text: str) -> Cell:
    try:
        data = json.loads(text)
        version, name, init = data["format"], data["name"], dict(data["init"])
        if type(version) is not int or version < 1:
            raise ValueError(f"the format {version!r}, expected a whole number from 1 on")
        if version > FORMAT:
            raise CellError(f"a cell in format {version}; this version of recurra reads up to {FORMAT}")
        if not isinstance(name, str) or not name.isprintable() or not isinstance(data["doc"], str):
            raise ValueError(f"the name {str(name)[:40]!r} or its text is none")
        if not all(isinstance(said, (str, list)) or _is_start(said) for said in init.values()):
            raise ValueError(f"an initial value is no number of up to {_LARGEST_START:g}")
        fixed = {name: checked_array(values) for name, values in dict(data.get("fixed", {})).items()}
        initial = {state: _begin(name, state, said) for state, said in dict(data.get("initial", {})).items()}
        read = Cell(name, data["doc"], step_from_data(data["step"]), init, fixed=fixed, initial=initial)
        if read.written.fixed != fixed.keys():
            raise ValueError(f"fixed arrays {sorted(fixed)} where its equations have {sorted(read.written.fixed)}")
        read.plans()  # what no kernel could be made from is found here
    except CellError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise CellError(f"not a cell as JSON: {error}") from error
    return read


def _given(said: object, where: str) -> Given:
    """Return an array or a function of sizes as it is kept."""
    try:
        return checked_function(said) if callable(said) else checked_array(said)
    except ValueError as error:
        raise CellError(f"{where}: {error}") from None


def _begin(cell: str, state: str, said: object) -> float | str | Given:
    """Return what a state begins with as it is kept: a number, "learnt", an array or a function of sizes."""
    if isinstance(said, str):
        return said
    if isinstance(said, numbers.Real) and _is_number(said) and math.isfinite(said):
        return float(said)
    return _given(said, f"{cell}: initial={{{state!r}: ...}}")


def _is_start(said: object) -> bool:
    return type(said) in (int, float) and abs(said) < _LARGEST_START  # pyright: ignore[reportArgumentType]


def _delay(cell: str, name: str, said: object) -> Delay:
    if not isinstance(said, tuple) or len(said) != 2:
        raise CellError(f"{cell}: delays={{{name!r}: {said!r}}}: expected (state, steps), such as ('h', 2)")
    return Delay(*said)


def _restored(name: str, doc: str, step: Any, init: Any, fixed: Any, initial: Any) -> Cell:
    """Return a cell that was pickled by its equations; functions of sizes come by reference."""
    return Cell(name, doc, step_from_data(step), init, fixed=fixed, initial=initial)


def _imported(module: str, name: str) -> Cell:
    """Return a cell that was pickled by reference."""
    return getattr(importlib.import_module(module), name)


@overload
def cell(function: Callable[..., Any], /) -> Cell: ...
@overload
def cell(
    *,
    init: Mapping[str, Any] | None = None,
    sizes: Mapping[str, Size | tuple[Size, ...]] | None = None,
    scalars: tuple[str, ...] = (),
    per_sequence: tuple[str, ...] = (),
    delays: Mapping[str, tuple[str, int]] | None = None,
    fixed: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    states: Mapping[str, int] | None = None,
) -> Callable[[Callable[..., Any]], Cell]: ...
def cell(
    function: Callable[..., Any] | None = None,
    /,
    *,
    init: Mapping[str, Any] | None = None,
    sizes: Mapping[str, Size | tuple[Size, ...]] | None = None,
    scalars: tuple[str, ...] = (),
    per_sequence: tuple[str, ...] = (),
    delays: Mapping[str, tuple[str, int]] | None = None,
    fixed: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    states: Mapping[str, int] | None = None,
) -> Cell | Callable[[Callable[..., Any]], Cell]:
    """Make a cell of a function of one step.

    The function takes `p` (the parameters, declared by use), `x`, then the states in order; keyword-only
    arguments are further per-step inputs. It returns the states' next values, of which the first is the output;
    a cell whose output is no state returns ``(states), y``.

    Parameters
    ----------
    init : mapping
        Parameter -> a number, one of `SCHEMES`, an array, or a function of the sizes that returns one. By default
        matrices on inputs are Xavier, matrices on states orthogonal, biases and scalars zero, diagonals uniform in
        +-1/sqrt(their size).
    sizes : mapping
        The size of an argument (``{"h": "proj_size"}``, ``{"dt": 1}``) or the shape of a parameter
        (``{"U": ("input_size", "rank")}``), where it is not the usual one or does not follow. A state is
        ``hidden_size`` wide by default, `x` is ``input_size``.
    scalars : tuple of str
        Parameters that are one number.
    per_sequence : tuple of str
        Further inputs that have one value for a whole sequence.
    delays : mapping
        Argument -> (state, lag): a further argument that is the state of `lag` steps before.
    fixed : mapping
        Parameter -> an array, or a function of sizes by their names that returns one, such as ``lambda hidden_size:
        np.eye(hidden_size)``: it is read as ``p.A``, is not trained, and is saved with a layer and with the cell.
    initial : mapping
        State -> what sequences begin with, in place of zero: a number, ``"learnt"`` (a parameter ``initial_c`` of the
        layer, for a state `c`), an array, or a function of the sizes that returns one.
    states : mapping
        Argument -> how many states it stands for: the function gets a tuple of these, or, as ``*C``, one by one, and
        returns as many. They are named C_1, C_2, and so on; `sizes` and `initial` are of each.

    Returns
    -------
    Cell

    Raises
    ------
    CellError
        If the equations do not fit; the message quotes the one that does not.

    Examples
    --------
    >>> from recurra import cell, tanh
    >>> @cell
    ... def Elman(p, x, h):
    ...     return tanh(x @ p.W_x + h @ p.W_h + p.b)
    >>> Elman.parameter_count(input_size=3, hidden_size=4)
    32
    """
    for option, names in (("scalars", scalars), ("per_sequence", per_sequence)):
        if isinstance(names, str) or not isinstance(names, Collection) or not all(isinstance(n, str) for n in names):
            example = (names if isinstance(names, str) else "b",)
            raise CellError(f"{option}={names!r}: expected a tuple of names, such as {example}")

    for option, given in (
        ("sizes", sizes),
        ("delays", delays),
        ("init", init),
        ("fixed", fixed),
        ("initial", initial),
        ("states", states),
    ):
        if given is not None and not isinstance(given, Mapping):
            raise CellError(f"{option}={given!r}: expected a mapping from names")

    def make(function: Callable[..., Any]) -> Cell:
        if not inspect.isfunction(function):
            raise CellError(f"@cell on {function!r}: expected a function, as in `def Elman(p, x, h)`")
        lists = dict(states or {})
        flat = one_by_one(function, lists)
        declaration = Declaration(
            function.__name__,
            spread(sizes or {}, lists),
            tuple(scalars),
            tuple(per_sequence),
            {name: _delay(function.__name__, name, said) for name, said in (delays or {}).items()},
            fixed={
                name: _given(said, f"{function.__name__}: fixed={{{name!r}: ...}}")
                for name, said in (fixed or {}).items()
            },
            lists=lists,
        )
        doc = (function.__doc__ or "").strip()
        step = trace(function, declaration)
        given = spread(initial or {}, lists)
        begins = {name: _begin(function.__name__, name, said) for name, said in given.items()}
        return Cell(function.__name__, doc, step, init or {}, flat, declaration.fixed, begins)

    return make if function is None else make(function)


def __dir__() -> list[str]:
    return sorted(__all__)
