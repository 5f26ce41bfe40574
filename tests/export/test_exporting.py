"""What `export` and `check_export` are asked for, and say."""

from __future__ import annotations

import dataclasses
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
from recurra.export.formats import FORMATS, format_of
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
        ({"out": ".", "to": "c"}, r"out: \. is a folder; expected the name of a file"),
        ({"to": "c", "name": "1st"}, r"name: got '1st', expected letters, digits and _"),
        ({"to": "onnx"}, r"m\.c is named for another format than to='onnx'"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        export(LSTM(2, 3), **{"out": tmp_path / "m.c", **options})


def test_what_cannot_be_exported_is_named(tmp_path: Path) -> None:
    for name in ("m", "m.tflite"):
        with pytest.raises(InputError, match=rf"{name} names no format; .* the suffixes \.c, \.js, \.o, .*, or to="):
            export(LSTM(2, 3), tmp_path / name)
    with pytest.raises(ExportError, match="Linear: models of this kind cannot be exported; the trained models"):
        export(torch.nn.Linear(2, 3), tmp_path / "m.c")
    with pytest.raises(ExportError, match=r"Conv1d.*no format has it.*LayerNorm"):
        export(Sequential(LSTM(2, 3), torch.nn.Conv1d(3, 3, 1)), tmp_path / "m.c")
    with pytest.raises(ExportError, match=r"recurra\.nn\.LSTM takes its weights, and is exported"):
        export(Sequential(torch.nn.LSTM(2, 3)), tmp_path / "m.c")
    with pytest.raises(ExportError, match="nothing stands before it; expected a recurrent layer"):
        export(Sequential(torch.nn.Linear(2, 3)), tmp_path / "m.c")


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


def test_names_of_files_are_any(tmp_path: Path) -> None:
    """The source includes the header that lies beside it, and the script loads its module, whatever names code has."""
    layer = LSTM(2, 3)
    folder = tmp_path / "mit Leerzeichen é"
    folder.mkdir()
    source, header = layer.export(folder / "mein Modèl.c", name="gates")
    assert f'#include "{header.name}"' in source.read_text()
    assert "gates_step" in header.read_text()
    _, script, _ = layer.export(folder / "50% #1?.wasm")
    assert 'new URL("./50%25%20%231%3F.wasm"' in script.read_text()


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")
def test_numbers_that_are_none() -> None:
    layer = LSTM(2, 3)
    parameters: Any = layer
    with torch.no_grad():
        parameters.weight_ih_l0[0, 0] = -torch.inf
    check_export(layer, "c")  # a mask may be infinite
    with torch.no_grad():
        parameters.weight_hh_l0[0, 0] = torch.nan
    with pytest.raises(ExportError, match="l0: W_hi holds NaN, and so would all that comes out"):
        check_export(layer, "c")
    with pytest.raises(ExportError, match="on the device 'meta', where it has no numbers"):
        check_export(nn.LSTM(2, 3, device="meta"), "c")


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")
def test_what_is_quantised_already_and_other_dtypes() -> None:
    """Compiled kernels of int8 round inputs, which is no fault of the exported code."""
    torch.manual_seed(0)
    assert check_export(nn.GRU(3, 40).quantised("int8"), "c").largest < 1e-6
    layer = nn.LSTM(2, 3).bfloat16()
    layer.backend = "torch"
    assert check_export(layer, "c").agrees


def test_a_model_of_a_task_says_what_it_is() -> None:
    """The first line of a file is for people, who do not know the modules of a task."""
    described = LSTM(3, 5).exported()
    whole = dataclasses.replace(described, tables={"task": "forecast", "artefact": ["scaling", "1 layer of LSTM"]})
    assert whole.title == "forecast: scaling, 1 layer of LSTM"
    assert described.title == "LSTM(3, 5)"


def test_the_documented_formats_are_those_that_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| `")]
    told = {
        row[0].strip("`"): (set(row[2].replace("`", "").split(", ")), float(row[3])) for row in rows if len(row) == 4
    }
    assert told == {name: (set(each.options), each.tolerance) for name in FORMATS for each in [format_of(name)]}


def test_a_folder_of_the_name_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "m.h").mkdir()
    with pytest.raises(ExportError, match=r"m\.h: there is a folder of this name"):
        LSTM(2, 3).export(tmp_path / "m.c", overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == ["m.h"]
