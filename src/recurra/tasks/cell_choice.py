"""The cell that a person names: one of recurra's by its name, or one of their own as `file.py:Name` or `cell.json`.

A Python file is run, so that only who is at the keyboard names one. What a model folder says of its cell is a
stranger's: there a cell is known by its name or stands in the folder as data.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from recurra import Cell
from recurra.cells import ALIASES, all_cells, find
from recurra.data.files import read_regular
from recurra.errors import CellError, InputError, nearest

__all__ = ["choose_cell", "find_cell", "is_own_cell", "known_cell", "stored_cell", "task_cell"]

_MOST_NODES = 1000
"""Values of a task's cell: a model folder with more is refused, as it may be a stranger's."""

_MOST_WRITTEN = 100_000
"""Symbols of a task's cell in its equations, as reports and messages show them."""

_LARGEST_FILE = 1 << 23


def is_own_cell(name: str, /) -> bool:
    """Say whether a name is `file.py:Name` or a `.json`, a cell of a person's own."""
    return ".py:" in name or name.endswith(".json")


def find_cell(name: str, /) -> Cell:
    """Return a cell by its name, or from a person's file.

    A Python file is run, because the person named it; a saved model holds the equations as data, and
    loading it runs nothing.

    Parameters
    ----------
    name
        "GRU", "file.py:Name", or a file ".json" with a cell's equations, as `Cell.to_json` writes and a model folder
        holds them.

    Raises
    ------
    InputError
        If there is no such cell, file, or name in the file, or the file does not run.
    """
    if name.endswith(".json"):
        return _from_json(Path(name))
    if not is_own_cell(name):
        return known_cell(name)
    path, _, attribute = name.rpartition(":")
    return _cell_of(_run(Path(path)), attribute, path)


def choose_cell(name: str, /) -> Cell:
    """Return a cell that a task can run; see `find_cell`.

    Raises
    ------
    InputError
        As `find_cell`, and if the cell needs more than an input and a hidden size.
    """
    return task_cell(find_cell(name))


def task_cell(cell: Cell, /) -> Cell:
    """Return a cell that a task can run, which it checks.

    Raises
    ------
    InputError
        If the cell needs more than an input and a hidden size, or is longer than a model folder may hold.
    """
    further = [size for size in cell.sizes if size not in ("input_size", "hidden_size")]
    further += [str(leaf.name) for leaf in cell.further_inputs]
    if further:
        raise InputError(
            f"the cell {cell.name} needs {', '.join(further)}, which a task cannot give; expected a cell with an "
            f"input and a hidden size alone"
        )
    count = cell.values
    if count > _MOST_NODES:
        raise InputError(f"the equations of {cell.name} have {count:,} values; a task takes {_MOST_NODES:,} at most")
    written = cell.symbols
    if written > _MOST_WRITTEN:
        raise InputError(
            f"the equations of {cell.name}, written out, have {written:.3g} symbols; a task takes {_MOST_WRITTEN:,} at "
            f"most; give names to values that are used more than once"
        )
    return cell


def stored_cell(name: str, content: bytes | None, /) -> Cell:
    """Return the cell of a model folder, which may be a stranger's: nothing that it names is run or looked for.

    Parameters
    ----------
    name
        What the model's options say: the name of one of recurra's cells, unless the folder holds the cell itself.
    content
        The folder's `cell.json`, None where it has none.

    Raises
    ------
    CellError, InputError
        If the content is no cell that a task can run, there is none for a cell of the person's own, or there is no
        cell of that name.
    """
    if content is not None:
        return task_cell(Cell.from_json(content.decode()))
    if is_own_cell(name):
        raise InputError(f"its cell is {name!r}, and no cell.json holds its equations")
    return task_cell(known_cell(name))


def known_cell(name: str, /) -> Cell:
    """Return one of recurra's cells; raise `InputError` if there is none of that name, in whatever case."""
    cell = find(name)
    if cell is not None:
        return cell
    raise InputError(
        f"there is no cell {name!r} (`recurra cells` lists all, and your own is named as file.py:Name)"
        f"{nearest(name, [*all_cells, *ALIASES])}"
    )


def _from_json(path: Path) -> Cell:
    if not path.is_file():
        raise InputError(f"there is no file {path}, which should hold the cell")
    try:
        return Cell.from_json(read_regular(path, largest=_LARGEST_FILE, may_be_link=True).decode())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, CellError) as error:
        raise InputError(f"{path}: {error}") from None


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
