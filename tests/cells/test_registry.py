"""The stub of `recurra.cells`, from which names are imported when they are used, lists what the families have."""

from __future__ import annotations

import importlib
import pkgutil

import recurra.cells
from recurra import Cell
from recurra.cells import ALIASES, all_cells

MODULES = [
    importlib.import_module(f"recurra.cells.{each.name}") for each in pkgutil.iter_modules(recurra.cells.__path__)
]
EXPORTED = [{name: getattr(module, name) for name in getattr(module, "__all__", ())} for module in MODULES]
FAMILIES = [names for names in EXPORTED if any(isinstance(value, Cell) for value in names.values())]


def test_the_stub_has_every_cell_of_the_registry_and_no_other() -> None:
    exported = {name: getattr(recurra.cells, name) for name in recurra.cells.__all__}
    cells = {name: value for name, value in exported.items() if isinstance(value, Cell)}
    assert cells == dict(all_cells)
    assert set(ALIASES.values()) <= set(all_cells)


def test_every_cell_of_a_family_is_in_the_registry() -> None:
    """And what a family exports beside its cells, their makers, is in the stub too."""
    exported = {name: value for names in FAMILIES for name, value in names.items()}
    assert {name for name, value in exported.items() if isinstance(value, Cell)} == set(all_cells)
    assert set(exported) <= set(recurra.cells.__all__)
