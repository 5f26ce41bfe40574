"""Model folders with hostile contents, signed anew: each is read or refused in our words, soon and in little memory.

    python tests/campaigns/folder_campaign.py --count 20000 --seed 1

Bytes flipped, cut and added, other encodings, values replaced by wrong, huge and deeply nested ones, keys removed and
added, headers of weights that lie, tags and aliases of YAML, links, pipes and devices. A folder that is accepted has to
predict, be measured and be saved, too.
"""

from __future__ import annotations

import argparse
import copy
import functools
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from small_models import SMALL, fit_into, in_child, write_data

from recurra.tasks.registry import TASKS, load_model
from recurra.training.model_folder import MANIFEST

__all__ = ["hostile", "sign", "try_folders"]

_NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3, 0.5, 10**6, 10**9, 2**31, 2**63, 10**30, -(10**30), 1e308, -1e308, float("nan"),
    float("inf"), "", "x", "\0", "a\nb", "\ud83d", "nan", "10", "../x", "/etc/passwd", "evil.py:Cell", "GRU",
    "x" * 10_000, [], [[]], {}, {"a": 1}, [0] * 1000, [None], ["a", "a"], [1e308, 1e308],
)  # fmt: skip
"""Values for the place of any other."""

_ADDED = (b"\0", b"\xff\xfe", b"\r", b'"', b"[" * 200, b"9" * 500, b"\xed\xa0\x80", b"-", b"\n")

_MOST_BYTES, _MOST_SECONDS, _PATIENCE = 1 << 30, 5.0, 60.0
_EVIL = "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\nfrom recurra.cells import GRU as Cell\n"


def sign(folder: Path, /) -> None:
    """Write the manifest of what is in a folder, as whoever sends one can."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.name != MANIFEST and path.is_file() and path.stat().st_size:
            content = b"" if str(path.resolve()).startswith("/dev") else path.read_bytes()
            files[path.name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        elif path.name != MANIFEST:
            files[path.name] = {"bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    manifest = {"format": "recurra model", "format_version": 1, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def hostile(folder: Path, chance: random.Random, /) -> str:
    """Change one file of a model folder for the worse, sign the folder, and say what was done."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix not in (".html", ".py"))
    path = folder / chance.choice(names)
    if chance.random() < 0.05:
        kind = chance.choice(list(_PLACES))
        path.unlink()
        _PLACES[kind](path)
    else:
        kinds = [_bytes]
        kinds += [_value] * 5 if path.suffix in (".json", ".yaml") else []
        kinds += [_text] if path.suffix in (".json", ".yaml", ".csv") else []
        kinds += [_header] * 2 if path.suffix == ".safetensors" else []
        before = path.read_bytes()
        change = chance.choice(kinds)
        after, kind = change(before, chance) if change is not _value else _value(before, chance, path.suffix)
        path.write_bytes(after)
    if path.name != MANIFEST:
        sign(folder)
    return f"{path.name}: {kind}"


def _make_directory(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


_PLACES: dict[str, Callable[[Path], None]] = {
    "a link out of the folder": lambda path: path.symlink_to("/etc/passwd"),
    "a link to an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": lambda path: os.mkfifo(path),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a directory": _make_directory,
    "nothing": lambda path: None,
}


def _bytes(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    data = bytearray(content)
    kind = chance.choice(["flipped", "cut", "added", "doubled", "emptied", "moved"])
    at = chance.randrange(len(data)) if data else 0
    if kind == "flipped":
        for _ in range(chance.choice([1, 1, 3, 20])):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del data[at:]
    elif kind == "added":
        data[at:at] = chance.choice(_ADDED)
    elif kind == "doubled":
        data += data[at:]
    elif kind == "emptied":
        data.clear()
    else:
        data[at : at + 8] = data[:8]
    return bytes(data), f"bytes {kind} at {at}"


def _text(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    kind = chance.choice(["utf-16", "utf-8-sig", "cp500", "deep", "deep objects", "bomb", "tag", "number", "reused"])
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    made = {
        "deep": "[" * 100_000,
        "deep objects": '{"a":' * 50_000,
        "bomb": bomb,
        "tag": '!!python/object/apply:os.system ["touch ran"]',
        "number": "9" * 100_000,
        "reused": '{"a": 1, "a": 2}',
    }
    text = content.decode(errors="replace")
    return (made[kind].encode() if kind in made else text.encode(kind, errors="replace")), f"text {kind}"


def _value(content: bytes, chance: random.Random, suffix: str) -> tuple[bytes, str]:
    """Replace, remove or add one value of a JSON or YAML file, at any depth."""
    try:
        tree = yaml.safe_load(content) if suffix == ".yaml" else json.loads(content)
    except ValueError:
        return content, "nothing"
    root = [copy.deepcopy(tree)]
    holder, key, where = root, 0, []
    while isinstance(holder[key], (dict, list)) and holder[key] and (not where or chance.random() < 0.85):
        holder = holder[key]
        key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        where.append(str(key)[:30])
    kind = chance.choice(["replaced", "replaced", "replaced", "removed", "added", "deep", "repeated"])
    new = chance.choice(_NASTY)
    if kind == "removed" and holder is not root:
        del holder[key]
    elif kind == "added" and isinstance(holder, dict):
        holder[chance.choice(["", "extra", "__class__", "cell", key if isinstance(key, str) else "k"])] = new
    elif kind == "repeated" and isinstance(holder, list):
        holder[key:key] = [holder[key]] * chance.choice([1, 1000])
    elif kind == "deep":
        for _ in range(chance.choice([3, 300])):
            holder[key] = [holder[key]]
    else:
        holder[key] = new
    return _written(root[0], suffix), f"{'.'.join(where)} {kind}: {str(new)[:40]!r}"


def _written(tree: Any, suffix: str) -> bytes:
    if suffix == ".yaml":
        return yaml.safe_dump(tree, sort_keys=False).encode(errors="replace")
    return json.dumps(tree).encode()


def _header(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Change what the header of the weights says."""
    length = int.from_bytes(content[:8], "little")
    if chance.random() < 0.2:
        said = chance.choice([0, 1, length - 1, 10**8, 2**63])
        return said.to_bytes(8, "little") + content[8:], f"length of the header {said}"
    changed, kind = _value(content[8 : 8 + length], chance, ".json")
    return len(changed).to_bytes(8, "little") + changed + content[8 + length :], f"header {kind}"


def try_folders(*, count: int, seed: int, folder: Path, minutes: float) -> tuple[Counter[str], list[str]]:
    """Try hostile folders; return how often each outcome came, and what went wrong."""
    chance, found, wrong, began = random.Random(seed), Counter[str](), [], time.monotonic()
    models = {task: folder / "fitted" / task for task in SMALL}
    data = {task: write_data(folder / "data", task) for task in SMALL}
    for trial in range(count):
        if time.monotonic() - began > minutes * 60:
            break
        task = chance.choice(list(SMALL))
        target = folder / "tried"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(models[task], target)
        (target / "evil.py").write_text(_EVIL)
        done = hostile(target, chance)
        outcome, told = _try(target, data[task], folder / "said")
        if (target / "ran").exists() or (Path.cwd() / "ran").exists():
            outcome, told = "RAN CODE", ""
        found[outcome] += 1
        if outcome.isupper():
            wrong.append(f"{outcome} trial {trial}, {task}, {done}\n{told[-1500:]}")
    return found, wrong


def _try(target: Path, data: Path, said: Path) -> tuple[str, str]:
    child = in_child(lambda: _use(target, data, said))
    end, status = time.monotonic() + _PATIENCE, None
    while status is None and time.monotonic() < end:
        done, code, used = os.wait4(child, os.WNOHANG)
        if done:
            status = code
            break
        time.sleep(0.003)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "HUNG", said.read_text(errors="replace")
    told = said.read_text(errors="replace")
    grown = used.ru_maxrss * 1024 - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if grown > _MOST_BYTES or "allocate" in told or "MemoryError" in told:
        return "MEMORY", told
    if used.ru_utime + used.ru_stime > _MOST_SECONDS:
        return "SLOW", told
    known = {0: "accepted", 3: "refused"}
    return known.get(os.waitstatus_to_exitcode(status), "TRACEBACK OR CRASH"), told


def _use(target: Path, data: Path, said: Path) -> None:
    """Read a folder, and where that works do what people do with a model; what is said goes to a file."""
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, errors="replace")
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + 3 * _MOST_BYTES,) * 2)
    model = load_model(target)
    print(model.trained_on(), model.score_table(model.metrics_["test"]))
    print(model.evaluate(data))
    model.to_torch()
    model.save(target.with_name("saved"))


def _make(model: Path, task: str, data: Path) -> None:
    """Fit a model, and compile what its use needs, which the disk's cache keeps."""
    fit_into(model, task, data)
    load_model(model).evaluate(data)


def main() -> None:
    """Run the campaign from the command line; it ends with 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for task in SMALL:
            TASKS[task].estimator_class()  # imported once, here; nothing else runs here: copied threads would hang
            data = write_data(folder / "data", task)
            child = in_child(functools.partial(_make, folder / "fitted" / task, task, data))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        found, wrong = try_folders(count=given.count, seed=given.seed, folder=folder, minutes=given.minutes)
    for each in wrong:
        sys.stdout.write(f"{each}\n\n")
    for what, times in sorted(found.items()):
        sys.stdout.write(f"{times:6} {what}\n")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
