"""Requests for predictions: keys, pieces, and what a gateway answered."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from causeway.api import Api, api_path
from causeway.errors import CausewayError
from causeway.predictions import Prediction
from causeway.transport import CutOff, Reply, error_of
from causeway.wire import encode

#: Most rows of one request; fewer where the rows are large.
_ROWS_PER_CALL = 1_000
#: A piece of fewer rows than twice this is not made smaller.
_LEAST_ROWS = 100
#: A gateway refuses bodies of 16 MiB and more.
_BYTES_PER_CALL = 8 << 20
#: A key that was made a moment ago is on its way to the gateways; this long, a refusal of it is asked again.
_KEY_TRAVELS_SECONDS = 5.0
_ASK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Key:
    """An API key of one deployment."""

    secret: str
    #: None for a key that was given: it is not ours to revoke.
    id: str | None
    #: ``time.monotonic()``; long ago for a key that was given.
    made: float


class Keys:
    """API keys by deployment, made when they are first needed; thread-safe."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._made: dict[str, Key] = {}
        self._lock = threading.Lock()

    def of(self, deployment: str) -> Key:
        """The key of a deployment: the one that the connection was given, else one that is made for this client."""
        given = self._api.connection.key
        if given is not None:
            return Key(given, None, float("-inf"))
        with self._lock:
            if deployment not in self._made:
                made = self._api.post(api_path("deployments", "deployments", deployment, "keys"), name="python client")
                self._made[deployment] = Key(made["secret"], made["key"]["id"], time.monotonic())
            return self._made[deployment]

    def forget(self, deployment: str, key: Key) -> None:
        """Takes a key that is refused out of use; where another thread has done so, its successor stays."""
        with self._lock:
            if self._made.get(deployment) is key:
                del self._made[deployment]

    def revoke(self) -> None:
        """Ends the keys that were made, as far as the server can be reached."""
        with self._lock:
            made, self._made = self._made, {}
        for deployment, key in made.items():
            # One that cannot be ended now opens this deployment only, and its name says whose it was.
            with contextlib.suppress(CausewayError):
                self._api.post(api_path("deployments", "deployments", deployment, "keys", key.id, "revoke"))


def ask(
    api: Api, keys: Keys, facts: Mapping[str, Any], records: Sequence[Mapping[str, Any]], times: Sequence[str] | None
) -> list[Prediction]:
    """The answers of a deployment to records in order, asked in pieces; ``times`` has one for each record."""
    answers: list[Prediction] = []
    for start, stop in batches(records):
        answers += _ask_piece(api, keys, facts, records[start:stop], None if times is None else times[start:stop])
    return answers


def _ask_piece(
    api: Api, keys: Keys, facts: Mapping[str, Any], records: Sequence[Mapping[str, Any]], times: Sequence[str] | None
) -> list[Prediction]:
    timed = {} if times is None else {"occurredAt": times}
    try:
        return _send(api, keys, facts, encode({"records": records, **timed}, "digits"))
    except CausewayError as error:
        # Past its deadline nothing was answered and nothing is in the log: a slow model is asked fewer rows at once.
        if error.code != "DEADLINE_EXCEEDED" or error.status is None or len(records) < 2 * _LEAST_ROWS:
            raise
    middle = len(records) // 2
    first = _ask_piece(api, keys, facts, records[:middle], None if times is None else times[:middle])
    return first + _ask_piece(api, keys, facts, records[middle:], None if times is None else times[middle:])


def _send(api: Api, keys: Keys, facts: Mapping[str, Any], body: bytes) -> list[Prediction]:
    name, renewed = facts["name"], False
    while True:
        key = keys.of(name)
        headers = {"authorization": f"Bearer {key.secret}", "content-type": "application/json"}
        with api.transport.open("POST", facts["url"], headers=headers, body=body, safe=False) as reply:
            if reply.status == 200:
                return _predictions(_whole(reply, name))
            refusal = error_of(reply, facts["url"])
        if reply.status != 401:
            raise refusal
        if time.monotonic() - key.made <= _KEY_TRAVELS_SECONDS:
            time.sleep(_ASK_AGAIN_SECONDS)
        elif key.id is not None and not renewed:
            # Somebody revoked it.
            renewed = True
            keys.forget(name, key)
        else:
            raise refusal


def _whole(reply: Reply, deployment: str) -> bytes:
    try:
        return reply.read()
    except CutOff as cause:
        raise CausewayError(
            "UNAVAILABLE",
            f"the answer of {deployment} broke off before its end",
            help="the predictions were made and are in its log: deployment.log()",
        ) from cause


def _predictions(text: bytes) -> list[Prediction]:
    answer = json.loads(text)
    id = answer["id"]
    return [
        Prediction(
            value=one["value"],
            scores=one.get("scores"),
            id=None if id is None else f"{id}.{row}",
            model=answer["model"],
            version=answer["version"],
        )
        for row, one in enumerate(answer["predictions"])
    ]


def batches(records: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Bounds of requests that stay below the most rows and bytes."""
    start, size = 0, 0
    for at, record in enumerate(records):
        bytes_of = len(encode(record, "digits"))
        if at > start and (at - start >= _ROWS_PER_CALL or size + bytes_of > _BYTES_PER_CALL):
            yield start, at
            start, size = at, 0
        size += bytes_of
    if start < len(records):
        yield start, len(records)
