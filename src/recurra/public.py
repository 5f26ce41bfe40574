"""Packages that are entered by their modules: each is imported when it is first used, and `dir()` shows them all."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType

__all__ = ["by_modules"]


def by_modules(package: str, /) -> tuple[Callable[[str], ModuleType], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a package without names of its own.

    Examples
    --------
    >>> import recurra
    >>> recurra.training.options.__name__
    'recurra.training.options'
    """

    def names() -> list[str]:
        import pkgutil

        found = (module.name for module in pkgutil.iter_modules(sys.modules[package].__path__))
        return sorted(name for name in found if not name.startswith("_"))

    def get(name: str) -> ModuleType:
        if not name.startswith("_") and name in names():
            return importlib.import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get, names
