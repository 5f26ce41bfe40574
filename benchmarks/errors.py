"""`python -m benchmarks.errors`: float32 results against float64 ones, ours and torch.nn's."""

from __future__ import annotations

import copy
import statistics
import sys
from typing import Any

import torch
from torch import Tensor

from benchmarks.alternate import write
from benchmarks.grids import GRID
from benchmarks.layers import pair


def results(layer: Any, x: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """Return the outputs and all gradients in float64."""
    x = x.clone().requires_grad_()
    output = layer(x)[0]
    found = torch.autograd.grad((output * weight).sum(), [x, *layer.parameters()])
    names = ["x", *(name for name, _ in layer.named_parameters())]
    return {"output": output.detach().double(), **{n: g.double() for n, g in zip(names, found, strict=True)}}


def main() -> None:
    """Measure and write the numbers."""
    points: list[dict[str, Any]] = []
    for kind in ("RNN", "LSTM", "GRU"):
        for batch, time, input_size, hidden_size in GRID:
            torch.manual_seed(0)
            ours, peer = pair(kind, input_size, hidden_size)
            exact = copy.deepcopy(peer).double()
            x, weight = torch.randn(time, batch, input_size), torch.randn(time, batch, hidden_size)
            expected = results(exact, x.double(), weight.double())
            found = {"ours": results(ours, x, weight), "peer": results(peer, x, weight)}
            for name, value in expected.items():
                errors = {who: float((each[name] - value).norm() / value.norm()) for who, each in found.items()}
                point = {"kind": kind, "size": [batch, time, input_size, hidden_size], "value": name, "error": errors}
                points.append({**point, "ratio": errors["ours"] / errors["peer"]})
        mine = [point["ratio"] for point in points if point["kind"] == kind]
        mean = statistics.geometric_mean(mine)
        sys.stdout.write(f"{kind}: ours over torch.nn's: geometric mean {mean:.2f}, worst {max(mine):.2f}\n")
    write("errors", "python -m benchmarks.errors", points)


if __name__ == "__main__":
    main()
