"""`python -m benchmarks.summary`: the pages `results.md` and `accuracy.md` of both languages from the raw numbers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from benchmarks import summary_tasks
from benchmarks.alternate import JAX, TORCH, known
from benchmarks.grids import PASSES, SMALL
from benchmarks.tables import Language, Point, in_docs, machine, other_machines, raw, table, written

__all__ = ["main", "page"]

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def main() -> None:
    """Write the pages."""
    for language in get_args(Language):
        in_docs("results", language).write_text(page(language), encoding="utf-8")
        in_docs("accuracy", language).write_text(summary_tasks.page(language), encoding="utf-8")


def page(language: Language) -> str:
    """Return the page as it follows from the raw numbers."""
    tables = {
        "asked": _asked(), "layers": _layers(), "bounds": _bounds(), "packed": _packed(), "cells": _cells(),
        "products": _products(), "memory": _memory(), "cold": _cold(), "errors": _errors(),
        "machine": machine("layers"), "other_machines": other_machines("layers"), "further": _further(),
        "streaming": _streaming(), "lowest": _lowest(),
        "linear": _linear(), "by_peer": _by_peer(), "one_sequence": _one_sequence(), "first_calls": _first_calls(),
        "programs": _programs(), "single_cells": _single_cells(), "quantised": _quantised(),
        "matrix_cells": _matrix_cells(), "matrix_jax": _matrix_peer("JAX"),
        "matrix_chunks": _matrix_peer("its chunked form"), "newton": _newton(), "before": _before(),
        "exports": _exports(), "step_many": _step_many(),
    }  # fmt: skip
    return written("results", tables, language)


def _points(name: str, *, small: bool = False, **wanted: object) -> list[Point]:
    """Return the points that have all that is wanted, of the small sizes or of all others; there has to be one."""
    measured = raw(name)
    found = _matching(measured["points"], small, wanted)
    if not found:
        raise ValueError(f"{name}.json has no point with {wanted}: measure it anew, by `{measured['command']}`")
    return found


def _points_so_far(name: str, *, small: bool = False, **wanted: object) -> list[Point]:
    """Return the same; none if they were not measured."""
    return _matching(known(name), small, wanted)


def _matching(points: Iterable[Point], small: bool, wanted: Mapping[str, object]) -> list[Point]:
    named = ({"against": TORCH, **point} for point in points)
    return [
        point
        for point in named
        if _is_small(point) == small and all(point.get(key) == value for key, value in wanted.items())
    ]


def _is_small(point: Point) -> bool:
    """Say whether a point's size is one of the small ones, but for its input's."""
    size = point.get("size", ())
    return len(size) == 4 and (*size[:2], size[3]) in {(batch, time, hidden) for batch, time, _, hidden in SMALL}


def _ratios(points: Iterable[Point], what: str) -> list[float]:
    return [point[what]["ratio"] for point in points]


def _mean_and_worst(values: list[float], worst: Callable[[list[float]], float] = min) -> tuple[str, str]:
    return f"{statistics.geometric_mean(values):.2f}", f"{worst(values):.2f}"


# what was asked ----------------------------------------------------------------------------------------------------


def _asked() -> str:
    rows = []
    for kind, what, asked in (
        ("LSTM", "forward", 1.6), ("LSTM", "forward+backward", 1.4), ("GRU", "forward", 2.5),
        ("GRU", "forward+backward", 5), ("RNN", "forward", 2.5), ("RNN", "forward+backward", 5),
    ):  # fmt: skip
        mean, worst = _mean_and_worst(_ratios(_points("layers", kind=kind, against=TORCH), what))
        bound = statistics.geometric_mean(_bound(point, what) for point in _points("layers", kind=kind, against=TORCH))
        rows.append((f"{kind} {what}", "torch.nn", asked, mean, f"{bound:.2f}", 0.85, worst))
    for kind, asked in (("LSTM", 5), ("GRU", 9)):
        mean, worst = _mean_and_worst(_ratios(_points("packed", kind=kind), "forward+backward"))
        rows.append((f"{kind} packed, forward+backward", "torch.nn", asked, mean, "", 1.2, worst))
    for kind in ("PeepholeLSTM", "CoupledLSTM"):
        loop = _ratios(_points("own_cells", kind=kind, against="a loop in eager torch"), "forward+backward")
        rows.append((f"{kind}, forward+backward", "a loop in eager torch", 6, *_with_bound(loop, 1.0)))
    return table(("what", "against", "asked", "measured", "bound here", "worst asked", "worst measured"), rows)


def _with_bound(values: list[float], asked_worst: float) -> tuple[object, ...]:
    mean, worst = _mean_and_worst(values)
    return mean, "", asked_worst, worst


def _rate(threads: int) -> float:
    """Return torch.mm's operations a second."""
    return 1e9 * max(point["GFLOP/s"]["torch.mm"] for point in _points("products", threads=threads))


def _bound(point: Point, what: str) -> float:
    """Return torch's time over that of the products alone, at 90 % of torch.mm's rate."""
    batch, time, input_size, hidden_size = point["size"]
    forward = 2 * batch * time * GATES[point["kind"]] * hidden_size * (input_size + hidden_size)
    state = 2 * batch * time * GATES[point["kind"]] * hidden_size * hidden_size
    operations = forward if what == "forward" else 2 * forward + state
    return point[what]["medians"]["peer"] / (operations / (0.9 * _rate(point["threads"])))


# tables ------------------------------------------------------------------------------------------------------------


def _layers() -> str:
    rows = []
    for kind in ("LSTM", "GRU", "RNN"):
        for threads in (1, 2):
            points = _points("layers", kind=kind, against=TORCH, threads=threads)
            forward, both = (_mean_and_worst(_ratios(points, what)) for what in ("forward", "forward+backward"))
            rows.append((kind, threads, ", ".join(forward), ", ".join(both)))
    return table(("", "threads", "forward: geometric mean, worst", "forward and backward: geometric mean, worst"), rows)


def _bounds() -> str:
    rows = []
    for point in _points("layers", kind="LSTM", against=TORCH):
        row = [str(tuple(point["size"])), point["threads"]]
        for what in ("forward", "forward+backward"):
            row += [f"{point[what]['medians']['ours'] * 1e3:.2f}", f"{point[what]['ratio']:.2f}"]
            row.append(f"{_bound(point, what):.2f}")
        rows.append(row)
    passes = ("forward, ms", "ratio", "bound", "forward and backward, ms", "ratio", "bound")
    return table(("B, T, I, H", "threads", *passes), rows)


def _packed() -> str:
    rows = []
    for kind in ("LSTM", "GRU"):
        for threads in (1, 2):
            ratios = _ratios(_points("packed", kind=kind, threads=threads), "forward+backward")
            rows.append((kind, threads, *_mean_and_worst(ratios)))
    return table(("", "threads", "geometric mean", "worst"), rows)


def _cells() -> str:
    rows = []
    for kind in ("PeepholeLSTM", "CoupledLSTM"):
        for threads in (1, 2):
            loop, own = (
                _ratios(_points("own_cells", kind=kind, against=against, threads=threads), "forward+backward")
                for against in ("a loop in eager torch", "our own LSTM")
            )
            slower = [1 / ratio for ratio in own]
            rows.append((kind, threads, *_mean_and_worst(loop), *_mean_and_worst(slower, max)))
    return table(("", "threads", "the loop's time over ours", "worst", "our time over our own LSTM's", "worst"), rows)


def _products() -> str:
    rows = [
        (
            str(tuple(p["size"])),
            p["threads"],
            *(f"{p['GFLOP/s'][w]:.0f}" for w in ("ours", "torch.mm")),
            f"{p['share']:.2f}",
        )
        for p in _points("products")
    ]
    return table(("B, T, I, H", "threads", "ours, GFLOP/s", "torch.mm, GFLOP/s", "share"), rows)


def _memory() -> str:
    points = _points("memory")
    rows: list[tuple[object, ...]] = [
        (
            str(tuple(p["size"])),
            *(f"{p['floats per T*B*H'][w]:.1f}" for w in ("recurra.nn", "torch.nn")),
            f"{p['share']:.2f}",
        )
        for p in points
    ]
    rows.append(("geometric mean", "", "", f"{statistics.geometric_mean(p['share'] for p in points):.2f}"))
    return table(("B, T, I, H", "recurra.nn, floats per T·B·H", "torch.nn", "share"), rows)


def _cold() -> str:
    rows = []
    for kept in (False, True):
        points = _points("cold", **{"code is on disk": kept})
        median = (statistics.median(point[what] for point in points) for what in ("first passes", "compile or load"))
        rows.append(("loaded from disk" if kept else "compiled", *(f"{value:.3f}" for value in median)))
    return table(("", "first forward and backward, s", "of them compiling or loading, s"), rows)


def _errors() -> str:
    rows = []
    for kind in ("LSTM", "GRU", "RNN"):
        rows.append((kind, *_mean_and_worst([point["ratio"] for point in _points("errors", kind=kind)], max)))
    return table(("", "our error over torch.nn's: geometric mean", "worst"), rows)


# cells, transforms and streams -------------------------------------------------------------------------------------

TRAINING = "forward+backward"


def _further() -> str:
    cells = _points("cells", what="torchrecurrent")
    all_cells = _at_least(_ratios(cells, TRAINING), 15, 1.5)
    rows = [("all 41 cells", cells[0]["against"], *all_cells, _best(cells))]
    for kind in ("layer_norm(LSTM)", "zoneout(LSTM)", "recurrent_dropout(LSTM)"):
        own, loop = (
            _ratios(_points("cells", what="transforms", kind=kind, against=against), TRAINING)
            for against in ("our own LSTM", "a loop in eager torch")
        )
        rows.append((f"{kind}, our time over the peer's", "our own LSTM", *_at_most(own, 1.35, 1.7)))
        bound = _best(_points("cells", what="transforms", kind=kind, against="a loop in eager torch"))
        rows.append((kind, "a loop in eager torch", *_at_least(loop, 8, 1.0), bound))
    for kind in ("return_states", "reset"):
        plain = _ratios(_points("cells", what="abilities", kind=kind), TRAINING)
        rows.append((f"{kind}, our time over the peer's", "the plain call", *_at_most(plain, 1.1, 1.25)))
    for against, asked, worst in (("torch.nn's cell", 8, 2), ("onnxruntime", 4, 1.2)):
        streams = [point["ratio"] for point in _points("streaming", against=against)]
        rows.append(("a step of a stream", against, *_at_least(streams, asked, worst)))
    linear = _points("cells", what="linear")
    rows.append(("linear cells", "a loop in eager torch", *_at_least(_ratios(linear, TRAINING), 30, "")))
    bounds = [1 / point["bound"]["share"] for point in linear]
    rows.append(("linear cells, forward, our time over the bound's", "the bound", *_at_most(bounds, 2, 2)))
    columns = ("what", "against", "asked", "measured", "worst asked", "worst measured", "bound here")
    return table(columns, [(*row, "")[: len(columns)] for row in rows])


def _best(points: list[Point]) -> str:
    """Return the mean of the ratios that a step would have of products at 90 % of torch.mm's rate, and autograd."""
    ratios = []
    for point in points:
        least = point["least"]
        seconds = least["autograd, s"] + least["FLOPs"] / (0.9 * least["FLOP/s"])
        ratios.append(point[TRAINING]["medians"]["peer"] / seconds)
    return f"{statistics.geometric_mean(ratios):.1f}"


def _at_least(ratios: list[float], asked: float, asked_worst: object) -> tuple[object, ...]:
    mean, worst = _mean_and_worst(ratios)
    return asked, mean, asked_worst, worst


def _at_most(ratios: list[float], asked: float, asked_worst: float) -> tuple[object, ...]:
    """Return the same of our time over the peer's, given the peer's over ours."""
    mean, worst = _mean_and_worst([1 / ratio for ratio in ratios], max)
    return f"at most {asked}", mean, f"at most {asked_worst}", worst


def _streaming() -> str:
    rows = []
    for point in _points("streaming", against="torch.nn's cell"):
        other = _points("streaming", against="onnxruntime", kind=point["kind"], size=point["size"])[0]
        median, slow = (f"{point['single steps, us'][which]:.1f}" for which in ("p50", "p99"))
        ratios = (f"{each['ratio']:.2f}" for each in (point, other))
        rows.append((point["kind"], str(tuple(point["size"])), median, slow, *ratios))
    peers = ("torch.nn's cell over ours", "ONNX Runtime over ours")
    return table(("", "I, H", "a step, µs: p50", "p99", *peers), rows)


def _lowest() -> str:
    by_cell: dict[str, list[float]] = {}
    for point in _points("cells", what="torchrecurrent"):
        by_cell.setdefault(point["kind"], []).append(point[TRAINING]["ratio"])
    lowest = sorted(by_cell, key=lambda kind: statistics.geometric_mean(by_cell[kind]))[:10]
    return table(("", "geometric mean", "worst"), [(kind, *_mean_and_worst(by_cell[kind])) for kind in lowest])


def _linear() -> str:
    rows = []
    for point in _points("cells", what="linear"):
        both, bound = point[TRAINING], point["bound"]
        times = (f"{seconds * 1e3:.2f}" for seconds in (both["medians"]["ours"], bound["ours"], bound["seconds"]))
        size = str(tuple(point["size"]))
        rows.append((point["kind"], size, point["threads"], f"{both['ratio']:.1f}", *times, f"{bound['share']:.2f}"))
    passes = ("forward and backward, ms", "forward, ms", "its bound, ms", "our forward time over the bound's")
    return table(("", "B, T, I, H", "threads", "the loop's time over ours", *passes), rows)


# by peer -----------------------------------------------------------------------------------------------------------

LOOP, MISSING = "a loop in eager torch", "not measured"
SCANS = (
    *(("layers", {"kind": kind}) for kind in GATES),
    *(("own_cells", {"kind": kind}) for kind in ("PeepholeLSTM", "CoupledLSTM")),
    *(("cells", {"what": JAX, "kind": kind}) for kind in ("layer_norm(LSTM)", "MinGRU")),
)
"""Where the points against JAX are."""


def _by_peer() -> str:
    rows = []
    for what in PASSES:
        named = [(f"{kind}, {what}", [("layers", {"kind": kind, "against": TORCH})]) for kind in GATES]
        rows += [_peer_row(label, TORCH, what, sources) for label, sources in named]
        rows.append(_peer_row(f"these three, {what}", TORCH, what, [source for _, each in named for source in each]))
    for kind in ("LSTM", "GRU"):
        rows.append(_peer_row(f"{kind} packed, {TRAINING}", TORCH, TRAINING, [("packed", {"kind": kind})]))
    for what in PASSES:
        sources = [(name, {"against": JAX, **wanted}) for name, wanted in SCANS]
        rows += [_peer_row(f"{wanted['kind']}, {what}", JAX, what, [(name, wanted)]) for name, wanted in sources]
        rows.append(_peer_row(f"these seven, {what}", JAX, what, sources))
    for kind in ("PeepholeLSTM", "CoupledLSTM"):
        sources = [("own_cells", {"kind": kind, "against": LOOP})]
        rows.append(_peer_row(f"{kind}, {TRAINING}", LOOP, TRAINING, sources))
    for kind in ("layer_norm(LSTM)", "zoneout(LSTM)", "recurrent_dropout(LSTM)"):
        sources = [("cells", {"what": "transforms", "kind": kind, "against": LOOP})]
        rows.append(_peer_row(f"{kind}, {TRAINING}", LOOP, TRAINING, sources))
    sources = [("cells", {"what": "torchrecurrent"})]
    rows.append(_peer_row(f"all 41 cells, {TRAINING}", "torchrecurrent", TRAINING, sources))
    small, others = (
        (f"{sizes}: geometric mean", "worst", "at B, T, I, H; threads") for sizes in ("small sizes", "others")
    )
    return table(("what", "against", *small, *others, "all: geometric mean", "worst with T ≥ 16"), rows)


def _peer_row(
    label: str, against: str, what: str, sources: Iterable[tuple[str, Mapping[str, object]]]
) -> tuple[object, ...]:
    """Return the row of all points that the sources name, the small sizes and the others apart."""
    by_grid = [
        [point for name, wanted in sources for point in _points_so_far(name, small=small, **wanted)]
        for small in (True, False)
    ]
    both = [point for points in by_grid for point in points]
    versions = sorted({point["version"] for point in both if "version" in point})
    cells: list[object] = [label, " ".join((against, *versions))]
    for points in by_grid:
        if not points:
            cells += [MISSING, "", ""]
            continue
        worst = min(points, key=lambda point: point[what]["ratio"])
        cells += [*_mean_and_worst(_ratios(points, what)), f"{tuple(worst['size'])}; {worst['threads']}"]
    cells.append(f"{statistics.geometric_mean(_ratios(both, what)):.2f}" if both else "")
    long = [ratio for ratio, point in zip(_ratios(both, what), both, strict=True) if point["size"][1] >= 16]
    cells.append(f"{min(long):.2f}" if long else "")
    return tuple(cells)


def _one_sequence() -> str:
    points, rows = _points_so_far("one_sequence"), []
    for point in points:
        found = point["forward"]
        figures = f"{found['medians']['ours'] * 1e3:.3f}", f"{found['ratio']:.2f}"
        peer = f"{point['against']} {point['version']}"
        rows.append((point["kind"], peer, point["size"][-1], point["threads"], *figures))
    for kind in ("LSTM", "GRU") if points else ():
        mean, worst = _mean_and_worst(_ratios(_points_so_far("one_sequence", kind=kind), "forward"))
        rows.append((f"{kind}: geometric mean, worst", "", "", "", "", f"{mean}, {worst}"))
    return table(("", "against", "H", "threads", "ours, ms", "its time over ours"), rows or [(MISSING, *[""] * 5)])


def _single_cells() -> str:
    rows: list[tuple[object, ...]] = []
    for point in _points_so_far("single_cells"):
        figures = (
            figure
            for what in PASSES
            for figure in (f"{point[what]['medians']['ours'] * 1e6:.1f}", f"{point[what]['ratio']:.2f}")
        )
        rows.append((point["kind"], str(tuple(point["size"])), point["threads"], *figures))
    for kind in dict.fromkeys(row[0] for row in rows):
        points = _points_so_far("single_cells", kind=kind)
        found = (("", ", ".join(_mean_and_worst(_ratios(points, what)))) for what in PASSES)
        rows.append((f"{kind}: geometric mean, worst", "", "", *(cell for pair in found for cell in pair)))
    ratio = "torch.nn's over ours"
    head = ("", "B, I, H", "threads", "inference, µs", ratio, "forward and backward, µs", ratio)
    return table(head, rows or [(MISSING, *[""] * 6)])


def _matrix_cells() -> str:
    points, rows = _points_so_far("matrix_cells", against="its eager loop"), []
    passes = ("forward+backward", "forward", "stream")
    for kind in dict.fromkeys(point["kind"] for point in points):
        found = [point for point in points if point["kind"] == kind]
        rows.append((kind, *(figure for what in passes for figure in _mean_and_worst(_ratios(found, what)))))
    if points:
        every = (figure for what in passes for figure in _mean_and_worst(_ratios(points, what)))
        rows.append(("geometric mean, worst", *every))
    head = ("", "training step: geometric mean", "worst", "inference", "worst", "a step of a stream", "worst")
    return table(head, rows or [(MISSING, *[""] * 6)])


def _matrix_peer(peer: str) -> str:
    rows = [
        (
            point["kind"], str(point["threads"]),
            *(
                figure
                for what in ("forward+backward", "forward")
                for figure in (f"{1e3 * point[what]['medians']['ours']:.1f}", f"{point[what]['ratio']:.2f}")
            ),
        )
        for point in _points_so_far("matrix_cells", against=peer)
    ]  # fmt: skip
    ratio = "its time over ours"
    head = ("", "threads", "training step, ms", ratio, "inference, ms", ratio)
    return table(head, rows or [(MISSING, *[""] * 5)])


def _exports() -> str:
    rows = []
    for point in known("exports"):
        if "bytes" in point:
            taken = ", ".join(f"{count:,} bytes of {where}" for where, count in point["bytes"].items())
            rows.append((point["what"], f"{point['kind']}, {point['size'][1]}, int8", taken, "", ""))
            continue
        ours = point["medians"][point["what"]]
        peers = ", ".join(f"{name} {ratio:.2f}" for name, ratio in point["ratios"].items())
        built = point.get("flags") or f"{point['bytes without weights']:,} bytes beside the weights"
        rows.append((point["what"], f"{point['kind']}, {point['size'][1]}", built, f"{ours:.2f}", peers))
    head = ("", "layer, H", "made with; size", "a step, µs", "the others' time over its")
    return table(head, rows or [(MISSING, *[""] * 4)])


def _step_many() -> str:
    rows = []
    for point in known("step_many"):
        input_size, hidden_size, sessions = point["size"]
        layer = f"{point['kind']}, I={input_size}, H={hidden_size}"
        rows.append(
            (layer, sessions, point["against"], f"{point['medians']['ours'] * 1e6:.0f}", f"{point['ratio']:.2f}")
        )
    head = ("", "sessions", "against", "one step of all, µs", "its time over ours")
    return table(head, rows or [(MISSING, *[""] * 4)])


def _before() -> str:
    points, rows = _points_so_far("before"), []
    for threads in dict.fromkeys(point["threads"] for point in points):
        of_threads = [point for point in points if point["threads"] == threads]
        for kind in dict.fromkeys(point["kind"] for point in points):
            found = [point for point in of_threads if point["kind"] == kind]
            rows.append((kind, threads, *(each for what in PASSES for each in _mean_and_worst(_ratios(found, what)))))
        every = (each for what in PASSES for each in _mean_and_worst(_ratios(of_threads, what)))
        rows.append(("geometric mean, worst", threads, *every))
    head = ("", "threads", "inference: geometric mean", "worst", "training step", "worst")
    return table(head, rows or [(MISSING, *[""] * 5)])


def _newton() -> str:
    rows = [
        (
            point["kind"], f"{point['steps']:,}", f"{point['gain']:g}",
            *(
                (point["turns"], f"{point['in a row']:,}", f"{point['work']:.0f}", f"{point['error']:.0e}")
                if point["turns"]
                else ("it goes step by step", f"{point['steps']:,}", "1", "0")
            ),
        )
        for point in known("newton")
    ]  # fmt: skip
    head = ("", "steps", "gain", "turns", "operations in a row", "operations, over the loop's", "largest error")
    return table(head, rows or [(MISSING, *[""] * 6)])


def _quantised() -> str:
    points, rows = _points_so_far("quantised"), []
    for point in points:
        steps, sizes = point["steps"], f"{point['kind']}, {point['size'][1]}"
        figures = [f"{1e6 * point[what]['medians']['ours'] / steps:.2f}" for what in ("stream", "sequence")]
        ratios = [f"{point[what]['ratio']:.2f}" for what in ("stream", "sequence")]
        errors = [f"{100 * point[name]:.2f}" for name in ("error", "peer's error")]
        rows.append((sizes, point["weights"], point["against"], *figures, *ratios, *errors))
    large = [point for point in points if point["size"][1] >= 256]
    for weights, against in dict.fromkeys((point["weights"], point["against"]) for point in large):
        found = [p for p in large if (p["weights"], p["against"]) == (weights, against)]
        means = [", ".join(_mean_and_worst(_ratios(found, what))) for what in ("stream", "sequence")]
        rows.append(("H from 256 on: geometric mean, worst", weights, against, "", "", *means, "", ""))
    head = (
        "layer, H", "weights", "against", "a step of a stream, µs", "of a sequence", "its time over ours: stream",
        "sequence", "error, %", "its error, %",
    )  # fmt: skip
    return table(head, rows or [(MISSING, *[""] * 8)])


def _programs() -> str:
    points, rows = _points_so_far("programs"), []
    for point in points:
        figures = f"{point['medians']['ours'] * 1e3:.2f}", f"{point['ratio']:.2f}", f"{point['whole']['ratio']:.2f}"
        rows.append((point["program"], point["threads"], *figures))
    if points:
        steps, wholes = (
            [each(point) for point in points] for each in (lambda p: p["ratio"], lambda p: p["whole"]["ratio"])
        )
        found = (", ".join(_mean_and_worst(values)) for values in (steps, wholes))
        rows.append(("geometric mean, worst", "", "", *found))
    head = (
        "",
        "threads",
        "a step of ours, ms",
        "torch.nn's over ours: a step",
        "the whole of 200 steps, from the import on",
    )
    return table(head, rows or [(MISSING, *[""] * 4)])


def _first_calls() -> str:
    rows = []
    for name, wanted in SCANS:
        points = [
            point for small in (True, False) for point in _points_so_far(name, small=small, against=JAX, **wanted)
        ]
        for what in PASSES:
            seconds = [point[what]["first call"] for point in points]
            found = (f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}") if seconds else (MISSING, "")
            rows.append((f"{wanted['kind']}, {what}", *found))
    return table(("in JAX", "first call, s: median over the sizes", "most"), rows)


if __name__ == "__main__":
    main()
