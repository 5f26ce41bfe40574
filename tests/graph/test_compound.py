"""Compound sizes: products and quotients have one spelling, and a number where they are whole."""

from __future__ import annotations

import math
import random

import pytest

from recurra.graph.compound import divisible, named_in, number_of, product_of, quotient_of, read_size

SIZES = {"a": 6, "b": 4, "heads": 3}


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("a", "a"), ("b*a", "a*b"), ("2*a*3", "6*a"), ("a/heads*heads", None), ("a*heads/heads", "a"), ("4*a/2", "2*a"),
        ("a/2/3", "a/6"), ("6/a", "6/a"), (" a * b ", "a*b"), ("a*a", "a*a"), ("12/4", 3), ("a/a", 1), ("1*a", "a"),
    ],
)  # fmt: skip
def test_every_size_has_one_spelling(written: str, size: str | int | None) -> None:
    if size is None:  # after the first / all is below, and a product there has no spelling
        with pytest.raises(ValueError, match="expected a name, or names and numbers"):
            read_size(written)
    else:
        assert read_size(written) == size
        assert isinstance(size, int) or read_size(size) == size


@pytest.mark.parametrize("written", ["", "a*", "/a", "a//b", "a-b", "0*a", "a/0", "a b", "2.5", "a**b"])
def test_what_is_no_size(written: str) -> None:
    with pytest.raises(ValueError, match="expected a name, or names and numbers"):
        read_size(written)


@pytest.mark.parametrize("seed", range(40))
def test_products_and_quotients_are_those_of_the_numbers(seed: int) -> None:
    generator = random.Random(seed)
    parts = generator.choices([*SIZES, 1, 2, 5], k=generator.randint(1, 4))
    whole = product_of(parts)
    assert number_of(whole, SIZES) == math.prod(part if isinstance(part, int) else SIZES[part] for part in parts)
    first, *rest = parts
    assert quotient_of(whole, first) == product_of(rest)
    assert product_of([quotient_of("a", first), first]) == "a"


def test_what_does_not_divide_is_said_with_its_numbers() -> None:
    with pytest.raises(ValueError, match=r"the size b/heads is no whole number for b=4, heads=3"):
        number_of("b/heads", SIZES)
    assert divisible(["b/heads"], SIZES) == {**SIZES, "b": 6}
    assert divisible(["b/heads"], SIZES, fixed=["b"]) == {**SIZES, "heads": 1}
    assert divisible(["b/heads"], SIZES, fixed=["b", "heads"]) == SIZES
    assert named_in("2*a/heads") == ("a", "heads")
