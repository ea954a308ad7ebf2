"""HTTP/1.1 with connections that are kept and shared by threads; says what may be tried again."""

from __future__ import annotations

import contextlib
import http.client
import json
import selectors
import socket
import ssl
import threading
import time
import urllib.parse
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping

from causeway.errors import CausewayError

#: A server that is restarted is back within this: so long a call is tried when nobody answers or it is not ready.
PATIENCE_SECONDS = 12.0
_FIRST_WAIT_SECONDS = 0.15
_LONGEST_WAIT_SECONDS = 1.0
_MOST_IDLE = 8
#: Statuses that say that nothing was done: 429 too much work, 503 not ready.
_UNDONE = (429, 503)

#: A request that must not be sent twice goes only over a connection that was used this lately: a server that closes an idle
#: one in the moment in which it is written to leaves open whether it was done.
_FRESH_SECONDS = 2.0

#: Bytes, or what gives them anew each time that a call is tried.
Body = bytes | Callable[[], Iterable[bytes]] | None

#: A connection that is kept, and since when nothing went over it.
_Idle = tuple[http.client.HTTPConnection, float]


class CutOff(CausewayError):
    """An answer that broke off before its end."""

    def __init__(self, url: str) -> None:
        super().__init__("UNAVAILABLE", f"the answer of {url} broke off before its end", help="try again")


class Reply:
    """An answer whose body is not read yet; leave the ``with`` block to give its connection back."""

    def __init__(self, response: http.client.HTTPResponse, url: str) -> None:
        self._response = response
        self._url = url
        self.status = response.status
        self.headers = response.headers

    def read(self) -> bytes:
        """The whole body; raises CutOff where it breaks off."""
        return b"".join(self.chunks())

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """The body in pieces; raises CutOff where it breaks off."""
        try:
            while chunk := self._response.read(size):
                yield chunk
        except (OSError, http.client.HTTPException) as cause:
            raise CutOff(self._url) from cause
        if self._response.length:
            raise CutOff(self._url)

    @property
    def is_done(self) -> bool:
        return self._response.isclosed() or self._response.length == 0


class Transport:
    """Connections to servers by their origin; thread-safe."""

    def __init__(self, timeout: float = 60.0) -> None:
        self._timeout = timeout
        self._idle: dict[tuple[str, str], list[_Idle]] = {}
        self._lock = threading.Lock()
        # What is kept ends with the last who holds the client, also where nobody closes it.
        weakref.finalize(self, _close_all, self._idle)

    @contextlib.contextmanager
    def open(
        self, method: str, url: str, *, headers: Mapping[str, str], body: Body = None, safe: bool
    ) -> Iterator[Reply]:
        """Sends a request until somebody answers. ``safe``: it may be done twice, so one that broke off is sent again.

        Raises UNAVAILABLE where nobody answers in time, DEADLINE_EXCEEDED where the answer does not come.
        """
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        origin = (parts.scheme, parts.netloc)
        started = time.monotonic()
        wait = _FIRST_WAIT_SECONDS
        while True:
            connection: http.client.HTTPConnection | None = None
            failure: Exception | None = None
            try:
                connection = self._connection(origin, None if safe else _FRESH_SECONDS)
            except OSError as cause:
                failure = cause
            if connection is not None:
                try:
                    connection.request(method, target, body=body() if callable(body) else body, headers=dict(headers))
                    reply = Reply(connection.getresponse(), url)
                except TimeoutError as cause:
                    connection.close()
                    raise CausewayError(
                        "DEADLINE_EXCEEDED",
                        f"{method} {url} was not answered within {self._timeout:g} s",
                        help="give connect(timeout=...) more seconds",
                    ) from cause
                except (OSError, http.client.HTTPException) as cause:
                    connection.close()
                    if not safe:
                        raise CausewayError(
                            "UNAVAILABLE",
                            f"the connection to {parts.netloc} broke before the answer to {method} {parts.path} came",
                            help="it is not known whether it was done: look before you ask again",
                        ) from cause
                    failure = cause
                else:
                    if reply.status not in _UNDONE or self._is_late(started):
                        try:
                            yield reply
                        finally:
                            self._give_back(origin, connection, reply)
                        return
                    wait = _retry_after(reply) or wait
                    reply.read()
                    self._give_back(origin, connection, reply)
            if failure is not None and self._is_late(started):
                raise CausewayError(
                    "UNAVAILABLE",
                    f"no answer from {parts.scheme}://{parts.netloc}",
                    help="start Causeway with: npx --no causeway up",
                ) from failure
            time.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)

    def close(self) -> None:
        """Closes what is kept; the transport can be used again."""
        with self._lock:
            _close_all(self._idle)

    def _is_late(self, started: float) -> bool:
        return time.monotonic() - started >= PATIENCE_SECONDS

    def _connection(self, origin: tuple[str, str], longest_idle: float | None) -> http.client.HTTPConnection:
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                kept = idle.pop() if idle else None
            if kept is None:
                break
            connection, since = kept
            is_fresh = longest_idle is None or time.monotonic() - since <= longest_idle
            # A server closes what was idle for long; that is seen before the request is sent, so it costs nothing.
            if is_fresh and connection.sock is not None and not _is_readable(connection.sock):
                return connection
            connection.close()
        scheme, host = origin
        if scheme == "https":
            context = ssl.create_default_context()
            fresh: http.client.HTTPConnection = http.client.HTTPSConnection(host, timeout=self._timeout, context=context)
        elif scheme == "http":
            fresh = http.client.HTTPConnection(host, timeout=self._timeout)
        else:
            raise CausewayError(
                "INVALID_FIELD",
                f"{scheme}://{host} is no address of a server",
                field="url",
                value=f"{scheme}://{host}",
                help="give an address that starts with http:// or https://",
            )
        fresh.connect()
        return fresh

    def _give_back(self, origin: tuple[str, str], connection: http.client.HTTPConnection, reply: Reply) -> None:
        if reply.is_done and connection.sock is not None:
            with self._lock:
                idle = self._idle.setdefault(origin, [])
                if len(idle) < _MOST_IDLE:
                    idle.append((connection, time.monotonic()))
                    return
        connection.close()


def _close_all(idle: dict[tuple[str, str], list[_Idle]]) -> None:
    for kept in idle.values():
        for connection, _ in kept:
            connection.close()
    idle.clear()


def error_of(reply: Reply, url: str) -> CausewayError:
    """The error that an answer describes (problem+json)."""
    text = reply.read()
    try:
        problem = json.loads(text)
        code = problem["code"]
    except (ValueError, KeyError, TypeError):
        return CausewayError(
            "UNAVAILABLE" if reply.status == 503 else "BAD_REQUEST",
            f"{url} answered {reply.status} without a description: {text[:200].decode(errors='replace')}",
            status=reply.status,
            help="see whether the address is Causeway's",
        )
    return CausewayError(
        code,
        problem.get("detail", ""),
        field=problem.get("field"),
        value=problem.get("value"),
        help=problem.get("help"),
        status=reply.status,
        issues=problem.get("issues", ()),
        request_id=problem.get("requestId"),
    )


def _retry_after(reply: Reply) -> float | None:
    text = reply.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT_SECONDS) if text.isdigit() else None


def _is_readable(sock: socket.socket) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))
