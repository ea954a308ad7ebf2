"""Tables of whatever library is there: pandas, polars or pyarrow are used where they are installed, never needed to import."""

from __future__ import annotations

import importlib
import importlib.util
import pathlib
from collections.abc import Sequence
from typing import Any

from causeway.errors import CausewayError


def pandas(what: str) -> Any:
    """The module pandas, or an error that says what needs it."""
    return _module("pandas", what)


def read_frame(files: Sequence[pathlib.Path], columns: Sequence[str] | None, library: str | None) -> Any:
    """Parquet files in order as one data frame: of ``library``, else of pandas where it is installed, else of polars."""
    chosen = library or _first_installed(("pandas", "polars"))
    if chosen is None:
        raise CausewayError(
            "UNAVAILABLE",
            "a data frame needs pandas (with pyarrow) or polars, and neither is installed",
            help="pip install pandas pyarrow, or read the Parquet files of files() yourself",
        )
    module = _module(chosen, "frame()")
    if chosen == "polars":
        frame = module.concat([module.read_parquet(file) for file in files])
        return frame if columns is None else frame.select(list(columns))
    if chosen != "pandas":
        raise CausewayError("INVALID_FIELD", f"frames come from pandas or polars, not {chosen}", field="library")
    chosen_columns = None if columns is None else list(columns)
    frames = [module.read_parquet(file, columns=chosen_columns) for file in files]
    return frames[0] if len(frames) == 1 else module.concat(frames, ignore_index=True)


def read_arrow(files: Sequence[pathlib.Path], columns: Sequence[str] | None) -> Any:
    """Parquet files in order as one Arrow table."""
    parquet = _module("pyarrow.parquet", "arrow()", package="pyarrow")
    arrow = _module("pyarrow", "arrow()")
    chosen = None if columns is None else list(columns)
    tables = [parquet.read_table(file, columns=chosen) for file in files]
    return tables[0] if len(tables) == 1 else arrow.concat_tables(tables)


def is_frame(value: Any) -> bool:
    """True for a data frame or an Arrow table."""
    return is_arrow(value) or (hasattr(value, "columns") and (hasattr(value, "to_dict") or hasattr(value, "to_dicts")))


def is_arrow(value: Any) -> bool:
    """True for a table of pyarrow."""
    return hasattr(value, "column_names") and hasattr(value, "to_pylist")


def write_parquet(frame: Any, file: pathlib.Path) -> None:
    """Writes a data frame or Arrow table; an index of pandas is no column and is left out."""
    if is_arrow(frame):
        _module("pyarrow.parquet", "writing an Arrow table", package="pyarrow").write_table(frame, file)
    elif hasattr(frame, "write_parquet"):
        frame.write_parquet(file)
    elif hasattr(frame, "to_parquet"):
        _module("pyarrow", "writing a pandas frame")
        frame.to_parquet(file, index=False)
    else:
        raise TypeError(f"a {type(frame).__name__} is no table that can be written as Parquet")


def column_names(frame: Any) -> list[str]:
    """Names of the columns in order."""
    return [str(name) for name in (frame.column_names if is_arrow(frame) else frame.columns)]


def records_of(frame: Any, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of some columns as dictionaries of Python values."""
    chosen = list(columns)
    if is_arrow(frame):
        return list(frame.select(chosen).to_pylist())
    if hasattr(frame, "to_dicts"):
        return list(frame.select(chosen).to_dicts())
    return list(frame[chosen].to_dict("records"))


def _first_installed(names: Sequence[str]) -> str | None:
    return next((name for name in names if importlib.util.find_spec(name) is not None), None)


def _module(name: str, what: str, package: str | None = None) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        needed = package or name
        raise CausewayError(
            "UNAVAILABLE", f"{what} needs {needed}, which is not installed", help=f"pip install {needed}"
        ) from cause
