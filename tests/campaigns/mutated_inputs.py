"""Every reader of a person's data on mutated files: each is accepted, or refused in words of recurra.

`python tests/campaigns/mutated_inputs.py --count 20000 --seed 1` says what was tried, and every case that ended in
another exception, took over 10 seconds or 1 GB, or killed the process; a case is its number and the seed, so that
`--only NUMBER` repeats it.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars
from peak_memory import most_memory
from scipy.io import wavfile

from recurra.data import (
    SequenceColumns,
    TableFormat,
    TokenOptions,
    Vocabulary,
    find_marks,
    fit_tokenizer,
    plain_sentences,
    read_conll,
    read_corpus,
    read_labelled,
    read_panel,
    read_table,
    read_vectors,
    scan_rows,
    table_sentences,
    tokenizer_from_json,
)
from recurra.data.audio import read_sound
from recurra.data.tags import misplaced
from recurra.errors import RecurraError

SECONDS, KILOBYTES = 10, 1 << 20
"""What a case may take."""

FRAME = polars.DataFrame({"ds": [f"2024-01-{day:02}" for day in range(1, 29)], "y": [day / 7 for day in range(28)]})
WALKS = [{"x": [0.5 * step for step in range(4 + row % 3)], "label": "ab"[row % 2]} for row in range(12)]
TOKENS = polars.DataFrame({"sentence": [1, 1, 2], "word": ["We", "go", "Go"], "tag": ["B-A", "I-A", "O"]})
SERIES = "# made\n@problemName x\n@univariate true\n@classLabel true a b\n@data\n" + "1,2,3.5:a\n2,-1e3:b\n" * 5
TAGGED = "-DOCSTART- -X- O\n\nEU NNP B-ORG\nrejects VBZ O\n\nAda NNP B-PER\nByron NNP I-PER\n\n"
UNIVERSAL = (
    "# sent_id = 1\n1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "1\tde\tde\tADP\t_\t_\t2\tcase\t_\t_\n2\tle\tle\tDET\t_\t_\t0\troot\t_\t_\n\n"
)
TEXT = "once upon a time, 天地 玄黄 there was a well-made text.\n" * 8
VECTORS = "3 2\nthe 0.5 -1\ncat 1e-3 2\nof the 3 4\n"


def _written(write: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def _arrays(values: np.ndarray, labels: np.ndarray) -> bytes:
    return _written(lambda file: np.savez_compressed(file, X=values, y=labels))


@dataclass(frozen=True)
class Reader:
    """A whole file under its name, and what reads it."""

    name: str
    content: bytes
    read: Callable[[Path], object]


def _table(path: Path) -> None:
    for format in (TableFormat(), TableFormat(header=False, decimal=","), TableFormat(encoding="gb18030")):
        try:
            read_table(path, format=format)
        except RecurraError:
            continue


def _rows(path: Path) -> None:
    for _ in scan_rows(path):
        pass


def _tagged(path: Path) -> None:
    tags = read_conll(path).tags or ()
    marks = find_marks(tags)
    if marks is not None:
        for sentence in tags:
            misplaced(sentence, marks)


def _corpus(level: Any) -> Callable[[Path], object]:
    return lambda path: read_corpus(path, options=TokenOptions(level=level))


def _labelled(**columns: Any) -> Callable[[Path], object]:
    return lambda path: read_labelled(path, columns=SequenceColumns(**columns) if columns else None)


def readers() -> list[Reader]:
    """Return every reader with a file that it takes."""
    csv = FRAME.write_csv().encode()
    lists = polars.DataFrame(WALKS)
    steps = "id,x,label\n" + "".join(f"{row // 5},{row % 3}.5,{'ab'[row // 5 % 2]}\n" for row in range(30))
    values = np.arange(60, dtype=np.float32).reshape(5, 4, 3)
    json_lines = "".join(json.dumps(walk) + "\n" for walk in WALKS).encode()
    found = [
        Reader("t.csv", csv, _table),
        Reader("t.tsv", csv.replace(b",", b"\t"), _table),
        Reader("t.csv.gz", gzip.compress(csv), _table),
        Reader("rows.csv", csv, _rows),
        Reader("rows.jsonl", json_lines, _rows),
        Reader("t.jsonl", FRAME.write_ndjson().encode(), _table),
        Reader("panel.csv", csv, read_panel),
        Reader("panel.jsonl", FRAME.write_ndjson().encode(), read_panel),
        Reader("walks.jsonl", json_lines, _labelled(values=("x",), label="label")),
        Reader("texts.csv", b"t,label\n" + b"good film,1\nbad one,0\n" * 5, _labelled(text="t", label="label")),
        Reader("steps.csv", steps.encode(), _labelled(values=("x",), id="id", label="label")),
        Reader("s.ts", SERIES.encode(), _labelled()),
        Reader("a.npy", _written(lambda file: np.save(file, values)), lambda path: read_labelled(path, labelled=False)),
        Reader("a.npz", _arrays(values, np.array(list("abaab"))), _labelled()),
        Reader("sound.wav", _written(lambda file: wavfile.write(file, 8000, values[0])), read_sound),
        Reader("t.conll", TAGGED.encode() * 3, _tagged),
        Reader("t.conllu", UNIVERSAL.encode() * 3, _tagged),
        Reader("tokens.csv", TOKENS.write_csv().encode(), table_sentences),
        Reader("plain.txt", TEXT.encode(), plain_sentences),
        Reader("chars.txt", TEXT.encode(), _corpus("char")),
        Reader("words.txt.gz", gzip.compress(TEXT.encode()), _corpus("word")),
        Reader("pairs.txt", TEXT.encode(), _corpus("bpe")),
        Reader("vectors.txt", VECTORS.encode(), lambda path: read_vectors(path, Vocabulary(("the", "cat")))),
    ]
    for suffix, write in {
        "parquet": polars.DataFrame.write_parquet,
        "arrow": polars.DataFrame.write_ipc,
        "ipc": polars.DataFrame.write_ipc_stream,
    }.items():
        found.append(Reader(f"t.{suffix}", _written(lambda file, write=write: write(FRAME, file)), _table))
        content = _written(lambda file, write=write: write(lists, file))
        found.append(Reader(f"walks.{suffix}", content, _labelled(values=("x",), label="label")))
    for level in ("char", "word", "bpe"):
        tokenizer = fit_tokenizer([TEXT], TokenOptions(level=level, maximum_size=300))
        found.append(Reader(f"{level}.json", tokenizer.to_json().encode(), _tokenizer))
    return found


def _tokenizer(path: Path) -> None:
    tokenizer = tokenizer_from_json(path.read_bytes().decode("utf-8", "replace"))
    tokenizer.encode("once upon 天\n")


NUMBERS = (
    b"1e400",
    b"-1",
    b"9" * 400,
    b"1" * 5000,
    b"NaN",
    b"inf",
    b"0x10",
    b"1_0",
    b"18446744073709551616",
    b"-0",
    b"",
)
TOKENS_OF_FORMATS = (
    b"\x00", b"\r", b"\n", b'"', b"'", b",", b";", b"\t", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"[",
    b"]", b"{", b"}", b":", b"@data\n", b"#", b"\\ud800", b"null", b"\xe2\x80\xa8", b"\x0b", b"\x1a",
    b"PAR1", b"PK\x03\x04",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "gb18030", "utf-7", "cp037")


def mutated(content: bytes, draw: random.Random) -> bytes:
    """Return a file's content with one to four things wrong with it."""
    for _ in range(draw.choice([1, 1, 2, 4])):
        content = draw.choice(MUTATIONS)(content, draw)
    return content[: 4 << 20]


def _flip(content: bytes, draw: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(draw.choice([1, 1, 3, 20])):
        if data:
            data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data)


def _cut(content: bytes, draw: random.Random) -> bytes:
    start, stop = sorted((draw.randint(0, len(content)), draw.randint(0, len(content))))
    return draw.choice([content[:stop], content[start:], content[:start] + content[stop:]])


def _insert(content: bytes, draw: random.Random) -> bytes:
    place = draw.randint(0, len(content))
    return content[:place] + draw.choice(TOKENS_OF_FORMATS) * draw.choice([1, 1, 2, 100]) + content[place:]


def _number(content: bytes, draw: random.Random) -> bytes:
    places = [place for place, byte in enumerate(content) if 48 <= byte < 58]
    if not places:
        return content
    place = draw.choice(places)
    return content[:place] + draw.choice(NUMBERS) + content[place + 1 :]


def _bytes_of_numbers(content: bytes, draw: random.Random) -> bytes:
    """Put a huge or negative whole number of four or eight bytes where binary formats have sizes."""
    place, size = draw.randint(0, len(content)), draw.choice([4, 8])
    return content[:place] + draw.choice([b"\xff", b"\x7f", b"\x00", b"\x80"]) * size + content[place + size :]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    start = draw.randint(0, len(content))
    stop = min(len(content), start + draw.choice([1, 10, 100]))
    return content[:stop] + content[start:stop] * draw.choice([1, 10, 2000]) + content[stop:]


def _nest(content: bytes, draw: random.Random) -> bytes:
    depth, (begin, end) = draw.choice([20, 500, 50_000]), draw.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"(", b")")])
    place = draw.randint(0, len(content))
    return content[:place] + begin * depth + b"1" + end * draw.choice([0, depth]) + content[place:]


def _encode(content: bytes, draw: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def _lines(content: bytes, draw: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    draw.shuffle(lines)
    return b"".join(lines).replace(b"\n", draw.choice([b"\r", b"\r\n", b"\n", b" ", b"\n\n"]))


def _long(content: bytes, draw: random.Random) -> bytes:
    place = draw.randint(0, len(content))
    return (
        content[:place]
        + draw.choice([b"a", b"\xe5\xa5\xbd", b" ", b"1"]) * draw.choice([1000, 50_000])
        + content[place:]
    )


def _bomb(content: bytes, draw: random.Random) -> bytes:
    """Return what is small, and large when it is unpacked."""
    size = draw.choice([1 << 20, 200 << 20])
    if draw.random() < 0.5:
        return gzip.compress(bytes(size), 1)
    header = str({"descr": "|u1", "fortran_order": False, "shape": (2, size // 2)}).encode()
    head = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("X.npy", head + bytes(size))
    return buffer.getvalue()


def _keys(content: bytes, draw: random.Random) -> bytes:
    count = draw.choice([100, 3000, 20_000])
    return content + b"".join(b'{"key%d": %d}\n' % (key, key) for key in range(count))


COMMON = [
    _flip,
    _flip,
    _flip,
    _cut,
    _insert,
    _insert,
    _number,
    _bytes_of_numbers,
    _repeat,
    _nest,
    _encode,
    _lines,
    _long,
]
MUTATIONS = [*COMMON * 4, _bomb, _keys]


def _special(reader: Reader, folder: Path, draw: random.Random) -> Path:
    """Make what is no regular file under the reader's name."""
    path = folder / reader.name
    kind = draw.choice(["pipe", "device", "loop", "folder", "missing", "link"])
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        (folder / "whole").write_bytes(reader.content)
        path.symlink_to(folder / "whole")
    return path


def attempt(reader: Reader, number: int, seed: int) -> str:
    """Read one mutated file; return "accepted" or "refused", or what else happened."""
    draw = random.Random(f"{seed} {number}")
    with tempfile.TemporaryDirectory() as name:
        if draw.random() < 0.01 and reader.read is not _tokenizer:
            path = _special(reader, Path(name), draw)
        else:
            path = Path(name) / reader.name
            path.write_bytes(mutated(reader.content, draw))
        try:
            signal.alarm(SECONDS)
            reader.read(path)
        except RecurraError:
            return "refused"
        except BaseException as error:  # a panic of Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            return f"{type(error).__module__}.{type(error).__name__}: {str(error)[:200]!r}"
        finally:
            signal.alarm(0)
    return "accepted"


def _too_slow(signum: int, frame: object) -> None:
    raise TimeoutError(f"over {SECONDS} seconds")


def _worker(first: int, stop: int, seed: int) -> None:
    """Try cases in this process; print the number of each before it, and after it how it ended."""
    signal.signal(signal.SIGALRM, _too_slow)
    found = readers()
    for number in range(first, stop):
        faulthandler.dump_traceback_later(10 * SECONDS, exit=True)  # for what hangs outside of Python
        reader = found[number % len(found)]
        sys.stdout.write(f"{number} {reader.name} ")
        sys.stdout.flush()
        before = most_memory(since_now=True)
        outcome = attempt(reader, number, seed)
        grown = most_memory() - before
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
        if grown > KILOBYTES:
            raise MemoryError(f"{grown >> 10} MB")


def outcomes(first: int, stop: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """Yield of each case its number, the file's name and how it ended; a process that dies is followed by another."""
    while first < stop:
        command = [sys.executable, __file__, "--worker", str(first), str(stop), "--seed", str(seed)]
        with (
            tempfile.TemporaryFile("w+") as errors,  # a pipe that nobody reads fills up, and its writer waits
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
        ):
            assert process.stdout is not None
            last: tuple[int, str, str] | None = None
            for line in process.stdout:
                number, name, *outcome = line.rstrip("\n").split(" ", 2)
                last = int(number), name, outcome[0] if outcome else ""
                first = last[0] + 1
                if line.endswith("\n"):
                    yield last
            process.wait()
            errors.seek(0)
            error = errors.read()
        if process.returncode:
            assert last is not None, error
            said = error.strip().rpartition("\n")[2]
            yield last[0], last[1], f"the process ended with {process.returncode}: {said[:200]}"


def main() -> int:
    """Try as many cases as are asked for; return how many went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="number of a case that is tried alone, with its traceback")
    parser.add_argument("--worker", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        _worker(*given.worker, given.seed)
        return 0
    if given.only is not None:
        reader = readers()[given.only % len(readers())]
        draw = random.Random(f"{given.seed} {given.only}")
        with tempfile.TemporaryDirectory() as name:
            special = draw.random() < 0.01 and reader.read is not _tokenizer
            path = _special(reader, Path(name), draw) if special else Path(name) / reader.name
            if not special:
                path.write_bytes(mutated(reader.content, draw))
            reader.read(path)
        return 0
    counts: Counter[str] = Counter()
    wrong = 0
    for number, name, outcome in outcomes(given.first, given.first + given.count, given.seed):
        counts[outcome if outcome in ("accepted", "refused") else "wrong"] += 1
        if outcome not in ("accepted", "refused"):
            wrong += 1
            sys.stdout.write(f"case {number} of seed {given.seed}, {name}: {outcome}\n")
        if number % 1000 == 999:
            sys.stdout.write(f"up to case {number}: {dict(counts)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{dict(counts)}\n")
    return min(wrong, 100)


if __name__ == "__main__":
    sys.exit(main())
