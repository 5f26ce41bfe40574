"""Exported models of tasks as somebody without recurra has them: a graph, and the file of tables beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from recurra.export import export

Array = np.ndarray[Any, Any]


class ExportedGraph:
    """A graph of ONNX and its tables."""

    def __init__(self, model: Any, folder: Path, **options: Any) -> None:
        file, beside = export(model, folder / "model.onnx", **options)
        self.tables: Mapping[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        self._session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])

    def __call__(self, **inputs: Array) -> list[Array]:
        """Run it."""
        return [np.asarray(each) for each in self._session.run(None, inputs)]

    def numbers(self, name: str, tokens: Any) -> Array:
        """Return the numbers of tokens, as the tables of an input say."""
        given = self.tables["inputs"][name]
        vocabulary = given.get("vocabulary") or given["tokenizer"]["vocabulary"]
        places = {token: place for place, token in enumerate(vocabulary["tokens"])}
        unknown = places.get(vocabulary["unknown"], -1)
        return np.array([places.get(token, unknown) for token in tokens], np.int64)
