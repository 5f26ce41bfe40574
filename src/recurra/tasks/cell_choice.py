"""The cell that a person names: one of recurra's by its name, or one of their own as `file.py:Name`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from recurra import Cell
from recurra.cells import ALIASES, all_cells, find
from recurra.errors import CellError, InputError, nearest

__all__ = ["choose_cell", "find_cell", "is_own_cell"]


def is_own_cell(name: str, /) -> bool:
    """Say whether a name is `file.py:Name`, a cell of a person's own."""
    return ".py:" in name


def find_cell(name: str, /) -> Cell:
    """Return a cell by its name, or from a person's file.

    A file is run as Python, because the person named it; a saved model holds the equations as data, and
    loading it runs nothing.

    Parameters
    ----------
    name
        "GRU", or "file.py:Name".

    Raises
    ------
    InputError
        If there is no such cell, file, or name in the file, or the file does not run.
    """
    return _own(name) if is_own_cell(name) else _known(name)


def choose_cell(name: str, /) -> Cell:
    """Return a cell that a task can run; see `find_cell`.

    Raises
    ------
    InputError
        As `find_cell`, and if the cell needs more than an input and a hidden size.
    """
    cell = find_cell(name)
    further = [size for size in cell.sizes if size not in ("input_size", "hidden_size")]
    further += [str(leaf.name) for leaf in cell.further_inputs]
    if further:
        raise InputError(
            f"the cell {cell.name} needs {', '.join(further)}, which a task cannot give; expected a cell with an "
            f"input and a hidden size alone"
        )
    return cell


def _own(name: str) -> Cell:
    path, _, attribute = name.rpartition(":")
    return _cell_of(_run(Path(path)), attribute, path)


def _known(name: str) -> Cell:
    cell = find(name)
    if cell is not None:
        return cell
    raise InputError(
        f"there is no cell {name!r} (`recurra cells` lists all, and your own is named as file.py:Name)"
        f"{nearest(name, [*all_cells, *ALIASES])}"
    )


def _run(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError(f"there is no file {path}, which should hold the cell")
    spec = importlib.util.spec_from_file_location(f"_cell_of_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # `inspect` finds a function's source through it
    try:
        spec.loader.exec_module(module)
    except CellError:
        raise
    except Exception as error:
        raise InputError(f"{path} does not run: {type(error).__name__}: {error}") from error
    return module


def _cell_of(module: ModuleType, name: str, path: str) -> Cell:
    cells = {key: value for key, value in vars(module).items() if isinstance(value, Cell)}
    if name in cells:
        return cells[name]
    known = ", ".join(map(repr, cells)) or "none"
    raise InputError(f"{path} has no cell {name!r}, its cells: {known}{nearest(name, cells)}")
