"""Which options a search changes, and between which values."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from recurra.errors import InputError, nearest
from recurra.report import plain
from recurra.tasks.options import NETWORK
from recurra.training.option_fields import Among, Around, Between, OptionField, check_options, option_fields

if TYPE_CHECKING:
    import optuna

__all__ = ["Dimension", "search_space", "smallest"]

Value = str | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """An option that is searched.

    Attributes
    ----------
    name
        The option.
    space
        Where.
    is_whole
        Whether its numbers are whole.
    """

    name: str
    space: Between | Among
    is_whole: bool = False

    def draw(self, trial: optuna.Trial, /) -> Value:
        """Let a trial choose a value."""
        space = self.space
        if isinstance(space, Among):
            return trial.suggest_categorical(self.name, space.values)
        if self.is_whole:
            return trial.suggest_int(self.name, int(space.low), int(space.high), log=space.is_logarithmic)
        return trial.suggest_float(self.name, space.low, space.high, log=space.is_logarithmic)

    def has(self, value: Value, /) -> bool:
        """Say whether a value is among those that are searched."""
        if isinstance(self.space, Among):
            return value in self.space.values
        return isinstance(value, int | float) and self.space.low <= value <= self.space.high

    def least(self) -> tuple[Value, ...]:
        """Return what may cost least: the lowest number, or any of the values."""
        space = self.space
        if isinstance(space, Among):
            return space.values
        return (int(space.low) if self.is_whole else space.low,)

    def __str__(self) -> str:
        if isinstance(self.space, Among):
            return f"{self.name}={','.join(map(str, self.space.values))}"
        return f"{self.name}={plain(self.space.low)}..{plain(self.space.high)}"


def search_space(options: Any, /, *, given: Sequence[str] = (), fixed: Collection[str] = ()) -> tuple[Dimension, ...]:
    """Return what is searched: the options whose class says where, but those that are fixed; the network first.

    Parameters
    ----------
    options
        The options of a task; what is not searched stays as it is there.
    given
        "hidden_size=16..64" or "cell=GRU,LSTM", in place of what the class says or beside it.
    fixed
        Names of options that stay.

    Raises
    ------
    InputError
        If there is no such option, a value is not one that it can have, or nothing is left to search.
    """
    fields = {field.name: field for field in option_fields(type(options))}
    wanted = _once(_split(text, fields) for text in given)
    for name in fixed:
        if name not in fields:
            raise InputError(f"fixed: there is no option {name!r}{nearest(str(name), fields)}")
    both = [name for name in wanted if name in fixed]
    if both:
        raise InputError(f"search: {both[0]} is given too, and stays as it is; expected one of them")
    found = (
        _given(wanted[name], field, options) if name in wanted else _own(field, options)
        for name, field in fields.items()
        if name not in fixed
    )
    space = [dimension for dimension in found if dimension is not None]
    if not space:
        raise InputError("search: every option that is worth a search is given; expected one of them to be left open")
    return tuple(sorted(space, key=lambda dimension: fields[dimension.name].described.panel != NETWORK))


def smallest(space: Sequence[Dimension], /) -> Iterator[dict[str, Value]]:
    """Yield the corners of a search that may cost least: each number at its lowest, with every choice."""
    names = [dimension.name for dimension in space]
    for values in itertools.product(*(dimension.least() for dimension in space)):
        yield dict(zip(names, values, strict=True))


def _once(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return where to look for each option; one that is there twice is refused, as one of the two would be lost."""
    found: dict[str, str] = {}
    for name, values in entries:
        if name in found:
            raise InputError(f"search: {name} is there twice, {found[name]} and {values}; expected one of them")
        found[name] = values
    return found


def _split(text: str, known: Collection[str]) -> tuple[str, str]:
    name, sign, values = text.partition("=")
    name = name.strip().replace("-", "_")
    if not sign or not values.strip():
        raise InputError(f"search: got {text!r}; expected OPTION=LOW..HIGH or OPTION=VALUE,VALUE")
    if name not in known:
        raise InputError(f"search: there is no option {name!r}{nearest(name, known)}")
    return name, values


def _own(field: OptionField, options: Any) -> Dimension | None:
    """Return what the class says of an option; None if nothing, it has no number to look around, or it is "auto"."""
    space, value = field.described.space, getattr(options, field.name)
    if isinstance(space, Around | Between) and isinstance(value, str):
        return None
    if isinstance(space, Around):
        if not isinstance(value, int | float):
            return None
        space = Between(value / space.factor, value * space.factor)
    if isinstance(space, Between) and _is_whole(field):
        space = Between(max(1, round(space.low)), round(space.high))
    return Dimension(name=field.name, space=space, is_whole=_is_whole(field)) if space else None


def _given(text: str, field: OptionField, options: Any) -> Dimension:
    space = _range(text, field) if ".." in text else Among(tuple(_value(part, field) for part in text.split(",")))
    for value in space.values if isinstance(space, Among) else (space.low, space.high):
        _check(field.name, value, options)
    return Dimension(name=field.name, space=space, is_whole=_is_whole(field))


def _range(text: str, field: OptionField) -> Between:
    low, high = (_number(end, field, text) for end in text.split("..", maxsplit=1))
    if low > high:
        raise InputError(f"search: {field.name}={text}: expected the lower end first")
    return Between(low, high)


def _check(name: str, value: Value, options: Any) -> None:
    """Check a value by itself; whether it goes together with the others is seen when they are drawn."""
    changed = copy.copy(options)
    object.__setattr__(changed, name, value)
    try:
        check_options(changed)
    except InputError as error:
        raise InputError(f"search: {error}") from None


def _number(text: str, field: OptionField, given: str) -> float:
    value = _value(text, field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"search: {field.name}={given}: {text!r} is no number that it can be")
    return value


def _value(text: str, field: OptionField) -> Value:
    """Read a value as the type of the option has it; a text where nothing else fits."""
    kinds, text = _kinds(field), text.strip()
    if bool in kinds and text in ("true", "false"):
        return text == "true"
    if type(None) in kinds and text == "none":
        return None
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(text)
            except ValueError:
                continue
    return text


def _is_whole(field: OptionField) -> bool:
    kinds = _kinds(field)
    return int in kinds and float not in kinds


def _kinds(field: OptionField) -> tuple[Any, ...]:
    return get_args(field.type) or (field.type,)
