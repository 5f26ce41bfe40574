"""Going on from an earlier model: what belongs to its network stays as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import TypeVar

from recurra.errors import InputError
from recurra.tasks.task_options import TaskOptions

__all__ = ["with_shape_of"]

Options = TypeVar("Options", bound=TaskOptions)


def with_shape_of(options: Options, earlier: Options, /, *, names: Collection[str]) -> Options:
    """Return options with those of some names as an earlier model has them.

    Raises
    ------
    InputError
        If one of them is neither the default nor what the earlier model has.

    Examples
    --------
    >>> from recurra.tasks.task_options import TaskOptions
    >>> with_shape_of(TaskOptions(epochs=3), TaskOptions(hidden_size=8), names=["hidden_size"]).hidden_size
    8
    """
    defaults = {field.name: field.default for field in dataclasses.fields(options)}
    for name in names:
        given, known = getattr(options, name), getattr(earlier, name)
        if given not in (known, defaults[name]):
            raise InputError(f"{name} = {given!r}: the earlier model has {known!r}, and goes on with it; leave it out")
    return dataclasses.replace(options, **{name: getattr(earlier, name) for name in names})
