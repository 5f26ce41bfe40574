"""Option fields: what the fields of a frozen options class say of themselves: help, bounds, where a search looks."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from recurra.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = [
    "Among", "Around", "Between", "Described", "OptionField", "Space", "as_dictionary", "check_options",
    "expectation", "one_of", "option_fields",
]  # fmt: skip

_DECADE = 10

_PLAIN = 1e12
"""Numbers from here on are written as powers of ten, unless they are whole by their type."""


@dataclass(frozen=True)
class Between:
    """All numbers from one to another, both included; where they lie far from each other, each octave counts alike.

    Examples
    --------
    >>> from recurra.training.option_fields import Between
    >>> Between(8, 128).is_logarithmic, Between(0, 0.6).is_logarithmic
    (True, False)
    """

    low: float
    high: float

    @property
    def is_logarithmic(self) -> bool:
        """Whether ratios count rather than differences: the numbers are positive and span a decade."""
        return 0 < self.low * _DECADE <= self.high


@dataclass(frozen=True)
class Around:
    """From the option's value over a factor to its value times the factor, since each task has a default of its own."""

    factor: float


@dataclass(frozen=True)
class Among:
    """Some values, in no order."""

    values: tuple[str | float | bool | None, ...]


Space = Between | Around | Among

_MOST_SHOWN = 100
"""Characters of a wrong value in a message."""


@dataclass(frozen=True)
class Described:
    """What a field of an options class says of itself, in `Annotated`.

    Attributes
    ----------
    help
        What the option means, with its unit.
    panel
        The heading under which the command's help lists it.
    minimum, above, maximum, below
        The bounds: at least, more than, at most, less than.
    space
        Where a search for better options looks, if it is one of those that are worth it.
    alone
        What a command takes the option for where no value follows it; None where one has to.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from recurra.training import Among, Around, Described, option_fields
    >>> @dataclass
    ... class Options:
    ...     rate: Annotated[float, Described("Learning rate.", "Training", above=0, space=Around(10))] = 0.01
    ...     cell: Annotated[str, Described("Name of the cell.", "Network", space=Among(("GRU", "LSTM")))] = "GRU"
    >>> [(field.name, field.described.space) for field in option_fields(Options)]
    [('rate', Around(factor=10)), ('cell', Among(values=('GRU', 'LSTM')))]
    """

    help: str
    panel: str
    _: KW_ONLY
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    below: float | None = None
    space: Space | None = None
    alone: str | None = None


@dataclass(frozen=True, kw_only=True)
class OptionField:
    """One field of an options class: its name, its type, its default, and what it says of itself."""

    name: str
    type: Any
    default: Any
    described: Described


@functools.cache
def option_fields(options_class: type, /) -> tuple[OptionField, ...]:
    """Return the fields of an options class: its own first, then those that it takes over.

    A field that a class names again with its type alone keeps what the class above says of it, and its place.

    Examples
    --------
    >>> from recurra.training import TrainingOptions
    >>> [field.name for field in option_fields(TrainingOptions)][:3]
    ['epochs', 'max_steps', 'minutes']
    """
    fields = sorted(dataclasses.fields(options_class), key=lambda field: not _introduces(options_class, field.name))
    return tuple(_option_field(options_class, field) for field in fields)


def check_options(options: Any, /) -> None:
    """Check every value of an options object, as its `__post_init__` does.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds; the message names the option and the value.
    """
    from pydantic import ValidationError

    try:
        _validator(type(options)).model_validate(as_dictionary(options))
    except ValidationError as error:
        name = error.errors()[0]["loc"][0]
        (field,) = (each for each in option_fields(type(options)) if each.name == name)
        raise InputError(f"{name} = {_shown(getattr(options, field.name))}: expected {expectation(field)}") from None


def expectation(field: OptionField, /) -> str:
    """Say what values an option takes, but for None.

    Examples
    --------
    >>> from recurra.training.option_fields import expectation, option_fields
    >>> from recurra.training.options import TrainingOptions
    >>> fields = {field.name: field for field in option_fields(TrainingOptions)}
    >>> expectation(fields["devices"]), expectation(fields["momentum"]), expectation(fields["learning_rate"])
    ('a whole number from 1 to 128', 'a number from 0 on, below 1', "a number above 0, 1,000,000 at most, or 'auto'")
    """
    said: list[str] = []
    for kind in _members(field.type):
        if get_origin(kind) is Literal:
            said += map(repr, get_args(kind))
        elif kind in (int, float):
            bounds = _bounds(field.described)
            said.append(f"{'a whole number' if kind is int else 'a number'}{bounds}")
        elif kind is not type(None):
            said.append(_KINDS.get(kind, "one or several texts"))
    if len(said) == 2 and "," in said[0]:
        return ", or ".join(said)
    return one_of(said)


def one_of(words: Sequence[str], /) -> str:
    """Return words as those of which one is to be chosen.

    Examples
    --------
    >>> one_of(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


_KINDS: Mapping[Any, str] = {bool: "True or False", str: "a text"}


def _bounds(described: Described) -> str:
    """Return the bounds of a number: " from 1 to 128", " above 0, below 1"."""
    low, high = described.minimum, described.maximum
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    begin = f" from {_number(low)} on" if low is not None else ""
    if described.above is not None:
        begin = f" above {_number(described.above)}"
    end = f"{_number(high)} at most" if high is not None else ""
    if described.below is not None:
        end = f"below {_number(described.below)}"
    return f"{begin}{',' * bool(begin and end)} {end}".rstrip()


def _number(value: float) -> str:
    """Return a bound: with commas where it is whole and has not too many digits, else as 1e18."""
    if isinstance(value, int) or (abs(value) < _PLAIN and value == int(value)):
        return f"{int(value):,}"
    return f"{value:g}".replace("e+", "e")


def as_dictionary(options: Any, /) -> dict[str, Any]:
    """Return the options by name, in order, as `config.yaml` holds them.

    Examples
    --------
    >>> from recurra.training import TrainingOptions
    >>> as_dictionary(TrainingOptions(epochs=3))['epochs']
    3
    """
    return {field.name: getattr(options, field.name) for field in option_fields(type(options))}


def _shown(value: Any) -> str:
    """Return a value as a message quotes it: a number may have more digits than Python writes."""
    try:
        text = repr(value)
    except ValueError:
        return "a number with thousands of digits"
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _introduces(options_class: type, name: str) -> bool:
    """Say whether a class describes a field itself."""
    return get_origin(_hints(options_class).get(name)) is Annotated and name in options_class.__annotations__


def _option_field(options_class: type, field: dataclasses.Field[Any]) -> OptionField:
    for described_in in options_class.__mro__:
        hint = _hints(described_in).get(field.name)
        if get_origin(hint) is Annotated:
            kind, described = get_args(hint)
            return OptionField(name=field.name, type=kind, default=field.default, described=described)
    raise TypeError(f"the option {field.name} says nothing of itself; expected Annotated[..., Described()]")


@functools.cache
def _hints(options_class: type) -> dict[str, Any]:
    return get_type_hints(options_class, include_extras=True)


@functools.cache
def _validator(options_class: type) -> type[BaseModel]:
    """Return a pydantic model with the same fields and their bounds."""
    from pydantic import BaseModel, ConfigDict, create_model

    class Strict(BaseModel):
        model_config = ConfigDict(strict=True, allow_inf_nan=False)

    fields: dict[str, Any] = {field.name: _bounded(field) for field in option_fields(options_class)}
    return create_model(options_class.__name__, __base__=Strict, **fields)


def _members(kind: Any) -> tuple[Any, ...]:
    """Return the types of a union, or the one type that there is."""
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _bounded(field: OptionField) -> tuple[Any, Any]:
    """Return the type with the bounds on its numbers, and that there is no default."""
    from pydantic import Field

    bounds = field.described
    limits = Field(ge=bounds.minimum, gt=bounds.above, le=bounds.maximum, lt=bounds.below)
    kinds = _members(field.type)
    return functools.reduce(or_, [Annotated[kind, limits] if kind in (int, float) else kind for kind in kinds]), ...
