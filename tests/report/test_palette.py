"""The colours: contrast of texts, distance of series for every kind of colour vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from recurra.errors import InputError
from recurra.report import sentinel
from recurra.report.svg import HEAT, PALETTE

SCHEMES = {"light": 0, "dark": 1}
SERIES = [name for name in PALETTE if name.startswith("series")]
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""On linear sRGB, severity 1: Machado, Oliveira & Fernandes (2009), table 1."""

TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""OKLab: Ottosson (2020)."""


def channels(colour: str) -> np.ndarray:
    return np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255


def linear(shade: np.ndarray) -> np.ndarray:
    return np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)


def contrast(first: np.ndarray, second: np.ndarray) -> float:
    """Return the ratio of WCAG 2."""
    light, dark = sorted((float(linear(shade) @ [0.2126, 0.7152, 0.0722]) for shade in (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(shade: np.ndarray, vision: np.ndarray) -> np.ndarray:
    return TO_LAB @ np.cbrt(TO_CONES @ np.clip(vision @ linear(shade), 0, 1))


def test_contrast_is_right_about_black_and_white() -> None:
    assert contrast(channels("#000000"), channels("#ffffff")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("behind", ["paper", "panel"])
@pytest.mark.parametrize("text", ["ink", "muted", "link", "wrong"])
def test_texts_can_be_read(text: str, behind: str, scheme: str) -> None:
    pair = [channels(PALETTE[name][SCHEMES[scheme]]) for name in (text, behind)]
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("behind", ["paper", "panel"])
def test_texts_on_shades_can_be_read(behind: str, scheme: str) -> None:
    ink, below, heat = (channels(PALETTE[name][SCHEMES[scheme]]) for name in ("ink", behind, "series-1"))
    for share in np.linspace(0, 1, 21):
        opacity = share * HEAT
        assert contrast(ink, opacity * heat + (1 - opacity) * below) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("series", SERIES)
def test_lines_stand_out_from_the_paper(series: str, scheme: str) -> None:
    assert contrast(*(channels(PALETTE[name][SCHEMES[scheme]]) for name in (series, "paper"))) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISION)
def test_series_are_told_apart(vision: str, scheme: str) -> None:
    places = {name: lab(channels(PALETTE[name][SCHEMES[scheme]]), VISION[vision]) for name in SERIES}
    for one, other in combinations(SERIES, 2):
        assert np.linalg.norm(places[one] - places[other]) >= 0.1, (one, other)


def test_sentinels_are_all_different_and_no_colour_of_the_palette() -> None:
    sentinels = {sentinel(name) for name in PALETTE}
    assert len(sentinels) == len(PALETTE)
    assert not sentinels & {colour for pair in PALETTE.values() for colour in pair}


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(InputError, match=r"there is no colour 'blue'; expected one of paper, panel, ink"):
        sentinel("blue")
