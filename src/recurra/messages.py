"""Messages in another language: the code has them in English, and they are translated where they are shown.

A catalogue, `locale/zh.po`, is in gettext's format. Its messages are texts, and texts with numbered places where the
code has an f-string: "Wrote {1} rows to {2}." A text that is shown is looked up whole, else as one with places, else
sentence by sentence; what no message fits stays as it is. So what a library returns and files hold is the same in each
language, and nobody passes a language about.

What stands in a place is data, and stays as it is, unless the translation asks for it to be translated: "{2!t}"; at the
end of a message that may be several sentences. Of two places side by side the second gets the longest end that is a
message, or nothing. "{s}" is the s of a plural.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Literal, get_args

from recurra.errors import InputError

__all__ = ["Language", "catalogue", "language", "language_now", "language_of_system", "translated"]

Language = Literal["en", "zh"]
"""The languages, as codes of ISO 639."""

_chosen: ContextVar[Language | None] = ContextVar("language", default=None)

_ASKED = ("RECURRA_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The environment's variables that say a language, the first that does counts: gettext's, after our own."""

_PLACE = re.compile(r"\{([a-z]+|\d+)(!t)?\}")
_ENTRY = re.compile(r'^msgid ((?:".*"\s)+)msgstr ((?:".*"\s)+)', re.MULTILINE)
_SENTENCES = re.compile(r"(?<=[.:;]) (?=\S)|\n\s*")
_MOST = 8
"""Sentences of a message at most."""

_STANDS = r"(?:\((?:[^()]|\([^()]*\))*\)|(?![.:;] )[^()\n])*?"
"""What stands in a place: nothing that goes beyond a sentence, brackets in pairs."""

_PARTED = re.compile(r"(?:\{1\})? (?=[A-Z])|(?:\{1\})?; |\n +")
_BEGINNING = re.compile(r"^(?:\{1(?:!t)?\}；?|；)?\s*")
"""What a translation has in place of what parts its message from the one before."""

_FULL_WIDTH = {".": "。", ":": "：", ";": "；"}


@contextmanager
def language(name: str, /) -> Iterator[None]:
    """Show messages in a language inside the block: those of reports, tables and verdicts.

    Outside, the environment's variable RECURRA_LANGUAGE says it, and it is English by default.

    Parameters
    ----------
    name
        "en", or "zh" for Chinese.

    Raises
    ------
    InputError
        If there is no catalogue of the language.

    Examples
    --------
    >>> from recurra.messages import language, translated
    >>> with language("zh"):
    ...     translated("Wrote 12 rows to next.csv.")
    '已将 12 行写入 next.csv。'
    """
    known: dict[str, Language] = {each: each for each in get_args(Language)}
    if name not in known:
        raise InputError(f"language = {name!r}: expected {' or '.join(map(repr, known))}")
    token = _chosen.set(known[name])
    try:
        yield
    finally:
        _chosen.reset(token)


def language_now() -> Language:
    """Return the language that messages are shown in now."""
    return _chosen.get() or _code(os.environ.get("RECURRA_LANGUAGE", ""))


def language_of_system() -> Language:
    """Return the language that the environment asks a command for, as `LANG=zh_CN.UTF-8` does."""
    return _code(next(filter(None, map(os.environ.get, _ASKED)), ""))


def _code(asked: str) -> Language:
    """Return the language of "zh_CN.UTF-8" or "fr:zh"; English where it has no catalogue."""
    codes = (re.split(r"[_.@-]", each)[0].lower() for each in asked.split(":"))
    return next((code for known in codes for code in get_args(Language) if code == known), "en")


def translated(text: str, /) -> str:
    """Return a text in the language of now; as it is where no message of the catalogue fits."""
    now = language_now()
    return text if now == "en" else _translated(text, now)


def _translated(text: str, into: Language) -> str:
    found = _found(text, into)
    if found is not None:
        return found
    stripped = text.strip()
    if not stripped or stripped == text:
        return _piecewise(text, into)
    begin = text.index(stripped)
    return text[:begin] + _translated(stripped, into) + text[begin + len(stripped) :]


def _piecewise(text: str, into: Language) -> str:
    """Translate what is made of several messages: the longest beginning that is one, and so on with the rest."""
    said, at = "", 0
    ends = [*(found.span() for found in _SENTENCES.finditer(text)), (len(text), len(text))]
    while ends:
        for count in range(min(len(ends), _MOST), 0, -1):
            end, begin = ends[count - 1]
            found = _sentence(text[at:end], into)
            if found is not None or count == 1:
                space = "" if found is not None and text[end:begin] == " " else text[end:begin]
                said += (text[at:end] if found is None else found) + space
                at, ends = begin, ends[count:]
                break
    return said


def _sentence(text: str, into: Language) -> str | None:
    """Return the translation of a message, also where a mark follows that the message is without."""
    found = _found(text, into) if text[-1:] == "." else None
    if found is not None or text[-1:] not in _FULL_WIDTH:
        return found or _found(text, into)
    without = _found(text[:-1], into)
    return _found(text, into) if without is None else without + _FULL_WIDTH[text[-1]]


@lru_cache(maxsize=4096)
def _found(text: str, into: Language) -> str | None:
    """Return the translation of a message, or of one that is written with a small letter; None if it is none."""
    known = _known(into)
    for each in dict.fromkeys((text, text[:1].lower() + text[1:])):
        if each in known:
            return known[each]
        for longest, words, message in _with_places(into):
            if longest not in each or not all(word in each for word in words):
                continue
            match = _pattern(message, into).fullmatch(each)
            if match is not None:
                return _filled(known[message], match.groupdict(), into)
    return None


def _filled(translation: str, groups: Mapping[str, str], into: Language) -> str:
    """Return a translation with what stands in its places; a group is named after the places that it holds."""
    found: dict[str, str] = {}
    for name, text in groups.items():
        first, *others = name.split("_")[1:]
        for place in reversed(others):
            begins = (at for at in range(len(text)) if not text[at].isalnum() and _found(text[at:], into) is not None)
            at = next(begins, len(text))
            text, found[place] = text[:at], text[at:]
        found[first] = text

    def stands(place: re.Match[str]) -> str:
        text = found[place[1]]
        return _translated(text, into) if place[2] else text

    return _PLACE.sub(stands, translation)


@cache
def _known(into: Language) -> Mapping[str, str]:
    """Return the messages of a catalogue; those that follow others also without what parts them."""
    known = catalogue(into)
    parted = ((_PARTED.match(message), message, translation) for message, translation in known.items())
    alone = {
        message[found.end() :]: _BEGINNING.sub("", translation, count=1)
        for found, message, translation in parted
        if found
    }
    return {**alone, **known}


@cache
def _with_places(into: Language) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Return of each message with places the longest text between those, all of them, and it; the fullest first."""
    known = [(_PLACE.split(message)[::3], message) for message in _known(into) if _PLACE.search(message)]
    known.sort(key=lambda each: -sum(map(len, each[0])))
    return tuple((max(words, key=len), tuple(words), message) for words, message in known)


@cache
def _pattern(message: str, into: Language) -> re.Pattern[str]:
    """Return the pattern of a message: a group for each run of places, named after them.

    What a message of one word begins with, as "{1} rows", is a number or a time: "All rows" is no such message. A last
    place that is translated, and has none beside it, is open, and so is one after a colon: it may hold several
    sentences.
    """
    words = _PLACE.split(message.replace("{s}", "\0"))
    is_count = not words[0] and len(re.findall("[a-z]+", "".join(words[::3]))) == 1 and re.match(" [a-z]", words[3])
    pattern, run, before = re.escape(words[0]), "", words[0]
    is_open = words[-4] and not words[-1] and f"{{{words[-3]}!t}}" in _known(into)[message]
    for number, text in zip(words[1::3], words[3::3], strict=True):
        run += f"_{number}"
        if text or number == words[-3]:
            has_any = ". " in message or "\n" in message or (not text and (is_open or before.endswith(": ")))
            stands = "[^a-z]*?" if is_count and not before else ".*?" if has_any else _STANDS
            after = r"(?!\d)" if text.endswith((".", ",")) else ""  # inside a number
            if not text and run != f"_{number}":  # several places at the end: the sentence's mark is in none of them
                after = r"(?<!\.)"
            pattern += f"(?P<p{run}>{stands}){re.escape(text)}{after}"
            run, before = "", text
    return re.compile(pattern.replace(re.escape("\0"), "s?"), re.DOTALL if "\n" in message else re.NOFLAG)


@cache
def catalogue(into: Language, /) -> Mapping[str, str]:
    """Return the messages of a catalogue: English -> its translation, empty where there is none yet."""
    if into == "en":
        return {}
    from importlib.resources import files  # which English does not need

    text = files("recurra").joinpath("locale", f"{into}.po").read_text(encoding="utf-8")
    found = {_joined(message): _joined(translation) for message, translation in _ENTRY.findall(text + "\n")}
    return {message: translation for message, translation in found.items() if message}


def _joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) if "\\" in line else line[1:-1] for line in lines.splitlines())
