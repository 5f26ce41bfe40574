"""What a package exports is imported when it is first used; where an extra is not installed, the error says how.

The names of a package are in its `__init__.pyi`, which type checkers read too: a line for each file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import lazy_loader

__all__ = ["EXTRAS", "exported", "lacking"]

EXTRAS = {
    "tasks": (
        "jinja2", "matplotlib", "PIL", "polars", "pydantic", "rich", "scipy", "sklearn", "tokenizers", "typer", "yaml",
    ),
    "tune": ("optuna",),
    "audio": ("soundfile",),
    "export": ("onnx",),
    "serve": ("redis", "starlette", "uvicorn", "websockets"),
    "translate": ("sacrebleu",),
}  # fmt: skip
"""Extra -> the modules that it brings, beside those that torch needs too."""


def exported(
    package: str, file: str, /, *, beside: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package, given its `__name__` and `__file__`.

    `beside` is a module in whose place the package is used, though it has a part of its names alone.
    """
    get, names, public = lazy_loader.attach_stub(package, file)

    def get_or_say(name: str) -> Any:
        try:
            return get(name)
        except ModuleNotFoundError as error:
            said = lacking(error)
            if not said:
                raise
            raise ModuleNotFoundError(f"{package}.{name} needs {said}", name=error.name, path=error.path) from error
        except AttributeError:
            if name in public:
                raise  # a fault in the file that has it
            hint = f": {beside} has it" if beside and hasattr(sys.modules.get(beside), name) else ""
            said = f"module {package!r} has no attribute {name!r}{hint}"
            raise AttributeError(said, name=name, obj=sys.modules[package]) from None

    return get_or_say, names, public


def lacking(error: ModuleNotFoundError, /) -> str:
    """Return what is not installed and the command that installs it, "" where no extra of recurra brings it."""
    missing = (error.name or "").partition(".")[0]
    for extra, modules in EXTRAS.items():
        if missing in modules:
            return f"{missing}, which is not installed: pip install 'recurra[{extra}]'"
    return ""
