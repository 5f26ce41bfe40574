"""Pyodide's core and the part of recurra that traces, derives and prints, as a page has them inside."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from recurra.errors import InputError

__all__ = ["pyodide_parts"]

_FILES = {
    "module": "pyodide.mjs", "assembly": "pyodide.asm.mjs", "wasm": "pyodide.asm.wasm", "library": "python_stdlib.zip",
    "lock": "pyodide-lock.json",
}  # fmt: skip
"""Part -> its file in the package `pyodide` of npm."""

_PACKAGES = ("graph", "derive", "diagram")
_MODULES = (
    "__init__.py", "__init__.pyi", "public.py", "errors.py", "arguments.py", "characters.py", "locks.py", "messages.py",
    "notebook.py", "citation.py", "spec.py", "export/__init__.py", "export/__init__.pyi", "export/js_functions.py",
    "lab/__init__.py", "lab/__init__.pyi", "lab/description.py", "lab/kernel.py", "lab/source.py",
)  # fmt: skip
"""What runs in the page: none of it needs NumPy, torch or a compiler."""


def pyodide_parts(folder: Path) -> dict[str, str]:
    """Return the parts of Pyodide that a page has inside, packed, by their names; `program` is recurra's.

    Parameters
    ----------
    folder
        The package `pyodide` of npm, unpacked.

    Raises
    ------
    InputError
        If a file of it is not there.
    """
    lacking = [name for name in _FILES.values() if not (folder / name).is_file()]
    if lacking:
        raise InputError(f"{folder}: {', '.join(lacking)} not found; expected the npm package pyodide, unpacked")
    parts = {part: (folder / name).read_bytes() for part, name in _FILES.items()}
    return {part: _packed(content) for part, content in {**parts, "program": _program()}.items()}


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def _program() -> bytes:
    """Return the modules that run in the page as an archive."""
    package, archive = files("recurra"), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name in _MODULES:
            target.writestr(f"recurra/{name}", package.joinpath(name).read_bytes())
        for part in _PACKAGES:
            for each in package.joinpath(part).iterdir():
                if each.name.endswith(".py"):
                    target.writestr(f"recurra/{part}/{each.name}", each.read_bytes())
        loader = find_spec("lazy_loader")
        assert loader is not None
        assert loader.origin is not None
        target.writestr("lazy_loader/__init__.py", Path(loader.origin).read_bytes())
    return archive.getvalue()
