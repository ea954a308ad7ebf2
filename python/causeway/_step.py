"""What a step knows of itself: the facts of the JSON file that $CAUSEWAY_STEP names. Standard library only."""

from __future__ import annotations

import importlib
import json
import math
import os
import pathlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from typing import Any

# Starts a line of standard output that is meant for the platform; step-message.ts reads the same.
_MARK = "\x01causeway:"


class StepError(Exception):
    """A step asked for something that it does not have, or gave something that cannot be kept."""


class Step:
    """One attempt of one step: its params, its inputs as files, the places of its outputs."""

    def __init__(self, order: Mapping[str, Any], send: Callable[[dict[str, Any]], None] | None = None) -> None:
        self._order = order
        self._send = send or _send
        #: ``pipeline/number`` of the run.
        self.run: str = order["run"]
        self.name: str = order["step"]
        self.attempt: int = order["attempt"]
        #: The params, checked and completed.
        self.params: dict[str, Any] = dict(order["params"])
        #: Id of the experiment run that measurements land in.
        self.experiment_run: str = order["experimentRun"]
        #: Address of the server, or None.
        self.url: str | None = order["url"]

    @classmethod
    def current(cls) -> Step:
        """The step that this process runs."""
        path = os.environ.get("CAUSEWAY_STEP")
        if not path:
            raise StepError(
                "this script does not run as a step: CAUSEWAY_STEP is not set. "
                "Run it in a pipeline: npx --no causeway pipelines run <file>"
            )
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    @property
    def token(self) -> str:
        """The attempt's token for the server; it ends with the attempt."""
        return pathlib.Path(self._order["tokenFile"]).read_text(encoding="utf-8")

    def input(self, name: str) -> dict[str, Any]:
        """All that is known of an input: ``kind``, ``digest``, ``paths``, for a dataset ``dataset``."""
        inputs = self._order["inputs"]
        if name not in inputs:
            raise StepError(f"{self.name} has no input {name!r}; it has {_listed(inputs)}")
        found: dict[str, Any] = inputs[name]
        return found

    def path(self, name: str) -> pathlib.Path:
        """The file of an input, or its folder; for a dataset of several parts use ``paths``."""
        paths = self.paths(name)
        if len(paths) != 1:
            raise StepError(f"the input {name!r} has {len(paths)} files; use step.paths({name!r})")
        return paths[0]

    def paths(self, name: str) -> list[pathlib.Path]:
        """The files of an input: for a dataset its Parquet parts in order."""
        return [pathlib.Path(path) for path in self.input(name)["paths"]]

    def frame(self, name: str) -> Any:
        """A dataset or table as a data frame: of pandas where it is installed, else of polars."""
        paths = self.paths(name)
        readers = _readers()
        frames = [readers[_format_of(path)](path) for path in paths]
        return frames[0] if len(frames) == 1 else readers["concat"](frames)

    def log(self, step: int = 0, **metrics: float) -> None:
        """Adds metrics to the step's experiment run: ``step.log(auc=0.84)``; ``step`` counts from 0."""
        values: dict[str, float | str] = {}
        for name, value in metrics.items():
            number = float(value)
            values[name] = number if math.isfinite(number) else _word(number)
        self._send({"kind": "metrics", "metrics": values, "step": int(step)})

    def log_params(self, **params: Any) -> None:
        """Adds params to the step's experiment run; a param keeps its first value."""
        plain = {name: value if isinstance(value, (bool, int, float)) else str(value) for name, value in params.items()}
        self._send({"kind": "params", "params": plain})

    def summarize(self, text: object) -> None:
        """Says in one line what came out; shown beside the step."""
        self._send({"kind": "summary", "text": str(text)})

    def out(self, name: str) -> pathlib.Path:
        """Where an output is to be written: a file; for a dataset a folder, which this makes.

        A ``model`` or ``file`` may also become a folder: ``mlflow.sklearn.save_model(model, step.out("model"))``.
        """
        outputs = self._order["outputs"]
        if name not in outputs:
            raise StepError(f"{self.name} has no output {name!r}; it has {_listed(outputs)}")
        path = pathlib.Path(outputs[name])
        if self._order["ports"][name]["kind"] == "dataset":
            path.mkdir(parents=True, exist_ok=True)
        return path

    def save(self, name: str, value: Any) -> None:
        """Writes an output: bytes, an ONNX model, a data frame, a path of a file or folder, or a JSON value."""
        target = self.out(name)
        kind = self._order["ports"][name]["kind"]
        if kind == "report":
            target.write_text(json.dumps(value, default=_json_value), encoding="utf-8")
        elif isinstance(value, (bytes, bytearray, memoryview)):
            target.write_bytes(value)
        elif hasattr(value, "SerializeToString"):
            target.write_bytes(value.SerializeToString())
        elif hasattr(value, "columns"):
            _write_frame(value, target / "part-000000.parquet" if kind == "dataset" else target)
        elif isinstance(value, os.PathLike) and os.path.isdir(value):
            shutil.copytree(value, target)
        elif isinstance(value, os.PathLike):
            target.write_bytes(pathlib.Path(value).read_bytes())
        elif isinstance(value, str) and kind == "file":
            target.write_text(value, encoding="utf-8")
        elif isinstance(value, (dict, list)) and kind == "file":
            target.write_text(json.dumps(value, default=_json_value), encoding="utf-8")
        else:
            raise StepError(
                f"the output {name!r} is a {kind}, and a {type(value).__name__} is not written as one; "
                f"write the file yourself to step.out({name!r})"
            )


def _send(message: dict[str, Any]) -> None:
    # Straight to the descriptor: a script may have put something else in sys.stdout's place.
    line = (_MARK + json.dumps(message) + "\n").encode()
    while line:
        line = line[os.write(1, line) :]


def _readers() -> dict[str, Callable[..., Any]]:
    try:
        pandas = importlib.import_module("pandas")
        return {
            "parquet": pandas.read_parquet,
            "csv": pandas.read_csv,
            "jsonl": lambda path: pandas.read_json(path, lines=True),
            "concat": lambda frames: pandas.concat(frames, ignore_index=True),
        }
    except ImportError:
        pass
    try:
        polars = importlib.import_module("polars")
        return {
            "parquet": polars.read_parquet,
            "csv": polars.read_csv,
            "jsonl": polars.read_ndjson,
            "concat": polars.concat,
        }
    except ImportError:
        raise StepError(
            "step.frame needs pandas (with pyarrow) or polars; put one into the step's lock, "
            "or read the files of step.paths(...) yourself"
        ) from None


def _format_of(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return "parquet"
    return "jsonl" if start[:1] == b"{" else "csv"


def _write_frame(frame: Any, path: pathlib.Path) -> None:
    if hasattr(frame, "write_parquet"):
        frame.write_parquet(path)
    elif hasattr(frame, "to_parquet"):
        try:
            frame.to_parquet(path, index=False)
        except ImportError as error:
            raise StepError("writing a pandas frame needs pyarrow; put it into the step's lock") from error
    else:
        raise StepError(f"a {type(frame).__name__} cannot be written as Parquet")


def _json_value(value: Any) -> Any:
    # NumPy's numbers and arrays know how to become Python's.
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is not JSON")


def _word(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
