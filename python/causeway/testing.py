"""Tries a step's script outside of the product.

    with causeway.testing.step(params={"trees": 10}, inputs={"rows": df}, outputs={"model": "model"}) as trial:
        trial.run("train.py")
        assert trial.metrics["auc"] > 0.7 and trial.out("model").exists()
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import causeway
from causeway._step import _MARK, Step, _json_value
from causeway.tables import is_frame, write_parquet

#: What an input or output of a step can be.
KINDS = ("dataset", "model", "table", "file", "report")


class Trial:
    """One try of a step, and what it said and left."""

    def __init__(self, folder: pathlib.Path, order: dict[str, Any]) -> None:
        self.folder = folder
        self._order = order
        #: Last value of each metric that was logged.
        self.metrics: dict[str, float] = {}
        #: Every metric that was logged, in order: name, value, step.
        self.history: list[tuple[str, float, int]] = []
        #: Params that were logged.
        self.params: dict[str, Any] = {}
        #: The last line that said what came out.
        self.summary: str | None = None
        #: What the script printed.
        self.printed = ""

    @property
    def step(self) -> Step:
        """The step as a script has it; a function that takes it can be called with this."""
        return Step(self._order, self._take)

    def run(self, script: str | os.PathLike[str], *arguments: str) -> Trial:
        """Runs a script in a process of its own, with this Python, as a worker would.

        Raises AssertionError with everything that it printed where it does not exit with 0.
        """
        order = self.folder / "step.json"
        order.write_text(json.dumps(self._order), encoding="utf-8")
        package = str(pathlib.Path(__file__).resolve().parent.parent)
        path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [sys.executable, os.fspath(script), *arguments],
            env={**os.environ, "CAUSEWAY_STEP": str(order), "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        for line in done.stdout.splitlines(keepends=True):
            # A mark may follow what the script printed without an end of line.
            printed, mark, message = line.partition(_MARK)
            self.printed += printed
            if mark:
                self._take(json.loads(message))
        if done.returncode != 0:
            raise AssertionError(f"{script} ended with {done.returncode}\n{self.printed}{done.stderr}")
        self.printed += done.stderr
        return self

    def out(self, name: str) -> pathlib.Path:
        """Where an output was to be written: a file or folder, for a dataset a folder of Parquet files."""
        return self.step.out(name)

    def read(self, name: str) -> Any:
        """An output as it is read back: a dataset or table as a data frame, a report as its JSON value, else bytes.

        A folder is its files' bytes by their paths.
        """
        from causeway.tables import read_frame

        kind, path = self._order["ports"][name]["kind"], self.out(name)
        if kind == "dataset":
            return read_frame(sorted(path.glob("*.parquet")), None, None)
        if kind == "table":
            return read_frame([path], None, None)
        if path.is_dir():
            return {file.relative_to(path).as_posix(): file.read_bytes() for file in _files_of(path)}
        return json.loads(path.read_text(encoding="utf-8")) if kind == "report" else path.read_bytes()

    def _take(self, message: dict[str, Any]) -> None:
        if message["kind"] == "metrics":
            for name, value in message["metrics"].items():
                self.metrics[name] = float(value)
                self.history.append((name, float(value), message["step"]))
        elif message["kind"] == "params":
            self.params.update(message["params"])
        elif message["kind"] == "summary":
            self.summary = message["text"]


@contextlib.contextmanager
def step(
    *,
    params: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, str] | None = None,
    name: str = "step",
) -> Iterator[Trial]:
    """A step to try: in the block ``from causeway import step`` works, and ``trial.run(script)`` runs one.

    An input is a data frame or Arrow table (a dataset), a path or a list of paths of files, bytes, or a JSON value.
    ``outputs`` gives the kind of each: ``dataset``, ``model``, ``table``, ``file`` or ``report``.
    """
    kinds = dict(outputs or {})
    wrong = [kind for kind in kinds.values() if kind not in KINDS]
    if wrong:
        raise ValueError(f"{wrong[0]} is no kind of output; there are {', '.join(KINDS)}")
    with tempfile.TemporaryDirectory(prefix="causeway-step-") as made:
        folder = pathlib.Path(made)
        for part in ("in", "out"):
            (folder / part).mkdir()
        (folder / "token").write_text("", encoding="utf-8")
        order = {
            "run": "trial/1",
            "step": name,
            "attempt": 1,
            "params": dict(params or {}),
            "inputs": {port: _input(folder / "in" / port, value) for port, value in (inputs or {}).items()},
            "outputs": {port: str(folder / "out" / port) for port in kinds},
            "ports": {port: {"kind": kind} for port, kind in kinds.items()},
            "url": None,
            "tokenFile": str(folder / "token"),
            "experimentRun": "0" * 32,
            "folder": str(folder),
            "work": {"kind": "python", "script": "trial", "lock": None},
            "bundle": str(folder),
        }
        trial = Trial(folder, order)
        before = vars(causeway).get("step")
        vars(causeway)["step"] = trial.step
        try:
            yield trial
        finally:
            vars(causeway).pop("step", None)
            if before is not None:
                vars(causeway)["step"] = before


def _files_of(path: pathlib.Path) -> list[pathlib.Path]:
    """A file itself, or the files of a folder in the order of their paths."""
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _input(target: pathlib.Path, value: Any) -> dict[str, Any]:
    kind, paths = "file", [target]
    if is_frame(value):
        kind, paths = "dataset", [target.with_suffix(".parquet")]
        write_parquet(value, paths[0])
    elif isinstance(value, (str, os.PathLike)):
        paths = [pathlib.Path(value)]
    elif isinstance(value, Sequence) and value and all(isinstance(one, os.PathLike) for one in value):
        kind, paths = "dataset", [pathlib.Path(one) for one in value]
    elif isinstance(value, (bytes, bytearray)):
        target.write_bytes(value)
    else:
        kind = "report"
        target.write_text(json.dumps(value, default=_json_value), encoding="utf-8")
    hashed = hashlib.sha256()
    for path in paths:
        for file in _files_of(path):
            hashed.update(file.read_bytes())
    files = [str(path.resolve()) for path in paths]
    return {"kind": kind, "digest": hashed.hexdigest(), "paths": files, "subject": f"/trial/{target.name}"}
