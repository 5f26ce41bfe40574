"""A tree of plain values and tensors as one safetensors file: what torch.save does, without pickle."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from recurra.errors import ModelFolderError
from recurra.nn.carried import CarriedState

__all__ = ["read_tree", "write_tree"]

_FORMAT = "recurra tree 1"


def write_tree(path: Path, tree: Any, /) -> None:
    """Write a tree to a file in one step: what was there stays until the new file is complete.

    Parameters
    ----------
    path
        The file; its folder must exist.
    tree
        None, bool, int, float, str, tensors, `CarriedState`, and lists, tuples and dictionaries of these. Tensors
        stand in the file as they are, the rest as JSON in its header.

    Raises
    ------
    OSError
        If it cannot be written; nothing of it is left then.
    """
    tensors: dict[str, Tensor] = {}
    header = {"format": _FORMAT, "tree": json.dumps(_encoded(tree, tensors))}
    content = safetensors.torch.save(tensors, metadata=header)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_tree(path: Path, /) -> Any:
    """Read a tree that `write_tree` wrote; nothing in the file is run.

    Raises
    ------
    ModelFolderError
        If the file is missing or is something else.
    """
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            if header.get("format") != _FORMAT:
                raise ModelFolderError(f"{path} is no checkpoint of recurra, or one of another version")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
            return _decoded(json.loads(header["tree"]), tensors)
    except OSError as error:
        raise ModelFolderError(f"{path} cannot be read: {error.strerror or error}") from None
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, ModelFolderError):
            raise
        raise ModelFolderError(f"{path} is damaged: {error}") from None


def _encoded(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Return a value as JSON has it, and put its tensors under numbers."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Tensor():
            name = str(len(tensors))
            tensors[name] = value.detach().to("cpu", copy=True).contiguous()
            return {"tensor": name}
        case CarriedState():
            return {"carried": [_encoded(each, tensors) for each in value]}
        case list():
            return [_encoded(each, tensors) for each in value]
        case tuple():
            return {"tuple": [_encoded(each, tensors) for each in value]}
        case dict():
            return {"pairs": [[_encoded(key, tensors), _encoded(each, tensors)] for key, each in value.items()]}
    raise TypeError(f"a checkpoint cannot hold {type(value).__name__}: {value!r}")


def _decoded(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_decoded(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    match kind:
        case "tensor":
            return tensors[inner]
        case "carried":
            return CarriedState([_decoded(each, tensors) for each in inner])
        case "tuple":
            return tuple(_decoded(each, tensors) for each in inner)
        case "pairs":
            return {_decoded(key, tensors): _decoded(each, tensors) for key, each in inner}
    raise ValueError(f"unknown node {kind!r}")
