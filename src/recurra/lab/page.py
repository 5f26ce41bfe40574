"""The lab's page: its files as they are served, or as one file that works offline."""

from __future__ import annotations

from recurra.export.js_functions import FUNCTIONS
from recurra.export.js_runtime import BATCH_FUNCTIONS

__all__ = ["runtime_source"]


def runtime_source() -> str:
    """Return the module of the functions that kernels call: those that exported code has."""
    of_numbers = [text for name, text in FUNCTIONS.items() if name not in ("r_bytes", "r_row") and "product" not in name]
    names = [name for name in FUNCTIONS if f"function {name}(" in "\n".join(of_numbers)]
    exported = ", ".join([*names, "r_start", "r_panels", "r_rows", "r_outer"])
    return "\n".join([*of_numbers, BATCH_FUNCTIONS, f"export {{ {exported} }};\n"])
