"""Datasets of a project, and how a version is added: ``cw.data.import_file("customers", "telco.csv")``."""

from __future__ import annotations

import pathlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from causeway.api import Api, api_path, wait_until
from causeway.cache import Cache
from causeway.datasets import Dataset, DatasetVersion
from causeway.errors import CausewayError
from causeway.notebook import Listing
from causeway.tables import is_frame, write_parquet

_ENDED = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Progress:
    """How far an import has come. ``phase`` is ``upload`` or ``import``; ``total`` is None while it is unknown."""

    phase: str
    done: float
    total: float | None
    unit: str


class DataStage:
    """``cw.data("customers")`` is a dataset; ``cw.data.import_file`` adds a version."""

    def __init__(self, api: Api, cache: Cache) -> None:
        self._api = api
        self._cache = cache

    def __call__(self, name: str) -> Dataset:
        """A dataset by its name. Raises NOT_FOUND, which names where to look."""
        return Dataset(self._api, self._cache, self._api.get(api_path("data", "datasets", name)))

    def list(self, most: int | None = None) -> Listing[Dataset]:
        """Datasets by name."""
        found = self._api.items(api_path("data", "datasets"), most)
        return Listing(Dataset(self._api, self._cache, facts) for facts in found)

    def import_file(
        self,
        dataset: str,
        source: Any,
        *,
        key: str | None = None,
        append: bool = False,
        columns: dict[str, str] | None = None,
        delimiter: str | None = None,
        format: str | None = None,
        on_bad_row: str = "refuse",
        on_blank: str = "missing",
        on_progress: Callable[[Progress], None] | None = None,
    ) -> DatasetVersion:
        """Adds a version from a CSV, Parquet or JSON lines file, or from a data frame or Arrow table; waits for it.

        ``key`` names the column that names a row; ``append`` adds rows to the newest version; ``columns`` gives types.
        Equal rows make no new version: the one that is there comes back.
        Raises BAD_DATA with the rows that could not be read in ``issues``.
        """
        options = {
            "key": key,
            "columns": columns,
            "delimiter": delimiter,
            "format": format,
            "append": append,
            "onBadRow": on_bad_row,
            "onBlank": on_blank,
        }
        given = {name: value for name, value in options.items() if value is not None}
        tell = on_progress or _progress_line()
        if is_frame(source):
            with tempfile.TemporaryDirectory(prefix="causeway-") as folder:
                file = pathlib.Path(folder) / f"{dataset}.parquet"
                write_parquet(source, file)
                return self._import(dataset, file, given, tell)
        file = pathlib.Path(source)
        if not file.is_file():
            raise CausewayError(
                "BAD_DATA",
                f"{file} is no file that can be read",
                field="source",
                value=str(file),
                help="give the path of a CSV, Parquet or JSON lines file, or a data frame",
            )
        return self._import(dataset, file, given, tell)

    def _import(
        self, dataset: str, file: pathlib.Path, options: dict[str, Any], tell: Callable[[Progress], None]
    ) -> DatasetVersion:
        size = file.stat().st_size
        sent = self._api.upload(
            api_path("data", "uploads"), file, lambda done: tell(Progress("upload", done, size, "bytes"))
        )
        path = api_path("data", "datasets", dataset, "imports")
        started = self._api.post(path, upload=sent["digest"], file=file.name, options=options)

        def is_done(facts: dict[str, Any]) -> bool:
            if facts["progress"] is not None:
                tell(Progress("import", facts["progress"]["done"], facts["progress"]["total"], facts["progress"]["unit"]))
            return facts["state"] in _ENDED

        ended = started
        if not is_done(started):
            ended = wait_until(lambda: self._api.get(api_path("data", "imports", started["id"])), is_done)
        if ended["state"] == "succeeded":
            return DatasetVersion(self._api, self._cache, ended["version"])
        raise _refusal(ended, file.name)


def _refusal(ended: dict[str, Any], file: str) -> CausewayError:
    problem = ended["problem"] or {}
    rows = (ended["badRows"] or {}).get("first", ())
    return CausewayError(
        problem.get("code", "BAD_DATA"),
        problem.get("message", f"the import of {file} was {ended['state']}"),
        field="source",
        value=file,
        help=problem.get("help"),
        issues=[
            {"field": f"line {row['line']}, {row['column'] or 'row'}", "expected": row["reason"], "got": row["value"]}
            for row in rows
        ],
    )


def _progress_line() -> Callable[[Progress], None]:
    """Writes one line over and over where standard error is a terminal; else says nothing."""
    if not sys.stderr.isatty():
        return lambda progress: None

    def tell(progress: Progress) -> None:
        share = "" if not progress.total else f" of {progress.total:,.0f}, {progress.done / progress.total:.0%}"
        end = "\n" if progress.total and progress.done >= progress.total else ""
        sys.stderr.write(f"\r\x1b[K{progress.phase}: {progress.done:,.0f}{share} {progress.unit}{end}")
        sys.stderr.flush()

    return tell
