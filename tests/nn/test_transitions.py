"""The rules of BIO and BIOES: against what a reader of entities accepts, for every sequence of three labels."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from recurra.errors import InputError
from recurra.nn import AllowedTransitions, bio_transitions, bioes_transitions

BIO = ["O", "B-A", "I-A", "B-B", "I-B"]
BIOES = ["O", *(f"{prefix}-{kind}" for kind in "AB" for prefix in "BIES")]


def is_bio(labels: tuple[str, ...]) -> bool:
    return all(not after.startswith("I") or before[1:] == after[1:] != "" for before, after in pairwise(("O", *labels)))


def is_bioes(labels: tuple[str, ...]) -> bool:
    """Read entities one after the other: S alone, or B, any number of I, E of one kind."""
    left = list(labels)
    while left:
        label = left.pop(0)
        if label[0] in "IE":
            return False
        if label[0] == "B":
            while left and left[0] == f"I{label[1:]}":
                left.pop(0)
            if not left or left.pop(0) != f"E{label[1:]}":
                return False
    return True


def allows(rules: AllowedTransitions, path: tuple[int, ...]) -> bool:
    pairs = all(bool(rules.between[a, b]) for a, b in pairwise(path))
    return bool(rules.first[path[0]]) and pairs and bool(rules.last[path[-1]])


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("scheme", ["BIO", "BIOES"])
def test_exactly_the_valid_sequences_are_allowed(scheme: str, steps: int) -> None:
    labels = BIO if scheme == "BIO" else BIOES
    rules = bio_transitions(labels) if scheme == "BIO" else bioes_transitions(labels)
    valid = is_bio if scheme == "BIO" else is_bioes
    for path in product(range(len(labels)), repeat=steps):
        words = tuple(labels[k] for k in path)
        assert allows(rules, path) == valid(words), words


@pytest.mark.parametrize("label", ["X-A", "B", "B-", "BI-A", "", "o", "E-A", "-A"])
def test_a_label_of_another_scheme(label: str) -> None:
    with pytest.raises(InputError, match=rf"labels: got '{label}', expected 'O' or one of 'B-X', 'I-X'"):
        bio_transitions(["O", label])


def test_a_kind_may_have_dashes() -> None:
    assert bool(bio_transitions(["B-work-of-art", "I-work-of-art"]).between[0, 1])
