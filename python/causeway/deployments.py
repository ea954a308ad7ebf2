"""What is served: ``cw.deployment("churn").predict(df)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from causeway.api import Api, api_path, wait_until
from causeway.errors import CausewayError
from causeway.gateway import Keys, ask
from causeway.notebook import Link, Summary, as_html, as_text
from causeway.places import place
from causeway.predictions import Prediction, Predictions
from causeway.tables import column_names, is_frame, records_of
from causeway.wire import is_missing, moment, timestamp

#: Most truths of one call.
_TRUTHS_PER_CALL = 10_000


class Deployment:
    """A model behind a name that answers predictions."""

    def __init__(self, api: Api, keys: Keys, facts: dict[str, Any]) -> None:
        self._api = api
        self._keys = keys
        #: Everything that the server says of it, as of the last look.
        self.facts = facts

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.facts["name"])

    @property
    def state(self) -> str:
        """``pending``, ``ready`` or ``failed``."""
        return str(self.facts["state"])

    @property
    def serving(self) -> str | None:
        """``model@version`` that answers now; None before the first is ready."""
        revision = self.facts["serving"]
        return None if revision is None else f"{revision['model']}@{revision['version']}"

    @property
    def inputs(self) -> dict[str, str]:
        """Types of the columns that it takes, in order."""
        return {column["name"]: column["type"] for column in self.facts["signature"]["inputs"]}

    @property
    def key(self) -> str | None:
        """Column that names what a prediction is about; truth can be posted by it."""
        key: str | None = self.facts["key"]
        return key

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "deployments", self.name, environment=self.facts["environment"])

    @overload
    def predict(self, data: Mapping[str, Any], *, at: Any = None) -> Prediction: ...
    @overload
    def predict(self, data: Sequence[Mapping[str, Any]], *, at: Any = None) -> Predictions: ...
    @overload
    def predict(self, data: Any, *, at: Any = None) -> Any: ...
    def predict(self, data: Any, *, at: Any = None) -> Any:
        """Asks the gateway.

        A dictionary (or a pandas Series with column names) is one record: the answer is a ``Prediction``. A list of
        dictionaries, a data frame, an Arrow table or a two-dimensional array is many: the answer is ``Predictions``, one for
        each row in order. Of a table only the model's columns and the key are sent; its missing values are null.
        Records are sent as they are. ``at`` is when what is asked about happened: a time, or one for each row.

        Raises INVALID_FIELD, which names every wrong field of every row in ``issues``. A request that broke off is not sent
        again, for it may be in the prediction log.
        """
        if isinstance(data, Mapping) or _is_row(data):
            times = None if at is None else [timestamp(at)]
            record = dict(data if isinstance(data, Mapping) else data.to_dict())
            return ask(self._api, self._keys, self.facts, [record], times)[0]
        records, index = self._records(data)
        times = _times(at, len(records))
        answers = ask(self._api, self._keys, self.facts, records, times)
        return Predictions(answers, index, self.truth, self._page("predictions"))

    def truth(
        self, values: Any, *, ids: Sequence[str | None] | None = None, keys: Sequence[Any] | None = None, at: Any = None
    ) -> dict[str, int]:
        """Records what turned out to be true: a class label or an amount; None takes an earlier truth back.

        ``truth({"<id>": "Yes"})``, ``truth(labels, ids=answers.ids)`` or, where the deployment has a key column,
        ``truth(labels, keys=df["customerID"])``. ``at`` is when it became true: a time, or one for each.
        Gives how many were accepted, and of those unchanged, corrected and held. Up to 10,000 are taken or refused together.
        Raises UNKNOWN_PREDICTION where the log has no such prediction.
        """
        if isinstance(values, Mapping):
            names, truths, field = list(values.keys()), list(values.values()), "predictionId"
        else:
            if (ids is None) == (keys is None):
                raise CausewayError(
                    "INVALID_FIELD",
                    "truth needs to know of which predictions: give either ids or keys",
                    field="ids",
                    help="deployment.truth(values, ids=answers.ids)",
                )
            given: Any = keys if ids is None else ids
            names, truths, field = list(given), list(values), "key" if ids is None else "predictionId"
        if len(names) != len(truths):
            raise CausewayError("INVALID_FIELD", f"there are {len(names)} predictions and {len(truths)} values", field="values")
        if None in names:
            raise CausewayError(
                "INVALID_FIELD",
                f"row {names.index(None)} has no id: the prediction log could not be written when it was answered",
                field="ids",
            )
        times = _times(at, len(truths))
        records = [
            {
                field: str(name),
                "value": None if is_missing(value) else value,
                **({} if times is None else {"occurredAt": times[row]}),
            }
            for row, (name, value) in enumerate(zip(names, truths))
        ]
        total = {"accepted": 0, "unchanged": 0, "corrected": 0, "held": 0}
        path = api_path("deployments", "deployments", self.name, "truth")
        for start in range(0, len(records), _TRUTHS_PER_CALL):
            receipt = self._api.post(path, records=records[start : start + _TRUTHS_PER_CALL])
            total = {name: count + receipt[name] for name, count in total.items()}
        return total

    def log(
        self,
        most: int | None = 1000,
        *,
        since: Any = None,
        until: Any = None,
        version: int | None = None,
        key: str | None = None,
        truth: str | None = None,
    ) -> Any:
        """The prediction log with its truth, newest first, as a pandas DataFrame of shape (rows, 6 + inputs).

        Columns: id, occurred_at, version, key, prediction, truth, then the records' own as ``input.<name>``. ``since`` is
        inside, ``until`` outside; ``truth`` takes only rows whose truth is ``known``, ``unknown`` or ``wrong``. ``most`` None
        reads all of it.
        """
        from causeway.tables import pandas

        found = self._api.items(
            api_path("deployments", "deployments", self.name, "predictions"),
            most,
            **{"from": None if since is None else timestamp(since), "until": None if until is None else timestamp(until)},
            version=version,
            key=key,
            truth=truth,
        )
        rows = [
            {
                "id": one["id"],
                "occurred_at": moment(one["occurredAt"]),
                "version": one["version"],
                "key": one["key"],
                "prediction": one["prediction"]["value"],
                "truth": None if one["truth"] is None else one["truth"]["value"],
                **{f"input.{name}": value for name, value in one["record"].items()},
            }
            for one in found
        ]
        return pandas("log()").DataFrame(rows)

    def wait_ready(self, timeout: float = 600) -> Deployment:
        """Waits until what was asked for is what answers, with its golden rows as they were.

        A Python model is prepared first: installing its packages may take minutes, once for each set of packages.

        Raises BAD_MODEL with the reason where it cannot be served, DEADLINE_EXCEEDED after ``timeout`` seconds.
        """
        wait_until(lambda: self.refresh(), lambda one: one.state != "pending", timeout)
        if self.state == "ready":
            return self
        asked = f"{self.facts['revision']['model']} {self.facts['revision']['version']}"
        waits_for = self.facts.get("waitsFor")
        if self.state == "failed":
            problems = [gateway["problem"] for gateway in self.facts["gateways"] if gateway["problem"]]
            reason = waits_for or (problems[0] if problems else "a gateway could not load it")
            raise CausewayError("BAD_MODEL", f"{self.name} does not serve {asked}: {reason}", help=f"look at {self.url}")
        raise CausewayError(
            "DEADLINE_EXCEEDED",
            f"{self.name} does not serve {asked} after {timeout:g} s" + (f": {waits_for}" if waits_for else ""),
            help=f"wait_ready() again, or look at {self.url}" + ("" if waits_for else "; is a gateway running?"),
        )

    def switch(self, serve: str) -> Deployment:
        """Serves another version or alias (``churn@3``, ``churn@champion``) without a failed request."""
        self.facts = self._api.put(api_path("deployments", "deployments", self.name), serve=serve)
        return self

    def delete(self) -> None:
        """Stops serving; the prediction log stays."""
        self._api.delete(api_path("deployments", "deployments", self.name))

    def refresh(self) -> Deployment:
        """Looks again and gives itself."""
        self.facts = self._api.get(api_path("deployments", "deployments", self.name))
        return self

    def _records(self, data: Any) -> tuple[list[dict[str, Any]], Any]:
        inputs = list(self.inputs)
        if is_frame(data):
            there = column_names(data)
            if hasattr(data, "set_axis"):
                # pandas calls the columns of an array by numbers.
                data = data.set_axis(there, axis="columns")
            places = self._places(there)
            # A model without a signature takes what it is given.
            wanted = [*inputs, *([self.key] if self.key and self.key not in inputs else [])] if inputs else there
            chosen = [*places, *([self.key] if self.key else [])] if places else wanted
            rows = records_of(data, [name for name in chosen if name in there])
            index = data.index if hasattr(data, "to_dict") and hasattr(data, "index") else None
            return [
                {places.get(name, name): None if is_missing(one) else one for name, one in row.items()} for row in rows
            ], index
        if hasattr(data, "ndim") and hasattr(data, "tolist"):
            rows = data.tolist()
            # A model of one tensor takes each row whole.
            if [one["type"] for one in self.facts["signature"]["inputs"]] == ["tensor"]:
                return [{inputs[0]: row} for row in rows], None
            if data.ndim != 2:
                raise CausewayError(
                    "INVALID_FIELD", f"the array has {data.ndim} dimensions, not rows and columns", field="data"
                )
            if any(len(row) != len(inputs) for row in rows):
                raise CausewayError(
                    "INVALID_FIELD",
                    f"{self.name} takes {len(inputs)} columns, the array has {len(rows[0])}",
                    field="data",
                    help=f"the columns in order: {', '.join(inputs)}",
                )
            return [dict(zip(inputs, row)) for row in rows], None
        records = list(data)
        wrong = next((at for at, record in enumerate(records) if not isinstance(record, Mapping)), None)
        if wrong is not None:
            raise CausewayError(
                "INVALID_FIELD",
                f"row {wrong} is a {type(records[wrong]).__name__}, no record",
                field="data",
                help="give a dictionary, a list of dictionaries, a data frame, an Arrow table or a two-dimensional array",
            )
        return [dict(record) for record in records], None

    def _places(self, there: Sequence[str]) -> dict[str, str]:
        """The inputs that a table's columns are by their places, where they are a tensor's without a name and called otherwise."""
        inputs = self.facts["signature"]["inputs"]
        unnamed = all("element" in one and one["element"]["tensor"] is None for one in inputs)
        free = [name for name in there if name != self.key]
        if not unnamed or len(free) != len(inputs) or any(one["name"] in there for one in inputs):
            return {}
        return {name: one["name"] for name, one in zip(free, inputs)}

    def _page(self, *more: str) -> str:
        environment = self.facts["environment"]
        return place(self._api.connection, "deployments", self.name, *more, environment=environment)

    def _row(self) -> dict[str, Any]:
        return {
            "deployment": Link(self.name, self.url),
            "state": self.state,
            "asked for": self.facts["serve"],
            "serving": self.serving,
        }

    def _summary(self) -> Summary:
        revision, serving = self.facts["revision"], self.facts["serving"]
        asked = f"{self.facts['serve']} (version {revision['version']})"

        def version(one: dict[str, Any]) -> Link:
            return Link(
                f"{one['model']}@{one['version']}", place(self._api.connection, "registry", one["model"], one["version"])
            )

        return Summary(
            "deployment",
            Link(self.name, self.url),
            [
                ("state", self.state),
                ("asked for", asked),
                ("serving", None if serving is None else version(serving)),
                ("waits for", self.facts.get("waitsFor")),
                ("key", self.key),
                ("predictions", Link("the log", self._page("predictions"))),
                ("address", self.facts["url"]),
            ],
            ("gateway", "state", "golden rows", "loaded in ms", "problem"),
            [
                (
                    gateway["gateway"],
                    gateway["state"],
                    _golden(gateway["golden"]),
                    gateway["loadMs"],
                    gateway["problem"],
                )
                for gateway in self.facts["gateways"]
            ],
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


def _times(at: Any, rows: int) -> list[str] | None:
    if at is None:
        return None
    if isinstance(at, str) or hasattr(at, "isoformat"):
        return [timestamp(at)] * rows
    times = [timestamp(one) for one in at]
    if len(times) != rows:
        raise CausewayError("INVALID_FIELD", f"there are {rows} rows and {len(times)} times", field="at")
    return times


def _is_row(data: Any) -> bool:
    """True for a pandas Series, as ``df.iloc[0]`` gives."""
    return hasattr(data, "to_dict") and hasattr(data, "index") and not hasattr(data, "columns")


def _golden(golden: dict[str, int] | None) -> str | None:
    return None if golden is None else f"{golden['equal']} of {golden['rows']} equal"
