"""Tables as pandas frames; pandas itself is only needed by those who have one."""

from __future__ import annotations

from typing import Any, Protocol

import polars

from recurra.errors import DataError

__all__ = ["PandasFrame", "from_pandas"]


class PandasFrame(Protocol):
    """A pandas frame, as far as it is looked at."""

    @property
    def index(self) -> Any:
        """The labels of the rows."""
        ...

    def reset_index(self) -> Any:
        """Return the frame with its index as columns."""
        ...


def from_pandas(frame: PandasFrame, /) -> polars.DataFrame:
    """Return a pandas frame as a polars frame; each level of the index that has a name becomes a column.

    Raises
    ------
    DataError
        If it is no pandas frame, or a column holds what polars has no type for.
    """
    if type(frame).__module__.partition(".")[0] != "pandas":
        raise DataError(f"got a {type(frame).__name__}; expected a path, or a frame of polars or pandas")
    named = [name for name in frame.index.names if name is not None]
    flat: Any = frame.reset_index() if named else frame
    periods = [name for name, kind in flat.dtypes.items() if str(kind).startswith("period[")]
    if periods:  # a period is when it begins; months and quarters are written as such
        flat = flat.assign(**{name: flat[name].astype(str).str.partition("/")[0] for name in periods})
    try:
        return polars.from_pandas(flat)  # pyright: ignore[reportCallIssue, reportArgumentType]
    except (TypeError, ValueError, polars.exceptions.PolarsError) as error:
        raise DataError(f"the pandas frame cannot be read: {str(error).partition(chr(10))[0]}") from None
    except ImportError:
        raise DataError("a pandas frame with texts needs pyarrow; install it, or give a polars frame") from None
