"""Addresses of pages, as the web writes them (web/src/lib/places.ts)."""

from __future__ import annotations

import urllib.parse

from causeway.discovery import Connection


def place(connection: Connection, *segments: object, environment: str | None = None) -> str:
    """``<url>/<project>/<environment>/<segments>``; the default project is left out."""
    scope = environment or connection.environment or "dev"
    project = [] if connection.project in (None, "default") else [connection.project]
    parts = [*project, scope, *segments]
    return "/".join([connection.url, *(urllib.parse.quote(str(part), safe="") for part in parts)])


def experiment_segment(experiment: dict[str, str]) -> str:
    """Experiments are said by name; one that is named like a page of its own goes by its number."""
    name = experiment["name"]
    return experiment["id"] if name == "compare" or "/" in name else name


def place_of_id(connection: Connection, id: str) -> str:
    """The address that finds the page of an id: a run, a prediction."""
    project = [] if connection.project in (None, "default") else [connection.project]
    return "/".join([connection.url, *(urllib.parse.quote(part, safe="") for part in [*project, "go", id])])
