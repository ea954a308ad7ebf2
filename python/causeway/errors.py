"""The one exception of the client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class CausewayError(Exception):
    """Something was refused or could not be done.

    ``code`` is one of a closed set (``NOT_FOUND``, ``INVALID_FIELD``, ``UNAVAILABLE``, ...): compare it, never the message.
    ``field`` and ``value`` say what was wrong, ``help`` how to get out of it, ``issues`` every wrong field where there are
    several, and ``request_id`` finds the call in the server's log.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        value: Any = None,
        help: str | None = None,
        status: int | None = None,
        issues: Sequence[Mapping[str, Any]] = (),
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.value = value
        self.help = help
        self.status = status
        self.issues = tuple(issues)
        self.request_id = request_id

    def __str__(self) -> str:
        lines = [f"{self.message} [{self.code}]"]
        if self.help:
            lines.append(f"  what to do: {self.help}")
        if self.request_id:
            lines.append(f"  request {self.request_id}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its positional arguments, and this one has keywords: pools of processes must carry it.
        return (_rebuilt, (self.code, self.message, {key: getattr(self, key) for key in _KEYWORDS}))


_KEYWORDS = ("field", "value", "help", "status", "issues", "request_id")


def _rebuilt(code: str, message: str, details: dict[str, Any]) -> CausewayError:
    return CausewayError(code, message, **details)
