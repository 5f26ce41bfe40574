"""The sections that all tasks share."""

from __future__ import annotations

import pytest
from report_cases import history

from recurra.report import Code, Picture, Section, Table, Text
from recurra.report.sections import about_section, training_section

OUTCOME = {"epochs": 12, "steps": 3400, "best_epoch": 9, "ended_by": "patience", "seconds": 61.2, "problem": ""}


def said(section: Section) -> list[Text]:
    return [block for block in section.blocks if isinstance(block, Text)]


def test_a_training_is_told_and_drawn() -> None:
    section = training_section(history(20), outcome=OUTCOME, clip=1.0)
    assert [text.text for text in said(section)] == [
        "12 epochs, 3,400 steps in 61.2 s; it ended as no later epoch was better."
    ]
    assert [block.title for block in section.blocks if isinstance(block, Picture)] == [
        "Loss",
        "Learning rate",
        "Gradient norm",
    ]


@pytest.mark.parametrize("ended_by", ["patience", "epochs", "steps", "minutes", "interrupt", "loss"])
def test_every_ending_is_said(ended_by: str) -> None:
    (text,) = said(training_section(history(2), outcome={**OUTCOME, "ended_by": ended_by}))
    assert text.text.endswith(".")
    assert "; it" in text.text


def test_a_problem_is_a_note() -> None:
    outcome = {**OUTCOME, "ended_by": "loss", "problem": "the loss is nan at step 40"}
    _, note = said(training_section(history(2), outcome=outcome))
    assert note.is_note
    assert note.text == "the loss is nan at step 40. The model has the weights of epoch 9."


def test_little_is_known_of_an_old_training() -> None:
    (text,) = said(training_section({"steps": [], "validations": []}, outcome={"epochs": 1}))
    assert text.text == "1 epoch."


def test_how_the_model_was_made() -> None:
    options = {"horizon": 3}
    bare = about_section(options, defaults=options, date="today", threads=1)
    assert [type(block) for block in bare.blocks] == [Table, Table]
    full = about_section(options, defaults=options, date="today", threads=1, seconds={"all": 2.0}, repeat="recurra fit")
    assert [type(block) for block in full.blocks] == [Table, Table, Table, Code]
