"""Models, their versions and aliases: ``cw.model("churn").assign("champion", 3)``."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

from causeway.api import Api, api_path, wait_until
from causeway.datasets import DatasetVersion
from causeway.errors import CausewayError
from causeway.notebook import Link, Listing, Summary, as_html, as_text, bytes_text, short
from causeway.places import place, place_of_id
from causeway.wire import moment


class ModelVersion:
    """An immutable version of a model, with what it was made from."""

    def __init__(self, api: Api, facts: dict[str, Any]) -> None:
        self._api = api
        #: Everything that the server says of it, as of the last look.
        self.facts = facts

    @property
    def model(self) -> str:
        """Name of its model."""
        return str(self.facts["model"])

    @property
    def number(self) -> int:
        """Counts from 1."""
        return int(self.facts["version"])

    @property
    def aliases(self) -> list[str]:
        """Aliases of the client's environment that point to it."""
        environment = self._api.connection.environment or "dev"
        return [one["alias"] for one in self.facts["aliases"] if one["environment"] == environment]

    @property
    def inputs(self) -> dict[str, str]:
        """Types of the columns that it takes, in order."""
        return {column["name"]: column["type"] for column in self.facts["signature"]["inputs"]}

    @property
    def run(self) -> str | None:
        """Id of the experiment run that it was trained in."""
        run: str | None = self.facts["run"]
        return run

    @property
    def created_at(self) -> datetime.datetime:
        """When it was registered."""
        return moment(self.facts["createdAt"])

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "registry", self.model, self.number)

    @property
    def preparation(self) -> str:
        """Whether it can be served: ``ready``, ``preparing``, ``failed`` or ``blocked`` (a finding of the scan)."""
        return str(self.facts.get("preparation", {}).get("state", "ready"))

    @property
    def metrics(self) -> dict[str, float]:
        """What its report found, by name; empty where it has none. ``facts["report"]`` holds the intervals."""
        report = self.facts["report"]
        return {} if report is None else {one["name"]: one["value"] for one in report["metrics"]}

    def files(self) -> dict[str, int]:
        """Sizes in bytes of its files by path."""
        return {file["path"]: file["bytes"] for file in self.facts["files"]}

    def download(self, folder: str | pathlib.Path) -> pathlib.Path:
        """Writes its files below ``folder``, each checked against its sha256, and gives the folder."""
        target = pathlib.Path(folder)
        path = api_path("registry", "models", self.model, "versions", self.number, "files")
        for file in self.facts["files"]:
            self._api.download(path, target / file["path"], file["digest"], path=file["path"])
        return target

    def card(self) -> str:
        """The model card as Markdown."""
        answer = self._api.get(api_path("registry", "models", self.model, "versions", self.number, "card"))
        return str(answer["markdown"])

    def assign(self, alias: str) -> ModelVersion:
        """Moves an alias of the client's environment to it; APPROVAL_NEEDED where only a person's approval moves it."""
        self._api.put(api_path("registry", "models", self.model, "aliases", alias), version=self.number)
        return self.refresh()

    def refresh(self) -> ModelVersion:
        """Looks again and gives itself."""
        self.facts = self._api.get(api_path("registry", "models", self.model, "versions", self.number))
        return self

    def wait_ready(self, timeout: float = 600) -> ModelVersion:
        """Waits until it can be served: its packages are installed and its golden rows answered.

        Raises BAD_MODEL with the reason where that failed, DEADLINE_EXCEEDED after ``timeout`` seconds.
        """
        wait_until(lambda: self.refresh(), lambda version: version.preparation != "preparing", timeout)
        state = self.preparation
        if state == "ready":
            return self
        if state == "preparing":
            raise CausewayError(
                "DEADLINE_EXCEEDED",
                f"{self.model} {self.number} was not prepared within {timeout:g} s",
                help=f"look at {self.url}",
            )
        problem = self.facts["preparation"].get("problem") or f"its preparation {state}"
        raise CausewayError("BAD_MODEL", f"{self.model} {self.number}: {problem}", help=f"look at {self.url}")

    def evaluate(
        self,
        dataset: str | DatasetVersion,
        *,
        target: str,
        positive: str | None = None,
        timeout: float | None = None,
    ) -> ModelVersion:
        """Judges it on rows with truth (``name@version`` or a version of a dataset) and waits for its report.

        Its monitors compare with these rows from then on. ``positive`` is the judged class of two, the rarer one unless given.
        Raises CONFLICT where a pipeline gave it its report, BAD_DATA with the reason where it could not be judged.
        """
        rows = f"{dataset.dataset}@{dataset.id}" if isinstance(dataset, DatasetVersion) else dataset
        path = api_path("registry", "models", self.model, "versions", self.number, "evaluation")
        asked = {"dataset": rows, "target": target, **({} if positive is None else {"positive": positive})}
        started = self._api.post(path, **asked)
        found = started
        if started["endedAt"] is None:
            found = wait_until(lambda: self._api.get(path), lambda one: one["endedAt"] is not None, timeout)
        name = f"{self.model}@{self.number}"
        if found["endedAt"] is None:
            raise CausewayError(
                "DEADLINE_EXCEEDED", f"{name} was not evaluated within {timeout or 0:g} s", help=f"look at {self.url}"
            )
        if found["state"] != "succeeded":
            raise CausewayError(
                "BAD_DATA", f"{name} was not evaluated: {found['problem'] or found['state']}", field="dataset", value=rows
            )
        return self.refresh()

    def _row(self) -> dict[str, Any]:
        return {
            "version": Link(str(self.number), self.url),
            "format": self.facts["format"],
            "aliases": ", ".join(self.aliases),
            "state": self.preparation,
            "size": bytes_text(self.facts["bytes"]),
            "digest": short(self.facts["digest"]),
            "created": self.created_at,
        }

    def _summary(self) -> Summary:
        run = self.run
        signature = self.facts["signature"]
        target = signature["target"]
        return Summary(
            "model version",
            Link(f"{self.model}@{self.number}", self.url),
            [
                ("aliases", ", ".join(self.aliases) or None),
                ("state", self.preparation),
                ("problem", self.facts.get("preparation", {}).get("problem")),
                ("format", f"{self.facts['format']}, {bytes_text(self.facts['bytes'])}"),
                ("task", signature["task"] + (f" of {target}" if target else "")),
                ("golden rows", len(self.facts["golden"])),
                ("report", ", ".join(f"{name} {value:.3f}" for name, value in self.metrics.items()) or None),
                ("run", None if run is None else Link(run[:6], place_of_id(self._api.connection, run))),
                ("created", self.created_at),
            ],
            ("input", "type"),
            list(self.inputs.items()),
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


class Model:
    """A name with versions and the aliases that point to them."""

    def __init__(self, api: Api, facts: dict[str, Any]) -> None:
        self._api = api
        #: Everything that the server says of it, as of the last look.
        self.facts = facts

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.facts["name"])

    @property
    def aliases(self) -> dict[str, int]:
        """Versions by alias, of the client's environment."""
        environment = self._api.connection.environment or "dev"
        return {one["alias"]: one["version"] for one in self.facts["aliases"] if one["environment"] == environment}

    @property
    def url(self) -> str:
        """Its page."""
        return place(self._api.connection, "registry", self.name)

    @property
    def latest(self) -> ModelVersion:
        """Its newest version; NOT_FOUND where it has none."""
        latest = self.facts["latest"]
        if latest is None:
            raise CausewayError("NOT_FOUND", f"the model {self.name} has no version yet", field="version")
        return ModelVersion(self._api, latest)

    def version(self, version: int | str) -> ModelVersion:
        """A version by its number or by an alias of the client's environment."""
        number = version
        if isinstance(version, str) and not version.isdigit():
            if version not in self.refresh().aliases:
                raise CausewayError(
                    "NOT_FOUND",
                    f"the model {self.name} has no alias {version}",
                    field="alias",
                    value=version,
                    help=f"it has {', '.join(self.aliases) or 'none'}; assign one with model.assign(alias, version)",
                )
            number = self.aliases[version]
        return ModelVersion(self._api, self._api.get(api_path("registry", "models", self.name, "versions", number)))

    def versions(self, most: int | None = None) -> Listing[ModelVersion]:
        """Its versions, newest first."""
        found = self._api.items(api_path("registry", "models", self.name, "versions"), most)
        return Listing(ModelVersion(self._api, facts) for facts in found)

    def assign(self, alias: str, version: int | ModelVersion) -> Model:
        """Moves an alias of the client's environment to a version; deployments that follow it switch by themselves.

        Raises APPROVAL_NEEDED where only a person's approval moves it.
        """
        number = version.number if isinstance(version, ModelVersion) else version
        self._api.put(api_path("registry", "models", self.name, "aliases", alias), version=number)
        return self.refresh()

    def unassign(self, alias: str) -> Model:
        """Removes an alias of the client's environment."""
        self._api.delete(api_path("registry", "models", self.name, "aliases", alias))
        return self.refresh()

    def refresh(self) -> Model:
        """Looks again and gives itself."""
        self.facts = self._api.get(api_path("registry", "models", self.name))
        return self

    def _row(self) -> dict[str, Any]:
        latest = self.facts["latest"]
        return {
            "model": Link(self.name, self.url),
            "versions": self.facts["versions"],
            "latest": None if latest is None else Link(str(latest["version"]), self.latest.url),
            "aliases": _aliases(self.aliases),
        }

    def _summary(self) -> Summary:
        facts = [("versions", self.facts["versions"]), ("aliases", _aliases(self.aliases) or None)]
        if self.facts["latest"] is None:
            return Summary("model", Link(self.name, self.url), facts)
        latest = self.latest._summary()
        return Summary(
            "model", Link(self.name, self.url), [*facts, ("latest", latest.name), *latest.facts[1:]], latest.head, latest.rows
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())


def _aliases(aliases: dict[str, int]) -> str:
    return ", ".join(f"{alias} {version}" for alias, version in sorted(aliases.items()))
