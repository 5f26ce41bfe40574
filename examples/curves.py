"""Draw what `adding.py --csv` and `copying.py --csv` wrote; needs matplotlib.

Usage: python examples/curves.py out.svg --guessing 0.167 Elman=elman.csv LSTM=lstm.csv
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

COLOURS = ("#57606a", "#0969da", "#bc4c00", "#1a7f37")


def main() -> None:
    """Draw one line a file, and the loss of guessing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the SVG file to write")
    parser.add_argument("curves", nargs="+", metavar="NAME=FILE")
    parser.add_argument("--guessing", type=float, required=True, help="the loss of guessing")
    parser.add_argument("--label", default="loss", help="what the loss is")
    options = parser.parse_args()
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "recurra"}
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.axhline(options.guessing, color="black", linewidth=1, linestyle="--", label="guessing")
    for colour, named in zip(COLOURS, options.curves, strict=False):
        name, _, path = named.rpartition("=")
        with Path(path).open(encoding="utf-8") as file:
            rows = [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]
        axes.plot(*zip(*rows, strict=True), color=colour, label=name)
    axes.set(xlabel="step of the training", ylabel=options.label, ylim=(0, 1.5 * options.guessing))
    axes.legend(frameon=False)
    figure.savefig(options.out, metadata={"Date": None})


if __name__ == "__main__":
    main()
