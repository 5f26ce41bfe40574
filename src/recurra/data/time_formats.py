"""Formats and zones of times: reading texts, and writing times so that texts come out again; UTC and local time.

A format is given in the letters of `strptime`. It becomes a regular expression with a group for each directive, and
each of its directives has one way to be written. What a text shows beyond its format (days without a leading zero, how
many digits a second has) refines it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import polars

from recurra.errors import DataError, InputError

__all__ = [
    "Pattern",
    "ReadTimes",
    "candidates",
    "check_format",
    "check_zone",
    "instants",
    "known_zone",
    "local_times",
    "offsets",
    "pattern_of",
    "written",
]

_FIXED = re.compile(r"([+-])(\d{2}):(\d{2})")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_GROUPS = {
    "Y": r"\d{4}", "G": r"\d{4}", "y": r"\d{2}", "V": r"\d{2}", "q": "[1-4]", "m": r"\d{1,2}", "d": r"\d{1,2}",
    "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{2}", "S": r"\d{2}", "p": r"[ap]\.?m\.?", "z": r"Z|[+-]\d{2}:?\d{2}",
    "b": "|".join(_MONTHS), "B": "|".join(_LONG_MONTHS), "a": "|".join(_DAYS), "A": "|".join(_LONG_DAYS),
}  # fmt: skip
_SAME = {"-m": "m", "-d": "d", "e": "d", "-H": "H", "-I": "I", "P": "p", "^b": "b", ":z": "z", "h": "b"}
_LONG = {"T": "%H:%M:%S", "F": "%Y-%m-%d", "R": "%H:%M", "D": "%m/%d/%y"}
_DIRECTIVE = re.compile(r"%(\.[1-6]?f|:z|-[mdHI]|\^b|[A-Za-z%])")

_DATES = (
    "%Y-%m-%d", "%Y-%m", "%Y/%m/%d", "%Y/%m", "%Y.%m.%d", "%Y-Q%q", "%YQ%q", "%Y Q%q", "Q%q %Y", "Q%q-%Y", "%G-W%V",
    "%Y%m%dT%H%M%S", "%Y%m%d", "%d.%m.%Y", "%d.%m.%y", "%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m/%Y",
    "%m-%d-%Y", "%d-%m-%Y", "%m-%d-%y", "%d-%m-%y", "%m-%Y", "%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B %Y", "%B-%Y",
    "%Y-%b", "%Y %b", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%b-%d",
    "%a %b %d %Y", "%a, %d %b %Y",
)  # fmt: skip
_CLOCKS = tuple(
    f"{between}{clock}"
    for between in (" ", "T", ", ")
    for clock in ("%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I:%M:%S%.f %p", "%I %p")
)
_ENDS = ("", "", "%z", " %z")
_COMPACT = {6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@lru_cache(maxsize=64)
def check_zone(name: str, /) -> str:
    """Return the name of a zone, such as Europe/Berlin, or an offset, such as +05:30.

    Raises
    ------
    InputError
        If there is no such zone.
    """
    if _fixed(name) is not None:
        return name
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise InputError(
            f"time_zone = {name!r}: there is no such zone; expected one such as Europe/Berlin, UTC or +05:30"
        ) from None


def local_times(values: np.ndarray, /, *, zone: str | None) -> np.ndarray:
    """Return what a clock in a zone shows at UTC times (rows,); without a zone, the values as they are."""
    if zone is None:
        return values
    fixed = _fixed(zone)
    if fixed is not None:
        return values + fixed
    series = polars.Series(values.astype("datetime64[us]").ravel()).dt.replace_time_zone("UTC")
    local = series.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return local.to_numpy().astype("datetime64[us]").reshape(values.shape)


def instants(
    local: np.ndarray, /, *, zone: str | None, is_second: np.ndarray | None = None, strict: bool = False
) -> np.ndarray:
    """Return the UTC times at which a clock in a zone shows local times.

    Parameters
    ----------
    local
        (rows,) datetime64.
    zone
        The zone; without one, the values are returned as they are.
    is_second
        (rows,) where the clock shows a time twice, whether it is the second time; by default the first.
    strict
        Whether a time that the clock leaves out is an error, NaT in the result; otherwise it is moved on by as much as
        the clock is.
    """
    if zone is None:
        return local
    fixed = _fixed(zone)
    if fixed is not None:
        return local - fixed
    flat = local.astype("datetime64[us]").ravel()
    second = np.zeros(len(flat), dtype=bool) if is_second is None else is_second
    found = _in_zone(flat, zone, second)
    left_out = np.isnat(found)
    if not strict and left_out.any():
        # before the clock goes forward its offset is that of a day earlier, and with that one the time is moved on
        day = np.timedelta64(1, "D")
        found[left_out] = _in_zone(flat[left_out] - day, zone, second[left_out]) + day
    return found.reshape(local.shape)


def offsets(values: np.ndarray, /, *, zone: str | None) -> np.ndarray:
    """Return how many seconds (rows,) a zone is ahead of UTC at UTC times."""
    ahead = local_times(values, zone=zone) - values
    return ahead.astype("timedelta64[s]").astype(np.int64)


def known_zone(name: str, /, *, where: str) -> str:
    """Return the zone of a column; `DataError` if there is no such zone."""
    try:
        return check_zone(name)
    except InputError:
        raise DataError(f"{where}: the time zone {name!r} is not known") from None


def _in_zone(local: np.ndarray, zone: str, second: np.ndarray) -> np.ndarray:
    frame = polars.DataFrame({"local": local, "which": np.where(second, "latest", "earliest")})
    zoned = polars.col("local").dt.replace_time_zone(zone, ambiguous=polars.col("which"), non_existent="null")
    found = frame.select(zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)).to_series()
    return found.to_numpy().astype("datetime64[us]").copy()


def _fixed(zone: str) -> np.timedelta64 | None:
    found = _FIXED.fullmatch(zone)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return np.timedelta64(-minutes if found[1] == "-" else minutes, "m")


@dataclass(frozen=True, kw_only=True)
class ReadTimes:
    """Texts that were read by a format.

    Attributes
    ----------
    values
        (rows,) datetime64 in microseconds as the texts show it; NaT where a text does not fit.
    offsets
        (rows,) seconds that they are ahead of UTC, or None where the texts do not say.
    format
        The format with all that the texts show of it.
    """

    values: np.ndarray
    offsets: np.ndarray | None
    format: str

    @property
    def is_whole(self) -> bool:
        """Whether every text fits."""
        return not np.isnat(self.values).any()


@dataclass(frozen=True, eq=False)
class Pattern:
    """A format, taken apart.

    Attributes
    ----------
    format
        In the letters of `strptime`.
    tokens
        Its directives ("%Y") and what is between them.
    """

    format: str
    tokens: tuple[str, ...]

    @cached_property
    def regex(self) -> str:
        """A regular expression with one group for each directive."""
        parts: list[str] = []
        count = len(self.tokens)
        for place, token in enumerate(self.tokens):
            letter = _letter(token)
            if letter is None:
                parts.append(re.escape(token) if not token.isspace() else r"\s+")
            elif letter == "f":
                parts.append(r"(?:\.(?P<f>\d{1,9}))?")
            else:
                group = _GROUPS[letter]
                is_beside = any(_is_number(self.tokens[each]) for each in (place - 1, place + 1) if 0 <= each < count)
                if group == r"\d{1,2}" and is_beside and "-" not in token:
                    group = r"\d{2}"
                parts.append(f"(?P<{letter}>{group})")
        return f"(?i)^{''.join(parts)}$"

    def read(self, texts: polars.Series, /) -> ReadTimes:
        """Read texts (rows,)."""
        groups = {_letter(token) for token in self.tokens} - {None}
        found = texts.str.extract_groups(self.regex).struct.unnest() if groups else polars.DataFrame()
        found = found.with_columns(found["f"].fill_null("")) if "f" in found.columns else found
        values = _assembled(found, rows=len(texts))
        zone = _seconds(found["z"]) if "z" in found.columns else None
        return ReadTimes(values=values, offsets=zone, format="".join(self._refined(found)))

    def _refined(self, found: polars.DataFrame) -> Iterator[str]:
        """Give the tokens with what all texts show of them."""
        for token in self.tokens:
            letter = _letter(token)
            texts = found[letter].drop_nulls() if letter is not None else polars.Series([], dtype=polars.String)
            if not len(texts):
                yield token
            elif token in ("%m", "%d", "%H", "%I") and texts.str.len_chars().min() == 1:
                yield f"%-{letter}"
            elif token == "%p" and (texts == texts.str.to_lowercase()).all():
                yield "%P"
            elif token == "%b" and (texts == texts.str.to_uppercase()).all():
                yield "%^b"
            elif token == "%.f" and texts.str.len_chars().n_unique() == 1 and 1 <= len(texts[0]) <= 6:
                yield f"%.{len(texts[0])}f"
            elif token == "%z" and (texts.str.to_uppercase() == "Z").all():
                yield "Z"
            elif token == "%z" and texts.str.contains(":").all():
                yield "%:z"
            else:
                yield token


@lru_cache(maxsize=512)
def pattern_of(format: str, /) -> Pattern:
    """Take a format apart.

    Raises
    ------
    DataError
        If it has a directive that is not known, one twice, or none.
    """
    whole = format.replace("%.%f", "%.f").replace(".%f", "%.f").replace(",%f", ",%.f")
    whole = re.sub(r"%([TFRD])", lambda found: _LONG[found[1]], whole)
    tokens, end = [], 0
    for found in _DIRECTIVE.finditer(whole):
        tokens += [whole[end : found.start()], found[0]]
        end = found.end()
    tokens = [token for token in (*tokens, whole[end:]) if token]
    letters = [letter for letter in map(_letter, tokens) if letter]
    stray = next((token for token in tokens if _letter(token) is None and "%" in token), None)
    known = {*_GROUPS, "f"}
    unknown = next((letter for letter in letters if letter not in known), None)
    has_year = sum(letter in letters for letter in "YyG") == 1
    if stray is not None or unknown is not None or not has_year or len(set(letters)) < len(letters):
        said = f" (%{unknown} is not known)" if unknown else "" if has_year else " (it has no year)"
        raise DataError(
            f"{format!r} is no time format{said}; expected one such as '%Y-%m-%d %H:%M', with "
            f"{', '.join('%' + each for each in (*_GROUPS, '.f'))}"
        )
    return Pattern(format, tuple(tokens))


def check_format(format: str, /) -> None:
    """Raise an `InputError` if a format cannot be read, or times not be written in it."""
    try:
        written(np.array(["2000-01-01"], dtype="datetime64[us]"), format=format, zone="UTC")
    except DataError as error:
        raise InputError(f"time_format = {error}") from None


def candidates(text: str, /) -> list[Pattern]:
    """Return the formats that a text may have."""
    if re.fullmatch(r"(1[5-9]|20|21)\d+", text):
        return [pattern_of(_COMPACT[len(text)])] if len(text) in _COMPACT else []
    found: list[Pattern] = []
    for date in _DATES:
        begin = re.match(pattern_of(date).regex[:-1], text)
        if begin is None:
            continue
        rest = text[begin.end() :]
        ends = [""] if not rest else [f"{c}{e}" for c in _CLOCKS for e in dict.fromkeys(_ENDS)]
        found += [whole for end in ends if re.match((whole := pattern_of(date + end)).regex, text)]
    return found


def written(values: np.ndarray, /, *, format: str, zone: str | None) -> list[str]:
    """Write times (rows,), datetime64, in a format; with a zone, values are in UTC and are shown in the zone."""
    local = polars.Series("t", local_times(values, zone=zone).astype("datetime64[us]"))
    parts: list[polars.Series] = []
    plain = ""
    for token in pattern_of(format).tokens:
        own = _own_writing(token, local, values, zone)
        if own is None:
            plain += token
        else:
            parts += [local.dt.strftime(plain), own] if plain else [own]
            plain = ""
    if plain:
        parts.append(local.dt.strftime(plain))
    named = [part.alias(str(place)) for place, part in enumerate(parts)]
    return polars.DataFrame(named).select(polars.concat_str(polars.all())).to_series().to_list()


def _own_writing(token: str, local: polars.Series, values: np.ndarray, zone: str | None) -> polars.Series | None:
    """Return what a directive becomes where polars has none for it."""
    if token == "%q":
        return local.dt.quarter().cast(polars.String)
    if token == "%^b":
        return local.dt.strftime("%b").str.to_uppercase()
    if re.fullmatch(r"%\.[1-6]f", token):
        digits = local.dt.microsecond().cast(polars.String).str.zfill(6).str.slice(0, int(token[2]))
        return polars.select("." + polars.lit(digits)).to_series()
    if token in ("%z", "%:z"):
        return polars.Series([_offset_text(each, colon=":" in token) for each in offsets(values, zone=zone).tolist()])
    return None


def _offset_text(seconds: int, *, colon: bool) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}{':' * colon}{minutes % 60:02d}"


def _letter(token: str) -> str | None:
    """Return the group of a directive, None for what is between directives."""
    found = _DIRECTIVE.fullmatch(token)
    if found is None or token == "%%":
        return None
    letter = found[1]
    return "f" if letter.endswith("f") else _SAME.get(letter, letter)


def _is_number(token: str) -> bool:
    return (letter := _letter(token)) is not None and letter in "YGymdHIMSV"


def _assembled(found: polars.DataFrame, *, rows: int) -> np.ndarray:
    """Return the times (rows,) that groups of texts say."""
    if not found.width:
        return np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]")
    has = set(found.columns)
    number = {name: polars.col(name).cast(polars.Int64, strict=False) for name in has & set("YGyVqmdHIMS")}
    year = number.get("Y", number.get("G"))
    if year is None:
        year = number["y"] + polars.when(number["y"] < 69).then(2000).otherwise(1900)
    if "V" in has:
        date, day_format = polars.format("{}-{}-1", year, polars.col("V")), "%G-%V-%u"
    else:
        date, day_format = (
            polars.format("{}-{}-{}", year, _month(has, number), number.get("d", polars.lit(1))),
            "%Y-%m-%d",
        )
    clock = polars.format("{}:{}:{}.{}", _hour(has, number), *_minutes(has))
    texts = found.select(date.alias("date"), clock.alias("clock"))
    dates = texts["date"].str.to_date(day_format, strict=False)
    clocks = ("1970-01-01 " + texts["clock"]).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    return dates.cast(polars.Datetime("us")).to_numpy().astype("datetime64[us]") + (
        clocks.to_numpy().astype("datetime64[us]") - np.datetime64("1970-01-01")
    )


def _month(has: set[str], number: dict[str, polars.Expr]) -> polars.Expr:
    for name, months in (("b", _MONTHS), ("B", _LONG_MONTHS)):
        if name in has:
            places = range(1, 13)
            return (
                polars.col(name)
                .str.to_lowercase()
                .replace_strict(months, places, return_dtype=polars.Int64, default=None)
            )
    if "q" in has:
        return number["q"] * 3 - 2
    return number.get("m", polars.lit(1))


def _hour(has: set[str], number: dict[str, polars.Expr]) -> polars.Expr:
    if "I" not in has:
        return number.get("H", polars.lit(0))
    is_hour = number["I"].is_between(1, 12)
    afternoon = polars.col("p").str.to_lowercase().str.starts_with("p") if "p" in has else polars.lit(False)
    return polars.when(is_hour).then(number["I"] % 12 + polars.when(afternoon).then(12).otherwise(0))


def _minutes(has: set[str]) -> list[polars.Expr]:
    second = [polars.col(name) if name in has else polars.lit("00") for name in "MS"]
    return [*second, polars.col("f").str.pad_end(6, "0") if "f" in has else polars.lit("000000")]


def _seconds(texts: polars.Series) -> np.ndarray:
    """Return offsets such as +05:30 (rows,) in seconds."""
    digits = texts.str.replace_all("[^0-9]", "").str.zfill(4)
    minutes = digits.str.slice(0, 2).cast(polars.Int64) * 60 + digits.str.slice(2, 2).cast(polars.Int64)
    sign = texts.str.starts_with("-").cast(polars.Int64) * -2 + 1
    return (minutes * sign * 60).fill_null(0).to_numpy()
