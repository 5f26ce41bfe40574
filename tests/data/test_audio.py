"""Sound files: of every width and rate the same bands, and folders of them as sequences with a class each."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from fresh_python import output_of
from recurra.data import read_labelled
from recurra.data.audio import BANDS, RATE, log_mel, read_audio
from recurra.errors import DataError
from recurra.tasks import ClassifyOptions, SequenceClassifier


def tone(frequency: float, *, seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def written(path: Path, samples: np.ndarray, *, rate: int = RATE) -> Path:
    wavfile.write(path, rate, samples)
    return path


def test_a_tone_is_in_its_band() -> None:
    """Bands are evenly spaced on the mel scale: the centre of the one that is loudest is the nearest to the tone."""
    top = 2595 * np.log10(1 + RATE / 2 / 700)
    centres = 700 * (10 ** (np.linspace(0, top, BANDS + 2)[1:-1] / 2595) - 1)
    for frequency in (300.0, 1000.0, 4000.0, 7000.0):
        found = log_mel(tone(frequency))
        assert found.shape == (48, BANDS)
        assert abs(np.bincount(found.argmax(1)).argmax() - np.abs(centres - frequency).argmin()) <= 1


def test_silence_and_a_short_sound() -> None:
    assert (log_mel(np.zeros(10)) == np.float32(np.log(1e-10))).all()
    assert log_mel(np.zeros(10)).shape == (1, BANDS)
    assert log_mel(np.zeros(400 + 160)).shape == (2, BANDS)


@pytest.mark.parametrize("kind", ["uint8", "int16", "int24", "int32", "float32", "float64", "stereo"])
def test_every_width_gives_the_same(kind: str, tmp_path: Path) -> None:
    samples, path = tone(1000), tmp_path / "a.wav"
    if kind == "uint8":
        written(path, np.round(samples * 127 + 128).astype(np.uint8))
    elif kind == "int24":
        whole = np.round(samples * (2**23 - 1)).astype("<i4")
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(3)
            file.setframerate(RATE)
            file.writeframes(whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    elif kind == "stereo":
        written(path, np.stack([2 * samples, np.zeros_like(samples)], 1).astype(np.float32))
    elif kind.startswith("int"):
        written(path, np.round(samples * np.iinfo(kind).max).astype(kind))
    else:
        written(path, samples.astype(kind))
    found, expected = read_audio(path), log_mel(samples)
    loud = expected > expected.max() - 8  # quieter bands hold what rounding to 8 bits adds
    np.testing.assert_allclose(found[loud], expected[loud], atol=0.1)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000])
def test_every_rate_gives_the_same(rate: int, tmp_path: Path) -> None:
    found = read_audio(written(tmp_path / "a.wav", tone(1000, rate=rate).astype(np.float32), rate=rate))
    expected = log_mel(tone(1000))
    assert abs(len(found) - len(expected)) <= 1
    assert found[10].argmax() == expected[10].argmax()
    assert abs(found[10].max() - expected[10].max()) < 0.1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no WAV file of plain samples"),
        (b"no sound at all, but some text", "is no WAV file of plain samples"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "is no WAV file of plain samples"),
    ],
)
def test_what_is_no_sound_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_audio(path)


def test_sounds_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for samples, rate, words in (
        (np.zeros(0, np.int16), RATE, "no samples"),
        (np.array([0.0, np.nan], np.float32), RATE, "not finite"),
        (np.zeros(10, np.int16), 10, "10 samples a second"),
        (np.zeros(3601 * 1000, np.uint8), 1000, "takes 60 minutes"),
    ):
        with pytest.raises(DataError, match=words):
            read_audio(written(path, samples, rate=rate))
    whole = written(path, (tone(500) * 32767).astype(np.int16)).read_bytes()
    for end in (0, 7, 20, 30, 43, 45, 51, 1000):
        path.write_bytes(whole[:end])
        with pytest.raises(DataError, match=r"no WAV file|no samples|is cut off"):
            read_audio(path)


def folder_of_tones(folder: Path, *, count: int = 12) -> Path:
    random = np.random.default_rng(0)
    for name, frequency in (("low", 300), ("high", 3000)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            samples = tone(frequency * random.uniform(0.9, 1.1), seconds=random.uniform(0.1, 0.3))
            written(folder / name / f"{number}.wav", (samples * 20000).astype(np.int16))
    return folder


def test_a_folder_of_sounds(tmp_path: Path) -> None:
    found = read_labelled(folder_of_tones(tmp_path / "tones", count=2))
    assert found.classes == ("high", "low")
    assert found.labels is not None
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert found.ids == ("high/0.wav", "high/1.wav", "low/0.wav", "low/1.wav")
    assert all(np.shape(each)[1] == BANDS for each in found.sequences)
    (tmp_path / "tones" / "low" / "notes.txt").write_text("a text")
    with pytest.raises(DataError, match=r"holds 4 \.wav files and 1 \.txt files; expected one kind"):
        read_labelled(tmp_path / "tones")
    with pytest.raises(DataError, match="one sound without a class"):
        read_labelled(tmp_path / "tones" / "low" / "0.wav")


def test_a_classifier_of_sounds(tmp_path: Path) -> None:
    """From a folder to the class of one more file, and through the model folder."""
    options = ClassifyOptions(epochs=12, hidden_size=8, batch_size=4, learning_rate=0.02)
    fitted = SequenceClassifier(options).fit(folder_of_tones(tmp_path / "tones"), out=tmp_path / "model")
    path = written(tmp_path / "one.wav", tone(310).astype(np.float32))
    for model in (fitted, SequenceClassifier.load(tmp_path / "model")):
        assert model.predict(path)["prediction"].to_list() == ["low"]
    unlabelled = tmp_path / "unlabelled"
    unlabelled.mkdir()
    written(unlabelled / "a.wav", tone(2900).astype(np.float32))
    assert fitted.predict(unlabelled)["prediction"].to_list() == ["high"]


def test_only_sound_costs_the_import_of_signals() -> None:
    """A second of every training on tables and texts otherwise."""
    loaded = output_of("import sys, recurra.data.labelled, recurra.tasks.classify; print(*sys.modules)").split()
    assert "recurra.data.audio" in loaded
    assert "scipy.signal" not in loaded
