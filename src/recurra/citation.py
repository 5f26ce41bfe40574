"""Where a cell is from: the citation in its docstring, read."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Source", "read_source"]


@dataclass(frozen=True)
class Source:
    """A citation.

    Attributes
    ----------
    authors : str
        As written: "Elman", "Gers, Schraudolph & Schmidhuber" or "Zhou et al.".
    year : int
    where : str
        The arXiv number ("arXiv:1603.09420") where there is one, otherwise what follows the year; may be empty.
    """

    authors: str
    year: int
    where: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year})" + (f", {self.where}" if self.where else "")

    @property
    def short(self) -> str:
        """Authors and place without the year; of three authors and more the first alone is named."""
        first, comma, _ = self.authors.partition(", ")
        authors = f"{first} et al." if comma else self.authors
        return f"{authors}, {self.where}" if self.where else authors


_PARTICLE = "(?:[Vv]an|[Vv]on|[Dd]er|[Dd]en|[Dd]e|[Dd]i|[Dd]u|[Ll]a|[Ll]e|[Tt]en)"
_NAME = rf"(?:{_PARTICLE} )*(?!\d)[^\W_a-z][\w'’-]+(?: (?!\d)[^\W_a-z][\w'’-]+)*"
_CITATION = re.compile(
    rf"(?P<authors>{_NAME}(?:, {_NAME})*(?: & {_NAME}| et al\.)?) \((?P<year>\d{{4}})\)"
    r"(?:, (?P<where>.+?))?(?=\.?$|\. |;)"
)
_ARXIV = re.compile(r"arXiv:\d{4}\.\d{4,5}(?:v\d+)?")


def read_source(doc: str, /) -> Source | None:
    """Return the first citation of a docstring, None where there is none.

    A citation is "Authors (year), where.": the authors' surnames with commas and &, or the first's with "et al.";
    what follows the year goes up to the end of the sentence or a semicolon.

    Examples
    --------
    >>> read_source("Minimal gated unit. Zhou et al. (2016), arXiv:1603.09420, section 3.")
    Source(authors='Zhou et al.', year=2016, where='arXiv:1603.09420')
    """
    for paragraph in re.split(r"\n\s*\n", doc):
        found = _CITATION.search(" ".join(paragraph.split()))
        if found is not None:
            where = found["where"] or ""
            number = _ARXIV.search(where)
            return Source(found["authors"], int(found["year"]), number[0] if number else where)
    return None


def __dir__() -> list[str]:
    return sorted(__all__)
