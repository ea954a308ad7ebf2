"""Turns the columns of a request into what a model's `predict` takes."""

from __future__ import annotations

import base64
from typing import Any, Dict, List

import numpy as np

_NUMBERS = {"f8": np.float64, "i8": np.int64, "u1": np.bool_}


class RefusedRows(Exception):
    """The rows do not fit the model: the caller's mistake, not the model's."""


def column_values(column: Dict[str, Any], body: bytes) -> Any:
    """A column of a frame: an array where it lies in the body, else the list of its header."""
    if "at" not in column:
        return column["data"]
    at, size, code = column["at"], column["bytes"], column["code"]
    stored = np.uint8 if code == "u1" else _NUMBERS[code]
    values = np.frombuffer(body, dtype=stored, count=size // np.dtype(stored).itemsize, offset=at)
    return values.astype(bool) if code == "u1" else values.copy()


def build_inputs(columns: List[Dict[str, Any]], body: bytes, rows: int, schema: Any, is_open: bool) -> Any:
    """What the model is given: a DataFrame, an array, or arrays by name, as its own schema says."""
    values = [column_values(column, body) for column in columns]
    if is_open:
        return _open_input(values[0])
    if schema.is_tensor_spec():
        specs = schema.inputs
        arrays = [
            _tensor(given, spec, rows, column)
            for given, spec, column in zip(values, specs, columns)
        ]
        return dict(zip(schema.input_names(), arrays)) if schema.has_input_names() else arrays[0]
    import pandas as pd

    names = schema.input_names() if schema.has_input_names() else range(len(columns))
    series = {
        name: _series(given, spec) for name, given, spec in zip(names, values, schema.inputs)
    }
    return pd.DataFrame(series)


def _open_input(records: List[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(records) if all(isinstance(one, dict) for one in records) else records


def _tensor(given: Any, spec: Any, rows: int, column: Dict[str, Any]) -> np.ndarray:
    shape = [rows, *column.get("shape", [])]
    _refuse_overflow(given, spec)
    try:
        array = np.asarray(given, dtype=None if spec.type.kind in "US" else spec.type)
        return array.reshape(shape) if "at" in column else array
    except (TypeError, ValueError) as error:
        raise RefusedRows(f"{spec.name or 'input'}: {error}") from error


def _refuse_overflow(given: Any, spec: Any) -> None:
    """An array would wrap whole numbers that its type does not hold, without a word."""
    if spec.type.kind not in "iu" or not isinstance(given, np.ndarray) or given.size == 0:
        return
    bounds = np.iinfo(spec.type)
    for extreme in (int(given.min()), int(given.max())):
        if not bounds.min <= extreme <= bounds.max:
            raise RefusedRows(f"{spec.name or 'input'}: {extreme} does not fit {spec.type}, which goes from {bounds.min} to {bounds.max}")


def _series(given: Any, spec: Any) -> Any:
    import pandas as pd

    name = getattr(spec.type, "name", "")
    try:
        if name == "datetime":
            return pd.to_datetime(pd.Series(given, dtype=object), format="ISO8601")
        if name == "binary":
            return pd.Series([None if one is None else base64.b64decode(one) for one in given], dtype=object)
        missing = not isinstance(given, np.ndarray) and any(one is None for one in given)
        if name in ("boolean", "integer", "long", "float", "double"):
            if not missing:
                return np.asarray(given, dtype=spec.type.to_numpy())
            return pd.Series(given, dtype=object if name == "boolean" else "float64")
        return pd.Series(given) if name == "string" and not missing else pd.Series(given, dtype=object)
    except (TypeError, ValueError) as error:
        raise RefusedRows(f"{spec.name}: {error}") from error
