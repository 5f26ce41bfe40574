"""Plain spellings of the characters in equations and drawings, for consoles and files that have no Unicode."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

__all__ = ["PLAIN", "REPLACE", "can_write", "plain", "readable"]

PLAIN: Mapping[str, str] = {
    **dict.fromkeys("─━", "-"), **dict.fromkeys("│┃", "|"), **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
    "▶": ">", "□": "_", "σ": "sigmoid", "⊙": "*", "·": "*", "δ": "d", "Δ": "D", "∂": "d", "Σ": "sum", "²": "^2",
    "ᵀ": "^T", "±": "+-", "√": "sqrt", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-", "…": "...",
    "’": "'", "→": "->", "µ": "u", "↵": "\\n", "␣": "_", "␀": "\\0",
}  # fmt: skip
"""Character -> what is written where the encoding of a console or file lacks it."""

REPLACE = "recurra.plain"
"""The name of the error handler, for `errors=` of a text stream: `PLAIN`, and Python's escapes for all others."""


def plain(text: str, /) -> str:
    """Return a text with the characters of `PLAIN` spelt in ASCII."""
    return text.translate(_TABLE)


def readable(name: str, /) -> str:
    r"""Return the name of a file as text; bytes in it that are not UTF-8 are written as \xf6.

    Examples
    --------
    >>> from recurra.characters import readable
    >>> readable("gr\udcf6n"), readable("gr\u00fcn")  # Python holds such a byte as half a character
    ('gr\\xf6n', 'grün')
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def can_write(text: str, /, *, encoding: str) -> bool:
    """Say whether an encoding has all characters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_TABLE = str.maketrans(dict(PLAIN))


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for the characters that an encoding lacks, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in wrong), error.end


codecs.register_error(REPLACE, _replaced)
