"""Which tag may follow which: the rules of BIO and BIOES, as constraints of a linear-chain CRF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.arguments import checked
from recurra.errors import InputError

__all__ = ["AllowedTransitions", "bio_transitions", "bioes_transitions"]


@dataclass(frozen=True)
class AllowedTransitions:
    """What a sequence of tags may be.

    Attributes
    ----------
    between : bool tensor (tags, tags), whether tag j may follow tag i
    first, last : bool tensor (tags,), whether a sequence may begin, and end, with a tag
    """

    between: Tensor
    first: Tensor
    last: Tensor


@checked(InputError)
def bio_transitions(labels: Sequence[str]) -> AllowedTransitions:
    """Return the rules of BIO (IOB2): an entity begins with ``B-``; ``I-X`` follows ``B-X`` or ``I-X`` alone.

    Parameters
    ----------
    labels : sequence of str
        ``"O"``, ``"B-X"`` or ``"I-X"`` for each tag, in the order of the tags' numbers.

    Raises
    ------
    InputError
        If a label is none of these.

    Examples
    --------
    >>> allowed = bio_transitions(["O", "B-PER", "I-PER"])
    >>> allowed.between[0].tolist(), allowed.first.tolist()
    ([True, True, False], [True, True, False])
    """
    return _transitions(labels, prefixes="BI", follows=_follows_in_bio)


@checked(InputError)
def bioes_transitions(labels: Sequence[str]) -> AllowedTransitions:
    """Return the rules of BIOES: ``B-X`` and ``I-X`` are followed by ``I-X`` or ``E-X``, all others by neither.

    Parameters
    ----------
    labels : sequence of str
        ``"O"``, ``"B-X"``, ``"I-X"``, ``"E-X"`` or ``"S-X"`` for each tag, in the order of the tags' numbers.

    Raises
    ------
    InputError
        If a label is none of these.

    Examples
    --------
    >>> allowed = bioes_transitions(["O", "B-PER", "I-PER", "E-PER", "S-PER"])
    >>> allowed.between[1].tolist(), allowed.last.tolist()
    ([False, False, True, True, False], [True, False, False, True, True])
    """
    return _transitions(labels, prefixes="BIES", follows=_follows_in_bioes)


_Label = tuple[str, str]
"""A prefix and a kind of entity."""

_OUTSIDE: _Label = ("O", "")


def _transitions(
    labels: Sequence[str], *, prefixes: str, follows: Callable[[_Label, _Label], bool]
) -> AllowedTransitions:
    """Return the rules of a scheme; the ends of a sequence are as outside of any entity."""
    parts = [_parsed(label, prefixes) for label in labels]
    between = [[follows(before, after) for after in parts] for before in parts]
    first = [follows(_OUTSIDE, label) for label in parts]
    last = [follows(label, _OUTSIDE) for label in parts]
    # on the CPU whatever the default device is: a layer looks at their values
    return AllowedTransitions(*(torch.tensor(each, device="cpu") for each in (between, first, last)))


def _parsed(label: str, prefixes: str) -> _Label:
    if label == "O":
        return _OUTSIDE
    prefix, dash, kind = label.partition("-")
    if prefix not in tuple(prefixes) or not dash or not kind:
        expected = ", ".join(f"'{each}-X'" for each in prefixes)
        raise InputError(f"labels: got {label!r}, expected 'O' or one of {expected}")
    return prefix, kind


def _follows_in_bio(before: _Label, after: _Label) -> bool:
    return after[0] != "I" or (before[0] in "BI" and before[1] == after[1])


def _follows_in_bioes(before: _Label, after: _Label) -> bool:
    inside_before, inside_after = before[0] in "BI", after[0] in "IE"
    return inside_before == inside_after and (not inside_after or before[1] == after[1])
