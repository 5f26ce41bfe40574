"""`python -m benchmarks.one_line --latin MODEL --chinese MODEL --data FOLDER`: a line of writing by itself.

From its pixels to its text, for models that `python -m benchmarks.accuracy lines --keep MODEL` and `lines_zh` trained,
on lines that are drawn anew, in the fonts that they have not seen.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from benchmarks.accuracy_sound import TEXTS, drawn_line, fonts_of, milliseconds
from benchmarks.alternate import renew
from recurra.tasks import Transcriber

LINES = 100
SEED = 1
"""Of the texts; the models have those of seed 0."""


def point(kind: str, model: Path, *, threads: int, data: Path) -> dict[str, Any]:
    """Return the median time of a line."""
    torch.set_num_threads(threads)
    transcriber = Transcriber.load(model)
    texts = TEXTS[kind](data, random.Random(SEED), LINES)
    font = fonts_of(kind)[-1]
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{number}.png") for number in range(LINES)]
        for path, text in zip(paths, texts, strict=True):
            drawn_line(text, font).save(path)
        median = milliseconds(transcriber, paths)
    sys.stdout.write(f"{kind}, {threads} threads: {median:.2f} ms a line\n")
    return {"what": "a line by itself", "kind": kind, "threads": threads, "lines": LINES, "milliseconds": median}


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latin", type=Path, required=True)
    parser.add_argument("--chinese", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    given = parser.parse_args()
    models = {"latin": given.latin, "chinese": given.chinese}
    points = [
        point(kind, model, threads=threads, data=given.data)
        for threads in given.threads
        for kind, model in models.items()
    ]
    renew("one_line", "python -m benchmarks.one_line", points)


if __name__ == "__main__":
    main()
