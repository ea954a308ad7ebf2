"""Datasets: tables in versions. ``cw.data("customers").frame()``."""

from __future__ import annotations

import datetime
import pathlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from causeway.api import Api, api_path, wait_until
from causeway.cache import Cache
from causeway.errors import CausewayError
from causeway.notebook import Link, Listing, Summary, as_html, as_text, bytes_text, short
from causeway.places import place
from causeway.tables import is_frame, read_arrow, read_frame, write_parquet
from causeway.wire import moment

_ENDED = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Progress:
    """How far an import has come. ``phase`` is ``upload`` or ``import``; ``total`` is None while it is unknown."""

    phase: str
    done: float
    total: float | None
    unit: str


class DatasetVersion:
    """An immutable table. What is read is kept in the cache under its digest and checked against it."""

    def __init__(self, api: Api, cache: Cache, facts: dict[str, Any]) -> None:
        self._api = api
        self._cache = cache
        #: Everything that the server says of it.
        self.facts = facts

    @property
    def dataset(self) -> str:
        """Name of its dataset."""
        return str(self.facts["dataset"])

    @property
    def id(self) -> str:
        """sha256 over schema and rows: equal tables have equal ids."""
        return str(self.facts["id"])

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.facts["rows"])

    @property
    def columns(self) -> dict[str, str]:
        """Types by column, in order: boolean, integer, double, string, date or timestamp."""
        return {column["name"]: column["type"] for column in self.facts["schema"]}

    @property
    def key(self) -> str | None:
        """Column that names a row, if one was given."""
        key: str | None = self.facts["key"]
        return key

    @property
    def created_at(self) -> datetime.datetime:
        """When it was made."""
        return moment(self.facts["createdAt"])

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "data", self.dataset, self.id[:12])

    def files(self) -> list[pathlib.Path]:
        """Its Parquet files in the order of the rows, each of up to 1,000,000 rows; do not change them."""
        return [self._part(number, part) for number, part in enumerate(self.facts["parts"])]

    def frame(self, columns: Sequence[str] | None = None, library: str | None = None) -> Any:
        """The table as a data frame of shape (rows, columns): of pandas where it is installed, else of polars.

        ``columns`` reads only these; ``library`` is ``"pandas"`` or ``"polars"``.
        Raises UNAVAILABLE where neither is installed, CORRUPT_ARTIFACT where the bytes are not what the version says.
        """
        return read_frame(self.files(), self._known(columns), library)

    def arrow(self, columns: Sequence[str] | None = None) -> Any:
        """The table as a ``pyarrow.Table`` of shape (rows, columns)."""
        return read_arrow(self.files(), self._known(columns))

    def profile(self) -> dict[str, Any]:
        """Counts, moments, quantiles and top values of each column: ``{"rows", "columns": [...]}``."""
        answer: dict[str, Any] = self._api.get(self._path("profile"))
        return answer

    def _known(self, columns: Sequence[str] | None) -> Sequence[str] | None:
        wrong = [name for name in columns or () if name not in self.columns]
        if wrong:
            raise CausewayError(
                "INVALID_FIELD",
                f"{self.dataset} {short(self.id)} has no column {wrong[0]}",
                field="columns",
                value=wrong[0],
                help=f"it has {', '.join(self.columns)}",
            )
        return columns

    def _path(self, *parts: object) -> str:
        return api_path("data", "datasets", self.dataset, "versions", self.id, *parts)

    def _part(self, number: int, part: dict[str, Any]) -> pathlib.Path:
        digest = part["artifact"]
        return self._cache.file(
            digest, ".parquet", lambda target: self._api.download(self._path("parts", number), target, digest)
        )

    def _row(self) -> dict[str, Any]:
        return {
            "version": Link(short(self.id), self.url),
            "rows": self.rows,
            "columns": len(self.columns),
            "size": bytes_text(self.facts["bytes"]),
            "from": _source(self.facts["source"]),
            "created": self.created_at,
        }

    def _summary(self) -> Summary:
        findings = [finding["message"] for finding in self.facts["findings"]]
        return Summary(
            "dataset version",
            Link(f"{self.dataset}@{short(self.id)}", self.url),
            [
                ("rows", self.rows),
                ("size", bytes_text(self.facts["bytes"])),
                ("key", self.key),
                ("from", _source(self.facts["source"])),
                ("created", self.created_at),
                *(("note", message) for message in findings),
            ],
            ("column", "type"),
            list(self.columns.items()),
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


class Dataset:
    """A table with a history. Reads are of its newest version, as it was when this was asked for."""

    def __init__(self, api: Api, cache: Cache, facts: dict[str, Any]) -> None:
        self._api = api
        self._cache = cache
        #: Everything that the server says of it.
        self.facts = facts

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.facts["name"])

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "data", self.name)

    @property
    def latest(self) -> DatasetVersion:
        """Its newest version; NOT_FOUND where it has none yet."""
        latest = self.facts["latest"]
        if latest is None:
            raise CausewayError(
                "NOT_FOUND",
                f"the dataset {self.name} has no version yet",
                field="version",
                help=f'cw.data.import_file("{self.name}", <path or data frame>)',
            )
        return DatasetVersion(self._api, self._cache, latest)

    def version(self, version: str = "latest") -> DatasetVersion:
        """A version by its id, by 6 digits or more of it, or ``latest``."""
        facts = self._api.get(api_path("data", "datasets", self.name, "versions", version))
        return DatasetVersion(self._api, self._cache, facts)

    def versions(self, most: int | None = None) -> Listing[DatasetVersion]:
        """Its versions, newest first."""
        found = self._api.items(api_path("data", "datasets", self.name, "versions"), most)
        return Listing(DatasetVersion(self._api, self._cache, facts) for facts in found)

    def frame(self, columns: Sequence[str] | None = None, library: str | None = None) -> Any:
        """The newest version as a data frame; see ``DatasetVersion.frame``."""
        return self.latest.frame(columns, library)

    def arrow(self, columns: Sequence[str] | None = None) -> Any:
        """The newest version as a ``pyarrow.Table``."""
        return self.latest.arrow(columns)

    def files(self) -> list[pathlib.Path]:
        """The Parquet files of the newest version."""
        return self.latest.files()

    def _row(self) -> dict[str, Any]:
        latest = self.facts["latest"]
        return {
            "dataset": Link(self.name, self.url),
            "latest": None if latest is None else Link(short(latest["id"]), self.latest.url),
            "rows": None if latest is None else latest["rows"],
            "versions": self.facts["versions"],
        }

    def _summary(self) -> Summary:
        if self.facts["latest"] is None:
            return Summary("dataset", Link(self.name, self.url), [("versions", 0)])
        latest = self.latest._summary()
        facts = [("versions", self.facts["versions"]), ("latest", latest.name), *latest.facts]
        return Summary("dataset", Link(self.name, self.url), facts, latest.head, latest.rows)

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


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


def _source(source: dict[str, Any]) -> str:
    return f"{source['kind']} {source['name']}"
