"""What `export` and `check_export` are asked for, and say."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from export_cases import uncompiled

from recurra import nn
from recurra.errors import ExportError, InputError
from recurra.export import ExportedModel, check_export, export
from recurra.export.c_format import CFormat
from recurra.nn import Sequential


def LSTM(*sizes: int, **options: Any) -> nn.LSTM:
    return uncompiled(nn.LSTM(*sizes, **options))


def test_files_are_not_written_over(tmp_path: Path) -> None:
    layer = LSTM(2, 3)
    assert [file.name for file in layer.export(tmp_path / "m.c")] == ["m.c", "m.h"]
    (tmp_path / "m.c").write_text("mine")
    with pytest.raises(ExportError, match=r"m\.c, .*m\.h: already there; overwrite=True"):
        layer.export(tmp_path / "m", to="c")
    assert (tmp_path / "m.c").read_text() == "mine"
    layer.export(tmp_path / "m", to="c", overwrite=True)
    assert "m_step" in (tmp_path / "m.c").read_text()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["m.c", "m.h"]


def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written: No such file"):
        export(LSTM(2, 3), tmp_path / "nowhere" / "m.c")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to": "onx"}, r"to: got 'onx', expected one of .*; did you mean 'onnx'\?"),
        ({"to": "c", "streaming": True}, r"streaming=True: to='c' has no such option; it has \['weights'\]"),
        ({"to": "c", "weights": "int4"}, r"weights: got 'int4', expected one of \['float32', 'int8'\]"),
        ({"out": "m", "to": "onnx", "streaming": True, "lengths": True}, "streaming and lengths were both given"),
        ({"to": "c", "name": "1st"}, r"name: got '1st', expected letters, digits and _"),
        ({"to": "onnx"}, r"m\.c is named for another format than to='onnx'"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        export(LSTM(2, 3), **{"out": tmp_path / "m.c", **options})


def test_what_cannot_be_exported_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no format; expected to="):
        export(LSTM(2, 3), tmp_path / "m")
    with pytest.raises(ExportError, match="Linear: models of this kind cannot be exported; the trained models"):
        export(torch.nn.Linear(2, 3), tmp_path / "m.c")
    with pytest.raises(ExportError, match=r"Conv1d.*no format has it.*LayerNorm"):
        export(Sequential(LSTM(2, 3), torch.nn.Conv1d(3, 3, 1)), tmp_path / "m.c")


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")
def test_a_check_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: CFormat, model: ExportedModel, *rest: object) -> object:
        direction = model.directions[0]
        next(iter(direction.arrays.values()))[:] += 0.01
        return original(self, model, *rest)  # pyright: ignore[reportArgumentType]

    original = CFormat.files
    assert check_export(LSTM(2, 3), "c").largest < 1e-6
    monkeypatch.setattr(CFormat, "files", wrong)
    with pytest.raises(
        ExportError, match=r"does not agree with the model\nc: the largest error is .*\n  random: .* allowed 1e-06"
    ):
        check_export(LSTM(2, 3), "c")


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")
def test_training_and_wider_layers_are_exported_as_evaluation_in_float32(tmp_path: Path) -> None:
    layer = LSTM(2, 3, num_layers=2, dropout=0.5).double().train()
    assert check_export(layer, "c").largest < 1e-6
    assert layer.training
