"""What all tests share: golden files and their renewal, one thread in each worker, cheap compilation, a database."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

OPTIMISED = frozenset({
    "LSTM", "ProjectedLSTM", "MassConservingLSTM", "sLSTM", "GRU", "OriginalGRU", "tauGRU", "GRUD", "CfC", "Elman",
    "IndRNN", "SCRN", "FastGRNN", "NAS", "SGU", "QRNN", "MinGRU", "AntisymmetricRNN", "RWKV4", "LRU",
})  # fmt: skip
"""The built-in cells whose tests run optimised code: between them they have every operation and kind of equation.

LLVM's passes see instructions, not cells, and take most of a small cell's time; the code of all others is what recurra
emits, compiled without them.
"""


OVER_KINDS = (
    "tests/backends/", "tests/nn/", "tests/diagnose/", "tests/cells/test_large_inputs.py", "tests/test_transforms.py",
    "tests/testing/test_check_cell.py",
)  # fmt: skip
"""Where tests over all built-in cells are left to the slow run but for one cell of each kind and those of `OPTIMISED`.

Plans, loops, papers and parameter counts are checked for every cell in every run.
"""

OVER_OPTIMISED = (
    "tests/testing/test_check_cell.py::test_a_cell_passes[1-",
    "tests/testing/test_check_cell.py::test_a_cell_passes_with_sizes_of_one",
    "tests/nn/test_quantised.py::test_every_cell_is_quantised", "tests/nn/test_reset.py",
    "tests/tasks/forecast/test_network.py::test_every_cell_forecasts", "tests/cells/test_large_inputs.py",
    "tests/cells/test_constants.py::test_a_made_cell_is_the_same_on_all_backends", "tests/backends/test_kernels.py",
    "tests/cells/test_constants.py::test_a_made_cell_goes_through_json_pickle_and_copy",
    "tests/backends/test_llvm.py::test_one_thread_and_two_give_the_same",
    "tests/backends/test_llvm.py::test_threads_that_share_each_step_agree_with_threads_of_their_own_sequences",
    "tests/backends/triton/test_triton_cells.py", "tests/nn/test_stream.py::test_every_cell_streams_as_it_runs",
    "tests/nn/test_recurrent_states.py::test_gradients_flow_through_them",
)  # fmt: skip
"""Where each cell takes so long that all but those of `OPTIMISED` are left to it."""


@pytest.hookimpl(tryfirst=True)  # before slow tests are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of further cells of a kind as slow where they take long."""
    from cell_kinds import CELL_OF_EACH_KIND
    from recurra.cells import all_cells

    further = set(all_cells) - OPTIMISED
    for item in items:
        others = further if item.nodeid.startswith(OVER_OPTIMISED) else further - CELL_OF_EACH_KIND.keys()
        if item.nodeid.startswith((*OVER_KINDS, *OVER_OPTIMISED)) and cells_of(item) & others:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Leave modules and tests out of what Python looks through for garbage, a second in each thirty."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let what was left out end with Python, as extensions expect that count their objects then."""
    gc.unfreeze()


def cells_of(item: pytest.Item) -> set[str]:
    """Return the names that a test's parameters have, those of cells among them."""
    given = getattr(item, "callspec", None)
    return {str(getattr(value, "name", value)) for value in given.params.values()} if given else set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write golden files anew instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    """Give each worker of pytest-xdist one thread: small tensors gain nothing from more, and two pools fight.

    Machine code is kept for this run of the tests alone; the workers share it. A run in the background may have been
    started with Ctrl-C ignored, which some tests send.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["OMP_NUM_THREADS"] = "1"
        return
    kept = tempfile.TemporaryDirectory(prefix="recurra-tests-")
    os.environ["RECURRA_CACHE_DIR"] = kept.name
    os.environ["RECURRA_LANGUAGE"] = "en"  # whatever language the machine has
    config.add_cleanup(kept.cleanup)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a committed file; with `--renew-golden`, write the file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--renew-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        where = path.relative_to(ROOT)
        assert path.is_file(), f"{where} is missing; write it with `pytest --renew-golden`"
        assert text == path.read_text(encoding="utf-8"), (
            f"{where} is not what is made now; if the change is meant, run `pytest --renew-golden` and read the diff"
        )

    return compare


@pytest.fixture(autouse=True)
def cheap_compilation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile without LLVM's passes in the tests of one cell, unless it is one of `OPTIMISED`."""
    given = getattr(request.node, "callspec", None)
    if given is None:
        return
    from recurra import Cell
    from recurra.cells import all_cells

    made = {value.name for value in given.params.values() if isinstance(value, Cell)}
    if (cells_of(request.node) & set(all_cells) | made) - OPTIMISED:
        from recurra.backends.llvm import compiler

        monkeypatch.setattr(compiler, "SPEED_LEVEL", 0)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL database of one's own."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    if shutil.which("initdb") is None:
        pytest.skip("there is no PostgreSQL server on this machine")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL does not run as root")
    with tempfile.TemporaryDirectory() as parent:
        folder, as_user = Path(parent) / "data", _other_user(Path(parent))
        subprocess.run([*as_user, "initdb", "-D", folder, "-U", "me", "-A", "trust"], check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        control = [*as_user, "pg_ctl", "-D", str(folder), "-w"]
        begin = ["-l", str(folder / "log"), "-o", settings, "start"]
        subprocess.run([*control, *begin], check=True, stdout=subprocess.DEVNULL)
        try:
            yield f"postgresql+psycopg://me@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)


def _other_user(folder: Path) -> list[str]:
    """Return what runs a command as somebody who is not root, and give them a folder."""
    if os.geteuid() != 0:
        return []
    os.chown(folder, 65534, 65534)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
