"""Sound and writing: keywords, digits by speaker, AN4's spelled addresses, yes and no, and lines of fonts."""

from __future__ import annotations

import dataclasses
import functools
import random
import re
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars
from PIL import Image, ImageDraw, ImageFont

from benchmarks.accuracy import Run
from recurra.data.audio import read_sound
from recurra.data.pictures import read_line
from recurra.tasks import ClassifyOptions, SequenceClassifier, TranscribeOptions, Transcriber
from recurra.training.option_fields import as_dictionary

_SPEAKER = r"[0-9a-f]{8}(?=_nohash)|^\d+"
"""The speaker in the name of a recording of Speech Commands; a stretch of silence has a number."""

KEYWORDS = ClassifyOptions(
    cell="GRU", hidden_size=96, layers=2, epochs=32, patience=32, batch_size=32, learning_rate=3e-3,
    schedule="one_cycle", group=_SPEAKER, validation_fraction=0.08, label_smoothing=0.05,
    masks=1, noise_ratio=15.0, dynamic_range=0.0,
)  # fmt: skip
DIGITS = ClassifyOptions(
    audio="path", label="digit", part="part", cell="GRU", hidden_size=64, layers=2, epochs=40, patience=40,
    batch_size=32, learning_rate=4e-3, schedule="one_cycle", speed=0.2, warp=0.2, noise_ratio=0.0,
    label_smoothing=0.1, choose_by="loss",
)  # fmt: skip
AN4 = TranscribeOptions(
    audio="path", text="text", part="part", cell="GRU", hidden_size=256, layers=2, epochs=100, patience=100,
    batch_size=16, learning_rate=3e-3, schedule="one_cycle", convolution_stride=3, standardise="recording", masks=2,
    speed=0.15, choose_by="word_error",
)  # fmt: skip
YES_NO = TranscribeOptions(
    audio="path", text="text", hidden_size=64, layers=1, epochs=60, patience=60, batch_size=4, level="word", ngram=0,
)  # fmt: skip
LINES = TranscribeOptions(
    audio="path", text="text", part="part", hidden_size=128, layers=2, epochs=60, patience=60, batch_size=16,
    speed=0.1, masks=1, beam=1, minutes=15.0,
)  # fmt: skip

LINES_ZH = dataclasses.replace(LINES, dropout=0.1, masks=0, learning_rate=5e-3)

_SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
_TIMED, _WARM = 100, 5
"""Lines of which each is timed by itself, and how many run before."""

_FONTS = {"latin": "/usr/share/fonts/truetype/dejavu", "chinese": "/usr/share/fonts/opentype/noto"}
"""Where Debian puts DejaVu and Noto CJK."""

_CHARACTERS = 600
"""Chinese characters that lines are of, the most frequent ones."""

_SIMPLIFIED = 2
"""The number of the face for simplified Chinese in Noto's collections."""

_HELD_OUT = 100
"""Utterances of AN4 whose speakers test."""


def _chosen(options: Any, seed: int, minutes: float | None) -> Any:
    return dataclasses.replace(options, seed=seed, minutes=options.minutes if minutes is None else minutes)


def _outcome(fitted: Any, seconds: float, scores: dict[str, float]) -> dict[str, Any]:
    course = fitted.metrics_["training"]
    return {
        "scores": scores,
        "seconds": round(seconds, 1),
        "epochs": course["epochs"],
        "best epoch": course["best_epoch"],
        "parameters": fitted.metrics_["parameters"],
        "options": as_dictionary(fitted.options_),
        "model": fitted,
    }


def _keywords(data: Path, seed: int, minutes: float | None, *, options: ClassifyOptions = KEYWORDS) -> dict[str, Any]:
    """Twelve words, dev's speakers test; other speakers of train choose the weights."""
    start = time.perf_counter()
    folder = data / "keywords"
    fitted = SequenceClassifier(_chosen(options, seed, minutes))
    fitted.fit(folder / "train", test=folder / "dev", progress=True)
    seconds = time.perf_counter() - start
    scores = {"accuracy": fitted.metrics_["test"]["accuracy"]}
    scores["accuracy in int8"] = fitted.quantised("int8").evaluate(folder / "dev").accuracy
    if not options.bidirectional:
        scores["accuracy streamed"] = _streamed(fitted, folder / "dev")
    return _outcome(fitted, seconds, scores)


def _streamed(fitted: SequenceClassifier, folder: Path) -> float:
    """Return the accuracy on recordings that come in blocks of 100 ms."""
    is_right = []
    for path in sorted(folder.rglob("*.flac")):
        (samples, rate), stream = read_sound(path), fitted.stream()
        for begin in range(0, len(samples), rate // 10):
            stream.push(samples[begin : begin + rate // 10])
        found = stream.finish()
        assert found is not None
        is_right.append(fitted.classes_[int(found.argmax())] == path.parent.name)
    return float(np.mean(is_right))


def _digits(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
    """Each speaker in turn tests; a tenth of the others' recordings chooses the weights."""
    files = sorted((data / "fsdd").rglob("*.wav"))
    named = [(path, *path.stem.split("_")) for path in files]
    start, scores, fitted = time.perf_counter(), {}, None
    for speaker in _SPEAKERS:
        rows = [
            (str(path.resolve()), digit, "test" if own == speaker else ("train", "validation")[int(index) % 10 == 0])
            for path, digit, own, index in named
        ]
        frame = polars.DataFrame(rows, schema=["path", "digit", "part"], orient="row")
        fitted = SequenceClassifier(_chosen(DIGITS, seed, minutes)).fit(frame, progress=True)
        scores[speaker] = fitted.metrics_["test"]["accuracy"]
    scores |= {"mean": float(np.mean(list(scores.values()))), "worst": min(scores.values())}
    return _outcome(fitted, time.perf_counter() - start, scores)


def _transcribed(table: polars.DataFrame, options: TranscribeOptions) -> tuple[Transcriber, dict[str, Any]]:
    start = time.perf_counter()
    fitted = Transcriber(options).fit(table, progress=True)
    seconds, test = time.perf_counter() - start, fitted.metrics_["test"]
    scores = {
        "word error": test["words"]["rate"],
        "character error": test["characters"]["rate"],
        "word error of the likeliest path": test["likeliest_path"]["word_error"],
    }
    return fitted, _outcome(fitted, seconds, scores)


def _an4(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
    """AN4's cepstra: speakers with some hundred utterances test, others with as many choose the weights."""
    folder = data / "an4"
    names = (folder / "etc" / "an4_train.fileids").read_text().split()
    lines = (folder / "etc" / "an4_train.transcription").read_text().splitlines()
    texts = [line.replace("<s>", "").replace("</s>", "").rpartition("(")[0].split() for line in lines]
    speakers = [Path(name).parent.name for name in names]
    order = sorted(set(speakers))
    random.Random(0).shuffle(order)  # the same speakers for every seed
    parts, counts = {}, {"test": 0, "validation": 0}
    for speaker in order:
        part = next((part for part, count in counts.items() if count < _HELD_OUT), "train")
        parts[speaker] = part
        counts[part] = counts.get(part, 0) + speakers.count(speaker)
    with tempfile.TemporaryDirectory() as place:
        paths = []
        for number, name in enumerate(names):
            paths.append(str(Path(place) / f"{number}.npy"))
            np.save(paths[-1], _cepstra(folder / "feat" / f"{name}.mfc"))
        table = polars.DataFrame(
            {"path": paths, "text": [" ".join(text) for text in texts], "part": [parts[each] for each in speakers]}
        )
        return _transcribed(table, _chosen(AN4, seed, minutes))[1]


def _cepstra(path: Path) -> np.ndarray:
    content = path.read_bytes()
    (count,) = struct.unpack(">i", content[:4])
    return np.frombuffer(content, ">f4", count, 4).reshape(-1, 13).astype(np.float32)


def _yes_no(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
    files = sorted((data / "yesno").glob("*.wav"))
    texts = [" ".join("YES" if each == "1" else "NO" for each in path.stem.split("_")) for path in files]
    table = polars.DataFrame({"path": [str(path.resolve()) for path in files], "text": texts})
    return _transcribed(table, _chosen(YES_NO, seed, minutes))[1]


def fonts_of(kind: str) -> list[Path]:
    """Return the fonts that lines are drawn with; the last one tests."""
    return sorted(Path(_FONTS[kind]).rglob("*.tt[fc]"))


def _fonts(kind: str, options: TranscribeOptions, *, name: str, lines: int, choosing: int) -> Run:
    """Return the run on lines of some fonts: by name the last font tests, those before it choose.

    Where none chooses, other lines of the fonts that train do.
    """

    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        fonts = fonts_of(kind)
        if len(fonts) < 3:
            raise FileNotFoundError(f"{name}: {_FONTS[kind]} has {len(fonts)} fonts; expected three at least")
        training, tests = fonts[: len(fonts) - 1 - choosing], fonts[-1:]
        of_part = {"train": training, "validation": fonts[len(training) : -1] or training, "test": tests}
        drawn, rows = random.Random(seed), []
        with tempfile.TemporaryDirectory() as place:
            for number, text in enumerate(TEXTS[kind](data, drawn, lines)):
                part = {0: "test", 1: "validation"}.get(number % 12, "train")
                path = Path(place) / f"{number}.png"
                drawn_line(text, drawn.choice(of_part[part])).save(path)
                rows.append((str(path), text, part))
            table = polars.DataFrame(rows, schema=["path", "text", "part"], orient="row")
            fitted, outcome = _transcribed(table, _chosen(options, seed, minutes))
            tested = table.filter(polars.col("part") == "test")["path"].to_list()[:_TIMED]
            outcome["scores"]["milliseconds a line"] = milliseconds(fitted, tested)
            return outcome

    return run


def milliseconds(fitted: Transcriber, paths: list[str]) -> float:
    """Return the median time to transcribe a line by itself, from its pixels to its text."""
    pictures = [read_line(Path(path), height=fitted.options_.height) for path in paths]
    times = []
    for picture in [*pictures[:_WARM], *pictures]:
        start = time.perf_counter()
        fitted.predict([picture])
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times[_WARM:]))


def drawn_line(text: str, font: Path) -> Image.Image:
    """Return a picture of a line of writing, black on white."""
    letters = ImageFont.truetype(str(font), 26, index=_SIMPLIFIED if font.suffix == ".ttc" else 0)
    left, top, right, bottom = letters.getbbox(text)
    picture = Image.new("L", (int(right - left) + 12, int(bottom - top) + 12), 255)
    ImageDraw.Draw(picture).text((6 - left, 6 - top), text, font=letters, fill=0)
    return picture


def _latin(data: Path, drawn: random.Random, count: int) -> list[str]:
    """Return lines of one to four words of random letters and digits."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return [
        " ".join("".join(drawn.choices(letters, k=drawn.randint(2, 8))) for _ in range(drawn.randint(1, 4)))
        for _ in range(count)
    ]


def _chinese(data: Path, drawn: random.Random, count: int) -> list[str]:
    """Return pieces of 4 to 12 characters of Tatoeba's sentences, of their most frequent characters alone."""
    lines = (data / "tatoeba_en_zh" / "cmn.txt").read_text(encoding="utf-8").splitlines()
    sentences = list(dict.fromkeys(line.split("\t")[1] for line in lines))
    counts = Counter(letter for sentence in sentences for letter in sentence if "\u4e00" <= letter <= "\u9fff")
    known = "".join(letter for letter, _ in counts.most_common(_CHARACTERS))
    pieces = [piece for sentence in sentences for piece in re.findall(f"[{known}]{{4,12}}", sentence)]
    return drawn.sample(pieces, min(count, len(pieces)))


TEXTS: dict[str, Callable[[Path, random.Random, int], list[str]]] = {"latin": _latin, "chinese": _chinese}
"""What lines are of, by the kind of their fonts: the folder of the data, a source of draws, how many -> texts."""

RUNS: dict[str, Run] = {
    "keywords": _keywords,
    "keywords-defaults": functools.partial(_keywords, options=ClassifyOptions(group=_SPEAKER)),
    "keywords_stream": functools.partial(_keywords, options=dataclasses.replace(KEYWORDS, bidirectional=False)),
    "fsdd": _digits,
    "an4": _an4,
    "yesno": _yes_no,
    "lines": _fonts("latin", LINES, name="lines", lines=3000, choosing=1),
    "lines_zh": _fonts("chinese", LINES_ZH, name="lines_zh", lines=6000, choosing=0),
}
