"""How values, lengths, residuals, losses by position and frequencies of tokens are distributed; and samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.report.blocks import Excerpt, Excerpts
from recurra.report.drawing import draw_thinned, label_axes, log_scale, picture, thinned
from recurra.report.numbers import percent, plain
from recurra.report.svg import Key, Picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "histogram_picture",
    "length_picture",
    "position_picture",
    "residual_picture",
    "samples",
    "value_picture",
    "zipf_picture",
]

_BINS = 40

_LEAST_FORECASTS = 8

_MOST_FORECASTS = 2_000

_SURE = 0.01

_FLIPS = 1_999

_POINTS = 150


def value_picture(values: np.ndarray, /, *, name: str) -> Picture:
    """Draw how the values (count,) of a column spread; `name` is its name, with its unit."""
    return histogram_picture(values, title=f"Values of {name}", x=name, what="values")


def length_picture(lengths: np.ndarray, /, *, unit: str = "tokens") -> Picture:
    """Draw how the lengths (count,) of sequences spread, in the unit that they are counted in."""
    return histogram_picture(lengths, title="Lengths of the sequences", x=f"length ({unit})", what="sequences")


def residual_picture(residuals: np.ndarray, /, *, unit: str, apart: np.ndarray | None = None) -> Picture:
    """Draw how forecast errors (count,) spread: what came minus what was forecast, in the unit of the series.

    `apart` are errors (forecasts,) that may be taken as independent, for a test of whether forecasts are biased.
    """
    known = _finite(residuals)
    bias = plain(float(known.mean()) if len(known) else None)
    return histogram_picture(
        known,
        title="Residuals",
        x=f"truth − forecast ({unit})",
        what="forecasts",
        remark=f"Their mean is {bias}. {_bias(_finite(apart) if apart is not None else known)}",
        has_zero=True,
    )


def _bias(errors: np.ndarray) -> str:
    """Say whether errors (count,) that are independent have a mean other than 0.

    By Fisher's randomisation test: without a bias each error could as well have the other sign.
    """
    errors = errors[-_MOST_FORECASTS:]
    count = len(errors)
    if count < _LEAST_FORECASTS:
        return f"{count} forecast{'s' * (count != 1)} that do not overlap are too few to say whether they are biased."
    signs = np.random.default_rng(0).choice((-1.0, 1.0), size=(_FLIPS, count))
    flipped = np.abs(signs @ errors) >= abs(errors.sum()) * (1 - 1e-12)
    chance = (1 + int(flipped.sum())) / (1 + _FLIPS)
    side = "low" if errors.mean() > 0 else "high"
    said = f"The forecasts are biased: too {side}" if chance < _SURE else "No bias is seen"
    return f"{said} ({count} forecasts that do not overlap, their signs drawn anew: p = {chance:.2g})."


def histogram_picture(
    values: np.ndarray, /, *, title: str, x: str, what: str, remark: str = "", has_zero: bool = False
) -> Picture:
    """Draw a histogram of the finite ones of some values (count,).

    Parameters
    ----------
    values
        Any shape; values that are not finite are left out, and the caption says how many.
    title, x
        The picture's title, and the axis' name with its unit.
    what
        What is counted: "sequences".
    remark
        A further sentence of the caption.
    has_zero
        Whether zero is marked.
    """
    known = _finite(values)
    counts, edges = _bins(known)

    def draw(axes: Axes) -> None:
        axes.stairs(counts, edges, fill=True, color=sentinel("series-1"), alpha=0.75)
        if len(known):
            axes.axvline(float(np.median(known)), color=sentinel("series-2"), linewidth=1.6)
        if has_zero:
            axes.axvline(0, color=sentinel("ink"), linestyle="--", linewidth=1.1)
        axes.set_ylim(bottom=0)
        label_axes(axes, x=x, y=f"number of {what}")

    summary = _summary(known, what=what, left_out=np.size(values) - len(known))
    return picture(
        draw,
        title=title,
        caption=f"{summary} {remark}".strip(),
        description=f"Histogram of {x}. {summary}",
        keys=(
            Key(what, "series-1", "area"),
            Key("median", "series-2"),
            *([Key("zero", "ink", "dashed")] if has_zero else []),
        ),
    )


def _bins(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and edges; of whole numbers that are few, a bar has one or more of them whole."""
    if not len(values):
        return np.zeros(1), np.array([0.0, 1.0])
    low, high = float(values.min()), float(values.max())
    if np.array_equal(values, np.round(values)) and high - low < 1e9:
        step = max(1, -(-int(high - low + 1) // _BINS))
        edges = np.arange(low - 0.5, high + step + 0.5, step)
    else:
        # a range that is too narrow for float64 to divide is one bar
        edges = (
            np.linspace(low, high, _BINS + 1) if high - low > 1e-12 * abs(high) else np.array([low - 0.5, low + 0.5])
        )
    return np.histogram(values, bins=edges)[0], edges


def _summary(values: np.ndarray, *, what: str, left_out: int) -> str:
    if not len(values):
        return f"There are no finite {what}."
    low, median, high = np.percentile(values, (5, 50, 95)).tolist()
    parts = [f"{len(values):,} {what}: median {plain(median)}, nine of ten from {plain(low)} to {plain(high)}."]
    if left_out:
        parts.append(f"{left_out:,} more are not finite.")
    return " ".join(parts)


def position_picture(losses: np.ndarray, /, *, unit: str = "", position: str = "position") -> Picture:
    """Draw the mean loss (positions,) by position in a sequence or window, from its first token on.

    Parameters
    ----------
    losses
        (positions,).
    unit
        Of the loss, such as "bits a token", if it has one.
    position
        What a position is called.
    """
    points = thinned(np.arange(1, len(losses) + 1), losses)
    known = _finite(losses)
    mean = float(known.mean()) if len(known) else None
    said = f"{plain(mean)} {unit}".strip()

    def draw(axes: Axes) -> None:
        draw_thinned(axes, points, "series-1")
        if mean is not None:
            axes.axhline(mean, color=sentinel("series-2"), linestyle="--", linewidth=1.2)
        label_axes(axes, x=position, y=f"loss ({unit})" if unit else "loss")

    return picture(
        draw,
        title="Loss by position",
        caption=f"Where the line falls, what came before helps; where it is level, more context changes nothing. "
        f"Mean: {said}.",
        description=f"Line chart of the loss by {position}; its mean is {said}.",
        keys=(Key("loss", "series-1"), Key("mean", "series-2", "dashed")),
    )


def samples(written: Sequence[tuple[int, str]], /, *, prompt: str = "") -> Excerpts:
    """Show what the model wrote during training: (step, text) in order."""
    caption = f"Each goes on from the prompt {prompt!r}." if prompt else "Drawn from the model without a prompt."
    return Excerpts(
        title="Samples during training",
        caption=caption,
        excerpts=tuple(Excerpt(f"step {step:,}", text) for step, text in written),
    )


def zipf_picture(counts: np.ndarray, /, *, unknown: float | None = None) -> Picture:
    """Draw how often tokens occur, by their rank (Zipf, 1935).

    Parameters
    ----------
    counts
        (tokens,) how often each token of the vocabulary occurs, in any order.
    unknown
        The share of the text that the vocabulary has no token for, if it is known.
    """
    frequent = np.sort(counts[counts > 0])[::-1]
    ranks = np.arange(1, len(frequent) + 1)
    kept = np.unique(np.geomspace(1, max(1, len(frequent)), _POINTS).astype(int)) - 1 if len(frequent) else []

    def draw(axes: Axes) -> None:
        axes.plot(ranks[kept], frequent[kept], color=sentinel("series-1"))
        if len(frequent):
            log_scale(axes, of="x")
            log_scale(axes, of="y")
        label_axes(axes, x="rank, logarithmic", y="occurrences, logarithmic")

    rare = int((frequent == 1).sum())
    said = [f"{len(frequent):,} tokens occur, {rare:,} of them once."]
    if unknown is not None:
        said.append(f"{percent(unknown)} of the test part is not among them.")
    return picture(
        draw,
        title="How often tokens occur",
        caption=" ".join([*said, "A straight line is what texts usually show."]),
        description=" ".join(["Line chart of occurrences by rank, both logarithmic.", *said]),
    )


def _finite(values: np.ndarray, /) -> np.ndarray:
    """Return the values (count,) that are finite, as float64."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    return flat[np.isfinite(flat)]
