"""Trees of values and tensors come back as they were, and nothing else is read."""

from __future__ import annotations

import math
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from recurra.errors import ModelFolderError
from recurra.nn import CarriedState
from recurra.training.checkpoints import read_tree, write_tree


def same(first: Any, second: Any) -> bool:
    if type(first) is not type(second):
        return False
    if isinstance(first, torch.Tensor):
        return first.dtype == second.dtype and torch.equal(first, second)
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    return first == second


@pytest.mark.parametrize(
    "tree",
    [
        None,
        {},
        {0: {"step": torch.tensor(3.0)}, "betas": (0.9, 0.999), "flags": [True, None, "x"]},
        {"best": math.inf, "tiny": 5e-324, "third": 1 / 3, "large": 2**70},
        {"random": torch.get_rng_state(), "none": torch.empty(0, 3), "half": torch.ones(2, dtype=torch.float16)},
        {"carried": CarriedState([torch.ones(1, 2, 3), torch.zeros(1, 2, 3)])},
        [torch.arange(6).reshape(2, 3).T, torch.zeros(1).expand(4)],
    ],
)
def test_it_comes_back_as_it_was(tmp_path: Path, tree: Any) -> None:
    write_tree(tmp_path / "file", tree)
    assert same(read_tree(tmp_path / "file"), tree)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_optimisers_go_on_from_it(tmp_path: Path) -> None:
    weight = torch.ones(3, requires_grad=True)
    optimiser = torch.optim.AdamW([weight], lr=0.1)
    weight.sum().backward()
    optimiser.step()
    write_tree(tmp_path / "file", optimiser.state_dict())
    other = torch.optim.AdamW([weight], lr=0.5)
    other.load_state_dict(read_tree(tmp_path / "file"))
    assert same(other.state_dict(), optimiser.state_dict())


def test_tensors_that_share_memory(tmp_path: Path) -> None:
    tied = torch.ones(2, 2)
    write_tree(tmp_path / "file", {"first": tied, "second": tied})
    assert torch.equal(read_tree(tmp_path / "file")["second"], tied)


def test_what_is_no_plain_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="cannot hold PosixPath"):
        write_tree(tmp_path / "file", {"path": tmp_path})
    assert not list(tmp_path.iterdir())


class Bomb:
    """Would make a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def test_a_pickle_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(pickle.dumps(Bomb(tmp_path / "made")))
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_tree(tmp_path / "file")
    torch.save({"x": torch.ones(2)}, tmp_path / "file")
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_tree(tmp_path / "file")
    assert not (tmp_path / "made").exists()


def test_a_missing_file_and_another_safetensors_file(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    with pytest.raises(ModelFolderError, match="cannot be read"):
        read_tree(tmp_path / "none")
    save_file({"x": torch.ones(2)}, tmp_path / "file")
    with pytest.raises(ModelFolderError, match="is no checkpoint of recurra"):
        read_tree(tmp_path / "file")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path / "file", {"x": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_tree(tmp_path / "file", {"x": 2})
    assert read_tree(tmp_path / "file") == {"x": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
