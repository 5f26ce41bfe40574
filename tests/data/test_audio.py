"""Sound files: of every width and rate the same bands, and folders of them as sequences with a class each."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from fresh_python import output_of
from recurra.data import SequenceColumns, read_labelled
from recurra.data.audio import RATE, read_sound, resampled
from recurra.data.augment import Augmentation
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.nn import Pooling, Standardise
from recurra.tasks import ClassifyOptions, SequenceClassifier


def tone(frequency: float, *, seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def written(path: Path, samples: np.ndarray, *, rate: int = RATE) -> Path:
    wavfile.write(path, rate, samples)
    return path


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
    found, rate = read_sound(path)
    assert (rate, found.dtype) == (RATE, np.float32)
    np.testing.assert_allclose(found, samples, atol=0.02 if kind == "uint8" else 1e-4)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000])
def test_every_rate_gives_the_same(rate: int, tmp_path: Path) -> None:
    samples, own = read_sound(written(tmp_path / "a.wav", tone(1000, rate=rate).astype(np.float32), rate=rate))
    found, expected = resampled(samples, rate=own, to=RATE), tone(1000)
    assert len(found) == len(expected)
    np.testing.assert_allclose(found[400:-400], expected[400:-400], atol=0.01)  # but for the edges


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello, this is some text", r"is no WAV file of plain samples: it begins with b'hell'; expected b'RIFF'"),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\0\0" + bytes(24), "plain samples: its header is damaged"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "is no WAV file of plain samples"),
    ],
)
def test_what_is_no_sound_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_sound(path)


def test_sounds_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for samples, rate, words in (
        (np.zeros(0, np.int16), RATE, "no samples"),
        (np.array([0.0, np.nan], np.float32), RATE, "not finite"),
        (np.zeros(10, np.int16), 10, "10 samples a second"),
        (np.zeros(3601 * 1000, np.uint8), 1000, "takes 60 minutes"),
        (np.full(800, 20_000, np.float32), 8000, "a sample of 20000; expected samples from -1 to 1"),
    ):
        with pytest.raises(DataError, match=words):
            read_sound(written(path, samples, rate=rate))
    whole = written(path, (tone(500) * 32767).astype(np.int16)).read_bytes()
    for end in (0, 7, 20, 30, 43, 45, 51, 1000):
        path.write_bytes(whole[:end])
        with pytest.raises(DataError, match=r"is empty|no WAV file|no samples|is cut off"):
            read_sound(path)
    two = written(path, np.zeros((800, 2), np.int16)).read_bytes()
    for missing in (1, 2, 3, 4, 1000):
        path.write_bytes(two[:-missing])
        with pytest.raises(DataError, match=r"is cut off: it ends before the samples that it says it has$"):
            read_sound(path)


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
    assert found.rate == RATE
    assert all(np.shape(each)[1] == 1 for each in found.sequences)
    (tmp_path / "tones" / "low" / "notes.txt").write_text("a text")
    with pytest.raises(DataError, match=r"holds 1 \.txt files and 4 sound files; expected one kind"):
        read_labelled(tmp_path / "tones")
    with pytest.raises(DataError, match="one file without a class"):
        read_labelled(tmp_path / "tones" / "low" / "0.wav")


def table_of_tones(folder: Path, *, rates: tuple[int, ...] = (8000, 16000)) -> Path:
    """Return a table of the paths of tones of four speakers, which say three tones of each class."""
    random, lines = np.random.default_rng(0), ["path,label,speaker"]
    (folder / "sounds").mkdir(parents=True)
    for name, frequency in (("low", 300), ("high", 2500)):
        for number in range(12):
            rate, path = rates[number % len(rates)], f"sounds/{name}{number}.wav"
            written(folder / path, tone(frequency * random.uniform(0.9, 1.1), seconds=0.2, rate=rate), rate=rate)
            lines.append(f"{path},{name},s{number % 4}")
    table = folder / "sounds.csv"
    table.write_text("\n".join(lines) + "\n")
    return table


def test_a_table_of_recordings_of_mixed_rates(tmp_path: Path) -> None:
    """All are brought to the lowest rate, and all that cannot be used are named at once, with their rows."""
    table = table_of_tones(tmp_path)
    columns = SequenceColumns(audio="path", label="label", group="speaker")
    found = read_labelled(table, columns=columns)
    assert (found.rate, len(found), {len(each) for each in found.sequences}) == (8000, 24, {1600})
    assert found.groups is not None
    assert found.groups[:5] == ("s0", "s1", "s2", "s3", "s0")
    (tmp_path / "sounds" / "low3.wav").write_bytes(b"RIFF")
    (tmp_path / "sounds" / "high1.wav").unlink()
    with pytest.raises(DataError, match=r"2 of its 24 .*= drop.*\n  row 4: .*low3.*\n  row 14: .*high1") as said:
        read_labelled(table, columns=columns)
    assert "no such file" in str(said.value) or "there is no file" in str(said.value)
    kept = read_labelled(table, columns=columns, drop=True)
    assert (len(kept), kept.dropped, kept.rows.tolist()[3]) == (22, (4, 14), 5)


def test_a_classifier_of_sounds(tmp_path: Path) -> None:
    """From a table to the class of one more file, each speaker in one part, and through the model folder."""
    options = ClassifyOptions(
        audio="path", label="label", group="speaker", epochs=6, hidden_size=8, batch_size=4, learning_rate=0.02,
        bidirectional=False, standardise="data",
    )  # fmt: skip
    fitted = SequenceClassifier(options).fit(table_of_tones(tmp_path), out=tmp_path / "model")
    assert "(drawn by group, seed 0)" in fitted.trained_on()
    filled = fitted.options_
    assert (filled.rate, filled.masks, filled.speed, filled.others) == (8000, 2, 0.1, None)
    assert (filled.convolutions, filled.convolve_bands, filled.convolution_features) == (2, True, 16)
    assert check_export(fitted, to="c").agrees
    path = written(tmp_path / "one.wav", tone(310, rate=44_100).astype(np.float32), rate=44_100)
    for model in (fitted, SequenceClassifier.load(tmp_path / "model")):
        assert model.predict(path)["prediction"].to_list() == ["low"]
    unlabelled = tmp_path / "unlabelled"
    unlabelled.mkdir()
    written(unlabelled / "a.wav", tone(2400).astype(np.float32))
    assert fitted.predict(unlabelled)["prediction"].to_list() == ["high"]
    assert fitted.predict([tone(2400, rate=8000)])["prediction"].to_list() == ["high"]
    assert fitted.predict([unlabelled / "a.wav", str(path)])["prediction"].to_list() == ["high", "low"]


@pytest.mark.parametrize("cepstra", [0, 9])
def test_a_classifier_in_both_directions_hears_as_far_as_its_dynamic_range(tmp_path: Path, cepstra: int) -> None:
    """However loud a recording is, and whatever is 40 dB softer; so do its exports and what is loaded."""
    options = ClassifyOptions(
        audio="path", label="label", epochs=3, hidden_size=8, batch_size=4, learning_rate=0.02, cepstra=cepstra
    )
    fitted = SequenceClassifier(options).fit(table_of_tones(tmp_path), out=tmp_path / "model")
    assert (fitted.options_.dynamic_range, fitted.options_.standardise) == (40.0, "data")
    samples = tone(700, seconds=0.2, rate=8000).astype(np.float32)
    samples[800:] *= 1e-3
    background = 1e-4 * np.random.default_rng(0).standard_normal(len(samples)).astype(np.float32)
    plain, louder, noisy = fitted.predict_proba([samples, 0.2 * samples, samples + 0.1 * background])
    np.testing.assert_allclose(louder, plain, atol=1e-4)
    np.testing.assert_allclose(noisy, plain, atol=2e-3)
    loaded = SequenceClassifier.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.predict_proba([samples])[0], plain, atol=1e-6)
    for to in ("c", "onnx"):
        assert check_export(fitted, to=to).agrees


def test_a_stream_does_not_know_the_loudest_yet(tmp_path: Path) -> None:
    options = ClassifyOptions(
        audio="path", label="label", epochs=1, hidden_size=8, bidirectional=False, dynamic_range=30.0
    )
    fitted = SequenceClassifier(options).fit(table_of_tones(tmp_path))
    with pytest.raises(InputError, match="the loudest of a recording; fit one with dynamic_range = 0"):
        fitted.stream()


def test_a_stream_of_sound_is_classified_as_the_whole_is(tmp_path: Path) -> None:
    """However it is cut, by every pooling, at a running scale and behind convolutions."""
    options = ClassifyOptions(
        audio="path", label="label", epochs=1, hidden_size=8, bidirectional=False, convolutions=2, rate=8000
    )
    fitted = SequenceClassifier(options).fit(table_of_tones(tmp_path))
    assert fitted.options_.standardise == "running"
    samples = tone(700, rate=8000)
    for kind in ("last", "mean", "max", "attention"):
        fitted.model_.network.pooling = Pooling(kind, 8)
        whole = fitted.predict_proba([samples])[0]
        for block in (37, 333, len(samples)):
            stream = fitted.stream()
            said = [stream.push(samples[begin : begin + block]) for begin in range(0, len(samples), block)]
            assert (said[0] is None) == (block < len(samples))
            np.testing.assert_allclose(stream.finish(), whole, atol=1e-5)
    assert fitted.stream().finish() is None  # nothing was heard, not even silence
    stream, whole_numbers = fitted.stream(), np.rint(samples * 2**15).astype(np.int16)
    with pytest.raises(InputError, match=r"step 2 is nan"):
        stream.push(np.array([0.0, np.nan]))
    stream.push(whole_numbers)
    np.testing.assert_allclose(stream.finish(), whole, atol=1e-2)
    np.testing.assert_allclose(fitted.predict_proba([whole_numbers])[0], whole, atol=1e-2)
    with pytest.raises(InputError, match="has ended"):
        stream.push(samples)
    fitted.model_.network.standardise = Standardise("recording")
    with pytest.raises(InputError, match="standardise = running"):
        fitted.stream()


def test_a_folder_of_another_kind_than_is_said_is_refused(tmp_path: Path) -> None:
    for name, high in (("low", 0), ("high", 1)):
        (tmp_path / name).mkdir()
        for number in range(6):
            written(tmp_path / name / f"{number}.wav", tone(400 + 400 * high).astype(np.float32))
    with pytest.raises(InputError, match=r"^image = '\.': .* holds recordings; expected images$"):
        SequenceClassifier(ClassifyOptions(image=".", epochs=1)).fit(tmp_path)
    for path in tmp_path.rglob("*.wav"):
        path.with_suffix(".txt").write_text("a text")
        path.unlink()
    with pytest.raises(InputError, match=r"^audio = '\.': .* holds texts; expected recordings$"):
        SequenceClassifier(ClassifyOptions(audio=".", epochs=1)).fit(tmp_path)


def test_augmentation_changes_what_it_is_asked_to() -> None:
    random, level = np.random.default_rng(0), np.zeros(40)
    sequence = random.standard_normal((100, 40)).astype(np.float32)

    def changed(**asked: float) -> np.ndarray:
        return Augmentation(level=level, spread=level + 1, rate=16_000, **asked)(sequence, random)  # type: ignore[arg-type]

    np.testing.assert_array_equal(changed(), sequence)
    assert not Augmentation(level=level, spread=level + 1)
    lengths = {len(changed(speed=0.2)) for _ in range(50)}
    assert 100 / np.exp(0.2) - 1 <= min(lengths) < 95 < 105 < max(lengths) <= 100 * np.exp(0.2) + 1
    hidden = changed(masks=3) == sequence.mean(0)
    assert hidden.all(0).any() or hidden.all(1).any()
    assert not hidden.all()
    # a tone's band at a tenth more or less of its frequency, at both ends of the scale, whose 40 bands are 69 mel apart
    for frequency in (500.0, 4000.0):
        place = int(np.log1p(frequency / 700) / np.log1p(8000 / 700) * 41) - 1
        sequence = np.eye(40, dtype=np.float32)[[place]]
        moved = [int(changed(warp=0.1).argmax()) - place for _ in range(200)]
        most = round(np.log((1 + 1.105 * frequency / 700) / (1 + frequency / 700)) / np.log1p(8000 / 700) * 41)
        assert (min(moved), max(moved)) == (-most, most)
    sequence = random.standard_normal((100, 40)).astype(np.float32)
    louder = [changed(noise_ratio=-20.0) - sequence for _ in range(10)]  # where there is noise, energy is added
    assert all((each >= -1e-5).all() for each in louder)
    assert sum(each.mean() > 1 for each in louder) in range(1, 10)


def test_only_sound_costs_the_import_of_signals() -> None:
    """A second of every training on tables and texts otherwise."""
    loaded = output_of("import sys, recurra.data.labelled, recurra.tasks.classify; print(*sys.modules)").split()
    assert "recurra.data.audio" in loaded
    assert "scipy.signal" not in loaded
