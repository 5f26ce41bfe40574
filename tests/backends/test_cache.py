"""The machine code on disk: what is damaged, foreign or shared, and what happens where nothing can be kept."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from recurra import Cell
from recurra.backends import cache
from recurra.backends.llvm import loops, module
from recurra.backends.llvm.compiler import MachineCode
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.module import CODE
from recurra.backends.llvm.program import Form
from recurra.cells import LSTM, Elman
from recurra.nn import GRU, Recurrent

KEY = "a" * 64


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a cache of its own."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    return tmp_path / "machine-code"


def test_what_was_stored_is_found(folder: Path) -> None:
    assert cache.fetch(KEY) is None
    cache.store(KEY, b"code")
    assert cache.fetch(KEY) == b"code"
    assert [path.name for path in folder.iterdir()] == [KEY]
    assert folder.stat().st_mode & 0o777 == 0o700


def code_of(cell: Cell) -> MachineCode:
    """Return machine code of a cell, as a process that has none gets it: from disk, or compiled."""
    CODE.clear()
    kernel = LLVMKernel(cell.plans())
    return kernel.program("inference", "float32", Form(is_hoisted=True)).modules[0].code()


@pytest.mark.parametrize("damage", [b"", b"x" * 10, None], ids=["empty", "short", "one bit"])
@pytest.mark.parametrize("which", [min, max], ids=["note", "code"])
def test_a_damaged_file_is_deleted_and_made_anew(
    folder: Path, damage: bytes | None, which: Callable[..., Path]
) -> None:
    """An object that is not whole would abort the process."""
    code_of(Elman)
    path = which(folder.iterdir(), key=lambda each: each.stat().st_size)
    whole = path.read_bytes()
    spoilt = whole[:90] + bytes([whole[90] ^ 1]) + whole[91:]
    path.write_bytes(spoilt if damage is None else damage)
    assert cache.fetch(path.name) is None
    assert not path.exists()
    code_of(Elman)
    assert path.read_bytes() == whole


def test_a_file_under_the_name_of_another_is_never_run(folder: Path) -> None:
    """The files of two programs are swapped: each is whole, and none is what its name says."""
    code_of(Elman)
    first = {path: path.read_bytes() for path in folder.iterdir()}
    code_of(LSTM)
    second = {path: path.read_bytes() for path in folder.iterdir() if path not in first}
    for one, another in zip(first, second, strict=True):
        one.write_bytes(second[another])
        another.write_bytes(first[one])
    for cell in (Elman, LSTM):
        code_of(cell)
    assert {path: path.read_bytes() for path in folder.iterdir()} == {**first, **second}


def test_what_has_a_note_is_not_written_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing takes several times as long as loading; of the machine code alone, the text can be written."""
    code_of(LSTM)
    note = min(folder.iterdir(), key=lambda path: path.stat().st_size)
    written = []
    write = loops.ModuleWriter.write
    monkeypatch.setattr(loops.ModuleWriter, "write", lambda *given: written.append(given) or write(*given))
    code_of(LSTM)
    assert not written
    note.unlink()
    code_of(LSTM)
    assert len(written) == 1
    assert note.exists()


def test_a_note_is_not_of_other_sources_sizes_or_forms(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that decides the text has a part in the note's name."""
    kernel = LLVMKernel(LSTM.plans())

    def key_of(which: str = "forward", dtype: str = "float32", **form: Any) -> str:
        return kernel.program(which, dtype, Form(**{"is_hoisted": True, **form})).modules[0].key

    keys = [key_of(), key_of("inference"), key_of(dtype="float64"), key_of(is_packed=False), key_of(is_joint=True)]
    assert len(set(keys)) == len(keys)
    assert len(list(folder.iterdir())) == len(keys)
    monkeypatch.setattr(module, "_sources", lambda: "others")
    kernel = LLVMKernel(LSTM.plans())
    assert key_of() == keys[0]  # other sources may write the same
    assert len(list(folder.iterdir())) == len(keys) + 1
    monkeypatch.setattr(module, "_sources", lambda: None)
    kernel = LLVMKernel(LSTM.plans())
    assert key_of() == keys[0]
    assert len(list(folder.iterdir())) == len(keys) + 1


NOTES = """
import sys
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.module import CODE
from recurra.backends.llvm.program import Form
from recurra.cells import all_cells
cells = sorted(all_cells)
for name in cells[:: int(sys.argv[1])]:
    kernel = LLVMKernel(all_cells[name].plans())
    for which in ("forward", "backward"):
        wanted = (True,) * len(kernel.plans.forward.step.inputs)
        program = kernel.program(which, "float32", Form(is_hoisted=True), wanted=wanted)
        own = program.modules[0]
        functions = [name for name in own.names if not name.endswith(".team")]
        print(name, which, own.key, [[(s.kind, s.place) for s in own.slots(f).slots.values()] for f in functions])
        if sys.argv[2:]:
            assert "_written" not in vars(own), "written, though there is a note"
"""


@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_processes_describe_a_program_alike(folder: Path, every: int) -> None:
    """A second process finds every note of the first, and in it what the first has written."""
    command = [sys.executable, "-c", NOTES, str(every)]
    first, second = (
        subprocess.run([*command, *more], capture_output=True, text=True, check=True, env={**os.environ, **seed})
        for more, seed in (((), {"PYTHONHASHSEED": "1"}), (("noted",), {"PYTHONHASHSEED": "2"}))
    )
    assert first.stdout == second.stdout


def test_a_file_of_an_older_format_is_never_run(folder: Path) -> None:
    """It was the digest of the content, then the content."""
    cache.store(KEY, b"code")
    (folder / KEY).write_bytes(hashlib.sha256(b"code").digest() + b"code")
    assert cache.fetch(KEY) is None
    cache.store(KEY, b"code")
    whole = (folder / KEY).read_bytes()
    (folder / KEY).write_bytes(whole.replace(b"machine code 2", b"machine code 1", 1))
    assert cache.fetch(KEY) is None


def test_what_is_no_regular_file_is_neither_read_nor_waited_for(folder: Path, tmp_path: Path) -> None:
    cache.store(KEY, b"code")
    whole = tmp_path / "whole"
    (folder / KEY).rename(whole)
    (folder / KEY).symlink_to(whole)
    assert cache.fetch(KEY) is None
    (folder / KEY).unlink(missing_ok=True)
    os.mkfifo(folder / KEY)
    assert cache.fetch(KEY) is None
    cache.store(KEY, b"code")
    assert cache.fetch(KEY) == b"code"


def test_a_folder_that_others_can_write_to_is_not_used(folder: Path) -> None:
    cache.store(KEY, b"code")
    folder.chmod(0o770)
    assert cache.fetch(KEY) is None
    cache.store("b" * 64, b"code")
    assert len(list(folder.iterdir())) == 1


def test_a_folder_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.store(KEY, b"code")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    assert cache.fetch(KEY) is None


def test_a_link_in_place_of_the_folder_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    cache.store(KEY, b"code")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_nothing_is_kept_where_that_is_asked_for_or_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "")
    cache.store(KEY, b"code")
    assert cache.fetch(KEY) is None
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    cache.store(KEY, b"code")
    assert cache.fetch(KEY) is None


def test_the_folder_has_its_place_in_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    for system in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        found = cache.folder()
        assert found is not None
        assert found.parts[-2:] == ("recurra", "machine-code")


def test_the_files_longest_unused_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST_FILES", 2)
    for number, key in enumerate("abc"):
        cache.store(key, b"code")
        os.utime(folder / key, (number, number))
    cache.fetch("b")
    cache.store("d", b"code")
    assert {path.name for path in folder.iterdir()} == {"b", "d"}


PROGRAM = """
import torch
from recurra.cells import LSTM
from recurra.nn import Recurrent
torch.manual_seed(0)
layer = Recurrent(LSTM, 3, 4, backend="llvm")
output, _ = layer(torch.randn(5, 2, 3))
output.sum().backward()
print(sum(float(p.grad.double().abs().sum()) for p in layer.parameters()))
"""


@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_share_a_cold_cache(folder: Path, count: int) -> None:
    """All of them compile and store at once; each is right, and nothing half-written is left."""
    workers = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    answers = [worker.communicate(timeout=240) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), answers
    assert len({answer[0] for answer in answers}) == 1
    # the note and the code of forward, backward, and three that all programs share
    assert len(list(folder.iterdir())) == 10
    again = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert again.stdout == answers[0][0]


class _Encoded(Dataset):
    """Samples that pass through a layer in the worker that loads them."""

    def __init__(self, layer: torch.nn.Module) -> None:
        self.layer = layer

    def __len__(self) -> int:
        return 6

    def __getitem__(self, number: int) -> torch.Tensor:
        x = torch.full((7, 1, 3), float(number), requires_grad=True)
        output = self.layer(x)[0]
        output.sum().backward()
        return torch.cat([output.detach().reshape(-1), x.grad.reshape(-1)])


def test_workers_that_are_forked_after_use_run_layers_too() -> None:
    """The compiled code is inherited; a worker has one thread."""
    data = _Encoded(GRU(3, 5, backend="llvm"))
    expected = [data[number] for number in range(len(data))]
    data.layer(torch.randn(50, 64, 3))  # on all threads
    loaded = list(DataLoader(data, batch_size=None, num_workers=2, multiprocessing_context="fork"))
    for a, b in zip(expected, loaded, strict=True):
        torch.testing.assert_close(a, b)


def test_threads_of_python_run_different_shapes_of_one_layer_at_once() -> None:
    layer = Recurrent(LSTM, 6, 9, backend="llvm")
    inputs = [torch.randn(steps, batch, 6) for steps, batch in ((3, 40), (11, 1), (5, 7), (20, 33))]

    def run(x: torch.Tensor) -> torch.Tensor:
        x = x.clone().requires_grad_()
        output = layer(x)[0]
        return torch.cat([output.detach().reshape(-1), torch.autograd.grad(output.sum(), x)[0].reshape(-1)])

    expected = [run(x) for x in inputs]
    found: dict[int, list[torch.Tensor]] = {k: [] for k in range(len(inputs))}

    def work(number: int) -> None:
        for _ in range(20):
            found[number].append(run(inputs[number]))

    workers = [threading.Thread(target=work, args=(number,)) for number in found]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for number, results in found.items():
        assert len(results) == 20
        assert all(torch.equal(result, expected[number]) for result in results)
