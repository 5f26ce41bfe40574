"""Peers of the benchmarks that are processes of their own: the pipes, the cells in JAX, ONNX Runtime, their table."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

import recurra.nn
from recurra.cells import LSTM, MinGRU, PeepholeLSTM
from recurra.nn import Recurrent
from recurra.transforms import layer_norm

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="peers are kept to their processors as Linux does it")

PEER = """
import os, sys, time
from benchmarks.peers import serve

def prepare(job, arrays):
    print("not an answer")
    if job["do"] == "fail":
        raise ValueError("no such cell")
    if job["do"] == "die":
        sys.exit("out of memory")
    found = {name: 2 * array for name, array in arrays.items()}
    found["processors"] = sorted(os.sched_getaffinity(0))
    return lambda: time.sleep(job["seconds"]), lambda value: found

serve(prepare, version="3")
"""


@pytest.fixture(autouse=True)
def _benchmarks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root))


@pytest.fixture
def peers() -> ModuleType:
    return importlib.import_module("benchmarks.peers")


@pytest.fixture
def start(peers: ModuleType, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Start a peer whose job says what it does."""
    package = tmp_path / "benchmarks"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "peers.py").symlink_to(root / "benchmarks" / "peers.py")
    (package / "doubles.py").write_text(PEER)
    monkeypatch.setattr(peers, "ROOT", tmp_path)
    return functools.partial(peers.Peer, sys.executable, "doubles", threads=1)


# the pipes ---------------------------------------------------------------------------------------------------------


@on_linux
def test_arrays_go_to_a_peer_and_back_and_its_seconds_are_its_own(start: Callable[[], Any]) -> None:
    ours = os.sched_getaffinity(0)
    given = {"x": np.arange(6, dtype=np.float32).reshape(2, 3).T, "none": np.zeros((0, 2), np.int64)}
    with start() as peer:
        assert os.sched_getaffinity(0) == ours
        loaded = peer.load({"do": "double", "seconds": 0.02}, given)
        seconds, start_time = loaded.seconds(3), time.perf_counter()
        loaded()
        assert time.perf_counter() - start_time >= 0.02
    assert loaded.version == "3"
    assert loaded.first_call >= 0.02
    assert seconds >= 0.06
    assert loaded.processors < 0.5  # it slept
    for name, array in given.items():
        assert loaded.results[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded.results[name], 2 * array)
    np.testing.assert_array_equal(loaded.results["processors"], [min(ours)])


@on_linux
def test_what_a_peer_raises_is_raised_here_and_it_goes_on(start: Callable[[], Any], peers: ModuleType) -> None:
    with start() as peer:
        with pytest.raises(peers.PeerError, match="nothing was loaded"):
            peer.run(1)
        with pytest.raises(peers.PeerError, match=r"doubles.*'do': 'fail'(.|\n)*ValueError: no such cell"):
            peer.load({"do": "fail"}, {})
        assert peer.load({"do": "double", "seconds": 0}, {}).version == "3"


@on_linux
def test_a_peer_that_ends_says_why(start: Callable[[], Any], peers: ModuleType) -> None:
    with start() as peer, pytest.raises(peers.PeerError, match=r"ended with status 1\n(.|\n)*out of memory"):
        peer.load({"do": "die"}, {})


@on_linux
def test_more_threads_than_processors_are_refused(peers: ModuleType) -> None:
    processors = len(os.sched_getaffinity(0))
    with pytest.raises(ValueError, match=f"{processors + 1} threads: this process may use {processors} processors"):
        peers.Peer(sys.executable, "peer_jax", threads=processors + 1)


# repetitions -------------------------------------------------------------------------------------------------------


def test_a_repetition_of_short_calls_is_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    alternate = importlib.import_module("benchmarks.alternate")
    now, calls = [0.0], {"ours": 0, "peer": 0}
    monkeypatch.setattr(alternate.time, "perf_counter", lambda: now[0])

    def run(name: str, seconds: float) -> None:
        now[0] += seconds
        calls[name] += 1

    ours, peer = (functools.partial(run, *each) for each in (("ours", 2**-10), ("peer", 2**-4)))
    found = alternate.in_turn(ours, peer, repetitions=4)
    assert found["calls"] == {"ours": 8, "peer": 1}
    assert calls == {"ours": 3 + (1 + 2 + 4 + 8) + 4 * 8, "peer": 3 + 1 + 4}
    assert found["medians"] == {"ours": pytest.approx(2**-10, abs=1e-8), "peer": pytest.approx(2**-4)}
    assert found["ratio"] == pytest.approx(64, rel=1e-4)


def test_processes_take_turns_after_a_pause_and_an_untimed_repetition(
    peers: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    alternate = importlib.import_module("benchmarks.alternate")
    done: list[tuple[str, int] | str] = []

    class Scripted:
        def run(self, calls: int) -> dict[str, float]:
            done.append(("peer", calls))
            return {"seconds": 0.25 * len(done), "processor": 0.0}

    monkeypatch.setattr(alternate.time, "sleep", lambda seconds: done.append("pause"))
    monkeypatch.setattr(alternate, "BATCH", 0.0)
    peer = peers.Loaded(Scripted(), {"first call": 1, "version": "1"}, {})
    found = alternate.in_turn(lambda: done.append(("ours", 1)), peer, repetitions=2)
    warm_up = [("peer", 1), ("ours", 1)]
    turn = ["pause", *[("peer", 1)] * 2, "pause", *[("ours", 1)] * 2]
    assert done == 4 * warm_up + 2 * turn
    assert found["seconds"]["peer"] == [0.25 * 11, 0.25 * 17]  # the second of each two
    assert len(found["seconds"]["ours"]) == 2


def test_points_measured_anew_replace_those_of_their_kind_peer_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alternate = importlib.import_module("benchmarks.alternate")
    monkeypatch.setattr(alternate, "RESULTS", tmp_path)
    first = [{"kind": "LSTM", "threads": threads, "size": [1]} for threads in (1, 2)]
    alternate.write("layers", "python", [*first, {"kind": "LSTM", "against": "JAX", "threads": 1, "size": [1]}])
    new = [{"kind": "LSTM", "against": "torch.nn", "threads": 1, "size": [size]} for size in (2, 3)]
    alternate.renew("layers", "python", new)
    found = [(each.get("against"), each["threads"], each["size"]) for each in alternate.known("layers")]
    assert found == [(None, 2, [1]), ("JAX", 1, [1]), ("torch.nn", 1, [2]), ("torch.nn", 1, [3])]


# JAX ---------------------------------------------------------------------------------------------------------------


@on_linux
def test_the_cells_in_jax_give_our_outputs_states_and_gradients(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In JAX itself where it is installed, else with what stands in for it; ours by torch, which compiles nothing."""
    if importlib.util.find_spec("jax") is None:
        monkeypatch.setenv("PYTHONPATH", str(root / "tests" / "docs" / "jax_in_torch"))
    against_jax, own_cells = (importlib.import_module(f"benchmarks.{name}") for name in ("against_jax", "own_cells"))
    cells = {kind: functools.partial(getattr(recurra.nn, kind), backend="torch") for kind in ("RNN", "LSTM", "GRU")}
    own = {"layer_norm(LSTM)": layer_norm(LSTM), "MinGRU": MinGRU}
    for kind, cell in (own | {cell.name: cell for cell in own_cells.LOOPS}).items():
        cells[kind] = functools.partial(Recurrent, cell, backend="torch")
    monkeypatch.setattr(importlib.import_module("benchmarks.alternate"), "BATCH", 0.0)
    threads = torch.get_num_threads()
    sizes = ((2, 3, 4, 5), (1, 1, 3, 2))
    try:
        points = against_jax.measure(cells, python=sys.executable, threads=1, repetitions=1, sizes=sizes)
    finally:
        torch.set_num_threads(threads)
    assert [(point["kind"], tuple(point["size"])) for point in points] == [
        (kind, size) for kind in cells for size in sizes
    ]
    for point in points:
        assert point["against"] == "JAX"
        for what in ("forward", "forward+backward"):
            assert 0 <= point[what]["largest difference"] <= 1e-4
            assert point[what]["first call"] > 0
            assert point[what]["processors"] <= 1.5  # one, as far as clocks tell of calls of microseconds; not two


def test_the_cells_in_jax_are_those_that_are_compared(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("jax") is None:
        monkeypatch.syspath_prepend(str(root / "tests" / "docs" / "jax_in_torch"))
    before = "jax" in sys.modules
    peer = importlib.import_module("benchmarks.peer_jax")
    if not before:
        sys.modules.pop("jax", None)  # what stands for it is for no other test
    against_jax, matrix_cells, summary = (
        importlib.import_module(f"benchmarks.{name}") for name in ("against_jax", "matrix_cells", "summary")
    )
    assert sorted(peer.CELLS) == sorted([*against_jax.LAYOUTS, "RNN", "LSTM", "GRU"])
    matrices = [cell.name for cell in matrix_cells.IN_JAX]
    assert sorted(peer.CELLS) == sorted([*matrices, *(wanted["kind"] for _, wanted in summary.SCANS)])


def test_a_peer_that_computes_something_else_is_not_timed() -> None:
    check = importlib.import_module("benchmarks.against_jax").check
    ours = {"output": np.array([3.0, -4.0]), "h": np.array([0.5])}
    assert check("LSTM", ours, {"output": np.array([3.0, -4.0002]), "h": np.array([0.5])}) == pytest.approx(5e-5)
    with pytest.raises(ValueError, match=r"LSTM: the peer differs from ours by \{'h': 0\.001"):
        check("LSTM", ours, {"output": ours["output"], "h": np.array([0.501])})
    with pytest.raises(ValueError, match="nan"):
        check("LSTM", ours, {"output": ours["output"], "h": np.array([np.nan])})
    with pytest.raises(
        ValueError, match=r"ours gives \{'output': \(2,\), 'h': \(1,\)\}, the peer \{'output': \(2,\)\}"
    ):
        check("LSTM", ours, {"output": ours["output"]})


def test_weights_go_to_jax_and_gradients_come_back_in_one_order() -> None:
    in_jax = importlib.import_module("benchmarks.against_jax").in_jax
    layer = Recurrent(PeepholeLSTM, 2, 3)
    found = in_jax("PeepholeLSTM", dict(layer.named_parameters()))
    assert {name: value.shape for name, value in found.items()} == {
        "W_x": (2, 12), "W_h": (3, 12), "b": (12,), "w_i": (3,), "w_f": (3,), "w_o": (3,),
    }  # fmt: skip
    np.testing.assert_array_equal(found["W_h"][:, 3:6], layer.get_parameter("W_hf_l0").detach().numpy())
    gru = recurra.nn.GRU(2, 3)
    found = in_jax("GRU", dict(gru.named_parameters()))
    np.testing.assert_array_equal(found["W_x"], gru.get_parameter("weight_ih_l0").detach().numpy().T)
    np.testing.assert_array_equal(found["b_n"], gru.get_parameter("bias_hh_l0").detach().numpy()[6:])


# ONNX Runtime ------------------------------------------------------------------------------------------------------


@on_linux
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_sequence_in_onnx_runtime_is_ours(kind: str, peers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    one_sequence = importlib.import_module("benchmarks.one_sequence")
    monkeypatch.setattr(one_sequence, "STEPS", 7)
    monkeypatch.setattr(importlib.import_module("benchmarks.alternate"), "BATCH", 0.0)
    with peers.Peer(sys.executable, "peer_onnxruntime", threads=1) as peer:
        point = one_sequence.measure(kind, 5, peer, 1)
    assert point["size"] == [1, 7, 32, 5]
    assert 0 <= point["forward"]["largest difference"] <= 1e-4
    assert point["forward"]["ratio"] > 0


# the table ---------------------------------------------------------------------------------------------------------


def test_the_table_by_peer_has_small_sizes_and_others_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = importlib.import_module("benchmarks.summary")
    monkeypatch.setattr(importlib.import_module("benchmarks.alternate"), "RESULTS", tmp_path)

    def point(size: list[int], ratio: float, **further: object) -> dict[str, object]:
        passes = {what: {"ratio": ratio, "first call": 2 * ratio} for what in ("forward", "forward+backward")}
        return {"kind": "LSTM", "threads": 2, "size": size, **passes, **further}

    points = [
        point([1, 1, 8, 16], 0.5, against="JAX", version="0.9"), point([1, 20, 8, 16], 2.0, against="JAX"),
        point([1, 100, 32, 64], 8.0), point([32, 100, 32, 64], 2.0, against="torch.nn"),
    ]  # fmt: skip
    (tmp_path / "layers.json").write_text(json.dumps({"points": points}))
    lines = summary._by_peer().splitlines()
    assert (
        "| LSTM, forward | torch.nn | not measured |  |  | 4.00 | 2.00 | (32, 100, 32, 64); 2 | 4.00 | 2.00 |" in lines
    )
    assert "| LSTM, forward | JAX 0.9 | 1.00 | 0.50 | (1, 1, 8, 16); 2 | not measured |  |  | 1.00 | 2.00 |" in lines
    assert "| GRU, forward | JAX | not measured |  |  | not measured |  |  |  |  |" in lines
    assert "| LSTM, forward | 2.50 | 4.00 |" in summary._first_calls().splitlines()
    assert summary._one_sequence().endswith("| not measured |  |  |  |  |  |")
    sequence = point([1, 256, 32, 16], 0.5, against="onnxruntime", version="1.2")
    sequence["forward"] = {"ratio": 0.5, "medians": {"ours": 2e-4, "peer": 1e-4}}
    (tmp_path / "one_sequence.json").write_text(json.dumps({"points": [sequence, {**sequence, "kind": "GRU"}]}))
    assert summary._one_sequence().splitlines()[2:] == [
        "| LSTM | onnxruntime 1.2 | 16 | 2 | 0.200 | 0.50 |",
        "| GRU | onnxruntime 1.2 | 16 | 2 | 0.200 | 0.50 |",
        "| LSTM: geometric mean, worst |  |  |  |  | 0.50, 0.50 |",
        "| GRU: geometric mean, worst |  |  |  |  | 0.50, 0.50 |",
    ]
