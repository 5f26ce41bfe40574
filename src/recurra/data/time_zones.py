"""Zones of time: from UTC to what a clock shows in a zone, and back; the doubled hour and the missing one."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import polars

from recurra.errors import DataError, InputError

__all__ = ["check_zone", "instants", "known_zone", "local_times", "offsets"]

_FIXED = re.compile(r"([+-])(\d{2}):(\d{2})")


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
