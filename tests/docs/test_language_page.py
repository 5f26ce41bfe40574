"""The tables of the page on language models are what the code has."""

from __future__ import annotations

import re

from test_pages import table

from recurra.tasks import GenerateOptions, LanguageOptions
from recurra.tasks.options import TaskOptions
from recurra.training.option_fields import OptionField, option_fields


def row(field: OptionField) -> list[str]:
    default = "" if field.default is None else f"{field.default}"
    shown = re.sub("<[a-z]+>", r"`\g<0>`", field.described.help)  # a browser takes <unk> for a tag
    return [f"`--{field.name.replace('_', '-')}`", default, shown]


def test_the_options_of_writing_are_all_listed() -> None:
    assert table("language.md", "Writing") == [row(field) for field in option_fields(GenerateOptions)]


def test_all_options_of_its_own_and_other_defaults_are_listed() -> None:
    common = {field.name: field.default for field in option_fields(TaskOptions)}
    listed = {cells[0]: cells for cells in table("language.md", "Options")}
    for field in option_fields(LanguageOptions):
        if field.name not in common or common[field.name] != field.default:
            assert listed.pop(row(field)[0]) == row(field)
    assert not listed
