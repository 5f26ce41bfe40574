"""What the lab's page shows of a person's trained model: what `recurra.diagnose` measured on an example of its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.errors import CellError, ExportError
from recurra.lab.description import described, written

if TYPE_CHECKING:
    from torch import Tensor

    from recurra.diagnose import Diagnosis
    from recurra.spec import Cell

__all__ = ["shown_model"]

_STEPS, _UNITS = 200, 64
"""So many steps of a sequence are shown, and units of a layer."""


def shown_model(found: Diagnosis, offered: Mapping[str, Mapping[str, Any]], /) -> dict[str, Any]:
    """Return what the page shows of a model, as JSON has it.

    Parameters
    ----------
    found
        Measured of the model.
    offered
        The cells that the page has, as `recurra.lab.description.described` has them.
    """
    connectivity = found.connectivity
    states = {(layer.place, name) for layer in found.layers for name in layer.cell.states}
    return {
        "name": found.model,
        "verdict": found.text(),
        **(_cell(found.layers[0].cell, offered) if found.layers else {}),
        "flow": [
            {"name": f"{curve.name}, {found.name_of(curve.place)}", "norms": _rounded(curve.norms[:_STEPS].flip(0))}
            for curve in found.flow_back
            if (curve.place, curve.name) in states
        ],
        "values": [
            {"name": f"{name}, {found.name_of(layer.place)}", "rows": _rounded(values[:_STEPS, :_UNITS].T)}
            for layer in found.layers
            for name, values in layer.values
        ],
        "connectivity": connectivity and {
            "outputs": connectivity.outputs, "inputs": connectivity.inputs, "norms": _rounded(connectivity.norms),
        },
    }  # fmt: skip


def _cell(cell: Cell, offered: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return which of the page's cells it is, or what the page shows of it, or why it shows nothing."""
    ours = offered.get(cell.name)
    if ours and ours["equations"] == cell.equations(latex=True):
        return {"cell": cell.name}
    name = f"{cell.name} · model" if ours else cell.name
    try:
        if cell.function is None:  # of a folder, which holds the graph alone
            text = "".join(f"# {line}\n" for line in cell.equations().splitlines())
        else:
            text = written(cell)
        return {"cell": name, "described": described(cell, text)}
    except (CellError, ExportError, OSError) as error:
        return {"cell": "", "without": str(error)}


def _rounded(values: Tensor) -> Any:
    """Return numbers of three digits, those that are not finite as None."""

    def plain(row: Any) -> Any:
        return (
            [plain(each) for each in row]
            if isinstance(row, list)
            else float(f"{row:.3g}")
            if np.isfinite(row)
            else None
        )

    return plain(values.tolist())
