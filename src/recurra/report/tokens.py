"""Texts as tokens: with a shade, a label below, or marked as errors; attention, surprise and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recurra.report.blocks import Heat, HeatCell, Table, bars, check_share, shares
from recurra.report.numbers import check_as_many, plain, shortened

__all__ = [
    "Passage",
    "Token",
    "TokenText",
    "attention_map",
    "attention_passage",
    "attention_text",
    "most_surprising",
    "surprise_text",
    "tagged_passage",
    "tagged_text",
]


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


def attention_passage(
    tokens: Sequence[str], weights: np.ndarray, /, *, predicted: str, truth: str | None = None, confidence: float
) -> Passage:
    """Return a text with attention weights (tokens,), which add up to 1, and what was predicted of it."""
    check_as_many(tokens=tokens, weights=weights)
    is_wrong = truth is not None and truth != predicted
    heading = f"{predicted}, {100 * confidence:.0f} % sure" + (f"; in truth {truth}" if is_wrong else "")
    pieces = zip(tokens, shares(weights), weights.tolist(), strict=True)
    shaded = tuple(Token(text, share, f"{100 * weight:.1f} % of the attention") for text, share, weight in pieces)
    return Passage(tokens=shaded, heading=heading, is_wrong=is_wrong)


def attention_map(
    weights: np.ndarray, /, *, rows: Sequence[str], columns: Sequence[str], down: str, across: str, title: str,
    caption: str = "",
) -> Heat:  # fmt: skip
    """Shade how much each of what stands down (rows,) looked at each of what stands across (columns,).

    Parameters
    ----------
    weights
        (rows, columns) from 0 to 1; what lies a rounding outside is taken for the end.
    rows, columns
        The tokens.
    down, across
        What they are.
    title, caption
        Which example it is.
    """
    cells = tuple(tuple(HeatCell("", "", weight) for weight in row) for row in np.clip(weights, 0, 1).tolist())
    return Heat(
        title=title, caption=caption, down=down, across=across, rows=tuple(rows), columns=tuple(columns), cells=cells,
        width="half",
    )  # fmt: skip


def attention_text(passages: Sequence[Passage], /, *, joined_by: str = " ") -> TokenText:
    """Show texts with the attention to each token; see `attention_passage`."""
    return TokenText(
        title="Where the model looked",
        caption="The stronger the shade, the more attention a token had; in each text the strongest had the most. "
        "Attention says what was read, and not always why.",
        passages=tuple(passages),
        scale=("none", "most"),
        joined_by=joined_by,
    )


def surprise_text(tokens: Sequence[str], bits: np.ndarray, /, *, joined_by: str = "") -> TokenText:
    """Show a text with the surprise of each token.

    Parameters
    ----------
    tokens
        With their spaces and line breaks, if `joined_by` is empty.
    bits
        (tokens,) -log2 of the probability that the model gave each token.
    joined_by
        What stands between tokens.
    """
    check_as_many(tokens=tokens, bits=bits)
    known = bits[np.isfinite(bits)]
    top = float(np.percentile(known, 99)) if len(known) else 0.0
    pieces = zip(tokens, shares(bits, largest=top), bits.tolist(), strict=True)
    shaded = tuple(Token(text, share, f"{plain(surprise, digits=3)} bits") for text, share, surprise in pieces)
    mean = plain(float(known.mean()) if len(known) else None)
    return TokenText(
        title="What surprised the model",
        caption=f"The stronger the shade, the less the model expected a token; on the average {mean} bits.",
        passages=(Passage(tokens=shaded),),
        scale=("0 bits", f"{plain(top, digits=3)} bits or more"),
        joined_by=joined_by,
    )


def most_surprising(
    tokens: Sequence[str], bits: np.ndarray, /, *, joined_by: str = "", most: int = 15, before: int = 12
) -> Table:
    """List the tokens of a text with the largest surprise (tokens,), each after some tokens that stand before it."""
    check_as_many(tokens=tokens, bits=bits)
    order: list[int] = np.argsort(-np.nan_to_num(bits, nan=-np.inf), kind="stable")[:most].tolist()
    contexts = (joined_by.join(tokens[max(0, row - before) : row]) for row in order)
    rows = zip(
        (f"…{shortened(context, most=80)}" for context in contexts),
        (_visible(tokens[row]) for row in order),
        bars(np.round(bits[order], 1)),
        strict=True,
    )
    return Table(
        title="The most surprising tokens",
        header=("after", "came", "bits"),
        rows=tuple(rows),
        caption="10 bits: the model gave the token a chance of 1 in 1024.",
    )


def tagged_passage(tokens: Sequence[str], predicted: Sequence[str], truth: Sequence[str], /) -> Passage:
    """Return a sentence with its tags below, errors marked: "NOUN, not VERB"."""
    check_as_many(tokens=tokens, predicted=predicted, truth=truth)
    return Passage(tokens=tuple(map(_tagged, tokens, predicted, truth)))


def tagged_text(passages: Sequence[Passage], /) -> TokenText:
    """Show sentences with their tags; see `tagged_passage`."""
    wrong = sum(token.is_wrong for passage in passages for token in passage.tokens)
    total = sum(len(passage.tokens) for passage in passages)
    return TokenText(
        title="Sentences with their tags",
        caption=f"{wrong} of {total} tokens are wrong here, and underlined: predicted tag ≠ the true one.",
        passages=tuple(passages),
    )


def _tagged(text: str, predicted: str, truth: str) -> Token:
    is_wrong = predicted != truth
    label = f"{predicted} ≠ {truth}" if is_wrong else predicted
    note = f"predicted {predicted}, in truth {truth}" if is_wrong else ""
    return Token(text, note=note, label=label, is_wrong=is_wrong)


def _visible(token: str) -> str:
    """Return a token with what is not seen as a sign for it."""
    return token.replace("\n", "↵").replace("\t", "→").replace(" ", "␣") or "␀"
