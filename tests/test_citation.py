"""Citations in docstrings, read."""

from __future__ import annotations

import pytest

from recurra import Cell, cell, tanh
from recurra.cells import LSTM, all_cells
from recurra.citation import Source, read_source

CITATIONS = [
    ("Minimal gated unit. Zhou et al. (2016), arXiv:1603.09420.", Source("Zhou et al.", 2016, "arXiv:1603.09420")),
    (
        "Bistable cell: each unit alone.\n\n    Vecoven, Ernst & Drion (2021), PLOS\n    ONE 16(6), e0252676.\n    ",
        Source("Vecoven, Ernst & Drion", 2021, "PLOS ONE 16(6), e0252676"),
    ),
    (
        "GRU. Cho et al. (2014), arXiv:1406.1078v3, equations 5 to 8. It has two gates.",
        Source("Cho et al.", 2014, "arXiv:1406.1078v3"),
    ),
    ("Van der Westhuizen & Lasenby (2018), arXiv:1804.04849, with beta = 1.",
     Source("Van der Westhuizen & Lasenby", 2018, "arXiv:1804.04849")),
    ("Chaos-free. Laurent & von Brecht (2017), ICLR", Source("Laurent & von Brecht", 2017, "ICLR")),
    ("As in Elman (1990); gates: Gers, Schmidhuber & Cummins (2000), N.", Source("Elman", 1990, "")),
    ("Collins, Sohl-Dickstein & Sussillo (2017)", Source("Collins, Sohl-Dickstein & Sussillo", 2017, "")),
    ("Mine\n\nGarcía Márquez & O'Neil (2024), arXiv:2410.01201",
     Source("García Márquez & O'Neil", 2024, "arXiv:2410.01201")),
    ("A step of mine, found in (2016) by chance.", None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("doc", "expected"), CITATIONS)
def test_a_citation_is_read(doc: str, expected: Source | None) -> None:
    assert read_source(doc) == expected


@pytest.mark.parametrize("known", all_cells.values(), ids=lambda c: c.name)
def test_every_cell_has_a_source(known: Cell) -> None:
    source = known.source
    assert source is not None, f"{known.name}: no citation can be read in its docstring"
    assert 1980 <= source.year <= 2100
    assert source.where, f"{known.name}: the citation says no place, such as an arXiv number"
    if "arXiv:" in known.doc:
        assert source.where.startswith("arXiv:")


def test_a_cell_without_citation_has_no_source() -> None:
    @cell
    def Plain(p, x, h):
        return tanh(x @ p.W + h @ p.U + p.b)

    assert Plain.source is None


def test_written_out_and_short() -> None:
    source = LSTM.source
    assert str(source) == "Hochreiter & Schmidhuber (1997), Neural Computation 9(8)"
    assert Source("Gers, Schraudolph & Schmidhuber", 2002, "JMLR 3").short == "Gers et al., JMLR 3"
    assert Source("Zhou et al.", 2016, "").short == "Zhou et al."
