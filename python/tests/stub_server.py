"""A server that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import http.server
import json
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    #: Number of the connection that it came over.
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What is answered. ``cut``: the connection is closed after so many bytes of the body, None leaves it whole."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    #: Closes the connection without a word.
    silent: bool = False


def problem(status: int, code: str, detail: str, **more: Any) -> Answer:
    """An error as the platform describes it."""
    return Answer(status, {"status": status, "code": code, "detail": detail, "title": "", "type": "", **more})


class StubServer:
    """``with StubServer(answer) as server``: ``answer`` gets what was asked and gives an Answer or a JSON value."""

    def __init__(self, answer: Callable[[Asked], Any]) -> None:
        self.asked: list[Asked] = []
        #: May be changed while it runs.
        self.answer = answer
        stub = self
        connections = iter(range(1, 1_000_000))

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                self.number = next(connections)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

            def handle_any(self) -> None:
                length = int(self.headers.get("content-length", 0))
                parts = urllib.parse.urlsplit(self.path)
                asked = Asked(
                    method=self.command,
                    path=parts.path,
                    query=dict(urllib.parse.parse_qsl(parts.query)),
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(length),
                    connection=self.number,
                )
                stub.asked.append(asked)
                given = stub.answer(asked)
                reply = given if isinstance(given, Answer) else Answer(body=given)
                if reply.silent:
                    self.close_connection = True
                    return
                body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body if reply.cut is None else body[: reply.cut])
                if reply.cut is not None:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A caller that went away is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> StubServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
