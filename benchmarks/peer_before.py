"""The peer of `benchmarks.before`: recurra as it was, run as a process of its own with that version on its path.

It answers requests as `benchmarks.peers` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from benchmarks.grids import both, forward
from benchmarks.peers import Arrays, Job, serve
from recurra.cells import all_cells
from recurra.nn import Recurrent


def prepare(job: Job, arrays: Arrays) -> tuple[Callable[[], Any], Callable[[Any], Arrays]]:
    """Return a pass of a cell's layer with the given parameters, on `x`."""
    torch.set_num_threads(job["threads"])
    layer = Recurrent(all_cells[job["kind"]], *job["sizes"], sizes=job["further"])
    layer.load_state_dict({name: torch.tensor(value) for name, value in arrays.items() if name != "x"})
    x = torch.tensor(arrays["x"], requires_grad=job["pass"] != "forward")
    run = (forward if job["pass"] == "forward" else both)(layer, x)
    with torch.inference_mode():
        output = layer(x)[0].numpy()
    return run, lambda _: {"output": output}


if __name__ == "__main__":
    serve(prepare, version="before")
