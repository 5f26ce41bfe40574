"""A transcriber from a table of recordings to their texts: what it learns, says, refuses and gives as a stream."""

from __future__ import annotations

import json
import math
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from spoken_letters import frames_of, pairs, write_letters
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.data.pictures import read_line
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.tasks import TranscribeOptions, Transcriber
from recurra.tasks.model import Sources
from recurra.tasks.registry import load_model
from recurra.tasks.transcribe import page
from recurra.tasks.transcribe.data import Alphabet
from recurra.tasks.transcribe.ngram import NgramPrior
from recurra.tasks.transcribe.scores import alignment, edits

SMALL = {"hidden_size": 16, "layers": 1, "learning_rate": 0.02, "dropout": 0.0, "average_decay": 0.0}
NOTES = {"a": 400.0, "b": 1500.0}


def frames_options(**others: object) -> TranscribeOptions:
    return TranscribeOptions(**SMALL | {"convolutions": 0, "epochs": 12, "batch_size": 4} | others)  # type: ignore[arg-type]


def write_notes(path: Path, text: str, *, rate: int = 8000) -> Path:
    """Write a tone of 100 ms for each letter, each followed by 60 ms of next to nothing."""
    time = np.arange(rate // 10) / rate
    rest = 0.001 * np.random.default_rng(0).standard_normal(rate * 6 // 100)
    parts = [part for letter in text for part in (0.3 * np.sin(2 * np.pi * NOTES[letter] * time), rest)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.concatenate([rest, *parts]) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    texts = ["".join("ab"[n >> bit & 1] for bit in range(2 + n % 3)) for n in range(24)]
    lines = [f"{write_notes(folder / f'{n}.wav', text).name},{text}" for n, text in enumerate(texts)]
    table = folder / "notes.csv"
    table.write_text("\n".join(["file,said", *lines]) + "\n")
    return table


@pytest.fixture(scope="module")
def heard(notes: Path) -> Transcriber:
    """One that reads forwards alone."""
    options = TranscribeOptions(
        audio="file", text="said", bidirectional=False, epochs=25, batch_size=4, convolution_features=16, speed=0.0,
        convolution_size=5, bands=12, masks=0, warp=0.0, noise_ratio=100.0, standardise="data", **SMALL,
    )  # fmt: skip
    return Transcriber(options).fit(notes)


def test_edits_and_their_kinds() -> None:
    found = edits(["the", "cat", "sat"], ["a", "the", "cat", "sits", "on"])
    assert (found.total, found.substitutions, found.deletions, found.insertions) == (5, 1, 2, 0)
    assert found.rate == 3 / 5
    assert alignment("ac", "abc") == [("a", "a"), ("b", None), ("c", "c")]
    assert edits("ab", "").insertions == 2


def test_the_ngrams_are_probabilities() -> None:
    """They add up to 1 after any context, known or not, and what was seen is likelier."""
    texts = [[1, 2, 1], [1, 2], [2, 1, 2]]
    prior = NgramPrior.fit(texts, size=3, labels=4)
    for state in ((), (1,), (1, 2), (3, 3), (2, 2)):
        total = sum(math.exp(prior.next(state, label)[0]) for label in (1, 2, 3)) + math.exp(prior.end(state))
        assert total == pytest.approx(1)
    assert prior.next((1,), 2)[0] > prior.next((1,), 1)[0] > prior.next((1,), 3)[0]
    assert prior.next((1, 2), 1)[1] == (2, 1)
    plain = NgramPrior.fit([[1]], size=1, labels=2)  # two labels once each: (1 + 2 / 2) / (2 + 2)
    assert math.exp(plain.end(())) == pytest.approx(0.5)


def test_the_confidence_is_the_mean_of_labels(heard: Transcriber) -> None:
    """By torch's CTC, whose mean over a text is by label: a text of twice the length is as sure."""
    model = heard._trained
    for text in ("ab", "abababab"):
        labels = model.alphabet.encode(text)
        scores = torch.full((3 * len(labels), model.alphabet.labels), -4.0)
        for place, label in enumerate(labels):
            scores[3 * place + 1, label] = 2.0
        scores[0::3, 0] = scores[2::3, 0] = 3.0
        scores = scores.log_softmax(-1)
        found = model.transcript(scores.numpy())
        assert found.text == text
        loss = torch.nn.functional.ctc_loss(scores[:, None], torch.tensor([labels]), [len(scores)], [len(labels)])
        assert found.confidence == pytest.approx(float(torch.exp(-loss)), rel=1e-4)
        assert 0.9 < found.confidence < 1
        assert 0.9 < found.words[0].confidence < 1


def test_it_learns_to_spell_and_is_the_same_after_loading(tmp_path: Path) -> None:
    table = write_letters(tmp_path / "data", count=60)
    folder = tmp_path / "model"
    arguments = ["fit", "transcribe", str(table), "--group", "speaker", "--out", str(folder), "--quiet"]
    given = {"hidden-size": 16, "layers": 1, "epochs": 20, "batch-size": 4, "learning-rate": 0.02, "convolutions": 0}
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    done = CliRunner().invoke(app, [*arguments, *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    model = load_model(folder)
    assert "drawn by group" in model.trained_on()
    assert model.metrics_["test"]["words"]["rate"] < 0.1
    assert {"ngrams.safetensors", "alphabet.json", "scaler.json"} <= {path.name for path in folder.iterdir()} or (
        model.model_.search.prior is None
    )
    found = model.predict([frames_of("ab ba")])
    assert found["text"].to_list() == ["ab ba"]
    assert 0.3 < found["confidence"][0] <= 1
    (words,) = found["words"].to_list()
    assert [word["text"] for word in words] == ["ab", "ba"]
    assert 0 <= words[0]["begin"] < 3 < words[0]["end"] <= words[1]["begin"] + 1 < words[1]["end"] <= 16
    assert found["text"].to_list() == Transcriber.load(folder).predict([frames_of("ab ba")])["text"].to_list()
    assert "The worst recordings of the test part" in (folder / "report.html").read_text()
    assert check_export(model, to="onnx").agrees


def test_paths_of_a_table_in_stdin_start_at_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = write_letters(tmp_path, count=40)
    Transcriber(frames_options(epochs=1)).fit(table).save(tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    given = ["predict", str(tmp_path / "model")]
    piped = CliRunner().invoke(app, [*given, "-", "--json"], input=table.read_bytes())
    assert piped.exit_code == 0, piped.output
    assert piped.stdout == CliRunner().invoke(app, [*given, str(table), "--json"]).stdout


def test_a_stream_gives_what_the_whole_recording_gives(heard: Transcriber, tmp_path: Path) -> None:
    """However it is cut; what was said stays."""
    assert heard.metrics_["test"]["characters"]["rate"] < 0.35
    with wave.open(str(write_notes(tmp_path / "a.wav", "abba"))) as file:
        samples = np.frombuffer(file.readframes(10**6), "<i2").astype(np.float32) / 32768
    whole = heard.model_.transcript(
        heard.model_.log_probabilities([heard.model_.features.sound.of(samples[:, None])])[0]
    )
    for block in (37, 400, 10**6):
        stream, said = heard.stream(), []
        for begin in range(0, len(samples), block):
            said.append(stream.push(samples[begin : begin + block]))
            assert "".join(said) == stream.text
        said.append(stream.finish())
        assert "".join(said) == whole.likeliest_path
    with pytest.raises(InputError, match="has ended"):
        stream.push(samples)
    stream = heard.stream()
    assert stream.push(samples[:0]) + stream.finish() == ""  # nothing was heard, not even silence
    times = [word[end] for word in heard.predict(tmp_path / "a.wav")["words"][0] for end in ("begin", "end")]
    assert times
    assert all(len(f"{time}") <= 5 for time in times)  # steps of 10 ms, without a rest of their sum
    assert "1 convolution" in heard.model_.exported().tables["artefact"]  # type: ignore[index]
    assert heard.predict([np.rint(samples * 32768).astype(np.int16)])["text"][0] == whole.text
    assert heard.predict(tmp_path / "a.wav")["id"].to_list() == [str(tmp_path / "a.wav")]


def test_a_running_scale_streams_too() -> None:
    model = Transcriber(
        frames_options(epochs=2, convolutions=2, convolution_features=8, bidirectional=False, standardise="running",
                       missing="drop", convolution_stride=1)
    ).fit(pairs(40))  # fmt: skip
    said = model.model_.exported().tables["artefact"]  # type: ignore[index]
    assert said[1:3] == ["each feature at the scale of the recording so far", "2 convolutions"]
    frames = frames_of("ab abba")
    recordings = _recordings(model, frames)
    (whole,) = model.model_.transcripts(model.model_.features.of(recordings), of=recordings)
    stream = model.stream()
    said = [stream.push(frames[place : place + 1]) for place in range(len(frames))] + [stream.finish()]
    assert "".join(said) == whole.likeliest_path
    with pytest.raises(InputError, match=r"expected a block \(steps, 3\)"):
        model.stream().push(np.zeros((2, 4)))


WRONG = [
    "x", np.array([0.0, np.nan]), np.array([-np.inf]), [1e60], None, [[1], [2, 3]], np.array([0, 5000]), [1e20],
    np.zeros(3, complex), np.zeros(3, "M8[s]"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_block_that_is_refused_changes_nothing(heard: Transcriber, wrong: object, tmp_path: Path) -> None:
    with wave.open(str(write_notes(tmp_path / "a.wav", "abba"))) as file:
        whole = np.frombuffer(file.readframes(10**6), "<i2")
    clean, stream = heard.stream(), heard.stream()
    said = clean.push(whole / np.float32(32768)) + clean.finish()
    with pytest.raises(
        InputError, match=r"stream: (got .*; expected a block|the block's step \d is (nan|-?inf); |a sample is )"
    ):
        stream.push(wrong)  # type: ignore[arg-type]
    assert stream.push(whole) + stream.finish() == said  # of int16


@pytest.mark.parametrize(
    "wrong", [np.full((3, 3), 1e20), np.zeros((3, 3), complex), np.zeros((3, 3), "M8[s]")], ids=str
)
def test_frames_on_which_nothing_can_be_computed_are_refused(wrong: np.ndarray) -> None:
    """1e20 has a square that float32 does not hold: the text was empty, and its confidence not a number."""
    model = Transcriber(frames_options(epochs=1, bidirectional=False)).fit(pairs(30))
    with pytest.raises(
        InputError, match=r"stream: (the block: .* too large or not finite; nothing of it|got .*; expected a block)"
    ):
        model.stream().push(wrong)
    with pytest.raises(DataError, match="the list, recording 1: "):
        model.predict([wrong])


def test_words_end_before_the_recording_does() -> None:
    """A step of the labels is two of the recording, of which the last may have one alone."""
    model = Transcriber(frames_options(convolutions=1, convolution_size=3, convolution_features=8, epochs=20)).fit(
        pairs(40)
    )
    found = [model.predict([frames_of("ab ba")[:count]])["words"].to_list()[0] for count in range(3, 14)]
    ends = [words[-1]["end"] if words else 0 for words in found]
    assert any(count % 2 and end == count for count, end in enumerate(ends, 3))
    assert all(end <= count for count, end in enumerate(ends, 3))


def _recordings(model: Transcriber, frames: np.ndarray) -> object:
    from recurra.tasks.transcribe.data import read_untranscribed

    return read_untranscribed([frames], model.options_)


def test_what_cannot_be_streamed_says_why() -> None:
    model = Transcriber(frames_options(epochs=1)).fit(pairs(30))
    with pytest.raises(InputError, match="bidirectional = False"):
        model.stream()


def test_recordings_that_cannot_be_used_are_all_named(notes: Path, tmp_path: Path) -> None:
    lines = notes.read_text().splitlines()
    for path in notes.parent.glob("*.wav"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "2.wav").unlink()
    (tmp_path / "5.wav").write_bytes(b"RIFFnothing")
    with wave.open(str(tmp_path / "7.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    table = tmp_path / "notes.csv"
    table.write_text("\n".join(lines) + "\n")
    options = {"audio": "file", "text": "said", "epochs": 1, **SMALL}
    with pytest.raises(DataError, match=r"3 of its 24 recordings cannot be used") as error:
        Transcriber(TranscribeOptions(**options)).fit(table)  # type: ignore[arg-type]
    said = str(error.value)
    assert all(f"row {row}: " in said for row in (3, 6, 8))
    assert "is silent" in said
    fitted = Transcriber(TranscribeOptions(missing="drop", **options)).fit(table)  # type: ignore[arg-type]
    assert "3 rows left out as incomplete or unusable" in fitted.trained_on()


def test_what_is_left_out_is_told_with_options_as_the_command_has_them(notes: Path, tmp_path: Path) -> None:
    lines = notes.read_text().replace("file,said", "path,text").splitlines()
    lines[3] = lines[3].split(",")[0] + "," + "ab" * 500
    table = notes.parent / "long.csv"
    table.write_text("\n".join(lines) + "\n")
    options = "--hidden-size 4 --layers 1 --epochs 1 --convolution-features 2 --missing drop --beam 1 --lean"
    done = CliRunner().invoke(app, ["fit", "transcribe", str(table), *options.split(), "--out", str(tmp_path / "m")])
    assert done.exit_code == 0, done.output
    assert "cannot hold the text, for which CTC needs more steps (see --convolution-stride):\n  row 3: " in done.stderr


def test_texts_that_do_not_fit_are_refused() -> None:
    short = [*pairs(30), (frames_of("a")[:2], "abab")]
    with pytest.raises(DataError, match=r"list, test: 1 of its \d+ recordings cannot hold .*\n  row 31: .* 'abab'"):
        Transcriber(frames_options(epochs=1)).fit(short)
    fitted = Transcriber(frames_options(epochs=1, missing="drop")).fit(short)
    parts = fitted.prepare(Sources(training=short)).split.by_name()
    count = len(parts["training"])
    assert sum(map(len, parts.values())) == 30
    assert fitted.metrics_["trained_on"].startswith(f"{count} recordings train, ")
    assert fitted.metrics_["trained_on"].endswith(", without 1 too short for the text")
    with pytest.raises(
        DataError, match=r"the list, row 1: the character 'z' of 'az' is in no text of the training part"
    ):
        fitted.evaluate([(frames_of("ab"), "az")])
    fitted.options = frames_options(epochs=1)
    with pytest.raises(DataError, match="'z' of 'zz' is in no text of the earlier model's training part"):
        fitted.fit([(frames_of("ab"), "zz")] * 30, go_on=True)
    with pytest.raises(DataError, match="holds arrays of 2 channels; the model was fitted on arrays of 3"):
        fitted.fit([(np.zeros((9, 2)), "z")] * 30, go_on=True)
    with pytest.raises(DataError, match="holds arrays of 2 channels; the model was fitted on arrays of 3"):
        fitted.predict([np.zeros((5, 2))])
    assert Alphabet.fit(["b a"], level="word").encode("a c b") == [1, 2]


def test_lines_of_writing(tmp_path: Path) -> None:
    """A picture's columns, the lighter end 0, brought to a height; and what is no picture, or has no width."""
    values = np.full((64, 10), 255, np.uint8)
    values[:, 4:6] = 0
    Image.fromarray(values).save(tmp_path / "a.png")
    found = read_line(tmp_path / "a.png", height=32)
    assert found.shape == (5, 32)
    np.testing.assert_allclose(found[[0, 2, 4]].mean(1), [0, 1, 0], atol=0.3)
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match="is no picture that can be read"):
        read_line(tmp_path / "b.png", height=32)


def test_lines_are_dark_on_white_paper_however_they_are_stored(tmp_path: Path) -> None:
    """Transparent, with 16 bits, or as a camera was held: each gives what the plain grey picture gives."""
    values = np.full((32, 20), 255, np.uint8)
    values[4:20, 3:6] = 0
    plain = Image.fromarray(values)
    plain.save(tmp_path / "plain.png")
    Image.fromarray(np.stack([np.zeros_like(values)] * 3 + [255 - values], 2)).save(tmp_path / "clear.png")
    Image.fromarray(values.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    exif = plain.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    plain.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    expected = read_line(tmp_path / "plain.png", height=32)
    for name in ("clear", "deep", "turned"):
        np.testing.assert_allclose(read_line(tmp_path / f"{name}.png", height=32), expected, atol=1 / 200)


def test_what_cannot_be_read_has_an_empty_row(heard: Transcriber, notes: Path, tmp_path: Path) -> None:
    """And the command says which, and why; where nothing can be read, it is an error."""
    for name in ("0.wav", "1.wav"):
        (tmp_path / name).write_bytes((notes.parent / name).read_bytes())
    (tmp_path / "broken.wav").write_bytes(b"RIFFnothing")
    table = tmp_path / "new.csv"
    table.write_text("file\n0.wav\nbroken.wav\n1.wav\nmissing.wav\n")
    found = heard.predict(table)
    assert found["row"].to_list() == [1, 2, 3, 4]
    assert [text is None for text in found["text"]] == [False, True, False, True]
    assert found["id"].to_list() == ["0.wav", "broken.wav", "1.wav", "missing.wav"]
    folder = heard.predict(tmp_path)
    assert folder["id"].to_list() == [str(tmp_path / name) for name in ("0.wav", "1.wav", "broken.wav")]
    heard.save(tmp_path / "model")
    done = CliRunner().invoke(app, ["predict", str(tmp_path / "model"), str(table)])
    assert done.exit_code == 0
    said = " ".join(done.stderr.split())
    assert "Note: " in said
    assert "2 of its 4 recordings cannot be used: row 2: " in said
    assert "missing.wav" in said
    with pytest.raises(DataError, match="its only recording cannot be used"):
        heard.predict(tmp_path / "broken.wav")


def test_a_table_says_which_columns_it_lacks_and_a_folder_no_texts(notes: Path) -> None:
    def said(data: Path, *options: str) -> str:
        done = CliRunner().invoke(app, ["fit", "transcribe", str(data), "--out", str(notes.parent / "none"), *options])
        assert done.exit_code == 2
        return " ".join(done.stderr.split())

    assert "no column 'path', its columns are 'file', 'said'; --audio COLUMN says which has the paths" in said(notes)
    gaps = notes.parent / "gaps.csv"
    gaps.write_text("path,text\n0.wav,\n1.wav,ab\n")
    assert "data row 1: the text is missing; --missing drop leaves such rows out" in said(gaps)
    assert "--text COLUMN says which has the texts" in said(notes, "--audio", "file")
    assert "says no texts; expected a table with a row for each file: its path and its text" in said(notes.parent)
    assert "0.wav says no texts; expected a table" in said(notes.parent / "0.wav")


def test_models_of_pictures_are_shown_upright_and_not_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[np.ndarray] = []
    plain = page.alignment_picture

    def watched(values: np.ndarray, *given: Any, **named: Any) -> Any:
        drawn.append(values)
        return plain(values, *given, **named)

    monkeypatch.setattr(page, "alignment_picture", watched)
    lines = ["path,text"]
    for number in range(12):
        values = np.full((32, 40 + number), 255, np.uint8)
        values[:8, :20] = 0  # dark at the top, and not all along
        Image.fromarray(values).save(tmp_path / f"{number}.png")
        lines.append(f"{number}.png,{'ab'[number % 2]}")
    (tmp_path / "lines.csv").write_text("\n".join(lines) + "\n")
    options = TranscribeOptions(epochs=1, picture_features=2, **SMALL)  # type: ignore[arg-type]
    model = Transcriber(options).fit(tmp_path / "lines.csv")
    model.save(tmp_path / "model")
    assert all(np.ptp(each[:, -8:]) > 1 > np.ptp(each[:, :20]) for each in drawn)
    assert drawn
    with pytest.raises(InputError, match="pictures of lines; no format has its convolutions"):
        model.export(tmp_path / "model.onnx")


def test_files_of_another_kind_are_left_out_wherever_they_stand(tmp_path: Path) -> None:
    """Of arrays, those that are as wide as the model's are transcribed, and not those that are as the first."""
    model = Transcriber(frames_options(epochs=1)).fit(pairs(30))
    np.save(tmp_path / "0.npy", np.zeros((8, 2)))
    np.save(tmp_path / "1.npy", frames_of("ab"))
    Image.fromarray(np.zeros((32, 40), np.uint8)).save(tmp_path / "0.png")
    found = model.predict(tmp_path)
    assert [text is None for text in found["text"]] == [True, True, False]
    with pytest.raises(DataError, match="holds pictures of lines, 32 high; the model was fitted on arrays of 3"):
        model.predict(tmp_path / "0.png")


def test_json_has_the_words(heard: Transcriber, notes: Path) -> None:
    listing = heard.listing(notes.parent / "0.wav")
    assert "words" not in listing.flat.columns
    assert json.loads(listing.frame.write_json())[0]["words"] is not None


def test_texts_of_digits_are_listed_as_they_are() -> None:
    """The test part, which `predict` lists without data: 00 is no number."""
    frames = {digit: np.eye(3)[[0, number, number, 0]] for number, digit in enumerate("01", 1)}
    texts = ["00", "01", "10", "0"] * 6
    spelt = [(np.concatenate([frames[digit] for digit in text]), text) for text in texts]
    listed = Transcriber(frames_options(epochs=1)).fit(spelt).listing().frame
    assert set(listed["truth"]) <= set(texts)
    assert None not in listed["text"].to_list()
