"""Values as they travel: JSON without loss, times in UTC with milliseconds."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from collections.abc import Mapping
from typing import Any, Literal

#: The largest integer that a double holds with all smaller ones; the platform writes larger ones as text.
LARGEST_EXACT = 2**53

#: How an integer beyond 2^53 is written: as text to control, as its digits to a gateway, which reads those exactly.
Integers = Literal["text", "digits"]


def encode(value: Any, integers: Integers = "text") -> bytes:
    """JSON of plain values, NumPy and pandas scalars, dates and times; NaN and infinities become words."""
    plain = to_wire(value, integers)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def to_wire(value: Any, integers: Integers = "text") -> Any:
    """The value with everything in it as JSON can carry it."""
    # Subclasses (numpy.float64 is a float, a StrEnum a str) come out as the plain type, which is what JSON writes.
    if value is None or value is True or value is False or type(value) is str:
        return value
    if is_missing_mark(value):
        return None
    if isinstance(value, int):
        whole = int(value)
        return str(whole) if integers == "text" and abs(whole) > LARGEST_EXACT else whole
    if isinstance(value, float):
        return _real(float(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime.datetime):
        return timestamp(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return _real(float(value))
    if isinstance(value, Mapping):
        return {str(key): to_wire(one, integers) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_wire(one, integers) for one in value]
    # Scalars and arrays of NumPy, PyTorch, pandas and polars know how to become Python's.
    for name in ("tolist", "to_list", "item"):
        convert = getattr(value, name, None)
        if callable(convert):
            converted = convert()
            if converted is not value:
                return to_wire(converted, integers)
    raise TypeError(f"a {type(value).__name__} cannot be sent as JSON: {value!r:.80}")


def is_missing_mark(value: Any) -> bool:
    """True for the marks that pandas writes where there is no value; NaN is a number and none of them."""
    return type(value).__name__ in ("NAType", "NaTType")


def is_missing(value: Any) -> bool:
    """True where a table has no value: None, NaN, or one of pandas' marks."""
    return value is None or is_missing_mark(value) or (isinstance(value, float) and math.isnan(value))


def timestamp(value: datetime.datetime | str) -> str:
    """ISO 8601 in UTC with milliseconds; a time without a zone is one of UTC, text is sent as it is."""
    if isinstance(value, str):
        return value
    zoned = value if value.tzinfo is not None else value.replace(tzinfo=datetime.timezone.utc)
    utc = zoned.astimezone(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime.datetime:
    """The time that the platform wrote, with its zone."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def real(value: Any) -> float:
    """A number as the platform writes it: NaN and infinities are words there."""
    return float(value)


def _real(number: float) -> float | str:
    if math.isfinite(number):
        return number
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"
