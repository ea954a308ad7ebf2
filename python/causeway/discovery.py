"""Finds the server: what is given, then variables, then the nearest ``.causeway/up.json``."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from causeway.errors import CausewayError

ENVIRONMENTS = ("dev", "staging", "prod")
_DATA_DIR = ".causeway"


@dataclass(frozen=True)
class Connection:
    """Where a server is and as whom to call it."""

    #: Origin of control, for example ``http://127.0.0.1:7420``.
    url: str
    token: str | None = field(default=None, repr=False)
    #: Absent: the token's, else ``default``.
    project: str | None = None
    #: Absent: the token's, else ``dev``.
    environment: str | None = None
    #: API key for predictions; without one the client makes a key when it first predicts.
    key: str | None = field(default=None, repr=False)


def discover(
    given: Mapping[str, str | None], variables: Mapping[str, str], folder: str | os.PathLike[str]
) -> Connection:
    """The connection for what a caller gave (url, token, project, environment, data_dir, key), variables and a folder."""

    def chosen(name: str) -> str | None:
        # An empty variable is one that is not set, as in a shell.
        return given.get(name) or variables.get(f"CAUSEWAY_{name.upper()}") or None

    data_dir, url = chosen("data_dir"), chosen("url")
    if data_dir is not None:
        up = read_up(pathlib.Path(data_dir))
    else:
        up = find_up(pathlib.Path(folder)) if url is None else None
    found = url or (up or {}).get("url")
    if found is None:
        where = f"no Causeway runs on {data_dir}" if data_dir else f"no running Causeway was found from {folder} upwards"
        raise CausewayError(
            "UNAVAILABLE",
            where,
            help="start it with: npx --no causeway up, or set CAUSEWAY_URL and CAUSEWAY_TOKEN",
        )
    environment = chosen("environment")
    if environment is not None and environment not in ENVIRONMENTS:
        raise CausewayError(
            "INVALID_FIELD",
            f"the environment is {environment}; it must be {', '.join(ENVIRONMENTS[:-1])} or {ENVIRONMENTS[-1]}",
            field="environment",
            value=environment,
            help="leave it out, or give dev, staging or prod (CAUSEWAY_ENVIRONMENT)",
        )
    return Connection(
        url=found.rstrip("/"),
        token=chosen("token") or (_admin_token(up) if up else None),
        project=chosen("project"),
        environment=environment,
        key=chosen("key"),
    )


def read_up(data_dir: pathlib.Path) -> dict[str, Any] | None:
    """What ``causeway up`` wrote into a data folder, or None where nothing can be read."""
    try:
        facts = json.loads((data_dir / "up.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) and isinstance(facts.get("url"), str) else None


def find_up(folder: pathlib.Path) -> dict[str, Any] | None:
    """The same of the nearest data folder, from ``folder`` upwards."""
    start = folder.resolve()
    for at in (start, *start.parents):
        up = read_up(at / _DATA_DIR)
        if up is not None:
            return up
    return None


def _admin_token(up: Mapping[str, Any]) -> str | None:
    try:
        return (pathlib.Path(str(up["dataDir"])) / "admin-token").read_text(encoding="utf-8").strip() or None
    except (OSError, KeyError):
        return None
