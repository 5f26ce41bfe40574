"""A report with every kind of block and picture, from a seed; its texts try to break out of the page."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from recurra.report import (
    Bar,
    Code,
    Headline,
    Picture,
    Report,
    Section,
    Table,
    Text,
    attention_passage,
    attention_picture,
    attention_text,
    calibration_picture,
    class_counts,
    class_scores,
    confusion_heat,
    environment_table,
    error_by_step_picture,
    errors_by_series,
    fan_picture,
    finder_picture,
    length_picture,
    missing_table,
    most_surprising,
    options_tables,
    position_picture,
    residual_picture,
    roc_picture,
    samples,
    series_picture,
    surprise_text,
    tagged_passage,
    tagged_text,
    timing_table,
    training_pictures,
    value_picture,
    windows_picture,
    zipf_picture,
)

EVIL = """<script>alert("1")</script> & 'x' --> ]]> $a_b$ {{ 7 * 7 }} 步"""


def history(steps: int, *, validations: int = 3) -> Mapping[str, Any]:
    noise = np.random.default_rng(0).random(steps)
    each = max(1, steps // max(1, validations))
    return {
        "steps": [
            {"step": step, "epoch": step // each + 1, "seconds": 0.1 * step, "train_loss": 2 + float(noise[step]),
             "learning_rate": 0.01 / (step + 1), "gradient_norm": 1 + float(noise[step])}
            for step in range(steps)
        ],
        "validations": [
            {"epoch": epoch, "step": epoch * each, "loss": 1.0 + abs(epoch - 2)}
            for epoch in range(1, validations + 1)
        ],
    }  # fmt: skip


@functools.cache
def every_picture() -> Mapping[str, Picture]:
    """Return a picture of each kind by its title, drawn once in a process."""
    return MappingProxyType(drawn_anew())


def drawn_anew() -> dict[str, Picture]:
    random = np.random.default_rng(0)
    years, values = np.arange(1900, 2000), random.random(100)
    scores, truth = random.dirichlet(np.ones(3), 60), random.integers(0, 3, 60)
    pictures = [
        *training_pictures(history(30), clip=1.5),
        finder_picture(np.geomspace(1e-6, 1, 50), random.random(50), chosen=1e-3),
        series_picture(years, values, name=EVIL, time="year", parts={"training": (0, 80), "test": (80, 100)}),
        windows_picture(
            years, values, forecasts=random.random((20, 5)), starts=np.arange(70, 90), name="y", time="year"
        ),
        fan_picture(
            years, values, future=np.arange(2000, 2004), name="y", time="year",
            quantiles={0.1: np.zeros(4), 0.5: np.ones(4), 0.9: np.full(4, 2.0)},
        ),
        error_by_step_picture(random.random(5), random.random(5), unit="pieces"),
        residual_picture(random.standard_normal(200), unit="pieces"),
        value_picture(values, name="y (pieces)"),
        length_picture(random.poisson(30, 200)),
        position_picture(random.random(64)),
        zipf_picture(1000 // np.arange(1, 300)),
        roc_picture(scores, truth, ["a", "b", EVIL]),
        calibration_picture(scores.max(1), scores.argmax(1) == truth),
        attention_picture(values, np.full(100, 0.01), title="A sequence"),
    ]  # fmt: skip
    return {picture.title: picture for picture in pictures}


def every_block() -> Report:
    confusion = np.array([[5, 1, 0], [2, 7, 1], [0, 0, 0]])
    labels = ["good", EVIL, "never"]
    words, bits = ["It", " was", "\n", EVIL], np.array([1.0, 3.0, np.nan, 12.0])
    blocks = {
        "Pictures": tuple(every_picture().values()),
        "Tables": (
            Table(title=EVIL, header=("name", EVIL), rows=((EVIL, Bar("1", 0.5)), ("b", "–"))),
            class_counts(labels, confusion.sum(1)),
            class_scores(confusion, labels),
            confusion_heat(confusion, labels),
            *options_tables({"horizon": 3, "cell": EVIL}, defaults={"horizon": 3, "cell": "GRU"}, given={"cell": EVIL}),
            environment_table(date="2026-01-01", threads=2),
            timing_table({"training": 3.0, "test": 0.1}),
            missing_table({"y": 0.0, EVIL: 0.25}),
            errors_by_series(["a", EVIL], np.array([1.0, 2.0]), np.array([2.0, 1.0])),
            most_surprising(words, bits),
        ),
        EVIL: (
            Text(f"{EVIL}\n\nAnother paragraph."),
            Text(EVIL, is_note=True),
            attention_text([attention_passage(words, np.full(4, 0.25), predicted=EVIL, truth="a", confidence=0.9)]),
            surprise_text(words, bits),
            tagged_text([tagged_passage(["The", EVIL], ["DET", EVIL], ["DET", "NOUN"])]),
            samples([(10, EVIL)], prompt=EVIL),
            Code(title=EVIL, text=EVIL),
        ),
        "": (Text("a section without a title"),),
    }
    sections = tuple(Section(title=title, blocks=parts) for title, parts in blocks.items())
    return Report(
        title=EVIL,
        subtitle=EVIL,
        headlines=(Headline(label=EVIL, value=EVIL, detail=EVIL),),
        sections=(*sections, Section(title="Tables", blocks=())),
        footer=EVIL,
    )
