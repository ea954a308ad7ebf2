"""The client of a Causeway: one object from which everything is reached."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from causeway.api import Api, api_path
from causeway.cache import Cache, default_cache
from causeway.data import DataStage
from causeway.datasets import DatasetVersion
from causeway.deployments import Deployment
from causeway.discovery import Connection, discover
from causeway.errors import CausewayError
from causeway.experiments import Experiment, Run
from causeway.gateway import Keys
from causeway.notebook import Link, Listing, Summary, as_html
from causeway.places import place
from causeway.registry import Model, ModelVersion
from causeway.transport import Transport

#: The pages that a client's own view leads to.
STAGES = ("data", "experiments", "pipelines", "registry", "deployments", "monitoring", "retraining")


def connect(
    url: str | None = None,
    *,
    token: str | None = None,
    project: str | None = None,
    environment: str | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    key: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    timeout: float = 60.0,
) -> Client:
    """A client of the server that is given, else of CAUSEWAY_URL, else of the nearest ``.causeway`` upwards.

    ``token``, ``project``, ``environment``, ``data_dir`` and ``key`` (an API key for predictions) come from CAUSEWAY_TOKEN,
    CAUSEWAY_PROJECT and so on where they are not given; in a data folder of this machine the token is found by itself.
    ``cache`` is the folder of downloads (``~/.cache/causeway``), ``timeout`` the seconds that one answer may take.
    Raises UNAVAILABLE where no server is found. Nothing is sent before the first call.
    """
    given = {
        "url": url,
        "token": token,
        "project": project,
        "environment": environment,
        "data_dir": None if data_dir is None else os.fspath(data_dir),
        "key": key,
    }
    connection = discover(given, os.environ, pathlib.Path.cwd())
    folder = default_cache(os.environ) if cache is None else pathlib.Path(cache)
    return Client(connection, cache=folder, timeout=timeout)


class Client:
    """Made by ``causeway.connect()``; may be shared by threads. A ``with`` block closes it."""

    def __init__(self, connection: Connection, *, cache: pathlib.Path, timeout: float = 60.0) -> None:
        self.connection = connection
        #: Downloads by digest.
        self.cache = Cache(cache)
        self._transport = Transport(timeout)
        self._api = Api(connection, self._transport)
        self._keys = Keys(self._api)
        #: ``cw.data("customers")``, ``cw.data.import_file(...)``, ``cw.data.list()``.
        self.data = DataStage(self._api, self.cache)

    @property
    def url(self) -> str:
        """The first page."""
        return place(self.connection)

    def experiment(self, name: str) -> Experiment:
        """An experiment by its name or number. Raises NOT_FOUND."""
        return Experiment(self._api, self._api.get(api_path("experiments", "experiments", name)))

    def experiments(self, most: int | None = None) -> Listing[Experiment]:
        """Experiments by number."""
        found = self._api.items(api_path("experiments", "experiments"), most)
        return Listing(Experiment(self._api, facts) for facts in found)

    def run(
        self,
        experiment: str = "Default",
        *,
        name: str | None = None,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        data: Sequence[DatasetVersion] = (),
        capture: bool = False,
    ) -> Run:
        """Opens a run: ``with cw.run("churn") as run: run.log(auc=0.84)``. The experiment is made where there is none.

        ``data`` are the dataset versions that it reads: lineage leads from the run to them. ``capture`` also keeps the Git
        commit with what is not committed, the installed packages and the machine.
        """
        created = self._api.post(api_path("experiments", "experiments"), name=experiment)
        given: dict[str, Any] = {"experiment": created["name"]}
        if name is not None:
            given["name"] = name
        if tags is not None:
            given["tags"] = {key: str(value) for key, value in tags.items()}
        if data:
            given["record"] = {
                "data": [{"name": one.dataset, "dataset": one.dataset, "digest": one.id} for one in data]
            }
        run = Run(self._api, self._api.post(api_path("experiments", "runs"), **given))
        if params:
            run.log_params(params)
        if capture:
            run.capture()
        return run

    def get_run(self, id: str) -> Run:
        """A run by its id or by 6 digits or more of it. Raises NOT_FOUND."""
        return Run(self._api, self._api.get(api_path("experiments", "runs", id)))

    def model(self, name: str) -> Model:
        """A model by its name. Raises NOT_FOUND."""
        return Model(self._api, self._api.get(api_path("registry", "models", name)))

    def model_version(self, reference: str) -> ModelVersion:
        """A version by ``name@version`` or ``name@alias``. Raises NOT_FOUND."""
        name, at, version = reference.rpartition("@")
        if not at:
            raise CausewayError(
                "INVALID_FIELD",
                f"{reference} names no version",
                field="reference",
                value=reference,
                help=f"write {reference}@champion or {reference}@1",
            )
        return self.model(name).version(version)

    def models(self, most: int | None = None) -> Listing[Model]:
        """Models by name."""
        return Listing(Model(self._api, facts) for facts in self._api.items(api_path("registry", "models"), most))

    def deployment(self, name: str) -> Deployment:
        """A deployment of the client's environment by its name. Raises NOT_FOUND."""
        return Deployment(self._api, self._keys, self._api.get(api_path("deployments", "deployments", name)))

    def deployments(self, most: int | None = None) -> Listing[Deployment]:
        """Deployments of the client's environment, by name."""
        found = self._api.items(api_path("deployments", "deployments"), most)
        return Listing(Deployment(self._api, self._keys, facts) for facts in found)

    def deploy(
        self, name: str, serve: str, *, key: str | None = None, wait: bool = True, timeout: float = 600
    ) -> Deployment:
        """Serves ``model@version`` or ``model@alias`` under a name, new or there already, and waits until it answers.

        ``key`` is a column that names what a prediction is about, such as the customer: truth can be posted by it.
        Raises BAD_MODEL with the reason where it cannot be served, DEADLINE_EXCEEDED after ``timeout`` seconds.
        """
        facts = self._served(name, serve, key)
        deployment = Deployment(self._api, self._keys, facts)
        return deployment.wait_ready(timeout) if wait else deployment

    def _served(self, name: str, serve: str, key: str | None) -> dict[str, Any]:
        kept = {} if key is None else {"key": key}
        try:
            made: dict[str, Any] = self._api.post(api_path("deployments", "deployments"), name=name, serve=serve, **kept)
            return made
        except CausewayError as error:
            if error.code != "ALREADY_EXISTS":
                raise
        switched: dict[str, Any] = self._api.put(api_path("deployments", "deployments", name), serve=serve, **kept)
        return switched

    def close(self) -> None:
        """Ends the API keys that it made for its predictions and closes its connections; it can be used again."""
        self._keys.revoke()
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        scope = f"{self.connection.project or 'default'}/{self.connection.environment or 'dev'}"
        return f"Causeway at {self.connection.url}, {scope}"

    def _repr_html_(self) -> str:
        scope = f"{self.connection.project or 'default'}/{self.connection.environment or 'dev'}"
        pages = [(stage, Link(stage, place(self.connection, stage))) for stage in STAGES]
        return as_html(Summary("Causeway", Link(self.connection.url, self.url), [("scope", scope), *pages]))
