"""The tasks that the command knows. Neither their estimators nor their options are imported before they are used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recurra.errors import ModelFolderError

if TYPE_CHECKING:
    from recurra.tasks.estimator import Estimator

__all__ = ["TASKS", "Task", "load_model"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task as `recurra fit` offers it.

    Attributes
    ----------
    name
        "forecast".
    estimator, options
        Where the classes are: "module:Name". The options' module imports nothing heavy.
    data
        What the command's DATA is.
    about
        The help: a sentence, then what is worth knowing, then an example.
    has_parts
        Whether validation and test can be separate data.
    needs_data
        Whether DATA has to be given; otherwise options may name files in its place.
    reads_texts
        Whether a text by itself can be predicted.
    next
        The command that a person runs when the model is there.
    """

    name: str
    estimator: str
    options: str
    data: str
    about: str
    has_parts: bool = True
    needs_data: bool = True
    reads_texts: bool = True
    next: str = "predict"

    @property
    def help(self) -> str:
        """`about` with each paragraph on one line, as the command's help needs it."""
        return "\n\n".join(" ".join(part.split()) for part in self.about.split("\n\n"))

    def estimator_class(self) -> type[Estimator[Any, Any]]:
        """Return the estimator's class."""
        return _imported(self.estimator)

    def options_class(self) -> type:
        """Return the options' class."""
        return _imported(self.options)


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            name="classify",
            estimator="recurra.tasks.classify.estimator:SequenceClassifier",
            options="recurra.tasks.classify.options:ClassifyOptions",
            data="Table (CSV, TSV, JSON lines, Parquet, Arrow), .ts file, or arrays (.npz).",
            about="""Learn which class a text or a sequence of numbers is of.

Texts are in a column, one a row; sequences of numbers in columns, a step a row or a list a row, or in files of their
own. Parts that are not given apart are drawn from the data, of each class its share. The test scores are printed beside
those of always saying the most frequent class. Ctrl-C keeps the best weights so far.

Example: recurra fit classify reviews.tsv --text text --label label""",
        ),
        Task(
            name="forecast",
            estimator="recurra.tasks.forecast.estimator:Forecaster",
            options="recurra.tasks.forecast.options:ForecastOptions",
            data="Table with a header line (CSV, TSV, JSON lines, Parquet, Arrow); many series in the long layout.",
            about="""Learn to forecast columns of numbers from their own past, and what goes with it.

The last rows are kept for the test, those before them choose when to stop. The test errors are printed beside those of
the seasonal naive forecast, which repeats the last season. Ctrl-C keeps the best weights so far.

Example: recurra fit forecast sunspots.csv --time year --target sunspots --horizon 11 --season-length 11""",
            has_parts=False,
            reads_texts=False,
        ),
        Task(
            name="language",
            estimator="recurra.tasks.language.estimator:LanguageModel",
            options="recurra.tasks.language.options:LanguageOptions",
            data="Text file, in UTF-8 unless --encoding says otherwise.",
            about="""Learn how likely each character, word or byte pair of a text is to come next.

The end of the text is kept for the test, what is before it chooses when to stop; --validation and --test take files of
their own. The perplexity is printed beside that of the frequencies alone. recurra generate lets the model write. Ctrl-C
keeps the best weights so far.

Example: recurra fit language book.txt --level char --out model""",
            next="generate",
        ),
        Task(
            name="tag",
            estimator="recurra.tasks.tag.estimator:SequenceTagger",
            options="recurra.tasks.tag.options:TagOptions",
            data="CoNLL-U file (.conllu), or another CoNLL file; or a table with a token a row (CSV, Parquet, Arrow).",
            about="""Learn to tag the tokens of sentences: parts of speech, entities.

Some sentences choose when to stop, and others are kept for the test, unless --validation and --test give files for
them. Entities in IOB1, BIO, BIOES, BMES or BILOU are recognised and measured by F1. recurra predict takes CoNLL files
and plain texts with a sentence a line; with --out it writes CoNLL. Ctrl-C keeps the best weights so far.

Example: recurra fit tag train.conllu --validation dev.conllu --test test.conllu --column UPOS""",
        ),
        Task(
            name="transcribe",
            estimator="recurra.tasks.transcribe.estimator:Transcriber",
            options="recurra.tasks.transcribe.options:TranscribeOptions",
            data="Table (CSV, TSV, JSON lines, Parquet, Arrow) of the paths of recordings and their texts.",
            about="""Learn to write down what recordings hold: sounds, pictures of lines, arrays of frames or strokes.

Parts that are not given apart are drawn from the data; --group keeps the recordings of a speaker in one of them. The
test part is measured in wrong words and characters. recurra predict --json says where each word begins and ends: in
seconds of sound, columns of a picture, steps of an array. Models that read forwards alone (--no-bidirectional) can be
streamed. Ctrl-C keeps the best weights so far.

Example: recurra fit transcribe recordings.csv --audio path --text transcript""",
            reads_texts=False,
        ),
        Task(
            name="translate",
            estimator="recurra.tasks.translate.estimator:Translator",
            options="recurra.tasks.translate.options:TranslateOptions",
            data="Table with a pair a row (TSV, CSV, JSON lines, Parquet, Arrow); or what two files' names begin with.",
            about="""Learn to make texts of texts: translations, sounds of spellings, inflections, dates.

Some pairs choose when to stop, and others are kept for the test, unless --validation and --test give some. A side is a
column, or a file with a text a line: train.de and train.en.gz are --source de --target en of the DATA train. The test
scores are printed beside those of the translation of the most similar source. Ctrl-C keeps the best weights so far.

Example: recurra fit translate pairs.tsv --source de --target en --out model""",
            needs_data=False,
        ),
    )
}


def load_model(folder: Path, /) -> Estimator[Any, Any]:
    """Read a model folder of any task.

    Raises
    ------
    ModelFolderError
        If the folder is missing, incomplete, damaged, from a newer version, or of a task that is not known.
    """
    from recurra.training.model_folder import Folder

    read = Folder.read(folder)
    if read.task not in TASKS:
        raise ModelFolderError(f"{folder} is a model for {read.task!r}; this recurra knows {', '.join(TASKS)}")
    return TASKS[read.task].estimator_class().restored(read)


def _imported(where: str) -> Any:
    module, name = where.split(":")
    return getattr(importlib.import_module(module), name)
