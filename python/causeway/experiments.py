"""Experiments and their runs: ``with cw.run("churn") as run: run.log(auc=0.84)``."""

from __future__ import annotations

import datetime
import pathlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

from causeway.api import Api, api_path
from causeway.capture import capture
from causeway.errors import CausewayError
from causeway.notebook import Link, Listing, Summary, as_html, as_text, cut
from causeway.places import experiment_segment, place
from causeway.wire import moment, real, timestamp

#: Most metric points that one request carries.
_POINTS_PER_CALL = 10_000
#: Params of a run that are shown; ``params`` has them all.
_MOST_PARAMS = 8
#: Where the uncommitted difference and the packages are kept among a run's files.
CHANGES_PATH = "code/uncommitted.diff"
PACKAGES_PATH = "code/packages.txt"


class Run:
    """An experiment run: params, metrics by step, tags and files. Every call is on the server's disk when it returns.

    As a ``with`` block it ends when the block does: ``finished``, or ``failed`` and ``killed`` by an exception.
    """

    def __init__(self, api: Api, facts: dict[str, Any]) -> None:
        self._api = api
        #: Everything that the server says of it, as of the last look.
        self.facts = facts

    @property
    def id(self) -> str:
        """32 hexadecimal digits; MLflow's run id is the same."""
        return str(self.facts["id"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.facts["name"])

    @property
    def experiment(self) -> str:
        """Name of its experiment."""
        return str(self.facts["experiment"]["name"])

    @property
    def state(self) -> str:
        """``running``, ``finished``, ``failed``, ``killed`` or ``scheduled``."""
        return str(self.facts["state"])

    @property
    def params(self) -> dict[str, str]:
        """Params by name."""
        return dict(self.facts["params"])

    @property
    def tags(self) -> dict[str, str]:
        """Tags by name."""
        return dict(self.facts["tags"])

    @property
    def metrics(self) -> dict[str, float]:
        """Last value of each metric: that of the greatest step, then time."""
        return {metric["name"]: real(metric["last"]["value"]) for metric in self.facts["metrics"]}

    @property
    def started_at(self) -> datetime.datetime:
        """When it began."""
        return moment(self.facts["startedAt"])

    @property
    def ended_at(self) -> datetime.datetime | None:
        """When it ended."""
        ended = self.facts["endedAt"]
        return None if ended is None else moment(ended)

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "experiments", experiment_segment(self.facts["experiment"]), self.id)

    def log(self, metrics: Mapping[str, float] | None = None, *, step: int = 0, **named: float) -> None:
        """Adds metrics: ``run.log(auc=0.84)``, or ``run.log({"val/loss": 0.3}, step=7)``. NaN and infinities are kept."""
        points = [{"name": name, "value": float(value), "step": step} for name, value in {**(metrics or {}), **named}.items()]
        self._log(metrics=points)

    def log_series(
        self,
        name: str,
        values: Iterable[float],
        *,
        steps: Sequence[int] | None = None,
        times: Sequence[datetime.datetime] | None = None,
    ) -> None:
        """Adds many points of one metric; ``steps`` counts from 0 unless given, ``times`` is now unless given."""
        measured = [float(value) for value in values]
        for label, given in (("steps", steps), ("times", times)):
            if given is not None and len(given) != len(measured):
                raise CausewayError(
                    "INVALID_FIELD", f"{name} has {len(measured)} values and {len(given)} {label}", field=label
                )
        points = [
            {
                "name": name,
                "value": value,
                "step": at if steps is None else int(steps[at]),
                **({} if times is None else {"occurredAt": timestamp(times[at])}),
            }
            for at, value in enumerate(measured)
        ]
        for start in range(0, len(points), _POINTS_PER_CALL):
            self._log(metrics=points[start : start + _POINTS_PER_CALL])

    def log_params(self, params: Mapping[str, Any] | None = None, **named: Any) -> None:
        """Adds params; a param keeps its first value, and another value for it is refused (INVALID_FIELD)."""
        self._log(params={name: str(value) for name, value in {**(params or {}), **named}.items()})

    def tag(self, tags: Mapping[str, Any] | None = None, **named: Any) -> None:
        """Sets tags."""
        self._log(tags={name: str(value) for name, value in {**(tags or {}), **named}.items()})

    def save(self, path: str, content: bytes | str | pathlib.Path) -> str:
        """Stores a file of the run under ``path``: bytes, text, or the file that a ``pathlib.Path`` names. Its sha256."""
        target = api_path("experiments", "runs", self.id, "artifacts")
        if isinstance(content, pathlib.Path):
            return str(self._api.upload(target, content, path=path)["digest"])
        data = content.encode() if isinstance(content, str) else content
        return str(self._api.upload_bytes(target, data, path=path)["digest"])

    def files(self) -> dict[str, int]:
        """Sizes in bytes of its files by path."""
        found = self._api.items(api_path("experiments", "runs", self.id, "artifacts"))
        return {file["path"]: file["bytes"] for file in found}

    def read(self, path: str) -> bytes:
        """The bytes of a file of the run, checked against their sha256."""
        with tempfile.TemporaryDirectory(prefix="causeway-") as folder:
            return self.download(path, folder).read_bytes()

    def download(self, path: str, folder: str | pathlib.Path) -> pathlib.Path:
        """Writes a file of the run below ``folder`` and gives its place."""
        found = self._api.items(api_path("experiments", "runs", self.id, "artifacts"))
        digest = next((file["digest"] for file in found if file["path"] == path), None)
        if digest is None:
            raise CausewayError(
                "NOT_FOUND", f"the run {self.name} has no file {path}", field="path", value=path, help="run.files()"
            )
        target = pathlib.Path(folder) / path
        self._api.download(api_path("experiments", "runs", self.id, "artifacts", "content"), target, digest, path=path)
        return target

    def history(self, metric: str) -> Any:
        """All points of a metric as a pandas DataFrame of shape (points, 3): step, value, occurred_at."""
        from causeway.tables import pandas

        found = self._api.items(api_path("experiments", "runs", self.id, "metrics"), name=metric)
        points = [(point["step"], real(point["value"]), moment(point["occurredAt"])) for point in found]
        return pandas("history()").DataFrame(points, columns=["step", "value", "occurred_at"])

    def capture(self, folder: str | pathlib.Path = ".") -> Run:
        """Keeps what it is made from: the Git commit with what is not committed, the installed packages, the machine."""
        captured = capture(folder)
        record = dict(captured.record)
        self.save(PACKAGES_PATH, captured.packages)
        if captured.changes is not None:
            kept = self.save(CHANGES_PATH, captured.changes)
            record["code"] = {**record["code"], "diff": kept}
        self.facts = self._api.patch(api_path("experiments", "runs", self.id, "record"), record=record)
        return self

    def refresh(self) -> Run:
        """Looks again and gives itself."""
        self.facts = self._api.get(api_path("experiments", "runs", self.id))
        return self

    def end(self, state: str = "finished") -> Run:
        """Closes it as ``finished``, ``failed`` or ``killed``."""
        self.facts = self._api.post(api_path("experiments", "runs", self.id, "end"), state=state)
        return self

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.end()
        else:
            # Leaving by an interrupt is somebody's wish, anything else a failure.
            self.end("failed" if issubclass(kind, Exception) else "killed")

    def _log(self, **added: Any) -> None:
        self._api.post(api_path("experiments", "runs", self.id, "log"), **added)

    def _row(self) -> dict[str, Any]:
        return {
            "run": Link(self.name, self.url),
            "id": self.id,
            "state": self.state,
            "started": self.started_at,
            "seconds": None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds(),
            **{f"metrics.{name}": value for name, value in sorted(self.metrics.items())},
            **{f"params.{name}": value for name, value in sorted(self.params.items())},
        }

    def _summary(self) -> Summary:
        experiment = Link(
            self.experiment, place(self._api.connection, "experiments", experiment_segment(self.facts["experiment"]))
        )
        step = self.facts["step"]
        params = sorted(self.params.items())
        told = ", ".join(f"{name} {cut(value)}" for name, value in params[:_MOST_PARAMS])
        more = f", and {len(params) - _MOST_PARAMS} more" if len(params) > _MOST_PARAMS else ""
        return Summary(
            "run",
            Link(self.name, self.url),
            [
                ("experiment", experiment),
                ("state", self.state),
                ("started", self.started_at),
                ("ended", self.ended_at),
                ("step", None if step is None else f"{step['pipeline']}/{step['run']} {step['step']}"),
                ("params", f"{told}{more}" or None),
            ],
            ("metric", "last", "least", "greatest", "points"),
            [
                (
                    metric["name"],
                    real(metric["last"]["value"]),
                    real(metric["min"]),
                    real(metric["max"]),
                    metric["points"],
                )
                for metric in sorted(self.facts["metrics"], key=lambda metric: str(metric["name"]))
            ],
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


class Experiment:
    """Runs that belong together."""

    def __init__(self, api: Api, facts: dict[str, Any]) -> None:
        self._api = api
        #: Everything that the server says of it.
        self.facts = facts

    @property
    def id(self) -> str:
        """Its number as text; MLflow's experiment id is the same."""
        return str(self.facts["id"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.facts["name"])

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "experiments", experiment_segment(self.facts))

    def runs(
        self, filter: str = "", order_by: str | Sequence[str] = (), *, most: int | None = None, life: str = "active"
    ) -> Listing[Run]:
        """Its runs by a filter in MLflow's grammar with OR, NOT and parentheses; newest first unless ``order_by`` says.

        ``experiment.runs("metrics.auc > 0.8 and params.depth = '6'", "metrics.auc DESC").frame()``: a row for each run,
        columns ``metrics.<name>`` and ``params.<name>``. ``life`` is ``active``, ``deleted`` or ``all``.
        Raises INVALID_FIELD with the place of the mistake.
        """
        orders = [order_by] if isinstance(order_by, str) else list(order_by)
        found = self._api.search(
            api_path("experiments", "runs", "search"),
            most,
            experiments=[self.id],
            filter=filter,
            orderBy=orders,
            life=life,
        )
        return Listing(Run(self._api, facts) for facts in found)

    def best(self, metric: str, *, least: bool = False) -> Run:
        """The run with the greatest (or least) last value of a metric; NOT_FOUND where none has it."""
        # A comparison leaves out the runs that do not have the metric.
        column = f"metrics.`{metric}`"
        bounded = f"{column} <= 1.7976931348623157e308 or {column} > 1.7976931348623157e308"
        found = self.runs(bounded, f"{column} {'ASC' if least else 'DESC'}", most=1)
        if not found:
            raise CausewayError("NOT_FOUND", f"no run of {self.name} has the metric {metric}", field="metric", value=metric)
        return found[0]

    def _row(self) -> dict[str, Any]:
        return {"experiment": Link(self.name, self.url), "id": self.id, "runs": self.facts["runs"]}

    def _summary(self) -> Summary:
        created = moment(self.facts["createdAt"])
        return Summary(
            "experiment", Link(self.name, self.url), [("number", self.id), ("runs", self.facts["runs"]), ("created", created)]
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())
