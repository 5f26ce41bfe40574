"""What a forecast exports: a window in the target's unit in, forecasts in that unit out, and all scaling between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import ChannelScale
from recurra.data.covariates import Encoding
from recurra.errors import ExportError
from recurra.export import ExportedModel
from recurra.export.description import (
    ExportedArrangement,
    ExportedDirection,
    ExportedInput,
    ExportedLayer,
    ExportedPart,
    ExportedPiece,
    Unfolding,
)
from recurra.nn.exported_parts import own_cell, own_direction
from recurra.nn.exporting import RESTART_INPUT, exported_layers
from recurra.spec import cumsum, maximum, minimum, softplus, sqrt, sum, where
from recurra.tasks.exporting import Answering, layers_named, tables
from recurra.tasks.forecast.data import FLOOR, Encodings, WindowBatch
from recurra.tasks.forecast.network import DirectNetwork, ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.outputs import LEAST, NegativeBinomial, Normal, Point, Quantiles, StudentT

__all__ = ["ExportedForecast", "exported_forecast"]

_LARGEST = 3e38
"""Numbers within it are known: what is missing is no number, and compares with none."""

_PARAMETERS = {StudentT: ("location", "scale", "degrees of freedom"), NegativeBinomial: ("mean", "dispersion")}
"""Distributions whose quantiles are drawn or searched for: their parameters are what is exported."""


@dataclass(frozen=True, kw_only=True)
class ExportedForecast:
    """What a forecast is exported from.

    Attributes
    ----------
    options, network, encodings
        The model's own.
    scale
        Level and spread (series, targets).
    offsets
        Coverage -> by how much (horizon,) intervals are widened.
    ids, targets
        The names of the series and of the targets.
    """

    options: ForecastOptions
    network: ForecastNetwork
    encodings: Encodings
    scale: ChannelScale
    offsets: Mapping[float, np.ndarray]
    ids: Sequence[str]
    targets: Sequence[str]

    @property
    def window(self) -> int:
        """Steps that a forecast looks at."""
        assert self.options.window is not None
        return self.options.window

    @property
    def constant_scale(self) -> tuple[float, float] | None:
        """Level and spread, where they are those of all series and targets; else each window comes with its own."""
        level, spread = float(self.scale.level.flat[0]), float(self.scale.spread.flat[0])
        is_one = bool((self.scale.level == level).all() and (self.scale.spread == spread).all())
        return (level, spread) if is_one else None

    @property
    def columns(self) -> list[str]:
        """What the artefact puts out at each step of the horizon."""
        found = next((names for kind, names in _PARAMETERS.items() if isinstance(self.network.output, kind)), None)
        if found is not None:
            return list(found)
        return ["forecast", *(f"{end} {each:g}" for each in self.options.coverages() for end in ("low", "high"))]


def exported_forecast(made_of: ExportedForecast) -> ExportedModel:
    """Return the model that a trained forecast exports.

    Raises
    ------
    ExportError
        If its strategy is not the direct one: the others go on from states or forecasts of their own.
    """
    options, network = made_of.options, made_of.network
    if not isinstance(network, DirectNetwork):
        raise ExportError(
            f"strategy = {options.strategy!r}: what is exported reads a window once, and this strategy goes on from "
            "states or forecasts of its own; a model of the direct strategy can be exported"
        )
    row, places = _row(made_of)
    head = exported_layers([network.recurrent, network.head], restarts=True)
    behind = [*head[:-1], _on_last(head[-1], options.horizon), _answers(made_of)]
    return ExportedModel(
        (row, _sequence(made_of, places), *behind),
        Answering(network, _forecasts(made_of)),
        batch_first=True,
        keeps_state=False,
        classes=tuple(made_of.columns),
        tables=_tables(made_of),
        samples=_samples(made_of),
    )


def _on_last(layer: ExportedLayer, steps: int) -> ExportedLayer:
    return ExportedLayer(layer.parts, layer.group, of_last=steps)


# before the network --------------------------------------------------------------------------------------------------


def _levelled(made_of: ExportedForecast) -> dict[str, ExportedDirection]:
    """Return what gives each thing of a window: its values, what is absent, where it begins, its level and spread.

    It follows `recurra.tasks.forecast.data.level_windows`; a level that is 0 and a spread that is 1 are left out.
    """
    kind, window = _normalise(made_of), made_of.window

    def known(x: Any) -> Any:
        return where(x <= _LARGEST, where(x >= -_LARGEST, 1.0, 0.0), 0.0)

    def on_scale(p: Any, x: Any, first: Any, rest: Any, spread: Any) -> tuple[Any, Any, Any]:
        """Return the values without unit, 0 where they are missing, what is known, and their mean."""
        is_known = known(x)
        values = is_known * (((where(is_known > 0.0, x, first) - first) - rest) / spread)
        return values, is_known, sum(values) / maximum(sum(is_known), 1.0)

    def level(p: Any, values: Any, is_known: Any, mean: Any) -> Any:
        if kind == "last":
            return sum(where(cumsum(is_known, reverse=True) <= 1.0, is_known, 0.0) * values)
        recent = sum(is_known * p.recent)
        return where(recent > 0.0, sum(values * p.recent) / maximum(recent, 1.0), mean)

    def spread(p: Any, values: Any, is_known: Any, mean: Any) -> Any:
        if kind == "counts":
            return 1.0 + mean
        far = is_known * (values - mean)
        return sqrt(sum(far * far) / maximum(sum(is_known), 1.0)) + FLOOR

    has_level, has_spread = kind in ("window", "last"), kind in ("window", "counts")

    def levelled(p: Any, values: Any, is_known: Any, mean: Any) -> Any:
        found = is_known * (values - level(p, values, is_known, mean)) if has_level else values
        return found / spread(p, values, is_known, mean) if has_spread else found

    recent = np.zeros(window, np.float32)
    recent[-min(made_of.options.season, window) :] = 1

    def direction(what: str, function: Callable[..., Any], *, reads_recent: bool) -> ExportedDirection:
        arrays: dict[str, np.ndarray] = {"recent": recent} if reads_recent else {}
        if (scale := made_of.constant_scale) is not None:
            first = np.float32(scale[0])
            numbers = {"first": first, "rest": np.float32(scale[0] - first), "spread": np.float32(scale[1])}
            arrays |= {name: np.full(1, value) for name, value in numbers.items()}
            cell = own_cell(
                what, lambda p, x: ((), function(p, *on_scale(p, x, p.first, p.rest, p.spread))), _shapes(arrays)
            )
        else:
            arrays |= {"is_level": _one(0, 2), "is_spread": _one(1, 2)}
            cell = own_cell(
                what,
                lambda p, x, *, scale: (
                    (),
                    function(p, *on_scale(p, x, sum(scale * p.is_level), 0.0, sum(scale * p.is_spread))),
                ),
                {"scale": 2, **_shapes(arrays)},
            )
        return own_direction(f"window_{what}", cell, window, arrays)

    absent = own_cell("absent", lambda p, x: ((), 1.0 - known(x)), {})
    begins = own_cell("begins", lambda p, x: ((), where(cumsum(known(x)) <= 1.0, known(x), 0.0)), {})
    found = {
        "values": direction("values", levelled, reads_recent=kind == "window"),
        "absent": own_direction("window_absent", absent, window),
        "begins": own_direction("window_begins", begins, window),
    }
    if has_level:
        found["level"] = direction("level", level, reads_recent=kind == "window")
    if has_spread:
        found["spread"] = direction("spread", spread, reads_recent=False)
    return found


def _shapes(arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Return the shapes of parameters as a cell declares them, but for those that are as wide as its input."""
    follow = ("recent", "number")
    return {name: values.shape for name, values in arrays.items() if not name.startswith(follow)}


def _normalise(made_of: ExportedForecast) -> str:
    return "counts" if isinstance(made_of.network.output, NegativeBinomial) else made_of.options.normalise


def _encoded(name: str, columns: Sequence[tuple[float, float]], steps: int) -> ExportedDirection:
    """Return what brings covariates, (steps * columns,), to their scales; what is missing is 0."""
    level, spread = (np.tile(np.array(each, np.float32), steps) for each in zip(*columns, strict=True))

    def found(p: Any, value: Any) -> Any:
        is_known = where(value <= _LARGEST, where(value >= -_LARGEST, 1.0, 0.0), 0.0)
        return is_known * ((where(is_known > 0.0, value, p.level) - p.level) / p.spread)

    functions: dict[str, Callable[..., Any]] = {
        "past": lambda p, x, *, past: ((), found(p, past)),
        "future": lambda p, x, *, future: ((), found(p, future)),
        "static": lambda p, x, *, static: ((), found(p, static)),
    }
    cell = own_cell(name, functions[name], {name: len(level), "level": level.shape, "spread": spread.shape})
    return own_direction(f"covariates_{name}", cell, 1, {"level": level, "spread": spread})


def _scales(encodings: Sequence[Encoding], *, further: int = 0) -> list[tuple[float, float]]:
    """Return level and spread of each number that covariates become: categories are 0 and 1 already."""
    found = [
        (0.0, 1.0) if each.categories else (each.level, each.spread) for each in encodings for _ in range(each.width)
    ]
    return [*found, *[(0.0, 1.0)] * further]


def _row(made_of: ExportedForecast) -> tuple[ExportedLayer, dict[str, int]]:
    """Return the layer that reads a window and what is known beside it, and where each thing is in its row."""
    encodings, window, horizon = made_of.encodings, made_of.window, made_of.options.horizon
    parts: dict[str, ExportedPart] = {**_levelled(made_of)}
    for name, columns, steps in (
        ("past", _scales(encodings.past), window), ("future", _future_scales(encodings), window + horizon),
        ("static", _scales(encodings.static), 1),
    ):  # fmt: skip
        if columns:
            parts[name] = _encoded(name, columns, steps)
    if encodings.targets > 1:
        parts["target"] = ExportedInput("target", encodings.targets)
    if made_of.constant_scale is None:
        parts["scale"] = ExportedInput("scale", 2)
    ends = np.cumsum([part.output_size for part in parts.values()]).tolist()
    places = {name: end - part.output_size for (name, part), end in zip(parts.items(), ends, strict=True)}
    return ExportedLayer(tuple(parts.values()), None), {**places, "": ends[-1]}


def _sequence(made_of: ExportedForecast, places: Mapping[str, int]) -> ExportedLayer:
    """Return the layer that makes the sequence of `DirectNetwork` of that row, and keeps what its end needs."""
    options, window, widths = made_of.options, made_of.window, made_of.network.widths
    horizon, season = options.horizon, min(options.season, window)
    steps, own = window + horizon, DirectNetwork.own_channels
    constant_width = made_of.network.constant_width
    size = own + widths.past + widths.future + constant_width
    constants, pieces = np.zeros((steps, size), np.float32), []
    constants[window:, 1] = (np.arange(horizon, dtype=np.float32) + 1) / np.float32(horizon)

    def piece(
        shape: tuple[int, ...], source: int, strides: tuple[int, ...], target: int, apart: tuple[int, ...]
    ) -> None:
        if all(shape):
            pieces.append(ExportedPiece(shape, source, strides, target, apart))

    whole, rest = divmod(horizon, season)
    for channel, name in ((0, "values"), (2, "absent")):
        begin = places[name]
        piece((window,), begin, (1,), channel, (size,))
        # ahead stands the value at the same place of the window's last season, again and again
        last, ahead = begin + window - season, window * size + channel
        piece((whole, season), last, (0, 1), ahead, (season * size, size))
        piece((rest,), last, (1,), ahead + whole * season * size, (size,))
    if widths.past:
        piece((window, widths.past), places["past"], (widths.past, 1), own, (size, 1))
    if widths.future:
        piece((steps, widths.future), places["future"], (widths.future, 1), own + widths.past, (size, 1))
    if constant_width:
        begin = places["static" if widths.static else "target"]
        piece((steps, constant_width), begin, (0, 1), size - constant_width, (size, 1))
    # a state begins anew after the step before the first value that is known
    piece((window - 1,), places["begins"] + 1, (1,), steps * size, (1,))
    kept = {"level": 1, "spread": 1}
    found = {name: places[name] for name in kept if name in places}
    if "scale" in places:
        kept["series_scale"], found["series_scale"] = 2, places["scale"]
    unfolding = Unfolding(steps, size, kept, beside={RESTART_INPUT: 1})
    end = unfolding.places[next(reversed(kept))] + kept[next(reversed(kept))]
    row = np.concatenate([constants.ravel(), np.zeros(end - steps * size, np.float32)])
    row[unfolding.places["spread"]] = 1  # where the window has no spread of its own
    for name, begin in found.items():
        piece((kept[name],), begin, (1,), unfolding.places[name], (1,))
    arrangement = ExportedArrangement("sequence", places[""], row, tuple(pieces))
    return ExportedLayer((arrangement,), None, unfolding=unfolding)


# behind the network --------------------------------------------------------------------------------------------------


def _answers(made_of: ExportedForecast) -> ExportedLayer:
    """Return the layer that makes the columns of a step of the numbers that the head gives, in the targets' unit."""
    output, columns = made_of.network.output, made_of.columns
    count, coverages = len(columns), made_of.options.coverages()
    widened = [made_of.offsets.get(each, np.zeros(made_of.options.horizon)) for each in coverages]

    def found(p: Any, x: Any, level: Any, spread: Any, scale: Any, offsets: Any) -> Any:
        numbers = [sum(x * getattr(p, f"number{k}")) for k in range(output.width)]
        if scale is None:
            own_level, own_spread = made_of.constant_scale or (0.0, 1.0)
        else:
            own_level, own_spread = sum(scale * p.is_level), sum(scale * p.is_spread)
        values = _columns(made_of, numbers, level, spread, own_level, own_spread)
        if columns[0] == "forecast":
            middle, ends = values[0], values[1:]
            for k, end in enumerate(ends):
                side = -1.0 if k % 2 == 0 else 1.0
                wide = end + side * own_spread * sum(offsets * getattr(p, f"offset{k // 2}"))
                ends[k] = minimum(wide, middle) if side < 0 else maximum(wide, middle)
            values = [middle, *ends]
            if made_of.options.minimum is not None:
                values = [maximum(value, made_of.options.minimum) for value in values]
        return _added([value * getattr(p, f"column{k}") for k, value in enumerate(values)])

    rows: dict[str, np.ndarray] = {f"number{k}": _one(k, output.width) for k in range(output.width)}
    rows |= {f"column{k}": _one(k, count) for k in range(count)}
    if columns[0] == "forecast":
        rows |= {f"offset{k}": _one(k, len(coverages)) for k in range(len(coverages))}
    given: dict[str, int] = {"level": 1, "spread": 1}
    functions: dict[tuple[bool, bool], Callable[..., Any]] = {
        (False, False): lambda p, x, *, level, spread: ((), found(p, x, level, spread, None, None)),
        (True, False): lambda p, x, *, level, spread, series_scale: (
            (),
            found(p, x, level, spread, series_scale, None),
        ),
        (False, True): lambda p, x, *, level, spread, offsets: ((), found(p, x, level, spread, None, offsets)),
        (True, True): lambda p, x, *, level, spread, series_scale, offsets: (
            (),
            found(p, x, level, spread, series_scale, offsets),
        ),
    }
    has_scale, has_offsets = made_of.constant_scale is None, columns[0] == "forecast" and bool(coverages)
    if has_scale:
        rows |= {"is_level": _one(0, 2), "is_spread": _one(1, 2)}
        given["series_scale"] = 2
    tables = {"offsets": np.stack(widened, 1).astype(np.float32)} if has_offsets else {}
    sizes = {**given, **{name: values.shape[1] for name, values in tables.items()}, **_shapes(rows)}
    cell = own_cell("forecast", functions[has_scale, has_offsets], sizes, per_sequence=tuple(given))
    return ExportedLayer((own_direction("forecast", cell, output.width, rows, tables=tables),), None)


def _one(place: int, count: int) -> np.ndarray:
    return np.eye(count, dtype=np.float32)[place]


def _added(values: Sequence[Any]) -> Any:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _columns(
    made_of: ExportedForecast, numbers: list[Any], level: Any, spread: Any, own_level: Any, own_spread: Any
) -> list[Any]:
    """Return the columns before they are widened: each head's numbers, on the window's level, on the series' scale."""
    output = made_of.network.output

    def in_units(value: Any) -> Any:
        return (value * spread + level) * own_spread + own_level

    def deviation() -> Any:
        return (softplus(numbers[1]) + LEAST) * spread * own_spread

    if isinstance(output, StudentT):
        return [in_units(numbers[0]), deviation(), 2.0 + softplus(numbers[2])]
    if isinstance(output, NegativeBinomial):
        return [(softplus(numbers[0]) + LEAST) * spread + level, softplus(numbers[1]) + LEAST]  # on the level 0
    levels = [0.5, *(0.5 + side * each / 2 for each in made_of.options.coverages() for side in (-1, 1))]
    if isinstance(output, Point):
        return [in_units(numbers[0])] * len(levels)
    if isinstance(output, Normal):
        quantiles = torch.special.ndtri(torch.tensor(levels, dtype=torch.float64)).tolist()
        return [in_units(numbers[0]) + deviation() * quantile for quantile in quantiles]
    assert isinstance(output, Quantiles)
    ordered = [in_units(value) for value in _sorted(numbers)]
    return [output.between(ordered, each) for each in levels]


def _sorted(values: list[Any]) -> list[Any]:
    """Return values in order, by exchanges of neighbours."""
    found = [*values]
    for end in range(len(found) - 1, 0, -1):
        for k in range(end):
            found[k], found[k + 1] = minimum(found[k], found[k + 1]), maximum(found[k], found[k + 1])
    return found


# the model's own way, its tables, rows to check with -----------------------------------------------------------------


def _forecasts(made_of: ExportedForecast) -> Callable[..., Tensor]:
    """Return what gives the columns (batch, horizon, columns) of windows (batch, window), by the network itself."""
    options, encodings, columns = made_of.options, made_of.encodings, made_of.columns

    def encoded(given: Tensor | None, scales: Sequence[tuple[float, float]], like: Tensor, *steps: int) -> Tensor:
        if given is None:
            return like.new_zeros(len(like), *steps, 0)
        level, spread = torch.tensor(scales, dtype=torch.float64).unbind(1)
        wide = given.double().unflatten(1, (*steps, len(scales)))
        return ((wide - level) / spread).nan_to_num(0.0).to(like.dtype)

    def answer(network: ForecastNetwork, given: PackedSequence, **inputs: Tensor) -> Tensor:
        window = given.data
        own = made_of.constant_scale
        scale = inputs["scale"] if own is None else torch.tensor([own], dtype=torch.float64)
        level, spread = scale.double().split(1, 1)
        values = ((window.double() - level) / spread).to(window.dtype)
        none = torch.zeros(len(values), dtype=torch.long)
        batch = WindowBatch(
            values,
            encoded(inputs.get("past"), _scales(encodings.past), values, made_of.window),
            encoded(inputs.get("future"), _future_scales(encodings), values, made_of.window + options.horizon),
            encoded(inputs.get("static"), _scales(encodings.static), values),
            inputs["target"].argmax(1) if "target" in inputs else none,
        )
        level, spread = level[..., None], spread[..., None]
        if columns[0] != "forecast":
            first, *others = network(batch).double().split(1, -1)
            if isinstance(network.output, StudentT):
                first, others[0] = first * spread + level, others[0] * spread
            return torch.cat([first, *others], -1)
        levels = [0.5, *(0.5 + side * each / 2 for each in options.coverages() for side in (-1, 1))]
        found = network.quantiles(batch, levels).double()
        middle = found[..., :1]
        ends = [middle]
        for k, coverage in enumerate(options.coverages()):
            offset = torch.from_numpy(made_of.offsets.get(coverage, np.zeros(options.horizon)))[:, None]
            low, high = found[..., 1 + 2 * k, None] - offset, found[..., 2 + 2 * k, None] + offset
            ends += [torch.minimum(low, middle), torch.maximum(high, middle)]
        wide = torch.cat(ends, -1) * spread + level
        return wide if options.minimum is None else wide.clamp(min=options.minimum)

    return answer


def _future_scales(encodings: Encodings) -> list[tuple[float, float]]:
    return _scales(encodings.future, further=2 * len(encodings.calendar))


def _tables(made_of: ExportedForecast) -> dict[str, Any]:
    options, encodings = made_of.options, made_of.encodings
    inputs: dict[str, Any] = {
        "x": {
            "kind": "window", "steps": made_of.window, "targets": [*made_of.targets], "missing": "NaN",
            "unit": "of the target", "step": "the last value comes last",
        }
    }  # fmt: skip
    for name, steps in (("past", made_of.window), ("future", made_of.window + options.horizon), ("static", 1)):
        columns = [each.to_dictionary() for each in getattr(encodings, name)]
        calendar = [*encodings.calendar] if name == "future" else []
        if columns or calendar:
            inputs[name] = {"kind": "covariates", "steps": steps, "columns": columns, "calendar": calendar}
    if encodings.targets > 1:
        inputs["target"] = {"kind": "one of the targets, as ones and zeros"}
    if made_of.constant_scale is None:
        table = {id: list(map(list, zip(*both, strict=True))) for id, *both in zip(
            made_of.ids, made_of.scale.level.tolist(), made_of.scale.spread.tolist(), strict=True
        )}  # fmt: skip
        inputs["scale"] = {"kind": "level and spread of a series' target, by the series' name", "series": table}
    outside = ["covariates stand step by step; a number in its own unit, a category as ones and zeros, missing as NaN"]
    outside += ["of the calendar's cycles sine and cosine stand behind the future covariates"] * bool(
        encodings.calendar
    )
    outside.append("a window all of whose values are those of a series that never changed is forecast as that value")
    artefact = [
        "the window on the series' scale", f"its own level and spread: {_normalise(made_of)}",
        layers_named(made_of.network.recurrent), f"output: {options.output}", "intervals and the target's unit",
    ]  # fmt: skip
    output = {"kind": "forecast", "steps": options.horizon, "columns": made_of.columns}
    return tables("forecast", artefact=artefact, outside=outside, inputs=inputs, output=output)


def _samples(made_of: ExportedForecast) -> dict[str, np.ndarray]:
    """Return drawn windows of the data's scale, of which some begin late or have gaps, and covariates with them."""
    random, count = np.random.default_rng(0), 32
    encodings, horizon = made_of.encodings, made_of.options.horizon
    level, spread = made_of.scale.level.ravel(), made_of.scale.spread.ravel()
    which = random.integers(0, len(level), count)
    scale = np.stack([level[which], spread[which]], 1)
    # each with its own scale, as a check draws windows and scales one by one: that of the first serves them all
    windows = scale[:1, :1] + scale[:1, 1:] * random.standard_normal((count, made_of.window))
    windows[count // 2 :][random.random((count - count // 2, made_of.window)) < 0.2] = np.nan
    windows[-4:, : made_of.window // 3] = np.nan
    found = {"x": windows, "scale": np.repeat(scale[:1], count, 0)}
    for name, columns, steps in (
        ("past", _scales(encodings.past), made_of.window),
        ("future", _future_scales(encodings), made_of.window + horizon),
        ("static", _scales(encodings.static), 1),
    ):  # fmt: skip
        if columns:
            middle, width = (np.tile(each, steps) for each in zip(*columns, strict=True))
            found[name] = middle + width * random.standard_normal((count, len(middle)))
    found["target"] = np.eye(encodings.targets)[random.integers(0, encodings.targets, count)]
    return {name: values.astype(np.float32) for name, values in found.items()}
