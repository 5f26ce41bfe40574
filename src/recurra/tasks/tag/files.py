"""What a model folder holds of a tagger beside what every task has, and back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import final

from recurra.tasks.model_files import Folder, as_json
from recurra.tasks.tag.sources import Layout
from recurra.tasks.tag.vocabulary import TagVocabulary

__all__ = ["PREDICTIONS", "Known", "restored_tagger", "tagger_files"]

VOCABULARY, PREDICTIONS = "vocabulary.json", "predictions.csv"


@final
@dataclass(frozen=True, kw_only=True)
class Known:
    """What a tagger has beside its weights.

    Attributes
    ----------
    vocabulary
        Words, characters, tags.
    layout
        How the file of the training part looked.
    word_size
        The width of a word's vector.
    predictions
        The tags of the test part beside the true ones, as CSV.
    """

    vocabulary: TagVocabulary
    layout: Layout
    word_size: int
    predictions: bytes


def tagger_files(known: Known, /) -> dict[str, bytes]:
    """Return the vocabulary, and the tags of the test part."""
    content = {
        "layout": dataclasses.asdict(known.layout),
        "word_size": known.word_size,
        **known.vocabulary.to_dictionary(),
    }
    return {VOCABULARY: as_json(content), PREDICTIONS: known.predictions}


def restored_tagger(folder: Folder, /) -> Known:
    """Return what `tagger_files` wrote."""
    content = folder.json(VOCABULARY)
    return Known(
        vocabulary=TagVocabulary.from_dictionary(content),
        layout=Layout(**content["layout"]),
        word_size=content["word_size"],
        predictions=folder.files[PREDICTIONS],
    )
