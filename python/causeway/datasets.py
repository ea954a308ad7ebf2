"""Datasets: tables in versions. ``cw.data("customers").frame()``."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence
from typing import Any

from causeway.api import Api, api_path
from causeway.cache import Cache
from causeway.errors import CausewayError
from causeway.notebook import Link, Listing, Summary, as_html, as_text, bytes_text, short
from causeway.places import place
from causeway.tables import read_arrow, read_frame
from causeway.wire import moment


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


def _source(source: dict[str, Any]) -> str:
    return f"{source['kind']} {source['name']}"
