"""The peer of `benchmarks.one_sequence`: ONNX Runtime, run as a process of its own, in whatever environment has it.

It answers requests as `benchmarks.peers` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import onnxruntime

from benchmarks.peers import Arrays, Job, serve


def prepare(job: Job, arrays: Arrays) -> tuple[Callable[[], Any], Callable[[Any], Arrays]]:
    """Return a session's run of the model whose bytes are given, on `x`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = job["threads"], 1
    session = onnxruntime.InferenceSession(arrays["model"].tobytes(), options, providers=["CPUExecutionProvider"])
    names, inputs = [output.name for output in session.get_outputs()], {"x": arrays["x"]}
    return lambda: session.run(None, inputs), lambda value: dict(zip(names, value, strict=True))


if __name__ == "__main__":
    serve(prepare, version=onnxruntime.__version__)
