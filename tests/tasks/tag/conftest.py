"""Sentences that a small tagger learns in a second, as files and as models."""

from __future__ import annotations

from pathlib import Path

import pytest
from tag_cases import ENTITIES, PARTS, SMALL, as_columns, sentences

from recurra.tasks import SequenceTagger, TagOptions


@pytest.fixture(scope="session")
def parts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CoNLL-U file with parts of speech, and a comment before each sentence."""
    path = tmp_path_factory.mktemp("parts") / "train.conllu"
    path.write_text(as_columns(sentences(PARTS, count=60), universal=True))
    return path


@pytest.fixture(scope="session")
def entities_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A column file with entities in BIO."""
    path = tmp_path_factory.mktemp("entities") / "train.conll"
    path.write_text(as_columns(sentences(ENTITIES, count=60)))
    return path


@pytest.fixture(scope="session")
def parts_tagger(parts_file: Path) -> SequenceTagger:
    """A tagger of parts of speech; not to be changed."""
    return SequenceTagger(SMALL).fit(parts_file)


@pytest.fixture(scope="session")
def entity_tagger(entities_file: Path) -> SequenceTagger:
    """A tagger of entities; not to be changed."""
    return SequenceTagger(TagOptions(**{**vars(SMALL), "seed": 1})).fit(entities_file)
