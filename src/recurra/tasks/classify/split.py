"""Which sequences train, which choose the best weights, and which test."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.data import LabelledSequences, repeated_rows, split_at_random, split_by_file, split_by_flag
from recurra.errors import DataError, InputError
from recurra.tasks.classify.data import read_with_labels
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["SplitSequences", "split_sequences"]


@dataclass(frozen=True, kw_only=True)
class SplitSequences:
    """Labelled sequences in three parts.

    Attributes
    ----------
    training, validation, test
        None is empty, and all have the same classes.
    description
        Where each part is from, in a sentence.
    repeated
        How many sequences of validation and of test are in the training part too.
    """

    training: LabelledSequences
    validation: LabelledSequences
    test: LabelledSequences
    description: str
    repeated: tuple[int, int]

    def by_name(self) -> dict[str, LabelledSequences]:
        """Return the parts."""
        return {"training": self.training, "validation": self.validation, "test": self.test}


def split_sequences(
    training: Any, options: ClassifyOptions, /, *, validation: Any, test: Any, classes: Sequence[str] | None = None
) -> SplitSequences:
    """Read the data and split them: by what is given apart, by the column of parts, and the rest at random by label.

    Raises
    ------
    DataError
        If the data cannot be read, or are too few to be split.
    InputError
        If a part is given both as data of its own and by the column of parts.
    """
    data = read_with_labels(training, options, classes=classes, has_parts=True)
    parts, read = _flagged(data), [data]
    for name, given in (("validation", validation), ("test", test)):
        if given is not None:
            if len(parts[name]):
                raise InputError(f"{name}: {data.source} has such rows, and separate data were given; expected one")
            parts[name] = read_with_labels(given, options, classes=data.classes)
            read.append(parts[name])
    dropped = sum(len(part.dropped) for part in read)
    origins = {name: "given" if len(parts[name]) else "at random" for name in ("validation", "test")}
    _draw_missing(parts, options)
    return SplitSequences(
        **parts, description=_description(parts, origins, options, dropped=dropped), repeated=_repeated(parts)
    )


def _flagged(data: LabelledSequences) -> dict[str, LabelledSequences]:
    """Return the parts as a column says, or all as the training part."""
    if data.flags is None:
        nothing = data.part(np.empty(0, np.int64))
        return {"training": data, "validation": nothing, "test": nothing}
    found = split_by_flag(data.flags, source=data.source)
    return {
        "training": data.part(found.train),
        "validation": data.part(found.validation),
        "test": data.part(found.test),
    }


def _draw_missing(parts: dict[str, LabelledSequences], options: ClassifyOptions) -> None:
    """Take the parts that are empty from the training part, of each label its share."""
    whole, missing = parts["training"], [name for name in ("validation", "test") if not len(parts[name])]
    if not missing:
        return
    assert whole.labels is not None
    found = split_at_random(
        len(whole),
        seed=options.seed,
        validation_fraction=options.validation_fraction if "validation" in missing else 0.0,
        test_fraction=options.test_fraction if "test" in missing else 0.0,
        labels=whole.labels,
    )
    places = {"validation": found.validation, "test": found.test}
    for name in missing:
        if not len(places[name]):
            raise DataError(
                f"{whole.source} has {len(whole)} sequences, too few to take a part for {name} from; give more, or "
                f"{name} data of their own"
            )
        parts[name] = whole.part(places[name])
    parts["training"] = whole.part(found.train)


def _description(
    parts: dict[str, LabelledSequences], origins: dict[str, str], options: ClassifyOptions, *, dropped: int
) -> str:
    said = [f"{len(parts['training']):,} sequences train"]
    for name, verb in (("validation", "choose the weights"), ("test", "test")):
        drawn = "" if origins[name] == "given" else f" (drawn by label, seed {options.seed})"
        said.append(f"{len(parts[name]):,} {verb}{drawn}")
    if dropped:
        what = "rows" if options.id is None else "sequences"
        said.append(f"{dropped:,} {what} were left out, as something is missing in them")
    return ", ".join(said)


def _repeated(parts: dict[str, LabelledSequences]) -> tuple[int, int]:
    order = [parts[name] for name in ("training", "validation", "test")]
    keys = [_key(sequence) for part in order for sequence in part.sequences]
    found = repeated_rows(split_by_file(len(order[0]), validation=len(order[1]), test=len(order[2])), keys)
    return len(found.validation), len(found.test)


def _key(sequence: str | np.ndarray) -> Hashable:
    """Return what is the same for the same sequences, and takes little memory."""
    return hash(sequence) if isinstance(sequence, str) else (sequence.shape, hash(sequence.tobytes()))
