"""Levenshtein's distance of two sequences: what texts that were written or heard are scored by."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

__all__ = ["edit_distance"]


def edit_distance(one: Sequence[Hashable], other: Sequence[Hashable], /) -> int:
    """Return how many insertions, deletions and substitutions make one sequence the other.

    Levenshtein's distance by bits, a column at a time: Myers (1999), Hyyrö (2003).

    Examples
    --------
    >>> from recurra.tasks.edit_distance import edit_distance
    >>> edit_distance("kitten", "sitting"), edit_distance([], ["a"]), edit_distance("same", "same")
    (3, 1, 0)
    """
    if not one or not other:
        return len(one) + len(other)
    places: dict[Hashable, int] = {}
    for place, item in enumerate(one):
        places[item] = places.get(item, 0) | 1 << place
    everything, last, distance = (1 << len(one)) - 1, 1 << (len(one) - 1), len(one)
    more, less = everything, 0  # where a column rises from one row to the next by one, and where it falls
    for item in other:
        equal = places.get(item, 0)
        diagonal = equal | less
        across = (((equal & more) + more) ^ more) | equal
        up, down = less | ~(across | more) & everything, more & across
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & everything, down << 1 & everything
        more, less = down | ~(diagonal | up) & everything, up & diagonal
    return distance
