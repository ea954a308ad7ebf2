"""Frames: what the gateway and a worker send to each other.

A frame is two unsigned 32-bit little-endian lengths, a JSON header of the first length, and a body of the second. Columns of
numbers travel in the body as they lie in memory, so that no digit, NaN or infinity is lost; the header names each by
`{"at", "bytes"}`.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Dict, List, Optional, Tuple

_LENGTHS = struct.Struct("<II")


def read_frame(descriptor: int) -> Optional[Tuple[Dict[str, Any], bytes]]:
    """The next header and body; None once the other side has closed."""
    lengths = _read_exactly(descriptor, _LENGTHS.size)
    if lengths is None:
        return None
    header_bytes, body_bytes = _LENGTHS.unpack(lengths)
    header = _read_exactly(descriptor, header_bytes)
    body = _read_exactly(descriptor, body_bytes)
    if header is None or body is None:
        return None
    return json.loads(header), body


def write_frame(descriptor: int, header: Dict[str, Any], parts: List[bytes]) -> None:
    """Sends a header and the parts of its body, one after the other."""
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    head = _LENGTHS.pack(len(text), sum(len(part) for part in parts)) + text
    _write_all(descriptor, b"".join([head, *parts]))


def _read_exactly(descriptor: int, count: int) -> Optional[bytes]:
    parts = []
    while count > 0:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
