"""What a package exports is imported when it is first used; where an extra is not installed, the error says how.

The names of a package are in its `__init__.pyi`, which type checkers read too: a line for each file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lazy_loader

__all__ = ["exported", "install_line"]

_OF_TUNE = "optuna"


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
