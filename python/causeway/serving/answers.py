"""Turns what a model answered into columns of a frame: one entry per row in each, whatever the model gave."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any, Dict, List, Tuple

import numpy as np


class BadAnswer(Exception):
    """The model answered in a way that cannot be told row by row."""


class Answer:
    """Named columns, in the order in which the model gave them.

    `form` says what the model's own server would make of them: `array` (one list), `records` (a table) or `columns` (arrays
    by name).
    """

    def __init__(self, form: str, columns: List[Tuple[str, np.ndarray]]):
        self.form = form
        self.columns = columns


def read_answer(prediction: Any, rows: int) -> Answer:
    """The columns of a prediction for so many rows."""
    answer = _columns_of(prediction, rows)
    for name, values in answer.columns:
        if len(values) != rows:
            raise BadAnswer(f"the model gave {len(values)} answers in {name} for {rows} rows")
    return answer


def _columns_of(prediction: Any, rows: int) -> Answer:
    kind = type(prediction).__name__
    if kind == "DataFrame":
        names = [str(name) for name in prediction.columns]
        return Answer("records", [(name, _plain(prediction.iloc[:, at])) for at, name in enumerate(names)])
    if kind == "Series":
        return Answer("records", [(str(prediction.name if prediction.name is not None else 0), _plain(prediction))])
    if hasattr(prediction, "toarray") and hasattr(prediction, "tocsr"):
        prediction = prediction.toarray()
    if isinstance(prediction, dict) and prediction and all(_is_column(one, rows) for one in prediction.values()):
        return Answer("columns", [(str(name), _array(one)) for name, one in prediction.items()])
    if hasattr(prediction, "numpy") and not isinstance(prediction, np.ndarray):
        prediction = prediction.numpy()
    if isinstance(prediction, np.ndarray) and prediction.ndim > 0:
        return Answer("array", [("predictions", prediction)])
    if isinstance(prediction, (list, tuple)) and len(prediction) == rows:
        return Answer("array", [("predictions", _array(prediction))])
    if rows == 1:
        return Answer("whole", [("predictions", _objects([prediction]))])
    raise BadAnswer(f"the model gave a {kind} for {rows} rows, which does not tell the rows apart")


def _is_column(value: Any, rows: int) -> bool:
    return isinstance(value, (list, tuple, np.ndarray)) and len(value) == rows


def _plain(series: Any) -> np.ndarray:
    return series.to_numpy() if series.dtype.kind in "biuf" else _objects(series.tolist())


def _array(values: Any) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values
    try:
        array = np.asarray(values)
    except ValueError:
        return _objects(values)
    # Mixed lists would come out as text, which is not what the model gave.
    mixed = array.dtype.kind in "US" and not all(isinstance(one, str) for one in values)
    return _objects(values) if mixed or array.dtype.kind == "O" else array


def _objects(values: Any) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        array[at] = value
    return array


def describe_column(name: str, values: np.ndarray) -> Dict[str, Any]:
    """Name, datatype of the Open Inference Protocol, and the shape of one row. `json`: each row is a JSON text."""
    datatype, is_json = _datatype(values)
    return {
        "name": name,
        "datatype": datatype,
        "rowShape": [] if is_json else [int(size) for size in values.shape[1:]],
        "json": is_json,
    }


def _datatype(values: np.ndarray) -> Tuple[str, bool]:
    kind = values.dtype.kind
    if kind == "b":
        return "BOOL", False
    if kind in "iu":
        return ("UINT64" if values.dtype == np.uint64 else "INT64"), False
    if kind == "f":
        return ("FP32" if values.dtype.itemsize <= 4 else "FP64"), False
    texts = kind == "U" or (kind == "O" and values.ndim == 1 and all(isinstance(one, str) for one in values))
    return "BYTES", not texts


_STORED = {"BOOL": np.uint8, "INT64": np.int64, "UINT64": np.uint64, "FP32": np.float32, "FP64": np.float64}


def encode_column(values: np.ndarray, description: Dict[str, Any]) -> Any:
    """The bytes of a column of numbers, or the list of its texts."""
    if description["datatype"] == "BYTES":
        if description["json"]:
            return [json.dumps(_jsonable(one), allow_nan=False) for one in values]
        return [str(one) for one in values.ravel()]
    return np.ascontiguousarray(values, dtype=_STORED[description["datatype"]]).tobytes()


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None if np.isnan(value) else str(value)
    if isinstance(value, np.generic):
        return _jsonable(value.item())
    if isinstance(value, np.ndarray):
        return [_jsonable(one) for one in value.tolist()]
    if isinstance(value, dict):
        return {str(key): _jsonable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_jsonable(one) for one in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.encodebytes(bytes(value)).decode("ascii")
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return _jsonable(value.model_dump())
    return str(value)
