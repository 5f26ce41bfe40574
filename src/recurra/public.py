"""What a package exports is imported when it is first used; where an extra is not installed, the error says how.

The names of a package are in its `__init__.pyi`, which type checkers read too: a line for each file.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import lazy_loader

__all__ = ["by_modules", "exported", "install_line"]

_OF_TUNE = "optuna"


def by_modules(package: str, /) -> tuple[Callable[[str], ModuleType], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a package without names of its own.

    Examples
    --------
    >>> import recurra
    >>> recurra.data.files.__name__
    'recurra.data.files'
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


def exported(package: str, file: str, /) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package, given its `__name__` and `__file__`."""
    get, names, public = lazy_loader.attach_stub(package, file)

    def get_or_say(name: str) -> Any:
        try:
            return get(name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing in ("", "recurra"):
                raise
            text = f"{package}.{name} needs {missing}, which is not installed: {install_line(missing)}"
            raise ModuleNotFoundError(text, name=error.name, path=error.path) from error

    return get_or_say, names, public


def install_line(missing: str, /) -> str:
    """Return the command that installs the extra which brings a module."""
    return f"pip install 'recurra[{'tune' if missing == _OF_TUNE else 'tasks'}]'"
