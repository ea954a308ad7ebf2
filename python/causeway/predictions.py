"""What a deployment answered."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from causeway.notebook import Link, Summary, as_html, as_text

_MOST_SHOWN = 10


@dataclass(frozen=True)
class Prediction:
    """One answer to one record."""

    #: A class label, an amount, or for models of several outputs a list of them.
    value: Any
    #: Scores by class, where the model has them.
    scores: dict[str, float] | None
    #: What truth is posted by and the log is searched by; None where the log could not be written.
    id: str | None
    model: str
    version: int


class Predictions(Sequence[Prediction]):
    """Answers in the order of the rows that were asked about. NumPy and scikit-learn take it for the array of its values."""

    def __init__(self, answers: Sequence[Prediction], index: Any, record_truth: Callable[..., Any], url: str) -> None:
        self._answers = list(answers)
        self._index = index
        self._record_truth = record_truth
        self._url = url

    @property
    def ids(self) -> list[str | None]:
        """An id for each row: truth is posted by it. None where the prediction log could not be written."""
        return [answer.id for answer in self._answers]

    @property
    def values(self) -> list[Any]:
        """A value for each row."""
        return [answer.value for answer in self._answers]

    @property
    def scores(self) -> list[dict[str, float] | None]:
        """Scores by class for each row; None where the model gives none."""
        return [answer.scores for answer in self._answers]

    @property
    def versions(self) -> list[int]:
        """The model version that answered each row: a switch may fall between two requests of a large table."""
        return [answer.version for answer in self._answers]

    def frame(self) -> Any:
        """A pandas DataFrame of shape (rows, 3 + classes): prediction, score_<class>, id, version.

        Its index is that of the data frame that was asked about, so that ``df.join(answers.frame())`` fits.
        """
        from causeway.tables import pandas

        module = pandas("frame()")
        classes = list(dict.fromkeys(name for answer in self._answers for name in answer.scores or ()))
        columns: dict[str, list[Any]] = {"prediction": self.values}
        for name in classes:
            columns[f"score_{name}"] = [(answer.scores or {}).get(name) for answer in self._answers]
        columns["id"] = self.ids
        columns["version"] = self.versions
        return module.DataFrame(columns, index=self._index)

    def series(self) -> Any:
        """The values as a pandas Series with the index of the data frame that was asked about."""
        from causeway.tables import pandas

        return pandas("series()").Series(self.values, index=self._index, name="prediction")

    def truth(self, values: Sequence[Any], *, at: Any = None) -> dict[str, int]:
        """Records what turned out to be true, a value for each row; see ``Deployment.truth``."""
        receipt: dict[str, int] = self._record_truth(values, ids=self.ids, at=at)
        return receipt

    def __len__(self) -> int:
        return len(self._answers)

    @overload
    def __getitem__(self, index: int) -> Prediction: ...
    @overload
    def __getitem__(self, index: slice) -> Predictions: ...
    def __getitem__(self, index: int | slice) -> Prediction | Predictions:
        if isinstance(index, slice):
            rows = None if self._index is None else self._index[index]
            return Predictions(self._answers[index], rows, self._record_truth, self._url)
        return self._answers[index]

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self._answers)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        numpy = importlib.import_module("numpy")
        return numpy.array(self.values, dtype=dtype)

    def _summary(self) -> Summary:
        classes = list(dict.fromkeys(name for answer in self._answers for name in answer.scores or ()))
        served = sorted({(answer.model, answer.version) for answer in self._answers})
        rows = [
            (at, answer.value, *((answer.scores or {}).get(name) for name in classes), answer.id)
            for at, answer in enumerate(self._answers[:_MOST_SHOWN])
        ]
        return Summary(
            "predictions",
            Link(f"{len(self)} rows", self._url),
            [("answered by", ", ".join(f"{model} {version}" for model, version in served))],
            ("row", "prediction", *(f"score {name}" for name in classes), "id"),
            rows,
        )

    def __repr__(self) -> str:
        return as_text(self._summary())

    def _repr_html_(self) -> str:
        return as_html(self._summary())
