"""One loaded model: what it says of itself, and its answers."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from .answers import Answer, BadAnswer, describe_column, encode_column, read_answer
from .records import RefusedRows, build_inputs

_MOST_EXAMPLES = 20
_SCORES = "probabilities"


class ServedModel:
    """A model of a folder as MLflow's own server would load it, with the scores of its classes where it has them."""

    def __init__(self, folder: str):
        import mlflow.pyfunc

        started = time.perf_counter()
        self.folder = folder
        self.model = mlflow.pyfunc.load_model(folder)
        self.load_ms = (time.perf_counter() - started) * 1000
        self.schema = self.model.metadata.get_input_schema()
        self.classifier = _classifier_of(self.model)
        self.classes = None if self.classifier is None else _labels(self.classifier.classes_)

    def predict(self, header: Dict[str, Any], body: bytes) -> Tuple[str, List[Tuple[str, np.ndarray]]]:
        """The form of the answer and its columns; the scores of the classes come last."""
        rows = header["rows"]
        is_open = header.get("open", False)
        data = build_inputs(header["columns"], body, rows, self.schema, is_open)
        answer = self._answer(data, header.get("params"), rows)
        columns = list(answer.columns)
        if self.classifier is not None and not self._gives_scores(answer):
            columns.append((_SCORES, self._scores(data, rows)))
        return answer.form, columns

    def _answer(self, data: Any, params: Optional[Dict[str, Any]], rows: int) -> Answer:
        from mlflow.exceptions import MlflowException

        try:
            prediction = self.model.predict(data, params=params) if params else self.model.predict(data)
        except MlflowException as error:
            # Its own check of the rows against its schema, which is the caller's matter.
            if "schema" in str(error).lower() or error.error_code in ("BAD_REQUEST", "INVALID_PARAMETER_VALUE"):
                raise RefusedRows(error.message) from error
            raise
        return read_answer(prediction, rows)

    def _gives_scores(self, answer: Answer) -> bool:
        values = answer.columns[0][1]
        return len(answer.columns) == 1 and values.ndim == 2 and values.shape[1] == len(self.classes or [])

    def _scores(self, data: Any, rows: int) -> np.ndarray:
        scores = np.asarray(self.classifier.predict_proba(data))
        if scores.shape != (rows, len(self.classes or [])):
            raise BadAnswer(f"predict_proba gave the shape {scores.shape} for {rows} rows and {len(self.classes or [])} classes")
        return scores

    def describe(self) -> Dict[str, Any]:
        """What a gateway has to know before the first request: the outputs, from the model's answer to its own example."""
        examples, params = self.examples()
        outputs = None
        form = "unknown"
        problem = None
        if examples:
            try:
                header = self.header_of(examples, params)
                form, columns = self.predict(header, b"")
                outputs = [describe_column(name, values) for name, values in columns]
            except Exception as error:  # noqa: BLE001 whatever a model's code raises is told, not thrown
                problem = f"{type(error).__name__}: {error}"
        return {
            "outputs": outputs,
            "form": form,
            "labels": self.classes,
            "examples": examples,
            "exampleProblem": problem,
            "loadMs": self.load_ms,
            "memoryBytes": resident_bytes(),
        }

    def header_of(self, records: List[Dict[str, Any]], params: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        """Records as a request's header."""
        is_open = self.schema is None
        names = [] if is_open else _names(self.schema)
        columns = (
            [{"data": records}] if is_open else [{"data": [one.get(name) for one in records]} for name in names]
        )
        return {"rows": len(records), "columns": columns, "open": is_open, "params": params}

    def examples(self) -> Tuple[List[Dict[str, Any]], Optional[Dict[str, Any]]]:
        """The rows that the model was logged with, as records of its signature."""
        try:
            saved = self.model.metadata.load_input_example(self.folder)
            params = self.model.metadata.load_input_example_params(self.folder)
        except Exception:  # noqa: BLE001 an example that cannot be read is none
            return [], None
        return _records_of(saved, self.schema)[:_MOST_EXAMPLES], params


def encode(columns: List[Tuple[str, np.ndarray]]) -> Tuple[List[Dict[str, Any]], List[bytes]]:
    """Columns as the header and the body of a frame."""
    described, parts, at = [], [], 0
    for name, values in columns:
        description = describe_column(name, values)
        encoded = encode_column(values, description)
        if isinstance(encoded, bytes):
            described.append({**description, "at": at, "bytes": len(encoded)})
            parts.append(encoded)
            at += len(encoded)
        else:
            described.append({**description, "data": encoded})
    return described, parts


def resident_bytes() -> int:
    """Memory that this process holds."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            import resource

            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _classifier_of(model: Any) -> Any:
    """The estimator behind the model, where it tells classes and their scores."""
    try:
        raw = model.get_raw_model()
    except Exception:  # noqa: BLE001 a flavour without one is served by `predict` alone
        return None
    classes = getattr(raw, "classes_", None)
    if classes is None or not callable(getattr(raw, "predict_proba", None)):
        return None
    return raw if np.ndim(classes) == 1 and len(classes) > 1 else None


def _labels(classes: Any) -> List[str]:
    """Class labels as answers write them."""
    return [_label(one) for one in np.asarray(classes).tolist()]


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _names(schema: Any) -> List[str]:
    if schema.has_input_names():
        return list(schema.input_names())
    count = len(schema.inputs)
    return ["input"] if count == 1 else [f"input_{at}" for at in range(count)]


def _records_of(saved: Any, schema: Any) -> List[Dict[str, Any]]:
    kind = type(saved).__name__
    if kind == "DataFrame":
        names = [str(name) for name in saved.columns] if schema is None else _names(schema)
        columns = [_listed(saved.iloc[:, at] if schema is None or not schema.has_input_names() else saved[name])
                   for at, name in enumerate(names) if schema is None or name in saved or not schema.has_input_names()]
        return [dict(zip(names, row)) for row in zip(*columns)]
    if schema is None or not schema.is_tensor_spec():
        return [saved] if isinstance(saved, dict) else saved if _all_records(saved) else []
    if isinstance(saved, dict):
        names = list(saved)
        return [dict(zip(names, row)) for row in zip(*(np.asarray(saved[name]).tolist() for name in names))]
    if hasattr(saved, "toarray"):
        saved = saved.toarray()
    return [{"input": row} for row in np.asarray(saved).tolist()]


def _all_records(saved: Any) -> bool:
    return isinstance(saved, list) and all(isinstance(one, dict) for one in saved)


def _listed(series: Any) -> List[Any]:
    import base64

    def plain(value: Any) -> Any:
        if value is None or (isinstance(value, float) and np.isnan(value)):
            return None
        if hasattr(value, "isoformat"):
            return None if value != value else value.isoformat()
        if isinstance(value, (bytes, bytearray)):
            return base64.b64encode(bytes(value)).decode("ascii")
        return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value

    return [plain(value) for value in series.tolist()]
