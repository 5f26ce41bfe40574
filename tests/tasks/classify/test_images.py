"""Images as sequences of rows or pixels: read, refused, shifted, classified, shown, exported."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.data import ImageFormat, LabelledSequences, read_labelled
from recurra.data.pictures import as_image
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.tasks.classify.encoders import ImageEncoder
from recurra.tasks.registry import load_model


def bar(label: str, place: int) -> np.ndarray:
    """Return 8 by 8 pixels, white on black: a bar down or across, somewhere."""
    image = np.random.default_rng(place).integers(0, 30, (8, 8)).astype(np.uint8)
    if label == "down":
        image[:, place % 8] = 255
    else:
        image[place % 8] = 255
    return image


@pytest.fixture(scope="module")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a folder for each class."""
    folder = tmp_path_factory.mktemp("bars")
    for label in ("across", "down"):
        (folder / label).mkdir()
        for place in range(30):
            Image.fromarray(bar(label, place)).save(folder / label / f"{place:02}.png")
    return folder


SMALL = {"cell": "GRU", "hidden_size": 12, "batch_size": 8, "learning_rate": 0.02, "dropout": 0.0}


def test_one_command_learns_images_and_predicts_new_ones(bars: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    given = {"cell": "GRU", "hidden-size": 12, "batch-size": 8, "learning-rate": 0.02, "epochs": 12}
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    done = CliRunner().invoke(app, ["fit", "classify", str(bars), "--image", *words, "--out", str(model), "--quiet"])
    assert done.exit_code == 0, done.output
    Image.fromarray(np.stack([bar("down", 35)] * 3, 2)).save(tmp_path / "new.png")  # in colours, which become grey
    done = CliRunner().invoke(app, ["predict", str(model), str(tmp_path / "new.png"), "--json"])
    (found,) = json.loads(done.output)["predictions"]
    assert found["prediction"] == "down"
    fitted = load_model(model)
    assert fitted.options_.colour == "grey"
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    Image.fromarray(np.zeros((8, 9), np.uint8)).save(mixed / "0.png")  # of another width, and the first
    Image.fromarray(bar("down", 35)).save(mixed / "1.png")
    assert fitted.predict(mixed)["prediction"].to_list() == [None, "down"]
    assert fitted.predict(mixed)["id"].to_list() == ["0.png", "1.png"]
    paths = [mixed / "1.png", str(mixed / "0.png"), mixed / "none.png"]
    listed = fitted.predict(paths)
    assert listed["prediction"].to_list() == ["down", None, None]
    assert listed["id"].to_list() == [str(each) for each in paths]
    done = CliRunner().invoke(app, ["predict", str(model), str(mixed)])
    assert "0.png has 9 columns of pixels; expected 8" in " ".join(done.stderr.split())
    assert fitted.predict([bar("down", 35), bar("across", 33)])["prediction"].to_list() == ["down", "across"]
    page = (model / "report.html").read_text()
    assert page.count('<img src="data:image/png;base64,') >= 4
    assert 'alt="row ' in page
    assert check_export(fitted, to="onnx").agrees
    Image.fromarray(np.zeros((8, 9), np.uint8)).save(tmp_path / "wide.png")
    with pytest.raises(DataError, match=r"its only image cannot be used:\n.*has 9 columns of pixels; expected 8$"):
        fitted.predict(tmp_path / "wide.png")


def test_pixel_by_pixel_a_step_is_a_pixel() -> None:
    """Arrays in colours: (rows, columns, 3), read as the first row's pixels, then the second's."""
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    rows = LabelledSequences(
        sequences=[(image / np.float32(255)).reshape(2, -1)] * 4, labels=np.array([0, 1] * 2), classes=("a", "b"),
        source="images", rows=np.arange(1, 5), pixel=3,
    )  # fmt: skip
    encoder = ImageEncoder.fit(rows, ClassifyOptions(scan="pixels", scale="none"))
    np.testing.assert_allclose(encoder.encode(rows)[0] * 255, image.reshape(-1, 3), rtol=1e-5)
    again = ImageEncoder.restored(encoder.to_json(), longest=None)
    assert (again.inputs, again.raw_inputs, again.reads_steps) == (3, 12, False)
    np.testing.assert_allclose(again.image(rows.sequences[0]) * 255, image, rtol=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize("scan", ["rows", "pixels"])
def test_a_shift_moves_images_in_both_directions(scan: str) -> None:
    image = np.zeros((9, 9), np.float32)
    image[4, 4] = 1
    data = LabelledSequences(sequences=[image], labels=np.array([0]), classes=("a", "b"), source="x", rows=np.ones(1),
                             pixel=1)  # fmt: skip
    options = ClassifyOptions(scan=scan, scale="none", shift=0.3)
    encoder = ImageEncoder.fit(data, options)
    change = encoder.augmentation(encoder.filled_in(options, data))
    assert change is not None
    centres = []
    for seed in range(40):
        moved = change(encoder.read(image), np.random.default_rng(seed)).reshape(9, 9)
        assert moved.sum() == pytest.approx(1, abs=1e-5)  # between four pixels, none lost
        centres.append([(moved.sum(1 - axis) * np.arange(9)).sum() for axis in (0, 1)])
    assert (np.ptp(centres, axis=0) > 3).all()
    assert np.abs(np.array(centres) - 4).max() <= 2.7 + 1e-5
    assert abs(np.corrcoef(np.array(centres).T)[0, 1]) < 0.5  # each direction by itself


def test_what_cannot_be_used_is_named_together(bars: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bars"
    for path in bars.rglob("*.png"):
        copy = folder / path.relative_to(bars)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    Image.fromarray(np.zeros((8, 9), np.uint8)).save(folder / "across" / "05.png")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "across" / "06.png")
    Image.fromarray(np.zeros((8, 8, 4), np.uint8)).save(folder / "across" / "07.png")
    (folder / "down" / "08.png").write_bytes(b"no picture")
    (folder / "down" / "09.png").write_bytes((folder / "down" / "10.png").read_bytes()[:60])
    with pytest.raises(DataError, match="5 of its 60 images cannot be used; missing = drop") as error:
        read_labelled(folder)
    said = str(error.value)
    assert "05.png has 9 columns of pixels, those before it 8" in said
    assert "06.png is in colours, those before it grey" in said
    assert "07.png is transparent in parts" in said
    assert all(f"{name}.png is no picture" in said for name in ("08", "09"))
    kept = read_labelled(folder, drop=True)
    assert (len(kept), kept.dropped, kept.kind) == (55, (6, 7, 8, 39, 40), "image")
    brought = read_labelled(folder, drop=True, image=ImageFormat(colour="colour", side=4))
    assert (len(brought), brought.sequences[0].shape, brought.pixel) == (58, (4, 12), 3)  # type: ignore[union-attr]


def test_files_of_many_images(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(4, 2, 3)
    head = b"\0\0\x08\x03" + np.array([4, 2, 3], ">u4").tobytes()
    (tmp_path / "x-images-idx3-ubyte.gz").write_bytes(gzip.compress(head + values.tobytes()))
    labels = b"\0\0\x08\x01" + np.array([4], ">u4").tobytes()
    (tmp_path / "x-labels-idx1-ubyte").write_bytes(labels + bytes([3, 1, 3, 1]))
    path = tmp_path / "x-images-idx3-ubyte.gz"
    with pytest.raises(DataError, match="has no labels"):  # they are compressed as the images are
        SequenceClassifier(ClassifyOptions(epochs=1)).fit(path)
    (tmp_path / "x-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels + bytes([3, 1, 3, 1])))
    found = read_labelled(path)
    assert (found.classes, found.pixel, found.kind) == (("1", "3"), 1, "image")
    np.testing.assert_array_equal(found.labels, [1, 0, 1, 0])
    np.testing.assert_allclose(np.stack(list(found.sequences)) * 255, values, rtol=1e-6)  # type: ignore[arg-type]
    (tmp_path / "cut-images-idx3-ubyte").write_bytes(head + values.tobytes()[:-1])
    with pytest.raises(DataError, match="is cut off, or too long"):
        read_labelled(tmp_path / "cut-images-idx3-ubyte")
    np.savez(tmp_path / "x.npz", X=np.stack([values] * 3, 3), y=np.array([3, 1, 3, 1]))
    colours = read_labelled(tmp_path / "x.npz", has_images=True)
    assert (colours.pixel, colours.sequences[0].shape) == (3, (2, 9))  # type: ignore[union-attr]
    np.savez(tmp_path / "none.npz", X=np.zeros((4, 2, 0)), y=np.array([3, 1, 3, 1]))
    with pytest.raises(DataError, match=r"expected \(rows, columns\)"):
        read_labelled(tmp_path / "none.npz", has_images=True)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [(np.array([[0, 65535]], np.uint16), r"a pixel of 65535; .* 255"), (np.array([[-1, 3]]), "a pixel of -1; "),
     (np.array([[0.0, 255.0]]), "a pixel of 255; expected numbers from 0 to 1")],
)  # fmt: skip
def test_pixels_at_a_scale_of_their_own_are_refused(pixels: np.ndarray, message: str, tmp_path: Path) -> None:
    """16 bits were read as if they had 8: a model of the same images in 8 bits took them for others."""
    np.savez(tmp_path / "x.npz", X=pixels[None], y=np.array([1]))
    with pytest.raises(DataError, match=rf"x.npz: X\[0\]: it has {message}"):
        read_labelled(tmp_path / "x.npz", has_images=True)
    with pytest.raises(DataError, match=message):
        as_image(pixels, pixel=1)
    np.testing.assert_allclose(
        as_image(np.array([[0, 255]]), pixel=1), as_image(np.array([[-1e-7, 1.0]]), pixel=1), atol=1e-6
    )


def test_options_that_do_not_go_together(bars: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"image = '\.': expected one of them"):
        ClassifyOptions(text="text", image=".")
    with pytest.raises(InputError, match=r"it names a column, and .* is no table"):
        SequenceClassifier(ClassifyOptions(image="path")).fit(bars)
    table = tmp_path / "table.csv"
    table.write_text("path,label\na.png,a\n")
    with pytest.raises(InputError, match=r"table.csv is a table, and image = '\.' takes a folder or a single file"):
        SequenceClassifier(ClassifyOptions(image=".", label="label")).fit(table)
