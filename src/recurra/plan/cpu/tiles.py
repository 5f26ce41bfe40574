"""Into which tiles a product of compiled code divides its rows, and how many cycles they take."""

from __future__ import annotations

from recurra.backends.llvm.target import host

__all__ = ["LATENCY", "tiles"]

LATENCY = 4
"""Cycles of a multiply-add, which a tile of fewer rows waits for."""


def tiles(rows: int, panels: int) -> tuple[float, int]:
    """Return the cycles for each row of weights, and the calls, of a product's tiles; see `backends.llvm.products`."""
    if rows < 4:
        wide = 4 if host().vector_bits != 256 else 2
        blocks, rest = divmod(panels, wide)
        pairs, single = divmod(rows, 2)
        cycles = blocks * (pairs * max(2 * wide, LATENCY) + single * max(wide, LATENCY))
        return cycles + rest * (pairs + single) * LATENCY, (blocks + rest) * (pairs + single)
    heights = _heights(rows)
    return panels * sum(max(height, LATENCY) for height in heights), panels * len(heights)


def _heights(rows: int) -> list[int]:
    """Return the heights of the tiles that rows are divided into."""
    full = host().tile_rows
    third, found = full // 3, []
    end = rows - full - third if third > 1 and rows % full == third and rows > full else rows
    done = end // full * full
    found += [full] * (done // full)
    for size in [each for each in (8, 6, 4, 2, 1) if each <= full]:
        number = (rows - done) // size
        found += [size] * number
        done += size * number
    return found
