"""Calls of control's API: a path with its parts, a query or a JSON body, an answer as plain Python values."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from causeway.discovery import Connection
from causeway.errors import CausewayError
from causeway.transport import CutOff, Reply, Transport, error_of
from causeway.wire import encode

_CHUNK_BYTES = 1 << 20
#: An answer that breaks off is asked for again: each call carries what makes it safe to repeat.
_MOST_TRIES = 3
_FIRST_POLL_SECONDS = 0.05
_LONGEST_POLL_SECONDS = 1.0

#: Values of a query by name; what is None is left out.
Query = Mapping[str, Any]
_NONE: Query = {}


class Api:
    """One server, called as one caller in one project and environment; thread-safe."""

    def __init__(self, connection: Connection, transport: Transport) -> None:
        self.connection = connection
        self.transport = transport

    def get(self, path: str, /, **query: Any) -> Any:
        """Answer of a GET; ``path`` is made with ``api_path``."""
        return self._json("GET", path, query=query)

    def post(self, path: str, /, **body: Any) -> Any:
        """Answer of a POST. It carries a key of its own, so that one that broke off is sent again and done once."""
        return self._json("POST", path, body=body, key=str(uuid.uuid4()))

    def put(self, path: str, /, **body: Any) -> Any:
        """Answer of a PUT."""
        return self._json("PUT", path, body=body)

    def patch(self, path: str, /, **body: Any) -> Any:
        """Answer of a PATCH."""
        return self._json("PATCH", path, body=body)

    def delete(self, path: str) -> Any:
        """Answer of a DELETE."""
        return self._json("DELETE", path, body={})

    def items(self, path: str, most: int | None = None, /, **query: Any) -> Iterator[Any]:
        """Items of a list, page by page."""
        return _paged(lambda size, after: self.get(path, **query, limit=size, after=after), most)

    def search(self, path: str, most: int | None = None, /, **body: Any) -> Iterator[Any]:
        """Items of a list that is asked for by POST."""
        return _paged(
            lambda size, after: self.post(path, **body, limit=size, **({} if after is None else {"after": after})),
            most,
        )

    def upload(
        self, path: str, file: pathlib.Path, on_bytes: Callable[[int], None] | None = None, /, **query: Any
    ) -> Any:
        """Sends a file's bytes as they are read; ``on_bytes`` gets how many were sent."""
        headers = {"content-type": "application/octet-stream", "content-length": str(file.stat().st_size)}
        url = self._url(path, query)
        # Stored bytes are named by their digest: sending them twice stores them once.
        with self.transport.open(
            "POST", url, headers=self._headers(headers), body=lambda: _read(file, on_bytes), safe=True
        ) as reply:
            return _answer(reply, url)

    def upload_bytes(self, path: str, data: bytes, /, **query: Any) -> Any:
        """Sends bytes."""
        url = self._url(path, query)
        headers = self._headers({"content-type": "application/octet-stream"})
        with self.transport.open("POST", url, headers=headers, body=data, safe=True) as reply:
            return _answer(reply, url)

    def download(self, path: str, target: pathlib.Path, digest: str, /, **query: Any) -> None:
        """Writes bytes to a file, whole or not at all: their sha256 must be ``digest``, else CORRUPT_ARTIFACT."""
        url = self._url(path, query)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        partial = pathlib.Path(name)
        try:
            hashed = hashlib.sha256()
            with os.fdopen(handle, "wb") as file:
                with self.transport.open("GET", url, headers=self._headers({}), safe=True) as reply:
                    if reply.status >= 300:
                        raise error_of(reply, url)
                    for chunk in reply.chunks(_CHUNK_BYTES):
                        hashed.update(chunk)
                        file.write(chunk)
            if hashed.hexdigest() != digest:
                raise CausewayError(
                    "CORRUPT_ARTIFACT",
                    f"what {url} sent has the sha256 {hashed.hexdigest()}, not {digest}",
                    field="digest",
                    value=digest,
                    help="try again; where it stays so, the server's store is damaged",
                )
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def text(self, path: str, /, **query: Any) -> str:
        """Bytes of a small text file."""
        url = self._url(path, query)
        with self.transport.open("GET", url, headers=self._headers({}), safe=True) as reply:
            if reply.status >= 300:
                raise error_of(reply, url)
            return reply.read().decode("utf-8")

    def _json(self, method: str, path: str, *, query: Query = _NONE, body: Any = None, key: str | None = None) -> Any:
        url = self._url(path, query)
        headers = {} if body is None else {"content-type": "application/json"}
        if key is not None:
            headers["idempotency-key"] = key
        data = None if body is None else encode(body)
        for tries_left in range(_MOST_TRIES - 1, -1, -1):
            try:
                with self.transport.open(method, url, headers=self._headers(headers), body=data, safe=True) as reply:
                    return _answer(reply, url)
            except CutOff:
                if tries_left == 0:
                    raise
        raise AssertionError("the last try returns or raises")

    def _url(self, path: str, query: Query) -> str:
        scope = {"project": self.connection.project, "environment": self.connection.environment}
        given = {name: value for name, value in {**scope, **query}.items() if value is not None}
        return self.connection.url + path + (f"?{urllib.parse.urlencode(given)}" if given else "")

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        token = self.connection.token
        return {**headers, **({} if token is None else {"authorization": f"Bearer {token}"})}


def api_path(stage: str, *parts: object) -> str:
    """``/api/<stage>/<parts>`` with each part escaped."""
    return "/".join(["/api", stage, *(urllib.parse.quote(str(part), safe="") for part in parts)])


def wait_until(ask: Callable[[], Any], is_done: Callable[[Any], bool], timeout: float | None = None) -> Any:
    """Asks again, ever less often up to once a second, until the answer is one that was waited for; the last answer."""
    started, pause = time.monotonic(), _FIRST_POLL_SECONDS
    while True:
        answer = ask()
        left = None if timeout is None else timeout - (time.monotonic() - started)
        if is_done(answer) or (left is not None and left <= 0):
            return answer
        time.sleep(pause if left is None else min(pause, left))
        pause = min(pause * 1.5, _LONGEST_POLL_SECONDS)


def _paged(ask: Callable[[int, str | None], Any], most: int | None) -> Iterator[Any]:
    after, given = None, 0
    while most is None or given < most:
        page = ask(1000 if most is None else min(1000, most - given), after)
        yield from page["items"]
        given += len(page["items"])
        after = page["next"]
        if after is None:
            return


def _answer(reply: Reply, url: str) -> Any:
    if reply.status >= 300:
        raise error_of(reply, url)
    return json.loads(reply.read())


def _read(file: pathlib.Path, on_bytes: Callable[[int], None] | None) -> Iterable[bytes]:
    sent = 0
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            yield chunk
            sent += len(chunk)
            if on_bytes is not None:
                on_bytes(sent)
