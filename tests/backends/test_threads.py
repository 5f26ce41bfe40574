"""Threads of Python that share layers while code is compiled: each run is a process of its own, which may crash."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import warnings
import weakref
from pathlib import Path

import pytest
import torch

from recurra import cell, sigmoid
from recurra.backends.kernel import kernel_of
from recurra.backends.llvm.module import CODE
from recurra.cells import LSTM
from recurra.graph.node import leaf, pointwise
from recurra.locks import Recent, lock, made_once, making
from recurra.nn import Recurrent

HAMMER = Path(__file__).with_name("thread_hammer.py")
RUNS = int(os.environ.get("RECURRA_HAMMER_RUNS", "3"))
"""How many cold runs `pytest -m slow` makes."""


def hammer(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RECURRA_CACHE_DIR": str(folder), "OMP_NUM_THREADS": "2"}
    return subprocess.run(
        [sys.executable, str(HAMMER), *options], env=environment, capture_output=True, text=True, timeout=1200
    )


def test_threads_on_cold_and_on_warm_code(tmp_path: Path) -> None:
    for _ in ("cold", "warm"):
        found = hammer(tmp_path, "--threads", "12", "--calls", "36", "--seed", "1")
        assert found.returncode == 0, found.stderr
        assert found.stdout.strip() == "36"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 100 + RUNS))
def test_many_runs_of_threads_on_cold_code(tmp_path: Path, seed: int) -> None:
    found = hammer(tmp_path, "--threads", "12", "--calls", "120", "--seed", str(seed))
    assert found.returncode == 0, found.stderr


def at_once(function, count: int = 8) -> list:
    """Return what `count` threads get that call a function at the same moment."""
    begin, found = threading.Barrier(count), []

    def work() -> None:
        begin.wait()
        found.append(function())

    workers = [threading.Thread(target=work) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == count
    return found


def test_threads_get_the_same_property_value_and_node() -> None:
    class Slow:
        @made_once
        def value(self) -> object:
            time.sleep(0.01)
            return object()

    slow = Slow()
    assert len(set(map(id, at_once(lambda: slow.value)))) == 1
    kept = Recent[object](2)

    def made() -> object:
        time.sleep(0.01)
        return object()

    assert len(set(map(id, at_once(lambda: kept.get("key", made))))) == 1
    x = leaf("input", "x", ("input_size",))
    nodes = at_once(lambda: pointwise("tanh", pointwise("exp", x)))
    assert all(node is nodes[0] for node in nodes)


def test_what_was_longest_unused_is_dropped() -> None:
    kept = Recent[str](2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key.upper())
    assert kept.values() == ["A", "C"]


def test_threads_get_the_same_plans_and_kernel() -> None:
    @cell
    def New(p, x, h):
        return sigmoid(x @ p.W + h @ p.U)

    kernels = at_once(lambda: kernel_of(New.plans(), "llvm"))
    assert all(kernel is kernels[0] for kernel in kernels)
    programs = at_once(lambda: kernels[0].source("loops"))
    assert len(set(programs)) == 1
    assert len(kernels[0]._programs) == 1


def test_code_lives_as_long_as_anything_that_holds_its_addresses() -> None:
    """Neither the kernel nor the table of all code need hold it: a tape and a stream do."""
    layer = Recurrent(LSTM, 3, 4, backend="llvm")
    x = torch.randn(5, 2, 3, requires_grad=True)
    output = layer(x)[0]
    (expected,) = torch.autograd.grad(output.sum(), x, retain_graph=True)
    stream = layer.stream()
    first = stream.step(x[0, 0].detach()).clone()
    kernel = LSTM.plans().kernels["llvm"]
    code = [weakref.ref(each) for each in kernel._code.values()]
    CODE.clear()
    kernel._code.clear()
    kernel._programs.clear()
    known = kernel._calls.values()
    assert all(calls.code is not None for calls in known)
    held = {id(calls.code) for calls in known}
    gc.collect()
    assert {id(each()) for each in code if each() is not None} >= held
    (found,) = torch.autograd.grad(output.sum(), x)
    torch.testing.assert_close(found, expected)
    stream.reset()
    torch.testing.assert_close(stream.step(x[0, 0].detach()), first)


def test_a_fork_waits_for_what_other_threads_are_making() -> None:
    """A child inherits no lock that is held by a thread which it does not have."""
    entered, leave = threading.Event(), threading.Event()
    own = lock()

    def work() -> None:
        with making, own:
            entered.set()
            leave.wait()

    worker = threading.Thread(target=work)
    worker.start()
    entered.wait()
    threading.Timer(0.1, leave.set).start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # from Python 3.12 on: there are other threads, which is what is tested
        child = os.fork()
    if child == 0:
        os._exit(0 if making.acquire(blocking=False) and own.acquire(blocking=False) else 1)
    worker.join()
    assert os.waitpid(child, 0)[1] == 0
