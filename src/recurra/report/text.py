"""Texts of a report: paragraphs, code, and excerpts of what a model wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

__all__ = ["Code", "Excerpt", "Excerpts", "Text"]


@dataclass(frozen=True)
class Text:
    """Paragraphs, an empty line between them. A note stands out: something that the reader must not miss."""

    kind: ClassVar[str] = "text"
    text: str
    is_note: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs, each in one line."""
        return tuple(" ".join(part.split()) for part in self.text.split("\n\n") if part.strip())


@dataclass(frozen=True, kw_only=True)
class Code:
    """A text in letters of the same width, as it is: a configuration, a command, equations."""

    kind: ClassVar[str] = "code"
    title: str
    text: str


@dataclass(frozen=True)
class Excerpt:
    """A text as it was written, with a label such as the step at which it was written."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Excerpts:
    """Several texts, one after another."""

    kind: ClassVar[str] = "excerpts"
    title: str
    caption: str
    excerpts: tuple[Excerpt, ...]
