"""Pictures drawn with matplotlib: sizes, axes, thousands of points as a few hundred; as SVG, and as PNG where asked."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from recurra.messages import language, language_now, translated
from recurra.report.numbers import plain, shortened
from recurra.report.svg import PALETTE, Key, Picture, inlined, sentinel, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

__all__ = [
    "Draw",
    "Thinned",
    "draw_thinned",
    "is_rastered",
    "keep_raster",
    "label_axes",
    "label_steps",
    "log_scale",
    "picture",
    "rastered",
    "suits_log",
    "thinned",
]

_MOST = 240

Draw = Callable[["Axes"], None]
"""Draws into axes, with the colours of `sentinel`."""

_WIDE = {"half": (520, 290), "full": (940, 300)}

_NARROW = (358, 250)
"""Widths and heights in pixels of the page; a narrow picture fills a phone's screen."""

_LETTER = 7.2
"""The width of a digit in pixels, with some room for the page's font, which is unknown."""

_TOP, _RIGHT, _BOTTOM = 27, 14, 44

_SPREAD, _FEW_DECADES = 20, 100

_LONG_NUMBER = re.compile(r"(?<![.\d])\d{5,}")
"""The whole part of a number that is written with commas."""

_DOTS = 144
"""Pixels an inch: twice as many as the page has."""

_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "PingFang SC", "Microsoft YaHei")
"""Fonts with Chinese letters, on Debian of fonts-noto-cjk."""

_COLOURS = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")

_kept: ContextVar[dict[str, bytes] | None] = ContextVar("kept pictures", default=None)


@dataclass(frozen=True, kw_only=True)
class Thinned:
    """Points in buckets, side by side.

    Attributes
    ----------
    x
        (buckets,) the middle of each bucket.
    low, middle, high
        (buckets,) the least, the mean and the largest value of each; NaN where none is finite.
    points
        How many points a bucket has at most: 1 where nothing was left out.
    """

    x: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    points: int


def thinned(x: np.ndarray, y: np.ndarray, /, *, most: int = _MOST) -> Thinned:
    """Put points (count,) into so many buckets at most; values that are not finite are left out.

    Examples
    --------
    >>> import numpy
    >>> from recurra.report.drawing import thinned
    >>> buckets = thinned(numpy.arange(6), numpy.array([1.0, 3.0, 2.0, 8.0, 5.0, float("nan")]), most=3)
    >>> buckets.low.tolist(), buckets.high.tolist()
    ([1.0, 2.0, 5.0], [3.0, 8.0, 5.0])
    """
    y = np.where(np.isfinite(y), y, np.nan)
    points = max(1, -(-len(y) // most))
    if points == 1:
        return Thinned(x=x, low=y, middle=y, high=y, points=1)
    starts = np.arange(0, len(y), points)
    counts = np.add.reduceat(np.isfinite(y).astype(int), starts)
    means = np.add.reduceat(np.nan_to_num(y), starts) / np.where(counts, counts, np.nan)
    ends = np.minimum(starts + points, len(y)) - 1
    return Thinned(
        x=x[(starts + ends) // 2],
        low=np.fmin.reduceat(y, starts),
        middle=means,
        high=np.fmax.reduceat(y, starts),
        points=points,
    )


def picture(
    draw: Draw,
    /,
    *,
    title: str,
    caption: str,
    description: str,
    keys: tuple[Key, ...] = (),
    is_full: bool = False,
) -> Picture:
    """Draw a picture, twice: for a wide screen and for a phone.

    Parameters
    ----------
    draw
        Called with empty axes, for each size; it draws, and names the axes by `label_axes`.
    title, caption, description, keys
        See `Picture`.
    is_full
        Whether it takes the page's whole width.
    """
    width = "full" if is_full else "half"
    if is_rastered():
        with _in_letters_that_are_there(), _drawn(draw, _WIDE[width]) as figure:
            keep_raster(figure, title=title, description=description, keys=keys)
    return Picture(
        title=title,
        caption=caption,
        description=description,
        wide=_svg(draw, _WIDE[width], description),
        narrow=_svg(draw, _NARROW, description),
        keys=keys,
        width=width,
    )


def draw_thinned(axes: Axes, points: Thinned, colour: str, /) -> None:
    """Draw the means of buckets as a line, and from their least to their largest value as a band."""
    if points.points > 1:
        axes.fill_between(points.x, points.low, points.high, color=sentinel(colour), alpha=0.25, linewidth=0)
    marker = "o" if len(points.x) == 1 else ""
    axes.plot(points.x, points.middle, color=sentinel(colour), marker=marker, linewidth=1.5)


def label_axes(axes: Axes, /, *, x: str, y: str) -> None:
    """Name the axes, with units: x below, y above the axis, where it is read without turning the head."""
    axes.set_xlabel(shortened(translated(x), most=60))
    axes.set_title(shortened(translated(y), most=50))


def label_steps(axes: Axes, /, *, y: str, x: str = "step") -> None:
    """Name the axes where x counts something: its ticks are whole numbers."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True, min_n_ticks=1))
    label_axes(axes, x=x, y=y)


def log_scale(axes: Axes, /, *, of: Literal["x", "y"]) -> None:
    """Make an axis logarithmic, with plain numbers as labels; to be called when the data are drawn."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    (axes.set_xscale if of == "x" else axes.set_yscale)("log")
    axis = axes.xaxis if of == "x" else axes.yaxis
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < _FEW_DECADES * low else (1,), numticks=8))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))


def suits_log(values: np.ndarray, /) -> bool:
    """Return whether positive values spread so far that a linear axis would hide the small ones."""
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(known.min() > 0) and bool(known.max() > _SPREAD * known.min())


def _svg(draw: Draw, size: tuple[int, int], description: str) -> str:
    with _drawn(draw, size) as figure:
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return inlined(file.getvalue(), description=translated(description))


@contextmanager
def _drawn(draw: Draw, size: tuple[int, int]) -> Iterator[Figure]:
    """Draw a figure, and keep the report's style while it is saved."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72)
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        _set_commas(axes)
        _make_room(axes, size)
        yield figure


def _set_commas(axes: Axes) -> None:
    """Write the numbers at linear axes with commas from 10,000 on, as the page does."""
    from matplotlib.ticker import ScalarFormatter

    class WithCommas(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", super().__call__(x, pos))

    for axis in (axes.xaxis, axes.yaxis):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(WithCommas())


@contextmanager
def _style() -> Iterator[None]:
    """Draw in the report's style, and leave the caller's as it was."""
    import matplotlib

    with matplotlib.rc_context(_settings()), warnings.catch_warnings():
        # the page's font draws the letters; matplotlib's only measures them
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        yield


@cache
def _chinese_fonts() -> tuple[str, ...]:
    """Return the fonts of this machine that have Chinese letters, which files of pixels need."""
    from matplotlib.font_manager import get_font_names

    return tuple(name for name in _CHINESE if name in get_font_names())


def _in_letters_that_are_there() -> AbstractContextManager[None]:
    """Draw in English where no font has the letters of the language of now."""
    return nullcontext() if language_now() == "en" or _chinese_fonts() else language("en")


def _settings() -> dict[RcKeyType, Any]:
    ink, muted, rule = sentinel("ink"), sentinel("muted"), sentinel("rule")
    return {
        "axes.axisbelow": True,
        "axes.edgecolor": rule,
        "axes.formatter.limits": (-4, 7),
        "axes.formatter.useoffset": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.labelcolor": muted,
        "axes.labelpad": 5,
        "axes.labelsize": 12,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlecolor": muted,
        "axes.titlelocation": "left",
        "axes.titlepad": 9,
        "axes.titlesize": 12,
        "axes.titley": 1.0,
        "axes.titleweight": "normal",
        "axes.xmargin": 0.01,
        "axes.ymargin": 0.06,
        "date.converter": "concise",
        # what comes with matplotlib has the same measures everywhere
        "font.family": ["DejaVu Sans", *(_chinese_fonts() if language_now() == "zh" else ())],
        "font.size": 12,
        "grid.color": rule,
        "grid.linewidth": 0.8,
        "lines.linewidth": 1.8,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 0,
        "path.simplify_threshold": 0.2,
        "svg.fonttype": "none",
        "svg.hashsalt": "recurra",
        "text.color": ink,
        "text.parse_math": False,  # a column may be called $a$
        "xtick.color": rule,
        "xtick.labelcolor": muted,
        "xtick.labelsize": 12,
        "xtick.major.size": 4,
        "xtick.minor.size": 0,
        "ytick.color": rule,
        "ytick.labelcolor": muted,
        "ytick.labelsize": 12,
        "ytick.major.size": 0,
        "ytick.minor.size": 0,
    }


def _make_room(axes: Axes, size: tuple[int, int]) -> None:
    """Set the margins by the length of the labels."""
    width, height = size
    axes.figure.subplots_adjust(top=1 - _TOP / height, bottom=_BOTTOM / height)  # how high it is decides on the ticks
    longest = max((len(label) for label in _labels(axes.yaxis)), default=1)
    left = 10 + _LETTER * longest
    axes.figure.subplots_adjust(left=left / width, right=1 - _RIGHT / width)
    axes.set_title(axes.get_title(loc="left"), loc="left", x=-left / (width - left - _RIGHT))


def _labels(axis: Axis) -> list[str]:
    return axis.get_major_formatter().format_ticks(axis.get_majorticklocs().tolist())


@contextmanager
def rastered() -> Iterator[dict[str, bytes]]:
    """Keep every picture that is drawn inside as a PNG file too, by its title."""
    found: dict[str, bytes] = {}
    token = _kept.set(found)
    try:
        yield found
    finally:
        _kept.reset(token)


def is_rastered() -> bool:
    """Say whether pictures are kept as PNG files now."""
    return _kept.get() is not None


def keep_raster(figure: Figure, /, *, title: str, description: str, keys: Sequence[Key]) -> None:
    """Keep a figure that was drawn with the colours of `sentinel`; it is given title and legend, and recoloured."""
    kept = _kept.get()
    if kept is None:
        return
    _head(figure, title, keys)
    figure.draw_without_rendering()  # ticks are made as they are drawn
    for artist in figure.findobj():
        _recolour(artist)
    file = io.BytesIO()
    said = {"Software": None, "Title": title, "Description": description}
    figure.savefig(file, format="png", dpi=_DOTS, facecolor=PALETTE["paper"][0], metadata=said)
    kept[title] = file.getvalue()


def _head(figure: Figure, title: str, keys: Sequence[Key]) -> None:
    """Make a figure higher, and write its title and its legend there."""
    width, height = figure.get_size_inches() * 72
    columns = max(1, min(len(keys), int(width // (40 + 7.2 * max((len(key.label) for key in keys), default=1)))))
    lines = [*wrapped(translated(title), width=width - 24, size=14)]
    rows = -(-len(keys) // columns)
    above = 12 + 19 * len(lines) + 18 * rows
    total = height + above
    figure.set_size_inches(width / 72, total / 72)
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, box.y0 * height / total, box.width, box.height * height / total))
    style = {"fontsize": 14, "fontweight": "bold", "va": "top"}
    figure.text(12 / width, 1 - 8 / total, "\n".join(lines), color=sentinel("ink"), **style)
    if keys:
        place = (6 / width, 1 - (8 + 19 * len(lines)) / total)
        figure.legend(
            handles=[_handle(key) for key in keys], loc="upper left", bbox_to_anchor=place, ncols=columns,
            frameon=False, fontsize=12, labelcolor=sentinel("muted"), borderpad=0.2, labelspacing=0.3,
        )  # fmt: skip


def _handle(key: Key) -> Artist:
    """Return an entry of the legend, drawn as what it stands for."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    colour, label = sentinel(key.colour), translated(key.label)
    if key.mark == "area":
        return Patch(facecolor=colour, alpha=0.4, label=label)
    if key.mark == "dot":
        return Line2D([], [], color=colour, marker="o", linestyle="", label=label)
    if key.mark == "ring":
        return Line2D([], [], color=colour, marker="o", linestyle="", markerfacecolor="none", label=label)
    line = Line2D([], [], color=colour, label=label)
    if key.mark == "dashed":
        line.set_linestyle("--")
    if key.mark == "dotted":
        line.set_linestyle(":")
    return line


def _recolour(artist: Any) -> None:
    """Replace each stand-in for a colour by the colour of the light page; opacity stays."""
    from matplotlib.colors import to_rgba_array

    for name in _COLOURS:
        getter, setter = (getattr(artist, f"{verb}_{name}", None) for verb in ("get", "set"))
        if getter is None or setter is None:
            continue
        given = to_rgba_array(getter())
        real = _real(given)
        if not np.array_equal(real, given):
            setter(real if len(real) > 1 else tuple(real[0]))


def _real(colours: np.ndarray) -> np.ndarray:
    """Return colours (count, 4) with the palette's in place of their stand-ins."""
    from matplotlib.colors import to_rgb

    found = colours.copy()
    for name, (light, _) in PALETTE.items():
        stands_in = np.isclose(colours[:, :3], to_rgb(sentinel(name)), atol=1e-3).all(1)
        found[stands_in, :3] = to_rgb(light)
    return found
