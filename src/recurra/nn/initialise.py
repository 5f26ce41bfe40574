"""Initialisation of parameters: the schemes, which parameter has which, and the drawing."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeGuard

import numpy as np
import torch
from torch import Tensor
from torch.nn import init

from recurra.arguments import checked
from recurra.errors import CellError, InputError
from recurra.graph.values import Given, made
from recurra.spec import Cell, Init, Parameter, checked_init

__all__ = ["LogUniform", "Negated", "Scheme", "chrono", "initialise", "resolve", "sized"]


@dataclass(frozen=True)
class LogUniform:
    """`sign` times the logarithm of a number that is uniform from 1 to `high`, for each unit its own."""

    high: float
    sign: int = 1


@dataclass(frozen=True)
class Negated:
    """Minus the value of another parameter of the same layer and direction."""

    of: str


Scheme = Init | Tensor | LogUniform | Negated
"""A number, one of `recurra.spec.SCHEMES`, an array, a function of the sizes that gives one, or what `chrono` gives."""


@checked(InputError)
def chrono(span: float, *, forget: str | None = None, input: str | None = None) -> dict[str, LogUniform | Negated]:
    """Return the chrono initialisation of gates: memories as long as the dependencies in the data.

    Tallec & Ollivier (2018), arXiv:1804.11188: a forget gate's bias log(u), u uniform in [1, span - 1], makes a unit
    forget after about u steps; the input gate's bias is minus that.

    Parameters
    ----------
    span : number from 2 on
        The longest dependency to be learned, in steps.
    forget : str
        The bias of the gate that multiplies the old state: ``"b_f"`` of an LSTM, ``"b_z"`` of recurra's GRU.
    input : str
        The bias of the gate that multiplies what is new: ``"b_i"`` of an LSTM. Alone, where one gate does both and
        multiplies what is new (``"b_f"`` of an MGU), it is -log(u).

    Returns
    -------
    dict
        For `init=` of `recurra.nn.Recurrent`.

    Raises
    ------
    InputError
        If the span is below 2, or no gate is named.

    Examples
    --------
    >>> from recurra.cells import LSTM
    >>> from recurra.nn import Recurrent, chrono
    >>> layer = Recurrent(LSTM, 1, 128, init=chrono(784, forget="b_f", input="b_i"))
    >>> bool((layer.b_f_l0 == -layer.b_i_l0).all())
    True
    """
    if not (isinstance(span, numbers.Real) and 2 <= span < math.inf):
        raise InputError(f"chrono: span: got {span!r}, expected a number of steps from 2 on")
    if forget is None and input is None:
        raise InputError("chrono: no gate was named; expected forget= or input= with the name of a bias, or both")
    if forget is None:
        return {str(input): LogUniform(span - 1, sign=-1)}
    drawn: dict[str, LogUniform | Negated] = {forget: LogUniform(span - 1)}
    return drawn if input is None else {**drawn, input: Negated(forget)}


def _he(parameter: Tensor) -> None:
    init.kaiming_normal_(parameter.T, nonlinearity="relu")


def _uniform(parameter: Tensor) -> None:
    bound = (parameter.shape[-1] if parameter.dim() else 1) ** -0.5
    init.uniform_(parameter, -bound, bound)


def _normal(parameter: Tensor) -> None:
    init.normal_(parameter, std=parameter.shape[0] ** -0.5)


_DRAW: Mapping[str, Callable[[Tensor], object]] = {
    "xavier": init.xavier_uniform_,
    "he": _he,
    "orthogonal": init.orthogonal_,
    "identity": init.eye_,
    "uniform": _uniform,
    "normal": _normal,
}
"""How each of `recurra.spec.SCHEMES` fills a parameter (inputs, outputs); but for "uniform" they are for matrices."""


@torch.no_grad()
def initialise(parameters: Mapping[str, Tensor], schemes: Mapping[str, Scheme]) -> None:
    """Fill the parameters of one layer and direction, each by its scheme, from torch's generator.

    A matrix is (inputs, outputs); a parameter of more axes is one for each head. What is the negative of another
    parameter follows after all others. Parameters of less than single precision are drawn in it and rounded: torch has
    no decomposition of half a precision.
    """
    for name, parameter in parameters.items():
        single = parameter.dtype.itemsize >= torch.float32.itemsize
        drawn = parameter if single else torch.empty_like(parameter, dtype=torch.float32)
        match schemes[name]:
            case Negated():
                continue
            case LogUniform(high, sign):
                init.uniform_(drawn, 1, high).log_().mul_(sign)
            case str(scheme) if drawn.numel():
                for matrix in [drawn] if drawn.dim() <= 2 or scheme == "uniform" else drawn.flatten(0, -3):
                    _DRAW[scheme](matrix)
            case float(number):
                drawn.fill_(number)
            case np.ndarray() as numbers:
                drawn.copy_(torch.from_numpy(numbers.copy()))
        if drawn is not parameter:
            parameter.copy_(drawn)
    for name, parameter in parameters.items():
        scheme = schemes[name]
        if isinstance(scheme, Negated):
            parameter.copy_(-parameters[scheme.of])


def resolve(cell: Cell, given: Mapping[str, Scheme]) -> dict[str, Scheme]:
    """Return the scheme of each parameter of a cell: its own, or what was given for its name.

    Parameters
    ----------
    given
        A parameter's name, or a pattern of names with ``*``, ``?`` and ``[...]``, -> a scheme. A name beats a
        pattern, and a later pattern an earlier one.

    Raises
    ------
    InputError
        If a name or pattern fits no parameter, or a scheme does not fit the parameter.
    """
    known = {parameter.name: parameter for parameter in cell.parameters}
    names = {key: _fitting(key, list(known), cell.name) for key in given}
    schemes = {
        name: _checked(parameter, parameter.init, known, f"{cell.name}: init={{{name!r}: {_quoted(parameter.init)}}}")
        for name, parameter in known.items()
    }
    for key in sorted(given, key=known.__contains__):  # patterns first, so that names beat them
        for name in names[key]:
            where = f"init={{{key!r}: {_quoted(given[key])}}}"
            schemes[name] = _checked(known[name], given[key], known, where)
    _check_negated(schemes)
    return schemes


def sized(cell: Cell, schemes: Mapping[str, Scheme], sizes: Mapping[str, int]) -> dict[str, Scheme]:
    """Return the schemes for these sizes: functions have their arrays; `InputError` where one is not the parameter's.

    Parameters
    ----------
    schemes
        Of all parameters, as `resolve` gives them.
    """
    shapes, found = {parameter.name: parameter.shape for parameter in cell.parameters}, dict(schemes)
    for name, scheme in schemes.items():
        if _is_array(scheme):
            try:
                found[name] = made(scheme, sizes, shapes[name])
            except ValueError as error:
                raise InputError(f"{cell.name}: init={{{name!r}: ...}}: {error}") from None
    return found


def _is_array(scheme: Scheme) -> TypeGuard[Given]:
    return isinstance(scheme, np.ndarray) or callable(scheme)


def _quoted(scheme: Scheme) -> str:
    return "..." if _is_array(scheme) or isinstance(scheme, Tensor) else repr(scheme)


def _fitting(key: str, names: Sequence[str], cell: str) -> list[str]:
    """Return the names that a name or a pattern fits; raise `InputError` if there is none."""
    fitting = [name for name in names if name == key] or [name for name in names if fnmatchcase(name, key)]
    if not fitting:
        what = "pattern" if set(key) & set("*?[") else "parameter"
        raise InputError(f"init: the {what} {key!r} fits nothing in {cell}; its parameters are {list(names)}")
    return fitting


def _checked(parameter: Parameter, scheme: Scheme, known: Mapping[str, Parameter], where: str) -> Scheme:
    """Return a scheme as it is kept; refuse what is none, and one that does not fit the parameter."""
    if isinstance(scheme, LogUniform):
        return scheme
    if isinstance(scheme, Negated):
        other = known.get(scheme.of)
        if other is None or other.shape != parameter.shape:
            alike = [name for name, found in known.items() if found.shape == parameter.shape]
            raise InputError(f"{where}: expected a parameter with the shape of {parameter.name}, one of {alike}")
        return scheme
    try:
        scheme = checked_init(scheme, where=where)
    except CellError as error:
        raise InputError(str(error)) from None
    if isinstance(scheme, str) and scheme != "uniform" and len(parameter.shape) < 2:
        shape = f"({', '.join(map(str, parameter.shape))})"
        raise InputError(f"{where}: {scheme!r} is for matrices, and {parameter.name} is {shape}")
    return scheme


def _check_negated(schemes: Mapping[str, Scheme]) -> None:
    for name, scheme in schemes.items():
        if isinstance(scheme, Negated) and isinstance(schemes[scheme.of], Negated):
            raise InputError(f"init: {name} is the negative of {scheme.of}, which is the negative of another itself")
