"""A text in tokens, each shaded by a weight or a surprise, with its label below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recurra.report.layout import check_share

__all__ = ["Passage", "Token", "TokenText"]


@dataclass(frozen=True)
class Token:
    """A piece of a text with what a model made of it.

    Attributes
    ----------
    text
        As it is in the text, spaces and line breaks included.
    share
        How strong its shade is, from 0 to 1.
    note
        Shown when a pointer rests on it: "12.3 bits".
    label
        A small text below it, such as its tag.
    is_wrong
        Whether it is drawn as an error.
    """

    text: str
    share: float = 0.0
    note: str = ""
    label: str = ""
    is_wrong: bool = False

    def __post_init__(self) -> None:
        check_share(self.share, f"the token {self.text!r}")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A run of tokens with a line above it, such as what was predicted of it; `is_wrong` marks that line."""

    tokens: tuple[Token, ...]
    heading: str = ""
    is_wrong: bool = False

    @property
    def has_labels(self) -> bool:
        """Whether some token has a label."""
        return any(token.label for token in self.tokens)


@dataclass(frozen=True, kw_only=True)
class TokenText:
    """Passages of tokens, with weights or surprise as a shade behind them.

    Attributes
    ----------
    title, caption
        Above, and below: what to see.
    passages
        The tokens.
    scale
        What no shade and the full shade stand for: ("0 bits", "14.2 bits"); empty if there is none.
    joined_by
        What stands between tokens: " " for words, "" where tokens hold their own spaces.
    """

    kind: ClassVar[str] = "token_text"
    title: str
    caption: str
    passages: tuple[Passage, ...]
    scale: tuple[str, str] | None = None
    joined_by: str = " "
